"""Service contracts against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .conftest import Marts
from .records import World
from .service import service_contracts

CENT, EXACT = Decimal("0.01"), Decimal(0)
CONTRACT_COLUMNS = {
    "state": EXACT,
    "days_left": EXACT,
    "is_ending_soon": EXACT,
    "value_reporting": CENT,
    "revenue_reporting": CENT,
    "labour_reporting": CENT,
    "parts_reporting": CENT,
    "travel_reporting": CENT,
    "margin_reporting": CENT,
    "hours_used": EXACT,
    "hours_left": EXACT,
    "cases": EXACT,
    "open_cases": EXACT,
    "responses_met": EXACT,
    "responses_missed": EXACT,
    "resolutions_met": EXACT,
    "resolutions_missed": EXACT,
}


def test_what_every_service_contract_brings_and_costs(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = service_contracts(world, marts.day)
    assert {row["state"] for row in oracle.values()} >= {"in_cover", "lapsed", "cancelled"}
    assert any(row["revenue_reporting"] for row in oracle.values())
    assert any(row["resolutions_missed"] for row in oracle.values())
    mart = marts.table("service_contracts", "contract_key")
    found = differences(oracle, mart, CONTRACT_COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"
