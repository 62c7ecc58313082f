"""What a steward sees and writes: pairs in order, decisions as lines of the file, nothing twice."""

import csv
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import hand_marts
import pytest
import yaml
from typer.testing import CliRunner

from dagster_project import cli
from dagster_project.decisions import Decision, DecisionFile
from dagster_project.errors import ConfigurationError
from dagster_project.settings import Configuration, load

HEADER = "account_source,account_id,company_source,company_id,decision,decided_by,decided_on,why"
TODAY = str(date.today())


class Desk:
    """A firm with a CRM, an ERP and a steward's file, and what was published of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "steward").mkdir()
        self.file = folder / "steward" / "match_decision.csv"
        self.file.write_text(f"{HEADER}\n")
        self.path = folder / "customer360.yaml"
        self.configure()

    def configure(self, files: str = "match_decision.csv", columns: dict[str, Any] | None = None,
                  load_date: dict[str, str] | None = None, where: str | None = None,
                  **connection: Any) -> Configuration:
        entity = {"entity_id": "E", "name": "E", "base_currency": "EUR",
                  "fiscal_year_start_month": 1}
        made = {"from": "match_decision", **({"columns": columns} if columns else {}),
                **({"where": where} if where else {})}
        self.path.write_text(yaml.safe_dump({
            "company": "Firm", "reporting_currency": "EUR", "as_of_date": date(2026, 6, 30),
            "sources": [
                {"name": "erp", "role": "erp", "settlement": "none", "connection": {"path": "."},
                 "tables": {"erp_entity": {"rows": [entity]}}},
                {"name": "crm", "role": "crm", "connection": {"path": "."},
                 "tables": {"crm_company": {"rows": [{"company_id": "1", "name": "One"}]}}},
                {"name": "steward", "role": "steward",
                 "connection": {"path": "steward"} | connection,
                 "load_date": load_date or {"constant": date(2026, 6, 30)},
                 "extracts": {"match_decision": {"files": files}},
                 "tables": {"match_decision": made}}]}))
        return load(self.path)

    def publish(self, **marts: list[dict[str, Any]]) -> None:
        hand_marts.publish(load(self.path).store, {"trading_accounts": []} | marts)

    def run(self, *words: str, typed: str = "") -> str:
        done = CliRunner().invoke(cli.app, ["review", "-c", str(self.path), *words], input=typed)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    def decisions(self) -> list[str]:
        """What stands in the file: left, right, decision."""
        with self.file.open(newline="") as rows:
            return [f"{row['account_source']}/{row['account_id']} {row['decision']} "
                    f"{row['company_source']}/{row['company_id']}" for row in csv.DictReader(rows)]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("CUSTOMER360_STEWARD", "Ann")
    return Desk(tmp_path)


def pair(rank: int, account: str, company: str, **more: Any) -> dict[str, Any]:
    return {"rank": rank, "account_key": f"erp/{account}", "company_key": f"crm/{company}",
            "reason": "tie", "match_tier": "vat_number", "match_score": Decimal("0.9000"),
            "evidence": "same VAT number V", "compared": "same name +9.0, another street -2.5",
            "suggested_action": "confirm one", "account_name": f"Account {account}",
            "company_name": f"Company {company}", "account_address_line1": "Road 1",
            "company_address_line1": "Lane [2]", "at_stake_reporting": Decimal("1234.5000"),
            "outstanding_reporting": Decimal(1000), "open_orders_reporting": None,
            "sales_12m_reporting": Decimal("234.5"), "reporting_currency": "EUR"} | more


QUEUE = [pair(1, "1", "1"), pair(2, "1", "2"), pair(3, "2", "3", reason="fuzzy")]


def test_a_decision_is_a_line_at_the_end_of_the_file(desk: Desk) -> None:
    said = desk.run("--confirm", "erp/1", "crm/1", "--why", "called, them")
    assert desk.file.read_text() == (
        f'{HEADER}\nerp,1,crm,1,confirm,Ann,{TODAY},"called, them"\n')
    assert "Commit it; the next `customer360 run` applies it" in " ".join(said.split())


@pytest.mark.parametrize(("words", "line"), [
    (["--reject", "erp/1", "crm/1"], "erp/1 reject crm/1"),
    (["--pin", "erp/1", "crm/1"], "erp/1 pin crm/1"),
    (["--split", "erp/1"], "erp/1 split */*"),
    (["--merge", "crm/1", "crm/2"], "crm/1 merge crm/2"),
    (["--apart", "crm/1", "crm/2"], "crm/1 split crm/2"),
])
def test_every_decision_can_be_given_whole(desk: Desk, words: list[str], line: str) -> None:
    desk.run(*words, "--why", "x", "--by", "Bob")
    assert desk.decisions() == [line]
    assert ",Bob," in desk.file.read_text()


def test_the_same_decision_is_not_written_twice_and_another_one_not_beside_it(desk: Desk) -> None:
    desk.run("--merge", "crm/1", "crm/2", "--why", "x")
    assert "has that decision already" in desk.run("--merge", "crm/1", "crm/2", "--why", "y")
    assert "has that decision already" in desk.run("--merge", "crm/2", "crm/1", "--why", "y")
    with pytest.raises(ConfigurationError, match=r"line 2: crm/1 and crm/2 have the decision merge "
                                                 r"by Ann; who decides anew changes that row"):
        desk.run("--apart", "crm/1", "crm/2", "--why", "z")
    assert desk.decisions() == ["crm/1 merge crm/2"]


@pytest.mark.parametrize(("words", "said"), [
    (["--confirm", "crm/1", "erp/1", "--why", "x"], "'crm/1' is no account"),
    (["--confirm", "erp/1", "erp/2", "--why", "x"], "'erp/2' is no company"),
    (["--merge", "crm/1", "crm/1", "--why", "x"], "on both sides"),
    (["--merge", "erp/1", "crm/1", "--why", "x"], "'erp/1' is no company"),
    (["--split", "17", "--why", "x"], "'17' is no account"),
    (["--split", "erp/1"], "--why is empty"),
    (["companies"], "choose pairs or duplicates"),
])
def test_what_cannot_be_meant_is_refused_and_nothing_written(
        desk: Desk, words: list[str], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        desk.run(*words)
    assert desk.decisions() == []


def test_pairs_are_shown_side_by_side_and_asked_in_their_order(desk: Desk) -> None:
    desk.publish(match_review_queue=QUEUE)
    said = desk.run(typed="c\ncalled them\ny\nr\nanother firm\n")
    shown = " ".join(said.split())
    assert "account erp/1 company crm/1 compared" in shown
    assert "street Road 1 Lane [2] another street -2.5" in shown
    assert "1,234.50 EUR (owes 1,000.00, open orders not known, sales of 12 months 234.50)" in shown
    assert "or crm/2 Company 2: same VAT number V" in shown
    assert "2 of 3" not in shown, "the other company of a confirmed account"
    assert desk.decisions() == ["erp/1 confirm crm/1", "erp/1 reject crm/2", "erp/2 reject crm/3"]
    assert desk.file.read_text().count("called them") == 2


def test_who_is_asked_once_where_nothing_says_it(
        desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUSTOMER360_STEWARD")
    desk.publish(match_review_queue=QUEUE)
    desk.run(typed="what?\nsplit\nCarol\nsold\nskip\n")
    assert desk.decisions() == ["erp/1 split */*"]
    assert desk.file.read_text().endswith(f"split,Carol,{TODAY},sold\n")


def test_who_leaves_keeps_what_was_decided(desk: Desk) -> None:
    desk.publish(match_review_queue=QUEUE)
    assert "Commit it" in desk.run(typed="r\nno\n")
    assert "Nothing was decided" in desk.run(typed="")
    assert desk.decisions() == ["erp/1 reject crm/1"]


def test_what_is_decided_waits_no_more_before_the_next_run(desk: Desk) -> None:
    desk.publish(match_review_queue=[
        *QUEUE, pair(4, "3", "4", linked_company_key="crm/5"), pair(5, "4", "6")])
    for words in (["--confirm", "erp/1", "crm/2"], ["--confirm", "erp/3", "crm/5"],
                  ["--split", "erp/4"]):
        desk.run(*words, "--why", "x")
    listed = desk.run("--list")
    # The first waits for a run; a claim beside a link that holds still asks.
    assert [word for word in listed.split() if word.startswith("erp/")] == ["erp/2", "erp/3"]


def test_companies_that_look_like_one_are_merged_or_kept_apart(desk: Desk) -> None:
    desk.publish(duplicate_companies=[
        {"company_key": f"crm/{n}", "company_name": f"Twin {n}", "suggested_survivor_key": "crm/1",
         "suggested_survivor_name": "One", "customer_id": "C", "accounts": 9 - n,
         "suggested_survivor_accounts": 3, "suggested_survivor_customer_id": "D",
         "evidence": "same VAT number"} for n in (2, 3, 4)])
    said = desk.run("duplicates", typed="m\ntyped twice\ns\nbranches\nn\n")
    assert "Twin 2" in said
    assert desk.decisions() == ["crm/2 merge crm/1", "crm/3 split crm/1"]
    assert "crm/4" in (again := desk.run("duplicates", "--list"))
    assert "crm/3" not in again


def test_the_company_beside_the_linked_one_can_be_merged_with_it(desk: Desk) -> None:
    desk.publish(
        match_review_queue=[
            pair(n, account, "typo", reason="conflict", linked_company_key="crm/1")
            for n, account in enumerate("12", 1)],
        trading_accounts=[{"account_key": f"erp/{n}", "company_name": "One", "evidence": "typed in"}
                          for n in "12"])
    said = " ".join(desk.run(typed="m\ntyped twice\nq\n").split())
    assert "linked to crm/1 One: typed in" in said
    assert desk.decisions() == ["crm/typo merge crm/1"]
    assert "Nothing waits" in desk.run("--list")


def test_who_confirms_another_company_than_the_linked_one_is_asked_to_reject_that(
        desk: Desk) -> None:
    desk.publish(match_review_queue=[pair(1, "1", "2", linked_company_key="crm/1")])
    assert "Reject crm/1 for this account too?" in desk.run(typed="pin\nmoved\ny\n")
    assert desk.decisions() == ["erp/1 pin crm/2", "erp/1 reject crm/1"]


def test_a_queue_that_is_empty_says_so(desk: Desk) -> None:
    desk.publish(match_review_queue=[])
    assert "Nothing waits" in desk.run()


# -- the file ----------------------------------------------------------------------------------


def decision(left: str = "erp/1", why: str = "x") -> Decision:
    return Decision(left, "crm/1", "confirm", "Jörg", date(2026, 7, 1), why)


@pytest.mark.parametrize(("before", "after", "connection"), [
    (f"{HEADER}\r\n", "erp,1,crm,1,confirm,Jörg,2026-07-01,x\r\n", {}),
    (f"{HEADER}\nerp,9,crm,9,pin,A,2026-01-01,", "\nerp,1,crm,1,confirm,Jörg,2026-07-01,x\n", {}),
    ('"' + HEADER.replace(",", '","') + '"\n',
     '"erp","1","crm","1","confirm","Jörg","2026-07-01","x"\n', {}),
    (f"{HEADER},ticket\n".replace(",", ";"), "erp;1;crm;1;confirm;Jörg;01.07.2026;x;\n",
     {"delimiter": ";", "encoding": "cp1252", "date_format": "%d.%m.%Y"}),
    (f"{HEADER}\n", "erp,1,crm,1,confirm,Jörg,2026-07-01,x\n", {"encoding": "utf-16"}),
    (f"exported\n{HEADER}\n", "erp,1,crm,1,confirm,Jörg,2026-07-01,x\n", {"skip": 1}),
])
def test_a_line_is_written_as_those_before_and_they_stay_byte_by_byte(
        desk: Desk, before: str, after: str, connection: dict[str, Any]) -> None:
    encoding = connection.get("encoding", "utf-8")
    desk.file.write_bytes(before.encode(encoding))
    desk.file.chmod(0o640)
    DecisionFile(desk.configure(**connection)).add([decision()])
    assert desk.file.read_bytes().decode(encoding) == before + after
    assert desk.file.read_bytes().startswith(before.encode(encoding))
    assert desk.file.stat().st_mode & 0o777 == 0o640


def test_a_file_that_is_not_there_yet_is_begun_in_the_words_of_its_mapping(desk: Desk) -> None:
    desk.file.unlink()
    columns = {name: name for name in HEADER.split(",")} | {
        "account_id": "Account", "decided_by": {"constant": "the desk"}}
    DecisionFile(desk.configure(columns=columns)).add([decision()])
    assert desk.file.read_text() == (
        "account_source,Account,company_source,company_id,decision,decided_on,why\n"
        "erp,1,crm,1,confirm,2026-07-01,x\n")


def test_of_dated_files_the_newest_is_written_to(desk: Desk) -> None:
    for day, account in (("2026-05-31", "7"), ("2026-06-30", "8")):
        (desk.folder / "steward" / f"match_decision_{day}.csv").write_text(
            f"{HEADER}\nerp,{account},crm,1,confirm,A,2026-01-01,\n")
    file = DecisionFile(desk.configure(
        files="match_decision_2*.csv", load_date={"file_name": r"_(\d{4}-\d{2}-\d{2})\."}))
    written = file.add([decision("erp/7"), decision("erp/8")])
    assert file.path.name == "match_decision_2026-06-30.csv"
    assert [one.is_new for one in written] == [True, False], "a full file says all that holds"


@pytest.mark.parametrize(("change", "said"), [
    ({"files": "match_decision_*.csv"}, "no file called match_decision_\\*.csv is there yet"),
    ({"columns": {"account_source": {"constant": "erp"}, "account_id": "account_id",
                  "company_source": "company_source", "company_id": "company_id",
                  "decision": "decision"}}, "account_source is an expression"),
    ({"format": "json"}, "a decision cannot be added to extract match_decision"),
    ({"where": "why is not null"}, "without join, filter or grouping"),
])
def test_what_is_no_file_to_write_to_is_refused_with_what_to_do(
        desk: Desk, change: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        DecisionFile(desk.configure(**change))


def test_a_file_that_somebody_delivers_is_not_changed(desk: Desk) -> None:
    desk.file.with_name(f"{desk.file.name}.manifest.json").write_text('{"rows": 0}')
    with pytest.raises(ConfigurationError, match="has a manifest"):
        DecisionFile(load(desk.path))


@pytest.mark.parametrize(("header", "connection", "said"), [
    (HEADER.replace("decided_by,", ""), {}, "its header has no decided_by"),
    (HEADER, {"encoding": "ascii"}, "has no 'ö'"),
])
def test_what_the_file_cannot_hold_is_refused_and_the_file_stays(
        desk: Desk, header: str, connection: dict[str, Any], said: str) -> None:
    desk.file.write_text(f"{header}\n")
    with pytest.raises(ConfigurationError, match=said):
        DecisionFile(desk.configure(**connection)).add([decision()])
    assert desk.file.read_text() == f"{header}\n"


@pytest.mark.parametrize(("before", "skip", "said"), [
    (f'{HEADER}\nerp,9,crm,9,pin,A,2026-01-01,"half', 0, "line 2: unexpected end of data"),
    ("", 1, "would not be read as a decision"),
    ("exported", 1, "would not be read as a decision"),
])
def test_a_line_that_would_not_be_read_as_a_decision_is_not_written(
        desk: Desk, before: str, skip: int, said: str) -> None:
    desk.file.write_text(before)
    with pytest.raises(ConfigurationError, match=said):
        DecisionFile(desk.configure(skip=skip)).add([decision()])
    assert desk.file.read_text() == before


def test_a_decider_of_blanks_is_nobody(desk: Desk) -> None:
    desk.run("--confirm", "erp/1", "crm/1", "--why", "x", "--by", "  ")
    assert ",confirm,Ann," in desk.file.read_text()


def test_two_who_decide_at_once_lose_nothing_and_write_nothing_twice(desk: Desk) -> None:
    def decide(add: Callable[[list[Decision]], Any]) -> None:
        for number in range(10):
            add([decision(f"erp/{number}")])

    shells = [threading.Thread(target=decide, args=[DecisionFile(load(desk.path)).add])
              for _ in range(3)]
    for shell in shells:
        shell.start()
    for shell in shells:
        shell.join()
    assert sorted(desk.decisions()) == [f"erp/{n} confirm crm/1" for n in range(10)]


def test_a_firm_without_a_steward_s_file_is_told_how_to_have_one(
        configuration: Configuration) -> None:
    with pytest.raises(ConfigurationError, match="no source feeds match_decision"):
        DecisionFile(configuration)
