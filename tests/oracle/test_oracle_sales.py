"""Sales by customer, group, territory and salesperson, every fiscal year, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from .conftest import Marts
from .records import Document, World
from .sales import sales_by, salesperson, territory

COLUMNS = {
    "ytd": Decimal("0.01"),
    "prior_ytd": Decimal("0.01"),
    "prior_full_year": Decimal("0.01"),
    "growth": Decimal("0.00001"),
    "share": Decimal("0.00001"),
    "rank": Decimal(0),
    "abc": Decimal(0),
}
# A sale is rounded when it is converted; a territory has some hundred of them in a year.
COLUMNS_OF_MANY = COLUMNS | dict.fromkeys(
    ("ytd", "prior_ytd", "prior_full_year"), Decimal("0.02"))


def figures(
    world: World, marts: Marts, member_of: Callable[[Document], str]
) -> dict[tuple[int, str], dict]:
    return {
        key: {column: getattr(row, column) for column in COLUMNS}
        for key, row in sales_by(world, marts.day, member_of).items()
    }


def test_sales_rank_and_class_of_every_customer(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = figures(world, marts, lambda document: marts.customer_of[document.ordering])
    assert oracle
    found = differences(oracle, marts.table("top_customers", "fiscal_year", "customer_id"), COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


@pytest.mark.parametrize("dimension", ["group", "territory", "salesperson"])
def test_sales_rank_and_class_by_dimension(
    world: World, marts: Marts, differences: Callable, dimension: str
) -> None:
    members = marts.members
    member_of = {
        "group": lambda document: members[document.ordering].group,
        "territory": territory(world, marts.day),
        "salesperson": salesperson(world, marts.day),
    }[dimension]
    oracle = figures(world, marts, member_of)
    mart = {
        (year, member): row
        for (year, told_by, member), row in marts.table(
            "sales_by_dimension", "fiscal_year", "dimension", "member"
        ).items()
        if told_by == dimension
    }
    assert len(oracle) > 1
    found = differences(oracle, mart, COLUMNS_OF_MANY)
    assert not found, f"as of {marts.day}\n{found}"
