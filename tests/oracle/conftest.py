"""The product's marts for the demo company, built once for each of three days.

The demo's configuration is copied to a folder of its own, with absolute paths to the extracts, so
that nothing is written beside them. The product runs as its users run it, by its command.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import compiled_marts
import duckdb
import pytest

from .credit import Membership
from .demo import read_world
from .records import World

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
DEFAULT_DAY = date(2026, 6, 30)
# Between orders and their closing short.
PAST_DAY = date(2026, 6, 3)
# Among voided invoices and undone applications. The models alone are run for it: `cases` holds
# them equal to a run of the product, which costs a minute.
OTHER_DAY = date(2026, 5, 10)

Figures = dict[str, Any]
Table = dict[Any, Figures]


class Marts:
    """One publication: `table(name, *keys)` is its rows by their key."""

    def __init__(self, path: Path, day: date) -> None:
        self.path, self.day = path, day
        self.table = cache(self._table)

    def _table(self, name: str, *keys: str) -> Table:
        with duckdb.connect(str(self.path), read_only=True) as connection:
            found = connection.execute(f"select * from {name}")
            columns = [column[0] for column in found.description or ()]
            rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        table = {tuple(row[key] for key in keys): row for row in rows}
        assert len(table) == len(rows), f"{name} is not unique by {keys}"
        return table

    @property
    def customer_of(self) -> dict[str, str]:
        accounts = self.table("trading_accounts", "account_key")
        return {str(key[0]): row["customer_id"] for key, row in accounts.items()}

    @property
    def members(self) -> dict[str, Membership]:
        accounts = self.table("trading_accounts", "account_key")
        companies: dict[str, set[str]] = {}
        for row in accounts.values():
            if row["company_key"]:
                companies.setdefault(row["customer_id"], set()).add(row["company_key"])
        return {
            key[0]: Membership(
                row["customer_id"],
                row["group_id"],
                frozenset(companies.get(row["customer_id"], ())),
            )
            for key, row in accounts.items()
        }


@pytest.fixture(scope="session")
def world() -> World:
    return read_world(SEEDS)


@pytest.fixture(scope="session")
def publications(tmp_path_factory: pytest.TempPathFactory) -> dict[date, Marts]:
    folder = tmp_path_factory.mktemp("demo")
    text = (SEEDS / "customer360.yaml").read_text(encoding="utf-8")
    text = re.sub(r"^data_dir:.*$", f"data_dir: {folder / 'data'}", text, flags=re.M)
    text = re.sub(r"(\bpath: )(crm|atlas|borealis|steward)\b", rf"\g<1>{SEEDS}/\2", text)
    configuration = folder / "customer360.yaml"
    configuration.write_text(text, encoding="utf-8")
    command = [
        str(Path(sys.executable).with_name("customer360")),
        "run",
        "-c",
        str(configuration),
        "--quiet",
    ]
    current = folder / "data" / "publications" / "current" / "customer360.duckdb"
    past = folder / "data" / "as_of" / str(PAST_DAY) / "customer360.duckdb"
    paths = {DEFAULT_DAY: current, PAST_DAY: past}
    for day in paths:
        as_of = [] if day == DEFAULT_DAY else ["--as-of", str(day)]
        done = subprocess.run([*command, *as_of], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"as of {day}:\n{done.stdout}\n{done.stderr}"
    paths[OTHER_DAY] = folder / "other.duckdb"
    build = folder / "data" / "build"
    with compiled_marts.database(build / "private.duckdb", paths[OTHER_DAY]) as con:
        con.execute("update private.landed.run_context set as_of_date = ?", [OTHER_DAY])
        models = compiled_marts.Models(build / "target" / "manifest.json")
        compiled_marts.build(con, models.behind(models.marts))
    return {day: Marts(path, day) for day, path in paths.items()}


@pytest.fixture(params=[DEFAULT_DAY, PAST_DAY, OTHER_DAY], ids=str)
def marts(publications: dict[date, Marts], request: pytest.FixtureRequest) -> Marts:
    return publications[request.param]


def agree(oracle: Any, mart: Any, tolerance: Decimal) -> bool:
    if isinstance(oracle, Decimal) and isinstance(mart, Decimal):
        return abs(oracle - mart) <= tolerance
    return bool(oracle == mart)


@pytest.fixture(scope="session")
def differences() -> Callable[..., str]:
    """Every difference between two tables, one a line; empty when they agree."""

    def compare(
        oracle: Table, mart: Table, columns: dict[str, Decimal], *, at_most: int = 40
    ) -> str:
        """`columns`: each column that is compared, with the tolerance its rounding needs."""
        found = [f"{key}: only the oracle has it: {oracle[key]}" for key in oracle.keys() - mart]
        found += [
            f"{key}: only the mart has it: { {c: mart[key][c] for c in columns} }"
            for key in mart.keys() - oracle
        ]
        for key in oracle.keys() & mart.keys():
            for column, tolerance in columns.items():
                ours, theirs = oracle[key].get(column), mart[key][column]
                if not agree(ours, theirs, tolerance):
                    found.append(f"{key} {column}: oracle {ours}, mart {theirs}")
        found.sort()
        more = f"\n... {len(found)} in all" if len(found) > at_most else ""
        return "\n".join(found[:at_most]) + more

    return compare
