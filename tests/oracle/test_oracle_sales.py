"""Top customers, every fiscal year, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .conftest import Marts
from .records import World
from .sales import top_customers

# A sale is rounded when it is converted; a customer has a few dozen of them in a year.
COLUMNS = {
    "ytd": Decimal("0.01"),
    "prior_ytd": Decimal("0.01"),
    "prior_full_year": Decimal("0.01"),
    "growth": Decimal("0.00001"),
    "share": Decimal("0.00001"),
    "rank": Decimal(0),
    "abc": Decimal(0),
}


def test_sales_rank_and_class_of_every_customer(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = {
        key: {column: getattr(row, column) for column in COLUMNS}
        for key, row in top_customers(world, marts.day, marts.customer_of).items()
    }
    mart = marts.table("top_customers", "fiscal_year", "customer_id")
    assert oracle
    found = differences(oracle, mart, COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"
