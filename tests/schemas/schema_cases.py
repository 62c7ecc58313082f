"""Reads the independent statement of the contract that lies beside it, and builds typed rows.

rules.csv has one case a line. `changes` are laid over the table's row in valid_rows.yaml, as
column=value pairs parted by " | "; an empty value is null, <blank> is three spaces. Kinds:
type (the text does not cast), null, value and row (the one rule named breaks, and the reason reads
so), key (a second row that differs from the first by `changes`), reference (no such parent), and
edge (legal, and must stay so). Key, reference and type break outside `schemas`, further down the
pipeline; here only their wording is looked at.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import yaml

import schemas

HERE = Path(__file__).parent
BLANK = "   "

POLARS = {
    "VARCHAR": pl.String(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "BOOLEAN": pl.Boolean(),
    "INTEGER": pl.Int32(),
    "DECIMAL(18,4)": pl.Decimal(18, 4),
    "DECIMAL(18,6)": pl.Decimal(18, 6),
    "DECIMAL(18,8)": pl.Decimal(18, 8),
}


@dataclass(frozen=True)
class Case:
    line: int
    kind: str
    table: str
    column: str | None
    rule: str
    wrong: str
    changes: tuple[tuple[str, str | None], ...]
    reason: str

    def __str__(self) -> str:
        return f"{self.line}-{self.kind}-{self.table}-{self.column or self.rule}"

    @property
    def row(self) -> dict[str, str | None]:
        return {**valid_rows()[self.table], **dict(self.changes)}


def load_yaml(name: str) -> dict:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


@cache
def valid_rows() -> dict[str, dict[str, str]]:
    return load_yaml("valid_rows.yaml")


@cache
def cases() -> tuple[Case, ...]:
    with (HERE / "rules.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Case(
                line=line,
                kind=stated["kind"],
                table=stated["table"],
                column=stated["column"] or None,
                rule=stated["rule"],
                wrong=stated["wrong"],
                changes=tuple(_change(pair) for pair in stated["changes"].split(" | ")),
                reason=stated["reason"],
            )
            for line, stated in enumerate(csv.DictReader(lines), start=2)
        )


def _change(pair: str) -> tuple[str, str | None]:
    column, _, value = pair.partition("=")
    return column, BLANK if value == "<blank>" else value or None


def typed(table: str, rows: list[dict[str, str | None]]) -> pl.DataFrame:
    """Rows of text as a frame of the contract's types; a column nobody states is null."""
    columns = schemas.TABLES[table].columns
    texts = pl.DataFrame(
        [[row.get(column.name) for column in columns] for row in rows],
        schema={column.name: pl.String for column in columns},
        orient="row",
    )
    unknown = {name for row in rows for name in row} - set(texts.columns)
    assert not unknown, f"{table} has no column {unknown}"
    return texts.with_columns(_cast(column.name, column.sql_type) for column in columns)


def _cast(name: str, sql_type: str) -> pl.Expr:
    column = pl.col(name)
    if sql_type == "BOOLEAN":
        return column.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    if sql_type == "TIMESTAMP":
        return column.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us")
    if sql_type == "DATE":
        return column.str.to_date("%Y-%m-%d")
    return column.cast(POLARS[sql_type])
