"""The front office as its extracts tell it: contracts, cases, campaigns, opportunities.

Moments of the CRM are local and are kept in UTC, as the marts have them. What a ledger says of
contracts and campaigns stands on its documents and costs. Not here: any rule.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from .extracts import Reader, Rejected, choice, known

YES_NO = {"Y": True, "N": False}
COSTS = {"L": "labour", "P": "parts", "T": "travel"}


@dataclass(frozen=True)
class Contract:
    key: str
    company: str
    account: str | None
    kind: str
    status: str
    start: date
    end: date
    renewal: date | None
    value: Decimal
    currency: str
    hours: Decimal | None


@dataclass(frozen=True)
class Case:
    key: str
    company: str
    contract: str | None
    opened: datetime
    answered: datetime | None
    solved: datetime | None
    answer_due: datetime | None
    solution_due: datetime | None


@dataclass(frozen=True)
class Cost:
    contract: str | None
    account: str
    day: date
    kind: str
    hours: Decimal | None
    amount: Decimal


@dataclass(frozen=True)
class Campaign:
    key: str
    parent: str | None
    start: date | None
    budget: Decimal | None
    spent: Decimal | None
    currency: str


@dataclass(frozen=True)
class Member:
    campaign: str
    company: str | None
    responded: bool
    at: datetime | None


@dataclass(frozen=True)
class Opportunity:
    key: str
    company: str | None
    stage: str
    amount: Decimal | None
    currency: str | None
    close: date | None
    campaign: str | None
    owner: str | None
    created: datetime | None


def moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    return local.astimezone(UTC).replace(tzinfo=None)


def needed_moment(text: str | None) -> datetime:
    found = moment(text)
    if found is None:
        raise Rejected("a moment is missing")
    return found


def flag(text: str | None) -> bool:
    if text not in YES_NO:
        raise Rejected(f"neither yes nor no: {text!r}")
    return YES_NO[text]


def read_front(reader: Reader, companies: set[str]) -> None:
    """What the CRM says; a record of a company that was not accepted is not accepted either."""
    world = reader.world
    for row in reader.newest("companies"):
        if row["AccountRef"] is not None:
            world.merged_into[reader.key(row["AccountRef"])] = reader.optional_key(
                row["MergedInto"])
            world.company_owner[reader.key(row["AccountRef"])] = reader.optional_key(
                row["OwnerRef"])
    world.contracts += reader.accept("contracts", reader.newest("contracts"), lambda row: Contract(
        key=reader.key(row["ContractRef"]),
        company=known(reader.key(row["AccountRef"]), companies, "company"),
        account=row["BackOfficeAccount"],
        kind=str(row["Kind"]),
        status=str(row["State"]).lower(),
        start=reader.needed_day(row["StartsOn"]),
        end=reader.needed_day(row["EndsOn"]),
        renewal=reader.day(row["RenewsOn"]),
        value=reader.amount(row["Value"]),
        currency=str(row["Currency"]),
        hours=reader.number(row["HoursIncluded"]),
    ))
    world.cases += reader.accept("cases", reader.newest("cases"), lambda row: Case(
        key=reader.key(row["CaseRef"]),
        company=reader.key(row["AccountRef"]),
        contract=reader.optional_key(row["ContractRef"]),
        opened=needed_moment(row["OpenedAt"]),
        answered=moment(row["FirstResponseAt"]),
        solved=moment(row["ResolvedAt"]),
        answer_due=moment(row["FirstResponseDue"]),
        solution_due=moment(row["ResolutionDue"]),
    ))
    world.members += reader.accept(
        "campaign_members", reader.newest("campaign_members"), lambda row: Member(
            campaign=reader.key(row["CampaignRef"]),
            company=reader.optional_key(row["AccountRef"]),
            responded=flag(row["Responded"]),
            at=moment(row["FirstResponseAt"]),
        ))
    world.opportunities += reader.accept(
        "opportunities", reader.newest("opportunities"), lambda row: Opportunity(
            key=reader.key(row["OppRef"]),
            company=reader.optional_key(row["AccountRef"]),
            stage=str(row["Stage"]),
            amount=reader.number(row["Amount"]),
            currency=row["Currency"],
            close=reader.day(row["CloseDate"]),
            campaign=reader.optional_key(row["CampaignRef"]),
            owner=reader.optional_key(row["OwnerRef"]),
            created=moment(row["CreatedAt"]),
        ))
    [path] = reader.folder.glob("campaigns_2*.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        world.campaigns.append(Campaign(
            key=reader.key(row["CampaignRef"]),
            parent=reader.optional_key(row["ParentRef"]),
            start=reader.day(row["Period"]["From"]),
            budget=row["Cost"]["Budget"],
            spent=row["Cost"]["Spent"],
            currency=row["Cost"]["Currency"],
        ))


def read_costs(atlas: Reader, borealis: Reader) -> None:
    """What both ledgers spent on contracts; the contract by its id in the CRM."""
    world = atlas.world
    world.costs += atlas.accept("job_costs", atlas.newest("job_costs"), lambda row: Cost(
        contract=row["ContractNo"],
        account=known(atlas.key(row["CustomerNo"]), world.accounts, "account"),
        day=atlas.needed_day(row["PostingDate"]),
        kind=str(row["Type"]),
        hours=atlas.number(row["Hours"]),
        amount=atlas.amount(row["CostLcy"]),
    ))
    world.costs += borealis.accept(
        "service_costs", borealis.newest("service_costs"), lambda row: Cost(
            contract=row["ContractNo"],
            account=known(
                borealis.key(row["Company"], row["CustomerNo"]), world.accounts, "account"),
            day=borealis.needed_day(row["Day"]),
            kind=choice(row["Kind"], COSTS),
            hours=borealis.number(row["Hours"]),
            amount=borealis.amount(row["Cost"]),
        ))
