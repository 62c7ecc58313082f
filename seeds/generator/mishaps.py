"""What goes wrong, or just differently, in receivables: each planted on an invoice of its own.

The note of each mishap goes to the truth, with the document it stands on.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .cash import STOPPED, Cash
from .ledger import Ledger
from .model import AS_OF, CENT, ZERO, Account, Allocation, Document, cents
from .trade import Trade, weekday


@dataclass
class Dispute:
    document: Document
    amount: Decimal
    reason: str
    opened: date | None
    closed: date | None
    owner: str


@dataclass
class Promise:
    account: Account
    document: Document | None
    made_on: date
    due: date
    amount: Decimal
    kept: bool | None


@dataclass
class Letter:
    account: Account
    level: int
    sent_on: date
    documents: list[Document]
    fee: Decimal | None
    state: str


# level → days overdue at which it was sent, fee in the account's currency
_LEVELS = {1: (9, None), 2: (24, Decimal("10.00")), 3: (50, Decimal("25.00"))}


@dataclass
class Mishaps:
    seed: int
    ledger: Ledger
    trade: Trade
    cash: Cash
    disputes: list[Dispute] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    notes: list[tuple[str, Document, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.seed}:mishaps:{self.ledger.name}")
        taken = {id(a.bill_to) for a in self.ledger.accounts}
        self._free = [
            a
            for a in self.ledger.accounts
            if a.plan == "ordinary" and a.bill_to is None and a.size != "L" and id(a) not in taken
        ]
        self.rng.shuffle(self._free)
        self._free.sort(key=lambda account: account.size == "M")  # popped from the end

    def run(self) -> None:
        self._late_payers()
        self._part_of_it_stays_open()
        self._instalments()
        self._write_offs()
        self._reversals()
        self._refunds()
        self._on_account()
        self._drafts_and_voids()
        self._odd_dates()
        self._other_debits()

    def invoice(self, account: Account, due: date) -> Document:
        """A shipped and billed order whose invoice falls due on the given day."""
        on = weekday(due - timedelta(days=30))
        order = self.trade.take(account, on - timedelta(days=6))
        goods = [line for line in order.lines if line.fulfilment != "service"]
        shipment = self.ledger.ship(order, [(line, line.quantity) for line in goods], on)
        quantities = [(s.line, s.quantity, s) for s in shipment.lines]
        quantities += [
            (line, line.quantity, None) for line in order.lines if line.fulfilment == "service"
        ]
        document = self.ledger.bill(order, quantities, on, freight=order.freight)
        document.due = due
        return document

    def _note(self, kind: str, document: Document, detail: str = "") -> None:
        self.notes.append((kind, document, detail))

    def _ordinary(self) -> Account:
        return self._free.pop()

    def _late_payers(self) -> None:
        """One invoice as old as the plan says, the newer ones left unpaid by `cash`."""
        for account in self.ledger.accounts:
            oldest = STOPPED.get(account.plan)
            if oldest is None:
                continue
            times = 6 if account.plan == "large overdue" else 1
            for place in range(times):
                late = self.invoice(account, AS_OF - timedelta(days=oldest - 2 - 3 * place))
                self._note(account.plan, late)
            self._write_letters(late)
            if account.plan in ("late 61", "late 90"):
                self.disputes.append(
                    Dispute(late, cents(late.open / 2), "price", late.on, None, "credit control")
                )
                self._note("dispute", late, str(cents(late.open / 2)))
            if account.plan == "late 31":
                kept = date(2026, 7, 10)
                self.promises.append(
                    Promise(account, late, date(2026, 6, 22), kept, late.open, None)
                )
                self._note("promise", late, kept.isoformat())
            if account.plan == "late 90":
                broken = date(2026, 5, 15)
                self.promises.append(
                    Promise(account, late, date(2026, 5, 2), broken, late.open, False)
                )

    def _write_letters(self, late: Document) -> None:
        for level, (days, fee) in _LEVELS.items():
            sent_on = weekday(late.due + timedelta(days=days))
            if sent_on <= AS_OF:
                self.letters.append(Letter(late.account, level, sent_on, [late], fee, "sent"))

    def _part_of_it_stays_open(self) -> None:
        account = self._ordinary()
        cent = self.invoice(account, AS_OF - timedelta(days=9))
        receipt = self.cash.receipt(account, date(2026, 6, 24), cent.currency, cent.open - CENT)
        self.ledger.allocate(cent, receipt, receipt.on)
        self._note("a cent stays open", cent)
        for days in (4, 15, 26):
            account = self._ordinary()
            part = self.invoice(account, AS_OF - timedelta(days=days))
            paid = cents(part.open * 40 / 100)
            receipt = self.cash.receipt(account, date(2026, 6, 26), part.currency, paid)
            self.ledger.allocate(part, receipt, receipt.on)
            self._note("part payment", part)
        for closed in (None, date(2026, 6, 12)):
            disputed = self.invoice(self._ordinary(), AS_OF - timedelta(days=12))
            opened = None if closed is None else date(2026, 6, 3)
            self.disputes.append(
                Dispute(disputed, disputed.open, "short delivery", opened, closed, "sales")
            )
            self._note("dispute", disputed, "closed" if closed else "undated")

    def _instalments(self) -> None:
        for place in range(4):
            account = self._ordinary()
            bought = self.invoice(account, AS_OF + timedelta(days=15 - place))
            parts = [(30, bought.on + timedelta(days=14))]
            parts += [(50, bought.on + timedelta(days=45)), (20, bought.on + timedelta(days=75))]
            self.ledger.instalments(bought, parts)
            if place:
                paid = bought.instalments[0].amount + (CENT * 5000 if place == 2 else ZERO)
                receipt = self.cash.receipt(account, date(2026, 6, 25), bought.currency, paid)
                self.ledger.allocate(bought, receipt, receipt.on)
            self._note("instalments", bought, "30/50/20")

    def _write_offs(self) -> None:
        for place in range(4):
            account = self._ordinary()
            short = self.invoice(account, date(2026, 2, 10) + timedelta(days=17 * place))
            missing = cents(Decimal(self.rng.randint(40, 1990)) / 100)
            receipt = self.cash.receipt(
                account, short.due + timedelta(days=3), short.currency, short.open - missing
            )
            self.ledger.allocate(short, receipt, receipt.on)
            written = self.ledger.post(
                "write_off", account, short.due + timedelta(days=18), short.currency, amount=missing
            )
            self.ledger.allocate(short, written, written.on)
            self._note("write-off", short, str(missing))

    def _reversals(self) -> None:
        """An allocation to the wrong invoice, put right; and payments that the bank took back."""
        for place in range(3):
            account = self._ordinary()
            due = date(2026, 4, 20) + timedelta(days=14 * place)
            wrong, right = self.invoice(account, due), self.invoice(account, due)
            smaller = min(wrong.open, right.open)
            receipt = self.cash.receipt(account, due, wrong.currency, smaller)
            mistaken = self.ledger.allocate(wrong, receipt, due, smaller)
            corrected = due + timedelta(days=9)
            self.ledger.reverse(mistaken, corrected)
            self.ledger.allocate(right, receipt, corrected, smaller)
            self._note("reversed allocation", wrong, corrected.isoformat())
            self._pay_rest(account, [wrong, right], due + timedelta(days=16))
        for place in range(2):
            account = self._ordinary()
            due = date(2026, 6, 8) - timedelta(days=60 * place)
            billed = self.invoice(account, due)
            receipt = self.cash.receipt(account, due, billed.currency, billed.open)
            first = self.ledger.allocate(billed, receipt, due)
            self._returned(account, billed, receipt, first, due + timedelta(days=6))
            if place:
                self._pay_rest(account, [billed], due + timedelta(days=20))

    def _returned(
        self, account: Account, billed: Document, receipt: Document, first: Allocation, on: date
    ) -> None:
        self.ledger.reverse(first, on)
        back = self.ledger.post(
            "payment_return", account, on, billed.currency, amount=receipt.amount, rate=receipt.rate
        )
        self.ledger.allocate(back, receipt, on)
        self._note("returned payment", billed, on.isoformat())

    def _pay_rest(self, account: Account, documents: list[Document], on: date) -> None:
        for document in documents:
            if document.open > 0 and on <= AS_OF:
                receipt = self.cash.receipt(account, on, document.currency, document.open)
                self.ledger.allocate(document, receipt, on)

    def _refunds(self) -> None:
        for place in range(3):
            account = self._ordinary()
            on = date(2026, 3, 3) + timedelta(days=30 * place)
            twice = self.cash.receipt(account, on, account.currency, Decimal(400 + 135 * place))
            refund = self.ledger.post(
                "refund", account, on + timedelta(days=8), account.currency,
                amount=twice.amount, rate=twice.rate,
            )  # fmt: skip
            self.ledger.allocate(refund, twice, refund.on)
            self._note("refund", refund)

    def _on_account(self) -> None:
        for place in range(6):
            account = self._ordinary()
            on = date(2026, 6, 29) - timedelta(days=23 * place)
            receipt = self.cash.receipt(account, on, account.currency, Decimal(1250 + 310 * place))
            self._note("unallocated cash", receipt)

    def _drafts_and_voids(self) -> None:
        for place in range(8):
            account = self._ordinary() if place < 3 else self.rng.choice(self._free)
            draft = self.invoice(account, date(2026, 7, 24))
            draft.on, draft.posted_on, draft.status = AS_OF - timedelta(days=place), None, "draft"
            for line in draft.lines:
                line.order_line.invoiced -= line.quantity
            self._note("draft invoice", draft)
        for place in range(5):
            account = self.rng.choice(self._free)
            void = self.invoice(account, date(2026, 5, 20) + timedelta(days=9 * place))
            void.status = "void"
            void.voided_on = None if place == 4 else void.on + timedelta(days=4)
            for line in void.lines:
                line.order_line.invoiced -= line.quantity
            again = self.ledger.bill(
                void.order,
                [(line.order_line, line.quantity, line.shipment_line) for line in void.lines],
                void.on + timedelta(days=4),
                freight=void.freight,
            )
            self._pay_rest(account, [again], min(again.due, AS_OF))
            self._note("voided invoice", void, "undated" if place == 4 else "")

    def _odd_dates(self) -> None:
        for _ in range(3):
            undated = self.invoice(self._ordinary(), AS_OF + timedelta(days=6))
            undated.due = None
            self._note("no due date", undated)
        early = self.invoice(self._ordinary(), AS_OF - timedelta(days=5))
        early.due = early.on - timedelta(days=2)
        self._note("due before the document date", early)
        receipt = self.cash.receipt(early.account, AS_OF, early.currency, early.open)
        self.ledger.allocate(early, receipt, AS_OF)

    def _other_debits(self) -> None:
        for place in range(3):
            account = self._ordinary()
            opening = self.ledger.post(
                "opening_balance", account, date(2024, 1, 2), account.currency,
                amount=Decimal(860 + 440 * place), sign=1,
            )  # fmt: skip
            opening.due = date(2024, 1, 31)
            self._pay_rest(account, [opening], date(2024, 2, 6))
            self._note("opening balance", opening)
        for place in range(2):
            account = self._ordinary()
            charge = self.ledger.post(
                "finance_charge", account, date(2026, 6, 3 + 9 * place), account.currency,
                amount=Decimal("12.50"),
            )  # fmt: skip
            self._note("finance charge", charge)
        account = self._ordinary()
        journal = self.ledger.post(
            "journal", account, date(2026, 6, 17), account.currency,
            amount=Decimal("75.00"), sign=-1,
        )  # fmt: skip
        self._note("journal", journal, "goodwill")
        account = self._ordinary()
        undone = self.ledger.post(
            "credit_note", account, date(2026, 6, 10), account.currency, amount=Decimal("-48.00"),
        )  # fmt: skip
        undone.net, undone.tax = undone.amount, ZERO
        self._note("credit note taken back", undone)
