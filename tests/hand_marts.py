"""Marts with the columns that the models promise, filled by hand: a version without a build."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from dagster_project import publication
from dagster_project.publication import Publication
from dagster_project.store import Store
from dagster_project.warehouse import control_totals

MODELS = Path(__file__).parents[1] / "dbt" / "models" / "marts"
DAY = "2026-06-30"

Rows = dict[str, list[dict[str, Any]]]


def publish(store: Store, rows: Rows, *, past: bool = False) -> Publication:
    """Publish a version of these marts with these rows."""
    mart = store.build / "mart.duckdb"
    with duckdb.connect() as con:
        con.execute(f"attach '{mart}' as mart (storage_version 'v1.2.0')")
        con.execute("use mart")
        names = [fill(con, name, given) for name, given in rows.items()]
        counts = {n: con.execute(f"select count(*) from {n}").fetchall()[0][0] for n in names}
        totals = control_totals(con, names)
        con.execute("use memory")
        con.execute("detach mart")
    day = publication.date.fromisoformat(DAY if not past else "2026-03-31")
    return publication.publish(store, mart, None, {
        "publication_id": publication.next_id(store, day), "as_of_date": str(day),
        "inputs": json.dumps(rows, default=str), "row_counts": counts, "control_totals": totals,
        "warnings": [], "sources": [], "built_at": ""}, keep=5, past=past)


@cache
def models() -> dict[str, list[dict[str, Any]]]:
    """The columns of every mart, as its model describes them."""
    return {model["name"]: model["columns"] for path in sorted(MODELS.rglob("*.yml"))
            for model in yaml.load(path.read_bytes(), yaml.CSafeLoader)["models"]}


def fill(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> str:
    """One mart; a column that is never null holds something in every row."""
    columns = models()[name]
    required = {c["name"]: c["data_type"] for c in columns if {"type": "not_null"} in c.get(
        "constraints", ())}
    typed = ", ".join(f'"{c["name"]}" {c["data_type"]}'
                      f'{" not null" if c["name"] in required else ""}' for c in columns)
    con.execute(f"create table {name} ({typed})")
    for given in rows:
        row = {c: _something(kind) for c, kind in required.items()} | given
        con.execute(f"insert into {name} ({', '.join(row)}) values "
                    f"({', '.join('?' * len(row))})", [*row.values()])
    return name


def _something(kind: str) -> Any:
    return {"varchar": "x", "date": DAY, "timestamp": DAY, "boolean": False}.get(kind, 0)
