"""The shipped weights and dbt's rules hold what docs/matching.md promises, on firms not fitted."""

from math import log2
from pathlib import Path

import duckdb
import pytest

from dagster_project import identity
from dagster_project.identity import scoring
from dagster_project.store import Store

from . import extracts, fitting, judging
from .records import Records


@pytest.fixture(scope="module")
def drawn() -> Records:
    """Some hundred firms of another seed than the weights are of, without stored references."""
    made = extracts.draw(seed=7, firms=900)
    for company in made.companies:
        company["erp_account_ref"] = None
    return made


def test_links_are_right_and_nearly_every_true_pair_is_linked_or_asked_about(
        tmp_path: Path, drawn: Records) -> None:
    store = Store(tmp_path)
    pairs = identity.write_pairs(store, fitting.features(store, drawn))
    with duckdb.connect() as con:
        verdict = judging.judge(con, pairs, drawn.firm_of)
    assert set(verdict.linked) == {"number", "domain", "phone_name", "postcode_name", "score"}
    assert verdict.precision >= 0.999
    assert verdict.recall >= 0.95
    assert verdict.asked < verdict.accounts / 2


def test_the_same_seed_draws_the_same_firms_and_another_draws_others() -> None:
    assert extracts.draw(3, 50) == extracts.draw(3, 50) != extracts.draw(4, 50)


def test_what_agrees_speaks_for_a_pair_and_what_differs_against_it() -> None:
    for field, levels in scoring.weights()["levels"].items():
        for label, (m, u) in levels.items():
            word, _, ground = label.partition("|")
            weight = log2(m / u)
            assert weight > 0 if word != "different" else weight < 0 or ground == "elsewhere", (
                field, label)


def test_the_weights_are_of_a_seed_that_nothing_else_is_measured_on() -> None:
    from .__main__ import SEEDS

    assert fitting.SEED not in SEEDS
