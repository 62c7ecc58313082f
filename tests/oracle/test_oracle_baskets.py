"""What is bought together and what is suggested to whom, against the oracle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from .baskets import cross_sell, item_rules, rounded
from .conftest import SEEDS, Marts
from .prices import quoted
from .records import World
from .test_oracle_prices import accounts_of

SHARE, EXACT = Decimal("0.0000001"), Decimal(0)
RULES = {"support": SHARE, "confidence": SHARE, "lift": SHARE}
SUGGESTIONS = RULES | {"rank": EXACT, "rests_on": EXACT, "rests_on_items": EXACT}


def test_every_rule_of_two_items(world: World, marts: Marts, differences: Callable) -> None:
    oracle = {
        key: {column: rounded(getattr(rule, column)) for column in RULES}
        for key, rule in item_rules(world, marts.day).items()
    }
    assert oracle
    found = differences(oracle, marts.table("item_rules", "item_key", "other_item_key"), RULES)
    assert not found, f"as of {marts.day}\n{found}"


def test_what_is_suggested_to_every_customer(
    world: World, marts: Marts, differences: Callable
) -> None:
    asked_for = quoted(world, SEEDS, marts.day, accounts_of(marts))
    oracle = cross_sell(world, marts.day, marts.customer_of, asked_for)
    assert any(row["rests_on_items"] > 1 for row in oracle.values())
    mart = marts.table("cross_sell", "customer_id", "item_key")
    found = differences(oracle, mart, SUGGESTIONS)
    assert not found, f"as of {marts.day}\n{found}"
    customers = marts.table("customer_360", "customer_id")
    counts = {key[0]: row["suggested_items"] for key, row in customers.items()}
    assert {key: n for key, n in counts.items() if n} == Counter(key for key, _ in oracle)
