"""What users are about to sell, what they won and lost, and what their customers were invoiced.

Rules stated here: an opportunity is known from the day it was made, and open until the day it was
closed; the stage of one that was closed since is not known. A stage weighs what the demo's
configuration says, what is not known as much as the CRM has won of what it has closed. Open amounts
convert at the day of the figures, closed ones at the day they were closed.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from .front import Opportunity
from .receivables import ZERO, rate
from .records import World
from .sales import REPORTING, sale_rows

WEIGHTS = {"Qualified": Decimal("0.20"), "Proposal": Decimal("0.50"),
           "Negotiation": Decimal("0.75")}
Key = tuple[str, str | None, date | None, str | None]


def month(day: date | None) -> date | None:
    return None if day is None else day.replace(day=1)


def state(opportunity: Opportunity, day: date) -> str:
    closed = opportunity.stage in ("Won", "Lost")
    if not closed or (opportunity.close is not None and opportunity.close > day):
        return "open"
    return opportunity.stage.lower()


def pipeline_forecast(
    world: World, day: date, customer_of: dict[str, str], owner_of: dict[str, str | None]
) -> dict[Key, dict[str, Decimal]]:
    """By row type, owner, first day of the month and stage."""
    table: dict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    known = [o for o in world.opportunities if o.created is None or o.created.date() <= day]
    ends = [state(o, day) for o in known if state(o, day) != "open"]
    won = Decimal(ends.count("won")) / len(ends)
    for opportunity in known:
        now = state(opportunity, day)
        stage: str | None = opportunity.stage
        if now == "open" and stage in ("Won", "Lost"):
            stage = None
        row = table["opportunities", opportunity.owner, month(opportunity.close), stage]
        at = day if now == "open" or opportunity.close is None else opportunity.close
        factor = rate(world, opportunity.currency or REPORTING, REPORTING, at) or ZERO
        amount = (opportunity.amount or ZERO) * factor
        row[f"{now}_opportunities"] += 1
        row[f"{now}_reporting"] += amount
        if now == "open":
            row["weighted_reporting"] += amount * WEIGHTS.get(stage or "", won)
            if opportunity.close is not None and opportunity.close < day:
                row["overdue_opportunities"] += 1
                row["overdue_reporting"] += amount
    for document, net, _ in sale_rows(world, day):
        owner = owner_of.get(customer_of[document.ordering])
        table["invoiced", owner, month(document.starts), None]["invoiced_reporting"] += net or ZERO
    return dict(table)
