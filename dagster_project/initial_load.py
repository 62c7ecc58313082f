"""The command `onboard`: what the first match did, before anybody trusts it, step by step.

It reads a published version and changes nothing. Not here: any figure of the marts (dbt), how a
first configuration comes to be (onboarding: `init`, `doctor`).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import publication
from .terminal import AsOfOption, ConfigOption, configuration_of, date_option, escaped, out
from .terminal import print_table as show

if TYPE_CHECKING:
    import duckdb

Rows = list[tuple[Any, ...]]

# Accounts whose stake lacks a price or a rate are counted beside the sum of the others.
LEDGERS = """
select entity_key as ledger, count(*) as accounts,
    count(case when deleted_on is not null then 1 end) as gone,
    sum(at_stake_reporting) as at_stake, count(*) - count(at_stake_reporting) as not_known
from (select *, source || '/' || entity_id as entity_key from trading_accounts)
group by entity_key order by entity_key"""
COMPANIES = """
select coalesce(split_part(company_key, '/', 1), 'no company') as source, count(*) as customers,
    count(case when accounts = 0 then 1 end) as without_account,
    count(case when accounts > 1 then 1 end) as several_accounts
from customer_360 group by 1 order by 1"""
# What to look at before links are trusted, by the step in which it is mended.
KINDS = {
    "back office": ("duplicate_account", "bill_to_unknown"),
    "front office": ("duplicate_company", "merged_in_a_circle", "merged_into_unknown"),
    "cleanse": ("vat_number_invalid", "registration_number_invalid", "reference_unknown",
                "parent_unknown", "parent_circle", "quarantined_row"),
    "match": ("match_tie", "match_review", "match_conflict", "record_unknown",
              "decision_contradicted"),
}
FOUND = """
select kind, coalesce(source, '') as source, count(*) as records,
    case when count(amount_reporting) = count(*) then sum(amount_reporting) end as money,
    min(what) as for_example
from exceptions where list_contains($1, kind) group by all order by kind, source"""
LINKS = """
select case match_status when 'linked' then match_tier else match_status end as link,
    match_status = 'linked' as is_linked, count(*) as accounts,
    cast(count(*) * 100 / sum(count(*)) over () as decimal(5, 1)) as percent,
    sum(at_stake_reporting) as at_stake, count(*) - count(at_stake_reporting) as not_known
from trading_accounts group by 1, 2
order by is_linked desc, list_position($1, link)"""
MEANINGS = {
    "steward_decision": "linked: a person decided",
    "cross_reference": "linked: one system stores the other's code",
    "vat_number": "linked: the same verified VAT number",
    "registration_number": "linked: the same verified register number",
    "domain": "linked: the same domain of their own",
    "phone_name": "linked: the same phone and name",
    "postcode_name": "linked: the same postcode and name",
    "score": "linked: several fields agree",
    "tie": "open: several companies with the same claim",
    "review": "open: similar, only a person may link it",
    "split": "alone: a person split it from all",
    "rejected": "open: a person rejected every claim",
    "unlinked": "open: nothing is like it",
}
REVIEW = """
select reason, count(*) as pairs, count(distinct account_key) as accounts
from match_review_queue group by reason order by reason"""
LISTS = """
select list_name as list, erp_source as "to", count(*) as "values",
    sum(blocked_orders + blocked_quotes) as waiting,
    case when count(blocked_net_reporting) = count(*) then sum(blocked_net_reporting) end
        as waiting_net, sum(uses) as uses
from list_mismatches group by all order by waiting desc, uses desc, 1, 2"""


def onboard(config: ConfigOption = None, as_of: AsOfOption = None) -> None:
    """Report what the first match did, before it is trusted: links, gaps, and what to do in order.

    Back office, front office, cleanse, match, lists. Reads the published mart, changes nothing;
    repeat it after each `customer360 run` until nothing is left that you would not answer for.
    """
    version = publication.readable(configuration_of(config).store, date_option(as_of))
    with publication.reader(version) as con:
        _report(con, version)


def _report(con: "duckdb.DuckDBPyConnection", version: publication.Publication) -> None:
    out.print(f"The first match in [bold]{version.id}[/], as of {version.as_of_date}. Nothing is "
              "written to any system.", soft_wrap=True)
    steps = (
        ("back office", LEDGERS, "Accounts by ledger company",
         "customer360 lists duplicate-accounts, then close or merge in the ERP"),
        ("front office", COMPANIES, "Customers by where their company comes from",
         "customer360 review duplicates, or merge in the CRM"),
        ("cleanse", None, "", "correct at the source, then customer360 run; what was not accepted: "
                              "customer360 quarantine"),
        ("match", None, "", "customer360 review"),
        ("lists", LISTS, "Values that the other system does not know",
         "customer360 lists mismatches, then a line in list_map"),
    )
    currency = con.execute("select min(reporting_currency) from trading_accounts").fetchall()[0][0]
    for number, (name, sql, title, next_step) in enumerate(steps, 1):
        money = f" · amounts in {currency}" if currency else ""
        out.print(f"\n[bold]{number}. {name.capitalize()}[/]{money}", soft_wrap=True)
        if name == "match":
            _links(con)
        if sql:
            _table(con, title, sql, "Every value is known." if name == "lists" else "None.")
        if name in KINDS:
            _table(con, "To look at", FOUND, "Nothing was found.", [list(KINDS[name])])
        out.print(f"Next: {escaped(next_step)}", soft_wrap=True)


def _links(con: "duckdb.DuckDBPyConnection") -> None:
    found = con.execute(LINKS, [[*MEANINGS]]).fetchall()
    rows: Rows = [(MEANINGS.get(link, link), *figures) for link, _, *figures in found]
    linked = sum(row[2] for row in found if row[1])
    every = sum(row[2] for row in found)
    share = f", {linked * 100 / every:.1f} %" if every else ""
    show(f"{linked} of {every} accounts are linked{share}",
         ["accounts by how they are linked", "accounts", "percent", "at_stake", "not_known"],
         rows)
    _table(con, "Waiting for a person", REVIEW, "Nothing waits for a person.")


def _table(con: "duckdb.DuckDBPyConnection", title: str, sql: str, otherwise: str,
           values: Sequence[Any] = ()) -> None:
    found = con.execute(sql, values)
    names = [d[0] for d in found.description or ()]
    rows = found.fetchall()
    if rows:
        show(title, names, rows, spare=["for_example"])
    else:
        out.print(f"{title}: {otherwise}")
