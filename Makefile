# Everything runs from .venv/, installed from the hashed locks; nothing else is touched.
VENV := .venv
PY   := $(VENV)/bin/python
UV   := $(VENV)/bin/uv
DEMO := seeds/customer360.yaml
WHAT := whole

.DEFAULT_GOAL := help
.PHONY: help run ui test lint docs bench match-weights match-measure demo-data lock clean

help:  ## Show the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/uv: requirements-uv.lock
	@test -x $(PY) || python3 -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.run-ready: $(VENV)/bin/uv requirements.lock pyproject.toml
	@echo "installing the locked packages into $(VENV)/ ..."
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready requirements-dev.lock
	@echo "installing what tests and lint need ..."
	@$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/.run-ready  ## Build the demo company's mart and show the head of its four lists.
	@$(VENV)/bin/customer360 run --config $(DEMO)

ui: $(VENV)/.run-ready  ## Open Dagster's UI for the demo on http://127.0.0.1:3000.
	@$(VENV)/bin/customer360 ui --config $(DEMO)

test: $(VENV)/.dev-ready  ## Install what tests need and run them all.
	@$(PY) -m pytest -n 2 --dist loadgroup

lint: $(VENV)/.dev-ready  ## Ruff, mypy, sqlfluff.
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy
	@mkdir -p data/lint/build
	@CUSTOMER360_DATA=$(CURDIR)/data/lint $(VENV)/bin/sqlfluff lint dbt/models dbt/tests --processes 2 --disable-progress-bar

docs: $(VENV)/.run-ready  ## Write the data dictionary, and dbt's documentation as one page: data/docs/static_index.html.
	@$(PY) -m dagster_project.dictionary
	@mkdir -p data/build
	@CUSTOMER360_DATA=$(CURDIR)/data $(VENV)/bin/dbt --quiet docs generate --static --project-dir dbt --profiles-dir dbt \
	    --target-path $(CURDIR)/data/docs --log-path $(CURDIR)/data/docs \
	    $(if $(wildcard data/build/private.duckdb),,--empty-catalog)
	@echo "docs/data-dictionary.md and data/docs/static_index.html"

bench: $(VENV)/.run-ready  ## Measure the pipeline beside plain SQL; SCALE=10 for ten times the rows, WHAT=ageing for receivables.
	@PYTHONPATH=$(CURDIR)/tests $(PY) -m bench --part $(WHAT) $(if $(SCALE),--scale $(SCALE))

match-weights: $(VENV)/.run-ready  ## Count the weights of scored pairs anew, on labelled firms that are made up.
	@PYTHONPATH=$(CURDIR)/tests $(PY) -m matching fit

match-measure: $(VENV)/.run-ready  ## Precision and recall of each tier on other labelled firms; draws the picture of a scored pair.
	@PYTHONPATH=$(CURDIR)/tests $(PY) -m matching measure
	@PYTHONPATH=$(CURDIR)/tests $(PY) -m matching picture

demo-data: $(VENV)/.run-ready  ## Generate the demo company's extracts anew (the same to the byte).
	@$(PY) seeds/generate.py

clean:  ## Remove the demo's data folder and caches; .venv stays.
	@rm -rf data dbt/target dbt/logs .pytest_cache .mypy_cache .ruff_cache .hypothesis

lock:  ## Compile the locks anew from pyproject.toml (DuckDB stays on 1.5.x, click below 8.5: sqlfluff 4 asks for it).
	@printf 'duckdb<2\nclick<8.5\n' > $(VENV)/constraints.txt
	@$(UV) pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-strip-extras \
	    --no-header -c $(VENV)/constraints.txt --extra build pyproject.toml -o requirements.lock
	@$(UV) pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-strip-extras \
	    --no-header -c requirements.lock --extra build --extra dev pyproject.toml -o requirements-dev.lock
	@echo "uv" | $(UV) pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header - -o requirements-uv.lock
