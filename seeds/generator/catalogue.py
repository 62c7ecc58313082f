"""What is sold and on which terms: items, price lists, payment terms, the shared lists.

Every shared list has three spellings: the CRM's words, the code of atlas, the code of borealis.
"""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from .model import Item, cents

_GOODS = {
    "PUMP": ("Centrifugal pump", ("CP20", "CP32", "CP50", "CP80"), 380, 3900),
    "MOTR": ("Drive motor", ("DM1", "DM4", "DM7", "DM11"), 210, 1800),
    "VALV": ("Ball valve", ("DN15", "DN25", "DN50", "DN80", "DN100"), 38, 520),
    "SEAL": ("Shaft seal", ("S16", "S20", "S28", "S35", "S45"), 4, 60),
    "FILT": ("Filter cartridge", ("F05", "F10", "F25", "F50"), 14, 160),
    "HOSE": ("Pressure hose", ("H10", "H16", "H25", "H40"), 16, 130),
    "GAUG": ("Pressure gauge", ("G06", "G10", "G16", "G25"), 22, 95),
    "CTRL": ("Flow controller", ("FC1", "FC2", "FC3", "FC4"), 290, 2400),
}
_SERVICES = (
    ("SV-INST", "Installation, hour", "92.00"),
    ("SV-MAIN", "Maintenance visit", "480.00"),
    ("SV-CALI", "Calibration of a gauge", "65.00"),
    ("SV-TRNG", "Operator training, day", "1150.00"),
)

PRICE_FACTOR = {"EUR": "1", "GBP": "0.86", "USD": "1.08", "SEK": "11.30", "NOK": "11.60"}
KEY_ACCOUNT_DISCOUNT = Decimal("8")


def items(rng: Random) -> list[Item]:
    found = []
    for group, (noun, sizes, low, high) in _GOODS.items():
        step = (high - low) / (len(sizes) - 1)
        for place, size in enumerate(sizes):
            price = cents(Decimal(round(low + step * place)) + Decimal(rng.randint(0, 99)) / 100)
            cost = cents(price * rng.randint(52, 71) / 100)
            uom = "M" if group == "HOSE" else "PCS"
            found.append(Item(f"{group}-{size}", f"{noun} {size}", group, price, cost, uom))
    found.append(
        Item(
            "PUMP-CP10",
            "Centrifugal pump CP10 (discontinued)",
            "PUMP",
            Decimal("240.00"),
            Decimal("160.00"),
            status="inactive",
        )
    )
    for code, name, price in _SERVICES:
        cost = cents(Decimal(price) * Decimal("0.6"))
        found.append(Item(code, name, "SERV", Decimal(price), cost, "HUR", is_service=True))
    return found


def cost_in(item: Item, currency: str) -> Decimal:
    return item.cost * Decimal(PRICE_FACTOR[currency])


def list_price(item: Item, currency: str, price_list: str) -> Decimal:
    price = item.price * Decimal(PRICE_FACTOR[currency])
    if price_list in ("KEY", "K"):
        price = price * (100 - KEY_ACCOUNT_DISCOUNT) / 100
    return cents(price)


@dataclass(frozen=True)
class Shared:
    """One value of a shared list as the CRM, atlas and borealis write it."""

    crm: str
    atlas: str
    borealis: str
    label: str

    def code(self, ledger: str) -> str:
        return self.atlas if ledger == "atlas" else self.borealis


@dataclass(frozen=True)
class Terms(Shared):
    days: int = 0
    basis: str = "document_date"
    discount_pct: Decimal | None = None
    discount_days: int | None = None


TERMS = (
    Terms("Immediately", "N00", "00", "Payable at once", 0),
    Terms("Net 14", "N14", "14", "14 days", 14),
    Terms("Net 30", "N30", "30", "30 days", 30),
    Terms("Net 60", "N60", "60", "60 days", 60),
    Terms("2% 10, net 30", "S210N30", "30SK", "10 days 2 %, 30 days net", 30,
          "document_date", Decimal("2"), 10),
    Terms("End of month + 15", "EOM15", "M15", "15 days from the end of the month", 15,
          "end_of_month"),
)  # fmt: skip
SHIPPING = (
    Shared("Standard road", "ROAD", "10", "Road freight"),
    Shared("Express", "EXPR", "20", "Overnight express"),
    Shared("Collection", "PICK", "30", "Customer collects"),
    Shared("Sea freight", "SEA", "40", "Sea freight"),
)
PRICE_LISTS = (
    Shared("List price", "STD", "A", "List price"),
    Shared("Key account", "KEY", "K", "Key account price"),
)
SALESPEOPLE = (
    Shared("U01", "ABR", "R01", "Alvi Brunnel"),
    Shared("U02", "CDR", "R02", "Cati Drostvik"),
    Shared("U03", "EHO", "R03", "Edda Hollmark"),
    Shared("U04", "HJA", "R04", "Hanno Jarnell"),
    Shared("U05", "KFE", "R05", "Kaja Fernhalt"),
    Shared("U06", "NIB", "R06", "Nele Ibsund"),
)
LEFT_THE_FIRM = Shared("U07", "OKE", "R07", "Oskar Kestrup")
TERRITORIES = {
    "DACH": "U01",
    "BENELUX": "U02",
    "SOUTH": "U03",
    "UKI": "U04",
    "NORDICS": "U05",
    "OVERSEAS": "U06",
}
UOMS = (("PCS", "Piece"), ("M", "Metre"), ("HUR", "Hour"))
CURRENCIES = ("EUR", "GBP", "USD", "SEK", "NOK")

# tax code → percent, per entity; the first is the domestic standard rate
TAX = {
    "A1": {"DOM19": Decimal(19), "EU0": Decimal(0), "EXP0": Decimal(0)},
    "B1": {"S20": Decimal(20), "Z0": Decimal(0)},
    "B2": {"N25": Decimal(25), "N0": Decimal(0)},
}


def terms_of(ledger: str, code: str) -> Terms:
    return next(t for t in TERMS if t.code(ledger) == code)
