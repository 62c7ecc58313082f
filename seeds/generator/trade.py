"""Two and a half years of ordering, shipping and invoicing, account by account."""

from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from random import Random

from .accounts import started
from .catalogue import list_price
from .ledger import Ledger
from .model import ZERO, Account, Document, Item, Order, OrderLine, Return, cents

_ORDERS_A_MONTH = {"L": 1.15, "M": 0.42, "S": 0.15}
_BUDGET = {"L": 4200, "M": 1700, "S": 650}  # EUR a line, about
_QUIET_SINCE = date(2026, 2, 1)
RETURN_REASONS = ("damaged in transit", "wrong item", "too many ordered", "faulty")


def weekday(day: date) -> date:
    return day + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


class Trade:
    def __init__(self, seed: int, ledger: Ledger, items: list[Item]) -> None:
        self.rng = Random(f"{seed}:trade:{ledger.name}")
        self.ledger = ledger
        self.goods = [i for i in items if not i.is_service and i.status == "active"]
        self.services = [i for i in items if i.is_service]

    def run(self) -> None:
        for account in self.ledger.accounts:
            favourites = self.rng.sample(self.goods, 9)
            day = started(account)
            while True:
                gap = self.rng.expovariate(_ORDERS_A_MONTH[account.size] / 30.4)
                day = weekday(day + timedelta(days=ceil(gap)))
                if day > self._last_day(account):
                    break
                self._fulfil(self.take(account, day, favourites))

    def _last_day(self, account: Account) -> date:
        """One cash-only customer has not bought for months, and owes nothing."""
        quiet = account.plan == "cash only, nothing owed"
        return _QUIET_SINCE if quiet else self.ledger.spec.cutoff

    def take(self, account: Account, on: date, choice: list[Item] | None = None) -> Order:
        """An order of one to four lines, not yet shipped."""
        rng = self.rng
        wait = rng.choice((2, 3, 4, 5, 7, 7, 10, 14)) if rng.random() < 0.93 else 45
        promised = weekday(on + timedelta(days=wait))
        items = rng.sample(choice or self.goods, rng.choices((1, 2, 3, 4), (34, 34, 20, 12))[0])
        lines = [self.line(account, item, promised) for item in items]
        if rng.random() < 0.07:
            service = rng.choice(self.services)
            lines.append(self.line(account, service, promised, Decimal(rng.randint(1, 4))))
        if rng.random() < 0.05:
            lines[0].fulfilment = "drop_ship"
        order = Order(
            id="",
            account=account,
            date=on,
            requested=promised,
            currency=account.currency,
            rate=self.ledger.rate(account, account.currency, on),
            lines=lines,
            salesperson=account.salesperson,
            shipping=account.shipping,
            freight=Decimal("25.00") if rng.random() < 0.2 else ZERO,
            po_number=f"PO-{rng.randint(1000, 99999)}" if rng.random() < 0.6 else None,
            origin=rng.choice(("phone", "e-mail", "web", "visit")),
        )
        return self.ledger.order(order)

    def line(
        self, account: Account, item: Item, promised: date, quantity: Decimal | None = None
    ) -> OrderLine:
        rng = self.rng
        if quantity is None:
            wanted = Decimal(_BUDGET[account.size] * rng.randint(40, 150)) / 100
            quantity = Decimal(max(1, int(wanted / item.price)))
            quantity = quantity if quantity < 40 else quantity // 10 * 10
        return OrderLine(
            id="",
            no=0,
            item=item,
            quantity=quantity,
            price=list_price(item, account.currency, account.price_list),
            discount_pct=Decimal(rng.choice((0, 0, 0, 0, 2, 5, 10))),
            tax_pct=self.ledger.tax_percent(account),
            tax_code=account.tax_code,
            promised=promised,
            fulfilment="service" if item.is_service else "stock",
        )

    def _fulfil(self, order: Order) -> None:
        rng, cutoff = self.rng, self.ledger.spec.cutoff
        slip = rng.choice((-2, -1, 0, 0, 0, 1, 2, 4))
        first = max(order.date, weekday(order.requested + timedelta(days=slip)))
        goods = [line for line in order.lines if line.fulfilment != "service"]
        parts = [(line, line.quantity) for line in goods]
        if rng.random() < 0.16 and any(q > 2 for _, q in parts):
            later = weekday(first + timedelta(days=rng.randint(5, 18)))
            rest = [(line, q - (q // 2 or q)) for line, q in parts]
            parts = [(line, q // 2 or q) for line, q in parts]
            waves = [(first, parts), (later, [(line, q) for line, q in rest if q])]
        else:
            waves = [(first, parts)]
        for place, (on, wave) in enumerate(waves):
            if on > cutoff or not wave:
                break
            last = place == len(waves) - 1
            self._ship_and_bill(order, wave, on, with_services=last)

    def _ship_and_bill(
        self,
        order: Order,
        wave: list[tuple[OrderLine, Decimal]],
        on: date,
        *,
        with_services: bool,
    ) -> None:
        shipment = self.ledger.ship(order, wave, on)
        billed_on = weekday(on + timedelta(days=self.rng.choice((0, 0, 0, 1, 2))))
        if billed_on > self.ledger.spec.cutoff:
            return
        quantities = [(s.line, s.quantity, s) for s in shipment.lines]
        if with_services:
            quantities += [
                (line, line.quantity, None) for line in order.lines if line.fulfilment == "service"
            ]
        first = not any(line.invoiced for line in order.lines)
        self.ledger.bill(order, quantities, billed_on, freight=order.freight if first else ZERO)

    def some_come_back(self, share: float) -> None:
        """Credit notes: a part of an invoice line is credited, half of them after a return."""
        rng, ledger = self.rng, self.ledger
        invoices = [
            d for d in ledger.documents if d.kind == "invoice" and d.lines and d.status == "posted"
        ]
        for invoice in sorted(
            rng.sample(invoices, int(len(invoices) * share)), key=lambda d: (d.on, d.account.id)
        ):
            on = weekday(invoice.on + timedelta(days=rng.randint(6, 24)))
            if on > ledger.spec.cutoff:
                continue
            credit = self.credit(invoice, on)
            if invoice.open >= credit.open and rng.random() < 0.85:
                ledger.allocate(invoice, credit, on)

    def credit(self, invoice: Document, on: date) -> Document:
        rng, ledger = self.rng, self.ledger
        billed = rng.choice(invoice.lines)
        quantity = max(Decimal(1), billed.quantity // rng.choice((2, 3, 4)))
        share = quantity / billed.quantity
        net, tax = cents(billed.net * share), cents(billed.tax * share)
        rate = ledger.rate(invoice.account, invoice.currency, on)
        line = ledger.line(invoice.account, billed.order_line, quantity, rate, None)
        line.net, line.tax, line.base_net = net, tax, cents(net * rate)
        back = billed.shipment_line is not None and rng.random() < 0.5
        credit = ledger.post(
            "credit_note", invoice.ordering, on, invoice.currency, lines=[line],
            reference=None, rate=rate,
        )  # fmt: skip
        line.order_line = None
        credit.reference = "credit"
        if back and billed.order_line and invoice.order:
            ledger.returns.append(
                Return(
                    "", invoice.ordering, on - timedelta(days=3), rng.choice(RETURN_REASONS),
                    invoice.order, billed.order_line, billed.shipment_line, quantity, credit,
                )
            )  # fmt: skip
        return credit
