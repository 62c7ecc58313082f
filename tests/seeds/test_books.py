"""The books of both ledgers balance: documents less what was settled away = the general ledger.

Recomputed here from the raw files alone, in base currency and in the currency of each document.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

import pytest

Rows = list[dict[str, str]]
Read = Callable[..., Rows]
Sums = dict[tuple[str, str, str], tuple[Decimal, Decimal]]

# The invoice of an unknown customer stands in the general ledger, and cannot stand on an account.
KNOWN_DIFFERENCE = {("A1", "1400", "EUR"): (Decimal("1190.00"), Decimal("1190.00"))}
AS_OF = "2026-06-30"


def summed(postings: Iterator[tuple[tuple[str, str, str], Decimal, Decimal]]) -> Sums:
    sums: Sums = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for key, amount, base in postings:
        before = sums[key]
        sums[key] = (before[0] + amount, before[1] + base)
    return sums


def differences(ledger: Sums, balances: Sums) -> Sums:
    found = {}
    for key in ledger.keys() | balances.keys():
        said, kept = balances.get(key, (Decimal(0),) * 2), ledger.get(key, (Decimal(0),) * 2)
        if said != kept:
            found[key] = (said[0] - kept[0], said[1] - kept[1])
    return found


def test_atlas_differs_by_the_invoice_of_an_unknown_customer_only(extract: Read) -> None:
    control = {row["No"]: row["ReceivablesAccount"] for row in extract("atlas/customers")}
    entries = {row["EntryNo"]: row for row in extract("atlas/ledger_entries")}

    def postings() -> Iterator[tuple[tuple[str, str, str], Decimal, Decimal]]:
        for row in entries.values():
            exists = row["PostingDate"] <= AS_OF and row["CustomerNo"] in control
            voided = row["Reversed"] == "Yes" and row["ReversedOn"] <= AS_OF
            if exists and not voided and not row["EntryNo"].startswith("9900"):
                key = ("A1", control[row["CustomerNo"]], row["CurrencyCode"] or "EUR")
                yield key, Decimal(row["Amount"]), Decimal(row["AmountLcy"])
        for row in extract("atlas/detailed_entries"):
            moves = row["EntryType"] in ("Payment Discount", "Realized Loss", "Realized Gain")
            if moves and row["PostingDate"] <= AS_OF:
                key = ("A1", control[row["CustomerNo"]], row["CurrencyCode"] or "EUR")
                yield key, Decimal(row["Amount"]), Decimal(row["AmountLcy"])

    balances = summed(
        (("A1", r["AccountNo"], r["CurrencyCode"]), Decimal(r["Balance"]), Decimal(r["BalanceLcy"]))
        for r in extract("atlas/gl_balances")
        if r["PerDate"] == AS_OF
    )
    assert differences(summed(postings()), balances) == KNOWN_DIFFERENCE


def number(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".") or 0)


def iso(day: str) -> str:
    return "-".join(reversed(day.split("."))) if day else ""


@pytest.fixture(scope="module")
def borealis_documents(extract: Read) -> dict[str, tuple[tuple[str, str, str], Decimal, Decimal]]:
    """Number of each posted document to its control account, signed amount and base amount."""
    control = {
        (row["Company"], row["CustomerNo"]): row["ControlAcc"]
        for day in ("2026-05-31", "2026-06-30")
        for row in extract("borealis/customers", day)
    }
    invoices = {
        row["InvoiceNo"]: row
        for day in ("2026-05-31", "2026-06-30")
        for row in extract("borealis/invoices", day)
    }
    posted = [
        (row["InvoiceNo"], row, 1, "GrossAmount", "GrossBase")
        for row in invoices.values()
        if row["State"] == "Posted"
    ]
    posted += [
        (row["CreditNo"], row, -1, "GrossAmount", "GrossBase")
        for row in extract("borealis/credit_notes")
    ]
    posted += [
        (row["ReceiptNo"], row, -1, "Amount", "AmountBase") for row in extract("borealis/receipts")
    ]
    posted += [
        (row["JournalNo"], row, 1 if row["Side"] == "D" else -1, "Amount", "AmountBase")
        for row in extract("borealis/journals")
    ]
    found = {}
    for no, row, sign, amount, base in posted:
        if "99000" in no or (row["Company"], row["CustomerNo"]) not in control:
            continue
        key = (row["Company"], control[row["Company"], row["CustomerNo"]], row["Currency"])
        found[no] = (key, sign * number(row[amount]), sign * number(row[base]))
    return found


def test_borealis_agrees_with_its_general_ledger(
    extract: Read, borealis_documents: dict[str, tuple[tuple[str, str, str], Decimal, Decimal]]
) -> None:
    def postings() -> Iterator[tuple[tuple[str, str, str], Decimal, Decimal]]:
        yield from borealis_documents.values()
        for row in extract("borealis/allocations"):
            discount = number(row["Discount"])
            if discount and not row["ReversedOn"]:
                yield borealis_documents[row["DebitNo"]][0], -discount, -discount

    balances = summed(
        (
            (r["Company"], r["Account"], r["Currency"]),
            number(r["Balance"]),
            number(r["BalanceBase"]),
        )
        for r in extract("borealis/control_balances")
        if iso(r["PerDate"]) == AS_OF
    )
    assert differences(summed(postings()), balances) == {}


def test_no_debit_of_borealis_is_settled_beyond_its_amount(
    extract: Read, borealis_documents: dict[str, tuple[tuple[str, str, str], Decimal, Decimal]]
) -> None:
    settled: dict[str, Decimal] = defaultdict(Decimal)
    for row in extract("borealis/allocations"):
        try:
            amount, credited = number(row["Amount"]), number(row["CreditAmount"])
        except InvalidOperation:
            continue
        if not row["ReversedOn"]:
            settled[row["DebitNo"]] += amount
            settled[row["CreditNo"]] += credited
    over = {no for no, amount in settled.items() if amount > abs(borealis_documents[no][1])}
    assert over == set()
