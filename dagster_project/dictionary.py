"""The data dictionary: every table of the contract and every mart, as one Markdown document.

Written from `schemas/` and from dbt's manifest, so that it says nothing of its own but the frame.
`python -m dagster_project.dictionary` writes docs/data-dictionary.md. Not here: what anything
means (schemas, dbt/models/marts).
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import schemas

from . import dbt_project
from .settings import PROJECT

TARGET = PROJECT / "docs" / "data-dictionary.md"
AREAS = {"crm": "CRM", "erp": "ERP", "steward": "Steward files", "any": "Any source"}
# Said once of all columns of their kind, not again of each.
OF_EVERY_COLUMN = ("type", "not_null", "calendar", "not_blank", "key", "reference")
HEAD = """\
# Data dictionary

Every table that a source is mapped to, and every mart that readers open. `make docs` writes this
file from `schemas/` and `dbt/models/marts`; a test holds it current.

A type in **bold** is never null; a column that may be null says what null means.

In the contract, a key column is in **bold**. A row is refused (and stands in quarantine with its
reason) where a cell is not of its type, is empty and must not be, is a day outside 1900 to 2199,
refers to no row of its parent table, or breaks a rule in the column *refused if it*. *personal of*
names the column that says whose personal data a cell is: `customer360 erase` blanks it for that
person.
Every landed table also has `source`, `custom_fields` (JSON), `load_date`, `load_id` and `row_hash`.
"""


def document(manifest: Mapping[str, Any]) -> str:
    """The whole dictionary. `manifest` is dbt's."""
    marts = _marts(manifest)
    parts = [HEAD, "## Contents\n"]
    for role, title in AREAS.items():
        names = [t.name for t in schemas.TABLES.values() if t.role == role]
        parts.append(f"- Contract, {title}: {_links(names)}")
    for area, nodes in marts.items():
        parts.append(f"- Marts, {area}: {_links([n['name'] for n in nodes])}")
    for role, title in AREAS.items():
        parts.append(f"\n## Contract: {title}")
        parts += [_contract_table(t) for t in schemas.TABLES.values() if t.role == role]
    for area, nodes in marts.items():
        parts.append(f"\n## Marts: {area}")
        parts += [_mart(node) for node in nodes]
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def _links(names: Sequence[str]) -> str:
    return " · ".join(f"[{name}](#{name})" for name in names)


def _marts(manifest: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The marts by the folder they stand in, in order of name."""
    found: dict[str, list[Any]] = {}
    nodes = [n for n in manifest["nodes"].values()
             if n["resource_type"] == "model" and n["fqn"][1] == "marts"]
    for node in sorted(nodes, key=lambda n: (n["fqn"][2], n["name"])):
        found.setdefault(node["fqn"][2], []).append(node)
    return found


def _contract_table(table: schemas.Table) -> str:
    facts = [f"Grain: {table.grain}."]
    if table.control:
        amount, currency = table.control
        facts.append(f"Control amount: `{amount}`" + (f" by `{currency}`." if currency else "."))
    facts += [f"`{', '.join(r.columns)}` refers to [{r.table}](#{r.table})."
              for r in table.references]
    if table.required:
        facts.append(f"Every {AREAS[table.role]} source maps it.")
    if table.tracks_deletion:
        facts.append("What a newer full extract omits is kept, with `deleted_on`.")
    refused = {column.name: "; ".join(_refusals(table, column.name)) for column in table.columns}
    rows = [(f"**{c.name}**" if c.name in table.key else c.name,
             c.sql_type.lower() if c.nullable else f"**{c.sql_type.lower()}**", c.description,
             c.unit or "", refused[c.name], ", ".join(c.personal)) for c in table.columns]
    of_the_row = "".join(f"\nA row is refused if {message}.\n"
                         for message in _refusals(table, None))
    return (f"\n### {table.name}\n\n{table.description} {' '.join(facts)}\n\n"
            + _table(("column", "type", "meaning", "unit", "refused if it", "personal of"), rows)
            + of_the_row)


def _refusals(table: schemas.Table, column: str | None) -> Iterator[str]:
    for rule in schemas.rules(table):
        if rule.column == column and rule.name not in OF_EVERY_COLUMN:
            yield rule.message


def _mart(node: Mapping[str, Any]) -> str:
    rows = []
    for column in node["columns"].values():
        never_null = any(c["type"] == "not_null" for c in column.get("constraints", ()))
        kind = str(column["data_type"])
        rows.append((column["name"], f"**{kind}**" if never_null else kind,
                     column["description"]))
    return (f"\n### {node['name']}\n\n{_line(node['description'])}\n\n"
            + _table(("column", "type", "meaning"), rows))


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, without the columns that hold nothing."""
    used = [i for i, _ in enumerate(header) if any(row[i] for row in rows)]
    lines = [[header[i] for i in used], ["---"] * len(used)]
    lines += [[_line(row[i]).replace("|", "\\|") for i in used] for row in rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _line(text: str) -> str:
    return " ".join(text.split())


def write(target: Path = TARGET) -> None:
    """Write the dictionary where it is kept."""
    target.write_text(document(dbt_project.manifest()), encoding="utf-8")


if __name__ == "__main__":
    write()
