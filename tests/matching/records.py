"""What a CRM and an ERP wrote down of the firms, each in its own way and with its own mistakes.

Rows have the columns of the contract; `firm` beside them is the truth.
Not here: which firms there are (firms), how the rows are delivered (extracts).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from .firms import Firm, Site

Row = dict[str, str | None]


@dataclass
class Records:
    """Rows of both systems, and the number of the firm that each company and account is of."""

    companies: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    firm_of: dict[str, int] = field(default_factory=dict)


def records(firms: Sequence[Firm], seed: int) -> Records:
    """CRM and ERP of a trading house: prospects without accounts, accounts nobody told the CRM."""
    rng = Random(f"records {seed}")
    made = Records()
    for firm in firms:
        in_crm, in_erp = rng.random() < 0.88, rng.random() < 0.7
        companies = [_company(made, rng, firm)] if in_crm else []
        if in_crm and rng.random() < 0.02:
            companies.append(_company(made, rng, firm))
        if not in_erp:
            continue
        sites = [(firm.site, "")] + [(site, site.city) for site in firm.branches]
        codes = [_account(made, rng, firm, site, town, entity)
                 for site, town in sites
                 for entity in (("1", "2") if rng.random() < 0.08 else
                                (rng.choice("1112"),))]
        if rng.random() < 0.02:
            codes.append(_account(made, rng, firm, firm.site, "", "1"))
        if companies and rng.random() < 0.2:
            companies[0]["erp_account_ref"] = ";".join(codes)
    rng.shuffle(made.companies)
    rng.shuffle(made.accounts)
    return made


def _company(made: Records, rng: Random, firm: Firm) -> Row:
    key = f"C{100000 + len(made.companies)}"
    land = firm.land
    name = firm.name if rng.random() < 0.45 else f"{firm.name} {firm.form}"
    site = firm.former if firm.former and rng.random() < 0.25 else firm.site
    domain = firm.old_domain or firm.domain
    mailbox = firm.mailbox
    if firm.office and rng.random() < 0.3:
        mailbox = firm.office[0]
    row: Row = {
        "company_id": key, "name": _typed(rng, firm.brand or name, 0.03),
        "legal_name": f"{firm.name} {firm.form}" if firm.brand and rng.random() < 0.6 else None,
        "vat_number": _number(rng, firm, 0.3),
        "website": _web(rng, domain) if domain and rng.random() < 0.65 else None,
        "domain": None, "phone": _dialled(rng, firm, site.phone, 0.7),
        "email": mailbox if rng.random() < 0.5 else None, "country_code": land.code,
        "erp_account_ref": None, **_address(rng, firm, site, 0.82, 0.03)}
    for number in range(rng.choice((0, 0, 1, 1, 2))):
        made.contacts.append({
            "contact_id": f"{key}-{number}", "company_id": key,
            "email": f"person{rng.randint(1, 99999)}@{firm.domain}" if firm.domain
            else mailbox if rng.random() < 0.4 else None})
    made.companies.append(row)
    made.firm_of[key] = firm.number
    return row


def _account(made: Records, rng: Random, firm: Firm, site: Site, town: str, entity: str) -> str:
    key = f"D{100000 + len(made.accounts)}"
    name = firm.name if rng.random() < 0.12 else f"{firm.name} {firm.form}"
    if town and rng.random() < 0.5:
        name = f"{name} {town}" if rng.random() < 0.6 else f"{name}, {town}"
    if firm.former and not town and rng.random() < 0.5:
        site = firm.former
    email, phone = firm.mailbox, site.phone
    if firm.domain and rng.random() < 0.5:
        domain = firm.second_domain if rng.random() < 0.7 else None
        email = (f"{rng.choice(('invoices', 'accounts', 'rechnung', 'ap'))}"
                 f"@{domain or firm.domain}")
    if firm.office and rng.random() < 0.7:
        email, phone = firm.office
    made.accounts.append({
        "account_id": key, "account_code": f"1{key[1:]}", "entity_id": entity,
        "name": _shouted(rng, _typed(rng, name, 0.03)), "legal_name": None,
        "vat_number": _number(rng, firm, 0.72),
        "email": email if rng.random() < 0.62 else None,
        "phone": _dialled(rng, firm, phone, 0.72),
        "website": _web(rng, firm.domain) if firm.domain and rng.random() < 0.1 else None,
        "country_code": firm.land.code, "crm_company_ref": None,
        **_address(rng, firm, site, 0.97, 0.02)})
    made.firm_of[key] = firm.number
    return f"1{key[1:]}"


def _number(rng: Random, firm: Firm, share: float) -> str | None:
    if firm.vat is None or rng.random() > share:
        return None
    if rng.random() < 0.015:
        place = rng.randrange(4, len(firm.vat))
        return firm.vat[:place] + rng.choice("0123456789") + firm.vat[place + 1:]
    return firm.vat if rng.random() < 0.8 else " ".join((firm.vat[:5], firm.vat[5:]))


def _typed(rng: Random, text: str, slips: float) -> str:
    """A name as somebody types it: other spellings often, slips sometimes."""
    if rng.random() < 0.3:
        for letter, two in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "oe")):
            text = text.replace(letter, two)
    if rng.random() < 0.25:
        text = text.replace(" & ", " und ").replace(" et ", " & ").replace(" en ", " & ")
    if rng.random() < 0.06:
        words = text.split()
        place = rng.randrange(len(words))
        if len(words[place]) > 8:
            words[place] = words[place][:rng.randint(4, 6)] + "."
        text = " ".join(words)
    for _ in range(2):
        if rng.random() < slips and len(text) > 4:
            place = rng.randrange(1, len(text) - 1)
            kind = rng.random()
            text = (text[:place] + text[place + 1] + text[place] + text[place + 2:] if kind < 0.4
                    else text[:place] + text[place + 1:] if kind < 0.7
                    else text[:place] + rng.choice("aeinrst") + text[place + 1:])
    return text


def _shouted(rng: Random, text: str) -> str:
    return text.upper() if rng.random() < 0.3 else text


def _address(rng: Random, firm: Firm, site: Site, share: float, slips: float) -> Row:
    if rng.random() > share:
        return {"address_line1": None, "city": site.city if rng.random() < 0.4 else None,
                "postcode": None}
    street = site.street
    if rng.random() < 0.4:
        for long, short in (("straße", "str."), ("strasse", "str."), ("Street", "St"),
                            ("Road", "Rd"), ("Avenue", "Ave."), ("avenue", "av."),
                            ("boulevard", "bd"), ("Calle", "C/"), ("Avenida", "Av."),
                            ("gatan", "g."), ("straat", "str.")):
            street = street.replace(long, short)
    street = _typed(rng, street, slips)
    line = f"{site.house} {street}" if firm.land.number_first else f"{street} {site.house}"
    postcode = site.postcode if rng.random() < 0.985 else f"{site.postcode[:-1]}9"
    return {"address_line1": line if rng.random() < 0.96 else street,
            "city": _shouted(rng, _typed(rng, site.city, 0.01)), "postcode": postcode}


def _dialled(rng: Random, firm: Firm, phone: str, share: float) -> str | None:
    if rng.random() > share:
        return None
    kind = rng.random()
    if kind < 0.04:
        return phone[:-1] + rng.choice("0123456789")
    plain = phone.partition(" ")[2]
    if kind < 0.4:
        return f"{firm.land.trunk}{plain[:3]}/{plain[3:]}"
    return phone if kind < 0.8 else f"{firm.land.trunk}{plain[:2]} {plain[2:5]} {plain[5:]}"


def _web(rng: Random, domain: str) -> str:
    return rng.choice(("www.{}", "https://www.{}/", "http://{}", "{}", "https://{}/home")
                      ).format(domain)
