"""How the customers pay: receipts, part payments, discounts, and what goes wrong with them."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .catalogue import terms_of
from .ledger import Ledger
from .model import AS_OF, ZERO, Account, Document, cents
from .trade import weekday

# A customer in order never owes anything this many days after its due date.
_LATEST = 24
# plan → days past due (at the as-of date) from which on such a customer stopped paying
STOPPED = {
    "late 31": 48,
    "late 61": 80,
    "late 90": 200,
    "late and bypassed": 75,
    "late under a wider rule": 44,
    "late under a narrower rule": 17,
    "several reasons": 66,
    "large overdue": 26,
}


class Cash:
    def __init__(self, seed: int, ledger: Ledger) -> None:
        self.rng = Random(f"{seed}:cash:{ledger.name}")
        self.ledger = ledger

    def run(self) -> None:
        owed: dict[tuple[str, str], list[Document]] = defaultdict(list)
        payers: dict[str, Account] = {}
        for document in self.ledger.documents:
            if document.kind == "invoice" and document.status == "posted" and document.open > 0:
                owed[document.account.id, document.currency].append(document)
                payers[document.account.id] = document.account
        for (account_id, _), documents in sorted(owed.items()):
            self._settle(payers[account_id], documents)

    def _settle(self, account: Account, documents: list[Document]) -> None:
        """Groups what falls due in one fortnight into one receipt."""
        slow = self.rng.random() < 0.24
        runs: dict[tuple[int, int], list[tuple[date, Document]]] = defaultdict(list)
        for document in sorted(documents, key=lambda d: d.on):
            stopped = STOPPED.get(account.plan)
            if stopped and (AS_OF - document.due).days < stopped and document.due <= AS_OF:
                continue
            on = self._pays_on(document, slow=slow)
            runs[on.year, on.timetuple().tm_yday // (9 if account.size == "L" else 4)].append(
                (on, document)
            )
        for run in runs.values():
            self._receive(account, max(on for on, _ in run), [d for _, d in run])

    def _pays_on(self, document: Document, *, slow: bool) -> date:
        rng = self.rng
        terms = terms_of(self.ledger.name, document.account.terms)
        if terms.discount_days and rng.random() < 0.55:
            return document.on + timedelta(days=rng.randint(4, terms.discount_days - 2))
        late = rng.randint(5, 21) if slow else rng.randint(-6, 4)
        return max(document.on, weekday(document.due + timedelta(days=late)))

    def _receive(self, account: Account, on: date, documents: list[Document]) -> None:
        rng, ledger = self.rng, self.ledger
        if on > ledger.spec.cutoff:
            return
        documents = [d for d in documents if d.on <= on]
        draw = rng.random()
        if draw < 0.05 and len(documents) == 1 and documents[0].open > 200:
            self._in_two_parts(account, on, documents[0])
            return
        discounts = [self._discount(account, on, document) for document in documents]
        wanted = sum((d.open for d in documents), ZERO) - sum(discounts, ZERO)
        if draw > 0.985:
            wanted = cents(wanted + Decimal(rng.randint(20, 900)))
        receipt = self.receipt(account, on, documents[0].currency, wanted)
        for document, discount in zip(documents, discounts, strict=True):
            ledger.allocate(document, receipt, on, document.open, discount)

    def _discount(self, account: Account, on: date, document: Document) -> Decimal:
        terms = terms_of(self.ledger.name, account.terms)
        entitled = terms.discount_days and (on - document.on).days <= terms.discount_days
        if not entitled or document.currency != self.ledger.base_currency(account):
            return ZERO
        return cents(document.open * terms.discount_pct / 100)

    def _in_two_parts(self, account: Account, on: date, document: Document) -> None:
        rng, ledger = self.rng, self.ledger
        first = cents(document.open * rng.choice((30, 40, 50)) / 100)
        receipt = self.receipt(account, on, document.currency, first)
        ledger.allocate(document, receipt, on)
        last = document.due + timedelta(days=_LATEST)
        rest_on = weekday(min(on + timedelta(days=rng.randint(8, 20)), max(last, on)))
        if rest_on <= ledger.spec.cutoff:
            rest = self.receipt(account, rest_on, document.currency, document.open)
            ledger.allocate(document, rest, rest_on)

    def receipt(self, account: Account, on: date, currency: str, amount: Decimal) -> Document:
        found = self.ledger.post("receipt", account, on, currency, amount=amount)
        found.reference = f"Z{self.rng.randint(100000, 999999)}"
        return found
