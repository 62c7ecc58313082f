"""Who was on hold on past days, told by the newest marts, against the oracle of those days.

Compared are the rules that stand on dated facts alone: manual holds, the age of what is overdue,
limits that ended. What is known today alone (rates, orders that are open now) can move the others.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from .conftest import DEFAULT_DAY, OTHER_DAY, PAST_DAY, Marts
from .holding import holds
from .records import World

DATED = ("manual", "days_overdue", "limit_expired")
REASON = re.compile(r"(?:^|; )(\w+)(?: from ([\d-]+))?(?: to ([\d-]+))?(?=;|$)")
DAYS = (date(2025, 9, 30), date(2026, 2, 28), OTHER_DAY, PAST_DAY, DEFAULT_DAY)


def covers(first: str, last: str, day: date) -> bool:
    return (not first or date.fromisoformat(first) <= day) and (
        not last or day <= date.fromisoformat(last)
    )


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_past_days_on_hold(
    world: World, publications: dict[date, Marts], day: date
) -> None:
    marts = publications[DEFAULT_DAY]
    oracle = {
        (account, reason)
        for account, hold in holds(world, day, marts.members).items()
        for reason in hold.reasons
        if reason in DATED
    }
    history = {
        (row["account_key"], rule)
        for row in marts.table("credit_hold_history", "level", "id", "period_no").values()
        if row["level"] == "account"
        for rule, first, last in REASON.findall(row["reason_periods"])
        if rule in DATED and covers(first, last, day)
    }
    found = [f"{key}: only the oracle" for key in sorted(oracle - history)]
    found += [f"{key}: only the history" for key in sorted(history - oracle)]
    assert not found, f"on {day}\n" + "\n".join(found)


def test_periods_are_apart_and_open_ones_are_the_hold_list(
    publications: dict[date, Marts],
) -> None:
    for day, marts in publications.items():
        rows = marts.table("credit_hold_history", "level", "id", "period_no")
        held = marts.table("credit_hold", "level", "id")
        open_from = {key[:2]: row["held_from"] for key, row in rows.items() if not row["held_to"]}
        assert open_from == {key: row["held_since"] for key, row in held.items()}, day
        assert any(open_from.values()), day
        for (level, key, number), row in rows.items():
            after = rows.get((level, key, number + 1))
            if after is not None and after["held_from"] is not None:
                assert row["held_to"] + timedelta(days=1) < after["held_from"], (day, key, number)
