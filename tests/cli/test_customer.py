"""The card of one customer: who is meant, what is shown, and what it says of nothing."""

import json
import re
import shlex
from datetime import date
from decimal import Decimal

import hand_marts
import pytest
from typer.testing import CliRunner

from dagster_project import card, cli, lookup, terminal
from dagster_project.errors import ConfigurationError, PublicationError

BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "unallocated_credit")
MARTS = {one.list.mart for one in card.HEADS} | {"customer_360", "trading_accounts"}


def customer(code, name, **more):
    amounts = {f"{bucket}_reporting": Decimal(0) for bucket in BUCKETS}
    return {"customer_id": f"C{code}", "customer_name": name, "customer_type": "customer",
            "is_linked": True, "has_receivables": True, "reporting_currency": "EUR",
            "is_on_hold": False, "oldest_days": 0, "open_opportunities": 0, "open_quotes": 0,
            "open_cases": 0, "contracts_in_force": 0, "unprocessed_orders": 0,
            "limit_state": "amount", "city": "Hull", "owner_name": "Ann Ox"} | amounts | more


def account(code, key, name="x"):
    return {"customer_id": f"C{code}", "account_key": f"erp/{key}", "account_code": key,
            "account_name": name}


ASH = customer("A", "Ash  Bréwery", outstanding_reporting=Decimal("1234.50"),
               d1_30_reporting=Decimal("1234.50"), former_customer_ids="COLD; COLDER",
               company_key="crm/K1")
NEIGHBOURS = [ASH, customer("B", "Birch", legal_name="Brewery of Birch plc"),
              customer("C", "Birch Mills")]


@pytest.fixture
def show(published, configuration, monkeypatch, capsys):
    """Publish these marts and print a card; gives its lines."""
    def shown(text="Ash", rows=(ASH,), *, columns=100, marts=(), **options):
        monkeypatch.setattr(terminal.out, "_width", columns)
        published(**{mart: [] for mart in MARTS} | {"customer_360": [*rows]} | dict(marts))
        lookup.customer(text, configuration.path, **options)
        return [line.rstrip() for line in capsys.readouterr().out.splitlines()]

    return shown


@pytest.fixture
def again(configuration, capsys):
    """Print another card of what `show` published; gives its lines."""
    def shown(text):
        capsys.readouterr()
        lookup.customer(text, configuration.path)
        return [line.rstrip() for line in capsys.readouterr().out.splitlines()]

    return shown


def value(lines, label):
    """What stands behind a label, up to the next one."""
    (found,) = [m[1] for line in lines
                if (m := re.search(rf"(?:^|  ){label}  +(.+?)(?:   |$)", line))]
    return found


def test_a_customer_is_found_by_key_by_whole_name_or_by_a_piece_of_one(show, again):
    """A whole name comes before names that hold it: who is called Birch could not be asked for."""
    meant = {"CA": "CA", "ca": "CA", "COLDER": "CA", "crm/K1": "CA", "erp/D1": "CA", "d1": "CA",
             "BREWERY OF": "CB", "ash brew": "CA", "  ash   bréwery ": "CA", "birch": "CB",
             "mills": "CC", "LEDGER NAME": "CC"}
    show("mills", NEIGHBOURS, marts={"trading_accounts": [
        account("A", "D1"), account("C", "D11", "The ledger name")]})
    assert {text: again(text)[0].split(" · ")[1] for text in meant} == meant


def test_of_a_key_only_the_whole_counts(show):
    with pytest.raises(ConfigurationError, match="no customer 'D'"):
        show("D", [customer("A", "Ash")], marts={"trading_accounts": [account("A", "D1", "Ash")]})


def test_several_are_listed_and_it_is_asked_which(show, configuration, capsys):
    with pytest.raises(ConfigurationError, match="'brewery' means 2 customers; say which, by its "
                                                 "id: CA, CB"):
        show("brewery", NEIGHBOURS)
    listed = [line.split() for line in capsys.readouterr().out.splitlines() if "Ann Ox" in line]
    assert listed == [["Ash", "Bréwery", "CA", "Hull", "Ann", "Ox"],
                      ["Birch", "CB", "Hull", "Ann", "Ox"]]
    assert ConfigurationError.exit_code == 2


def test_a_program_that_asks_for_several_is_given_no_table(show, capsys):
    with pytest.raises(ConfigurationError, match="means 2 customers"):
        show("brewery", NEIGHBOURS, output="json")
    assert capsys.readouterr().out == ""


def test_nobody_is_refused_with_the_closest_names(show):
    with pytest.raises(ConfigurationError, match=r"no customer 'birhc'.*closest are 'Birch', "):
        show("birhc", NEIGHBOURS)
    with pytest.raises(ConfigurationError, match=r"piece of a name$"):
        show("zzz", NEIGHBOURS)
    with pytest.raises(ConfigurationError, match="say which customer"):
        show("  ", NEIGHBOURS)


def test_the_heading_says_who_and_when_and_every_amount_its_currency(show):
    lines = show()
    assert lines[0] == "Ash  Bréwery · CA · as of 2026-06-30"
    assert value(lines, "outstanding") == "1,234.50 EUR"
    assert value(lines, "over 90").strip() == "0.00 EUR"
    amounts = [line for line in lines if re.search(r"\d\.\d\d\b", line)]
    assert amounts
    assert not [line for line in amounts if re.search(r"\d\.\d\d(?! EUR)\b", line)]


NOTHING = (
    ({"limit_state": None}, "limit", "no billed account"),
    ({"limit_state": "none"}, "limit", "none"),
    ({"limit_state": "unknown"}, "limit", "not known"),
    ({"limit_state": "cash_only", "credit_limit_reporting": Decimal(0)}, "limit", "cash only"),
    ({"credit_limit_reporting": None}, "limit", "a rate is missing"),
    ({"credit_limit_reporting": Decimal(5)}, "limit", "5.00 EUR"),
    ({"limit_state": "none"}, "headroom", "none"),
    ({"limit_state": "cash_only", "available_reporting": Decimal(-7)}, "headroom", "-7.00 EUR"),
    ({"has_receivables": False}, "overdue", "no source states payments"),
    ({"overdue_reporting": None}, "overdue", "a rate is missing"),
    ({"oldest_days": 0}, "oldest", "nothing is overdue"),
    ({"oldest_days": 24}, "oldest", "24 days"),
    ({}, "on hold", "no"),
    ({"is_on_hold": True}, "on hold", "yes"),
    ({"is_on_hold": True, "held_since": date(2026, 6, 16)}, "on hold", "since 2026-06-16"),
    ({"unpriced_orders": 2}, "without a price", "2"),
    ({}, "pay to release", "nothing to release"),
    ({"is_on_hold": True}, "pay to release", "see the holds below"),
    ({"owner_name": None}, "owner", "nobody"),
    ({"sales_growth": Decimal("0.125")}, "growth", "12.5 %"),
    ({"group_from": "own", "group_name": "Ash"}, "group", "its own"),
    ({"group_from": "crm_parent", "group_name": "Oak"}, "group", "Oak"),
    ({"unprocessed_orders": 3, "late_orders": 1}, "unprocessed", "3, 1 late"),
    ({"unprocessed_orders": 3, "late_orders": 0}, "unprocessed", "3"),
    ({"open_cases": 2, "overdue_cases": 1}, "cases", "2, 1 past due"),
    ({"open_quotes": 1}, "their net", "a rate is missing"),
    ({"last_campaign_name": "May"}, "last campaign", "May"),
    ({}, "last activity", "none"),
)


def test_nothing_is_shown_as_what_it_means(show, again):
    numbered = list(enumerate(NOTHING))
    show("C0", [customer(n, f"No. {n}", **row) for n, (row, *_) in numbered])
    assert [(row, label, value(again(f"C{n}"), label)) for n, (row, label, _) in numbered] == [
        *NOTHING]


MARKS = (
    ({}, "Who"),
    ({"is_forced": True}, "Forced:"), ({"is_live_balance": True}, "Live balance:"),
    ({"is_reconciled": False}, "Not reconciled:"), ({"is_rate_missing": True}, "A rate of"),
    ({"unknown_sales": 2}, "Sales without a rate or an amount: 2."),
    ({"deleted_on": date(2026, 5, 1)}, "Gone from every source since 2026-05-01."),
    ({"is_linked": False}, "No company of the CRM"))


def test_what_the_figures_are_to_be_read_with_is_said_in_words(show, again):
    show("C0", [customer(n, f"No. {n}", **row) for n, (row, _) in enumerate(MARKS)])
    for number, (_, mark) in enumerate(MARKS):
        assert again(f"C{number}")[1].startswith(mark)


def test_a_prospect_has_no_money_and_no_credit(show):
    titles = {block.title for block in card.BLOCKS}
    lines = show(rows=[ASH | {"customer_type": "prospect"}])
    assert [line for line in lines if line in titles] == ["Who", "Orders", "Front office", "Data"]
    assert [line for line in show() if line in titles] == [block.title for block in card.BLOCKS]


def bought(number, code="A"):
    return {"customer_id": f"C{code}", "customer_name": "Ash", "document_key": str(number),
            "document_no": f"D{number}", "document_date": date(2026, 1, number), "currency": "EUR"}


def test_a_list_shows_the_first_five_rows_and_says_how_to_see_the_others(show):
    lines = show(marts={"purchase_history": [*(bought(n) for n in range(1, 8)), bought(9, "B")]})
    start = lines.index("Last bought · EUR")
    assert [line.split()[1] for line in lines[start:] if line.startswith(" 2026")] == [
        "D7", "D6", "D5", "D4", "D3"]
    assert lines[-1].startswith("... and 2 more: customer360 lists purchases --customer CA "
                                "--config ")
    assert not [line for line in lines if "What needs a person" in line]


def test_the_command_that_is_named_shows_all_of_them(show, configuration):
    rows = [bought(n) for n in range(1, 8)]
    lines = show(marts={"purchase_history": rows})
    words = shlex.split(lines[-1].split("customer360 ", 1)[1])
    done = CliRunner().invoke(cli.app, [*words, "-f", "csv"])
    assert len(done.output.splitlines()) == 1 + len(rows)


def test_contracts_that_have_ended_are_not_on_the_card(show):
    def contract(key, state):
        return {"customer_id": "CA", "customer_name": "Ash", "contract_key": key,
                "contract_id": key, "state": state, "reporting_currency": "EUR"}

    lines = show(marts={"service_contracts": [
        contract("K1", "lapsed"), contract("K2", "in_cover")]})
    assert [line.split()[0] for line in lines if "K1" in line or "K2" in line] == ["K2"]


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_a_card_fits_the_screen_and_loses_no_figure(show, columns):
    long = ASH | {"customer_name": "Ash", "email": "a" * 60, "hold_reasons": "why " * 40,
                  "industry": "x" * 70, "outstanding_reporting": Decimal("12345678901.23")}
    lines = show(rows=[long], columns=columns, marts={"exceptions": [
        {"customer_id": "CA", "what": "w" * 200, "amount": Decimal("1234567.89")}]})
    assert max(map(len, lines)) <= columns
    assert "12,345,678,901.23 EUR" in "\n".join(lines)
    assert "1,234,567.89" in "\n".join(lines)
    assert "".join(lines).count("why") == 40


def test_no_text_of_a_customer_steers_the_terminal_or_is_markup(show):
    name = "Ash [red]\x1b[2J\x9b1m\x07[/]\nnext"
    text = "\n".join(show(rows=[ASH | {"customer_name": name, "legal_name": name,
                                       "hold_reasons": name, "former_customer_ids": name}]))
    assert text.count("Ash [red] [2J 1m [/] next") >= 3
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_program_gets_one_document_with_every_column_and_amounts_as_text(show):
    lines = show(output="json", marts={
        "purchase_history": [bought(n) | {"net_amount": Decimal("7.5")} for n in range(1, 8)]})
    document = json.loads("\n".join(lines))
    assert document["as_of_date"] == "2026-06-30"
    assert set(document["customer"]) == {c["name"] for c in hand_marts.models()["customer_360"]}
    assert document["customer"]["outstanding_reporting"] == "1234.5000"
    assert document["customer"]["credit_limit_reporting"] is None
    assert set(document["lists"]) == {one.name for one in card.HEADS}
    bought_lately = document["lists"]["purchases"]
    assert bought_lately["rows_in_all"] == 7
    assert [row["net"] for row in bought_lately["rows"]] == ["7.5000"] * 5
    assert document["lists"]["overdue"] == {"rows": [], "rows_in_all": 0}


def test_more_rows_are_shown_where_they_are_asked_for(published, configuration, capsys):
    published(**{mart: [] for mart in MARTS} | {
        "customer_360": [ASH], "purchase_history": [bought(n) for n in range(1, 8)]})
    for asked, shown in ((0, 7), (6, 6)):
        lookup.customer("Ash", configuration.path, rows=asked, output="json")
        found = json.loads(capsys.readouterr().out)["lists"]["purchases"]["rows"]
        assert len(found) == shown


def test_other_formats_are_refused(show):
    with pytest.raises(ConfigurationError, match="'csv': choose one of table, json"):
        show(output="csv")


def test_a_past_date_is_read_and_named(show, configuration, capsys):
    rows = {mart: [] for mart in MARTS} | {
        "customer_360": [ASH], "purchase_history": [bought(n) for n in range(1, 8)]}
    hand_marts.publish(configuration.store, rows, past=True)
    lookup.customer("Ash", configuration.path, as_of="2026-03-31")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("as of 2026-03-31")
    assert "--customer CA --as-of 2026-03-31 --config" in lines[-1]
    done = CliRunner().invoke(cli.app, [
        *shlex.split(lines[-1].split("customer360 ", 1)[1]), "-f", "csv"])
    assert len(done.output.splitlines()) == 1 + 7
    with pytest.raises(PublicationError, match="nothing was published for 2026-04-30"):
        lookup.customer("Ash", configuration.path, as_of="2026-04-30")
