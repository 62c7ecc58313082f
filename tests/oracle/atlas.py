"""Ledger 1: signed entries in one file, what settles what as detailed entries in a second.

An empty currency is the ledger's own, EUR. An application that was undone stands with the entry
that undid it; a discount and an exchange difference are entries of the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from .extracts import Reader, Rejected, Row, choice, known, not_negative
from .records import (
    Account,
    Allocation,
    ControlBalance,
    Dispute,
    Document,
    DocumentLine,
    Entity,
    Instalment,
    Item,
    Letter,
    Movement,
    Order,
    OrderLine,
    Profile,
    Promise,
    Return,
    Shipment,
    Terms,
)

ENTITY = "atlas/A1"
BLOCKED = {"All": "blocked_all", "Ship": "blocked_ship", "Invoice": "blocked_invoice"}
BY_TYPE = {
    "Invoice": "invoice",
    "Credit Memo": "credit_note",
    "Payment": "receipt",
    "Refund": "refund",
    "Finance Charge Memo": "finance_charge",
}
BY_SOURCE = {
    "OPENING": "opening_balance",
    "WRITEOFF": "write_off",
    "BANKRETURN": "payment_return",
    "GENJNL": "journal",
}
ORDER_STATES = {
    "Open": "draft",
    "Released": "released",
    "On Hold": "on_hold",
    "Partly Shipped": "part_shipped",
    "Shipped": "shipped",
    "Invoiced": "invoiced",
    "Closed": "closed",
    "Cancelled": "cancelled",
}
YES_NO = {"Yes": True, "No": False}


def yes(text: str | None) -> bool:
    if text not in YES_NO:
        raise Rejected(f"neither yes nor no: {text!r}")
    return YES_NO[text]


def read_atlas(reader: Reader) -> None:
    world = reader.world
    world.entities[ENTITY] = Entity(ENTITY, "EUR", 1)
    read_accounts(reader)
    read_documents(reader)
    read_allocations(reader)
    read_orders(reader)
    read_goods(reader)
    for row in reader.newest("codes"):
        world.labels["atlas", str(row["Table"]), str(row["Code"])] = str(row["Description"])
    for row in reader.newest("gl_balances"):
        world.control_balances.append(
            ControlBalance(
                ENTITY,
                str(row["AccountNo"]),
                str(row["CurrencyCode"]),
                reader.needed_day(row["PerDate"]),
                reader.amount(row["Balance"]),
                reader.amount(row["BalanceLcy"]),
            )
        )
    rates = reader.accept(
        "exchange_rates",
        reader.newest("exchange_rates"),
        lambda row: (
            str(row["CurrencyCode"]),
            reader.needed_day(row["StartingDate"]),
            reader.amount(row["RateToLcy"]),
        ),
    )
    for currency, day, rate in rates:
        world.rates.setdefault((currency, "EUR"), []).append((day, rate))


def read_accounts(reader: Reader) -> None:
    world = reader.world
    rows = reader.newest("customers")
    numbers = {row["No"] for row in rows}

    def account(row: Row) -> Account:
        bill_to = row["BillToCustomerNo"]
        reader.needed_day(row["OpenedOn"])
        return Account(
            key=reader.key(row["No"]),
            entity=ENTITY,
            bill_to=reader.key(bill_to if bill_to in numbers else row["No"]),
            currency=row["CurrencyCode"],
            terms=row["PaymentTermsCode"],
            territory=row["TerritoryCode"],
            salesperson=row["SalespersonCode"],
            status=BLOCKED[row["Blocked"]] if row["Blocked"] else "active",
        )

    for record in reader.accept("customers", rows, account):
        world.accounts[record.key] = record
    for row in rows:
        world.control_accounts[reader.key(row["No"])] = str(row["ReceivablesAccount"])

    def profile(row: Row) -> Profile:
        return Profile(
            account=known(reader.key(row["CustomerNo"]), world.accounts, "account"),
            valid_from=reader.needed_day(row["ValidFrom"]),
            valid_to=reader.day(row["ValidTo"]),
            limit=not_negative(reader.number(row["CreditLimit"])),
            currency=str(row["LimitCurrency"]),
            on_hold=yes(row["OnHold"]),
            hold_until=reader.day(row["HoldUntil"]),
            next_review=reader.day(row["NextReview"]),
            bypass=yes(row["NoCreditCheck"]),
            insured=reader.number(row["InsuredAmount"]),
            insured_until=reader.day(row["InsuredUntil"]),
        )

    world.profiles += reader.accept("credit_cards", reader.newest("credit_cards"), profile)
    bases = {"D": "document_date", "CM": "end_of_month"}
    for row in reader.newest("payment_terms"):
        world.terms["atlas", str(row["Code"])] = Terms(int(str(row["Days"])), bases[row["From"]])


def read_documents(reader: Reader) -> None:
    world = reader.world

    def entry(row: Row) -> Document:
        amount = reader.amount(row["Amount"])
        if row["CustomerNo"] is None:
            raise Rejected("no account")
        kind = row["DocumentType"]
        sign = -1 if amount < 0 else 1

        def signed(name: str) -> Decimal | None:
            value = reader.number(row[name])
            return None if value is None else value * sign

        return Document(
            key=reader.key(row["EntryNo"]),
            entity=ENTITY,
            account=known(reader.key(row["CustomerNo"]), world.accounts, "account"),
            ordering=reader.key(row["SellToCustomerNo"] or row["CustomerNo"]),
            kind=BY_TYPE[kind] if kind else choice(row["SourceCode"], BY_SOURCE),
            document_date=reader.needed_day(row["DocumentDate"]),
            posting_date=reader.day(row["PostingDate"]),
            due_date=reader.day(row["DueDate"]),
            currency=row["CurrencyCode"] or "EUR",
            rate=reader.amount(row["CurrencyFactor"]),
            sign=sign,
            amount=abs(amount),
            base=signed("AmountLcy") or Decimal(0),
            net=signed("NetAmount"),
            tax=signed("VatAmount"),
            freight=reader.number(row["FreightAmount"]),
            order=reader.optional_key(row["OrderNo"]),
            salesperson=row["SalespersonCode"],
            status="void" if row["Reversed"] == "Yes" else "posted",
            voided_on=reader.day(row["ReversedOn"]),
            contract=row["ContractNo"],
            campaign=row["CampaignNo"],
        )

    def draft(row: Row) -> Document:
        return Document(
            key=reader.key(row["No"]),
            entity=ENTITY,
            account=known(reader.key(row["CustomerNo"]), world.accounts, "account"),
            ordering=reader.key(row["SellToCustomerNo"] or row["CustomerNo"]),
            kind="invoice",
            document_date=reader.needed_day(row["DocumentDate"]),
            posting_date=None,
            due_date=reader.day(row["DueDate"]),
            currency=row["CurrencyCode"] or "EUR",
            rate=reader.amount(row["CurrencyFactor"]),
            sign=1,
            amount=reader.amount(row["AmountInclVat"]),
            base=reader.amount(row["AmountLcy"]),
            order=reader.optional_key(row["OrderNo"]),
            status="draft",
        )

    entries = reader.newest("ledger_entries")
    numbers = {row["DocumentNo"]: reader.key(row["EntryNo"]) for row in entries}
    for record in reader.accept("ledger_entries", entries, entry):
        world.documents[record.key] = record
    drafts = reader.newest("unposted_invoices")
    numbers |= {row["No"]: reader.key(row["No"]) for row in drafts}
    for record in reader.accept("unposted_invoices", drafts, draft):
        world.documents[record.key] = record

    def line(row: Row) -> DocumentLine:
        return DocumentLine(
            document=known(numbers.get(row["DocumentNo"], ""), world.documents, "document"),
            quantity=reader.amount(row["Quantity"]),
            net=reader.number(row["Amount"]),
            order_line=reader.optional_key(row["OrderLineNo"]),
            key=reader.key(row["DocumentNo"], row["LineNo"]),
            item=reader.optional_key(row["ItemNo"]),
            price=reader.number(row["UnitPrice"]),
            discount=reader.number(row["LineDiscountPct"]) or Decimal(0),
            cost=reader.number(row["CostLcy"]),
            base=reader.number(row["AmountLcy"]),
        )

    for item in reader.newest("items"):
        world.items[reader.key(item["No"])] = Item(
            str(item["No"]), item["Category"], str(item["BaseUnit"]), item["Active"] == "Yes"
        )
    world.document_lines += reader.accept("sales_lines", reader.newest("sales_lines"), line)

    def instalment(row: Row) -> Instalment:
        return Instalment(
            document=known(numbers.get(row["DocumentNo"], ""), world.documents, "document"),
            number=int(str(row["Part"])),
            due_date=reader.needed_day(row["DueDate"]),
            amount=reader.amount(row["Amount"]),
            base=reader.amount(row["AmountLcy"]),
        )

    world.instalments += reader.accept("installments", reader.newest("installments"), instalment)
    world.disputes += reader.accept(
        "disputes",
        reader.newest("disputes"),
        lambda row: Dispute(
            known(reader.key(row["EntryNo"]), world.documents, "document"),
            reader.amount(row["Amount"]),
            reader.day(row["OpenedOn"]),
            reader.day(row["ClosedOn"]),
        ),
    )
    world.promises += reader.accept(
        "promises",
        reader.newest("promises"),
        lambda row: Promise(
            known(reader.key(row["EntryNo"]), world.documents, "document"),
            reader.needed_day(row["MadeOn"]),
            reader.needed_day(row["PromisedFor"]),
            row["Kept"] == "Yes",
        ),
    )
    world.letters += reader.accept(
        "reminders",
        reader.newest("reminders"),
        lambda row: Letter(
            known(reader.key(row["CustomerNo"]), world.accounts, "account"),
            int(row["Level"] or ""),
            reader.needed_day(row["SentOn"]),
            tuple(reader.key(number) for number in str(row["EntryNos"]).split(";")),
        ),
    )


def read_allocations(reader: Reader) -> None:
    world = reader.world
    rows = reader.newest("detailed_entries")
    by_number = {row["EntryNo"]: row for row in rows}
    extras: dict[str | None, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        if row["EntryType"] == "Payment Discount":
            extras[row["TransactionNo"]]["discount"] -= reader.amount(row["Amount"])
            extras[row["TransactionNo"]]["discount_base"] -= reader.amount(row["AmountLcy"])
    stated = [
        row for row in rows if row["Unapplied"] == "No" or row["UnappliedByEntryNo"] is not None
    ]
    applications = [
        row
        for row in stated
        if row["EntryType"] == "Application" and row["CustLedgerEntryNo"] != row["AppliedEntryNo"]
    ]
    differences = [row for row in stated if row["EntryType"] in ("Realized Loss", "Realized Gain")]

    def allocation(row: Row) -> Allocation:
        extra = extras[row["TransactionNo"]]
        undone = by_number.get(row["UnappliedByEntryNo"])
        return Allocation(
            key=reader.key(row["EntryNo"]),
            debit=known(reader.key(row["CustLedgerEntryNo"]), world.documents, "document"),
            credit=known(reader.key(row["AppliedEntryNo"]), world.documents, "document"),
            date=reader.needed_day(row["PostingDate"]),
            amount=extra["discount"] - reader.amount(row["Amount"]),
            credit_amount=-reader.amount(row["Amount"]),
            base=extra["discount_base"] - reader.amount(row["AmountLcy"]),
            reversed_on=reader.day(undone["PostingDate"]) if undone else None,
        )

    def difference(row: Row) -> Allocation:
        """The posting of an exchange difference: base currency only, on the debit it came from."""
        debit = known(reader.key(row["CustLedgerEntryNo"]), world.documents, "document")
        amount, day = reader.amount(row["AmountLcy"]), reader.needed_day(row["PostingDate"])
        posting = replace(
            world.documents[debit],
            key=reader.key(f"X{row['EntryNo']}"),
            kind="fx_revaluation",
            document_date=day,
            posting_date=day,
            due_date=None,
            sign=-1,
            amount=Decimal(0),
            base=-amount,
            net=None,
            tax=None,
        )
        world.documents[posting.key] = posting
        undone = by_number.get(row["UnappliedByEntryNo"])
        return Allocation(
            key=reader.key(row["EntryNo"]),
            debit=debit,
            credit=posting.key,
            date=day,
            amount=Decimal(0),
            credit_amount=Decimal(0),
            base=-amount,
            reversed_on=reader.day(undone["PostingDate"]) if undone else None,
        )

    world.allocations += reader.accept("detailed_entries", applications, allocation)
    world.allocations += reader.accept("detailed_entries", differences, difference)


def read_orders(reader: Reader) -> None:
    world = reader.world

    def order(row: Row) -> Order:
        return Order(
            key=reader.key(row["No"]),
            entity=ENTITY,
            account=known(reader.key(row["SellToCustomerNo"]), world.accounts, "account"),
            bill_to=reader.optional_key(row["BillToCustomerNo"]),
            order_date=reader.needed_day(row["OrderDate"]),
            requested=reader.day(row["RequestedDate"]),
            promised=reader.day(row["PromisedDate"]),
            status=choice(row["Status"], ORDER_STATES),
            currency=row["CurrencyCode"] or "EUR",
            rate=reader.amount(row["CurrencyFactor"]),
            total=reader.number(row["AmountInclVat"]),
            prepaid=reader.number(row["PrepaymentAmount"]),
            cancelled_on=reader.day(row["CancelledOn"]),
            quote=row["QuoteRef"],
        )

    for record in reader.accept("sales_orders", reader.newest("sales_orders"), order):
        world.orders[record.key] = record
    kinds = {"Item": "stock", "Drop Shipment": "drop_ship", "Resource": "service"}

    def line(row: Row) -> OrderLine:
        for name in ("QtyShipped", "QtyInvoiced", "QtyReturned"):
            reader.number(row[name])
        return OrderLine(
            key=reader.key(row["LineId"]),
            order=known(reader.key(row["OrderNo"]), world.orders, "order"),
            kind=choice(row["Type"], kinds),
            ordered=reader.amount(row["Quantity"]),
            cancelled=reader.number(row["QtyCancelled"]) or Decimal(0),
            cancelled_on=reader.day(row["CancelledOn"]),
            net=reader.number(row["Amount"]),
            tax=reader.number(row["VatAmount"]),
            promised=reader.day(row["PromisedDate"]),
            closed_short=yes(row["CompletelyClosed"]),
            item=reader.optional_key(row["ItemNo"]),
            number=int(row["LineNo"] or ""),
        )

    rows = reader.newest("sales_order_lines")
    for record in reader.accept("sales_order_lines", rows, line):
        world.order_lines[record.key] = record


def read_goods(reader: Reader) -> None:
    world = reader.world
    for row in reader.newest("bin_contents"):
        item = reader.key(row["ItemNo"])
        world.stock[item] = world.stock.get(item, Decimal(0)) + reader.amount(row["Quantity"])
    heads = reader.accept(
        "shipments",
        reader.newest("shipments"),
        lambda row: (
            reader.key(row["No"]),
            Shipment(
                number=str(row["No"]),
                account=known(reader.key(row["CustomerNo"]), world.accounts, "account"),
                day=reader.needed_day(row["PostingDate"]),
                carrier=row["Carrier"],
                tracking=row["TrackingNo"],
            ),
        ),
    )
    shipments = dict(heads)

    def shipped(row: Row) -> Movement:
        shipment = shipments[known(reader.key(row["ShipmentNo"]), shipments, "shipment")]
        return Movement(
            key=reader.key(row["LineId"]),
            order_line=reader.optional_key(row["OrderLineId"]),
            day=shipment.day,
            quantity=reader.amount(row["Quantity"]),
            item=reader.key(row["ItemNo"]),
            shipment=shipment,
        )

    lines = reader.accept("shipment_lines", reader.newest("shipment_lines"), shipped)
    for record in lines:
        world.shipments[record.key] = record
    world.returns += reader.accept(
        "returns",
        reader.newest("returns"),
        lambda row: Return(
            key=reader.key(row["LineNo"]),
            account=known(reader.key(row["CustomerNo"]), world.accounts, "account"),
            day=reader.needed_day(row["ReceivedOn"]),
            quantity=reader.amount(row["Quantity"]),
            value=reader.amount(row["AmountInclVat"]),
            order=reader.optional_key(row["OrderNo"]),
            shipment_line=reader.optional_key(row["ShipmentLineId"]),
            credit_document=reader.optional_key(row["CreditEntryNo"]),
            number=str(row["ReturnNo"]),
            reason=row["Reason"],
            item=reader.key(row["ItemNo"]),
        ),
    )
