"""The CRM's companies, contacts and users, in its own column names."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from . import vat
from .catalogue import LEFT_THE_FIRM, SALESPEOPLE
from .companies import World, messy
from .files import Locale
from .model import Company
from .names import COUNTRIES, fill

CRM = Locale(moment="%Y-%m-%dT%H:%M:%S", yes_no=("Y", "N"))
LOAD = "2026-07-01"
_TITLES = ("Head of Purchasing", "Buyer", "Plant manager", "Managing director", "Accountant")


def company_rows(
    world: World, evidence: dict[str, set[str]], rng: Random
) -> Iterator[dict[str, object]]:
    """`evidence` names, by company, the traces that its accounts are linked by."""
    for company in world.companies:
        kept = evidence.get(company.id, set())
        country = COUNTRIES[company.address.country]
        twin = company.duplicate_of is not None
        shown = messy(company.name, company.legal_name, rng)
        yield {
            "AccountRef": company.id,
            "AccountName": company.name if twin else shown,
            "RegisteredName": company.legal_name if rng.random() < 0.6 else None,
            "ParentRef": company.parent,
            "Category": _category(company),
            "TaxNumber": _tax_number(company, keep="VAT" in kept, rng=rng),
            "CompanyNumber": company.registration
            if rng.random() < 0.6 or "registration" in kept
            else None,
            "Web": f"https://www.{company.domain}"
            if rng.random() < 0.9 or "domain" in kept
            else None,
            "Phone": company.phone,
            "Email": f"info@{company.domain}" if rng.random() < 0.8 else None,
            "Street": company.address.line1,
            "Street2": None,
            "Town": company.address.city,
            "PostalCode": company.address.postcode,
            "Country": country.name,
            "OwnerRef": company.owner,
            "Region": company.territory,
            "Sector": company.industry,
            "Headcount": company.employees,
            "Turnover": company.revenue,
            "Source": company.lead_source,
            "BackOfficeCodes": ";".join(company.references) or None,
            "MergedInto": company.merged_into,
            "CreatedAt": company.created,
            "ModifiedAt": company.updated,
            "NpsScore": rng.randint(-20, 80) if rng.random() < 0.4 else None,
        }


def _category(company: Company) -> str:
    if company.merged_into:
        return "Merged"
    return "Prospect" if company.is_prospect and not company.duplicate_of else "Customer"


def _tax_number(company: Company, *, keep: bool, rng: Random) -> str | None:
    """Right wherever an account is linked by it; otherwise sometimes mistyped or missing."""
    number, draw = company.vat, rng.random()
    if number is None or company.duplicate_of:
        return number
    if draw < 0.25:
        return vat.written_loosely(number, rng)
    if not keep and draw < 0.30:
        return vat.misprint(number, rng)
    if not keep and draw < 0.40:
        return None
    return number


def contact_rows(world: World, rng: Random) -> Iterator[dict[str, object]]:
    number = 0
    for company in world.companies:
        if company.duplicate_of:
            continue
        country = COUNTRIES[company.address.country]
        for place in range(rng.choice((1, 1, 2, 3))):
            number += 1
            given, family = world.namer.person()
            created = company.created + timedelta(days=rng.randint(0, 200), minutes=place)
            yield {
                "ContactRef": f"P{20_000 + number}",
                "AccountRef": company.id,
                "FirstName": given,
                "LastName": family,
                "Mail": f"{given}.{family}@{company.domain}".lower(),
                "Phone": fill(country.phone, rng),
                "JobTitle": rng.choice(_TITLES),
                "AccountsContact": place == 0,
                "OptOut": rng.random() < 0.06,
                "CreatedAt": created,
                "ModifiedAt": created + timedelta(days=rng.randint(0, 400)),
            }


def user_rows() -> Iterator[dict[str, object]]:
    for person in (*SALESPEOPLE, LEFT_THE_FIRM):
        yield {
            "UserRef": person.crm,
            "FullName": person.label,
            "Mail": f"{person.label.lower().replace(' ', '.')}@atlas-borealis.example",
            "Active": person is not LEFT_THE_FIRM,
            "SalesCode": person.atlas,
        }
