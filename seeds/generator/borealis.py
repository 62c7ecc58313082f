"""Ledger 2: an older system's export.

Semicolon, cp1252, decimal comma, dd.mm.yyyy, a file per kind of document. Customers come in full
on two dates, invoices as what is new or changed since the last delivery.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from . import facts, lists
from .facts import Renaming, Row, renamed
from .files import Extract, Locale, extract
from .ledger import Ledger
from .mishaps import Mishaps
from .model import AS_OF, Account, Document, Item

LOCALE = Locale(
    delimiter=";",
    encoding="cp1252",
    decimal=",",
    thousands=".",
    day="%d.%m.%Y",
    moment="%d.%m.%Y %H:%M",
    yes_no=("J", "N"),
    line_end="\r\n",
)
FIRST, SECOND = date(2026, 5, 31), AS_OF
_STATES = {"posted": "Posted", "draft": "Draft", "void": "Cancelled"}
_STATUS = {
    "draft": "00", "on_hold": "05", "released": "10", "part_shipped": "20", "shipped": "30",
    "invoiced": "40", "closed": "50", "cancelled": "90",
}  # fmt: skip
_BLOCKED = {
    "active": "0", "inactive": "I", "blocked_all": "9", "blocked_ship": "2",
    "blocked_invoice": "3",
}  # fmt: skip
_KINDS = {
    "refund": "REF", "journal": "GEN", "write_off": "WOF", "opening_balance": "OPN",
    "finance_charge": "FIN", "payment_return": "RET", "fx_revaluation": "FXD",
}  # fmt: skip
_BASIS = {"document_date": "INV", "end_of_month": "EOM"}
_COSTS = {"labour": "L", "parts": "P", "travel": "T"}
_FULFILMENT = {"stock": "S", "drop_ship": "D", "service": "V"}
_INVOICE: Renaming = {
    "Company": "entity", "InvoiceNo": "no", "CustomerNo": "account", "OrderedBy": "ordering",
    "InvoiceDate": "on", "PostingDate": "posted_on", "DueDate": "due", "Currency": "currency",
    "Rate": "rate", "NetAmount": "net", "TaxAmount": "tax", "Freight": "freight",
    "GrossAmount": "amount", "GrossBase": "base", "OrderNo": "order", "YourRef": "reference",
    "Rep": "salesperson", "CampaignNo": "campaign", "ContractNo": "contract",
    "State": ("status", _STATES), "CancelledOn": "voided_on", "LastChanged": "changed",
}  # fmt: skip


def _file(
    name: str, rows: Iterable[Row], on: date = SECOND, widths: tuple[int, ...] = ()
) -> Extract:
    stem, _, ending = name.partition(".")
    return extract(f"borealis/{stem}_{on:%Y-%m-%d}.{ending}", rows, LOCALE, widths=widths)


def extracts(
    ledger: Ledger,
    mishaps: Mishaps,
    stock: dict[str, int],
    items: list[Item],
    costs: Iterable[Row],
) -> list[Extract]:
    return [
        *_customers(ledger),
        *_master(ledger, items, stock),
        *_invoices(ledger),
        *_other_documents(ledger),
        *_orders(ledger),
        *_small(ledger, mishaps),
        _file("service_costs.csv", renamed(costs, {
            "CostNo": "id", "ContractNo": "contract", "Company": "entity", "CustomerNo": "account",
            "Day": "on", "Kind": ("kind", _COSTS), "Hours": "hours", "Cost": "amount",
        })),
    ]  # fmt: skip


def _customers(ledger: Ledger) -> Iterator[Extract]:
    rows = list(renamed(
        (facts.account(a, ledger.base_currency(a)) for a in ledger.accounts), {
            "Company": "entity", "CustomerNo": "code", "Name": "name", "Name2": "legal_name",
            "Street": "line1", "Town": "city", "Zip": "postcode", "Country": "country",
            "Phone": "phone", "Mail": "email", "Internet": "website", "VatNo": "vat",
            "RegNo": "registration", "PayerNo": "bill_to", "HeadOfficeNo": "parent",
            "Terms": "terms", "Currency": "currency", "PriceList": "price_list",
            "TaxClass": "tax_code", "Rep": "salesperson", "Delivery": "shipping",
            "Area": "territory", "Class": "group", "ControlAcc": "control",
            "Block": ("status", _BLOCKED), "Since": "opened", "CrmRef": "crm_reference",
        },
    ))  # fmt: skip
    gone = deleted_account(ledger).code
    earlier = [row for row in rows if row["Since"] <= FIRST]
    changed = [row | {"Phone": None, "Rep": "R07"} if n % 40 == 7 else row
               for n, row in enumerate(earlier)]  # fmt: skip
    yield _file("customers.csv", changed, FIRST)
    yield _file("customers.csv", [row for row in rows if row["CustomerNo"] != gone])


def deleted_account(ledger: Ledger) -> Account:
    """A small account that owes nothing and waits for nothing, absent from the newer extract."""
    busy = {d.account.code for d in ledger.documents if d.open or d.status == "draft"}
    busy |= {o.account.code for o in ledger.orders}
    return next(
        a for a in ledger.accounts
        if a.size == "S" and a.plan == "ordinary" and a.code not in busy and not a.parent
        and a.evidence == "reference"
    )  # fmt: skip


def _master(ledger: Ledger, items: list[Item], stock: dict[str, int]) -> Iterator[Extract]:
    yield _file("credit.csv", renamed(map(facts.profile, ledger.profiles), {
        "Company": "entity", "CustomerNo": "account", "From": "valid_from", "To": "valid_to",
        "Limit": "limit", "Currency": "currency", "Insured": "insured",
        "InsuredTo": "insured_until", "Stop": "on_hold", "StopText": "hold_reason",
        "StopBy": "hold_by", "StopUntil": "hold_until", "Class": "rating",
        "Reviewed": "last_review", "ReviewDue": "next_review", "Exempt": "bypass",
    }))  # fmt: skip
    yield _file("terms.csv", renamed(lists.terms("borealis"), {
        "Terms": "code", "Text": "label", "Days": "days", "Base": ("basis", _BASIS),
        "Discount": "discount_pct", "DiscountDays": "discount_days",
    }))  # fmt: skip
    yield _file("items.csv", renamed(map(lists.item, items), {
        "ItemNo": "code", "Text": "name", "Family": "group", "Unit": "uom",
        "Stocked": "is_stock", "Live": "is_active", "ListPrice": "price", "Cost": "cost",
    }))  # fmt: skip
    yield _file("stock.csv", ({
        "ItemNo": code, "Store": "HULL", "OnHand": Decimal(quantity),
        "Allocated": Decimal(quantity // 4), "OnOrder": Decimal(20 if quantity < 50 else 0),
        "LeadDays": 10,
    } for code, quantity in stock.items()))  # fmt: skip
    currencies = ("GBP", "EUR", "SEK", "NOK", "USD")
    yield _file("prices.csv.gz", renamed(lists.prices(items, "borealis", currencies), {
        "PriceList": "list", "ItemNo": "item", "Currency": "currency", "Price": "price",
    }))  # fmt: skip
    yield _file("codes.csv", renamed(lists.list_values("borealis"), {
        "Kind": "list", "Code": "code", "Text": "label", "Live": "active",
    }))  # fmt: skip
    yield _file("tax.txt", renamed(lists.taxes(["B1", "B2"]), {
        "Company": "entity", "TaxCode": "code", "Percent": "percent",
    }), widths=(4, 6, 6))  # fmt: skip
    yield _file("rates.csv", _rates(ledger))
    yield _file("periods.csv", _periods())


def _invoices(ledger: Ledger) -> Iterator[Extract]:
    invoices = [d for d in ledger.documents if d.kind == "invoice"]
    first = [_as_of_first(d) for d in invoices]
    second = [_row(d) for d in invoices if _changed(d) > FIRST]
    yield _file("invoices.csv", renamed((r for r in first if r), _INVOICE), FIRST)
    yield _file("invoices.csv", renamed(second, _INVOICE))
    lines = facts.document_lines(d for d in ledger.documents if d.kind in _LINED)
    yield _file("document_lines.csv.gz", renamed(lines, {
        "DocumentNo": "document", "Line": "no", "ItemNo": "item", "Text": "text",
        "Qty": "quantity", "Price": "price", "Discount": "discount_pct", "Net": "net",
        "NetBase": "base_net", "Tax": "tax", "TaxCode": "tax_code", "Cost": "cost",
        "OrderLine": "order_line", "DeliveryLine": "shipment_line",
    }))  # fmt: skip
    parts = (facts.instalment(d, part) for d in invoices for part in d.instalments)
    yield _file("instalments.csv", renamed(parts, {
        "InvoiceNo": "document", "Part": "no", "DueDate": "due", "Amount": "amount",
        "AmountBase": "base",
    }))  # fmt: skip


_LINED = ("invoice", "credit_note")


def _changed(document: Document) -> date:
    if document.status == "void":
        return document.voided_on or document.on + timedelta(days=6)
    return document.on


def _row(document: Document) -> Row:
    return facts.document(document) | {"changed": _at_close(_changed(document))}


def _at_close(day: date) -> datetime:
    return datetime.combine(day, time(18))


def _as_of_first(document: Document) -> Row | None:
    """The invoice as the first delivery saw it: not yet cancelled, or still a draft."""
    row = _row(document)
    if document.on > FIRST:
        soon = document.on <= FIRST + timedelta(days=2) and document.order is not None
        if not soon or document.order.date > FIRST - timedelta(days=2):
            return None
        return row | {"status": "draft", "posted_on": None, "changed": _at_close(FIRST)}
    if _changed(document) > FIRST:
        return row | {"status": "posted", "voided_on": None, "changed": _at_close(document.on)}
    return row


def _other_documents(ledger: Ledger) -> Iterator[Extract]:
    def of(*kinds: str) -> Iterator[Row]:
        return (facts.document(d) for d in ledger.documents if d.kind in kinds)

    yield _file("credit_notes.csv", renamed(of("credit_note"), {
        "Company": "entity", "CreditNo": "no", "CustomerNo": "account", "OrderedBy": "ordering",
        "CreditDate": "on", "Currency": "currency", "Rate": "rate", "NetAmount": "net",
        "TaxAmount": "tax", "GrossAmount": "amount", "GrossBase": "base", "Rep": "salesperson",
    }))  # fmt: skip
    yield _file("receipts.csv", renamed(of("receipt"), {
        "Company": "entity", "ReceiptNo": "no", "CustomerNo": "account", "ValueDate": "on",
        "Currency": "currency", "Rate": "rate", "Amount": "amount", "AmountBase": "base",
        "BankRef": "reference",
    }))  # fmt: skip
    others = (row | {"side": "D" if row["sign"] == 1 else "C"} for row in of(*_KINDS))
    yield _file("journals.csv", renamed(others, {
        "Company": "entity", "JournalNo": "no", "Kind": ("kind", _KINDS), "Side": "side",
        "CustomerNo": "account", "Date": "on", "DueDate": "due", "Currency": "currency",
        "Rate": "rate", "Amount": "amount", "AmountBase": "base",
    }))  # fmt: skip
    yield _file("allocations.csv.gz", renamed(map(facts.allocation, ledger.allocations), {
        "AllocNo": "id", "DebitNo": "debit", "CreditNo": "credit", "Date": "on",
        "Amount": "amount", "CreditAmount": "credit_amount", "AmountBase": "base",
        "FxDifference": "fx_difference", "Discount": "discount", "ReversedOn": "reversed_on",
    }))  # fmt: skip


def _orders(ledger: Ledger) -> Iterator[Extract]:
    yield _file("orders.csv", renamed(map(facts.order, ledger.orders), {
        "Company": "entity", "OrderNo": "id", "CustomerNo": "account", "PayerNo": "bill_to",
        "OrderDate": "on", "WantedOn": "requested", "PromisedOn": "promised",
        "State": ("status", _STATUS), "StopText": "hold_reason", "Currency": "currency",
        "Rate": "rate", "Net": "net", "Tax": "tax", "Freight": "freight", "Total": "total",
        "Prepaid": "prepaid", "CancelledOn": "cancelled_on", "Rep": "salesperson",
        "Delivery": "shipping", "YourRef": "po", "CrmQuote": "quote", "Channel": "origin",
    }))  # fmt: skip
    yield _file("order_lines.csv", renamed(facts.order_lines(ledger.orders), {
        "LineId": "id", "OrderNo": "order", "Line": "no", "Kind": ("fulfilment", _FULFILMENT),
        "ItemNo": "item", "Text": "text", "Unit": "uom", "Ordered": "ordered",
        "Delivered": "shipped", "Invoiced": "invoiced", "Returned": "returned",
        "Cancelled": "cancelled", "CancelledOn": "cancelled_on", "Price": "price",
        "Discount": "discount_pct", "Net": "net", "Tax": "tax", "PromisedOn": "promised",
        "ClosedShort": "closed_short",
    }))  # fmt: skip
    yield _file("deliveries.csv.gz", renamed(map(facts.shipment, ledger.shipments), {
        "Company": "entity", "DeliveryNo": "id", "OrderNo": "order", "CustomerNo": "account",
        "Date": "on", "Carrier": "carrier", "Tracking": "tracking", "Street": "line1",
        "Town": "city", "Zip": "postcode", "Country": "country", "SignedAt": "proof",
    }))  # fmt: skip
    yield _file("delivery_lines.csv.gz", renamed(facts.shipment_lines(ledger.shipments), {
        "LineId": "id", "DeliveryNo": "shipment", "OrderLine": "order_line", "ItemNo": "item",
        "Qty": "quantity",
    }))  # fmt: skip
    yield _file("returns.csv", renamed(map(facts.returned, ledger.returns), {
        "Company": "entity", "ReturnNo": "id", "CustomerNo": "account", "Date": "on",
        "Reason": "reason", "OrderNo": "order", "CreditNo": "credit", "LineId": "line",
        "ItemNo": "item", "Qty": "quantity", "Value": "value", "DeliveryLine": "shipment_line",
    }))  # fmt: skip


def _small(ledger: Ledger, mishaps: Mishaps) -> Iterator[Extract]:
    disputes = (facts.dispute(n, d) for n, d in enumerate(mishaps.disputes))
    yield _file("queries.csv", renamed(disputes, {
        "QueryNo": "id", "InvoiceNo": "document", "Amount": "amount", "Text": "reason",
        "Opened": "opened", "Closed": "closed", "Owner": "owner",
    }))  # fmt: skip
    promises = (facts.promise(n, p) for n, p in enumerate(mishaps.promises))
    yield _file("promises.csv", renamed(promises, {
        "PromiseNo": "id", "Company": "entity", "CustomerNo": "account",
        "InvoiceNo": "document", "MadeOn": "made_on", "PayBy": "due", "Amount": "amount",
        "Kept": "kept",
    }))  # fmt: skip
    letters = (facts.letter(n, found) for n, found in enumerate(mishaps.letters))
    yield _file("letters.csv", renamed(letters, {
        "LetterNo": "id", "Company": "entity", "CustomerNo": "account", "Step": "level",
        "SentOn": "sent_on", "Channel": "channel", "Reference": "ref", "Invoices": "documents",
        "Fee": "fee", "State": "state",
    }))  # fmt: skip
    yield _file("control_balances.csv", renamed(facts.control_balances(ledger), {
        "Company": "entity", "Account": "control", "Currency": "currency", "PerDate": "on",
        "Balance": "balance", "BalanceBase": "base",
    }))  # fmt: skip


def _rates(ledger: Ledger) -> Iterator[Row]:
    """A provisional and a final fixing for each month; the final one counts."""
    pairs = [("EUR", "GBP"), ("USD", "GBP"), ("SEK", "GBP"), ("NOK", "GBP")]
    for source, target in pairs:
        for on in ledger.rates.fixings:
            rate = ledger.rates.rate(source, target, on)
            for fixing, value in ((1, rate * Decimal("1.002")), (2, rate)):
                yield {
                    "FromCurrency": source,
                    "ToCurrency": target,
                    "Day": on,
                    "Fixing": fixing,
                    "Rate": value.quantize(Decimal("0.000001")),
                }


def _periods() -> Iterator[Row]:
    """Monthly periods of the years that start in April; closed up to May 2026."""
    for company in ("B1", "B2"):
        for month in range(48):
            start = date(2023 + (month + 3) // 12, (month + 3) % 12 + 1, 1)
            end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            yield {
                "Company": company,
                "FiscalYear": 2024 + month // 12,
                "Period": month % 12 + 1,
                "FirstDay": start,
                "LastDay": end,
                "Closed": end <= FIRST,
            }
