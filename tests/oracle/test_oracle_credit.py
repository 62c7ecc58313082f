"""Exposure terms of every account, and who is held for what, against the oracle."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from .conftest import DEFAULT_DAY, Marts
from .credit import TERMS, exposures, order_account
from .holding import holds
from .orders import erp_orders
from .records import World

# A term is converted item by item: a cent for each few dozen of them.
SLACK = Decimal("0.02")
COLUMNS = {
    **dict.fromkeys(TERMS, SLACK),
    "exposure": SLACK,
    "exposure_reporting": SLACK,
    "currency": Decimal(0),
    "credit_limit": Decimal(0),
    "uninsured": SLACK,
}


# A reason starts with its rule, after the level it was found on where that is above the account.
RULE = re.compile(
    r"(?:^|; )((?:(?:customer|group): )?"
    r"(?:manual|over_limit|days_overdue|amount_overdue|limit_expired|status_blocked)):"
)


def test_exposure_of_every_account(world: World, marts: Marts, differences: Callable) -> None:
    payers = {account.bill_to for account in world.accounts.values()}
    oracle = {
        key: {
            **row.converted,
            "exposure": row.exposure,
            "exposure_reporting": row.exposure_reporting,
            "currency": row.currency,
            "credit_limit": row.limit,
            "uninsured": row.uninsured,
        }
        for key, row in exposures(world, marts.day).items()
        if key in payers or any(row.terms.values())
    }
    rows = marts.table("credit_exposure", "level", "id").values()
    mart = {row["account_key"]: row for row in rows if row["level"] == "account"}
    found = differences(oracle, mart, COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


def test_accounts_on_hold(world: World, marts: Marts) -> None:
    oracle = set(holds(world, marts.day, marts.members))
    mart = {
        row["account_key"]: row["reasons"]
        for row in marts.table("credit_hold", "level", "id").values()
        if row["level"] == "account"
    }
    assert oracle
    found = [f"{key}: only the oracle holds it" for key in sorted(oracle - mart.keys())]
    found += [f"{key}: only the mart: {mart[key]}" for key in sorted(mart.keys() - oracle)]
    assert not found, f"as of {marts.day}\n" + "\n".join(found)


def test_reasons_and_the_payment_that_releases(
    world: World, marts: Marts, differences: Callable
) -> None:
    rows = marts.table("credit_hold", "level", "id").values()
    mart = {row["account_key"]: row for row in rows if row["level"] == "account"}
    oracle = holds(world, marts.day, marts.members)
    unnamed = [
        f"{key}: oracle {sorted(row.reasons)}, mart {mart[key]['reasons']}"
        for key, row in sorted(oracle.items())
        if key in mart and set(RULE.findall(mart[key]["reasons"])) != set(row.reasons)
    ]
    payments = {
        key: {"amount_to_release": row.to_pay, "currency": row.currency}
        for key, row in oracle.items()
        if key in mart
    }
    columns = {"amount_to_release": SLACK, "currency": Decimal(0)}
    shown = {key: row for key, row in mart.items() if key in oracle}
    found = "\n".join([*unnamed, differences(payments, shown, columns)]).strip()
    assert not found, f"as of {marts.day}\n{found}"


def test_a_customer_tells_every_hold_of_its_accounts(world: World, marts: Marts) -> None:
    oracle: dict[str, list[str]] = {}
    customers = marts.table("customer_360", "customer_id")
    found = []
    for key, hold in sorted(holds(world, marts.day, marts.members).items()):
        customer = marts.customer_of[key]
        oracle.setdefault(customer, []).append(key)
        told = customers[customer,]["hold_reasons"] or ""
        found += [
            f"{key}: {reason} is not in {told!r}"
            for reason in hold.reasons
            if reason.rpartition(": ")[2] + ":" not in told
        ]
    mart = {key[0]: row["held_accounts"] for key, row in customers.items() if row["held_accounts"]}
    assert mart == {customer: len(accounts) for customer, accounts in oracle.items()}
    assert not found, f"as of {marts.day}\n" + "\n".join(found)


def test_the_orders_that_each_hold_stops(world: World, marts: Marts) -> None:
    oracle: dict[str, int] = dict.fromkeys(held := holds(world, marts.day, marts.members), 0)
    let_through = 0
    for key, row in erp_orders(world, marts.day).items():
        order = world.orders[key]
        payer = order_account(world, order.account, order.bill_to)
        if payer in held:
            oracle[payer] += held[payer].stops(row)
            let_through += row.delivers and not row.is_draft and not held[payer].stops(row)
    mart = {
        row["account_key"]: row["stopped_orders"]
        for row in marts.table("credit_hold", "level", "id").values()
        if row["level"] == "account"
    }
    found = [f"{k}: oracle {oracle.get(k)}, mart {mart.get(k)}" for k in sorted(oracle | mart)
             if oracle.get(k) != mart.get(k)]
    assert not found, f"as of {marts.day}\n" + "\n".join(found)
    assert let_through or marts.day < DEFAULT_DAY, "the demo has prepaid orders of held accounts"
