"""Values of the shared lists that keep orders waiting at a date.

Rules stated here: a value of the CRM is understood by a ledger if the steward's list_map leads it
to a code that the ledger has, if it names a user whose sales code the ledger has, or if it is such
a code itself. An order or quote needs one ledger in which its customer has an account, or any
ledger where there is none, to understand it. An order of a ledger needs its own codes.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from .orders import erp_orders, front_orders
from .records import World

Row = dict[str, str]
Value = tuple[str, str, str]
"""List, value, ledger."""

LEDGERS = ("atlas", "borealis")
FRONT = {
    "salesperson": "SalesRep",
    "shipping_method": "Delivery",
    "payment_terms": "PaymentTerms",
    "price_list": "PriceList",
    "currency": "Currency",
}
LINES = {"item": "Item", "tax_code": "TaxCode", "uom": "Unit"}


@dataclass
class Waiting:
    """What waits for a value: numbers of orders and quotes, and their open net by currency."""

    orders: set[str] = field(default_factory=set)
    quotes: set[str] = field(default_factory=set)
    net: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def newest(folder: Path, name: str) -> list[Row]:
    return read(deliveries(folder, name)[-1])


def deliveries(folder: Path, name: str) -> list[Path]:
    return sorted([*folder.glob(f"{name}_2*.csv"), *folder.glob(f"{name}_2*.csv.gz")])


def read(path: Path) -> list[Row]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    is_borealis = path.parent.name == "borealis"
    text = content.decode("cp1252" if is_borealis else "utf-8", "replace")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if is_borealis else ","))


class Lists:
    """The codes of both ledgers, and what the front office calls them."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        self.codes: set[Value] = set()
        for ledger, kind, code in (("atlas", "Table", "Code"), ("borealis", "Kind", "Code")):
            for row in newest(seeds / ledger, "codes"):
                self.codes.add((row[kind], row[code], ledger))
        for ledger, name, column, kind in (
            ("atlas", "payment_terms", "Code", "payment_terms"),
            ("borealis", "terms", "Terms", "payment_terms"),
            ("atlas", "items", "No", "item"),
            ("borealis", "items", "ItemNo", "item"),
            ("atlas", "vat_rates", "Code", "tax_code"),
        ):
            for row in newest(seeds / ledger, name):
                self.codes.add((kind, row[column], ledger))
        for path in sorted((seeds / "borealis").glob("tax_2*.txt")):
            for line in path.read_text(encoding="cp1252").splitlines():
                self.codes.add(("tax_code", line[4:10].strip(), "borealis"))
        with (seeds / "steward" / "list_map.csv").open(encoding="utf-8", newline="") as file:
            self.map = {
                (row["list_name"], row["crm_value"], row["erp_source"]): row["erp_code"]
                for row in csv.DictReader(file)
            }
        self.users: dict[str, str] = {}
        for row in newest(seeds / "crm", "users"):
            self.users[row["UserRef"]] = self.users[row["FullName"]] = row["SalesCode"]

    def knows(self, kind: str, value: str, ledger: str) -> bool:
        mapped = self.map.get((kind, value, ledger))
        if mapped is None and kind == "salesperson" and value in self.users:
            mapped = self.users[value]
        return (kind, mapped or value, ledger) in self.codes


def ledgers_of(seeds: Path, accounts: dict[str, set[str]]) -> dict[str, set[str]]:
    """By company, merged ones included, the ledgers in which its customer has accounts.

    `accounts`: by company the accounts that are linked to it.
    """
    merged = {f"crm/{r['AccountRef']}": f"crm/{r['MergedInto']}"
              for r in newest(seeds / "crm", "companies") if r["MergedInto"]}
    found = {}
    for company in {*merged, *accounts}:
        survivor = merged.get(company, company)
        found[company] = {key.split("/")[0] for key in accounts.get(survivor, ())}
    return found


def front_waits(
    world: World, seeds: Path, day: date, ledgers: dict[str, set[str]]
) -> dict[Value, Waiting]:
    lists, found = Lists(seeds), defaultdict(Waiting)
    waiting = front_orders(world, day)
    for name, kind in (("quotes", "Quote"), ("orders", "Order")):
        lines = defaultdict(set)
        for row in newest(seeds / "crm", f"{name[:-1]}_lines"):
            for list_name, column in LINES.items():
                lines[row[f"{kind}Ref"]].add((list_name, row[column]))
        for row in newest(seeds / "crm", name):
            key = f"crm/{row[f'{kind}Ref']}"
            if key not in waiting:
                continue
            values = {(list_name, row[column]) for list_name, column in FRONT.items()}
            targets = ledgers.get(world.front_orders[key].company) or set(LEDGERS)
            for list_name, value in values | lines[row[f"{kind}Ref"]]:
                if not value or any(lists.knows(list_name, value, one) for one in targets):
                    continue
                for ledger in targets:
                    one = found[list_name, value, ledger]
                    (one.quotes if kind == "Quote" else one.orders).add(row[f"{kind}No"])
                    one.net[row["Currency"]] += waiting[key].open_net or 0
    return found


def ledger_waits(world: World, seeds: Path, day: date) -> dict[Value, Waiting]:
    lists, found = Lists(seeds), defaultdict(Waiting)
    stated = {}
    for row in newest(seeds / "atlas", "sales_orders"):
        stated[f"atlas/{row['No']}"] = (row["SalespersonCode"], row["ShipmentMethodCode"])
    for row in newest(seeds / "borealis", "orders"):
        stated[f"borealis/{row['OrderNo']}"] = (row["Rep"], row["Delivery"])
    for key, order in erp_orders(world, day).items():
        ledger, number = key.split("/", 1)
        salesperson, delivery = stated[key]
        values = {
            "salesperson": salesperson,
            "shipping_method": delivery,
            "payment_terms": world.accounts[world.orders[key].account].terms,
        }
        for list_name, value in values.items():
            if value and (list_name, value, ledger) not in lists.codes:
                one = found[list_name, value, ledger]
                one.orders.add(number)
                one.net[order.currency] += order.open_net or 0
    return found
