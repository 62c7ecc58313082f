"""What is bought together, and what follows for whom.

Rules stated here: a basket is an invoice worth more than nothing that credit notes did not settle
as a whole, with the items of which a quantity above zero was invoiced, a hundred at most. Each
ledger has its own baskets. A rule needs three of them, 0.2 % of all and 10 % of those with its
first item. Suggested is what the customer was never invoiced, under no ledger's code, has not on
order nor shipped and does not ask the CRM for, and what is still sold, by rules with a lift over 1:
the five surest by confidence, then lift, then support.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any, NamedTuple

from .quantities import line_states
from .receivables import ZERO, in_effect
from .records import DocumentLine, World
from .sales import net_of

LEAST_BASKETS, LEAST_SUPPORT, LEAST_CONFIDENCE = 3, Fraction(2, 1000), Fraction(1, 10)
PER_CUSTOMER, NAMED, MOST_ITEMS = 5, 5, 100


class Rule(NamedTuple):
    support: Fraction
    confidence: Fraction
    lift: Fraction


def sold(world: World, day: date) -> dict[str, set[str]]:
    """By invoice, the items that were invoiced on it."""
    items: dict[str, set[str]] = defaultdict(set)
    for line in world.document_lines:
        document = world.documents[line.document]
        if document.kind == "invoice" and document.exists(day) and line.quantity > 0 and line.item:
            items[line.document].add(line.item)
    return items


def baskets(world: World, day: date) -> list[tuple[str, set[str]]]:
    """The source of each basket, and the items in it."""
    lines: dict[str, list[DocumentLine]] = defaultdict(list)
    for line in world.document_lines:
        lines[line.document].append(line)
    credited: dict[str, Decimal] = defaultdict(Decimal)
    for allocation in world.allocations:
        is_note = world.documents[allocation.credit].kind == "credit_note"
        if is_note and in_effect(world, allocation, day):
            credited[allocation.debit] += allocation.amount
    found = []
    for key, items in sold(world, day).items():
        document = world.documents[key]
        sums = {key: sum((line.net or ZERO for line in lines[key]), ZERO)}
        if net_of(world, document, sums) > 0 and credited[key] < document.amount:
            found.append((key.split("/")[0], items))
    return [(source, items) for source, items in found if len(items) <= MOST_ITEMS]


def item_rules(world: World, day: date) -> dict[tuple[str, str], Rule]:
    """By an item and another one, of the same source."""
    total, single, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for source, items in baskets(world, day):
        total[source] += 1
        single.update(items)
        both.update(permutations(sorted(items), 2))
    table = {}
    for (one, other), count in both.items():
        everything = total[one.split("/")[0]]
        rule = Rule(
            Fraction(count, everything),
            Fraction(count, single[one]),
            Fraction(count * everything, single[one] * single[other]),
        )
        if (
            count >= LEAST_BASKETS
            and rule.support >= LEAST_SUPPORT
            and rule.confidence >= LEAST_CONFIDENCE
        ):
            table[one, other] = rule
    return table


def rounded(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / share.denominator


def awaited(
    world: World, day: date, customer_of: dict[str, str], quoted: set[tuple[str, str]]
) -> dict[str, set[str]]:
    """By customer, the items that were ordered and not cancelled or shipped, and `quoted`, what the
    CRM's orders and quotes are over, by account."""
    found: dict[str, set[str]] = defaultdict(set)
    for state in line_states(world, day).values():
        if state.ordered > 0 and state.line.item:
            found[customer_of[state.order.account]].add(state.line.item)
    for line in world.shipments.values():
        if line.day <= day:
            found[customer_of[line.shipment.account]].add(line.item)
    for account, item in quoted:
        found[customer_of[account]].add(item)
    return found


def cross_sell(
    world: World, day: date, customer_of: dict[str, str], quoted: set[tuple[str, str]]
) -> dict[tuple[str, str], dict[str, Any]]:
    """By customer and item."""
    owned: dict[str, set[str]] = defaultdict(set)
    for key, items in sold(world, day).items():
        owned[customer_of[world.documents[key].ordering]] |= items
    waits = awaited(world, day, customer_of, quoted)
    rules, table = item_rules(world, day), {}
    for customer, items in owned.items():
        codes = {item.split("/", 1)[1] for item in items | waits[customer]}
        reasons: dict[str, list[tuple[Fraction, Fraction, Fraction, str]]] = defaultdict(list)
        for (one, other), (support, confidence, lift) in rules.items():
            item = world.items[other]
            if one in items and lift > 1 and item.code not in codes and item.is_active:
                reasons[other].append((-confidence, -lift, -support, world.items[one].code))
        surest = sorted((*min(why)[:3], other) for other, why in reasons.items())
        for place, (confidence, lift, support, other) in enumerate(surest[:PER_CUSTOMER], start=1):
            table[customer, other] = {
                "rank": place, "support": rounded(-support),
                "confidence": rounded(-confidence), "lift": rounded(-lift),
                "rests_on": "; ".join(why[3] for why in sorted(reasons[other])[:NAMED]),
                "rests_on_items": len(reasons[other]),
            }  # fmt: skip
    return table
