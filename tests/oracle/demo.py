"""The demo company as its extracts tell it: both ledgers, the CRM, the stewards.

Read: what receivables, credit, sales and orders need. Not here: who belongs to which customer.
"""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from .atlas import read_atlas
from .borealis import read_borealis
from .extracts import Reader, Row, choice, known
from .front import read_costs, read_front
from .records import FrontOrder, World


def read_crm(reader: Reader) -> None:
    world = reader.world
    companies = set()
    for row in reader.newest("companies"):
        if row["AccountName"] is not None and row["AccountRef"] is not None:
            companies.add(reader.key(row["AccountRef"]))

    read_front(reader, companies)

    def read_lines(name: str, parent: str) -> dict[str, list[Decimal]]:
        lines: dict[str, list[Decimal]] = {}
        for row in reader.newest(name):
            lines.setdefault(reader.key(row[parent]), []).append(reader.amount(row["Quantity"]))
        return lines

    def front_order(row: Row, kind: str, words: dict[str, str]) -> FrontOrder:
        key = reader.key(row["QuoteRef" if kind == "quote" else "OrderRef"])
        made = datetime.fromisoformat(str(row["CreatedAt"])).date()
        return FrontOrder(
            key=key,
            kind=kind,
            company=known(reader.key(row["AccountRef"]), companies, "company"),
            status=choice(row["Status"], words),
            currency=str(row["Currency"]),
            day=made if kind == "quote" else reader.needed_day(row["OrderDate"]),
            requested=None if kind == "quote" else reader.day(row["RequestedDate"]),
            valid_until=reader.day(row["ValidUntil"]) if kind == "quote" else None,
            net=reader.number(row["Net"]),
            total=reader.number(row["Total"]),
            quote=None if kind == "quote" else reader.optional_key(row["QuoteRef"]),
            erp_order_ref=row["BackOfficeOrder"],
            lines=tuple(lines.get(key, ())),
        )

    quote_words = {word: word.lower() for word in ("Draft", "Sent", "Accepted", "Ordered")}
    quote_words["Rejected"] = "lost"
    order_words = {word: word.lower() for word in ("Open", "Handed over", "Cancelled")}
    for kind, words, parent in (
        ("quote", quote_words, "QuoteRef"),
        ("order", order_words, "OrderRef"),
    ):
        lines = read_lines(f"{kind}_lines", parent)
        read = lambda row, kind=kind, words=words: front_order(row, kind, words)  # noqa: E731
        for record in reader.accept(f"{kind}s", reader.newest(f"{kind}s"), read):
            world.front_orders[record.key] = record


def read_steward(folder: Path, world: World) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    world.rules = rows("credit_rule")
    world.limits = rows("credit_limit")
    world.groups = rows("customer_group")
    world.dunning = rows("dunning_policy")
    world.segment_bands = rows("segment_band")
    world.segment_rules = rows("segment_rule")
    world.ageing_profiles = rows("ageing_profile")
    world.counted_terms = {
        row["term"] for row in rows("exposure_policy") if row["counts"] == "true"
    }


def read_world(seeds: Path) -> World:
    """Everything the demo company's extracts say."""
    world = World()
    atlas = Reader(seeds / "atlas", world=world, source="atlas")
    borealis = Reader(
        seeds / "borealis",
        world=world,
        source="borealis",
        delimiter=";",
        encoding="cp1252",
        number=r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?",
        decimal_comma=True,
        day_format="%d.%m.%Y",
    )
    read_atlas(atlas)
    read_borealis(borealis)
    read_costs(atlas, borealis)
    read_crm(Reader(seeds / "crm", world=world, source="crm"))
    read_steward(seeds / "steward", world)
    for series in world.rates.values():
        series.sort()
    return world
