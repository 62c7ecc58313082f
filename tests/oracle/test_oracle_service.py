"""Service contracts, campaigns and the pipeline against the oracle."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from .campaigns import MODELS, campaign_roi
from .conftest import Marts
from .pipeline import pipeline_forecast, state
from .receivables import ZERO
from .records import World
from .service import customer_service, is_overdue, service_contracts

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
    "cases_out_of_cover": EXACT,
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
    assert any(row["cases_out_of_cover"] for row in oracle.values())
    mart = marts.table("service_contracts", "contract_key")
    found = differences(oracle, mart, CONTRACT_COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"

CAMPAIGN_COLUMNS = {
    "cost_reporting": CENT,
    "responses": EXACT,
    "opportunities_won": EXACT,
    "invoices": EXACT,
    "invoiced_reporting": CENT,
    "credited_reporting": CENT,
    "revenue_reporting": CENT,
    "roi": Decimal("0.00001"),
    "revenue_with_children_reporting": CENT,
    "cost_with_children_reporting": CENT,
}


def customer_of_companies(world: World, marts: Marts) -> dict[str, str]:
    """Every company's customer: its own, or that of the company it was merged into."""
    found = {key[0]: row["customer_id"]
             for key, row in marts.table("customer_360", "company_key", "customer_id").items()}
    for company, other in world.merged_into.items():
        if company not in found and other in found:
            found[company] = found[other]
    return found


def test_what_every_campaign_brought_under_every_attribution_model(
    world: World, marts: Marts, differences: Callable
) -> None:
    oracle = campaign_roi(
        world, marts.day, marts.customer_of, customer_of_companies(world, marts))
    for model in MODELS:
        rows = [row for key, row in oracle.items() if key[1] == model]
        assert any(row["invoiced_reporting"] for row in rows), model
        assert any(row["credited_reporting"] for row in rows) or model == "direct", model
    mart = marts.table("campaign_roi", "campaign_key", "attribution_model")
    found = differences(oracle, mart, CAMPAIGN_COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


PIPELINE_COLUMNS = {
    **{f"{state}_opportunities": EXACT for state in ("open", "won", "lost", "overdue")},
    **{f"{state}_reporting": CENT
       for state in ("open", "won", "lost", "overdue", "weighted", "invoiced")},
}


def test_what_every_user_is_about_to_sell_and_sold(
    world: World, marts: Marts, differences: Callable
) -> None:
    customers = marts.table("customer_360", "customer_id")
    owner_of = {key[0]: world.company_owner.get(row["company_key"])
                for key, row in customers.items()}
    found = pipeline_forecast(world, marts.day, marts.customer_of, owner_of)
    oracle = {key: {column: row.get(column, ZERO if "_rep" in column else 0)
                    for column in PIPELINE_COLUMNS} for key, row in found.items()}
    for column in PIPELINE_COLUMNS:
        assert any(row[column] for row in oracle.values()) or "overdue" in column, column
    mart = marts.table("pipeline_forecast", "row_type", "owner_key", "close_month", "stage")
    difference = differences(oracle, mart, PIPELINE_COLUMNS)
    assert not difference, f"as of {marts.day}\n{difference}"


SERVICE_COLUMNS = {
    "open_cases": EXACT,
    "overdue_cases": EXACT,
    "response_met_pct": Decimal("0.00001"),
    "resolution_met_pct": Decimal("0.00001"),
    "contracts_in_force": EXACT,
    "contracts_ending_soon": EXACT,
    "service_margin_reporting": CENT,
    "last_campaign_response_on": EXACT,
    "overdue_opportunities": EXACT,
}


def test_service_and_marketing_in_the_row_of_every_customer(
    world: World, marts: Marts, differences: Callable
) -> None:
    of_company = customer_of_companies(world, marts)
    customers = marts.table("customer_360", "customer_id")
    oracle = customer_service(world, marts.day, of_company, {key[0] for key in customers})
    for column in SERVICE_COLUMNS:
        assert any(row[column] for row in oracle.values()) or "overdue" in column, column
    found = differences(oracle, customers, SERVICE_COLUMNS)
    assert not found, f"as of {marts.day}\n{found}"


def test_what_of_service_and_sales_needs_a_person(world: World, marts: Marts) -> None:
    contracts = service_contracts(world, marts.day)
    oracle = {("contract_ending_soon", key[0]) for key, row in contracts.items()
              if row["is_ending_soon"]}
    # No contract of the demo takes over from another.
    oracle |= {("contract_lapsed", key[0]) for key, row in contracts.items()
               if row["has_just_lapsed"]}
    oracle |= {("case_overdue", case.key) for case in world.cases
               if case.opened.date() <= marts.day and is_overdue(case, marts.day)}
    oracle |= {("opportunity_overdue", o.key) for o in world.opportunities
               if (o.created is None or o.created.date() <= marts.day)
               and state(o, marts.day) == "open"
               and o.close is not None and o.close < marts.day}
    assert oracle
    kinds = {"contract_ending_soon", "contract_lapsed", "case_overdue", "opportunity_overdue"}
    mart = {key for key in marts.table("exceptions", "kind", "record_key") if key[0] in kinds}
    assert mart == oracle
