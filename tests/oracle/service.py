"""Service contracts, and the cases under them, as of a day.

Rules stated here: a contract is in cover from its first to its last day, cancelled whenever its
status says so. Revenue is the net of the invoices that name the contract less the credit notes
set against them, each in proportion; costs count from their day; everything converts at its own
day, the value of the contract at the day of the figures. An answer or a solution is in time up to
the moment it is due, missed when it came later or is due by the end of the day and has not come.
Times count in UTC. What happened after the day has not happened.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from .front import Case, Contract
from .receivables import ZERO, in_effect, rate
from .records import World
from .sales import REPORTING, sale_rows

SOON = 60


def state(contract: Contract, day: date) -> str:
    if contract.status == "cancelled":
        return "cancelled"
    if day < contract.start:
        return "not_started"
    return "in_cover" if day <= contract.end else "lapsed"


def by_then(moment: datetime | None, day: date) -> datetime | None:
    return moment if moment is not None and moment.date() <= day else None


def judged(due: datetime | None, done: datetime | None, day: date) -> str | None:
    if due is None:
        return None
    if done is not None:
        return "met" if done <= due else "missed"
    return "missed" if due.date() <= day else "pending"


def answer(case: Case, day: date) -> str | None:
    return judged(case.answer_due, by_then(case.answered or case.solved, day), day)


def solution(case: Case, day: date) -> str | None:
    return judged(case.solution_due, by_then(case.solved, day), day)


def is_open(case: Case, day: date) -> bool:
    return by_then(case.solved, day) is None


def credited_parts(world: World, day: date) -> dict[str, dict[str, Decimal]]:
    """Of each credit note, which part of it is set against which invoice on the day."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for allocation in world.allocations:
        debit, credit = world.documents[allocation.debit], world.documents[allocation.credit]
        if (debit.kind == "invoice" and credit.kind == "credit_note"
                and in_effect(world, allocation, day)):
            sums[credit.key][debit.key] += allocation.credit_amount
    parts: dict[str, dict[str, Decimal]] = {}
    for key, against in sums.items():
        whole = max(world.documents[key].amount, sum(against.values()))
        parts[key] = {invoice: amount / whole for invoice, amount in against.items()}
    return parts


def revenue(world: World, day: date) -> dict[str, Decimal]:
    """Net of invoices less credits, in reporting currency, by the contract that is named."""
    named = {d.key: f"crm/{d.contract}" for d in world.documents.values() if d.contract}
    parts = credited_parts(world, day)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for document, amount, _ in sale_rows(world, day):
        amount = amount or ZERO
        if document.key in named:
            sums[named[document.key]] += amount
        elif document.kind == "credit_note":
            for invoice, part in parts.get(document.key, {}).items():
                if invoice in named:
                    sums[named[invoice]] += amount * part
    return sums


def service_contracts(world: World, day: date) -> dict[tuple[str], dict[str, object]]:
    earned = revenue(world, day)
    table: dict[tuple[str], dict[str, object]] = {}
    for contract in world.contracts:
        spent: dict[str, Decimal] = defaultdict(Decimal)
        hours = ZERO
        for cost in world.costs:
            if f"crm/{cost.contract}" == contract.key and cost.day <= day:
                entity = world.entities[world.accounts[cost.account].entity]
                factor = rate(world, entity.base_currency, REPORTING, cost.day)
                spent[cost.kind] += cost.amount * (factor or ZERO)
                hours += cost.hours or ZERO
        cases = [c for c in world.cases
                 if c.contract == contract.key and c.opened.date() <= day]
        answers = [answer(case, day) for case in cases]
        solutions = [solution(case, day) for case in cases]
        where = state(contract, day)
        factor = rate(world, contract.currency, REPORTING, day)
        first_end = min(filter(None, (contract.end, contract.renewal)))
        table[(contract.key,)] = {
            "state": where,
            "days_left": None if where == "cancelled" else (contract.end - day).days,
            "is_ending_soon": where == "in_cover" and (first_end - day).days <= SOON,
            "has_just_lapsed": where == "lapsed" and (day - contract.end).days <= SOON,
            "value_reporting": None if factor is None else contract.value * factor,
            "revenue_reporting": earned.get(contract.key, ZERO),
            **{f"{kind}_reporting": spent[kind] for kind in ("labour", "parts", "travel")},
            "margin_reporting": earned.get(contract.key, ZERO) - sum(spent.values()),
            "hours_used": hours,
            "hours_left": None if contract.hours is None else contract.hours - hours,
            "cases": len(cases),
            "cases_out_of_cover": sum(
                not contract.start <= c.opened.date() <= contract.end for c in cases),
            "open_cases": sum(is_open(case, day) for case in cases),
            "responses_met": answers.count("met"),
            "responses_missed": answers.count("missed"),
            "resolutions_met": solutions.count("met"),
            "resolutions_missed": solutions.count("missed"),
        }
    return table


def is_overdue(case: Case, day: date) -> bool:
    """Open, and an answer or a solution that is still to come is past due."""
    if not is_open(case, day):
        return False
    unanswered = by_then(case.answered or case.solved, day) is None
    return (unanswered and answer(case, day) == "missed") or solution(case, day) == "missed"


def met_pct(outcomes: list[str | None]) -> Decimal | None:
    met, missed = outcomes.count("met"), outcomes.count("missed")
    return Decimal(100 * met) / (met + missed) if met + missed else None


def customer_service(
    world: World, day: date, of_company: dict[str, str], customers: set[str]
) -> dict[tuple[str], dict[str, object]]:
    """What stands of service and marketing in the row of each customer."""
    contracts = service_contracts(world, day)
    table: dict[tuple[str], dict[str, object]] = {}
    for customer in customers:
        ours = [contracts[(c.key,)] for c in world.contracts if of_company[c.company] == customer]
        cases = [c for c in world.cases
                 if of_company.get(c.company) == customer and c.opened.date() <= day]
        recent = [c for c in cases if (day - c.opened.date()).days < 365]
        responses = [m.at.date() for m in world.members
                     if m.responded and m.at is not None and m.at.date() <= day
                     and of_company.get(m.company or "") == customer]
        late = [o for o in world.opportunities
                if of_company.get(o.company or "") == customer and o.stage not in ("Won", "Lost")
                and (o.created is None or o.created.date() <= day)
                and o.close is not None and o.close < day]
        table[(customer,)] = {
            "open_cases": sum(is_open(c, day) for c in cases),
            "overdue_cases": sum(is_overdue(c, day) for c in cases),
            "response_met_pct": met_pct([answer(c, day) for c in recent]),
            "resolution_met_pct": met_pct([solution(c, day) for c in recent]),
            "contracts_in_force": sum(c["state"] == "in_cover" for c in ours),
            "contracts_ending_soon": sum(bool(c["is_ending_soon"]) for c in ours),
            "service_margin_reporting": sum((c["margin_reporting"] for c in ours), ZERO),
            "last_campaign_response_on": max(responses, default=None),
            "overdue_opportunities": len(late),
        }
    return table
