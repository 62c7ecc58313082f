"""What customers buy of an item group, month by month, and what follows.

Rules stated here: a sale is split over its lines; what they do not say of it stands without an item
group, unless each has an amount and less than half a cent is missing. One day is one purchase; a
credit note lowers the value and is none. The next order is expected the median of the days between
purchases after the last one, half a day going up, from three purchases on; lapsed when twice that
median has passed. The trend is the median of the slopes between any two of the last twelve whole
months, where six of them have a purchase. The season of a calendar month is its part in the last
whole years, at least two, times twelve, a month below zero counting as nothing; either of the last
two years has purchases in three months.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import median
from typing import Any

from .receivables import ZERO, rate
from .records import Document, DocumentLine, World
from .sales import REPORTING, net_of

HALF_A_CENT = Decimal("0.005")


@dataclass
class Bought:
    """What a customer bought of an item group: amounts in reporting currency."""

    quantity: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    value: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    purchases: list[date] = field(default_factory=list)

    @property
    def days(self) -> list[date]:
        return sorted(set(self.purchases))


def split(
    world: World, document: Document, lines: list[DocumentLine]
) -> Iterator[tuple[DocumentLine | None, Decimal]]:
    """The lines of a document and their parts of its net; without a line, the rest."""
    priced = [line for line in lines if line.net is not None]
    total = sum((line.net for line in priced if line.net is not None), ZERO)
    rest = net_of(world, document, {document.key: total} if priced else {}) - total
    is_complete = len(priced) == len(lines) > 0 and abs(rest) < HALF_A_CENT
    for line in lines:
        yield line, line.net or ZERO
    if rest and not is_complete:
        yield None, rest


def bought(world: World, day: date, customer_of: dict[str, str]) -> dict[tuple[str, Any], Bought]:
    """By customer and item group."""
    lines: dict[str, list[DocumentLine]] = defaultdict(list)
    for line in world.document_lines:
        lines[line.document].append(line)
    found: dict[tuple[str, Any], Bought] = defaultdict(Bought)
    for document in world.documents.values():
        if document.kind not in ("invoice", "credit_note") or not document.exists(day):
            continue
        base = world.entities[document.entity].base_currency
        factor = rate(world, base, REPORTING, document.document_date)
        assert factor is not None, document
        groups: dict[Any, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
        for line, net in split(world, document, lines[document.key]):
            item = world.items.get(line.item or "") if line else None
            sums = groups[item.group if item else None]
            sums[0] += line.quantity * document.sign if line else ZERO
            sums[1] += net * document.sign
        for group, (quantity, net) in groups.items():
            row = found[customer_of[document.ordering], group]
            row.quantity[document.starts] += quantity
            row.value[document.starts] += net * document.rate * factor
            if document.kind == "invoice" and net > 0:
                row.purchases.append(document.starts)
    return found


def month(day: date) -> date:
    return day.replace(day=1)


def months_later(day: date, months: int) -> date:
    """The same day of another month, or its last one."""
    number = day.year * 12 + day.month - 1 + months
    for last in (day.day, 30, 29, 28):
        try:
            return date(number // 12, number % 12 + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def in_months(row: Bought) -> dict[date, Decimal]:
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for day, value in row.value.items():
        sums[month(day)] += value
    return sums


def rhythm(row: Bought, day: date) -> dict[str, Any]:
    days = row.days
    figures: dict[str, Any] = {
        "first_purchase_date": days[0] if days else None,
        "last_purchase_date": days[-1] if days else None,
        "purchase_days_ever": len(days),
        "median_interval_days": None, "expected_next_order": None, "is_lapsed": None,
    }  # fmt: skip
    if len(days) >= 3:
        middle = Fraction(median(Fraction((b - a).days) for a, b in pairwise(days)))
        figures["median_interval_days"] = Decimal(middle.numerator) / middle.denominator
        figures["expected_next_order"] = days[-1] + timedelta(math.floor(middle + Fraction(1, 2)))
        figures["is_lapsed"] = (day - days[-1]).days > 2 * middle
    return figures


def year_on_year(row: Bought, day: date) -> dict[str, Any]:
    ago, before = months_later(day, -12), months_later(day, -24)
    recent = sum((v for d, v in row.value.items() if d > ago), ZERO)
    prior = sum((v for d, v in row.value.items() if before < d <= ago), ZERO)
    return {
        "value_12m_reporting": recent, "value_prior_12m_reporting": prior,
        "growth_12m": (recent - prior) / prior if prior > 0 else None,
    }  # fmt: skip


def trend(row: Bought, day: date) -> Decimal | None:
    last = month(day + timedelta(1))
    months = [months_later(last, -back) for back in range(12, 0, -1)]
    if len({month(d) for d in row.purchases} & set(months)) < 6:
        return None
    values = in_months(row)
    points = [(place, Fraction(values.get(m, ZERO))) for place, m in enumerate(months)]
    slope = Fraction(median((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2)))
    return Decimal(slope.numerator) / slope.denominator


def seasons(row: Bought, day: date) -> dict[int, Decimal]:
    """The seasonal index by calendar month; nothing where there is none."""
    values, end = in_months(row), month(day + timedelta(1))
    first = min(values)
    years = ((end.year - first.year) * 12 + end.month - first.month) // 12
    counted = {m: v for m, v in values.items() if months_later(end, -12 * years) <= m < end}
    bought = {month(purchase) for purchase in row.purchases}
    regular = all(
        sum(months_later(end, -back) in bought for back in range(latest, latest + 12)) >= 3
        for latest in (1, 13)
    )
    if years < 2 or not regular:
        return {}
    parts = {
        place: max(sum((v for m, v in counted.items() if m.month == place), ZERO), ZERO)
        for place in range(1, 13)
    }
    return {place: 12 * part / sum(parts.values()) for place, part in parts.items()}


def buying_trends(
    world: World, day: date, customer_of: dict[str, str]
) -> dict[tuple[str, Any, date], dict[str, Any]]:
    """By customer, item group and month, as the mart has them."""
    table = {}
    for (customer, group), row in bought(world, day, customer_of).items():
        values, season = in_months(row), seasons(row, day)
        same = rhythm(row, day) | year_on_year(row, day) | {"trend_reporting": trend(row, day)}
        for first in {*values, month(day)}:
            table[customer, group, first] = same | {
                "quantity": sum((q for d, q in row.quantity.items() if month(d) == first), ZERO),
                "value_reporting": values.get(first, ZERO),
                "orders": sum(month(d) == first for d in row.purchases),
                "purchase_days": sum(month(d) == first for d in row.days),
                "seasonal_index": season.get(first.month),
            }
    return table
