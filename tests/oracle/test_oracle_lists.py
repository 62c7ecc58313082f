"""Values of the shared lists that keep orders waiting, against the oracle."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from .conftest import SEEDS, Marts
from .lists import Value, Waiting, front_waits, ledger_waits, ledgers_of
from .records import World


def stated(waits: dict[Value, Waiting]) -> dict[Value, dict[str, Any]]:
    return {
        value: {
            "blocked_orders": len(one.orders),
            "blocked_quotes": len(one.quotes),
            "blocked_order_nos": "; ".join(sorted(one.orders | one.quotes)),
            "blocked_amounts": {
                currency: net.quantize(Decimal("0.01")) for currency, net in one.net.items()
            },
        }
        for value, one in waits.items()
    }


def published(marts: Marts, *, of_the_crm: bool) -> dict[Value, dict[str, Any]]:
    rows = marts.table("list_mismatches", "source", "list_name", "list_value", "erp_source")
    found = {}
    for (source, *value), row in rows.items():
        if row["blocked_order_nos"] is None or (source == "crm") != of_the_crm:
            continue
        amounts = dict(reversed(text.split(" ")) for text in row["blocked_amounts"].split("; "))
        found[tuple(value)] = {
            "blocked_orders": row["blocked_orders"],
            "blocked_quotes": row["blocked_quotes"],
            "blocked_order_nos": row["blocked_order_nos"],
            "blocked_amounts": {c: Decimal(amount) for c, amount in amounts.items()},
        }
    return found


def test_what_waits_in_the_crm_for_a_value_of_a_list(world: World, marts: Marts) -> None:
    accounts: dict[str, set[str]] = defaultdict(set)
    for (account,), row in marts.table("trading_accounts", "account_key").items():
        if row["company_key"]:
            accounts[row["company_key"]].add(account)
    oracle = front_waits(world, SEEDS, marts.day, ledgers_of(SEEDS, accounts))
    assert published(marts, of_the_crm=True) == stated(oracle), f"as of {marts.day}"


def test_what_waits_in_a_ledger_for_a_value_of_its_own_lists(world: World, marts: Marts) -> None:
    oracle = ledger_waits(world, SEEDS, marts.day)
    assert published(marts, of_the_crm=False) == stated(oracle), f"as of {marts.day}"


def test_at_the_end_of_june_orders_of_both_systems_wait_for_lists(marts: Marts) -> None:
    """Guards the tests above: tables of nothing would agree."""
    values = {value for value, *_ in published(marts, of_the_crm=True)}
    if marts.day.month == 6 and marts.day.day == 30:
        assert len(published(marts, of_the_crm=True)) == 3
        assert values == {"item", "shipping_method"}
        assert len(published(marts, of_the_crm=False)) == 2
