"""The blocking checks of letters, work list and statements find what they are for.

Each is run over the marts of the cases, as they were built and with one figure of them wrong.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from case_company import Run
from case_marts import Built

from dagster_project import dbt_project

MARTS = {"collection_letters", "collections_worklist", "customer_statements", "crm_activity_feed"}
WRONG = {
    "assert_a_letter_is_its_lines_less_credits_with_interest_and_fee": (
        "update collection_letters set to_pay = to_pay + 0.01",
        "update collection_letters set fee = fee + 0.01 where level = 2",
        "update collection_letters set overdue = overdue + 0.01",
        "update collection_letter_lines set interest = interest + 0.01",
        "update collection_letters set documents = 2 where documents = 1",
        "delete from collection_letter_lines where line_no = 1",
        "delete from collection_letters where level = 1"),
    "assert_a_letter_asks_for_no_more_than_is_overdue": (
        "update collection_letter_lines set asked = asked + 0.01",
        "update collection_letter_lines set credited = asked + 0.01",
        "update ar_open_items set promised_date = as_of_date",
        "update ar_open_items set due_date = as_of_date",
        "delete from ar_open_items"),
    "assert_no_letter_level_is_sent_twice": (
        "update collection_letters set level = 1 where last_level = 1",
        "update collection_letters set level = 2 where last_level is null",
        "update collection_letters set level = 3 where last_level = 1"),
    "assert_statements_tie_out": (
        "update customer_statement_headers set credits = credits + 0.01",
        "update customer_statement_headers set closing_balance = closing_balance + 0.01",
        "update ar_ageing set outstanding = outstanding + 0.01",
        "update customer_statements set debit = debit + 0.01 where line_type = 'open_item'",
        "delete from customer_statements where line_type = 'closing'",
        "delete from customer_statement_headers where closing_balance <> 0"),
    "assert_every_overdue_account_is_on_the_worklist": (
        "delete from collections_worklist where rank = 1",
        "update collections_worklist set chaseable_reporting = chaseable_reporting - 0.01",
        "update collections_worklist set overdue_items = overdue_items + 1",
        "update ar_open_items set due_date = as_of_date where days_overdue = 1"),
}


@pytest.fixture(scope="module")
def marts(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    with built.again(Run(), MARTS) as con:
        yield con


def compiled_checks(built: Built) -> dict[str, str]:
    """The SQL of each check as dbt compiled it."""
    manifest: Path = dbt_project.target_folder(built.configuration.store) / "manifest.json"
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    return {node["name"]: node["compiled_code"] for node in nodes if node["name"] in WRONG}


@pytest.mark.parametrize("check", WRONG)
def test_a_check_finds_each_wrong_figure_and_nothing_in_what_was_built(
        check: str, built: Built, marts: duckdb.DuckDBPyConnection) -> None:
    checks = compiled_checks(built)
    assert marts.execute(checks[check]).fetchall() == []
    for wrong in WRONG[check]:
        marts.execute("begin")
        [changed] = marts.execute(wrong).fetchall()
        assert changed[0] > 0, wrong
        found = marts.execute(checks[check]).fetchall()
        marts.execute("rollback")
        assert found, wrong
