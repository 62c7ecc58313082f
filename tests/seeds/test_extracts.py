"""What the truth says was planted stands in the extracts."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from stdnum import get_cc_module

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
ENCODINGS = {"borealis": "cp1252"}

Rows = list[dict[str, str]]
Read = Callable[..., Rows]

COUNTRIES = {
    "Austria": "at", "Belgium": "be", "Denmark": "dk", "France": "fr", "Germany": "de",
    "Netherlands": "nl", "Norway": "no", "Spain": "es", "Sweden": "se", "United Kingdom": "gb",
}  # fmt: skip


def vat_holds(number: str, country: str) -> bool:
    bare = re.sub(r"[ .\-]", "", number)
    return bool(get_cc_module(country, "vat").is_valid(bare))


def account_of(source: str, row: dict[str, str]) -> str:
    return row["No"] if source == "atlas" else f"{row['Company']}-{row['CustomerNo']}"


@pytest.fixture(scope="module")
def accounts(extract: Read) -> dict[tuple[str, str], dict[str, str]]:
    rows = {}
    for source in ("atlas", "borealis"):
        for row in extract(f"{source}/customers"):
            rows[source, account_of(source, row)] = row
    return rows


def test_a_vat_number_that_links_has_right_check_digits_on_both_sides(
    extract: Read, truth: Read, accounts: dict[tuple[str, str], dict[str, str]]
) -> None:
    companies = {row["AccountRef"]: row for row in extract("crm/companies")}
    linked = [row for row in truth("accounts") if row["evidence"] == "VAT"]
    assert len(linked) > 40
    for row in linked:
        company = companies[row["company_id"]]
        account = accounts[row["source"], row["account_id"]]
        number = account.get("VatRegistrationNo") or account["VatNo"]
        for written in (number, company["TaxNumber"]):
            assert vat_holds(written, COUNTRIES[company["Country"]]), written


def test_some_vat_numbers_are_mistyped_and_some_written_loosely(extract: Read) -> None:
    typed = [
        (row["TaxNumber"], COUNTRIES[row["Country"]])
        for row in extract("crm/companies")
        if row["TaxNumber"] and row["Country"] in COUNTRIES
    ]
    wrong = [number for number, country in typed if not vat_holds(number, country)]
    loose = [number for number, _ in typed if re.search(r"[ .\-]", number)]
    assert 3 <= len(wrong) <= 30
    assert 30 <= len(loose) <= 120


def test_every_bad_row_stands_where_the_truth_says(
    truth: Read, lines: Callable[[str], list[str]]
) -> None:
    bad = truth("bad_rows")
    assert 20 <= len(bad) <= 40
    for row in bad:
        assert row["key"] in lines(row["file"])[int(row["line"]) - 1], row


def test_malformed_bytes_stand_in_exactly_two_files() -> None:
    undecodable = []
    for path in sorted(SEEDS.glob("*/*.csv")):
        try:
            path.read_bytes().decode(ENCODINGS.get(path.parent.name, "utf-8"))
        except UnicodeDecodeError:
            undecodable.append(path.parent.name)
    assert undecodable == ["borealis", "crm"]


def test_every_account_of_the_truth_is_in_its_ledger(
    truth: Read, accounts: dict[tuple[str, str], dict[str, str]]
) -> None:
    deleted = [
        (row["source"], row["record"])
        for row in truth("situations")
        if row["situation"] == "deleted in the newer extract"
    ]
    known = {(row["source"], row["account_id"]) for row in truth("accounts")}
    assert len(deleted) == 1
    assert known - set(accounts) == set(deleted)


def test_evidence_of_every_tier_is_there_and_strangers_too(truth: Read) -> None:
    found = Counter(row["evidence"].split(",")[0] for row in truth("accounts"))
    for evidence in (
        "reference", "VAT", "registration", "domain", "phone and name", "postcode and name",
        "fuzzy name", "not in the CRM", "tie by VAT number", "tie by reference",
    ):  # fmt: skip
        assert found[evidence] > 0, evidence
    assert found["not in the CRM"] == 11


def test_every_credit_situation_is_planted(extract: Read, truth: Read) -> None:
    credit = truth("credit")
    held = [row for row in credit if row["held"] == "Yes"]
    assert 15 <= len({row["company_id"] or row["account_id"] for row in held}) <= 40
    reasons = {reason for row in held for reason in row["reasons"].split(";")}
    assert reasons == {
        "manual", "over_limit", "days_overdue", "amount_overdue", "limit_expired", "status_blocked",
    }  # fmt: skip
    limited = {row["CustomerNo"] for row in extract("atlas/credit_cards")}
    unknown = [r for r in credit if r["source"] == "atlas" and r["plan"] == "no profile"]
    assert unknown
    assert limited.isdisjoint(row["account_id"] for row in unknown)


def test_every_state_of_an_order_is_there(extract: Read) -> None:
    atlas = {row["Status"] for row in extract("atlas/sales_orders")} - {"Parked"}
    borealis = {row["State"] for row in extract("borealis/orders")}
    assert atlas == {
        "Open", "On Hold", "Released", "Partly Shipped", "Shipped", "Invoiced", "Closed",
        "Cancelled",
    }  # fmt: skip
    assert borealis == {"00", "05", "10", "20", "30", "40", "50", "90"}


def test_a_later_invoice_delivery_changes_what_an_earlier_one_said(extract: Read) -> None:
    first, second = (
        {row["InvoiceNo"]: row for row in extract("borealis/invoices", day)}
        for day in ("2026-05-31", "2026-06-30")
    )
    changed = {
        (first[number]["State"], second[number]["State"]) for number in first.keys() & second.keys()
    }
    assert ("Draft", "Posted") in changed
    assert ("Posted", "Cancelled") in changed


def test_no_mail_or_web_address_can_exist(extract: Read) -> None:
    domains = set()
    for stem, columns in (
        ("crm/companies", ("Email", "Web")),
        ("crm/contacts", ("Mail",)),
        ("crm/users", ("Mail",)),
        ("atlas/customers", ("Email", "HomePage")),
        ("borealis/customers", ("Mail", "Internet")),
    ):
        for row in extract(stem):
            domains |= {row[c].rsplit(".", 1)[-1] for c in columns if row[c]}
    assert domains == {"example"}
