"""Orders that wait, and why: every state an order line can be in at the as-of date."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .catalogue import LEFT_THE_FIRM
from .ledger import Ledger
from .model import AS_OF, ZERO, Account, Item, Order, OrderLine, Return, cents
from .plans import PLANS
from .trade import RETURN_REASONS, Trade, weekday

UNKNOWN_SHIPPING = "BIKE"
_HOLDS = ("price to be confirmed", "waiting for the drawing", "export papers")


@dataclass
class Backlog:
    seed: int
    ledger: Ledger
    trade: Trade
    notes: list[tuple[str, Order]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.seed}:backlog:{self.ledger.name}")
        self._ordinary = [a for a in self.ledger.accounts if a.plan == "ordinary"]

    def run(self) -> None:
        self._waiting_for_credit()
        self._not_released()
        self._cancelled()
        self._partly_done()
        self._odd_lines()
        self._unknown_codes()
        self._due_later()

    def _order(self, kind: str, ago: int, account: Account | None = None, wait: int = 9) -> Order:
        """An order of so many days ago, promised `wait` days after it was taken."""
        account = account or self.rng.choice(self._ordinary)
        order = self.trade.take(account, weekday(AS_OF - timedelta(days=ago)))
        order.requested = weekday(order.date + timedelta(days=wait))
        for line in order.lines:
            line.promised = order.requested
        order.note = kind
        self.notes.append((kind, order))
        return order

    def _goods(self, order: Order) -> list[OrderLine]:
        return [line for line in order.lines if line.fulfilment != "service"]

    def _waiting_for_credit(self) -> None:
        held = [a for a in self.ledger.accounts if PLANS.get(a.plan, (0, False))[1]]
        for place, account in enumerate(held):
            if place % 4 != 3:
                order = self._order("customer on credit hold", 6 + place, account)
                if place == 1 or account.plan == "status blocked":
                    order.prepaid = cents(order.net + order.tax)

    def _not_released(self) -> None:
        for place in range(5):
            self._order("draft", 2 + 3 * place).forced_status = "draft"
        for place in range(3):
            order = self._order("on hold", 11 + 4 * place)
            order.forced_status, order.hold_reason = "on_hold", _HOLDS[place]

    def _cancelled(self) -> None:
        for place in range(5):
            order = self._order("cancelled", 40 + 25 * place)
            order.forced_status = "cancelled"
            order.cancelled_on = None if place == 0 else order.date + timedelta(days=8)
            for line in order.lines:
                line.cancelled, line.cancelled_on = line.quantity, order.cancelled_on
        if self.ledger.spec.cutoff > AS_OF:
            order = self._order("cancelled after the as-of date", 12)
            order.forced_status, order.cancelled_on = "cancelled", self.ledger.spec.cutoff
            for line in order.lines:
                line.cancelled, line.cancelled_on = line.quantity, order.cancelled_on

    def _partly_done(self) -> None:
        for place in range(4):
            order = self._order("closed short", 26 + 3 * place)
            self._ship_and_bill(order, order.requested, share=2)
            for line in order.lines:
                line.closed_short = True
        for place in range(6):
            order = self._order("part shipped", 21 + 2 * place)
            for line in self._goods(order):
                line.quantity = max(line.quantity, Decimal(6))
            self._ship_and_bill(order, order.requested, share=3)
        for place in range(2):
            order = self._order("shipped, not invoiced", 15 + place)
            self.ledger.ship(order, [(x, x.quantity) for x in self._goods(order)], order.requested)
        for place in range(2):
            order = self._order("returned before it was invoiced", 24 + place)
            shipment = self.ledger.ship(
                order, [(x, x.quantity) for x in self._goods(order)], order.requested
            )
            first = shipment.lines[0]
            first.line.returned = Decimal(1)
            back = order.requested + timedelta(days=4)
            self.ledger.returns.append(
                Return(
                    "", order.account, back, RETURN_REASONS[place], order, first.line, first,
                    Decimal(1),
                )
            )  # fmt: skip
        for place in range(2):
            order = self._order("one line partly cancelled", 13 + place)
            line = max(order.lines, key=lambda found: found.quantity)
            line.cancelled = line.quantity // 2
            line.cancelled_on = order.date + timedelta(days=3) if line.cancelled else None

    def _ship_and_bill(self, order: Order, on: date, share: int) -> None:
        parts = [(x, max(Decimal(1), x.quantity // share)) for x in self._goods(order)]
        shipment = self.ledger.ship(order, parts, on)
        self.ledger.bill(order, [(s.line, s.quantity, s) for s in shipment.lines], on)

    def _odd_lines(self) -> None:
        for place in range(2):
            order = self._order("line without a price", 5 + place)
            order.lines[0].price = None
        for place in range(2):
            order = self._order("over-delivered", 17 + place)
            extra = [(x, x.quantity + 1) for x in self._goods(order)]
            shipment = self.ledger.ship(order, extra, order.requested)
            if place:
                self.ledger.bill(
                    order, [(s.line, s.line.quantity, s) for s in shipment.lines], order.requested
                )
        for place in range(3):
            order = self._order("prepaid", 8 + place, wait=20)
            order.prepaid = cents((order.net + order.tax) / 2)
        for place in range(3):
            order = self._order("services only", 20 + 6 * place, wait=12)
            service = self.rng.choice(self.trade.services)
            order.lines = [
                self.trade.line(order.account, service, order.requested, Decimal(2 + place))
            ]
        for place in range(3):
            order = self._order("drop ship", 14 + place)
            for line in self._goods(order):
                line.fulfilment = "drop_ship"

    def _unknown_codes(self) -> None:
        for place in range(3):
            order = self._order("shipping method not in the list", 6 + place)
            order.shipping = UNKNOWN_SHIPPING
        order = self._order("salesperson who left", 9)
        order.salesperson = LEFT_THE_FIRM.code(self.ledger.name)

    def _due_later(self) -> None:
        for place in range(4):
            self._order("due later", 10 + place, wait=40 + 7 * place)

    def empty_shelves(self, items: list[Item]) -> dict[str, int]:
        """Stock on hand of each item: five wanted items are sold out, the others suffice."""
        wanted: dict[str, Decimal] = {}
        for order in self.ledger.orders:
            if order.forced_status in ("draft", "cancelled"):
                continue
            for line in order.lines:
                if line.fulfilment == "stock":
                    wanted[line.item.code] = wanted.get(line.item.code, ZERO) + line.to_ship
        busiest = sorted(wanted, key=lambda code: (-wanted[code], code))
        sold_out = set(busiest[3:12:2])
        return {
            item.code: self.rng.randint(0, 1) * (item.code in busiest[3:6])
            if item.code in sold_out
            else int(wanted.get(item.code, ZERO)) + self.rng.randint(20, 400)
            for item in items
            if not item.is_service
        }
