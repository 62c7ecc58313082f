"""How recently, how often and for how much customers buy, and the stewards' segments.

Rules stated here: one day is one purchase, an invoice worth more than nothing; credit notes lower
the value alone. Recency is days since the last purchase, frequency days with one, value the sales a
purchase day. A score is that of the band with the largest figure that is reached, else of the
lowest band. The segment is that of the first rule whose ranges hold every score they name.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .receivables import ZERO
from .records import World
from .sales import sale_rows

MEASURES = ("recency", "frequency", "value")


def score(world: World, measure: str, figure: Decimal) -> int:
    bands = sorted(
        (Decimal(band["at_least"]), int(band["score"]))
        for band in world.segment_bands
        if band["measure"] == measure
    )
    reached = [points for least, points in bands if figure >= least]
    return reached[-1] if reached else bands[0][1]


def segment(world: World, scores: dict[str, int]) -> str | None:
    for rule in sorted(world.segment_rules, key=lambda rule: int(rule["place"])):
        if all(
            int(rule[f"{measure}_from"] or 0) <= scores[measure] <= int(rule[f"{measure}_to"] or 99)
            for measure in MEASURES
        ):
            return rule["segment"]
    return None


def customer_segments(
    world: World, day: date, customer_of: dict[str, str]
) -> dict[tuple[str], dict[str, Any]]:
    days: dict[str, set[date]] = defaultdict(set)
    sales: dict[str, Decimal] = defaultdict(Decimal)
    for document, amount, base in sale_rows(world, day):
        customer = customer_of[document.ordering]
        sales[customer] += amount or ZERO
        if document.kind == "invoice" and base > 0:
            days[customer].add(document.starts)
    table = {}
    for customer, bought in days.items():
        figures = {
            "recency": Decimal((day - max(bought)).days),
            "frequency": Decimal(len(bought)),
            "value": sales[customer] / len(bought),
        }
        scores = {measure: score(world, measure, figures[measure]) for measure in MEASURES}
        table[(customer,)] = {
            "recency_days": int(figures["recency"]), "purchase_days": len(bought),
            "mean_value_reporting": figures["value"],
            "sales_lifetime_reporting": sales[customer],
            "first_purchase_date": min(bought), "last_purchase_date": max(bought),
            "segment": segment(world, scores),
            **{f"{measure}_score": scores[measure] for measure in MEASURES},
        }  # fmt: skip
    return table
