"""Hand-made marts of two tables, so that publishing is tested without a build."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dagster_project import publication
from dagster_project.publication import Publication
from dagster_project.store import Store

DAY = date(2026, 6, 30)


def publish(store: Store, rows: int, *, day: date = DAY, keep: int = 5, past: bool = False,
            new_ids: Path | None = None, inputs: str = "") -> Publication:
    """Publish a mart whose `orders` has so many rows, which its mart_info states."""
    name = publication.next_id(store, day)
    mart = build(store, name, rows)
    return publication.publish(
        store, mart, new_ids,
        {"publication_id": name, "as_of_date": day, "inputs": inputs or f"{rows} rows",
         "row_counts": {"orders": rows}},
        keep=keep, past=past)


def build(store: Store, name: str, rows: int) -> Path:
    """The mart file of a build, sealed."""
    mart = store.build / "mart.duckdb"
    mart.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"attach '{mart}' as mart (storage_version 'v1.2.0')")
        con.execute("create table mart.orders as select i as order_no, "
                    f"cast(1.25 as decimal(18,2)) as value from range({rows}) r(i)")
        con.execute("create table mart.mart_info as select ? as publication_id, ? as row_counts",
                    [name, json.dumps({"orders": rows})])
        con.execute("detach mart")
    return mart


def new_ids(store: Store, *members: str) -> Path:
    """The ids that a build mints."""
    path = store.build / "new_ids.parquet"
    values = ", ".join(f"('{m}')" for m in members)
    duckdb.sql(f"copy (select * from (values {values}) t(member_key)) to '{path}' "
               "(format parquet)")
    return path


def seen(store: Store) -> tuple[str, int]:
    """Publication id and rows as a reader of `current` sees them."""
    path = store.publications / "current" / publication.DATABASE
    with duckdb.connect(str(path), read_only=True) as con:
        name, counts = con.execute("select publication_id, row_counts from mart_info").fetchall()[0]
        rows = con.execute("select count(*) from orders").fetchall()[0][0]
    assert json.loads(counts) == {"orders": rows}
    return name, rows


def registered(store: Store) -> list[str]:
    """Every member in the register, in the order of the segments."""
    found: list[Any] = []
    for segment in publication.register_segments(store):
        found += duckdb.sql(f"select member_key from read_parquet('{segment}')").fetchall()
    return [row[0] for row in found]


def events(store: Store) -> list[tuple[str, str]]:
    """What the log says happened, in order."""
    lines = (store.publications / "log.jsonl").read_text().splitlines()
    return [(e["event"], e["publication_id"]) for e in map(json.loads, lines)]
