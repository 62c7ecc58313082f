"""What customers buy, month by month, against the oracle."""

from __future__ import annotations

from collections import defaultdict
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
    of_customers: dict = defaultdict(lambda: {"lapsed_item_groups": 0, "expected": []})
    for (customer, _), row in {key[:2]: row for key, row in oracle.items()}.items():
        said = of_customers[customer]
        said["lapsed_item_groups"] += bool(row["is_lapsed"])
        said["expected"] += [row["expected_next_order"]] if row["is_lapsed"] is False else []
    summed = {
        (customer,): {"lapsed_item_groups": said["lapsed_item_groups"],
                      "next_order_expected_on": min(said["expected"], default=None)}
        for customer, said in of_customers.items()
    }
    customers = marts.table("customer_360", "customer_id")
    shown = {key: row for key, row in customers.items()
             if key in summed or row["lapsed_item_groups"] or row["next_order_expected_on"]}
    found = differences(summed, shown, {"lapsed_item_groups": EXACT,
                                        "next_order_expected_on": EXACT})
    assert not found, f"as of {marts.day}\n{found}"
