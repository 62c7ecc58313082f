"""All extracts of the CRM. Dated 2026-07-01, one full extract of each table."""

from collections.abc import Iterable
from random import Random

from . import crm_service
from .catalogue import SALESPEOPLE
from .companies import World
from .crm_companies import CRM, LOAD, company_rows, contact_rows, user_rows
from .crm_sales import Sales
from .facts import Row
from .files import Extract, extract
from .ledger import Ledger


def _file(
    name: str, rows: Iterable[Row], totals: tuple[str, ...] | None = None, ending: str = "csv"
) -> Extract:
    return extract(f"crm/{name}_{LOAD}.{ending}", rows, CRM, totals)


def extracts(
    seed: int, world: World, ledgers: list[Ledger], sales: Sales, contracts: list[Row]
) -> list[Extract]:
    def rng(topic: str) -> Random:
        return Random(f"{seed}:crm:{topic}")

    evidence: dict[str, set[str]] = {}
    for account in (account for ledger in ledgers for account in ledger.accounts):
        if account.company:
            evidence.setdefault(account.company.id, set()).update(account.evidence.split())
    contacts = list(contact_rows(world, rng("contacts")))
    members = list(crm_service.member_rows(world, rng("members")))
    crm_service.mark_campaign_sales(members, ledgers)
    words = {person.crm: person.label for person in SALESPEOPLE}
    quotes, orders = (
        [row | {"SalesRep": words[str(row["SalesRep"])]} for row in sales.rows(papers, kind)]
        for papers, kind in ((sales.quotes, "Quote"), (sales.orders, "Order"))
    )
    return [
        _file("companies", company_rows(world, evidence, rng("companies")), totals=()),
        _file("contacts", contacts),
        _file("users", user_rows()),
        _file("opportunities", sales.opportunities),
        _file("quotes", quotes),
        _file("quote_lines", sales.line_rows(sales.quotes, "Quote")),
        _file("orders", orders),
        _file("order_lines", sales.line_rows(sales.orders, "Order")),
        _file("activities", crm_service.activity_rows(world, contacts, rng("activities"))),
        _file("campaigns", crm_service.campaign_rows(), ending="jsonl"),
        _file("campaign_members", members),
        _file("contracts", contracts),
        _file("cases", crm_service.case_rows(world, contracts, rng("cases"))),
    ]
