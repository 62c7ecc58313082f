"""Which account is planted with which credit situation, and the limits that follow from it.

Every other account pays within 24 days of the due date and stays well under its limit, so that
the credit hold list holds exactly what is planted here.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .ledger import Ledger
from .model import AS_OF, ZERO, Account, CreditProfile, cents

# plan: how many accounts of (atlas, borealis), whether the customer is held, what to expect
PLANS: dict[str, tuple[tuple[int, int], bool, str]] = {
    "manual hold": ((2, 1), True, "manual"),
    "over limit": ((2, 2), True, "over_limit"),
    "late 31": ((2, 2), True, "days_overdue"),
    "late 61": ((2, 1), True, "days_overdue"),
    "late 90": ((2, 2), True, "days_overdue"),
    "large overdue": ((1, 1), True, "amount_overdue"),
    "limit expired": ((2, 1), True, "limit_expired"),
    "status blocked": ((2, 2), True, "status_blocked"),
    "several reasons": ((1, 1), True, "manual;over_limit;days_overdue"),
    "cash only and owing": ((1, 1), True, "over_limit"),
    "late under a narrower rule": ((1, 0), True, "days_overdue"),
    "late under a wider rule": ((1, 0), False, "its customer may be 60 days late"),
    "late and bypassed": ((1, 1), False, "bypass"),
    "review overdue": ((3, 2), False, "review_expired warns, it does not block"),
    "hold ended": ((1, 0), False, "hold_until has passed"),
    "limit exactly reached": ((1, 0), False, "at the limit is not over it"),
    "cash only, nothing owed": ((1, 0), False, "limit 0 and no exposure"),
    "no limit": ((3, 2), False, "limit is null"),
    "no profile": ((5, 4), False, "limit is not known"),
    "limit in another currency": ((2, 2), False, "limit currency differs from the account's"),
}
_SIZES = {"cash only, nothing owed": "S", "large overdue": "L", "over limit": "L"}
_BLOCKED = ("blocked_all", "blocked_ship", "blocked_invoice", "blocked_all")
_HOLD_REASONS = ("Insolvency reported by the insurer", "Waiting for the signed terms")


def assign(seed: int, ledgers: list[Ledger]) -> None:
    """Gives each plan its accounts, before anybody trades.

    A hold on one account reaches its customer's others, so who must not be held has one account.
    """
    rng = Random(f"{seed}:plans")
    owners = [id(a.company) for ledger in ledgers for a in ledger.accounts if a.company]
    for place, ledger in enumerate(ledgers):
        billed = {id(a.bill_to) for a in ledger.accounts if a.bill_to}
        free = [
            account
            for account in ledger.accounts
            if account.bill_to is None
            and id(account) not in billed
            and account.evidence in ("reference", "VAT", "domain", "not in the CRM")
        ]
        rng.shuffle(free)
        for plan, (counts, held, _) in PLANS.items():
            for _ in range(counts[place]):
                account = next(
                    a
                    for a in reversed(free)
                    if (held or owners.count(id(a.company)) <= 1) and (a.company or held)
                )
                free = [a for a in free if a is not account and a.company is not account.company]
                account.plan = plan
                account.size = _SIZES.get(plan, "M")


def exposure(ledger: Ledger, account: Account) -> Decimal:
    """Balance, open orders, shipped goods and draft invoices at the as-of date, in base."""
    total = ZERO
    for document in ledger.documents:
        if document.account is not account or document.status == "void":
            continue
        if document.on <= AS_OF:
            total += document.sign * document.base
        elif document.order is not None and document.order.date <= AS_OF:
            # invoiced after the as-of date: until then its order was open
            total += cents((document.net + document.tax) * document.order.rate)
    for found in ledger.allocations:
        if found.debit.account is account and found.on <= AS_OF:
            total -= found.discount
    for order in ledger.orders:
        if order.account.payer is not account or order.date > AS_OF:
            continue
        if order.forced_status in ("draft", "cancelled"):
            continue
        for line in order.lines:
            waiting = max(line.to_ship, line.to_bill)
            total += cents((line.net(waiting) + line.tax(waiting)) * order.rate)
    return total


def _rounded(amount: Decimal, step: int = 500) -> Decimal:
    return Decimal(-(-int(amount) // step) * step)


class Limits:
    """Credit profiles of one ledger, written when all its documents are known."""

    def __init__(self, seed: int, ledger: Ledger) -> None:
        self.rng = Random(f"{seed}:limits:{ledger.name}")
        self.ledger = ledger
        self._blocked = 0

    def run(self) -> None:
        for account in self.ledger.accounts:
            if account.bill_to is None and account.plan != "no profile":
                if account.plan == "ordinary" and self.rng.random() < 0.04:
                    continue
                self.ledger.profiles.extend(self._profiles(account))

    def _profiles(self, account: Account) -> Iterator[CreditProfile]:
        rng = self.rng
        owed = exposure(self.ledger, account)
        base = self.ledger.base_currency(account)
        roomy = _rounded(max(owed, Decimal(2500)) * rng.randint(16, 32) / 10)
        current = CreditProfile(
            account,
            max(account.opened, date(2024, 1, 1)),
            roomy,
            base,
            rating=rng.choice("AABBBC"),
            last_review=AS_OF - timedelta(days=rng.randint(30, 330)),
        )
        current.next_review = current.last_review + timedelta(days=365)
        if rng.random() < 0.2:
            current.insured = cents(roomy * Decimal("0.8"))
            current.insured_until = date(2026, 12, 31)
        self._bend(account, current, owed)
        if current.limit and rng.random() < 0.25 and account.plan == "ordinary":
            changed = max(current.valid_from, date(2025, 4, 1)) + timedelta(days=200)
            yield CreditProfile(
                account, current.valid_from, _rounded(roomy / 2), base,
                valid_to=changed - timedelta(days=1), rating="C",
            )  # fmt: skip
            current.valid_from = changed
        yield current

    def _bend(self, account: Account, profile: CreditProfile, owed: Decimal) -> None:
        """Turns an ordinary profile into the planted one."""
        plan = account.plan
        if plan in ("manual hold", "several reasons", "hold ended"):
            profile.on_hold = True
            profile.hold_reason = self.rng.choice(_HOLD_REASONS)
            profile.hold_by = "credit control"
            profile.hold_until = date(2026, 5, 31) if plan == "hold ended" else None
        if plan in ("over limit", "several reasons"):
            profile.limit = owed * 7 // 1000 * 100
        if plan == "limit exactly reached":
            profile.limit = owed
        if plan.startswith("cash only"):
            profile.limit = ZERO
        if plan == "no limit":
            profile.limit = None
        if plan == "limit expired":
            profile.valid_to = date(2026, 5, 31)
        if plan == "review overdue":
            profile.last_review = date(2025, 3, 14)
            profile.next_review = date(2026, 3, 14)
        if plan == "late and bypassed":
            profile.bypass = True
        if plan == "status blocked":
            account.status = _BLOCKED[self._blocked % len(_BLOCKED)]
            self._blocked += 1
        if plan == "limit in another currency":
            profile.currency = "USD"
