"""Recency, frequency, value and segment of every customer, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .conftest import Marts
from .records import World
from .segments import customer_segments

# A sale is rounded when it is converted; a customer has a few hundred of them.
MONEY, EXACT = Decimal("0.01"), Decimal(0)
COLUMNS = {
    "recency_days": EXACT,
    "purchase_days": EXACT,
    "mean_value_reporting": MONEY,
    "sales_lifetime_reporting": MONEY,
    "first_purchase_date": EXACT,
    "last_purchase_date": EXACT,
    "recency_score": EXACT,
    "frequency_score": EXACT,
    "value_score": EXACT,
    "segment": EXACT,
}


def test_scores_and_segment_of_every_customer(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = customer_segments(world, marts.day, marts.customer_of)
    mart = marts.table("customer_segments", "customer_id")
    named = {rule["segment"] for rule in world.segment_rules}
    assert {row["segment"] for row in oracle.values()} == named
    found = differences(oracle, mart, COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"
    customers = marts.table("customer_360", "customer_id")
    for key, row in customers.items():
        assert row["segment"] == (mart[key]["segment"] if key in mart else None), key
