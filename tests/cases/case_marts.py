"""The marts of the cases: as they were published, and as any other run would leave them.

Not here: the rows that go in (case_company), what is expected of those that come out.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import compiled_marts
import duckdb
from case_company import Case, Run

import schemas
from dagster_project import building, publication, settings, warehouse


@dataclass(frozen=True)
class Built:
    """The published version, and the models that made it."""

    configuration: settings.Configuration
    published: publication.Publication
    models: compiled_marts.Models

    def again(self, run: Run, marts: set[str]) -> duckdb.DuckDBPyConnection:
        """The marts as another run would leave them."""
        con = compiled_marts.database(warehouse.private_file(self.configuration.store))
        con.execute("update private.landed.run_context set as_of_date = ?, ageing_basis = ?, "
                    "ageing_credits = ?", [run.as_of_date, run.ageing_basis, run.ageing_credits])
        compiled_marts.build(con, self.models.behind(marts))
        con.execute("use mart")
        return con

    def again_empty(self) -> duckdb.DuckDBPyConnection:
        """The landed tables of the cases without what any of them delivered."""
        con = compiled_marts.database(warehouse.private_file(self.configuration.store))
        for table, contract in schemas.TABLES.items():
            if contract.role in ("erp", "crm") and table not in ("erp_entity", "erp_payment_terms"):
                con.execute(f"delete from private.landed.{table}")
        return con

    def prepare(self, as_of: date) -> building.Build:
        """A run for another date, up to where dbt would start."""
        return building.prepare_build(self.configuration, run_id="cases", as_of=as_of, force=False,
                                      inputs="")


class Marts:
    """The rows of each case in the marts of each run that the cases ask for."""

    def __init__(self, built: Built, cases: list[Case]) -> None:
        self.built = built
        self.asked: dict[Run, set[str]] = defaultdict(lambda: {"trading_accounts"})
        for case in cases:
            for run, marts in case.expected.items():
                self.asked[run].update(mart.partition(" ")[0] for mart in marts)
        self.open: dict[Run, duckdb.DuckDBPyConnection] = {}

    @cached_property
    def published(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.built.published.database), read_only=True)

    def of(self, run: Run) -> duckdb.DuckDBPyConnection:
        """The marts of a run: of the one that was published, what was published."""
        if run == Run():
            return self.published
        if run not in self.open:
            self.open[run] = self.built.again(run, self.asked[run])
        return self.open[run]

    def rows(self, case: Case, run: Run, mart: str, columns: list[str]) -> list[tuple[Any, ...]]:
        """The rows of the case's accounts, customers, campaigns and users. `mart` may say `where`,
        and has to where its rows are of none of them."""
        con = self.of(run)
        mart, _, condition = mart.partition(" where ")
        has = {row[0] for row in con.execute(f"describe {mart}").fetchall()}
        ours = [f"{column} in (select {column} from trading_accounts "
                f"where starts_with(account_code, '{case.prefix}'))"
                for column in ("account_key", "customer_id") if column in has]
        ours += [f"starts_with({column}, 'front/{case.prefix}')"
                 for column in ("campaign_key", "owner_key") if column in has]
        assert ours or condition, f"{mart} names no account, customer, campaign or user"
        return con.execute(f"select {', '.join(columns)} from {mart} "
                           f"where ({' or '.join(ours) or 'true'}) "
                           f"and {condition or 'true'}").fetchall()
