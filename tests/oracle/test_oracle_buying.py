"""What customers buy, month by month, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .buying import buying_trends
from .conftest import Marts
from .records import World

# A line is rounded when it is converted; a customer has a few hundred of them.
MONEY, SHARE, EXACT = Decimal("0.01"), Decimal("0.00001"), Decimal(0)
TRENDS = {
    "quantity": EXACT,
    "value_reporting": MONEY,
    "orders": EXACT,
    "purchase_days": EXACT,
    "seasonal_index": SHARE,
    "value_12m_reporting": MONEY,
    "value_prior_12m_reporting": MONEY,
    # A year of a few cents makes much of the rounding of one.
    "growth_12m": Decimal("0.001"),
    "trend_reporting": MONEY,
    "first_purchase_date": EXACT,
    "last_purchase_date": EXACT,
    "purchase_days_ever": EXACT,
    "median_interval_days": EXACT,
    "expected_next_order": EXACT,
    "is_lapsed": EXACT,
}


def test_what_every_customer_buys_of_every_item_group_in_every_month(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = buying_trends(world, marts.day, marts.customer_of)
    mart = marts.table("buying_trends", "customer_id", "item_group", "month")
    for column in ("seasonal_index", "trend_reporting", "is_lapsed"):
        assert any(row[column] is not None for row in oracle.values()), column
    found = differences(oracle, mart, TRENDS)
    assert not found, f"as of {marts.day}\n{found}"
