"""`gl_difference` decides whether a difference from the general ledger warns or blocks."""

import re
from pathlib import Path

import duckdb
import pytest

TESTS = Path(__file__).parents[2] / "dbt" / "tests" / "receivables"
WARNS = "assert_subledger_agrees_with_the_general_ledger"
BLOCKS = "assert_subledger_agrees_where_the_configuration_asks_for_it"


def found(test: str, policy: str, status: str) -> int:
    """How many control accounts the test finds, of one that has this status."""
    text = (TESTS / f"{test}.sql").read_text(encoding="utf-8")
    sql = re.sub(r"\{\{ config\(.*?\) \}\}", "", text)
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", sql)
    with duckdb.connect() as con:
        con.execute(
            "create table ar_reconciliation as select 'x/E' as entity_key, '1400' as "
            "control_account, 'EUR' as currency, case when $status = 'differs' then 0.01 else 0 "
            "end as difference, 0.00 as difference_base, $status as status", {"status": status})
        con.execute("create table stg_run_context as select $policy as gl_difference",
                    {"policy": policy})
        return len(con.execute(sql).fetchall())


@pytest.mark.parametrize(("policy", "status", "warnings", "failures"), [
    ("warn", "differs", 1, 0),
    ("block", "differs", 1, 1),
    ("warn", "agrees", 0, 0),
    ("block", "agrees", 0, 0),
    ("block", "not delivered", 0, 0),
])
def test_a_cent_warns_and_blocks_where_the_policy_says_so(
        policy: str, status: str, warnings: int, failures: int) -> None:
    """That a cent makes the status `differs`, and none does not, int_reconciliation's unit tests
    say."""
    assert (found(WARNS, policy, status), found(BLOCKS, policy, status)) == (warnings, failures)


def test_only_the_test_for_every_ledger_is_a_warning() -> None:
    severity = {name: "severity='warn'" in (TESTS / f"{name}.sql").read_text(encoding="utf-8")
                for name in (WARNS, BLOCKS)}
    assert severity == {WARNS: True, BLOCKS: False}
