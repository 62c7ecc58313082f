"""Ledgers as they may come: documents of every type, and what settles, undoes and disputes them.

Beside them what remains of each document at a date, counted in plain Python from the rules alone.
Not here: ageing and what else the marts make of it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import hypothesis.strategies as st
from case_company import DEBITS, T

LAST_DAY = date(9999, 12, 31)
CENT = Decimal("0.01")
# Account: its ledger company and terms. Companies know some of them; two companies are a group.
ACCOUNTS = {"K1": ("E", "net30"), "K2": ("E", "eom10"), "K3": ("R", "day31"), "K4": ("E", None),
            "K5": ("R", None), "K6": ("E", "unsaid")}
COMPANIES = {"C1": "K1;K3", "C2": "K2;K5", "C3": "K4"}
RATES = {("E", "EUR"): Decimal(1), ("E", "USD"): Decimal("0.8123"),
         ("E", "JPY"): Decimal("0.00613"), ("R", "EUR"): Decimal("97.7531"),
         ("R", "USD"): Decimal("82.77"), ("R", "INR"): Decimal(1)}
CREDITS = ("credit_note", "receipt", "write_off")
EITHER = ("journal", "opening_balance", "fx_revaluation")

Row = dict[str, Any]


def to_cent(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Document:
    key: int
    account: str
    kind: str
    sign: int
    currency: str
    rate: Decimal
    amount: Decimal
    base: Decimal
    document_date: date
    posting_date: date | None
    due_date: date | None
    status: str
    voided_on: date | None

    @property
    def starts(self) -> date:
        return self.posting_date or self.document_date

    @property
    def ends(self) -> date:
        """It exists up to and without this day: never, where its voiding has no date."""
        if self.status == "posted":
            return LAST_DAY
        return (self.voided_on or date.min) if self.status == "void" else date.min

    def exists(self, day: date) -> bool:
        return self.starts <= day < self.ends

    @property
    def effect(self) -> Decimal:
        return self.sign * self.amount

    @property
    def is_debit(self) -> bool:
        return (self.effect or self.sign * self.base) > 0

    def row(self) -> Row:
        return {"document_id": self.key, "entity_id": ACCOUNTS[self.account][0],
                "account_id": self.account, "document_type": self.kind, "document_no": self.key,
                "document_date": self.document_date, "posting_date": self.posting_date,
                "due_date": self.due_date, "currency": self.currency, "exchange_rate": self.rate,
                "sign": self.sign, "amount": self.amount, "base_amount": self.base,
                "status": self.status, "voided_on": self.voided_on}


@dataclass(frozen=True)
class Allocation:
    key: int
    debit: Document
    credit: Document
    installment_no: int | None
    date: date | None
    amount: Decimal
    credit_amount: Decimal
    base: Decimal
    discount: Decimal
    reversed_on: date | None

    def in_effect(self, day: date) -> bool:
        starts = max(self.date or T, self.debit.starts, self.credit.starts)
        ends = min(self.reversed_on or LAST_DAY, self.debit.ends, self.credit.ends)
        return starts <= day < ends

    def row(self) -> Row:
        return {"allocation_id": self.key, "debit_document_id": self.debit.key,
                "credit_document_id": self.credit.key, "installment_no": self.installment_no,
                "allocation_date": self.date, "amount": self.amount,
                "credit_amount": self.credit_amount, "base_amount": self.base,
                "discount_amount": self.discount, "reversed_on": self.reversed_on}


@dataclass
class Ledger:
    """Everything the accounts of the company posted."""

    documents: list[Document] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    instalments: list[Row] = field(default_factory=list)
    disputes: list[Row] = field(default_factory=list)

    def rows(self) -> dict[str, list[Row]]:
        """The rows of each contract table; every load is of day T."""
        return {"erp_ar_document": [d.row() for d in self.documents],
                "erp_ar_allocation": [a.row() for a in self.allocations],
                "erp_ar_installment": self.instalments, "erp_dispute": self.disputes}

    def residuals(self, day: date) -> dict[int, tuple[Decimal, Decimal, int]]:
        """What remains of each document of which anything does: in its currency, in base, and
        how many discounts its base amount was rounded for."""
        left = {d.key: d.effect for d in self.documents if d.exists(day)}
        base = {d.key: d.sign * d.base for d in self.documents if d.exists(day)}
        discounts: dict[int, int] = defaultdict(int)
        for one in self.allocations:
            if one.in_effect(day):
                left[one.debit.key] -= one.amount
                base[one.debit.key] -= one.base
                left[one.credit.key] += one.credit_amount
                base[one.credit.key] += one.base - to_cent(
                    one.discount * one.base / one.amount)
                discounts[one.credit.key] += one.discount > 0
        return {key: (left[key], base[key], discounts[key]) for key in left
                if left[key] or abs(base[key]) > CENT * discounts[key]}

    def parts(self, day: date) -> dict[tuple[int, int], Decimal]:
        """What remains of each instalment, of the documents that their instalments cover."""
        plans: dict[int, list[Row]] = defaultdict(list)
        for row in self.instalments:
            plans[row["document_id"]].append(row)
        left: dict[tuple[int, int], Decimal] = {}
        for document in (self.documents[key] for key in plans):
            plan = sorted(plans[document.key], key=lambda r: (r["due_date"], r["installment_no"]))
            if document.exists(day) and sum(abs(r["amount"]) for r in plan) >= abs(document.effect):
                left |= self._parts_of(document, plan, day)
        return left

    def _parts_of(self, document: Document, plan: list[Row],
                  day: date) -> Iterator[tuple[tuple[int, int], Decimal]]:
        """Those that are named first, up to their amounts; then the earliest; the last takes what
        is too much."""
        size, sizes = abs(document.effect), []
        for row in plan:
            sizes.append(min(abs(row["amount"]), size))
            size -= sizes[-1]
        standing = [a for a in self.allocations if a.in_effect(day)]
        pool = sum((a.amount for a in standing if a.debit is document), Decimal(0))
        pool += sum((a.credit_amount for a in standing if a.credit is document), Decimal(0))
        settled = [min(part, sum((a.amount for a in standing if a.debit is document
                                  and a.installment_no == row["installment_no"]), Decimal(0)))
                   for part, row in zip(sizes, plan, strict=True)]
        pool -= sum(settled)
        for number, part in enumerate(sizes):
            more = pool if number == len(sizes) - 1 else min(part - settled[number], pool)
            pool -= more
            rest = part - settled[number] - more
            yield ((document.key, plan[number]["installment_no"]),
                   -rest if document.effect < 0 else rest)


cents = st.one_of(st.integers(1, 30_000), st.sampled_from([1, 3_333, 10_000])).map(
    lambda count: Decimal(count) * CENT)
days = st.integers(-130, 6).map(lambda offset: T + timedelta(days=offset))


@st.composite
def documents(draw: st.DrawFn, key: int) -> Document:
    account = draw(st.sampled_from(sorted(ACCOUNTS)))
    entity = ACCOUNTS[account][0]
    kind = draw(st.sampled_from((*DEBITS, *CREDITS, *EITHER, "invoice", "invoice", "receipt")))
    sign = draw(st.sampled_from([1, -1])) if kind in EITHER else 1 if kind in DEBITS else -1
    currency = draw(st.sampled_from(sorted(c for e, c in RATES if e == entity)))
    rate = RATES[entity, currency] * draw(st.sampled_from([Decimal(1), Decimal("0.9")]))
    amount = draw(cents) * draw(st.sampled_from([1, 1, 1, -1]))
    base = to_cent(amount * rate)
    if kind == "fx_revaluation":
        amount, base = Decimal(0), draw(cents)
    on = draw(days)
    status = draw(st.sampled_from(["posted"] * 6 + ["draft", "void"]))
    return Document(
        key, account, kind, sign, currency, rate, amount, base, on,
        draw(st.none() | st.integers(-2, 9).map(lambda n: on + timedelta(days=n))),
        draw(st.none() | st.integers(-3, 95).map(lambda n: on + timedelta(days=n))),
        status, draw(st.none() | days) if status == "void" else None)


@st.composite
def allocations(draw: st.DrawFn, key: int, debits: list[Document],
                credits: list[Document]) -> Allocation:
    debit, credit = draw(st.sampled_from(debits)), draw(st.sampled_from(credits))
    whole = min(abs(debit.amount), abs(credit.amount)) or CENT
    amount = draw(st.just(whole) | cents)
    discount = Decimal(0)
    if debit.currency == credit.currency:
        discount = to_cent(amount * draw(st.sampled_from([0, 0, 0, 2, 3, 100])) / 100)
        credit_amount = amount - discount
        base = to_cent(amount * credit.rate)
    else:
        credit_amount = draw(cents)
        base = to_cent(credit_amount * credit.rate)
    return Allocation(key, debit, credit, draw(st.none() | st.integers(1, 4)),
                      draw(st.none() | days), amount, credit_amount, base, discount,
                      draw(st.none() | st.none() | days))


@st.composite
def plans(draw: st.DrawFn, document: Document) -> list[Row]:
    """Instalments of a document: its amount in shares, to which they may not add up."""
    shares = draw(st.lists(st.integers(1, 70), min_size=1, max_size=4))
    over = draw(st.sampled_from([sum(shares), 100]))
    rows = []
    for number, share in enumerate(shares, 1):
        amount = to_cent(document.amount * share / over)
        rows.append({
            "document_id": document.key, "installment_no": number, "amount": amount,
            "due_date": document.document_date + timedelta(days=draw(st.integers(0, 100))),
            "base_amount": to_cent(amount * document.rate)})
    return rows


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger of up to forty documents over six accounts."""
    count = draw(st.integers(1, 40))
    ledger = Ledger([draw(documents(key)) for key in range(count)])
    debits = [d for d in ledger.documents if d.is_debit]
    credits = [d for d in ledger.documents if not d.is_debit]
    if debits and credits:
        ledger.allocations = [draw(allocations(key, debits, credits))
                              for key in range(draw(st.integers(0, 40)))]
    planned = draw(st.sets(st.integers(0, count - 1), max_size=10))
    for document in (ledger.documents[key] for key in sorted(planned)):
        if document.amount:
            ledger.instalments += draw(plans(document))
    for key, document in enumerate(draw(st.lists(st.sampled_from(ledger.documents), max_size=4))):
        opened = draw(st.none() | days)
        ledger.disputes.append({
            "dispute_id": key, "document_id": document.key, "amount": draw(cents),
            "opened_on": opened, "closed_on": draw(st.none() | st.just(T)) if not opened else None})
    return ledger
