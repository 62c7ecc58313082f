"""The SQL that dbt compiled for a build, executed once more: in memory, model by model.

A build of the product takes twenty seconds; its models alone, for another date or other rows, take
one or two. What a build adds to the models (landing, checks, tests) is not here.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

Node = dict[str, Any]


class Models:
    """The models of a build, from the manifest that it left."""

    def __init__(self, manifest: Path) -> None:
        nodes = json.loads(manifest.read_bytes())["nodes"]
        self.nodes: dict[str, Node] = {
            i: n for i, n in nodes.items() if n["resource_type"] == "model"}
        self.needs = {i: n["depends_on"]["nodes"] for i, n in self.nodes.items()}
        self.order = [i for i in TopologicalSorter(self.needs).static_order() if i in self.nodes]

    @property
    def marts(self) -> list[str]:
        """The names of all marts."""
        return [n["name"] for n in self.nodes.values() if "marts" in n["fqn"]]

    def behind(self, marts: Iterable[str]) -> list[Node]:
        """The marts and every model that they rest on, in an order in which they can be built."""
        wanted = {f"model.customer360.{mart}" for mart in marts}
        for unique_id in reversed(self.order):
            if unique_id in wanted:
                wanted.update(self.needs[unique_id])
        return [self.nodes[i] for i in self.order if i in wanted]

    def resting_on(self, tables: Iterable[str], among: Sequence[Node]) -> list[Node]:
        """Those of the models that change when rows of these landed tables change."""
        changed = {f"source.customer360.landed.{table}" for table in tables}
        for node in among:
            if changed.intersection(self.needs[node["unique_id"]]):
                changed.add(node["unique_id"])
        return [node for node in among if node["unique_id"] in changed]


def database(private: Path, mart: Path | None = None) -> duckdb.DuckDBPyConnection:
    """The landed rows of a build in an empty database, which keeps its marts in a file or not."""
    con = duckdb.connect()
    con.execute(f"attach ':memory:' as private; attach '{mart or ':memory:'}' as mart")
    for schema in ("landed", "staging", "intermediate"):
        con.execute(f"create schema private.{schema}")
    con.execute(f"attach '{private}' as built (read_only)")
    for (table,) in con.execute("select table_name from information_schema.tables where "
                                "table_catalog = 'built' and table_schema = 'landed'").fetchall():
        con.execute(f"create table private.landed.{table} as from built.landed.{table}")
    con.execute("detach built")
    return con


def build(con: duckdb.DuckDBPyConnection, models: Sequence[Node]) -> None:
    """Build the models in their order, over what was there of them."""
    for node in models:
        con.execute(f"create or replace {node['config']['materialized']} {node['relation_name']} "
                    f"as {node['compiled_code']}")


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Replace the rows of a landed table; all of them have the same columns."""
    con.execute(f"delete from private.landed.{table}")
    if not rows:
        return
    types = dict(con.execute(
        "select column_name, data_type from duckdb_columns() where database_name = 'private' "
        "and schema_name = 'landed' and table_name = ?", [table]).fetchall())
    given = pa.table({column: [None if row[column] is None else str(row[column]) for row in rows]
                      for column in rows[0]},
                     schema=pa.schema([(column, pa.string()) for column in rows[0]]))
    con.register("given", given)
    cells = ", ".join(f"cast({column} as {types[column]}) as {column}" for column in rows[0])
    con.execute(f"insert into private.landed.{table} by name select {cells} from given")
    con.unregister("given")


def rows(con: duckdb.DuckDBPyConnection, query: str,
         values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
    """The rows of a query, by the names of its columns."""
    found = con.execute(query, values)
    names = [column[0] for column in found.description or ()]
    return (dict(zip(names, row, strict=True)) for row in found.fetchall())
