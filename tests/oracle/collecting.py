"""Letters that are due at a date, why the others wait, and what can be chased.

Rules stated here: an account and currency is asked for its debits past their due date, less what
is disputed, without what is promised through a day that has not gone by, credits taken off the
oldest first. The letters that asked for a document which is still open are the present round; the
next level is the first of the policy above theirs. It needs its days late (of the oldest item that
credits leave), its days since the last letter and its minimum. Interest is on 365 days for each
item but finance charges, to the cent; the fee converts at the date.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .receivables import ZERO, Key, OpenItem, open_items, rate, to_cent
from .records import World


def promised_day(world: World, document: str, day: date) -> date | None:
    """The day of the last promise to pay a document that was made by a date and not kept."""
    made = [
        (promise.made_on, promise.day)
        for promise in world.promises
        if promise.document == document and promise.made_on <= day and not promise.kept
    ]
    return max(made)[1] if made else None


def weight(days: int) -> int:
    return 1 + sum(days > limit for limit in (30, 60, 90))


class Round:
    """One account and currency with something past its due date."""

    def __init__(self, world: World, day: date, items: list[OpenItem]) -> None:
        self.world, self.day = world, day
        self.open = items
        late = [i for i in items if i.residual > 0 and i.due_date < day]
        self.late = sorted(
            late, key=lambda i: (i.due_date, i.document.document_date, i.document.key)
        )
        base_currency = world.entities[items[0].document.entity].base_currency
        self.rate = rate(world, base_currency, "EUR", day) or ZERO
        self.currency = items[0].document.currency

    def figures(self) -> dict[str, Any]:
        credit = -sum((i.residual for i in self.open if i.residual < 0), ZERO)
        row: dict[str, Any] = defaultdict(Decimal, oldest_days=0)
        nets: list[tuple[Decimal, int]] = []
        for item in self.late:
            promised = promised_day(self.world, item.document.key, self.day)
            stands = promised is not None and promised >= self.day
            rest = item.residual - item.disputed
            asked = ZERO if stands else rest
            netted = min(asked, credit)
            credit -= netted
            net = asked - netted
            value = net * item.base / item.residual * self.rate
            days = item.days_overdue(self.day)
            row["overdue"] += item.residual
            row["disputed"] += item.disputed
            row["promised"] += rest if stands else ZERO
            row["asked"] += asked
            row["credits"] += netted
            row["chaseable_reporting"] += value
            broken = promised is not None and not stands
            row["priority_reporting"] += value * weight(days) * (2 if broken else 1)
            if net:
                row["oldest_days"] = max(row["oldest_days"], days)
            is_charge = item.document.kind == "finance_charge"
            nets.append((ZERO if is_charge else net, days))
        net = row["asked"] - row["credits"]
        row["last_level"], last_sent_on = self.last_letter()
        row["waits_because"], step = self.next_step(row, net, last_sent_on)
        if row["waits_because"] is None and step:
            percent = Decimal(step["interest_pct_pa"] or 0)
            row["level"] = int(step["level"])
            row["interest"] = sum((to_cent(n * percent * d / 36500) for n, d in nets), ZERO)
            to_fee = rate(self.world, step["fee_currency"] or "EUR", self.currency, self.day)
            row["fee"] = to_cent(Decimal(step["fee"] or 0) * (to_fee or ZERO))
            row["to_pay"] = net + row["interest"] + row["fee"]
        return row

    def last_letter(self) -> tuple[int | None, date | None]:
        """The highest level, and the last day, of the letters about what is still open.

        Of instalments a letter asked for those that were late on its day.
        """
        planned = {part.document for part in self.world.instalments}
        unpaid = [
            (i.document.key, i.due_date if i.document.key in planned else date.min)
            for i in self.open
            if i.residual > 0
        ]
        sent = [
            letter
            for letter in self.world.letters
            if letter.sent_on <= self.day
            and any(key in letter.documents and due < letter.sent_on for key, due in unpaid)
        ]
        levels, days = [s.level for s in sent], [s.sent_on for s in sent]
        return max(levels, default=None), max(days, default=None)

    def next_step(
        self, row: dict[str, Any], net: Decimal, last_sent_on: date | None
    ) -> tuple[str | None, dict[str, str] | None]:
        if not row["asked"]:
            found = [name for name in ("disputed", "promised") if row[name]]
            return "_and_".join(found), None
        if not net:
            return "covered_by_credits", None
        steps = [s for s in self.world.dunning if int(s["level"]) > (row["last_level"] or 0)]
        if not steps:
            return "highest_level_sent", None
        step = min(steps, key=lambda s: int(s["level"]))
        if row["chaseable_reporting"] < Decimal(step["minimum_amount"]):
            return "below_minimum", step
        if row["oldest_days"] < int(step["days_overdue"]):
            return "not_late_enough", step
        if last_sent_on and (self.day - last_sent_on).days < int(step["days_since_last"]):
            return "too_early", step
        return None, step


def rounds(world: World, day: date) -> dict[Key, dict[str, Any]]:
    """Every account and currency with something past its due date."""
    items: dict[Key, list[OpenItem]] = defaultdict(list)
    for item in open_items(world, day):
        items[item.document.account, item.document.currency].append(item)
    found = {key: Round(world, day, own) for key, own in items.items()}
    return {key: each.figures() for key, each in found.items() if each.late}


def balances(world: World, day: date) -> dict[Key, Decimal]:
    """What every account and currency owes on the evening of a day; nothing is left out."""
    total: dict[Key, Decimal] = defaultdict(Decimal)
    for item in open_items(world, day):
        total[item.document.account, item.document.currency] += item.residual
    return {key: amount for key, amount in total.items() if amount}
