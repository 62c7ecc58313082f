"""Unprocessed orders, those of the CRM included, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .conftest import Marts
from .credit import order_account
from .holding import holds
from .orders import Unprocessed, erp_orders, front_orders
from .records import World

COLUMNS = {
    "qty_to_ship": Decimal(0),
    "qty_to_invoice": Decimal(0),
    "open_net": Decimal("0.01"),
    "order_total": Decimal(0),
    "currency": Decimal(0),
}


def figures(row: Unprocessed) -> dict[str, Any]:
    return {
        "qty_to_ship": row.to_ship,
        "qty_to_invoice": row.to_bill,
        "open_net": row.open_net,
        "order_total": row.order_total,
        "currency": row.currency,
        "days_late": row.days_late,
    }


def listed(marts: Marts, *, erp: bool) -> dict:
    mart = marts.table("unprocessed_orders", "order_key")
    return {key[0]: row for key, row in mart.items() if key[0].startswith("crm/") != erp}


def test_every_erp_order_that_waits(world: World, marts: Marts, differences: Callable) -> None:
    oracle = {key: figures(row) for key, row in erp_orders(world, marts.day).items()}
    assert oracle
    found = differences(oracle, listed(marts, erp=True), COLUMNS | {"days_late": Decimal(0)})
    assert not found, f"as of {marts.day}\n{found}"


def test_every_crm_record_that_no_order_answers(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = {key: figures(row) for key, row in front_orders(world, marts.day).items()}
    found = differences(oracle, listed(marts, erp=False), COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


def test_why_each_order_waits(world: World, marts: Marts) -> None:
    """Reasons that the extracts prove: a draft, a hold on who pays, no ERP order, a later date."""
    held = holds(world, marts.day, marts.members)
    mart = marts.table("unprocessed_orders", "order_key")
    expected = {key: row.reasons for key, row in front_orders(world, marts.day).items()}
    for key, row in erp_orders(world, marts.day).items():
        order = world.orders[key]
        payer = order_account(world, order.account, order.bill_to)
        is_stopped = payer in held and order.status != "draft"
        expected[key] = row.reasons | ({"credit_hold"} if is_stopped else set())
    missing = [
        f"{key}: oracle {sorted(reasons)}, mart {mart[key,]['reasons']}"
        for key, reasons in sorted(expected.items())
        if (key,) in mart and not all(reason in str(mart[key,]["reasons"]) for reason in reasons)
    ]
    assert not missing, f"as of {marts.day}\n" + "\n".join(missing)
