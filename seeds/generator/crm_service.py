"""Activities, campaigns, cases and service contracts of the CRM."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from .companies import World
from .ledger import Ledger
from .model import AS_OF, Company

_ACTIVITIES = {
    "Call": ("Asked about the open quote", "Introduced the new pump series", "Chased a payment"),
    "Email": ("Sent the price list", "Sent the certificate", "Thanked for the order"),
    "Meeting": ("Visited the plant", "Yearly review", "Met at the fair"),
    "Task": ("Prepare an offer", "Update the contact data"),
    "Letter": ("Sent the new terms", "Season's greetings"),
}
CAMPAIGNS = (
    ("Spring valves 2024", "Mailing", date(2024, 3, 4), 4200, None),
    ("Water fair 2024", "Fair", date(2024, 5, 13), 18500, None),
    ("Seal exchange 2024", "Mailing", date(2024, 9, 2), 3100, None),
    ("Pump renewal 2025", "Programme", date(2025, 1, 13), 30000, None),
    ("Pump renewal 2025, north", "Mailing", date(2025, 2, 3), 9800, "E7004"),
    ("Pump renewal 2025, south", "Mailing", date(2025, 2, 17), 8700, "E7004"),
    ("Filter week 2025", "Web", date(2025, 6, 2), 2500, None),
    ("Water fair 2025", "Fair", date(2025, 5, 12), 19900, None),
    ("Service contracts 2026", "Telephone", date(2026, 2, 2), 5400, None),
    ("Controllers 2026", "Web", date(2026, 4, 20), 6600, None),
    ("Autumn gauges 2026", "Mailing", date(2026, 9, 7), 3900, None),
)
_HOURS = {"Gold": (2, 24), "Silver": (8, 72)}  # hours to the first answer, to the solution


def _live(world: World) -> list[Company]:
    return [company for company in world.companies if not company.merged_into]


def activity_rows(
    world: World, contacts: list[dict[str, object]], rng: Random
) -> Iterator[dict[str, object]]:
    live = _live(world)
    people = {contact["AccountRef"]: contact["ContactRef"] for contact in contacts}
    starts = sorted(
        datetime(2024, 1, 8, 7) + timedelta(days=rng.randint(0, 903), minutes=rng.randint(0, 660))
        for _ in range(1500)
    )
    for number, at in enumerate(starts):
        company = rng.choice(live)
        kind = rng.choices(tuple(_ACTIVITIES), (38, 34, 12, 12, 4))[0]
        yield {
            "ActivityRef": f"T{100_001 + number}",
            "AccountRef": company.id,
            "ContactRef": people.get(company.id) if kind != "Task" else None,
            "Kind": kind,
            "Subject": rng.choice(_ACTIVITIES[kind]),
            "At": at,
            "UserRef": company.owner,
            "Outcome": rng.choice(("reached", "no answer", None, None)),
        }


def campaign_rows() -> Iterator[dict[str, object]]:
    for number, (name, kind, start, budget, parent) in enumerate(CAMPAIGNS):
        end = start + timedelta(days=45)
        status = "Planned" if start > AS_OF else "Done" if end < AS_OF else "Running"
        yield {
            "CampaignRef": f"E{7001 + number}",
            "Title": name,
            "Kind": kind,
            "Status": status,
            "Period.From": start,
            "Period.To": end,
            "Cost.Budget": Decimal(budget),
            "Cost.Spent": None if start > AS_OF else Decimal(budget * (83 + 5 * number) // 100),
            "Cost.Currency": "EUR",
            "ParentRef": parent,
        }


def member_rows(world: World, rng: Random) -> Iterator[dict[str, object]]:
    live = _live(world)
    for number, (_, _, start, _, _) in enumerate(CAMPAIGNS):
        if start > AS_OF:
            continue
        for place, company in enumerate(rng.sample(live, 45)):
            responded = rng.random() < 0.24
            answered = datetime(start.year, start.month, start.day, 9) + timedelta(
                days=rng.randint(1, 40), minutes=rng.randint(0, 500)
            )
            yield {
                "CampaignRef": f"E{7001 + number}",
                "MemberNo": place + 1,
                "AccountRef": company.id,
                "Status": "Responded" if responded else "Sent",
                "Responded": responded,
                "FirstResponseAt": answered if responded else None,
            }


def mark_campaign_sales(members: list[dict[str, object]], ledgers: list[Ledger]) -> None:
    """The first invoice within 60 days of an answer carries the campaign it came from."""
    for member in members:
        at = member["FirstResponseAt"]
        if not isinstance(at, datetime):
            continue
        for ledger in ledgers:
            found = next(
                (
                    document
                    for document in ledger.documents
                    if document.kind == "invoice"
                    and document.ordering.company
                    and document.ordering.company.id == member["AccountRef"]
                    and 0 <= (document.on - at.date()).days <= 60
                ),
                None,
            )
            if found:
                found.campaign = str(member["CampaignRef"])


def contract_rows(ledgers: list[Ledger], rng: Random) -> list[dict[str, object]]:
    accounts = [
        a for ledger in ledgers for a in ledger.accounts if a.company and a.size in ("L", "M")
    ]
    rows: list[dict[str, object]] = []
    for number, account in enumerate(rng.sample(accounts, 48)):
        starts = date(2024, 7, 1) + timedelta(days=rng.randint(0, 640))
        ends = starts + timedelta(days=rng.choice((364, 364, 729)))
        cancelled = number % 16 == 7
        rows.append(
            {
                "ContractRef": f"N{5001 + number}",
                "AccountRef": account.company.id,
                "BackOfficeAccount": account.id,
                "Kind": rng.choice(("Full service", "Inspection", "Hotline")),
                "StartsOn": starts,
                "EndsOn": ends,
                "RenewsOn": None if cancelled else ends + timedelta(days=1),
                "Value": Decimal(rng.randint(9, 140) * 100),
                "Currency": account.currency,
                "Billing": rng.choice(("yearly", "quarterly", "monthly")),
                "Sla": rng.choice(tuple(_HOURS)),
                "HoursIncluded": Decimal(rng.choice((8, 16, 40))),
                "State": "Cancelled" if cancelled else "Expired" if ends < AS_OF else "Active",
            }
        )
    return rows


def bill_contracts(contracts: list[dict[str, object]], ledgers: list[Ledger]) -> None:
    """An invoice of services within the cover bills the contract of its account."""
    covers = {row["BackOfficeAccount"]: row for row in contracts}
    for ledger in ledgers:
        for document in ledger.documents:
            row = covers.get(document.account.id)
            serves = any(line.item.is_service for line in document.lines)
            if row and serves and row["StartsOn"] <= document.on <= row["EndsOn"]:
                document.contract = str(row["ContractRef"])


def cost_rows(
    contracts: list[dict[str, object]], ledger: Ledger, rng: Random
) -> Iterator[dict[str, object]]:
    """What the work under each contract cost the ledger: labour, parts and travel."""
    codes = {account.id: account for account in ledger.accounts}
    number = 0
    for contract in contracts:
        account = codes.get(str(contract["BackOfficeAccount"]))
        if account is None:
            continue
        for _ in range(rng.randint(1, 7)):
            days = (min(contract["EndsOn"], AS_OF) - contract["StartsOn"]).days
            kind = rng.choices(("labour", "parts", "travel"), (6, 3, 2))[0]
            hours = Decimal(rng.randint(2, 18)) / 2
            spent = hours * 58 if kind == "labour" else Decimal(rng.randint(1500, 42000)) / 100
            number += 1
            yield {
                "id": f"SC{3000 + number}",
                "contract": contract["ContractRef"],
                "entity": account.entity,
                "account": account.code,
                "on": contract["StartsOn"] + timedelta(days=rng.randint(0, days)),
                "kind": kind,
                "hours": hours if kind == "labour" else None,
                "amount": spent.quantize(Decimal("0.01")),
            }


def case_rows(
    world: World, contracts: list[dict[str, object]], rng: Random
) -> Iterator[dict[str, object]]:
    live = [company for company in _live(world) if not company.is_prospect]
    for number in range(170):
        contract = rng.choice(contracts) if rng.random() < 0.55 else None
        opened = datetime(2024, 8, 1, 7) + timedelta(
            days=rng.randint(0, 697), minutes=rng.randint(0, 640)
        )
        sla = str(contract["Sla"]) if contract else None
        answer, solve = _HOURS.get(sla or "", (None, None))
        first = opened + timedelta(minutes=rng.randint(12, 900))
        solved = first + timedelta(hours=rng.randint(1, 110))
        is_open = solved > datetime(2026, 6, 30, 18) or number % 14 == 5
        yield {
            "CaseRef": f"V{8001 + number}",
            "AccountRef": contract["AccountRef"] if contract else rng.choice(live).id,
            "ContractRef": contract["ContractRef"] if contract else None,
            "OpenedAt": opened,
            "FirstResponseAt": first if first < datetime(2026, 6, 30, 18) else None,
            "ResolvedAt": None if is_open else solved,
            "Priority": rng.choice(("low", "normal", "normal", "high")),
            "Sla": sla,
            "FirstResponseDue": opened + timedelta(hours=answer) if answer else None,
            "ResolutionDue": opened + timedelta(hours=solve) if solve else None,
            "MinutesSpent": rng.randint(10, 420),
            "Topic": rng.choice(("leak", "spare part", "invoice", "delivery", "calibration")),
        }
