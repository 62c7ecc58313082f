"""A world of firms, drawn from a seed: which organisation is which is known.

With what makes matching hard: firms of the same name in one town, branches of one head office,
groups with one domain and sometimes one VAT number, accountants whose mailbox and telephone stand
on their clients, firms on free mail or on two domains, domains of the dead that others took over.
Grain: one `Firm` per organisation that a steward would call one customer.
Not here: what the CRM and the ERP wrote down of them (records).
"""

from dataclasses import dataclass, field, replace
from random import Random

from .lands import LANDS, Land, digits, syllables, vat_number

FREE_MAIL = {"de": ("gmx.de", "web.de", "t-online.de", "gmail.com"), "at": ("aon.at", "gmx.at"),
             "ch": ("bluewin.ch",), "co.uk": ("btinternet.com", "gmail.com"),
             "fr": ("orange.fr", "wanadoo.fr"), "nl": ("ziggo.nl", "gmail.com"),
             "no": ("online.no",), "se": ("telia.com",), "it": ("libero.it", "pec.it"),
             "es": ("hotmail.es", "gmail.com"), "com": ("yahoo.com", "gmail.com", "aol.com")}


@dataclass(frozen=True)
class Site:
    """An address with its telephone."""

    street: str
    house: str
    postcode: str
    city: str
    phone: str


@dataclass(frozen=True)
class Firm:
    """One organisation. `mailbox`: what it writes from; `office`: an accountant it is run by."""

    number: int
    land: Land
    name: str
    form: str
    brand: str | None
    site: Site
    former: Site | None
    domain: str | None
    mailbox: str
    vat: str | None
    branches: tuple[Site, ...] = ()
    office: tuple[str, str] | None = None
    old_domain: str | None = None
    second_domain: str | None = None


@dataclass
class World:
    """All firms, and what draws more of them."""

    rng: Random
    firms: list[Firm] = field(default_factory=list)
    towns: dict[str, list[tuple[str, list[str], str]]] = field(default_factory=dict)
    offices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for land in LANDS:
            small = [syllables(self.rng, 1, 2) + self.rng.choice(land.town_ends)
                     for _ in range(150)]
            self.towns[land.code] = [
                (town, [digits(self.rng, land.postcode).replace("00", "10", 1)
                        for _ in range(self.rng.randint(12, 30) if town in land.towns else 1)],
                 str(self.rng.randint(21, 989)))
                for town in (*land.towns, *(s.replace("_", " ") for s in small))]


def world(seed: int, count: int) -> list[Firm]:
    """`count` firms, and a few that come with them (groups, namesakes). The same for a seed."""
    made = World(Random(f"firms {seed}"))
    rng = made.rng
    while len(made.firms) < count:
        firm = _firm(made, rng.choices(LANDS, (25, 6, 6, 14, 10, 8, 6, 6, 8, 6, 12))[0])
        chance = rng.random()
        if chance < 0.03:
            firm = replace(firm, branches=tuple(_site(made, firm.land)
                                                for _ in range(rng.randint(2, 9))))
        made.firms.append(firm)
        if 0.03 <= chance < 0.05:
            _group(made, firm)
        elif 0.05 <= chance < 0.06:
            _namesake(made, firm)
        elif 0.06 <= chance < 0.065 and firm.domain:
            # Somebody else's once: its CRM record still names the domain.
            other = _firm(made, firm.land)
            made.firms.append(replace(other, old_domain=firm.domain))
    return made.firms[:count]


def _firm(made: World, land: Land) -> Firm:
    rng = made.rng
    family, trade = rng.choice(land.families), rng.choice(land.trades)
    site = _site(made, land)
    kind = rng.random()
    name = (f"{syllables(rng)} {trade}" if kind < 0.4 else
            f"{family} {trade}" if kind < 0.62 else
            f"{family}{land.joined}{rng.choice(land.families)}" if kind < 0.7 else
            f"{trade} {family}" if kind < 0.76 else
            f"{family}{land.joined}{rng.choice(land.families)} {trade}" if kind < 0.82 else
            f"{site.city} {trade}" if kind < 0.85 else f"{syllables(rng, 2, 4)}")
    plain = "".join(c for c in name.casefold() if c.isascii() and c.isalnum())
    domain = None
    if rng.random() < 0.78:
        domain = f"{plain[:18]}.{land.top if rng.random() < 0.8 else 'com'}"
        while domain in made.taken:
            domain = f"{plain[:14]}-{rng.randint(2, 9999)}.{land.top}"
        made.taken.add(domain)
    second = None
    if domain and rng.random() < 0.07:
        second = f"{plain[:14]}-{rng.choice(('group', 'online', 'shop'))}{rng.randint(1, 999)}.com"
    office = None
    if domain is None and rng.random() < 0.25:
        office = _office(made, land, site)
    mailbox = (f"{rng.choice(('info', 'mail', 'office', 'post'))}@{domain}" if domain else
               f"{plain[:12]}{rng.randint(1, 9999)}@{rng.choice(FREE_MAIL[land.top])}")
    return Firm(len(made.firms), land, name, rng.choice(land.forms),
                syllables(rng, 3, 3) if rng.random() < 0.03 else None, site,
                _site(made, land) if rng.random() < 0.06 else None, domain, mailbox,
                vat_number(rng, land), office=office, second_domain=second)


def _site(made: World, land: Land, near: Site | None = None) -> Site:
    rng = made.rng
    towns = made.towns[land.code]
    large = len(land.towns)
    town, postcodes, area = towns[int(rng.random() ** 2 * large)] if rng.random() < 0.4 else \
        rng.choice(towns[large:])
    if near:
        town, postcodes, area = next(t for t in towns if t[0] == near.city)
    house = str(rng.randint(1, 120)) + (rng.choice("abc") if rng.random() < 0.08 else "")
    return Site(rng.choice(land.streets), house, rng.choice(postcodes), town,
                _phone(rng, land, area))


def _phone(rng: Random, land: Land, area: str) -> str:
    length = 10 if land.code in ("US", "IT") else 8 if land.code == "NO" else 9
    body = (area + "".join(rng.choice("0123456789") for _ in range(10)))[:length]
    return f"+{land.dial} {'0' if land.code == 'IT' else ''}{body}"


def _office(made: World, land: Land, site: Site) -> tuple[str, str]:
    """An accountant of the town: mailbox and telephone, which its clients share."""
    offices = made.offices.setdefault(f"{land.code}{site.city}", [])
    if not offices or made.rng.random() < 0.15:
        domain = f"{syllables(made.rng).lower()}{made.rng.randint(2, 999)}-tax.{land.top}"
        offices.append((f"clients@{domain}", _site(made, land, site).phone))
    return made.rng.choice(offices)


def _group(made: World, head: Firm) -> None:
    """Sisters: legal persons of their own, on the head's domain, often in its house."""
    rng = made.rng
    first = head.name.split()[0]
    one_vat = rng.random() < 0.1
    others = [trade for trade in head.land.trades if trade not in head.name]
    for trade in rng.sample(others, rng.randint(1, 4)):
        sister = _firm(made, head.land)
        here = rng.random()
        site = (head.site if here < 0.3 else replace(head.site, phone=sister.site.phone)
                if here < 0.6 else sister.site)
        made.firms.append(replace(
            sister, name=f"{first} {trade}", site=site, domain=head.domain,
            mailbox=f"{rng.choice(('office', 'post'))}@{head.domain}" if head.domain
            else sister.mailbox, vat=head.vat if one_vat else sister.vat, office=None))


def _namesake(made: World, firm: Firm) -> None:
    """Another firm of the same name in the same town, half of them in the same postcode."""
    rng = made.rng
    other = _firm(made, firm.land)
    site = _site(made, firm.land, firm.site)
    if rng.random() < 0.5:
        site = replace(site, postcode=firm.site.postcode)
    made.firms.append(replace(other, name=firm.name, site=site))


