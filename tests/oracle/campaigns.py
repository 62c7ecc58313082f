"""What campaigns cost and brought, as of a day, under each way of attributing sales.

Rules stated here: direct takes the campaign a document names. The others take the campaigns that
the customer answered up to 90 days before the sale (its own day included): the first, the last
(equal days by key), or all in equal shares, each once. A credit note goes where the invoices go
that it is set against, in proportion; the rest of it stands for itself. A cost is what was spent,
else the budget, at the first day of the campaign, at the day of the figures before that. The return
needs a campaign that has begun and a cost above zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from .front import Campaign
from .receivables import ZERO, rate
from .records import Document, World
from .sales import REPORTING, sale_rows
from .service import credited_parts

DAYS = 90
MODELS = ("direct", "first_touch", "last_touch", "even")
Key = tuple[str, str]


def answers(
    world: World, day: date, customers: dict[str, str]
) -> dict[str, list[tuple[date, str]]]:
    """Days and campaigns that each customer answered by the day."""
    found: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for member in world.members:
        if not member.responded or member.at is None or member.at.date() > day:
            continue
        if member.company in customers:
            found[customers[member.company]].append((member.at.date(), member.campaign))
    return found


def attributed(
    answered: list[tuple[date, str]], sold: date, model: str
) -> list[str]:
    """The campaigns that one sale is put down to, in equal shares."""
    before = [(on, key) for on, key in answered if 0 <= (sold - on).days <= DAYS]
    if not before:
        return []
    if model == "first_touch":
        return [min(before)[1]]
    if model == "last_touch":
        last = max(on for on, _ in before)
        return [min(key for on, key in before if on == last)]
    return sorted({key for _, key in before})


def parts(world: World, day: date) -> Iterator[tuple[Document, Document, Decimal]]:
    """Sale, the sale that tells its campaign, amount."""
    split = credited_parts(world, day)
    for document, amount, _ in sale_rows(world, day):
        whole, left = amount or ZERO, Decimal(1)
        for invoice, part in split.get(document.key, {}).items():
            yield document, world.documents[invoice], whole * part
            left -= part
        if left > Decimal("0.0000001"):
            yield document, document, whole * left


def campaign_cost(world: World, campaign: Campaign, day: date) -> Decimal | None:
    amount = campaign.budget if campaign.spent is None else campaign.spent
    begun = campaign.start is not None and campaign.start <= day
    factor = rate(world, campaign.currency, REPORTING, campaign.start if begun else day)
    return None if amount is None or factor is None else amount * factor


def campaign_roi(
    world: World, day: date, customer_of: dict[str, str], company_customer: dict[str, str]
) -> dict[Key, dict[str, object]]:
    answered = answers(world, day, company_customer)
    invoiced: dict[Key, Decimal] = defaultdict(Decimal)
    credited: dict[Key, Decimal] = defaultdict(Decimal)
    invoices: dict[Key, set[str]] = defaultdict(set)
    for sale, origin, amount in parts(world, day):
        for model in MODELS:
            if model == "direct":
                named = sale.campaign or origin.campaign
                keys = [f"crm/{named}"] if named else []
            else:
                customer = customer_of[origin.ordering]
                keys = attributed(answered.get(customer, []), origin.starts, model)
            for key in keys:
                if sale.kind == "invoice":
                    invoiced[key, model] += amount / len(keys)
                    invoices[key, model].add(sale.key)
                else:
                    credited[key, model] += amount / len(keys)
    children: dict[str, list[Campaign]] = defaultdict(list)
    for campaign in world.campaigns:
        above: str | None = campaign.key
        while above is not None:
            children[above].append(campaign)
            above = next(c.parent for c in world.campaigns if c.key == above)
    table = {}
    for campaign in world.campaigns:
        for model in MODELS:
            key = (campaign.key, model)
            cost, revenue = campaign_cost(world, campaign, day), invoiced[key] + credited[key]
            begun = campaign.start is not None and campaign.start <= day
            table[key] = {
                "cost_reporting": cost,
                "responses": sum(
                    member.campaign == campaign.key and member.responded
                    and member.at is not None and member.at.date() <= day
                    for member in world.members),
                "opportunities_won": sum(
                    o.campaign == campaign.key and o.stage == "Won"
                    and o.close is not None and o.close <= day
                    and (o.created is None or o.created.date() <= day)
                    for o in world.opportunities),
                "invoices": len(invoices[key]),
                "invoiced_reporting": invoiced[key],
                "credited_reporting": credited[key],
                "revenue_reporting": revenue,
                "roi": (revenue - cost) / cost if begun and cost else None,
                "revenue_with_children_reporting": sum(
                    (invoiced[c.key, model] + credited[c.key, model]
                     for c in children[campaign.key]), ZERO),
                "cost_with_children_reporting": sum(
                    (campaign_cost(world, c, day) or ZERO for c in children[campaign.key]
                     if c.start is not None and c.start <= day), ZERO),
            }
    return table
