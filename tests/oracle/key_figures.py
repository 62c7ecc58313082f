"""Key figures of credit at a date, for the firm, its ledgers and its customers.

Rules stated here: DSO = outstanding / invoiced in 365 days (with tax, credit notes off, at the rate
of the document date) x 365, over fewer days where the documents of the ledgers reach less far back.
The best possible DSO takes what is not due; the difference is the average days delinquent.
Collection effectiveness = (opening + invoiced in the month - receivables) / (opening + invoiced in
the month - not due), receivables being the buckets alone. Days to pay are of the invoices that
stand paid in full, by money at least in part, since a day of the last 365.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .receivables import ZERO, Key, in_effect, rate
from .records import Allocation, Document, World

MONEY = ("receipt", "refund", "payment_return")
Level = tuple[str, str | None, str | None]
Ageing = Callable[[date], dict[Key, dict[str, Any]]]


class KeyFigures:
    """The key figures of any date; `aged` is the ageing of every account at a date."""

    def __init__(self, world: World, aged: Ageing, customer_of: dict[str, str]) -> None:
        self.world, self.aged, self.customer_of = world, aged, customer_of
        existing = [d for d in world.documents.values() if d.exists(d.starts)]
        self.first_dates: dict[str, date] = {}
        for document in existing:
            first = self.first_dates.get(document.entity, document.starts)
            self.first_dates[document.entity] = min(first, document.starts)
        self.billed = [d for d in existing if d.kind in ("invoice", "credit_note")]
        settling: dict[str, list[Allocation]] = defaultdict(list)
        for allocation in world.allocations:
            settling[allocation.debit].append(allocation)
        self.paid_from = {
            d.key: list(self.settled(d, settling[d.key])) for d in self.billed
            if d.kind == "invoice" and d.is_debit and d.key in settling
        }

    def settled(
        self, invoice: Document, allocations: list[Allocation]
    ) -> Iterator[tuple[date, date | None]]:
        """Each day on which something of an invoice changes, and since when it is then paid."""
        days = {invoice.starts}
        for a in allocations:
            credit = self.world.documents[a.credit]
            days |= {d for d in (a.date, a.reversed_on, credit.starts, credit.voided_on) if d}
        since = None
        for day in sorted(d for d in days if d >= invoice.starts):
            standing = [a for a in allocations if in_effect(self.world, a, day)]
            money = sum(
                a.amount for a in standing if self.world.documents[a.credit].kind in MONEY
            )
            is_paid = invoice.size == sum(a.amount for a in standing)
            since = (since or day) if is_paid else None
            yield day, since if money > 0 else None

    def of_accounts(self, day: date) -> dict[str, dict[str, Any]]:
        """The sums of each account of which there are any."""
        sums: dict[str, dict[str, Any]] = defaultdict(lambda: defaultdict(Decimal))
        month = day.replace(day=1)
        for (account, _), row in self.aged(day).items():
            own = sums[account]
            for name in ("outstanding", "not_due", "overdue", "d90_plus"):
                own[name] += row[f"{name}_reporting"]
            own["receivables"] += row["outstanding_reporting"]
            own["receivables"] -= row["unallocated_credit_reporting"]
        for (account, _), row in self.aged(month - timedelta(days=1)).items():
            own = sums[account]
            own["receivables_opening"] += row["outstanding_reporting"]
            own["receivables_opening"] -= row["unallocated_credit_reporting"]
        year = day - timedelta(days=365)
        for document in self.billed:
            if document.exists(day) and document.starts > year:
                base = self.world.entities[document.entity].base_currency
                to_reporting = rate(self.world, base, "EUR", document.document_date) or ZERO
                amount = document.sign * document.base * to_reporting
                own = sums[document.account]
                own["invoiced_year"] += amount
                own["invoiced_month"] += amount if document.starts >= month else 0
            changes = self.paid_from.get(document.key)
            if changes and document.exists(day):
                place = bisect_right(changes, day, key=lambda change: change[0]) - 1
                since = changes[place][1] if place >= 0 else None
                if since and since > year:
                    own = sums[document.account]
                    own["paid_invoices"] += 1
                    own["paid_days"] += (since - document.document_date).days
                    if since > day - timedelta(days=90):
                        own["recent_invoices"] += 1
                        own["recent_days"] += (since - document.document_date).days
        return sums

    def at(self, day: date) -> dict[Level, dict[str, Any]]:
        """Level, ledger and customer: the figures of the date."""
        levels: dict[Level, dict[str, Any]] = {}
        for account, sums in self.of_accounts(day).items():
            entity, customer = self.world.accounts[account].entity, self.customer_of[account]
            first = self.first_dates[entity]
            for level in (
                ("firm", None, None), ("entity", entity, None), ("customer", None, customer),
            ):
                total = levels.setdefault(level, defaultdict(Decimal, first_date=first))
                total["first_date"] = min(total["first_date"], first)
                for name, value in sums.items():
                    total[name] += value
        return {level: figures(total, day) for level, total in levels.items()}


def figures(total: dict[str, Any], day: date) -> dict[str, Any]:
    """The quotients of the sums; none where there is nothing to divide by."""
    window = min(365, (day - total["first_date"]).days + 1)
    opening, month, year = (
        total[name] for name in ("receivables_opening", "invoiced_month", "invoiced_year")
    )
    due = opening + month - total["not_due"]
    slower = None
    before = total["paid_invoices"] - total["recent_invoices"]
    if total["recent_invoices"] and before:
        slower = total["recent_days"] / total["recent_invoices"]
        slower -= (total["paid_days"] - total["recent_days"]) / before
    sums = (
        "outstanding", "receivables", "not_due", "overdue", "d90_plus", "receivables_opening",
        "invoiced_year", "invoiced_month", "paid_invoices",
    )
    return {name: total[name] for name in sums} | {
        "to_collect": due,
        "window_days": window,
        "days_sales_outstanding": total["outstanding"] / year * window if year > 0 else None,
        "best_possible_days_sales_outstanding":
            total["not_due"] / year * window if year > 0 else None,
        "average_days_delinquent":
            (total["outstanding"] - total["not_due"]) / year * window if year > 0 else None,
        "collection_effectiveness_pct":
            (opening + month - total["receivables"]) / due * 100 if due > 0 else None,
        "over_90_pct":
            total["d90_plus"] / total["receivables"] * 100 if total["receivables"] > 0 else None,
        "days_to_pay":
            total["paid_days"] / total["paid_invoices"] if total["paid_invoices"] else None,
        "days_to_pay_trend": slower,
    }
