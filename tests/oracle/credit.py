"""Exposure and limit of every account, customer and group at a date.

Rules stated here: the terms of exposure stand on the bill-to account (the document's, the
order's, else the account's), go from document to base currency at their own rate and from base
to the currency of the limit at the as-of date; the policy file says which terms count. A limit
that is absent is no limit, 0 is cash only, no profile is not known. A customer's limit is the
steward's, else the sum of the limits of its billed accounts, null if any of them is null; they are
added in reporting currency where theirs differ. Of several dated limits the last to have begun of
those still valid counts, else the last, expired, which still shows; an expired one of the steward
gives way to an amount that holds without it. What an insurance in force does not cover of an
account's exposure is uninsured.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .quantities import line_states, returned_uninvoiced
from .receivables import ZERO, open_items, rate
from .records import Profile, World

REPORTING = "EUR"
TERMS = (
    "balance",
    "open_orders",
    "shipped_not_invoiced",
    "unposted_invoices",
    "prepayments",
    "returns_pending",
)
DEDUCTED = {"prepayments", "returns_pending"}


@dataclass
class Exposure:
    """One account: every term in base currency, and what it is compared with."""

    account: str
    base_currency: str
    currency: str = REPORTING
    limit: Decimal | None = None
    limit_valid_to: date | None = None
    uninsured: Decimal | None = None
    has_profile: bool = False
    terms: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    converted: dict[str, Decimal | None] = field(default_factory=dict)
    exposure: Decimal | None = None
    exposure_reporting: Decimal | None = None


def profile_at(world: World, account: str, day: date) -> Profile | None:
    profiles = [
        profile
        for profile in world.profiles
        if profile.account == account and profile.valid_from <= day
    ]
    return max(
        profiles,
        key=lambda profile: (last_valid(profile.valid_to, day), profile.valid_from),
        default=None,
    )


def last_valid(valid_to: date | None, day: date) -> date:
    """What is valid comes after all that is over, of which the last to end comes last."""
    return valid_to if valid_to is not None and valid_to < day else date.max


def is_over(valid_to: date | None, day: date) -> bool:
    return valid_to is not None and valid_to < day


def last_day(row: dict[str, str]) -> date | None:
    return date.fromisoformat(row["valid_to"]) if row["valid_to"] else None


def stated_limit(world: World, level: str, key: str, day: date) -> dict[str, str] | None:
    found = [
        row
        for row in world.limits
        if (row["level"], row["id"]) == (level, key)
        and date.fromisoformat(row["valid_from"]) <= day
    ]
    return max(
        found, key=lambda row: (last_valid(last_day(row), day), row["valid_from"]), default=None
    )


def order_account(world: World, account: str, bill_to: str | None) -> str:
    if bill_to in world.accounts:
        return str(bill_to)
    return world.accounts[account].bill_to


def exposures(world: World, day: date) -> dict[str, Exposure]:
    rows = {
        key: Exposure(key, world.entities[account.entity].base_currency)
        for key, account in world.accounts.items()
    }
    for item in open_items(world, day):
        rows[item.document.account].terms["balance"] += item.base
    for document in world.documents.values():
        if document.status == "draft" and document.document_date <= day:
            effect = document.sign * document.base
            rows[document.account].terms["unposted_invoices"] += effect
    prepaid = set()
    for state in line_states(world, day).values():
        order = state.order
        if order.status == "draft":
            continue
        row = rows[order_account(world, order.account, order.bill_to)]
        row.terms["open_orders"] += state.value(state.open_order) * order.rate
        row.terms["shipped_not_invoiced"] += state.value(state.shipped_not_invoiced) * order.rate
        if order.prepaid and state.to_bill and order.key not in prepaid:
            prepaid.add(order.key)
            row.terms["prepayments"] += order.prepaid * order.rate
    add_pending_returns(world, day, rows)
    for row in rows.values():
        compare(world, row, day)
    return rows


def add_pending_returns(world: World, day: date, rows: dict[str, Exposure]) -> None:
    uninvoiced = returned_uninvoiced(world, day)
    for item in world.returns:
        credit = world.documents.get(item.credit_document or "")
        if item.day > day or (credit is not None and credit.exists(day)):
            continue
        order = world.orders.get(item.order or "")
        share = 1 - uninvoiced.get(item.key, ZERO) / item.quantity
        bill_to = order_account(world, item.account, order.bill_to if order else None)
        factor = order.rate if order else Decimal(1)
        rows[bill_to].terms["returns_pending"] += item.value * share * factor


def counted(world: World, row: Exposure) -> Decimal:
    """The exposure in base currency: the terms that the policy counts."""
    return sum(
        (
            -amount if term in DEDUCTED else amount
            for term, amount in row.terms.items()
            if term in world.counted_terms
        ),
        ZERO,
    )


def compare(world: World, row: Exposure, day: date) -> None:
    profile = profile_at(world, row.account, day)
    stated = stated_limit(world, "account", row.account, day)
    row.has_profile = profile is not None or stated is not None
    if (
        stated is not None
        and is_over(last_day(stated), day)
        and profile is not None
        and profile.limit is not None
        and not is_over(profile.valid_to, day)
    ):
        stated = None
    if stated is not None:
        row.limit, row.currency = Decimal(stated["credit_limit"]), stated["currency"]
        row.limit_valid_to = last_day(stated)
    elif profile is not None:
        row.limit_valid_to = profile.valid_to
        if profile.limit is not None:
            row.limit, row.currency = profile.limit, profile.currency
    factor = rate(world, row.base_currency, row.currency, day)
    reporting = rate(world, row.base_currency, REPORTING, day)
    amount = counted(world, row)
    for term in TERMS:
        row.converted[term] = None if factor is None else row.terms[term] * factor
    row.exposure = None if factor is None else amount * factor
    row.exposure_reporting = None if reporting is None else amount * reporting
    row.uninsured = None if factor is None else max(amount * factor, ZERO)
    if row.uninsured is not None and profile is not None and profile.insured is not None:
        cover = rate(world, profile.currency, row.currency, day)
        assert cover is not None, "the demo has a rate of every limit's currency"
        if not is_over(profile.insured_until, day):
            row.uninsured = max(row.uninsured - profile.insured * cover, ZERO)


@dataclass(frozen=True)
class Membership:
    """Which customer and group an account belongs to, and the companies of its customer."""

    customer: str
    group: str | None
    companies: frozenset[str]


@dataclass(frozen=True)
class Combined:
    """A customer or group: the accounts under it, their exposure and the limit, in one currency."""

    accounts: tuple[str, ...]
    currency: str
    exposure: Decimal | None
    limit: Decimal | None


def combined(
    world: World, day: date, members: dict[str, Membership]
) -> dict[tuple[str, str], Combined]:
    """(level, id) to its exposure and limit; a group has a limit where the steward states one."""
    rows = exposures(world, day)
    payers = {account.bill_to for account in world.accounts.values()}
    under: dict[tuple[str, str], list[str]] = defaultdict(list)
    for account, member in members.items():
        if account in payers or any(rows[account].terms.values()):
            under["customer", member.customer].append(account)
            if member.group is not None:
                under["group", member.group].append(account)
    found = {}
    for (level, key), accounts in under.items():
        companies = members[accounts[0]].companies if level == "customer" else {key}
        stated = [row for c in companies if (row := stated_limit(world, level, c, day))]
        limits = [(rows[account].limit, rows[account].currency) for account in accounts]
        currency, limit = REPORTING, None
        if (
            level == "customer"
            and stated
            and is_over(last_day(stated[0]), day)
            and all(amount is not None for amount, _ in limits)
            and not any(is_over(rows[account].limit_valid_to, day) for account in accounts)
        ):
            stated = []
        if stated:
            currency, limit = stated[0]["currency"], Decimal(stated[0]["credit_limit"])
        elif level == "group" or len(accounts) == 1:
            pass  # A single account stands for itself.
        elif all(amount is not None for amount, _ in limits):
            if len({money for _, money in limits}) == 1:
                currency = limits[0][1]
            limit = total((amount, rate(world, money, currency, day)) for amount, money in limits)
        amounts = (
            (counted(world, rows[account]), rate(world, rows[account].base_currency, currency, day))
            for account in accounts
        )
        found[level, key] = Combined(tuple(accounts), currency, total(amounts), limit)
    return found


def total(parts: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """Amounts at their rates; none where one of either is missing."""
    amounts = [None if a is None or r is None else a * r for a, r in parts]
    return None if None in amounts else sum((a for a in amounts if a is not None), ZERO)
