"""What accounts pay for items, and what lies in the warehouses, at a date.

Rules stated here, as far as the demo needs them (no price is agreed with one account there, and
none has a quantity break): an account is priced for what it was invoiced or ordered, and for what
its customer has an open quote or CRM order over, if the item may still be sold. The price is that
of its price list in its currency (in all of them where it states none), else the item's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from .lists import deliveries, newest, read
from .orders import front_orders
from .records import World

Pair = tuple[str, str]


def decimal(text: str) -> Decimal | None:
    """A number of either ledger: 1234.50 or 1.234,50."""
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    return Decimal(text) if text else None


@dataclass(frozen=True)
class Item:
    key: str
    is_sold: bool
    price: Decimal | None


class PriceBook:
    """Items, price lists, tax rates, and what accounts trade by, as both ledgers state them."""

    def __init__(self, seeds: Path) -> None:
        self.seeds = seeds
        self.items: dict[str, Item] = {}
        self.listed: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
        self.taxes: dict[tuple[str, str], Decimal] = {}
        self.accounts: dict[str, tuple[str, str, str]] = {}
        for row in newest(seeds / "atlas", "items"):
            self._item("atlas", row["No"], row["Active"] == "Yes", row["UnitPrice"])
        for row in newest(seeds / "borealis", "items"):
            self._item("borealis", row["ItemNo"], row["Live"] == "J", row["ListPrice"])
        for ledger, columns in (
            ("atlas", ("PriceGroup", "ItemNo", "CurrencyCode", "UnitPrice")),
            ("borealis", ("PriceList", "ItemNo", "Currency", "Price")),
        ):
            for row in newest(seeds / ledger, "prices"):
                code, item, currency, price = (row[column] for column in columns)
                self.listed[ledger, code, f"{ledger}/{item}"][currency] = decimal(price)
        for row in newest(seeds / "atlas", "vat_rates"):
            self.taxes["atlas", row["Code"]] = Decimal(row["Percent"])
        for path in (seeds / "borealis").glob("tax_2*.txt"):
            for line in path.read_text(encoding="cp1252").splitlines():
                _, code, percent = line.split()
                self.taxes["borealis", code] = decimal(percent)
        for row in newest(seeds / "atlas", "customers"):
            self.accounts[f"atlas/{row['No']}"] = (
                row["CurrencyCode"], row["PriceGroup"], row["VatPostingGroup"])
        # Who is absent from the newer delivery was deleted, and is a customer up to that day.
        for row in (row for path in deliveries(seeds / "borealis", "customers")
                    for row in read(path)):
            self.accounts[f"borealis/{row['Company']}-{row['CustomerNo']}"] = (
                row["Currency"], row["PriceList"], row["TaxClass"])

    def _item(self, ledger: str, code: str, is_sold: bool, price: str) -> None:
        self.items[f"{ledger}/{code}"] = Item(f"{ledger}/{code}", is_sold, decimal(price))

    def prices(self, pair: Pair) -> Iterator[tuple[str, str, Decimal]]:
        """Currency, rule and net price of an item that an account is priced for by a list."""
        account, item = pair
        currency, code, _ = self.accounts[account]
        for one, price in self.listed[account.split("/")[0], code, item].items():
            if one == (currency or one):
                yield one, "price_list", price

    def gross(self, account: str, net: Decimal) -> Decimal | None:
        percent = self.taxes.get((account.split("/")[0], self.accounts[account][2]))
        if percent is None:
            return None
        return (net * (100 + percent) / 100).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def order_items(seeds: Path) -> Iterator[Pair]:
    """Orders of both ledgers and the items on their lines."""
    for row in newest(seeds / "atlas", "sales_order_lines"):
        yield f"atlas/{row['OrderNo']}", f"atlas/{row['ItemNo']}"
    for row in newest(seeds / "borealis", "order_lines"):
        yield f"borealis/{row['OrderNo']}", f"borealis/{row['ItemNo']}"


def asked(
    world: World, book: PriceBook, day: date, accounts_of: dict[str, set[str]]
) -> set[Pair]:
    """Accounts and items; `accounts_of`: by company the accounts of its customer."""
    found: set[Pair] = set()
    for line in world.document_lines:
        document = world.documents[line.document]
        if document.kind == "invoice" and document.exists(day) and line.item:
            found.add((document.ordering or document.account, line.item))
    for key, item in order_items(book.seeds):
        order = world.orders.get(key)
        if order is None or order.order_date > day:
            continue
        is_cancelled = (order.cancelled_on <= day if order.cancelled_on
                        else order.status == "cancelled")
        if is_cancelled:
            continue
        found.add((order.account, item))
    found |= quoted(world, book.seeds, day, accounts_of)
    return {(account, item) for account, item in found
            if item in book.items and book.items[item].is_sold and account in book.accounts}


def quoted(
    world: World, seeds: Path, day: date, accounts_of: dict[str, set[str]]
) -> set[Pair]:
    """What the CRM's open quotes and unanswered orders are over; codes are the ledgers' own."""
    open_records = set(front_orders(world, day)) | {
        key for key, record in world.front_orders.items()
        if record.kind == "quote" and record.status in ("draft", "sent") and record.day <= day
        and (record.valid_until is None or record.valid_until >= day)}
    found = set()
    for name, column in (("quote_lines", "QuoteRef"), ("order_lines", "OrderRef")):
        for row in newest(seeds / "crm", name):
            key = f"crm/{row[column]}"
            if key in open_records:
                for account in accounts_of.get(world.front_orders[key].company, ()):
                    found.add((account, f"{account.split('/')[0]}/{row['Item']}"))
    return found


def stock(seeds: Path) -> dict[Pair, tuple[Decimal, Decimal | None]]:
    """By item and warehouse: on hand, and promised to orders."""
    found: dict[Pair, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in newest(seeds / "atlas", "bin_contents"):
        sums = found[f"atlas/{row['ItemNo']}", row["Location"]]
        sums[0] += decimal(row["Quantity"]) or 0
        sums[1] += decimal(row["Reserved"]) or 0
    for row in newest(seeds / "borealis", "stock"):
        found[f"borealis/{row['ItemNo']}", row["Store"]] = [
            decimal(row["OnHand"]) or Decimal(0), decimal(row["Allocated"]) or Decimal(0)]
    return {pair: (on_hand, allocated) for pair, (on_hand, allocated) in found.items()}
