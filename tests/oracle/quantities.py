"""What an order line had shipped, invoiced, returned and cancelled on a day.

Rules stated here: quantities come from dated shipment and invoice lines. A draft order counts
nothing; a later status never removes an order from an earlier date; a cancellation counts from
its day, or from the start where that is unknown. Closed short: nothing more to ship; that status
bears no date, and before the order's last shipment or invoice it was not closed. Services have
nothing to ship. What came back before it was invoiced is not billed; a return does not
re-open a line. To bill = max(ordered - cancelled, shipped) - invoiced.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .records import Order, OrderLine, Return, World

ZERO = Decimal(0)


@dataclass(frozen=True)
class LineState:
    line: OrderLine
    order: Order
    ordered: Decimal
    shipped: Decimal
    invoiced: Decimal
    drafted: Decimal
    returned: Decimal
    is_closed: bool

    @property
    def wanted(self) -> Decimal:
        """What is still to be delivered in the end; a line closed short ends at what left."""
        return self.shipped if self.is_closed else self.ordered

    @property
    def to_ship(self) -> Decimal:
        if self.line.kind == "service":
            return ZERO
        return max(self.wanted - self.shipped, ZERO)

    @property
    def to_bill(self) -> Decimal:
        return max(max(self.wanted, self.shipped) - self.returned - self.invoiced, ZERO)

    @property
    def open_order(self) -> Decimal:
        """Ordered and neither shipped nor invoiced; a draft invoice is exposure of its own."""
        return max(self.wanted - max(self.shipped, self.invoiced + self.drafted), ZERO)

    @property
    def shipped_not_invoiced(self) -> Decimal:
        return max(self.shipped - self.returned - self.invoiced - self.drafted, ZERO)

    def share(self, amount: Decimal | None, quantity: Decimal) -> Decimal:
        if amount is None or not self.line.ordered:
            return ZERO
        return amount * quantity / self.line.ordered

    def value(self, quantity: Decimal) -> Decimal:
        """Including tax; nothing where the line states no price."""
        return self.share(self.line.net, quantity) + self.share(self.line.tax, quantity)


def cancelled(order: Order, line: OrderLine, day: date) -> Decimal:
    on = line.cancelled_on or order.cancelled_on
    quantity = line.ordered if order.status == "cancelled" else line.cancelled
    return quantity if on is None or on <= day else ZERO


def returned_uninvoiced(world: World, day: date) -> dict[str, Decimal]:
    """Return line to the part of it that had not been invoiced when it came back."""
    uninvoiced: dict[str, Decimal] = {}
    before: dict[str, Decimal] = defaultdict(Decimal)
    for item in sorted(world.returns, key=lambda item: item.day):
        line = order_line_of(world, item)
        if line is None or item.day > day:
            continue
        left = moved(world, item.day)[line] - billed(world, item.day)[0][line] - before[line]
        uninvoiced[item.key] = min(item.quantity, max(left, ZERO))
        before[line] += uninvoiced[item.key]
    return uninvoiced


def order_line_of(world: World, item: Return) -> str | None:
    shipment = world.shipments.get(item.shipment_line or "")
    return shipment.order_line if shipment else None


def moved(world: World, day: date) -> dict[str, Decimal]:
    shipped: dict[str, Decimal] = defaultdict(Decimal)
    for movement in world.shipments.values():
        if movement.order_line and movement.day <= day:
            shipped[movement.order_line] += movement.quantity
    return shipped


def billed(world: World, day: date) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Order line to what posted invoices hold, and to what draft invoices hold."""
    posted: dict[str, Decimal] = defaultdict(Decimal)
    drafted: dict[str, Decimal] = defaultdict(Decimal)
    for line in world.document_lines:
        document = world.documents[line.document]
        if line.order_line is None or document.kind != "invoice":
            continue
        if document.exists(day):
            posted[line.order_line] += line.quantity
        elif document.status == "draft" and document.document_date <= day:
            drafted[line.order_line] += line.quantity
    return posted, drafted


def last_movements(world: World) -> dict[str, date]:
    """Order to the day of its last shipment or posted invoice."""
    days: dict[str, date] = {}
    moves = [(move.order_line, move.day) for move in world.shipments.values()]
    for line in world.document_lines:
        document = world.documents[line.document]
        if document.status == "posted" and document.kind == "invoice":
            moves.append((line.order_line, document.starts))
    for key, day in moves:
        line = world.order_lines.get(key or "")
        if line is not None:
            days[line.order] = max(day, days.get(line.order, day))
    return days


def line_states(world: World, day: date) -> dict[str, LineState]:
    """Every line of an order that exists on the day, drafts included."""
    shipped = moved(world, day)
    posted, drafted = billed(world, day)
    came_back: dict[str, Decimal] = defaultdict(Decimal)
    uninvoiced = returned_uninvoiced(world, day)
    for item in world.returns:
        if item.key in uninvoiced:
            came_back[str(order_line_of(world, item))] += uninvoiced[item.key]
    states = {}
    last = last_movements(world)
    for line in world.order_lines.values():
        order = world.orders[line.order]
        if order.order_date <= day:
            states[line.key] = LineState(
                line=line,
                order=order,
                ordered=max(line.ordered - cancelled(order, line, day), ZERO),
                shipped=shipped[line.key],
                invoiced=posted[line.key],
                drafted=drafted[line.key],
                returned=came_back[line.key],
                is_closed=line.closed_short and last.get(line.order, day) <= day,
            )
    return states
