"""What every customer leaves, month by month, against the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

from .buying import months_later
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
    first_month = months_later(marts.day.replace(day=1), -11)
    year: dict[str, Decimal | None] = defaultdict(Decimal)
    for (customer, _, month), row in oracle.items():
        if month >= first_month:
            so_far, profit = year[customer], row["profit_reporting"]
            year[customer] = None if None in (so_far, profit) else so_far + profit
    customers = marts.table("customer_360", "customer_id")
    found = differences(
        {key: {"profit_12m_reporting": year[key[0]]} for key in customers},
        customers, {"profit_12m_reporting": 12 * CENT},
    )
    assert not found, f"as of {marts.day}\n{found}"
