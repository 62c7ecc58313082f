"""Who is held at a date, for which reasons, and what must be paid to be released.

Rules stated here: manual hold until its last day, over limit, oldest overdue older than N days,
overdue amount over X, limit or review expired, blocked in the ledger. All are evaluated, the
narrowest scope of each wins (account, customer, group, default), and only `block` holds. A limit
binds on every level: what is over the limit of its customer or group is held with it. Exactly at
the limit is not over it. A bypassed account is never held. To be released, the largest payment
that any money reason requires; none can be named while another reason remains. Prepaid orders and
services that are due are stopped only where a rule that holds says so in `exclude`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .credit import (
    REPORTING,
    Exposure,
    Membership,
    combined,
    exposures,
    profile_at,
)
from .orders import Unprocessed
from .receivables import ZERO, OpenItem, open_items, rate
from .records import World

Reasons = dict[str, Decimal | None]


@dataclass
class Hold:
    """`reasons`: each with the payment it asks for, none where a payment does not help."""

    account: str
    currency: str
    reasons: Reasons
    to_pay: Decimal | None
    stops_prepaid: bool = False
    stops_services_due: bool = False

    def stops(self, order: Unprocessed) -> bool:
        """Goods that are shipped are billed whatever the hold, and a draft is no order yet."""
        if order.is_draft or (order.is_prepaid and not self.stops_prepaid):
            return False
        return order.delivers or (order.bills_services and self.stops_services_due)


def rules_for(
    world: World, account: str, member: Membership, actions: tuple[str, ...]
) -> dict[str, dict[str, str]]:
    """Rule to the row of its narrowest scope, where that row does one of the actions."""
    scopes = [f"account:{account}", *(f"customer:{key}" for key in sorted(member.companies))]
    scopes += [f"customer:{member.customer}", f"group:{member.group}", "default"]
    stated = {(row["rule"], row["scope"]): row for row in world.rules}
    found = {}
    for rule, _ in stated:
        row = next(stated[rule, scope] for scope in scopes if (rule, scope) in stated)
        if row["action"] in actions:
            found[rule] = row
    return found


def money_reasons(
    world: World,
    day: date,
    exposure: Exposure,
    items: list[OpenItem],
    rules: dict[str, dict[str, str]],
) -> Reasons:
    """What a payment helps against, in the currency of the account's limit."""
    reasons: Reasons = {}
    base = exposure.base_currency
    to_limit = rate(world, base, exposure.currency, day)
    late = [item for item in items if item.document.is_debit and item.days_overdue(day)]
    over = over_by(exposure.exposure, exposure.limit)
    if "over_limit" in rules and over is not None:
        reasons["over_limit"] = over
    if "days_overdue" in rules:
        grace = int(rules["days_overdue"]["threshold"])
        too_late = [item for item in late if item.days_overdue(day) > grace]
        if any(item.residual > 0 for item in too_late):
            amount = sum((item.base for item in too_late), ZERO)
            reasons["days_overdue"] = None if to_limit is None else amount * to_limit
    if "amount_overdue" in rules:
        rule = rules["amount_overdue"]
        factor = rate(world, rule["currency"] or REPORTING, exposure.currency, day)
        if factor is not None and to_limit is not None:
            overdue = sum((item.base for item in late), ZERO) * to_limit
            excess = over_by(overdue, Decimal(rule["threshold"]) * factor)
            if excess is not None:
                reasons["amount_overdue"] = excess
    return reasons


def over_by(amount: Decimal | None, limit: Decimal | None) -> Decimal | None:
    """By how much; none where it is not over, which exactly at the limit is not."""
    if amount is None or limit is None or amount <= limit:
        return None
    return amount - limit


def other_reasons(
    world: World, day: date, exposure: Exposure, rules: dict[str, dict[str, str]]
) -> set[str]:
    profile = profile_at(world, exposure.account, day)
    expiry = exposure.limit_valid_to
    review = profile.next_review if profile else None
    until = profile.hold_until if profile else None
    holds_now = {
        "manual": bool(profile and profile.on_hold and (until is None or day <= until)),
        "limit_expired": expiry is not None and expiry < day,
        "review_expired": review is not None and review < day,
        "status_blocked": world.accounts[exposure.account].status.startswith("blocked"),
    }
    return {rule for rule, is_held in holds_now.items() if is_held and rule in rules}


def holds(
    world: World,
    day: date,
    members: dict[str, Membership],
    *,
    actions: tuple[str, ...] = ("block",),
) -> dict[str, Hold]:
    """Every held account with its reasons."""
    items: dict[str, list[OpenItem]] = defaultdict(list)
    for item in open_items(world, day):
        items[item.document.account].append(item)
    above = {
        (key, account): (over, row.currency)
        for key, row in combined(world, day, members).items()
        if (over := over_by(row.exposure, row.limit)) is not None
        for account in row.accounts
    }
    held = {}
    for account, exposure in exposures(world, day).items():
        profile = profile_at(world, account, day)
        if profile is not None and profile.bypass:
            continue
        member = members[account]
        rules = rules_for(world, account, member, actions)
        reasons = money_reasons(world, day, exposure, items[account], rules)
        for level, key in (("customer", member.customer), ("group", str(member.group))):
            if "over_limit" in rules and ((level, key), account) in above:
                over, currency = above[(level, key), account]
                factor = rate(world, currency, exposure.currency, day)
                reasons[f"{level}: over_limit"] = None if factor is None else over * factor
        reasons |= dict.fromkeys(other_reasons(world, day, exposure, rules))
        if reasons:
            payments = [amount for amount in reasons.values() if amount is not None]
            is_payable = len(payments) == len(reasons)
            let_through = [
                rules[reason.rpartition(": ")[2]]["exclude"] or "prepaid_orders;invoicing"
                for reason in reasons
            ]
            held[account] = Hold(
                account,
                exposure.currency,
                reasons,
                max(payments) if is_payable else None,
                stops_prepaid=any("prepaid_orders" not in words for words in let_through),
                stops_services_due=any("invoicing" not in words for words in let_through),
            )
    return held
