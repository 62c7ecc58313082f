"""The order in which the demo world is made: companies, accounts, trade, money, then paper."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from . import atlas, borealis, crm, crm_service, plans, steward, truth
from .accounts import Opener
from .backlog import Backlog
from .cash import Cash
from .catalogue import items
from .companies import World
from .crm_sales import Sales
from .files import Extract, write
from .ledger import Entity, Ledger, Spec
from .mishaps import Mishaps
from .model import Item
from .rates import Rates
from .spoil import Spoiler
from .trade import Trade

ATLAS = Spec(
    "atlas",
    date(2026, 7, 2),
    {"A1": Entity("A1", "Atlas Fluidtechnik GmbH", "DE", "EUR", ("1400", "1410"), 1)},
    {
        "entry": "", "order": "SO", "order_line": "", "shipment": "PSS", "return": "RR",
        "allocation": "", "draft": "SI", "invoice": "PSI", "credit_note": "PCM",
        "receipt": "PMT", "refund": "RFD", "journal": "GJ", "write_off": "GJ",
        "opening_balance": "OB", "finance_charge": "FCM", "payment_return": "PRV",
    },
)  # fmt: skip
BOREALIS = Spec(
    "borealis",
    date(2026, 6, 30),
    {
        "B1": Entity("B1", "Borealis Flow Ltd", "GB", "GBP", ("1100", "1105"), 4),
        "B2": Entity("B2", "Borealis Flow Norge AS", "NO", "NOK", ("1500", "1505"), 4),
    },
    {
        "order": "B-", "order_line": "BL", "shipment": "DN", "return": "RMA", "allocation": "AL",
        "draft": "P", "invoice": "I", "credit_note": "C", "receipt": "R", "refund": "F",
        "journal": "J", "write_off": "W", "opening_balance": "O", "finance_charge": "X",
        "payment_return": "B", "fx_revaluation": "V",
    },
    date(2026, 6, 1),
)  # fmt: skip


@dataclass
class Book:
    """One ledger with everything that was planted in it."""

    ledger: Ledger
    mishaps: Mishaps
    backlog: Backlog
    stock: dict[str, int]
    items: list[Item]


def _trade(seed: int, ledger: Ledger, goods: list[Item]) -> Book:
    trade, cash = Trade(seed, ledger, goods), Cash(seed, ledger)
    trade.run()
    trade.some_come_back(0.03)
    cash.run()
    mishaps = Mishaps(seed, ledger, trade, cash)
    mishaps.run()
    backlog = Backlog(seed, ledger, trade)
    backlog.run()
    ledger.post_exchange_differences()
    stock = backlog.empty_shelves(goods)
    plans.Limits(seed, ledger).run()
    ledger.finish()
    return Book(ledger, mishaps, backlog, stock, goods)


def build(seed: int) -> list[Extract]:
    world, rates = World(seed), Rates(seed)
    goods = items(Random(f"{seed}:items"))
    ledgers = {spec.name: Ledger(spec, rates) for spec in (ATLAS, BOREALIS)}
    both = list(ledgers.values())
    opener = Opener(seed, world, ledgers)
    opener.open_all()
    plans.assign(seed, both)
    books = [_trade(seed, ledger, goods) for ledger in ledgers.values()]
    sales = Sales(seed, world, both, goods)
    sales.run()
    contracts = crm_service.contract_rows(both, Random(f"{seed}:contracts"))
    crm_service.bill_contracts(contracts, both)
    # the CRM goes first: it marks the invoices that its campaigns brought
    extracts = crm.extracts(seed, world, both, sales, contracts)
    extracts += steward.extracts(both, world.companies)
    first, second = books
    costs = [
        crm_service.cost_rows(contracts, ledger, Random(f"{seed}:costs:{ledger.name}"))
        for ledger in both
    ]
    extracts += atlas.extracts(first.ledger, first.mishaps, first.stock, goods, costs[0], seed)
    extracts += borealis.extracts(second.ledger, second.mishaps, second.stock, goods, costs[1])
    spoiler = Spoiler(seed, extracts)
    spoiler.run()
    deleted = borealis.deleted_account(second.ledger)
    return [
        *extracts,
        truth.accounts(both),
        truth.credit(both),
        truth.documents([book.mishaps for book in books]),
        truth.orders([book.backlog for book in books], sales),
        truth.situations(opener, deleted.id),
        truth.bad_rows(spoiler.bad),
    ]


def write_all(extracts: list[Extract], folder: Path) -> None:
    for found in extracts:
        write(found, folder)
