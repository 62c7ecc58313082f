"""What every customer leaves, month by month, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .conftest import Marts
from .profit import SERVING, customer_profitability
from .records import World

# A fact is rounded when it is converted; a month has a few of them.
CENT = Decimal("0.01")
COLUMNS = dict.fromkeys(
    [
        *(f"{term}_reporting" for term in SERVING),
        "net_sales_reporting",
        "costed_sales_reporting",
        "cost_of_goods_reporting",
        "margin_reporting",
        "cost_to_serve_reporting",
        "profit_reporting",
        "returns_value_reporting",
    ],
    CENT,
)


def test_what_every_customer_leaves_in_every_month(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = customer_profitability(world, marts.day, marts.customer_of)
    mart = marts.table("customer_profitability", "customer_id", "entity_key", "month")
    # Whatever was spent on service in the demo was spent under a contract.
    for term in set(SERVING) - {"other_service_cost"}:
        assert any(row[f"{term}_reporting"] for row in oracle.values()), term
    found = differences(oracle, mart, COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"
