"""A sub-ledger that can be posted to: orders, shipments, invoices, receipts, allocations.

The primitives keep the books right (open amounts, base values, exchange differences); what
happens to whom is decided elsewhere. `finish` numbers everything in order of date, as a real
system would have done.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from .catalogue import TAX, Terms, cost_in, terms_of
from .model import (
    ORDERS_KEPT_FROM,
    ZERO,
    Account,
    Allocation,
    CreditProfile,
    Document,
    DocumentLine,
    Instalment,
    Order,
    OrderLine,
    Return,
    Shipment,
    ShipmentLine,
    cents,
)
from .rates import Rates


@dataclass(frozen=True)
class Entity:
    id: str
    name: str
    country: str
    currency: str
    controls: tuple[str, str]  # control account of domestic and of foreign customers
    fiscal_start: int


@dataclass(frozen=True)
class Spec:
    name: str
    cutoff: date  # the extract's date: nothing later is known
    entities: dict[str, Entity]
    prefixes: dict[str, str]  # document kind to the first letters of its number
    # the day from which exchange differences wait for a journal; none = posted at once, as entries
    differences_wait_from: date | None = None


def due_date(terms: Terms, on: date) -> date:
    if terms.basis == "end_of_month":
        on = (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return on + timedelta(days=terms.days)


@dataclass
class Ledger:
    spec: Spec
    rates: Rates
    accounts: list[Account] = field(default_factory=list)
    profiles: list[CreditProfile] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.spec.name

    def base_currency(self, account: Account) -> str:
        return self.spec.entities[account.entity].currency

    def rate(self, account: Account, currency: str, on: date) -> Decimal:
        return self.rates.rate(currency, self.base_currency(account), on)

    # orders and shipments

    def order(self, order: Order) -> Order:
        self.orders.append(order)
        return order

    def ship(self, order: Order, quantities: list[tuple[OrderLine, Decimal]], on: date) -> Shipment:
        lines = []
        for line, quantity in quantities:
            shipped = ShipmentLine("", line, quantity)
            line.shipped += quantity
            line.shipments.append(shipped)
            lines.append(shipped)
        carrier = ("Nordstern Fracht", "Kiebitz Parcel", "Own van")[len(self.shipments) % 3]
        shipment = Shipment("", order, on, carrier, f"TR{7_000_000 + len(self.shipments)}", lines)
        shipment.proof = datetime.combine(on + timedelta(days=2), time(10, 15))
        self.shipments.append(shipment)
        return shipment

    def bill(
        self,
        order: Order,
        quantities: list[tuple[OrderLine, Decimal, ShipmentLine | None]],
        on: date,
        *,
        status: str = "posted",
        freight: Decimal = ZERO,
    ) -> Document:
        account = order.account
        rate = self.rate(account, order.currency, on)
        lines = []
        for line, quantity, shipped in quantities:
            line.invoiced += quantity if status == "posted" else Decimal(0)
            lines.append(self.line(account, line, quantity, rate, shipped))
        return self.post(
            "invoice",
            account,
            on,
            order.currency,
            lines=lines,
            order=order,
            status=status,
            freight=freight,
            reference=order.po_number,
        )

    def line(
        self,
        account: Account,
        line: OrderLine,
        quantity: Decimal,
        rate: Decimal,
        shipped: ShipmentLine | None,
    ) -> DocumentLine:
        net = line.net(quantity)
        return DocumentLine(
            "",
            0,
            line.item,
            quantity,
            line.price,
            line.discount_pct,
            net,
            cents(net * rate),
            line.tax(quantity),
            line.tax_code,
            cents(cost_in(line.item, self.base_currency(account)) * quantity),
            line,
            shipped,
        )

    # the receivables side

    def post(
        self,
        kind: str,
        account: Account,
        on: date,
        currency: str,
        *,
        amount: Decimal | None = None,
        sign: int | None = None,
        lines: list[DocumentLine] | None = None,
        order: Order | None = None,
        status: str = "posted",
        freight: Decimal = ZERO,
        reference: str | None = None,
        rate: Decimal | None = None,
    ) -> Document:
        """Posts to the bill-to account; the amount is given or the sum of the lines."""
        payer = account.payer
        lines = lines or []
        net = sum((line.net for line in lines), ZERO)
        tax = sum((line.tax for line in lines), ZERO)
        amount = cents(net + tax + freight if amount is None else amount)
        rate = self.rate(account, currency, on) if rate is None else rate
        debit = kind in ("invoice", "refund", "payment_return", "finance_charge")
        due = due_date(terms_of(self.name, payer.terms), on) if debit else None
        document = Document(
            "",
            "",
            kind,
            sign or (1 if debit else -1),
            payer,
            account,
            on,
            due if kind in ("invoice", "finance_charge") else on if debit else None,
            currency,
            rate,
            amount,
            cents(amount * rate),
            net,
            tax,
            freight,
            None if status == "draft" else on,
            lines,
            order,
            status,
            reference=reference,
        )
        for number, line in enumerate(lines, start=1):
            line.no = number
        document.open, document.base_open = amount, document.base
        self.documents.append(document)
        return document

    def instalments(self, document: Document, parts: list[tuple[int, date]]) -> None:
        """Splits a document: percent and due date of each part; the last takes the rest."""
        left, base_left = document.amount, document.base
        for number, (percent, due) in enumerate(parts, start=1):
            last = number == len(parts)
            amount = left if last else cents(document.amount * percent / 100)
            base = base_left if last else cents(document.base * percent / 100)
            document.instalments.append(Instalment(number, due, amount, base))
            left, base_left = left - amount, base_left - base
        document.due = parts[-1][1]

    def allocate(
        self,
        debit: Document,
        credit: Document,
        on: date,
        amount: Decimal | None = None,
        discount: Decimal = ZERO,
    ) -> Allocation:
        """Clears `amount` of the debit, discount included; by default as much as both have."""
        if debit.sign != 1 or credit.sign != -1 or debit.account is not credit.account:
            raise ValueError("an allocation joins a debit and a credit of one account")
        if amount is None:
            amount = min(debit.open, credit.open + discount)
        paid = amount - discount
        closes_debit, closes_credit = amount == debit.open, paid == credit.open
        cleared = debit.base_open if closes_debit else cents(amount * debit.rate)
        from_credit = credit.base_open if closes_credit else cents(paid * credit.rate)
        base = from_credit + cents(discount * credit.rate)
        allocation = Allocation("", debit, credit, on, amount, paid, base, cleared - base, discount)
        debit.open, credit.open = debit.open - amount, credit.open - paid
        debit.base_open -= cleared
        credit.base_open -= from_credit
        self.allocations.append(allocation)
        return allocation

    def reverse(self, allocation: Allocation, on: date) -> None:
        allocation.reversed_on = on
        allocation.debit.open += allocation.amount
        allocation.credit.open += allocation.credit_amount
        allocation.debit.base_open += allocation.base + allocation.fx_difference
        allocation.credit.base_open += allocation.base - cents(
            allocation.discount * allocation.credit.rate
        )

    def post_exchange_differences(self) -> None:
        """Journals without an amount that clear what payments left open in base currency."""
        waits_from = self.spec.differences_wait_from
        for found in list(self.allocations):
            lasting = found.reversed_on is None and found.fx_difference
            if waits_from is None or not lasting or found.on >= waits_from:
                continue
            debit, difference = found.debit, found.fx_difference
            posted = self.post(
                "fx_revaluation", debit.account, found.on, debit.currency, amount=ZERO, sign=-1,
                rate=found.credit.rate,
            )  # fmt: skip
            posted.base = difference
            self.allocations.append(
                Allocation("", debit, posted, found.on, ZERO, ZERO, difference, ZERO)
            )

    def tax_percent(self, account: Account) -> Decimal:
        return TAX[account.entity][account.tax_code]

    # what the ledger's own control accounts say

    def control_balances(self, on: date) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
        """(entity, control account, currency) to the balance in that currency and in base."""
        sums: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}

        def add(document: Document, amount: Decimal, base: Decimal) -> None:
            account = document.account
            key = (account.entity, account.control, document.currency)
            before = sums.get(key, (ZERO, ZERO))
            sums[key] = (before[0] + amount, before[1] + base)

        for document in self.documents:
            voided = document.status == "void" and (
                document.voided_on is None or document.voided_on <= on
            )
            if document.status != "draft" and not voided and document.on <= on:
                add(document, document.sign * document.amount, document.sign * document.base)
        for found in self.allocations:
            begins = max(found.on, found.debit.on, found.credit.on)
            in_effect = begins <= on and (found.reversed_on is None or found.reversed_on > on)
            if in_effect and found.discount:
                add(found.debit, -found.discount, -cents(found.discount * found.credit.rate))
            if in_effect and self.spec.differences_wait_from is None:
                add(found.debit, ZERO, -found.fx_difference)
        return sums

    # numbers

    def finish(self) -> None:
        """Numbers everything by date. Archived orders keep their invoices and lose their link."""
        archived = [o for o in self.orders if o.date < ORDERS_KEPT_FROM]
        gone = {id(order) for order in archived}
        for document in self.documents:
            if document.order is not None and id(document.order) in gone:
                document.order = None
                for line in document.lines:
                    line.order_line, line.shipment_line = None, None
        self.orders = sorted(
            (o for o in self.orders if id(o) not in gone), key=lambda o: (o.date, o.account.id)
        )
        self.shipments = sorted(
            (s for s in self.shipments if id(s.order) not in gone), key=lambda s: s.on
        )
        self.documents.sort(key=lambda d: (d.on, d.account.id))
        self.allocations.sort(key=lambda a: (a.on, a.debit.account.id))
        self._number_orders()
        self._number_documents()

    def _number_orders(self) -> None:
        prefix = self.spec.prefixes
        line_no = 0
        for place, order in enumerate(self.orders):
            order.id = f"{prefix['order']}{41_000 + place}"
            for number, line in enumerate(order.lines, start=1):
                line_no += 1
                line.id, line.no = f"{prefix['order_line']}{90_000 + line_no}", number * 10
        line_no = 0
        for place, shipment in enumerate(self.shipments):
            shipment.id = f"{prefix['shipment']}{20_500 + place}"
            for line in shipment.lines:
                line_no += 1
                line.id = f"{shipment.id}-{line_no}"
        for place, back in enumerate(sorted(self.returns, key=lambda r: r.on)):
            back.id = f"{prefix['return']}{310 + place}"

    def _number_documents(self) -> None:
        used: dict[str, int] = {}
        line_no = 0
        for place, document in enumerate(self.documents):
            prefix = self.spec.prefixes["draft" if document.status == "draft" else document.kind]
            used[prefix] = used.get(prefix, 0) + 1
            document.no = f"{prefix}{10_000 + used[prefix]}"
            entry_numbers = "entry" in self.spec.prefixes and document.status != "draft"
            document.id = str(200_001 + place) if entry_numbers else document.no
            for line in document.lines:
                line_no += 1
                line.id = f"{document.no}-{line.no}"
        for place, found in enumerate(self.allocations):
            found.id = f"{self.spec.prefixes['allocation']}{5_000 + place}"
