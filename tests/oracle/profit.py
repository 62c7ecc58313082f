"""What customers leave: the margin that is known less what it cost to serve them.

Rules stated here: each fact stands in the month of its day, at the rate of its day. The margin is
of the lines that state a cost, in base currency as the ledger has them; a month with sales of which
none does has none, a month without sales has zero. Costs to serve are service costs under a
contract and outside, discounts taken (by the day of the payment, on the account that owed) and
debts written off (by the day they were posted). What came back is shown, not taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .histories import payments, returns
from .receivables import ZERO, rate
from .records import World
from .sales import REPORTING, sale_rows

Key = tuple[str, str, date]
SERVING = ("contract_service_cost", "other_service_cost", "discounts_taken", "write_offs")


def first(day: date) -> date:
    return day.replace(day=1)


class Fact(NamedTuple):
    account: str
    entity: str
    day: date
    term: str
    base: Decimal
    rated: date


def margins(world: World, day: date) -> Iterator[Fact]:
    """Sales of lines that state a cost, and what these leave."""
    documents = {document.key: document for document, _, _ in sale_rows(world, day)}
    costed: dict[str, Decimal] = defaultdict(Decimal)
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for line in world.document_lines:
        document = documents.get(line.document)
        if document and line.cost is not None and line.net is not None:
            base = line.net * document.rate if line.base is None else line.base
            costed[line.document] += base
            costs[line.document] += line.cost
    for key, net in costed.items():
        document = documents[key]
        where = (document.ordering, document.entity, document.starts)
        rated = document.document_date
        yield Fact(*where, "costed_sales", document.sign * net, rated)
        yield Fact(*where, "cost_of_goods", document.sign * costs[key], rated)


def servings(world: World, day: date, customer_of: dict[str, str]) -> Iterator[Fact]:
    for cost in world.costs:
        if cost.day <= day:
            term = "contract_service_cost" if cost.contract else "other_service_cost"
            entity = world.accounts[cost.account].entity
            yield Fact(cost.account, entity, cost.day, term, cost.amount, cost.day)
    for row in payments(world, day, customer_of).values():
        credit = world.documents[row["payment_key"]]
        at, base = credit.document_date, row["discount_taken_base"]
        if base:
            owed = world.documents[row["document_key"]].account
            yield Fact(owed, credit.entity, at, "discounts_taken", base, at)
    for document in world.documents.values():
        if document.kind == "write_off" and document.exists(day):
            at = document.starts
            base = -document.sign * document.base
            yield Fact(document.account, document.entity, at, "write_offs", base, at)


def customer_profitability(
    world: World, day: date, customer_of: dict[str, str]
) -> dict[Key, dict[str, Any]]:
    """By customer, ledger company and month."""
    sums: dict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for document, amount, _ in sale_rows(world, day):
        assert amount is not None, document
        key = (customer_of[document.ordering], document.entity, first(document.starts))
        sums[key]["net_sales"] += amount
    for fact in (*margins(world, day), *servings(world, day, customer_of)):
        factor = rate(world, world.entities[fact.entity].base_currency, REPORTING, fact.rated)
        assert factor is not None, fact
        key = (customer_of[fact.account], fact.entity, first(fact.day))
        sums[key][fact.term] += fact.base * factor
    came_back = returns(world, day, customer_of)
    for item in world.returns:
        if (item.key,) in came_back:
            key = (customer_of[item.account], world.accounts[item.account].entity, first(item.day))
            sums[key]["returns_value"] += came_back[item.key,]["value_reporting"]
    table = {}
    for key, found in sums.items():
        known = "costed_sales" in found or "net_sales" not in found
        margin = found["costed_sales"] - found["cost_of_goods"] if known else None
        serving = sum((found[term] for term in SERVING), ZERO)
        table[key] = {
            "net_sales_reporting": found["net_sales"],
            "costed_sales_reporting": found["costed_sales"] if known else None,
            "cost_of_goods_reporting": found["cost_of_goods"] if known else None,
            "margin_reporting": margin,
            "cost_to_serve_reporting": serving,
            "profit_reporting": None if margin is None else margin - serving,
            "returns_value_reporting": found["returns_value"],
            **{f"{term}_reporting": found[term] for term in SERVING},
        }
    return table
