"""What stock is left for orders and accepted quotes of the CRM that no ledger's order answers.

Rules stated here: they come after what a ledger has promised and after its own orders. A line may
go to every ledger that takes its item, of those in which its customer has an account; of any where
it has none. It is short where the ledger that has most for it has too little. A line that has one
ledger alone takes what it gets from later ones: the earliest wanted first, then the older order;
drafts never. Nothing is known of a line whose unit is not that of the item. Services need none.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from .lists import LEDGERS, Lists, newest
from .orders import front_orders
from .prices import stock
from .quantities import line_states
from .records import World

ZERO = Decimal(0)


@dataclass(frozen=True)
class Article:
    """An item of a ledger: its unit, and whether it is one that is kept in stock."""

    unit: str
    is_kept: bool


def articles(seeds: Path) -> dict[str, Article]:
    found = {f"atlas/{row['No']}": Article(row["BaseUnit"], row["Service"] == "No")
             for row in newest(seeds / "atlas", "items")}
    for row in newest(seeds / "borealis", "items"):
        found[f"borealis/{row['ItemNo']}"] = Article(row["Unit"], row["Stocked"] == "J")
    return found


def left_by_ledgers(world: World, seeds: Path, day: date) -> dict[str, Decimal]:
    """By item what is neither promised nor wanted by the ledger's own orders; no ledger of the
    demo says what of it is promised to which order."""
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for state in line_states(world, day).values():
        if state.line.kind == "stock" and state.order.status != "draft" and state.line.item:
            wanted[state.line.item] += state.to_ship
    on_hand: dict[str, Decimal] = defaultdict(Decimal)
    promised: dict[str, Decimal] = defaultdict(Decimal)
    for (item, _), (there, allocated) in stock(seeds).items():
        on_hand[item] += there
        promised[item] += allocated or ZERO
    return {item: max(on_hand[item] - max(promised[item], wanted[item]), ZERO)
            for item in articles(seeds)}


def short_lines(
    world: World, seeds: Path, day: date, ledgers: dict[str, set[str]]
) -> dict[tuple[str, str], Decimal | None]:
    """By kind of record and line what stays unserved; None = not known."""
    lists, known, left = Lists(seeds), articles(seeds), left_by_ledgers(world, seeds, day)
    waiting = front_orders(world, day)
    queue = []
    for kind in ("order", "quote"):
        for row in newest(seeds / "crm", f"{kind}_lines"):
            record = f"crm/{row[f'{kind.title()}Ref']}"
            if record in waiting and Decimal(row["Quantity"]) > 0:
                order = world.front_orders[record]
                queue.append((order.requested or date.max, order.day, f"crm_{kind}", record,
                              int(row["Position"]), row))
    found: dict[tuple[str, str], Decimal | None] = {}
    for *_, kind, record, _, row in sorted(queue, key=lambda place: place[:5]):
        targets = ledgers.get(world.front_orders[record].company) or set(LEDGERS)
        items = [f"{ledger}/{row['Item']}" for ledger in sorted(targets)
                 if lists.knows("item", row["Item"], ledger)]
        quantity = Decimal(row["Quantity"])
        if items and not any(known[item].is_kept for item in items):
            found[kind, f"crm/{row['LineRef']}"] = ZERO
            continue
        units = [lists.map.get(("uom", row["Unit"], item.split("/")[0]), row["Unit"])
                 for item in items]
        if not items or units != [known[item].unit for item in items]:
            found[kind, f"crm/{row['LineRef']}"] = None
            continue
        found[kind, f"crm/{row['LineRef']}"] = max(
            quantity - max(left[item] for item in items), ZERO)
        if len(items) == 1:
            left[items[0]] = max(left[items[0]] - quantity, ZERO)
    return found
