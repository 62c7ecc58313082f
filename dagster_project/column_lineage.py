"""Which columns each mart's columns come from, as dagster-dbt reads it off the compiled SQL.

It depends on the dbt project alone, and to read it takes a third of a small build: it is kept
beside dbt's manifest. Not here: when it is read (assets).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from . import fingerprints
from .dbt_project import MANIFEST
from .store import read_json, write_json

KEPT = MANIFEST.with_name("column_lineage.json")
LINEAGE, SCHEMA = "dagster/column_lineage", "dagster/column_schema"
# A column that is made of more is described by its model.
NAMED = 4
Columns = Mapping[str, Mapping[str, str]]


def kept() -> dict[str, dg.TableColumnLineage] | None:
    """The lineage of each mart as it was read before, None for another state of the project."""
    stated = read_json(KEPT) if KEPT.exists() else {}
    if stated.get("version") != fingerprints.dbt_version():
        return None
    return {mart: dg.TableColumnLineage({
        column: [dg.TableColumnDep(dg.AssetKey(path), name) for path, name in deps]
        for column, deps in columns.items()}) for mart, columns in stated["marts"].items()}


def read(manifest: Mapping[str, Any], translator: DagsterDbtTranslator, target: Path,
         results: Iterable[DbtCoreCliEventMessage], columns: Columns) -> None:
    """Read and keep the lineage of the marts that `results` tell of.

    `columns`: names and types of the columns of every relation that was built.
    """
    marts = {}
    for result in results:
        node = manifest["nodes"][result.raw_event["data"]["node_info"]["unique_id"]]
        parents = [manifest["nodes"][i]["relation_name"] for i in node["depends_on"]["nodes"]
                   if i in manifest["nodes"]]
        known = DbtCoreCliEventMessage(result.raw_event, {
            "columns": _types(columns, node["relation_name"]),
            "parents": {name: {"columns": _types(columns, name)} for name in parents}})
        for event in known.to_default_asset_events(
                manifest=manifest, dagster_dbt_translator=translator, target_path=target):
            found = getattr(event, "metadata", {}).get(LINEAGE)
            if found is not None:
                marts[node["name"]] = {
                    column: [[list(d.asset_key.path), d.column_name] for d in deps]
                    for column, deps in found.value.deps_by_column.items()}
    write_json(KEPT, {"version": fingerprints.dbt_version(), "marts": marts})


def shown(lineage: dg.TableColumnLineage | None, described: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata of a mart's materialisation: its lineage, and its columns saying where they come
    from, since Dagster's own page shows no lineage of columns."""
    schema = described.get(SCHEMA)
    if lineage is None or schema is None:
        return {}
    return {LINEAGE: lineage, SCHEMA: dg.TableSchema([
        dg.TableColumn(column.name, column.type, constraints=column.constraints,
                       description=_with_sources(column.description,
                                                 lineage.deps_by_column.get(column.name, ())))
        for column in schema.columns])}


def _with_sources(description: str | None, deps: Sequence[dg.TableColumnDep]) -> str:
    named = sorted(f"`{d.asset_key.path[-1]}.{d.column_name}`" for d in deps)
    said = ", ".join(named[:NAMED]) + (f" and {len(named) - NAMED} more" if named[NAMED:] else "")
    return f"{description or ''}\n\nFrom {said}" if said else description or ""


def _types(columns: Columns, relation: str) -> dict[str, dict[str, str]]:
    return {name: {"data_type": sql_type} for name, sql_type in columns.get(relation, {}).items()}
