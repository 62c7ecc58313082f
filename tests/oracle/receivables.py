"""Receivables at a date, from posted documents and dated allocations.

Rules stated here: a document exists from its posting date, a voided one until the day it was
voided (never where that day is unknown). An allocation is in effect from the latest of its date
and both documents' days until it is reversed. Residual = amount less the allocations in effect;
the debit side gives up `amount` (discount included), the credit side `credit_amount`. In base the
debit gives up `base_amount`; the exchange difference stays open until it is posted, as a document
with an allocation of its own. Allocations without an instalment number fill the earliest
instalment first. Due: stated, else by the terms, else the document date. Due today is not
overdue. Unallocated credit stands apart. A dispute counts from its day (the document date where
unknown) to its close, at most the residual, over instalments the earliest first.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .records import Allocation, Document, World

ZERO, CENT = Decimal(0), Decimal("0.01")
BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")
Key = tuple[str, str]
Figures = dict[str, Decimal | int | None]


def to_cent(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class OpenItem:
    """One document, or one instalment of it, with what is open: negative for a credit."""

    document: Document
    due_date: date
    residual: Decimal
    base: Decimal
    disputed: Decimal

    def days_overdue(self, day: date) -> int:
        return max((day - self.due_date).days, 0)


def rate(world: World, source: str, target: str, day: date) -> Decimal | None:
    """The last direct rate on or before the day, else the inverse, else none."""
    if source == target:
        return Decimal(1)
    direct = [value for on, value in world.rates.get((source, target), ()) if on <= day]
    if direct:
        return direct[-1]
    inverse = [value for on, value in world.rates.get((target, source), ()) if on <= day]
    return 1 / inverse[-1] if inverse else None


def due_date(world: World, document: Document) -> date:
    if document.due_date is not None:
        return document.due_date
    account = world.accounts[document.account]
    terms = world.terms.get((document.key.split("/")[0], account.terms or ""))
    if terms is None:
        return document.document_date
    start = document.document_date
    if terms.basis == "end_of_month":
        start = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    return start + timedelta(days=terms.days)


def in_effect(world: World, allocation: Allocation, day: date) -> bool:
    debit, credit = world.documents[allocation.debit], world.documents[allocation.credit]
    if allocation.reversed_on is not None and allocation.reversed_on <= day:
        return False
    return allocation.date <= day and debit.exists(day) and credit.exists(day)


def open_items(world: World, day: date) -> list[OpenItem]:
    cleared: dict[str, Decimal] = defaultdict(Decimal)
    cleared_base: dict[str, Decimal] = defaultdict(Decimal)
    for allocation in world.allocations:
        if in_effect(world, allocation, day):
            cleared[allocation.debit] += allocation.amount
            cleared_base[allocation.debit] += allocation.base
            cleared[allocation.credit] += allocation.credit_amount
            credit = world.documents[allocation.credit]
            discount = (allocation.amount - allocation.credit_amount) * credit.rate
            cleared_base[allocation.credit] += allocation.base - to_cent(discount)
    parts: dict[str, list[tuple[date, Decimal, Decimal]]] = defaultdict(list)
    for part in sorted(world.instalments, key=lambda part: (part.document, part.number)):
        parts[part.document].append((part.due_date, part.amount, part.base))
    disputed: dict[str, Decimal] = defaultdict(Decimal)
    for dispute in world.disputes:
        opened = dispute.opened_on or world.documents[dispute.document].document_date
        if opened <= day and (dispute.closed_on is None or dispute.closed_on > day):
            disputed[dispute.document] += dispute.amount
    items = []
    for document in world.documents.values():
        if document.exists(day):
            items += items_of(
                document,
                parts.get(document.key)
                or [(due_date(world, document), document.size, document.base_size)],
                cleared[document.key],
                cleared_base[document.key],
                disputed[document.key],
            )
    return items


def items_of(
    document: Document,
    parts: list[tuple[date, Decimal, Decimal]],
    cleared: Decimal,
    cleared_base: Decimal,
    disputed: Decimal,
) -> Iterable[OpenItem]:
    direction = 1 if document.is_debit else -1
    for number, (due, amount, base) in enumerate(parts, start=1):
        is_last = number == len(parts)
        taken = cleared if is_last else min(cleared, amount)
        taken_base = cleared_base if is_last else min(cleared_base, base)
        cleared, cleared_base = cleared - taken, cleared_base - taken_base
        contested = min(disputed, max(amount - taken, ZERO)) if direction > 0 else ZERO
        disputed -= contested
        if amount != taken or base != taken_base:
            yield OpenItem(
                document,
                due,
                direction * (amount - taken),
                direction * (base - taken_base),
                contested,
            )


def bucket(days: int) -> str:
    limits = (0, 30, 60, 90)
    return BUCKETS[sum(days > limit for limit in limits)]


def ageing(world: World, day: date, items: list[OpenItem] | None = None) -> dict[Key, Figures]:
    """Account and document currency: every figure in document, base and reporting currency."""
    rows: dict[Key, Figures] = {}
    for item in open_items(world, day) if items is None else items:
        document = item.document
        row = rows.setdefault(
            (document.account, document.currency), defaultdict(Decimal, oldest_days=0)
        )
        base_currency = world.entities[document.entity].base_currency
        reporting = rate(world, base_currency, "EUR", day)
        days = item.days_overdue(day)
        columns = ["outstanding"]
        if document.is_debit:
            columns.append(bucket(days))
            if days:
                columns.append("overdue")
                if item.residual > 0:
                    row["oldest_days"] = max(row["oldest_days"], days)
        else:
            columns.append("unallocated_credit")
        for column in columns:
            row[column] += item.residual
            row[f"{column}_base"] += item.base
            if reporting is not None:
                row[f"{column}_reporting"] += item.base * reporting
        row["disputed"] += item.disputed
    return rows


def age(item: OpenItem, day: date, profile: dict[str, str]) -> int | None:
    """Days or calendar months by a steward's profile; none for a credit that stands apart, and
    less than any age for what is not due."""
    document = item.document
    if not document.is_debit and profile["credits"] == "separate":
        return None
    if not document.is_debit or profile["basis"] == "document_date":
        since = document.document_date
    else:
        since = item.due_date if profile["basis"] == "due_date" else document.starts
    if since >= day:
        return -1
    if profile["unit"] == "month":
        return (day.year - since.year) * 12 + day.month - since.month
    return (day - since).days


def ageing_by_profile(
    world: World, day: date
) -> dict[tuple[str, str, str, int], dict[str, Decimal | int]]:
    """Profile, account, currency and number of the bucket: what stands in it."""
    rows: dict = defaultdict(lambda: defaultdict(Decimal))
    items = open_items(world, day)
    for profile in world.ageing_profiles:
        edges = [int(edge) for edge in profile["edges"].split(";")]
        for item in items:
            found = age(item, day, profile)
            number = -1 if found is None else 0
            if found is not None and found >= 0:
                number = 1 + sum(found > edge for edge in edges)
            document = item.document
            row = rows[profile["profile"], document.account, document.currency, number]
            row["amount"] += item.residual
            row["amount_base"] += item.base
            row["open_items"] += 1
    return rows


def control_totals(world: World, day: date) -> dict[tuple[str, str, str], Figures]:
    """Entity, control account and currency: the sub-ledger, to set beside the general ledger."""
    totals: dict[tuple[str, str, str], Figures] = defaultdict(lambda: defaultdict(Decimal))
    for item in open_items(world, day):
        document = item.document
        control = world.control_accounts[document.account]
        row = totals[document.entity, control, document.currency]
        row["balance"] += item.residual
        row["base"] += item.base
    return totals
