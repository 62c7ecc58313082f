"""What customers pay, and what is in stock, against the oracle."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from .conftest import SEEDS, Marts
from .lists import newest
from .prices import PriceBook, asked, stock
from .records import World


@pytest.fixture(scope="module")
def book() -> PriceBook:
    return PriceBook(SEEDS)


def accounts_of(marts: Marts) -> dict[str, set[str]]:
    """By company, merged ones included, the accounts of its customer."""
    customers: dict[str, set[str]] = defaultdict(set)
    companies: dict[str, str] = {}
    for (account,), row in marts.table("trading_accounts", "account_key").items():
        if row["deleted_on"] is None:
            customers[row["customer_id"]].add(account)
        if row["company_key"]:
            companies[row["company_key"]] = row["customer_id"]
    merged = {f"crm/{r['AccountRef']}": f"crm/{r['MergedInto']}"
              for r in newest(SEEDS / "crm", "companies") if r["MergedInto"]}
    return {company: customers[companies[merged.get(company, company)]]
            for company in {*merged, *companies} if merged.get(company, company) in companies}


def test_every_account_is_priced_for_what_it_may_ask_for(
    world: World, book: PriceBook, marts: Marts
) -> None:
    deleted = {account for (account,), row in marts.table(
        "trading_accounts", "account_key").items() if row["deleted_on"]}
    oracle = {pair for pair in asked(world, book, marts.day, accounts_of(marts))
              if pair[0] not in deleted}
    rows = marts.table("customer_prices", "account_key", "item_key", "currency", "min_qty")
    assert len(oracle) > 500
    assert {(account, item) for account, item, *_ in rows} == oracle, f"as of {marts.day}"


def test_every_price_is_the_list_s_and_bears_the_tax_of_the_account(
    book: PriceBook, marts: Marts
) -> None:
    found = []
    by_list = 0
    for key, row in marts.table(
            "customer_prices", "account_key", "item_key", "currency", "min_qty").items():
        account, item, currency, _ = key
        listed = {one: (rule, price) for one, rule, price in book.prices((account, item))}
        if listed:
            by_list += 1
            ours = (currency in listed and listed[currency]) or None
        else:
            ours = ("item_price", row["net_price"])
        if ours != (row["price_rule"], row["net_price"]):
            found.append(f"{key}: oracle {ours}, mart {row['price_rule']} {row['net_price']}")
        elif row["net_price"] is not None and (
                book.gross(account, row["net_price"]) != row["gross_price"]):
            found.append(f"{key}: with tax {row['gross_price']}")
    assert by_list > 500
    assert not found, f"as of {marts.day}\n" + "\n".join(found[:40])


def test_what_is_not_promised_is_free(marts: Marts) -> None:
    loaded = {"atlas": date(2026, 7, 2), "borealis": date(2026, 6, 30)}
    oracle = {
        (item, warehouse): (on_hand, max(on_hand - (allocated or 0), Decimal(0)),
                            (marts.day - loaded[item.split("/")[0]]).days)
        for (item, warehouse), (on_hand, allocated) in stock(SEEDS).items()
    }
    rows = marts.table("item_availability", "item_key", "warehouse")
    assert oracle
    assert {key: (row["on_hand"], row["free"], row["stock_age_days"])
            for key, row in rows.items()} == oracle
