"""Links and questions from scored pairs, by the rules of dbt, without a build: for quick answers.

The rules of the soft tiers are dbt's own macros (dbt/macros/matching.sql); how claims compete is
told again here in short. The figures of docs/matching.md come from whole runs (measure).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa

from dagster_project.settings import PROJECT


@dataclass(frozen=True)
class Verdict:
    """How many accounts each tier linked, and rightly; and of those with a company, how many were
    linked or are asked about rightly."""

    linked: Mapping[str, tuple[int, int]]
    accounts: int
    found: int
    asked: int

    @property
    def precision(self) -> float:
        """Share of links that are right."""
        return sum(right for _, right in self.linked.values()) / max(
            sum(links for links, _ in self.linked.values()), 1)

    @property
    def recall(self) -> float:
        """Share of accounts with a company that are linked to it or asked about with it."""
        return self.found / max(self.accounts, 1)


def judge(con: duckdb.DuckDBPyConnection, pairs: Sequence[Path],
          firm_of: Mapping[str, int]) -> Verdict:
    """Link and ask over one pair file, and hold that against the truth. Leaves table `judged`."""
    rules: Any = _macros()
    con.register("truth", pa.table({"record_id": list(firm_of), "firm": list(firm_of.values())}))
    con.execute(f"""
        create or replace table graded as
        select *, {rules.match_contradiction('p', 'kind')} as contradiction,
            case when number_level = 'same' then 4
                else coalesce({rules.match_tier_rank('kind')}, 9) end as tier
        from (select *, {rules.match_kind('p')} as kind
              from read_parquet('{pairs[0]}') p
              where left_side = 'account' and right_side = 'company') p""")
    con.execute(f"""
        create or replace table judged as
        with claims as (
            select *, least(tier, 5) as class from graded
            where coalesce(kind, '') <> 'number'
                and (tier = 4 or kind is not null and contradiction is null)),
        best as (
            select *, min(class) over (partition by left_id) as first_class,
                max(match_weight) over (partition by left_id, class) - match_weight as behind
            from claims),
        firsts as (
            select *, count(*) over (partition by left_id) as claimants from best
            where class = first_class and (class = 4 or behind <= {rules.tie_margin()})),
        links as (select * from firsts where claimants = 1),
        asked as (
            select left_id, right_id,
                row_number() over (partition by left_id order by match_weight desc) as place
            from graded
            where left_id not in (select left_id from links)
                and (kind is not null or tier = 4
                     or {rules.is_name_near('graded')}
                     or match_probability >= {rules.review_probability()}))
        select left_id, right_id, case when tier = 4 then 'number' else kind end as tier
        from links
        union all select left_id, right_id, 'asked' from asked
        where place <= {rules.review_candidates()}""")
    con.execute("create or replace table held as select j.*, a.firm = c.firm as is_right "
                "from judged j join truth a on j.left_id = a.record_id "
                "join truth c on j.right_id = c.record_id")
    linked = {tier: (links, right) for tier, links, right in con.execute(
        "select tier, count(*), count(*) filter (is_right) from held where tier <> 'asked' "
        "group by tier order by tier").fetchall()}
    accounts, found, asked = con.execute(
        "select (select count(*) from truth where record_id like 'D%' and firm in "
        "(select firm from truth where record_id like 'C%')), "
        "count(distinct left_id) filter (is_right), count(*) filter (tier = 'asked') from held"
    ).fetchall()[0]
    return Verdict(linked, accounts, found, asked)


def _macros() -> Any:
    text = (PROJECT / "dbt" / "macros" / "matching.sql").read_text(encoding="utf-8")
    return jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text).module
