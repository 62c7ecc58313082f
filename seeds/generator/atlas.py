"""Ledger 1: a modern export in the Business Central manner.

Comma, UTF-8, ISO dates, one signed ledger-entries file, its applications as detailed entries.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from . import facts, lists
from .facts import Row, renamed
from .files import Extract, extract
from .ledger import Ledger
from .mishaps import Mishaps
from .model import ZERO, Allocation, Document, Item, cents

_DAY = "2026-07-02"
_TYPES = {
    "invoice": "Invoice", "credit_note": "Credit Memo", "receipt": "Payment", "refund": "Refund",
    "finance_charge": "Finance Charge Memo", "journal": None, "write_off": None,
    "opening_balance": None, "payment_return": None,
}  # fmt: skip
_SOURCES = {
    "invoice": "SALES", "credit_note": "SALES", "receipt": "PAYMENTJNL", "refund": "PAYMENTJNL",
    "finance_charge": "FINCHRG", "journal": "GENJNL", "write_off": "WRITEOFF",
    "opening_balance": "OPENING", "payment_return": "BANKRETURN",
}  # fmt: skip
_STATUS = {
    "draft": "Open", "on_hold": "On Hold", "released": "Released", "shipped": "Shipped",
    "part_shipped": "Partly Shipped", "invoiced": "Invoiced", "closed": "Closed",
    "cancelled": "Cancelled",
}  # fmt: skip
_BLOCKED = {
    "active": None, "blocked_all": "All", "blocked_ship": "Ship", "blocked_invoice": "Invoice",
}  # fmt: skip
_BASIS = {"document_date": "D", "end_of_month": "CM"}
_FULFILMENT = {"stock": "Item", "drop_ship": "Drop Shipment", "service": "Resource"}


def _file(name: str, rows: Iterator[Row], totals: tuple[str, ...] | None = None) -> Extract:
    stem, _, ending = name.partition(".")
    return extract(f"atlas/{stem}_{_DAY}.{ending}", rows, totals=totals)


def extracts(
    ledger: Ledger,
    mishaps: Mishaps,
    stock: dict[str, int],
    items: list[Item],
    costs: Iterator[Row],
    seed: int,
) -> list[Extract]:
    posted = [d for d in ledger.documents if d.status != "draft"]
    return [
        *_master(ledger, items),
        _file("ledger_entries.csv.gz", _entries(posted), totals=("AmountLcy",)),
        _file("detailed_entries.csv.gz", _detailed(ledger.allocations), totals=("AmountLcy",)),
        _file("unposted_invoices.csv", _unposted(ledger)),
        _file("sales_lines.csv.gz", _lines(ledger)),
        _file("installments.csv", _instalments(ledger)),
        *_orders(ledger),
        *_small(ledger, mishaps),
        _file("job_costs.csv", renamed(costs, {
            "CostNo": "id", "ContractNo": "contract", "CustomerNo": "account", "PostingDate": "on",
            "Type": "kind", "Hours": "hours", "CostLcy": "amount",
        })),
        _file("bin_contents.csv", _bins(stock, Random(f"{seed}:bins"))),
    ]  # fmt: skip


def _master(ledger: Ledger, items: list[Item]) -> Iterator[Extract]:
    accounts = (facts.account(a, "EUR") for a in ledger.accounts)
    yield _file("customers.csv", renamed(accounts, {
        "No": "code", "Name": "name", "LegalName": "legal_name", "Address": "line1",
        "Address2": "line2", "City": "city", "PostCode": "postcode", "CountryCode": "country",
        "PhoneNo": "phone", "Email": "email", "HomePage": "website", "VatRegistrationNo": "vat",
        "RegistrationNo": "registration", "BillToCustomerNo": "bill_to", "ParentNo": "parent",
        "PaymentTermsCode": "terms", "CurrencyCode": "currency", "PriceGroup": "price_list",
        "VatPostingGroup": "tax_code", "SalespersonCode": "salesperson",
        "ShipmentMethodCode": "shipping", "TerritoryCode": "territory",
        "CustomerGroup": "group", "ReceivablesAccount": "control",
        "Blocked": ("status", _BLOCKED), "OpenedOn": "opened",
    }))  # fmt: skip
    yield _file("credit_cards.csv", renamed(map(facts.profile, ledger.profiles), {
        "CustomerNo": "account", "ValidFrom": "valid_from", "ValidTo": "valid_to",
        "CreditLimit": "limit", "LimitCurrency": "currency", "InsuredAmount": "insured",
        "InsuredUntil": "insured_until", "OnHold": "on_hold", "HoldReason": "hold_reason",
        "HoldBy": "hold_by", "HoldUntil": "hold_until", "Rating": "rating",
        "LastReview": "last_review", "NextReview": "next_review", "NoCreditCheck": "bypass",
    }))  # fmt: skip
    yield _file("payment_terms.csv", renamed(lists.terms("atlas"), {
        "Code": "code", "Description": "label", "Days": "days", "From": ("basis", _BASIS),
        "DiscountPct": "discount_pct", "DiscountDays": "discount_days",
    }))  # fmt: skip
    yield _file("items.csv", renamed(map(lists.item, items), {
        "No": "code", "Description": "name", "Category": "group", "BaseUnit": "uom",
        "Service": "is_service", "Active": "is_active", "UnitPrice": "price", "UnitCost": "cost",
    }))  # fmt: skip
    yield _file("prices.csv", renamed(lists.prices(items, "atlas", ("EUR", "GBP", "USD")), {
        "PriceGroup": "list", "ItemNo": "item", "CurrencyCode": "currency", "UnitPrice": "price",
    }))  # fmt: skip
    yield _file("codes.csv", renamed(lists.list_values("atlas"), {
        "Table": "list", "Code": "code", "Description": "label", "Active": "active",
    }))  # fmt: skip
    yield _file("vat_rates.csv", renamed(lists.taxes(["A1"]), {
        "Code": "code", "Percent": "percent",
    }))  # fmt: skip
    yield _file("exchange_rates.csv", _rates(ledger))


def _entries(documents: list[Document]) -> Iterator[Row]:
    rows = (
        facts.document(d) | {"type": _TYPES[d.kind], "source": _SOURCES[d.kind]} for d in documents
    )
    return renamed(rows, {
        "EntryNo": "id", "DocumentType": "type", "DocumentNo": "no", "CustomerNo": "account",
        "SellToCustomerNo": "ordering", "PostingDate": "posted_on", "DocumentDate": "on",
        "DueDate": "due", "CurrencyCode": ("currency", {"EUR": None}), "CurrencyFactor": "rate",
        "Amount": "signed_amount", "AmountLcy": "signed_base", "RemainingAmount": "signed_open",
        "NetAmount": "signed_net", "VatAmount": "signed_tax", "FreightAmount": "freight",
        "OrderNo": "order", "ExternalDocumentNo": "reference", "SalespersonCode": "salesperson",
        "CampaignNo": "campaign", "ContractNo": "contract", "SourceCode": "source",
        "Reversed": "is_void", "ReversedOn": "voided_on",
    })  # fmt: skip


def _detailed(allocations: list[Allocation]) -> Iterator[Row]:
    """Each application is two entries, and one more for a discount or an exchange difference."""
    number = 700_000
    for place, found in enumerate(allocations):
        parts = list(_parts(found))
        first, undo_first = number + 1, number + 1 + len(parts)
        for offset, (owner, kind, amount, lcy) in enumerate(parts):
            undone = found.reversed_on is not None
            yield _detail(
                first + offset, place, found, owner, kind, found.on, amount, lcy, undone,
                undo_first + offset if undone else None,
            )  # fmt: skip
        number += len(parts)
        if found.reversed_on is not None:
            for offset, (owner, kind, amount, lcy) in enumerate(parts):
                yield _detail(
                    undo_first + offset, place, found, owner, kind, found.reversed_on,
                    -amount, -lcy, True, None,
                )  # fmt: skip
            number += len(parts)


def _parts(found: Allocation) -> Iterator[tuple[Document, str, Decimal, Decimal]]:
    discount_base = cents(found.discount * found.credit.rate)
    paid_base = found.base - discount_base
    yield found.debit, "Application", -found.credit_amount, -paid_base
    yield found.credit, "Application", found.credit_amount, paid_base
    if found.discount:
        yield found.debit, "Payment Discount", -found.discount, -discount_base
    if found.fx_difference:
        kind = "Realized Loss" if found.fx_difference > 0 else "Realized Gain"
        yield found.debit, kind, ZERO, -found.fx_difference


def _detail(
    number: int,
    transaction: int,
    found: Allocation,
    owner: Document,
    kind: str,
    on: date,
    amount: Decimal,
    lcy: Decimal,
    undone: bool,
    undone_by: int | None,
) -> Row:
    return {
        "EntryNo": number,
        "CustLedgerEntryNo": owner.id,
        "EntryType": kind,
        "PostingDate": on,
        "CustomerNo": owner.account.code,
        "CurrencyCode": None if owner.currency == "EUR" else owner.currency,
        "CurrencyFactor": found.credit.rate,
        "Amount": amount,
        "AmountLcy": lcy,
        "AppliedEntryNo": found.credit.id,
        "TransactionNo": 50_000 + transaction,
        "Unapplied": undone,
        "UnappliedByEntryNo": undone_by,
    }


def _unposted(ledger: Ledger) -> Iterator[Row]:
    drafts = (facts.document(d) for d in ledger.documents if d.status == "draft")
    return renamed(drafts, {
        "No": "no", "CustomerNo": "account", "SellToCustomerNo": "ordering", "DocumentDate": "on",
        "DueDate": "due", "CurrencyCode": ("currency", {"EUR": None}), "CurrencyFactor": "rate",
        "NetAmount": "net", "VatAmount": "tax", "FreightAmount": "freight",
        "AmountInclVat": "amount", "AmountLcy": "base", "OrderNo": "order",
    })  # fmt: skip


def _lines(ledger: Ledger) -> Iterator[Row]:
    return renamed(facts.document_lines(ledger.documents), {
        "DocumentNo": "document", "LineNo": "no", "ItemNo": "item", "Description": "text",
        "Quantity": "quantity", "UnitPrice": "price", "LineDiscountPct": "discount_pct",
        "Amount": "net", "AmountLcy": "base_net", "VatAmount": "tax", "VatCode": "tax_code",
        "CostLcy": "cost", "OrderLineNo": "order_line", "ShipmentLineNo": "shipment_line",
    })  # fmt: skip


def _instalments(ledger: Ledger) -> Iterator[Row]:
    rows = (facts.instalment(d, part) for d in ledger.documents for part in d.instalments)
    return renamed(rows, {
        "DocumentNo": "document", "Part": "no", "DueDate": "due", "Amount": "amount",
        "AmountLcy": "base",
    })  # fmt: skip


def _orders(ledger: Ledger) -> Iterator[Extract]:
    yield _file("sales_orders.csv.gz", renamed(map(facts.order, ledger.orders), {
        "No": "id", "SellToCustomerNo": "account", "BillToCustomerNo": "bill_to",
        "OrderDate": "on", "RequestedDate": "requested", "PromisedDate": "promised",
        "Status": ("status", _STATUS), "HoldReason": "hold_reason",
        "CurrencyCode": ("currency", {"EUR": None}), "CurrencyFactor": "rate", "Amount": "net",
        "VatAmount": "tax", "Freight": "freight", "AmountInclVat": "total",
        "PrepaymentAmount": "prepaid", "CancelledOn": "cancelled_on",
        "SalespersonCode": "salesperson", "ShipmentMethodCode": "shipping",
        "ExternalDocumentNo": "po", "QuoteRef": "quote", "Origin": "origin",
    }))  # fmt: skip
    yield _file("sales_order_lines.csv.gz", renamed(facts.order_lines(ledger.orders), {
        "LineId": "id", "OrderNo": "order", "LineNo": "no",
        "Type": ("fulfilment", _FULFILMENT), "ItemNo": "item", "Description": "text",
        "UnitOfMeasure": "uom", "Quantity": "ordered", "QtyShipped": "shipped",
        "QtyInvoiced": "invoiced", "QtyReturned": "returned", "QtyCancelled": "cancelled",
        "CancelledOn": "cancelled_on", "UnitPrice": "price", "LineDiscountPct": "discount_pct",
        "Amount": "net", "VatAmount": "tax", "PromisedDate": "promised",
        "CompletelyClosed": "closed_short",
    }))  # fmt: skip
    yield _file("shipments.csv.gz", renamed(map(facts.shipment, ledger.shipments), {
        "No": "id", "OrderNo": "order", "CustomerNo": "account", "PostingDate": "on",
        "Carrier": "carrier", "TrackingNo": "tracking", "ShipToAddress": "line1",
        "ShipToCity": "city", "ShipToPostCode": "postcode", "ShipToCountry": "country",
        "DeliveredAt": "proof",
    }))  # fmt: skip
    yield _file("shipment_lines.csv.gz", renamed(facts.shipment_lines(ledger.shipments), {
        "LineId": "id", "ShipmentNo": "shipment", "OrderLineId": "order_line",
        "ItemNo": "item", "Quantity": "quantity",
    }))  # fmt: skip
    yield _file("returns.csv", renamed(map(facts.returned, ledger.returns), {
        "ReturnNo": "id", "LineNo": "line", "CustomerNo": "account", "ReceivedOn": "on",
        "Reason": "reason", "OrderNo": "order", "CreditEntryNo": "credit", "ItemNo": "item",
        "Quantity": "quantity", "AmountInclVat": "value", "ShipmentLineId": "shipment_line",
    }))  # fmt: skip


def _small(ledger: Ledger, mishaps: Mishaps) -> Iterator[Extract]:
    disputes = (facts.dispute(n, d) for n, d in enumerate(mishaps.disputes))
    yield _file("disputes.csv", renamed(disputes, {
        "DisputeNo": "id", "EntryNo": "document", "Amount": "amount", "Reason": "reason",
        "OpenedOn": "opened", "ClosedOn": "closed", "Owner": "owner",
    }))  # fmt: skip
    promises = (facts.promise(n, p) for n, p in enumerate(mishaps.promises))
    yield _file("promises.csv", renamed(promises, {
        "PromiseNo": "id", "CustomerNo": "account", "EntryNo": "document", "MadeOn": "made_on",
        "PromisedFor": "due", "Amount": "amount", "Kept": "kept",
    }))  # fmt: skip
    letters = (facts.letter(n, found) for n, found in enumerate(mishaps.letters))
    yield _file("reminders.csv", renamed(letters, {
        "ReminderNo": "id", "CustomerNo": "account", "Level": "level", "SentOn": "sent_on",
        "Channel": "channel", "LetterRef": "ref", "EntryNos": "documents", "Fee": "fee",
        "State": "state",
    }))  # fmt: skip
    yield _file("gl_balances.csv", renamed(facts.control_balances(ledger), {
        "AccountNo": "control", "CurrencyCode": "currency", "PerDate": "on",
        "Balance": "balance", "BalanceLcy": "base",
    }))  # fmt: skip


def _rates(ledger: Ledger) -> Iterator[Row]:
    for currency in ("GBP", "USD", "SEK", "NOK"):
        for on in ledger.rates.fixings:
            yield {
                "CurrencyCode": currency,
                "StartingDate": on,
                "RateToLcy": ledger.rates.rate(currency, "EUR", on),
            }


def _bins(stock: dict[str, int], rng: Random) -> Iterator[Row]:
    """Stock lies in bins; a warehouse's stock is the sum of its bins."""
    for code, quantity in stock.items():
        first = quantity // 3 * 2
        for place, part in enumerate((first, quantity - first)):
            yield {
                "ItemNo": code,
                "Location": "MAIN",
                "Bin": f"{chr(65 + rng.randint(0, 5))}-{rng.randint(1, 40):02d}-{place}",
                "Quantity": Decimal(part),
                "Reserved": Decimal(part // 5),
                "LeadTimeDays": 5 + len(code) % 4 * 7,
            }
