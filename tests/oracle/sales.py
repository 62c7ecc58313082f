"""Sales by fiscal year and customer, and the rank and class that follow.

Rules stated here: sales = invoiced net of tax and freight less credit notes, by posting date, on
the ordering account; in base currency at the document's rate, and from there in reporting
currency at the document date. A fiscal year is the entity's own (its periods, else its start
month) and is named by the year it ends in. Year to date goes up to the as-of date, a finished
year to its end; the prior year to date ends on the same day a year before (29 February falls on
28, the last day of a year ends the whole prior year). Rank ties break by customer id. A while the
cumulative share before the customer is under 80 %, B under 95 %, else C; who has sold nothing or
less is C and adds nothing to the base. Growth is null where the prior year to date is zero or less.
A group is that of the customer, a territory that of the account that ordered, a salesperson that of
the invoice, else of the account; both by the name in their list, and called by their code where
name and code have only each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .receivables import ZERO, rate
from .records import Document, World

REPORTING = "EUR"


@dataclass(frozen=True)
class FiscalYear:
    name: int
    first: date
    last: date


@dataclass
class Sales:
    ytd: Decimal = ZERO
    prior_ytd: Decimal = ZERO
    prior_full_year: Decimal = ZERO
    rank: int = 0
    share: Decimal = ZERO
    abc: str = "C"

    @property
    def growth(self) -> Decimal | None:
        if self.prior_ytd <= 0:
            return None
        return (self.ytd - self.prior_ytd) / self.prior_ytd


def fiscal_year(world: World, entity: str, day: date) -> FiscalYear:
    periods = [period for period in world.periods.get(entity, ()) if period[0] <= day <= period[1]]
    if periods:
        name = periods[0][2]
        same = [period for period in world.periods[entity] if period[2] == name]
        return FiscalYear(name, min(p[0] for p in same), max(p[1] for p in same))
    month = world.entities[entity].fiscal_year_start_month
    first = date(day.year if day.month >= month else day.year - 1, month, 1)
    last = first.replace(year=first.year + 1) - timedelta(days=1)
    return FiscalYear(last.year, first, last)


def net_of(world: World, document: Document, lines: dict[str, Decimal]) -> Decimal:
    if document.net is not None:
        return document.net
    if document.key in lines:
        return lines[document.key]
    return document.amount - (document.tax or ZERO) - (document.freight or ZERO)


def sale_rows(world: World, day: date) -> list[tuple[Document, Decimal | None, Decimal]]:
    """Document, sales in reporting currency, sales in base currency; credit notes negative."""
    lines: dict[str, Decimal] = defaultdict(Decimal)
    for line in world.document_lines:
        lines[line.document] += line.net or ZERO
    rows = []
    for document in world.documents.values():
        if document.kind in ("invoice", "credit_note") and document.exists(day):
            net = document.sign * net_of(world, document, lines)
            base = net * document.rate
            own = world.entities[document.entity].base_currency
            factor = rate(world, own, REPORTING, document.document_date)
            rows.append((document, None if factor is None else base * factor, base))
    return rows


def same_day_before(year: FiscalYear, end: date, prior: FiscalYear) -> date:
    if end >= year.last:
        return prior.last
    try:
        return end.replace(year=end.year - 1)
    except ValueError:
        return date(end.year - 1, 2, 28)


Stated = Callable[[Document], str | None]


def called(world: World, day: date, list_name: str, code_of: Stated) -> Callable[[Document], str]:
    """What the territory or salesperson of a sale is called, of all that have sales by that day."""

    def name(document: Document) -> str:
        code = code_of(document) or ""
        return world.labels.get((document.key.split("/")[0], list_name, code), code or "(none)")

    codes: dict[str, set[str]] = defaultdict(set)
    for document, _, _ in sale_rows(world, day):
        codes[name(document)].add(code_of(document) or "(none)")

    def member(document: Document) -> str:
        own = name(document)
        [code, *others] = sorted(codes[own])
        taken = any(code == other or code in codes[other] for other in codes if other != own)
        return own if others or taken else code

    return member


def territory(world: World, day: date) -> Callable[[Document], str]:
    return called(
        world, day, "territory", lambda document: world.accounts[document.ordering].territory
    )


def salesperson(world: World, day: date) -> Callable[[Document], str]:
    return called(
        world, day, "salesperson",
        lambda document: document.salesperson or world.accounts[document.ordering].salesperson,
    )


def sales_by(
    world: World, day: date, member_of: Callable[[Document], str]
) -> dict[tuple[int, str], Sales]:
    """Fiscal year and member to sales. A year is there when anything of it has begun."""
    table: dict[tuple[int, str], Sales] = defaultdict(Sales)
    for document, amount, _ in sale_rows(world, day):
        own = fiscal_year(world, document.entity, document.starts)
        member = member_of(document)
        amount = amount or ZERO
        table[own.name, member].ytd += amount
        following = fiscal_year(world, document.entity, own.last + timedelta(days=1))
        if following.first <= day:
            row = table[following.name, member]
            row.prior_full_year += amount
            end = min(day, following.last)
            if document.starts <= same_day_before(following, end, own):
                row.prior_ytd += amount
    for name in {key[0] for key in table}:
        rank_year([(key[1], row) for key, row in table.items() if key[0] == name])
    return dict(table)


def rank_year(rows: list[tuple[str, Sales]]) -> None:
    rows.sort(key=lambda pair: (-pair[1].ytd, pair[0]))
    base = sum(row.ytd for _, row in rows if row.ytd > 0)
    before = ZERO
    for place, (_, row) in enumerate(rows, start=1):
        row.rank = place
        if row.ytd <= 0:
            continue
        row.share = row.ytd / base
        part = before / base
        row.abc = "A" if part < Decimal("0.80") else "B" if part < Decimal("0.95") else "C"
        before += row.ytd
