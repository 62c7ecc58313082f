"""The stewards' files: policies and human decisions, in the columns of the product's contract."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from .catalogue import PRICE_LISTS, SALESPEOPLE, SHIPPING, TERMS, TERRITORIES, UOMS
from .facts import Row
from .files import Extract, Locale, extract
from .ledger import Ledger
from .model import AS_OF, Account, Company
from .plans import exposure

_LOCALE = Locale(yes_no=("true", "false"))
_STEWARD = "credit control"
_MAY = (date(2026, 5, 1), date(2026, 5, 20))


def _file(name: str, rows: Iterable[Row]) -> Extract:
    return extract(f"steward/{name}.csv", rows, _LOCALE)


def _table(header: str, *lines: str) -> list[Row]:
    names = header.split(",")
    return [dict(zip(names, line.split(","), strict=True)) for line in lines]


def extracts(ledgers: list[Ledger], companies: list[Company]) -> list[Extract]:
    accounts = [account for ledger in ledgers for account in ledger.accounts]
    group = _group(accounts)
    return [
        _file("credit_rule", _credit_rules(accounts)),
        _file("exposure_policy", _table(
            "term,counts", "balance,true", "open_orders,true", "shipped_not_invoiced,true",
            "unposted_invoices,true", "prepayments,false", "returns_pending,false",
        )),
        _file("ageing_profile", _table(
            "profile,basis,edges,credits,unit",
            "standard,due_date,30;60;90,separate,",
            "cash planning,due_date,7;14;21;30,separate,",
            "auditor,document_date,30;60;90;180,aged,",
            "months,due_date,0;1;2,separate,month",
        )),
        _file("dunning_policy", _table(
            "level,days_overdue,days_since_last,channel,template,minimum_amount,"
            "interest_pct_pa,fee,fee_currency",
            "1,7,0,email,reminder,25.00,,,",
            "2,21,14,email,second_reminder,25.00,,10.00,EUR",
            "3,45,14,letter,final_notice,50.00,8.00,25.00,EUR",
        )),
        _file("segment_band", _table(
            "measure,score,at_least",
            "recency,5,0", "recency,4,31", "recency,3,61", "recency,2,121", "recency,1,241",
            "frequency,1,1", "frequency,2,4", "frequency,3,8", "frequency,4,16", "frequency,5,24",
            "value,1,0", "value,2,1000.00", "value,3,2500.00", "value,4,5000.00",
            "value,5,10000.00",
        )),
        _file("segment_rule", _table(
            "place,segment,recency_from,recency_to,frequency_from,frequency_to,value_from,value_to",
            "1,key account,4,,4,,4,", "2,steady,4,,3,,,", "3,newcomer,4,,,1,,",
            "4,occasional,3,,,,,", "5,win back,,2,3,,,", "6,win back,,2,,,4,", "7,dormant,,2,,,,",
        )),
        _file("customer_group", group),
        _file("credit_limit", _limits(ledgers, accounts, group)),
        _file("match_decision", _decisions(accounts)),
        _file("list_map", _list_map()),
        _file("survivorship", _table(
            "field,systems",
            "name,crm;atlas;borealis", "legal_name,crm;atlas;borealis",
            "vat_number,atlas;borealis;crm", "phone,crm;borealis;atlas", "email,crm;atlas;borealis",
            "website,crm;atlas;borealis", "address,atlas;borealis;crm", "territory,crm",
        )),
        _file("sync_policy", _table(
            "entity,field,master,direction,on_conflict,on_delete",
            "company,name,crm,crm_to_erp,master_wins,deactivate",
            "company,phone,newest,both,newest_wins,ignore",
            "company,vat_number,erp,erp_to_crm,review,ignore",
            "company,payment_terms_code,erp,erp_to_crm,master_wins,ignore",
            "company,address,erp,erp_to_crm,review,ignore",
        )),
        _file("account_approval", [
            {
                "company_source": "crm", "company_id": company.id, "erp_source": "atlas",
                "entity_id": "A1", "decision": decision, "decided_by": _STEWARD,
                "decided_on": date(2026, 6, 29),
            }
            for company, decision in zip(
                [c for c in companies if c.is_prospect and not c.duplicate_of][4:16:11],
                ("approved", "refused"), strict=False,
            )
        ]),
    ]  # fmt: skip


def _planned(accounts: list[Account], plan: str) -> Account:
    return next(account for account in accounts if account.plan == plan)


def _credit_rules(accounts: list[Account]) -> list[Row]:
    narrower = _planned(accounts, "late under a narrower rule")
    wider = _planned(accounts, "late under a wider rule")
    return _table(
        "rule,scope,threshold,currency,action,exclude",
        "manual,default,,,block,prepaid_orders;invoicing",
        "over_limit,default,,,block,prepaid_orders;invoicing",
        "days_overdue,default,30,,block,",
        f"days_overdue,account:{narrower.ledger}/{narrower.id},10,,block,",
        f"days_overdue,customer:crm/{wider.company.id},60,,block,",
        "days_overdue,group:G100,45,,block,",
        "amount_overdue,default,20000.00,EUR,block,prepaid_orders",
        "limit_expired,default,,,block,",
        "review_expired,default,,,warn,",
        "status_blocked,default,,,block,none",
        "limit_share,default,90,,warn,",
    )


def _group(accounts: list[Account]) -> list[Row]:
    """A group that neither system knows: three companies with the same owners."""
    members = [
        a.company for a in accounts
        if a.company and a.plan == "ordinary" and a.size != "S" and not a.company.parent
        and a.evidence == "reference"
    ]  # fmt: skip
    unique = list({company.id: company for company in members}.values())
    return [
        {
            "group_id": group, "company_source": "crm", "company_id": company.id,
            "group_name": name,
        }
        for group, name, found in (
            ("G100", "Hafenkontor holding", unique[0:3]),
            ("G200", "Quellwerk partners", unique[3:5]),
        )
        for company in found
    ]  # fmt: skip


def _limits(ledgers: list[Ledger], accounts: list[Account], group: list[Row]) -> list[Row]:
    """G200 is over its limit as a group, though each of its accounts is under its own.

    Three limits of May are temporary: over a limit of the steward, of the ERP, of the accounts.
    """
    owed = {"G100": Decimal(0), "G200": Decimal(0)}
    for row in group:
        for ledger in ledgers:
            for account in ledger.accounts:
                if account.company and account.company.id == row["company_id"]:
                    rate = ledger.rates.rate(ledger.base_currency(account), "EUR", AS_OF)
                    owed[str(row["group_id"])] += exposure(ledger, account) * rate
    roomy = [
        a for a in accounts
        if a.plan == "ordinary" and a.company and a.evidence == "reference" and a.size == "M"
    ]  # fmt: skip
    limits = [
        ("group", "G100", int(owed["G100"] * 3) // 1000 * 1000, None),
        ("group", "G200", int(owed["G200"] / 2) // 100 * 100, None),
        ("customer", f"crm/{roomy[3].company.id}", 90_000, date(2026, 12, 31)),
        ("account", f"{roomy[9].ledger}/{roomy[9].id}", 60_000, None),
        ("account", f"{roomy[9].ledger}/{roomy[9].id}", 75_000, _MAY[1]),
        ("account", f"{roomy[11].ledger}/{roomy[11].id}", 80_000, _MAY[1]),
        ("customer", f"crm/{roomy[12].company.id}", 95_000, _MAY[1]),
    ]
    return [
        {
            "level": level, "id": target,
            "valid_from": _MAY[0] if until == _MAY[1] else date(2025, 1, 1),
            "credit_limit": Decimal(limit), "currency": "EUR", "valid_to": until,
        }
        for level, target, limit, until in limits
    ]  # fmt: skip


def _decisions(accounts: list[Account]) -> list[Row]:
    """Two of the fuzzy pairs are confirmed, one is rejected; an account is pinned."""
    fuzzy = [a for a in accounts if a.evidence == "fuzzy name"]
    pinned = [a for a in accounts if a.evidence == "phone and name"][:1]
    decided = [(fuzzy[0], "confirm", "called the customer"), (fuzzy[3], "confirm", "same director")]
    decided += [(fuzzy[5], "reject", "another business of that name")]
    decided += [(a, "pin", "agreed with sales") for a in pinned]
    for account, decision, _ in decided:
        account.evidence = f"{account.evidence}, steward: {decision}"
    return [
        {
            "account_source": account.ledger, "account_id": account.id, "company_source": "crm",
            "company_id": account.company.id, "decision": decision, "decided_by": "data steward",
            "decided_on": date(2026, 6, 15), "why": why,
        }
        for account, decision, why in decided
    ]  # fmt: skip


def _list_map() -> list[Row]:
    """The CRM's words in each ledger's codes. One delivery method is left unmapped on purpose."""
    shared = {
        "payment_terms": [(t.crm, t.atlas, t.borealis) for t in TERMS],
        "shipping_method": [(s.crm, s.atlas, s.borealis) for s in SHIPPING],
        "price_list": [(p.crm, p.atlas, p.borealis) for p in PRICE_LISTS],
        "salesperson": [(p.label, p.atlas, p.borealis) for p in SALESPEOPLE],
        "tax_code": [("Standard rate", "DOM19", "S20"), ("Zero rate", "EU0", "Z0")],
        "uom": [
            (word, code, code)
            for word, (code, _) in zip(("pcs", "metre", "hour"), UOMS, strict=True)
        ],
        "territory": [(territory, territory, territory) for territory in TERRITORIES],
    }
    return [
        {
            "list_name": kind, "crm_source": "crm", "crm_value": word, "erp_source": ledger,
            "erp_code": code,
        }
        for kind, values in shared.items()
        for word, *codes in values
        for ledger, code in zip(("atlas", "borealis"), codes, strict=True)
    ]  # fmt: skip
