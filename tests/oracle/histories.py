"""What was bought, billed, paid, shipped and sent back until a date, line by line.

Rules stated here: a line of a posted invoice is a purchase of who ordered, negative on a credit
note; in base currency at the document's rate, from there at the document date. A discount takes
off price x quantity less the net. An item was last bought on the last day with a quantity above
zero. What a payment settled is each allocation in effect, at the rate of the payment's day; what a
credit leaves open is a row of its own, at the rate of the as-of date. A shipment or return is
history from its day on; a return is worth its value at the rate of its order, and converts on its
own day; its credit note counts while it exists. An invoice converts at its own day, what is open of
it at the as-of date; it is paid by money, credited by whatever else settles it.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .key_figures import MONEY, KeyFigures
from .quantities import order_line_of
from .receivables import ZERO, due_date, in_effect, open_items, rate, to_cent
from .records import Document, World
from .sales import net_of

REPORTING = "EUR"
Rows = dict[tuple[str], dict[str, Any]]


def times(amount: Decimal | None, factor: Decimal | None) -> Decimal | None:
    return None if amount is None or factor is None else amount * factor


def own_currency(world: World, entity: str) -> str:
    return world.entities[entity].base_currency


def purchases(world: World, day: date, customer_of: dict[str, str]) -> Rows:
    """Invoice line to its figures."""
    rows: Rows = {}
    last: dict[tuple[str, str | None], date] = {}
    for line in world.document_lines:
        document = world.documents[line.document]
        if document.kind not in ("invoice", "credit_note") or not document.exists(day):
            continue
        customer = customer_of[document.ordering]
        quantity = document.sign * line.quantity
        discount = ZERO
        if line.discount and line.price is not None and line.net is not None:
            discount = document.sign * (line.price * line.quantity - line.net)
        base = times(times(line.net, Decimal(document.sign)), document.rate)
        factor = rate(
            world, own_currency(world, document.entity), REPORTING, document.document_date
        )
        rows[line.key,] = {
            "customer_id": customer,
            "account_key": document.ordering,
            "bill_to_account_key": document.account,
            "document_key": document.key,
            "posting_date": document.starts,
            "item_key": line.item,
            "quantity": quantity,
            "unit_price": line.price,
            "discount_amount": discount,
            "currency": document.currency,
            "net_amount": times(line.net, Decimal(document.sign)),
            "net_base": base,
            "net_reporting": times(base, factor),
        }
        if quantity > 0 and line.item and document.kind == "invoice":
            bought = (customer, line.item)
            last[bought] = max(document.starts, last.get(bought, document.starts))
    for row in rows.values():
        row["last_purchase_date"] = last.get((row["customer_id"], row["item_key"]))
    return rows


def invoices(world: World, day: date, customer_of: dict[str, str]) -> Rows:
    """Invoice or credit note to its figures; a credit note is negative."""
    nets: dict[str, Decimal] = defaultdict(Decimal)
    lines: dict[str, int] = defaultdict(int)
    for line in world.document_lines:
        nets[line.document] += line.net or ZERO
        lines[line.document] += 1
    left: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    late: dict[str, int | None] = defaultdict(lambda: None)
    for item in open_items(world, day):
        left[item.document.key][0] += item.residual
        left[item.document.key][1] += item.base
        if item.residual > 0 and item.days_overdue(day):
            late[item.document.key] = max(late[item.document.key] or 0, item.days_overdue(day))
    settled: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for allocation in world.allocations:
        if in_effect(world, allocation, day):
            if world.documents[allocation.credit].kind in MONEY:
                settled[allocation.debit][0] += allocation.amount
            if world.documents[allocation.debit].kind in MONEY:
                settled[allocation.credit][0] -= allocation.credit_amount
            settled[allocation.debit][1] += allocation.amount - allocation.credit_amount
    paid_from = KeyFigures(world, lambda _: {}, customer_of).paid_from
    rows: Rows = {}
    for document in world.documents.values():
        if document.kind not in ("invoice", "credit_note") or not document.exists(day):
            continue
        own = own_currency(world, document.entity)
        then = rate(world, own, REPORTING, document.document_date)
        net = document.sign * net_of(world, document, nets)
        (paid, taken), (open_amount, open_base) = settled[document.key], left[document.key]
        since = None
        for change, found in paid_from.get(document.key, ()):
            since = found if change <= day else since
        amount = document.sign * document.amount
        due = due_date(world, document) if document.is_debit else document.document_date
        rows[document.key,] = {
            "document_type": document.kind,
            "customer_id": customer_of[document.ordering],
            "account_key": document.ordering,
            "bill_to_account_key": document.account,
            "lines": lines[document.key],
            "document_date": document.document_date,
            "posting_date": document.starts,
            "due_date": due,
            "currency": document.currency,
            "amount": amount,
            "amount_base": document.sign * document.base,
            "amount_reporting": times(document.sign * document.base, then),
            "net_amount": net,
            "net_base": net * document.rate,
            "net_reporting": times(net * document.rate, then),
            "open_amount": open_amount,
            "open_amount_base": open_base,
            "open_amount_reporting": times(open_base, rate(world, own, REPORTING, day)),
            "days_to_pay": since and (since - document.document_date).days,
            "days_overdue": late[document.key],
            "paid": paid,
            "credited": amount - open_amount - paid,
            "discount_taken": taken,
            "payment_status": status(document, amount, open_amount, paid),
        }
    return rows


def status(document: Document, amount: Decimal, left: Decimal, paid: Decimal) -> str:
    if left == amount:
        return "open" if amount else "nothing_to_pay"
    if document.kind == "credit_note":
        return "part_used" if left else "used"
    return "part_paid" if left else "paid" if paid else "credited"


def payments(world: World, day: date, customer_of: dict[str, str]) -> Rows:
    """Allocation, or payment with something left, to its figures."""
    rows: Rows = {}
    paid_from = KeyFigures(world, lambda _: {}, customer_of).paid_from
    for allocation in world.allocations:
        if not in_effect(world, allocation, day):
            continue
        debit, credit = world.documents[allocation.debit], world.documents[allocation.credit]
        discount = allocation.amount - allocation.credit_amount
        factor = rate(world, own_currency(world, credit.entity), REPORTING, credit.document_date)
        days_to_pay = None
        for change, since in paid_from.get(debit.key, ()):
            if change <= day:
                days_to_pay = since and (since - debit.document_date).days
        rows[allocation.key,] = {
            "customer_id": customer_of[credit.account],
            "payment_key": credit.key,
            "document_key": debit.key,
            "payment_date": credit.document_date,
            "currency": debit.currency,
            "amount": allocation.amount,
            "payment_amount": allocation.credit_amount,
            "discount_taken": discount,
            "amount_base": allocation.base,
            "discount_taken_base": to_cent(discount * credit.rate),
            "amount_reporting": times(allocation.base, factor),
            "days_to_pay": days_to_pay,
        }
    left: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for item in open_items(world, day):
        if not item.document.is_debit:
            left[item.document.key][0] -= item.residual
            left[item.document.key][1] -= item.base
    for key, (amount, base) in left.items():
        credit = world.documents[key]
        factor = rate(world, own_currency(world, credit.entity), REPORTING, day)
        rows[f"{key}/unallocated",] = {
            "customer_id": customer_of[credit.account],
            "payment_key": key,
            "document_key": None,
            "payment_date": credit.document_date,
            "currency": credit.currency,
            "amount": amount,
            "payment_amount": amount,
            "discount_taken": ZERO,
            "amount_base": base,
            "discount_taken_base": ZERO,
            "amount_reporting": times(base, factor),
            "days_to_pay": None,
        }
    return rows


def shipments(world: World, day: date, customer_of: dict[str, str]) -> Rows:
    rows: Rows = {}
    for line in world.shipments.values():
        if line.day <= day:
            order_line = world.order_lines.get(line.order_line or "")
            rows[line.key,] = {
                "customer_id": customer_of[line.shipment.account],
                "shipment_no": line.shipment.number,
                "shipped_on": line.day,
                "carrier": line.shipment.carrier,
                "tracking": line.shipment.tracking,
                "item_key": line.item,
                "quantity": line.quantity,
                "order_key": order_line and order_line.order,
                "order_line_key": line.order_line,
            }
    return rows


def returns(world: World, day: date, customer_of: dict[str, str]) -> Rows:
    rows: Rows = {}
    for item in world.returns:
        if item.day > day:
            continue
        line = world.order_lines.get(order_line_of(world, item) or "")
        order = world.orders.get((line and line.order) or item.order or "")
        account = world.accounts[item.account]
        own = own_currency(world, account.entity)
        currency = order.currency if order else account.currency or own
        base = times(item.value, order.rate if order else rate(world, currency, own, item.day))
        note = world.documents.get(item.credit_document or "")
        rows[item.key,] = {
            "customer_id": customer_of[item.account],
            "return_no": item.number,
            "returned_on": item.day,
            "reason": item.reason,
            "item_key": item.item,
            "quantity": item.quantity,
            "currency": currency,
            "value": item.value,
            "value_base": base,
            "value_reporting": times(base, rate(world, own, REPORTING, item.day)),
            "order_key": order and order.key,
            "credit_document_key": note.key if note and note.exists(day) else None,
        }
    return rows
