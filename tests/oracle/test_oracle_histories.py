"""Purchases, invoices, payments, shipments and returns, line by line, against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from .conftest import Marts
from .histories import invoices, payments, purchases, returns, shipments
from .records import World

# A line is rounded when it is converted, and the last of a sale takes what that leaves.
ROUNDED = Decimal("0.001")
SLACK = {"net_base", "net_reporting", "amount_reporting", "open_amount_reporting", "value_base",
         "value_reporting"}


@pytest.mark.parametrize(("mart", "key", "expected"), [
    ("purchase_history", "line_key", purchases),
    ("invoice_history", "document_key", invoices),
    ("payment_history", "payment_line_key", payments),
    ("shipping_history", "shipment_line_key", shipments),
    ("return_history", "return_line_key", returns),
])
def test_history(
    world: World, marts: Marts, differences: Callable, mart: str, key: str, expected: Callable
) -> None:
    oracle = expected(world, marts.day, marts.customer_of)
    assert oracle
    columns = {
        column: ROUNDED if column in SLACK else Decimal(0)
        for column in next(iter(oracle.values()))
    }
    found = differences(oracle, marts.table(mart, key), columns)
    assert not found, f"as of {marts.day}\n{found}"
