"""The organisations of the demo world, and the duplicates the CRM made of some of them."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from . import vat
from .catalogue import TERRITORIES
from .model import Address, Company
from .names import COUNTRIES, Country, Namer, ascii_slug, fill

_CUSTOMERS = {"DE": 76, "GB": 56, "FR": 24, "NO": 22, "NL": 16, "AT": 12, "ES": 12, "SE": 12}
_CUSTOMERS |= {"BE": 8, "DK": 6, "US": 6}
_PROSPECTS = {"DE": 20, "GB": 14, "FR": 8, "NL": 6, "NO": 6, "AT": 4, "ES": 4}
_INDUSTRIES = ("Water", "Food & Beverage", "Chemicals", "Paper", "Marine", "Machinery")
_CHILDREN = 26


class World:
    def __init__(self, seed: int) -> None:
        self.rng = Random(f"{seed}:companies")
        self.namer = Namer(self.rng)
        self.companies: list[Company] = []
        for country, count in _CUSTOMERS.items():
            for _ in range(count):
                self.add(COUNTRIES[country], is_prospect=False)
        for country, count in _PROSPECTS.items():
            for _ in range(count):
                self.add(COUNTRIES[country], is_prospect=True)
        self.customers = [c for c in self.companies if not c.is_prospect]
        self._adopt_children()

    def add(self, country: Country, *, is_prospect: bool) -> Company:
        company = self.invent(country, is_prospect=is_prospect)
        self.companies.append(company)
        return company

    def invent(self, country: Country, *, is_prospect: bool = False) -> Company:
        """A business that exists, whether or not the CRM has heard of it."""
        rng = self.rng
        name, legal = self.namer.business(country)
        number = vat.MAKERS[country.code](rng) if country.code in vat.MAKERS else None
        created = datetime(2021, 1, 4, 8) + timedelta(
            days=rng.randint(0, 1100) + (800 if is_prospect else 0), minutes=rng.randint(0, 540)
        )
        employees = rng.choice((8, 14, 25, 40, 65, 110, 180, 320, 750))
        return Company(
            id=f"K{10_001 + len(self.companies)}",
            name=name,
            legal_name=legal,
            address=self.address(country),
            phone=fill(country.phone, rng),
            domain=f"{ascii_slug(name)}.example",
            vat=number,
            registration=vat.registration(country.code, number, rng) if number else None,
            is_prospect=is_prospect,
            industry=rng.choice(_INDUSTRIES),
            territory=country.territory,
            owner=TERRITORIES[country.territory],
            employees=employees,
            revenue=Decimal(employees * rng.randint(90, 260) * 1000),
            created=created,
            updated=max(created, datetime(2025, 6, 1, 9)) + timedelta(days=rng.randint(0, 380)),
            lead_source=rng.choice(("Fair", "Web", "Referral", "Cold call")),
        )

    def address(self, country: Country) -> Address:
        rng = self.rng
        town, start = rng.choice(country.towns)
        street = f"{rng.choice(country.tongue.streets)} {rng.randint(1, 148)}"
        if country.code in ("GB", "US", "FR"):
            street = " ".join([street.rsplit(" ", 1)[1], street.rsplit(" ", 1)[0]])
        return Address(street, town, fill(country.postcode.format(start), rng), country.code)

    def _adopt_children(self) -> None:
        """Makes groups: 26 companies belong to one of ten parents, one of them two levels deep."""
        pool = self.rng.sample(self.customers, 10 + _CHILDREN)
        parents, children = pool[:10], pool[10:]
        for place, child in enumerate(children):
            child.parent = parents[place % 10].id
        children[11].parent = children[0].id
        self.parents = parents

    def twin(self, original: Company, *, same_vat: bool, merged: bool) -> Company:
        """A second CRM record of a company, made because its name was typed differently."""
        found = replace(
            original,
            id=f"K{10_001 + len(self.companies)}",
            name=_misspelt(original.name, self.rng),
            vat=original.vat if same_vat else None,
            references=[],
            duplicate_of=original.id,
            merged_into=original.id if merged else None,
            created=original.created + timedelta(days=self.rng.randint(30, 400)),
            parent=None,
        )
        self.companies.append(found)
        return found


def _misspelt(name: str, rng: Random) -> str:
    """Two neighbouring letters of the first word swapped."""
    place = rng.randint(1, min(5, len(name.split()[0]) - 2))
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def messy(name: str, legal: str, rng: Random) -> str:
    """A name as somebody in a hurry typed it."""
    style = rng.random()
    if style < 0.45:
        return legal
    if style < 0.62:
        return name
    if style < 0.72:
        return legal.upper()
    if style < 0.79:
        return f" {legal}  "
    if style < 0.86:
        return legal.replace(" ", "  ", 1)
    if style < 0.93:
        return legal.lower()
    return legal.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae").replace(" & ", " und ")
