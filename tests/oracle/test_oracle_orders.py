"""Unprocessed orders, those of the CRM included, against the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .conftest import DEFAULT_DAY, SEEDS, Marts
from .credit import order_account
from .front_stock import short_lines
from .holding import holds
from .lists import newest
from .orders import Unprocessed, erp_lines, erp_orders, front_orders
from .records import World

COLUMNS = {
    "qty_to_ship": Decimal(0),
    "qty_to_invoice": Decimal(0),
    "open_net": Decimal("0.01"),
    "order_total": Decimal(0),
    "currency": Decimal(0),
}

# The reasons as the rules list them, the graver first; and those that this oracle can prove.
PRIORITY = (
    "credit_hold",
    "no_stock",
    "list_mismatch",
    "not_handed_over",
    "awaiting_approval",
    "due_later",
)
PROVEN = {"credit_hold", "no_stock", "awaiting_approval", "due_later"}


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


def test_every_erp_line_that_waits(world: World, marts: Marts, differences: Callable) -> None:
    oracle = {(key,): row for key, row in erp_lines(world, marts.day).items()}
    lines = marts.table("unprocessed_order_lines", "record_type", "order_line_key").items()
    mart = {(line,): row for (kind, line), row in lines if kind == "erp_order"}
    columns = dict.fromkeys(next(iter(oracle.values())), Decimal(0))
    found = differences(oracle, mart, columns | {"open_net": Decimal("0.01")})
    assert not found, f"as of {marts.day}\n{found}"


def test_every_crm_record_that_no_order_answers(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = {key: figures(row) for key, row in front_orders(world, marts.day).items()}
    found = differences(oracle, listed(marts, erp=False), COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


def reasons_of(row: dict[str, Any]) -> list[str]:
    return str(row["reasons"]).split("; ")


def test_why_each_erp_order_waits(world: World, marts: Marts) -> None:
    """What the extracts alone prove: the hold of who pays, no stock, a draft, a day to come."""
    held = holds(world, marts.day, marts.members)
    mart = listed(marts, erp=True)
    found = []
    for key, row in sorted(erp_orders(world, marts.day).items()):
        order = world.orders[key]
        payer = order_account(world, order.account, order.bill_to)
        is_stopped = payer in held and held[payer].stops(row)
        expected = row.reasons | ({"credit_hold"} if is_stopped else set())
        shown = set(reasons_of(mart[key])) & PROVEN if key in mart else expected
        if shown != expected:
            found.append(f"{key}: oracle {sorted(expected)}, mart {mart[key]['reasons']}")
    assert not found, f"as of {marts.day}\n" + "\n".join(found)


def test_why_each_crm_record_waits(world: World, marts: Marts) -> None:
    mart = listed(marts, erp=False)
    found = [
        f"{key}: oracle {sorted(row.reasons)}, mart {mart[key]['reasons']}"
        for key, row in sorted(front_orders(world, marts.day).items())
        if key in mart and not row.reasons <= set(reasons_of(mart[key]))
    ]
    assert not found, f"as of {marts.day}\n" + "\n".join(found)


def ledgers_of_companies(marts: Marts) -> dict[str, set[str]]:
    """By company, merged ones included, the ledgers in which its customer has accounts."""
    customers: dict[str, set[str]] = defaultdict(set)
    for (account,), row in marts.table("trading_accounts", "account_key").items():
        if row["deleted_on"] is None:
            customers[row["customer_id"]].add(account.split("/")[0])
    found = {row["company_key"]: customers[customer]
             for (customer,), row in marts.table("customer_360", "customer_id").items()
             if row["company_key"]}
    for row in newest(SEEDS / "crm", "companies"):
        if row["MergedInto"]:
            found[f"crm/{row['AccountRef']}"] = found.get(f"crm/{row['MergedInto']}", set())
    return found


def test_what_stock_leaves_of_each_crm_line(world: World, marts: Marts) -> None:
    oracle = short_lines(world, SEEDS, marts.day, ledgers_of_companies(marts))
    lines = marts.table("unprocessed_order_lines", "record_type", "order_line_key").items()
    mart = {key: row["qty_back_ordered"] for key, row in lines
            if key[0] != "erp_order" and key[1] is not None}
    assert mart == oracle, f"as of {marts.day}"
    assert any(oracle.values()) == (marts.day == DEFAULT_DAY), "which lines are short, then?"
    waits = {row["order_key"] for key, row in lines if oracle.get(key)}
    shown = {key for key, row in listed(marts, erp=False).items() if "no_stock" in reasons_of(row)}
    assert shown == waits, f"as of {marts.day}"


def test_the_leading_reason_is_the_first_by_priority(marts: Marts) -> None:
    found = []
    for key, row in marts.table("unprocessed_orders", "order_key").items():
        ranked = [reason for reason in PRIORITY if reason in reasons_of(row)]
        if row["leading_reason"] in PRIORITY and row["leading_reason"] != ranked[0]:
            found.append(f"{key}: {row['leading_reason']} leads {row['reasons']}")
    assert not found, f"as of {marts.day}\n" + "\n".join(found)


def test_every_order_that_is_late_by_more_than_a_week_is_somebodys(marts: Marts) -> None:
    kinds = {
        "ready_to_ship": "order_late",
        "no_stock": "order_back_ordered",
        "awaiting_supplier": "order_awaiting_supplier",
    }
    lines = marts.table("unprocessed_order_lines", "record_type", "order_line_key", "line_no")
    oracle = {
        (kinds[row["leading_reason"]], row["order_key"])
        for key, row in lines.items()
        if key[0] == "erp_order" and (row["days_late"] or 0) > 7 and row["leading_reason"] in kinds
    }
    found = marts.table("exceptions", "kind", "record_key")
    assert {key for key in found if key[0] in kinds.values()} == oracle
