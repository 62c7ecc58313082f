"""Precision and recall of each tier, read from the marts of a whole run on labelled extracts.

A link is right where the company is of the account's firm. An account with a company counts as
found where it is linked rightly, or where the review queue asks about a right company.
Not here: how the weights came about (fitting).
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project import publication, settings

from . import extracts

TIERS = ("steward_decision", "cross_reference", "vat_number", "registration_number", "domain",
         "phone_name", "postcode_name", "score")
FIRM_OF = """
    create view firm_of as
    select case when record_id like 'C%' then 'crm/' else 'erp/' end || record_id as key, firm
    from read_csv('{truth}', all_varchar = true)"""
LINKED = """
    select match_tier, count(*), count(*) filter (a.firm = c.firm)
    from trading_accounts t join firm_of a on t.account_key = a.key
    join firm_of c on t.company_key = c.key group by match_tier"""
FOUND = """
    with known as (
        select a.key, a.firm from firm_of a where a.key like 'erp/%' and a.firm in (
            select firm from firm_of where key like 'crm/%')),
    linked as (
        select t.account_key as key from trading_accounts t
        join firm_of a on t.account_key = a.key join firm_of c on t.company_key = c.key
        where a.firm = c.firm),
    asked as (
        select distinct q.account_key as key from match_review_queue q
        join firm_of a on q.account_key = a.key join firm_of c on q.company_key = c.key
        where a.firm = c.firm)
    select count(*), count(*) filter (key in (from linked)),
        count(*) filter (key not in (from linked) and key in (from asked)),
        (select count(*) from match_review_queue)
    from known"""


@dataclass(frozen=True)
class Measured:
    """Links and right links by tier; accounts with a company: all, linked, asked; questions."""

    tiers: dict[str, tuple[int, int]]
    accounts: int
    linked: int
    asked: int
    questions: int


def run(folder: Path, seed: int, firms: int) -> Measured:
    """Run the product on the extracts of a seed and hold its marts against the truth."""
    configuration = extracts.write(folder, extracts.draw(seed, firms))
    subprocess.run([sys.executable, "-m", "dagster_project.cli", "run", "--config",
                    str(configuration)], check=True, stdout=subprocess.DEVNULL)
    current = publication.current(settings.load(configuration).store)
    assert current is not None
    with duckdb.connect() as con:
        con.execute(f"attach '{current.database}' as mart (read_only)")
        con.execute(FIRM_OF.format(truth=folder / "truth.csv"))
        con.execute("set search_path = 'memory,mart'")
        tiers = {tier: (links, right) for tier, links, right in con.execute(LINKED).fetchall()}
        return Measured(tiers, *con.execute(FOUND).fetchall()[0])


def table(measured: Measured) -> str:
    """Figures as a table in Markdown."""
    lines = ["| tier | links | right | precision |", "|---|---:|---:|---:|"]
    for tier in TIERS:
        if tier in measured.tiers:
            lines.append(_line(tier, *measured.tiers[tier]))
    lines.append(_line("all links", sum(n for n, _ in measured.tiers.values()),
                       sum(right for _, right in measured.tiers.values())))
    found = measured.linked + measured.asked
    lines += ["", f"Of {measured.accounts:,} accounts with a company, {measured.linked:,} are "
              f"linked rightly and {measured.asked:,} asked about: "
              f"{found / measured.accounts:.4f}. The queue has {measured.questions:,} rows, "
              f"{measured.questions / measured.accounts:.3f} for each such account."]
    return "\n".join(lines)


def _line(name: str, links: int, right: int) -> str:
    return f"| {name} | {links:,} | {right:,} | {right / max(links, 1):.4f} |"
