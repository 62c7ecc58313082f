"""The configuration file: what it may say, what is refused, what the environment adds."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from dagster_project import settings
from dagster_project.dialect import ISO, Dialect
from dagster_project.errors import ConfigurationError, closest

BASE = """\
company: Test
reporting_currency: EUR
sources:
  - name: crm
    role: crm
    connection: {type: files, path: in}
    extracts:
      companies: {files: "companies_*.csv"}
    tables:
      crm_company: {from: companies}
"""


def load(folder: Path, text: str = BASE) -> settings.Configuration:
    path = folder / "customer360.yaml"
    path.write_text(text, encoding="utf-8")
    return settings.load(path)


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as problem:
        load(folder, text)
    first, *lines = str(problem.value).splitlines()
    assert first.startswith(str(folder / "customer360.yaml"))
    return [line.strip() for line in lines] or [first.partition(": ")[2]]


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    configuration = load(tmp_path)
    assert (configuration.keep_publications, configuration.max_bad_rows_pct) == (5, Decimal(5))
    [source] = configuration.sources
    assert source.extracts["companies"].dialect(source.connection) == Dialect()
    assert configuration.store.root == tmp_path / "data"


def test_every_wrong_key_is_said_at_once_with_its_place_and_the_closest_name(
        tmp_path: Path) -> None:
    text = BASE.replace("reporting_currency: EUR", "reporting_currency: Euro\ncompnay: Test") \
               .replace("type: files,", "typ: files, delimiter: ab,") \
               .replace("{from: companies}", "{form: companies}") \
               .replace('files: "', 'mod: full, files: "')
    assert refused(tmp_path, text) == [
        "reporting_currency: String should match pattern '^[A-Z]{3}$'",
        "sources[crm].connection.delimiter: String should have at most 1 character",
        "sources[crm].connection.typ: unknown key (closest match: 'type')",
        "sources[crm].extracts.companies.mod: unknown key (closest match: 'mode')",
        "sources[crm].tables.crm_company[1].form: unknown key (closest match: 'from')",
        "compnay: unknown key (closest match: 'company')"]


def test_a_key_written_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"yaml, line 11: not readable as YAML: "
                                                 r"the key 'company' is written twice"):
        load(tmp_path, BASE + "company: Again\n")


def test_words_of_old_yaml_are_text(tmp_path: Path) -> None:
    """`on` is a join's key and NO a country: in YAML 1.1 both are booleans, and 007 is 7."""
    configuration = load(tmp_path, BASE.replace("{from: companies}", """
        from: companies
        join: [{to: companies, as: parent, on: parent.id = companies.parent}]
        columns:
          company_id: {constant: 007}
          country_code: {constant: NO}
          name: {constant: 0x1F}
          phone: {constant: 12:30}
          employees: {constant: 12}
          annual_revenue: {constant: 1.10}
          status: {constant: true}
"""))
    [mapped] = configuration.sources[0].tables["crm_company"]
    assert mapped.join[0].on == "parent.id = companies.parent"
    constants = {k: v.constant for k, v in (mapped.columns or {}).items()
                 if isinstance(v, settings.Constant)}
    assert constants == {"company_id": "007", "country_code": "NO", "name": "0x1F",
                         "phone": "12:30", "employees": 12, "annual_revenue": Decimal("1.10"),
                         "status": True}


def test_variables_come_from_the_environment_and_never_into_the_fingerprint(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = BASE.replace("path: in", 'path: "${FOLDER}/x${SUB}"')
    monkeypatch.setenv("FOLDER", "/a")
    monkeypatch.setenv("SUB", "1")
    first = load(tmp_path, text)
    assert first.sources[0].connection.path == "/a/x1"
    monkeypatch.setenv("SUB", "2")
    assert load(tmp_path, text).fingerprint == first.fingerprint


def test_every_variable_that_is_not_set_is_named_with_its_place(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOLDER", raising=False)
    text = BASE.replace("path: in", 'path: "${FOLDER}"').replace("Test", "${FIRM}")
    assert refused(tmp_path, text) == ["company: ${FIRM}", "sources[0].connection.path: ${FOLDER}"]


@pytest.mark.parametrize(("change", "problem"), [
    (("name: crm", "name: Crm/1"), "sources[Crm/1].name: String should match pattern"),
    (("role: crm", "role: shop"), "sources[crm].role: Input should be 'crm', 'erp' or 'steward'"),
    (("path: in", "path: in, encoding: utf-9"),
     "sources[crm].connection.encoding: no encoding is called 'utf-9'"),
    (("path: in", "path: in, time_zone: Mars/Base"),
     "sources[crm].connection.time_zone: no time zone is called 'Mars/Base'"),
    (("path: in", 'path: in, decimal: ",", thousands: ","'),
     "sources[crm].connection: decimal and thousands are both ','"),
    (("role: crm", "role: crm\n    settlement: none"),
     "sources[crm]: settlement and sales_from belong to an erp source"),
    (("role: crm", "role: crm\n    tied_to: [atlas]"),
     "configuration: crm: tied_to names 'atlas', which is no erp source (there are: )"),
    (("role: crm", "role: crm\n    load_date: {constant: 2026-01-01, column: x}"),
     "sources[crm].load_date: load_date takes exactly one of file_name, constant, column"),
    (("role: crm", "role: crm\n    load_date: {file_name: abc}"),
     "sources[crm].load_date: file_name 'abc' needs one group around the date"),
    (('files: "companies_*.csv"', "files: x, mode: incremental"),
     "sources[crm].extracts.companies: an incremental extract needs a key"),
    (("{from: companies}", "{from: companies, rows: []}"),
     "sources[crm].tables.crm_company[1]: a mapped input takes either `from` or inline `rows`"),
    (("{from: companies}", "{rows: [], where: x}"),
     "sources[crm].tables.crm_company[1]: inline `rows` take no columns, joins or filters"),
])
def test_what_cannot_be_meant_is_refused(
        tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    [line] = refused(tmp_path, BASE.replace(*change))
    assert line.startswith(problem)


def test_what_is_bought_together_often_enough_can_be_said(tmp_path: Path) -> None:
    assert load(tmp_path).cross_sell == settings.CrossSell(
        minimum_support=Decimal("0.002"), minimum_confidence=Decimal("0.1"), per_customer=5)
    stated = load(tmp_path, BASE + "cross_sell: {minimum_support: 0.01, per_customer: 3}\n")
    assert (stated.cross_sell.minimum_support, stated.cross_sell.per_customer) == (
        Decimal("0.01"), 3)
    assert refused(
        tmp_path, BASE + "cross_sell: {minimum_support: 0, minimum_confidence: 2}\n") == [
        "cross_sell.minimum_support: Input should be greater than 0",
        "cross_sell.minimum_confidence: Input should be less than or equal to 1"]


def test_every_term_counts_towards_the_cost_to_serve_unless_some_are_named(tmp_path: Path) -> None:
    assert load(tmp_path).profitability == settings.Profitability(cost_to_serve=(
        "contract_service_cost", "other_service_cost", "discounts_taken", "write_offs"))
    stated = load(tmp_path, BASE + "profitability: {cost_to_serve: [write_offs]}\n")
    assert stated.profitability.cost_to_serve == ("write_offs",)
    [problem] = refused(tmp_path, BASE + "profitability: {cost_to_serve: [freight]}\n")
    assert problem.startswith("profitability.cost_to_serve")


def test_collections_net_credits_and_call_nobody_unless_asked_to(tmp_path: Path) -> None:
    assert load(tmp_path).collections == settings.Collections(net_credits=True, call_from=None)
    stated = load(tmp_path, BASE + "collections: {net_credits: false, call_from: 2500.50}\n")
    assert stated.collections.call_from == Decimal("2500.50")
    assert not stated.collections.net_credits
    assert refused(tmp_path, BASE + "collections: {call_from: -1, net_credit: true}\n") == [
        "collections.call_from: Input should be greater than or equal to 0",
        "collections.net_credit: unknown key (closest match: 'net_credits')"]


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    second = BASE.partition("sources:\n")[2]
    assert refused(tmp_path, BASE + second) == ["configuration: source names used twice: crm"]


def test_an_erp_without_allocations_or_open_amounts_must_say_how_it_settles(
        tmp_path: Path) -> None:
    text = BASE.replace("role: crm", "role: erp").replace("crm_company", "erp_account")
    with pytest.raises(ConfigurationError, match=r"nothing says what is paid.*settlement: none"):
        load(tmp_path, text)
    assert load(tmp_path, text.replace("role: erp", "role: erp\n    settlement: none"))


@pytest.mark.parametrize(("tables", "settlement"), [
    ("erp_ar_allocation: {from: companies}", "allocations"),
    ("erp_ar_document: {from: companies, columns: {open_amount: Rest}}", "live_balance")])
def test_how_an_erp_settles_follows_from_what_is_mapped(
        tmp_path: Path, tables: str, settlement: str) -> None:
    text = BASE.replace("role: crm", "role: erp").replace("crm_company: {from: companies}", tables)
    assert load(tmp_path, text).sources[0].effective_settlement == settlement


def test_an_extract_overrides_the_dialect_of_its_source(tmp_path: Path) -> None:
    text = BASE.replace("path: in", 'path: in, delimiter: ";", decimal: ","') \
               .replace('files: "companies_*.csv"', 'files: a, delimiter: "|", encoding: cp1252')
    [source] = load(tmp_path, text).sources
    assert source.extracts["companies"].dialect(source.connection) == Dialect(
        delimiter="|", decimal=",", encoding="cp1252")


def test_parquet_has_types_of_its_own(tmp_path: Path) -> None:
    text = BASE.replace("path: in", 'path: in, format: parquet, decimal: ",", null_values: [x]')
    [source] = load(tmp_path, text).sources
    dialect = source.extracts["companies"].dialect(source.connection)
    assert (dialect.format, dialect.decimal, dialect.null_values) == ("parquet", ".", ("x",))
    assert set(ISO.timestamp_format) < set(dialect.timestamp_format)


@pytest.mark.parametrize(("stated", "problem"), [
    ("sheet: Data", "extract companies: sheet belongs to format excel, this is csv"),
    ("format: parquet, skip: 1", "skip belongs to format csv or excel or fixed, this is parquet"),
    ("format: fixed", r"format fixed needs fields: \{name: \[first, last\]\}"),
    ("format: fixed, fields: {Id: [4, 3]}", r"Id: a field takes \[first, last\] character"),
    ('decimal: ".", thousands: "."', "decimal and thousands are both '.'"),
    ('format: excel, date_format: "%Y-%d-%m"', "reads 2025-11-12, the text of a date in a sheet"),
    ("encoding: base64", "no encoding is called 'base64'"),
])
def test_keys_of_another_format_and_conventions_that_do_not_fit_are_refused(
        tmp_path: Path, stated: str, problem: str) -> None:
    text = BASE.replace('files: "companies_*.csv"', f"files: a, {stated}")
    with pytest.raises(ConfigurationError, match=problem):
        load(tmp_path, text)


def test_an_extract_of_another_format_leaves_out_what_only_its_source_has(tmp_path: Path) -> None:
    text = BASE.replace("path: in", "path: in, skip: 2") \
               .replace('files: "companies_*.csv"', "files: a, format: json, explode: lines")
    [source] = load(tmp_path, text).sources
    assert source.extracts["companies"].dialect(source.connection) == Dialect(
        format="json", explode="lines")


@pytest.mark.parametrize(("text", "problem"), [
    (None, "there is no such configuration file"), ("a: [", "not readable as YAML"),
    ("- 1", "a configuration is a mapping of keys to values")])
def test_a_file_that_is_no_configuration_is_refused(
        tmp_path: Path, text: str | None, problem: str) -> None:
    path = tmp_path / "customer360.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ConfigurationError, match=problem):
        settings.load(path)


def test_the_file_to_use_is_the_one_given_else_the_environments_else_the_demos(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.CONFIG_VARIABLE, "/named.yaml")
    assert settings.configuration_path(Path("/given.yaml")) == Path("/given.yaml")
    assert settings.configuration_path(None) == Path("/named.yaml")
    monkeypatch.delenv(settings.CONFIG_VARIABLE)
    assert settings.configuration_path(None) == settings.DEMO_CONFIGURATION


@pytest.mark.parametrize(("name", "candidates", "found"), [
    ("InvDate", ["InvoiceDate", "DueDate"], "InvoiceDate"), ("name", ["Name", "Nome"], "Name"),
    ("Name", ["CustomerName"], "CustomerName"), ("x", ["abc"], None), ("Number", ["Name"], None)])
def test_the_closest_name_is_one_a_person_would_think_of(
        name: str, candidates: list[str], found: str | None) -> None:
    assert closest(name, candidates) == (f" (closest match: {found!r})" if found else "")


def test_what_is_still_to_do_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "customer360.yaml"
    path.write_text("""
company: Test
reporting_currency: XXX
sources:
  - name: ledger
    role: erp
    settlement: none
    connection: {path: .}
    tables:
      erp_entity:
        rows: [{entity_id: E1, name: {todo: what is the company called?}, base_currency: EUR}]
      erp_account:
        from: customers
        columns: {account_id: No, name: {todo: which column has the name?}}
""", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        settings.load(path)
    said = str(refused.value)
    assert "3 entries are still to do" in said
    assert "reporting_currency: XXX stands for no currency" in said
    assert "sources[ledger].tables.erp_entity.rows.name: what is the company called?" in said
    assert "sources[ledger].tables.erp_account.columns.name: which column has the name?" in said
    assert len(settings.load(path, unfinished=True).todos) == 3


def test_every_example_of_an_extract_in_the_documentation_is_readable(tmp_path: Path) -> None:
    text = (settings.PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", text.partition("## Formats")[2], re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        lines = "".join(f"      {line}\n" for line in example.splitlines())
        [source] = load(tmp_path, BASE.replace("    tables:\n", f"{lines}    tables:\n")).sources
        formats = [e.dialect(source.connection).format for e in source.extracts.values()]
        assert set(formats[1:]) <= {"json", "excel", "fixed"}
        assert formats[1:]


def test_stages_are_weighted_as_stated_once_each(tmp_path: Path) -> None:
    assert load(tmp_path).pipeline.stage_probability_pct == {}
    pipeline = BASE + "pipeline: {stage_probability_pct: {Offer: "
    stated = load(tmp_path, pipeline + "62.5, Idea: 0}}\n")
    assert stated.pipeline.stage_probability_pct == {"Offer": Decimal("62.5"), "Idea": Decimal(0)}
    [twice] = refused(tmp_path, pipeline + "1, ' offer': 2}}\n")
    assert twice.endswith("stages stated twice: offer")
    [beyond] = refused(tmp_path, pipeline + "101}}\n")
    assert "less than or equal to 100" in beyond


def test_answers_to_campaigns_count_for_ninety_days_unless_stated(tmp_path: Path) -> None:
    assert load(tmp_path).marketing.attribution_days == 90
    assert load(tmp_path, BASE + "marketing: {attribution_days: 0}\n").marketing == \
        settings.Marketing(attribution_days=0)


def test_a_contract_ends_soon_from_sixty_days_on_unless_stated(tmp_path: Path) -> None:
    assert load(tmp_path).service.ending_soon_days == 60
    assert load(tmp_path, BASE + "service: {ending_soon_days: 0}\n").service.ending_soon_days == 0
    assert refused(tmp_path, BASE + "service: {ending_soon_days: -1, ending_days: 3}\n") == [
        "service.ending_soon_days: Input should be greater than or equal to 0",
        "service.ending_days: unknown key (closest match: 'ending_soon_days')"]
