"""What is unprocessed at a date: ERP orders, CRM orders and accepted quotes.

Rules stated here: an order is listed while a line of it has quantity to ship or to bill; draft
orders wait for approval. A CRM order or accepted quote is listed while no ERP order answers it.
The order's own total and the open net value of its lines (of the larger of quantity to ship and
to bill; a line without a price adds nothing, null where none has one) are two columns. Days late
count from the line's promised date, else the order's promised, else its requested date.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from .quantities import LineState, line_states
from .records import FrontOrder, World

ZERO = Decimal(0)


@dataclass
class Unprocessed:
    """One order that waits; `reasons` are those that the extracts alone prove."""

    kind: str
    currency: str
    order_total: Decimal | None
    to_ship: Decimal = ZERO
    to_bill: Decimal = ZERO
    open_net: Decimal | None = None
    days_late: int = 0
    is_draft: bool = False
    delivers: bool = False
    bills_services: bool = False
    is_prepaid: bool = False
    reasons: set[str] = field(default_factory=set)


def due_day(state: LineState) -> date | None:
    return state.line.promised or state.order.promised or state.order.requested


def erp_orders(world: World, day: date) -> dict[str, Unprocessed]:
    rows: dict[str, Unprocessed] = {}
    by_order: dict[str, list[LineState]] = defaultdict(list)
    short = back_orders(world, day)
    for state in line_states(world, day).values():
        if state.to_ship or state.to_bill:
            by_order[state.order.key].append(state)
    for key, states in by_order.items():
        order = states[0].order
        row = rows[key] = Unprocessed("erp_order", order.currency, order.total)
        for state in states:
            quantity = max(state.to_ship, state.to_bill)
            row.to_ship += state.to_ship
            row.to_bill += state.to_bill
            if short.get(state.line.key):
                row.reasons.add("no_stock")
            if state.line.net is not None:
                row.open_net = (row.open_net or ZERO) + state.share(state.line.net, quantity)
            due = due_day(state)
            if due is not None:
                row.days_late = max(row.days_late, (day - due).days, 0)
                if due > day and (state.to_ship or state.line.kind == "service"):
                    row.reasons.add("due_later")
            is_later = due is not None and due > day
            if state.to_ship or (state.line.kind == "service" and is_later):
                row.delivers = True
            elif state.line.kind == "service":
                row.bills_services = True
        row.is_prepaid = is_prepaid(by_order[key], order.prepaid)
        row.is_draft = order.status == "draft"
        if row.is_draft:
            row.reasons.add("awaiting_approval")
    return rows


def back_orders(world: World, day: date) -> dict[str, Decimal]:
    """Order line to what the stock on hand leaves of it: the earliest due is served first, then
    the older order; a draft takes nothing."""
    left = dict(world.stock)
    waiting = [
        state
        for state in line_states(world, day).values()
        if state.to_ship and state.line.kind == "stock" and state.line.item
    ]
    waiting.sort(
        key=lambda state: (
            due_day(state) or date.max,
            state.order.order_date,
            state.order.key,
            state.line.number,
        )
    )
    short: dict[str, Decimal] = {}
    for state in waiting:
        item = str(state.line.item)
        wanted = ZERO if state.order.status == "draft" else state.to_ship
        served = min(wanted, max(left.get(item, ZERO), ZERO))
        left[item] = left.get(item, ZERO) - served
        short[state.line.key] = wanted - served
    return short


def erp_lines(world: World, day: date) -> dict[str, dict[str, Any]]:
    """Every ERP order line with something to ship or to bill."""
    short = back_orders(world, day)
    rows = {}
    for key, state in line_states(world, day).items():
        if not state.to_ship and not state.to_bill:
            continue
        called_off = state.order.status == "cancelled" and not state.ordered
        quantity = max(state.to_ship, state.to_bill)
        rows[key] = {
            "order_key": state.order.key,
            "qty_to_ship": state.to_ship,
            "qty_back_ordered": short.get(key, ZERO),
            "qty_to_invoice": state.to_bill,
            "qty_over_delivered": max(state.shipped - state.ordered, ZERO) * (not called_off),
            "is_closed_short": state.is_closed,
            "open_net": None
            if state.line.net is None
            else state.share(state.line.net, quantity),
        }
    return rows


def is_prepaid(states: list[LineState], prepaid: Decimal | None) -> bool:
    """Whether the prepayment covers all that is not invoiced, each line having a price."""
    if not prepaid or any(state.line.net is None for state in states):
        return False
    return prepaid >= sum(
        (state.value(state.open_order + state.shipped_not_invoiced) for state in states), ZERO
    )


def answered(world: World, record: FrontOrder, day: date) -> bool:
    """By an ERP order that the CRM knows by number or that names the quote, or by a CRM order."""
    name = record.key.split("/", 1)[1]
    by_erp = any(
        order.order_date <= day
        and (order.key.split("/", 1)[1] == record.erp_order_ref or order.quote == name)
        for order in world.orders.values()
    )
    return by_erp or any(
        other.quote == record.key and other.day <= day for other in world.front_orders.values()
    )


def front_orders(world: World, day: date) -> dict[str, Unprocessed]:
    rows = {}
    for record in world.front_orders.values():
        wanted = {"quote": ("accepted",), "order": ("open",)}[record.kind]
        if record.status not in wanted or record.day > day:
            continue
        if answered(world, record, day):
            continue
        rows[record.key] = Unprocessed(
            "crm_order" if record.kind == "order" else "crm_quote",
            record.currency,
            record.total,
            to_ship=sum(record.lines, ZERO),
            to_bill=sum(record.lines, ZERO),
            open_net=record.net,
            reasons={"not_handed_over"},
        )
        if record.requested is not None and record.requested > day:
            rows[record.key].reasons.add("due_later")
    return rows
