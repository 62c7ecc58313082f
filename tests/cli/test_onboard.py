"""What is told of a first match: how much is linked by what, what stays open, and what to do."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dagster_project import cli
from dagster_project.errors import PublicationError
from dagster_project.publication import Publication

Publish = Callable[..., Publication]
MARTS = ("trading_accounts", "customer_360", "exceptions", "match_review_queue", "list_mismatches")


def account(number: int, status: str, tier: str | None = None, money: str | None = "10",
            **more: Any) -> dict[str, Any]:
    return {"account_key": f"erp/{number}", "source": "erp", "entity_id": "E",
            "match_status": status, "match_tier": tier, "reporting_currency": "EUR",
            "at_stake_reporting": money and Decimal(money)} | more


@pytest.fixture
def report(published: Publish, configuration_file: Path) -> Callable[..., list[str]]:
    """The lines of the report on these marts, blanks between words as one."""
    def lines(**marts: list[dict[str, Any]]) -> list[str]:
        published(**{mart: marts.get(mart, []) for mart in MARTS})
        done = CliRunner().invoke(cli.app, ["onboard", "-c", str(configuration_file)])
        assert done.exit_code == 0, done.exception
        return [re.sub(r"\s+", " ", line).strip() for line in done.output.splitlines()]

    return lines


def test_accounts_are_counted_by_how_they_are_linked_with_their_money(
        report: Callable[..., list[str]]) -> None:
    found = report(trading_accounts=[
        account(1, "linked", "cross_reference", "100.5"), account(2, "linked", "cross_reference"),
        account(3, "linked", "domain", None), account(4, "tie"), account(5, "unlinked", None, "0")])
    assert "3 of 5 accounts are linked, 60.0 %" in found
    assert [line for line in found if line.startswith(("linked:", "open:"))] == [
        "linked: one system stores the other's code 2 40 110.50 0",
        "linked: the same domain of their own 1 20 1",
        "open: several companies with the same claim 1 20 10.00 0",
        "open: nothing is like it 1 20 0.00 0"]


def test_what_is_found_stands_in_the_step_that_mends_it(report: Callable[..., list[str]]) -> None:
    kinds = ("duplicate_account", "duplicate_company", "vat_number_invalid", "match_tie",
             "promise_broken")
    found = report(
        exceptions=[{"exception_id": kind, "kind": kind, "source": "erp", "what": "this",
                     "amount_reporting": Decimal(5)} for kind in kinds],
        match_review_queue=[{"rank": n, "account_key": "erp/4", "company_key": f"crm/{n}",
                             "reason": "tie"} for n in (1, 2)],
        list_mismatches=[{"list_name": "uom", "list_value": "box", "erp_source": "erp", "uses": 7,
                          "blocked_orders": 2, "blocked_quotes": 1,
                          "blocked_net_reporting": Decimal("31.4")}])
    steps = [line for line in found if re.match(r"\d\. ", line)]
    assert [step.split()[1] for step in steps] == ["Back", "Front", "Cleanse", "Match", "Lists"]
    told = {kind: sum(found.index(step) < found.index(line) for step in steps)
            for kind in kinds for line in found if line.startswith(kind)}
    assert told == {"duplicate_account": 1, "duplicate_company": 2, "vat_number_invalid": 3,
                    "match_tie": 4}
    assert "tie 2 1" in found
    assert "uom erp 1 3 31.40 7" in found


def test_every_step_says_what_to_do_next(report: Callable[..., list[str]]) -> None:
    found = report()
    assert "0 of 0 accounts are linked" in found
    assert [line for line in found if line.startswith("Next:")] == [
        "Next: customer360 lists duplicate-accounts, then close or merge in the ERP",
        "Next: customer360 review duplicates, or merge in the CRM",
        "Next: correct at the source, then customer360 run; what was not accepted: "
        "customer360 quarantine",
        "Next: customer360 review",
        "Next: customer360 lists mismatches, then a line in list_map"]


def test_before_the_first_run_it_says_to_run(configuration_file: Path) -> None:
    done = CliRunner().invoke(cli.app, ["onboard", "-c", str(configuration_file)])
    assert isinstance(done.exception, PublicationError)
    assert "`customer360 run` makes the first" in str(done.exception)


def test_a_version_of_an_older_program_is_named(
        published: Publish, configuration_file: Path) -> None:
    version = published(trading_accounts=[])
    done = CliRunner().invoke(cli.app, ["onboard", "-c", str(configuration_file)])
    assert isinstance(done.exception, PublicationError)
    assert f"version {version.id} has not what is asked for" in str(done.exception)
