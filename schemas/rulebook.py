"""Every rule of a table in words, read off its model.

Not here: the checking of rows (checking.py). Types are checked where text is cast, keys and
references over the whole table, so the rows of those rules are found outside `schemas`.
"""

import re
from dataclasses import dataclass

from schemas.contract import Table

NOT_NULL, TYPE, KEY, REFERENCE = "not_null", "type", "key", "reference"
MISSING = "is empty"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Rule:
    """One rule. `column` is null for a rule on the row or on the table; `message` says what
    broke."""

    column: str | None
    name: str
    message: str


def rules(table: Table) -> list[Rule]:
    """Every rule of the table: by column type, emptiness, values and reference; then rows, then
    key."""
    schema = table.model.to_schema()
    parents = {reference.columns: reference.table for reference in table.references}
    found = []
    for column in table.columns:
        if column.sql_type != "VARCHAR":
            found.append(Rule(column.name, TYPE, _misfit(column.sql_type)))
        if not column.nullable:
            found.append(Rule(column.name, NOT_NULL, MISSING))
        for check in schema.columns[column.name].checks:
            found.append(Rule(column.name, check.name, check.error))
        if parent := parents.get((column.name,)):
            found.append(Rule(column.name, REFERENCE, f"is not in {parent} of this source"))
    for check in schema.checks:
        found.append(Rule(None, check.name, _PLACEHOLDER.sub(r"\1", check.error)))
    key = " and ".join(table.key)
    found.append(Rule(None, KEY, f"another row has the same {key} and other values"))
    return found


def explain(table: Table, column: str | None, check: str) -> str:
    """The message of one rule; for a column it continues "column: 'value' ..."."""
    for rule in rules(table):
        if (rule.column, rule.name) == (column, check):
            return rule.message
    raise KeyError(f"{table.name} has no rule {check!r} on {column or 'its rows'}")


def template_parts(template: str) -> list[tuple[str, str | None]]:
    """A message of a row rule as pairs of plain text and the column whose value follows it."""
    parts = _PLACEHOLDER.split(template)
    columns: list[str | None] = [*parts[1::2], None]
    return list(zip(parts[0::2], columns, strict=True))


def _misfit(sql_type: str) -> str:
    if sql_type.startswith("DECIMAL"):
        return f"is not a number that fits {sql_type.lower()}"
    return {
        "DATE": "is not a date",
        "TIMESTAMP": "is not a timestamp",
        "BOOLEAN": "is not true or false",
        "INTEGER": "is not a whole number",
    }[sql_type]
