"""Ledger 2: a file per kind of document, two companies, account keys `company-number`.

Customers come in full on two dates: who is absent from the newer one stays, deleted. Invoices
come as what is new or changed: the latest change of an invoice counts.
"""

from __future__ import annotations

from datetime import datetime
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

STATES = {"Posted": "posted", "Draft": "draft", "Cancelled": "void"}
JOURNALS = {
    "REF": "refund",
    "GEN": "journal",
    "WOF": "write_off",
    "OPN": "opening_balance",
    "FIN": "finance_charge",
    "RET": "payment_return",
    "FXD": "fx_revaluation",
}
BLOCKS = {
    "0": "active",
    "I": "inactive",
    "9": "blocked_all",
    "2": "blocked_ship",
    "3": "blocked_invoice",
}
ORDER_STATES = {
    "00": "draft",
    "05": "on_hold",
    "10": "released",
    "20": "part_shipped",
    "30": "shipped",
    "40": "invoiced",
    "50": "closed",
    "90": "cancelled",
}


def yes(text: str | None) -> bool:
    return choice(text, {"J": "yes", "N": "no"}) == "yes"


def read_borealis(reader: Reader) -> None:
    world = reader.world
    world.entities["borealis/B1"] = Entity("borealis/B1", "GBP", 4)
    world.entities["borealis/B2"] = Entity("borealis/B2", "NOK", 4)
    for row in reader.newest("periods"):
        world.periods.setdefault(reader.key(row["Company"]), []).append(
            (
                reader.needed_day(row["FirstDay"]),
                reader.needed_day(row["LastDay"]),
                int(str(row["FiscalYear"])),
            )
        )
    read_accounts(reader)
    read_documents(reader)
    read_settlement(reader)
    read_orders(reader)
    read_goods(reader)
    for row in reader.newest("codes"):
        world.labels["borealis", str(row["Kind"]), str(row["Code"])] = str(row["Text"])
    for row in reader.newest("control_balances"):
        world.control_balances.append(
            ControlBalance(
                reader.key(row["Company"]),
                str(row["Account"]),
                str(row["Currency"]),
                reader.needed_day(row["PerDate"]),
                reader.amount(row["Balance"]),
                reader.amount(row["BalanceBase"]),
            )
        )
    fixings: dict[tuple[str, str, object], tuple[int, Decimal]] = {}
    for row in reader.newest("rates"):
        key = (str(row["FromCurrency"]), str(row["ToCurrency"]), reader.needed_day(row["Day"]))
        fixing = (int(str(row["Fixing"])), reader.amount(row["Rate"]))
        fixings[key] = max(fixing, fixings.get(key, fixing))
    for (source, target, day), (_, rate) in fixings.items():
        world.rates.setdefault((source, target), []).append((day, rate))


def read_accounts(reader: Reader) -> None:
    world = reader.world
    latest: dict[tuple[str | None, str | None], Row] = {}
    for path in reader.files("customers"):
        latest |= {(row["Company"], row["CustomerNo"]): row for row in reader.rows(path)}

    def account(row: Row) -> Account:
        payer = (row["Company"], row["PayerNo"])
        return Account(
            key=reader.key(row["Company"], row["CustomerNo"]),
            entity=known(reader.key(row["Company"]), world.entities, "company"),
            bill_to=reader.key(*(payer if payer in latest else (payer[0], row["CustomerNo"]))),
            currency=row["Currency"],
            terms=row["Terms"],
            territory=row["Area"],
            salesperson=row["Rep"],
            status=choice(row["Block"], BLOCKS),
        )

    for record in reader.accept("customers", list(latest.values()), account):
        world.accounts[record.key] = record
    for (company, number), row in latest.items():
        if company and number:
            world.control_accounts[reader.key(company, number)] = str(row["ControlAcc"])

    def profile(row: Row) -> Profile:
        return Profile(
            account=known(account_key(reader, row), world.accounts, "account"),
            valid_from=reader.needed_day(row["From"]),
            valid_to=reader.day(row["To"]),
            limit=not_negative(reader.number(row["Limit"])),
            currency=str(row["Currency"]),
            on_hold=yes(row["Stop"]),
            hold_until=reader.day(row["StopUntil"]),
            next_review=reader.day(row["ReviewDue"]),
            bypass=yes(row["Exempt"]),
            insured=reader.number(row["Insured"]),
            insured_until=reader.day(row["InsuredTo"]),
        )

    world.profiles += reader.accept("credit", reader.newest("credit"), profile)
    bases = {"INV": "document_date", "EOM": "end_of_month"}
    for row in reader.newest("terms"):
        world.terms["borealis", str(row["Terms"])] = Terms(
            int(str(row["Days"])), bases[row["Base"]]
        )


def account_key(reader: Reader, row: Row, number: str = "CustomerNo") -> str:
    return reader.key(row["Company"], row[number])


def read_documents(reader: Reader) -> None:
    world = reader.world

    def document(row: Row, *, number: str, day: str, kind: str, sign: int, **more) -> Document:
        gross, base = more.pop("gross", "Amount"), more.pop("base", "AmountBase")
        return Document(
            key=reader.key(row[number]),
            entity=known(reader.key(row["Company"]), world.entities, "company"),
            account=known(account_key(reader, row), world.accounts, "account"),
            ordering=reader.key(row["Company"], row.get("OrderedBy") or row["CustomerNo"]),
            kind=kind,
            document_date=reader.needed_day(row[day]),
            posting_date=reader.day(row.get("PostingDate")),
            due_date=reader.day(row.get("DueDate")),
            currency=str(row["Currency"]),
            rate=reader.amount(row["Rate"]),
            sign=sign,
            amount=reader.amount(row[gross]),
            base=reader.amount(row[base]),
            net=reader.number(row.get("NetAmount")),
            tax=reader.number(row.get("TaxAmount")),
            freight=reader.number(row.get("Freight")),
            order=reader.optional_key(row.get("OrderNo")),
            salesperson=row.get("Rep"),
            status=choice(row.get("State", "Posted"), STATES),
            voided_on=reader.day(row.get("CancelledOn")),
            contract=row.get("ContractNo"),
            campaign=row.get("CampaignNo"),
        )

    latest: dict[str | None, tuple[datetime, Row]] = {}
    for path in reader.files("invoices"):
        for row in reader.rows(path):
            changed = datetime.strptime(str(row["LastChanged"]), "%d.%m.%Y %H:%M")
            number = row["InvoiceNo"]
            if number not in latest or latest[number][0] <= changed:
                latest[number] = (changed, row)
    invoices = [row for _, row in latest.values()]
    gross = {"gross": "GrossAmount", "base": "GrossBase"}
    files = {
        "invoices": (
            invoices,
            lambda row: document(
                row, number="InvoiceNo", day="InvoiceDate", kind="invoice", sign=1, **gross
            ),
        ),
        "credit_notes": (
            reader.newest("credit_notes"),
            lambda row: document(
                row, number="CreditNo", day="CreditDate", kind="credit_note", sign=-1, **gross
            ),
        ),
        "receipts": (
            reader.newest("receipts"),
            lambda row: document(row, number="ReceiptNo", day="ValueDate", kind="receipt", sign=-1),
        ),
        "journals": (
            reader.newest("journals"),
            lambda row: document(
                row,
                number="JournalNo",
                day="Date",
                kind=choice(row["Kind"], JOURNALS),
                sign=1 if row["Side"] == "D" else -1,
            ),
        ),
    }
    for name, (rows, read) in files.items():
        for record in reader.accept(name, rows, read):
            world.documents[record.key] = record

    world.document_lines += reader.accept(
        "document_lines",
        reader.newest("document_lines"),
        lambda row: DocumentLine(
            known(reader.key(row["DocumentNo"]), world.documents, "document"),
            reader.amount(row["Qty"]),
            reader.number(row["Net"]),
            reader.optional_key(row["OrderLine"]),
            key=reader.key(row["DocumentNo"], row["Line"]),
            item=reader.optional_key(row["ItemNo"]),
            price=reader.number(row["Price"]),
            discount=reader.number(row["Discount"]) or Decimal(0),
            cost=reader.number(row["Cost"]),
            base=reader.number(row["NetBase"]),
        ),
    )
    for item in reader.newest("items"):
        world.items[reader.key(item["ItemNo"])] = Item(
            str(item["ItemNo"]), item["Family"], str(item["Unit"]), item["Live"] == "J"
        )


def read_settlement(reader: Reader) -> None:
    world = reader.world
    world.instalments += reader.accept(
        "instalments",
        reader.newest("instalments"),
        lambda row: Instalment(
            known(reader.key(row["InvoiceNo"]), world.documents, "document"),
            int(str(row["Part"])),
            reader.needed_day(row["DueDate"]),
            reader.amount(row["Amount"]),
            reader.amount(row["AmountBase"]),
        ),
    )
    world.disputes += reader.accept(
        "queries",
        reader.newest("queries"),
        lambda row: Dispute(
            known(reader.key(row["InvoiceNo"]), world.documents, "document"),
            reader.amount(row["Amount"]),
            reader.day(row["Opened"]),
            reader.day(row["Closed"]),
        ),
    )
    world.promises += reader.accept(
        "promises",
        reader.newest("promises"),
        lambda row: Promise(
            known(reader.key(row["InvoiceNo"]), world.documents, "document"),
            reader.needed_day(row["MadeOn"]),
            reader.needed_day(row["PayBy"]),
            row["Kept"] == "J",
        ),
    )
    world.letters += reader.accept(
        "letters",
        reader.newest("letters"),
        lambda row: Letter(
            known(reader.key(row["Company"], row["CustomerNo"]), world.accounts, "account"),
            int(row["Step"] or ""),
            reader.needed_day(row["SentOn"]),
            tuple(reader.key(number) for number in str(row["Invoices"]).split(";")),
        ),
    )
    world.allocations += reader.accept(
        "allocations",
        reader.newest("allocations"),
        lambda row: Allocation(
            key=reader.key(row["AllocNo"]),
            debit=known(reader.key(row["DebitNo"]), world.documents, "document"),
            credit=known(reader.key(row["CreditNo"]), world.documents, "document"),
            date=reader.needed_day(row["Date"]),
            amount=reader.amount(row["Amount"]),
            credit_amount=reader.amount(row["CreditAmount"]),
            base=reader.amount(row["AmountBase"]),
            reversed_on=reader.day(row["ReversedOn"]),
        ),
    )


def read_orders(reader: Reader) -> None:
    world = reader.world

    def order(row: Row) -> Order:
        return Order(
            key=reader.key(row["OrderNo"]),
            entity=known(reader.key(row["Company"]), world.entities, "company"),
            account=known(account_key(reader, row), world.accounts, "account"),
            bill_to=reader.optional_key(row["Company"], row["PayerNo"]),
            order_date=reader.needed_day(row["OrderDate"]),
            requested=reader.day(row["WantedOn"]),
            promised=reader.day(row["PromisedOn"]),
            status=choice(row["State"], ORDER_STATES),
            currency=str(row["Currency"]),
            rate=reader.amount(row["Rate"]),
            total=reader.number(row["Total"]),
            prepaid=reader.number(row["Prepaid"]),
            cancelled_on=reader.day(row["CancelledOn"]),
            quote=row["CrmQuote"],
        )

    for record in reader.accept("orders", reader.newest("orders"), order):
        world.orders[record.key] = record
    kinds = {"S": "stock", "D": "drop_ship", "V": "service"}

    def line(row: Row) -> OrderLine:
        for name in ("Delivered", "Invoiced", "Returned"):
            if reader.number(row[name]) is None:
                raise Rejected(f"no {name}")
        return OrderLine(
            key=reader.key(row["LineId"]),
            order=known(reader.key(row["OrderNo"]), world.orders, "order"),
            kind=choice(row["Kind"], kinds),
            ordered=reader.amount(row["Ordered"]),
            cancelled=reader.number(row["Cancelled"]) or Decimal(0),
            cancelled_on=reader.day(row["CancelledOn"]),
            net=reader.number(row["Net"]),
            tax=reader.number(row["Tax"]),
            promised=reader.day(row["PromisedOn"]),
            closed_short=yes(row["ClosedShort"]),
            item=reader.optional_key(row["ItemNo"]),
            number=int(row["Line"] or ""),
        )

    for record in reader.accept("order_lines", reader.newest("order_lines"), line):
        world.order_lines[record.key] = record


def read_goods(reader: Reader) -> None:
    world = reader.world
    for row in reader.newest("stock"):
        item = reader.key(row["ItemNo"])
        world.stock[item] = world.stock.get(item, Decimal(0)) + reader.amount(row["OnHand"])
    shipments = dict(
        reader.accept(
            "deliveries",
            reader.newest("deliveries"),
            lambda row: (
                reader.key(row["DeliveryNo"]),
                Shipment(
                    number=str(row["DeliveryNo"]),
                    account=known(account_key(reader, row), world.accounts, "account"),
                    day=reader.needed_day(row["Date"]),
                    carrier=row["Carrier"],
                    tracking=row["Tracking"],
                ),
            ),
        )
    )

    def shipped(row: Row) -> Movement:
        shipment = shipments[known(reader.key(row["DeliveryNo"]), shipments, "delivery")]
        return Movement(
            key=reader.key(row["LineId"]),
            order_line=reader.optional_key(row["OrderLine"]),
            day=shipment.day,
            quantity=reader.amount(row["Qty"]),
            item=reader.key(row["ItemNo"]),
            shipment=shipment,
        )

    lines = reader.accept("delivery_lines", reader.newest("delivery_lines"), shipped)
    for record in lines:
        world.shipments[record.key] = record
    world.returns += reader.accept(
        "returns",
        reader.newest("returns"),
        lambda row: Return(
            key=reader.key(row["LineId"]),
            account=known(account_key(reader, row), world.accounts, "account"),
            day=reader.needed_day(row["Date"]),
            quantity=reader.amount(row["Qty"]),
            value=reader.amount(row["Value"]),
            order=reader.optional_key(row["OrderNo"]),
            shipment_line=reader.optional_key(row["DeliveryLine"]),
            credit_document=reader.optional_key(row["CreditNo"]),
            number=str(row["ReturnNo"]),
            reason=row["Reason"],
            item=reader.key(row["ItemNo"]),
        ),
    )
