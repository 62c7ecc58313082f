"""Current state of a source's extracts → rows of the contract, by the configuration's mapping.

One mapped input becomes one SQL select: plain columns and expressions give raw values, which are
cast to the contract's types by the declared dialect. A cell that does not cast and an expression
that fails are named in `_cast_errors`; no row is dropped for it. Not here: whether the values are
right (quality), what the mapping reads (mapping.plan), the relations it reads from (relations).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import schemas

from .. import casting
from ..casting import literal, quoted
from ..current_state import DELETED_ON
from ..dialect import PLACE, Dialect
from ..errors import ConfigurationError, DeliveryError
from ..settings import Constant, Expression, MappedInput
from .plan import input_name
from .relations import INLINE, Relations, relation_sql

# Prefixes of columns that stand beside the contract's own in a select.
CUSTOM, RAW, FAILED = "custom.", "raw.", "failed."
PROBLEMS = "struct(col varchar, rule varchar, reason varchar)[]"
# A reason quotes no more of a value than a person reads.
QUOTED_CHARACTERS = 80


@dataclass(frozen=True)
class InputCounts:
    """Law 2 for one mapped input: rows of its driving extract = mapped + filtered + merged."""

    name: str
    driving: int
    mapped: int
    filtered: int
    merged: int
    grain: str | None


@dataclass(frozen=True)
class MappedTable:
    """One contract table of one source as typed Parquet, before it is checked."""

    table: str
    path: Path
    inputs: tuple[InputCounts, ...]


@dataclass(frozen=True)
class Cell:
    """One column of a mapped input: its raw SQL, and the dialect that its text is written in.

    A guarded cell is an expression that may fail for a row without failing the others.
    """

    name: str
    sql: str
    dialect: Dialect
    guarded: bool

    @property
    def raw(self) -> str:
        """The cell in the raw select."""
        sql = guard(self.sql) if self.guarded else self.sql
        return f"{sql} as {quoted(self.name)}"

    @property
    def value(self) -> str:
        """The cell's value over the raw select."""
        return f"{quoted(self.name)}.v" if self.guarded else quoted(self.name)


def guard(sql: str) -> str:
    """An expression as a struct around its value: where it fails, the struct itself is null."""
    return f"try(struct_pack(v := {sql}))"


class Mapper(Relations):
    """The selects that map a source, over its relations."""

    def cells(self, table: str, mapped: MappedInput) -> list[Cell]:
        """Every column that an input states, custom ones with their prefix.

        Raises LookupError for a column that its relations do not have.
        """
        stated = dict(self.mapping_of(table, mapped))
        stated |= {CUSTOM + name: value for name, value in mapped.custom.items()}
        return [self.cell(mapped, name, value) for name, value in stated.items()]

    def mapping_of(self, table: str, mapped: MappedInput) -> dict[str, Any]:
        """The columns of an input; none stated = every contract column by its own name."""
        if mapped.columns is not None:
            return dict(mapped.columns)
        known = set(self.columns(mapped.source or "") or ())
        return {c.name: c.name for c in schemas.TABLES[table].columns if c.name in known}

    def cell(self, mapped: MappedInput, name: str, value: Any) -> Cell:
        """One configured column."""
        dialect = self.dialect_for(mapped.source or "")
        if isinstance(value, Constant):
            return Cell(name, _constant(value.constant), dialect, False)
        if isinstance(value, Expression):
            sql = f"({value.sql})"
            return Cell(name, sql, dialect, self._may_guard(mapped, sql))
        relation, sql = self.resolve(mapped, value)
        return Cell(name, sql, self.dialect_for(relation), False)

    def _may_guard(self, mapped: MappedInput, sql: str) -> bool:
        """TRY takes neither aggregates nor queries: such an expression fails the whole table."""
        if mapped.group_by:
            return False
        try:
            self.describe(mapped, f"select {guard(sql)} from {self.from_clause(mapped)}")
        except (duckdb.BinderException, duckdb.NotImplementedException):
            return False
        return True

    def describe(self, mapped: MappedInput, sql: str) -> dict[str, str]:
        """Column types of a select, bound as the mapped input's dialect has it."""
        self.bind(self.dialect_for(mapped.source or ""))
        return {row[0]: row[1] for row in self.connection.execute(f"describe {sql}").fetchall()}

    def from_clause(self, mapped: MappedInput) -> str:
        """The driving relation with its joins."""
        joins = "".join(f" left join {relation_sql(j.to)} as {quoted(j.name)} on ({j.on})"
                        for j in mapped.join)
        return f"{relation_sql(mapped.source or '')} as {quoted(mapped.driving)}{joins}"

    def _grouping(self, mapped: MappedInput) -> str:
        keys = [self.name_or_sql(mapped, g) for g in mapped.group_by]
        return f" group by {', '.join(keys)}" if keys else ""

    def filter(self, mapped: MappedInput) -> tuple[str, str]:
        """The where clause, and the condition under which the filter fails for a row.

        A row that it fails for is kept, to be quarantined: nobody said that it may go.
        """
        if not mapped.where:
            return "", "false"
        sql = f"({mapped.where})"
        if not self._may_guard(mapped, sql):
            return f" where {sql}", "false"
        failed = f"try({sql} is null) is null"
        return f" where coalesce(try({sql}), {failed})", failed

    def types(self, mapped: MappedInput, cells: list[Cell]) -> dict[str, str]:
        """The raw type of each cell."""
        columns = ", ".join(f"{c.sql} as {quoted(c.name)}" for c in cells)
        return self.describe(mapped, f"select {columns} from {self.from_clause(mapped)}"
                                     f"{self._grouping(mapped)}")

    def raw_select(self, mapped: MappedInput, cells: list[Cell]) -> str:
        """Raw values under the contract's names, with lineage of the driving row."""
        driving = quoted(mapped.driving)
        columns = [cell.raw for cell in cells]
        where, where_failed = self.filter(mapped)
        lineage = self.lineage(mapped)
        if mapped.group_by:
            first = f"{lineage['_file']} || lpad({lineage['_line']}::varchar, 12, '0')"
            columns += [f"arg_min({sql}, {first}) as {name}" for name, sql in lineage.items()]
            columns += [f"cast(null as date) as {DELETED_ON}", "null as _driving",
                        "false as _where_failed"]
        else:
            columns += [f"{sql} as {name}" for name, sql in lineage.items()]
            row = ", ".join(f"{literal(c)}: {driving}.{quoted(c)}"
                            for c in self.columns(mapped.source or "") or ())
            gone = DELETED_ON in self.all_columns(mapped.source or "")
            columns += [f"{f'{driving}.{DELETED_ON}' if gone else 'cast(null as date)'} as "
                        f"{DELETED_ON}", f"{{{row}}} as _driving",
                        f"{where_failed} as _where_failed"]
        return (f"select {', '.join(columns)} from {self.from_clause(mapped)}{where}"
                f"{self._grouping(mapped)}{self._unique(mapped, lineage)}")

    def _unique(self, mapped: MappedInput, lineage: Mapping[str, str]) -> str:
        unique = mapped.unique_by
        if unique is None:
            return ""
        keys = ", ".join(self.name_or_sql(mapped, c) for c in unique.columns)
        # Ties are broken by what was delivered, never by the order of reading.
        explode = self.dialect_for(mapped.source or "").explode
        place = [f'cast({quoted(mapped.driving)}.{quoted(f"{explode}.{PLACE}")} as bigint)'
                 ] if explode else []
        order = ", ".join([*([unique.order] if unique.order else []),
                           f"{lineage['_load_date']} desc", lineage["_file"], lineage["_line"],
                           *place])
        return f" qualify row_number() over (partition by {keys} order by {order}) = 1"

    def typed_select(self, table: str, mapped: MappedInput) -> str:
        """A mapped input as rows of the contract: typed, with lineage and cast errors.

        Three steps, so that each value is computed once: raw, typed, and what is wrong with it.
        """
        contract = schemas.TABLES[table]
        cells = {c.name: c for c in self.cells(table, mapped)}
        types = self.types(mapped, list(cells.values())) if cells else {}
        typed, problems = [], []
        if mapped.where:
            problems.append(_Problem("_where_failed", None, "mapping", literal(
                f"the filter cannot be computed for this row: {mapped.where}")))
        for column in contract.columns:
            cell = cells.get(column.name)
            if cell is None:
                typed.append(f"cast(null as {column.sql_type}) as {quoted(column.name)}")
                continue
            typed.append(f"{typed_sql(cell, types[column.name], column.sql_type)} "
                         f"as {quoted(column.name)}")
            if column.sql_type != "VARCHAR" and "NULL" not in types[column.name]:
                raw = quoted(RAW + column.name)
                typed.append(f"{cell.value} as {raw}")
                problems.append(_misfit(contract, column, cell.dialect, raw))
        for cell in cells.values():
            if cell.guarded:
                failed = quoted(FAILED + cell.name)
                typed.append(f"{quoted(cell.name)} is null as {failed}")
                problems.append(_Problem(failed, cell.name, "mapping", literal(
                    f"{cell.name}: its expression cannot be computed for this row: "
                    f"{cell.sql[1:-1]}")))
        custom = [c for c in cells.values() if c.name.startswith(CUSTOM)]
        typed += [f"{_custom_json(custom)} as custom_fields", "_load_id", "_load_date", "_file",
                  "_line", "_driving", f"{DELETED_ON} as deleted_on", "_where_failed"]
        wrong = " or ".join(p.failed for p in problems) or "false"
        listed = ", ".join(p.sql for p in problems) or "null"
        names = [quoted(c.name) for c in contract.columns]
        names += ["deleted_on"] if contract.tracks_deletion else []
        return (
            f"select {', '.join(names)}, custom_fields, _load_date as load_date, "
            f"_load_id as load_id, _file, _line, case when {wrong} then "
            f"list_filter([{listed}], lambda p: p is not null) end::{PROBLEMS} as _cast_errors, "
            f"case when {wrong} then to_json(_driving)::varchar end as _raw "
            f"from (select {', '.join(typed)} "
            f"from ({self.raw_select(mapped, list(cells.values()))}))")

    # -- one contract table -----------------------------------------------------------------------

    def map_table(self, table: str, target: Path) -> MappedTable:
        """Write a contract table's rows as typed Parquet.

        Raises DeliveryError where an expression fails that cannot be told apart row by row.
        """
        selects, inputs = [], []
        for position, stated in enumerate(self.source.tables[table]):
            mapped = self.driven(table, position, stated)
            schema = self.bind(self.dialect_for(mapped.source or ""))
            view = f"{schema}.{quoted(f'_input.{table}.{position}')}"
            self.connection.execute(
                f"create or replace view {view} as {self.typed_select(table, mapped)}")
            selects.append(f"(select *, {position} as _input from {view})")
            inputs.append((input_name(table, position, stated), mapped))
        try:
            self.connection.execute(
                f"copy (select {literal(self.source.name)} as source, {_mapped_columns(table)} "
                f"from ({' union all by name '.join(selects)})) to {literal(str(target))} "
                "(format parquet, compression zstd)")
            rows: dict[int, int] = dict(self.connection.execute(
                f"select _input, count(*) from read_parquet({literal(str(target))}) "
                "group by _input").fetchall())
            counts = tuple(self._counts(name, mapped, rows.get(position, 0))
                           for position, (name, mapped) in enumerate(inputs))
        except (duckdb.DataError, duckdb.InvalidInputException,
                duckdb.NotImplementedException) as problem:
            raise DeliveryError(
                f"source {self.source.name}, {table}: a row cannot be mapped, and its mapping "
                f"does not let the others pass without it: {str(problem).splitlines()[0]}. "
                "Nothing was built; the last publication stays current.") from None
        return MappedTable(table, target, counts)

    def _counts(self, name: str, mapped: MappedInput, rows: int) -> InputCounts:
        """Law 2 of one input.

        Raises ConfigurationError where a join multiplies rows and no grain is declared.
        """
        driving = self._one(f"select count(*) from {relation_sql(mapped.source or '')}")
        if mapped.source and mapped.source.startswith(INLINE):
            return InputCounts(name, driving, rows, 0, 0, None)
        if mapped.grain is not None:
            return InputCounts(name, driving, rows, 0, driving - rows, mapped.grain)
        if mapped.join:
            joined = self._one(f"select count(*) from {self.from_clause(mapped)}")
            if joined != driving:
                raise ConfigurationError(
                    f"source {self.source.name}, {name}: its joins turn {driving} rows of "
                    f"{mapped.source} into {joined}. A join keeps one row per driving row: make "
                    "the joined side unique (prepare), or declare the new `grain:`.")
        self.bind(self.dialect_for(mapped.source or ""))
        where = self.filter(mapped)[0].removeprefix(" where ")
        # Counted apart from what was written, so that the balance can tell a lost row.
        filtered = self._one(f"select count(*) from {self.from_clause(mapped)} "
                             f"where not coalesce({where}, false)") if where else 0
        merged = driving - filtered - rows if mapped.unique_by or mapped.group_by else 0
        return InputCounts(name, driving, rows, filtered, merged, None)

    def _one(self, sql: str) -> int:
        return int(self.connection.execute(sql).fetchall()[0][0])


@dataclass(frozen=True)
class _Problem:
    """Something that may be wrong with a row, as SQL: when, under which rule, and why."""

    failed: str
    column: str | None
    rule: str
    reason: str

    @property
    def sql(self) -> str:
        column = literal(self.column) if self.column else "null"
        return (f"case when {self.failed} then struct_pack(col := {column}, "
                f"rule := {literal(self.rule)}, reason := {self.reason}) end")


def _constant(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return literal(value)
    return f"date {literal(str(value))}" if hasattr(value, "isoformat") else str(value)


def typed_sql(cell: Cell, raw_type: str, sql_type: str) -> str:
    """A cell's value as its contract type; null where it does not cast."""
    if "NULL" in raw_type:
        return f"cast(null as {sql_type})"
    if raw_type == "VARCHAR":
        return casting.cast_text(cell.value, sql_type, cell.dialect)
    return f"try_cast({cell.value} as {sql_type})"


def _misfit(contract: schemas.Table, column: schemas.Column, dialect: Dialect,
            raw: str) -> _Problem:
    """A cell that holds something, and nothing of its type."""
    shown = f"nullif(trim(cast({raw} as varchar)), '')"
    message = schemas.explain(contract, column.name, "type")
    message += casting.declared(column.sql_type, dialect)
    cut = (f"case when length({shown}) > {QUOTED_CHARACTERS} "
           f"then left({shown}, {QUOTED_CHARACTERS}) || '…' else {shown} end")
    return _Problem(
        # Most cells cast: only the others are looked at again.
        f"case when {quoted(column.name)} is null then {shown} is not null else false end",
        column.name, "type",
        f"{literal(f'{column.name}: {chr(39)}')} || {cut} || {literal(f'{chr(39)} {message}')}")


def _custom_json(cells: list[Cell]) -> str:
    """The custom fields of a row as JSON text, null where there is none."""
    if not cells:
        return "cast(null as varchar)"
    pairs = ", ".join(f"{literal(c.name.removeprefix(CUSTOM))}, {c.value}" for c in cells)
    return f"cast(json_object({pairs}) as varchar)"


def _mapped_columns(table: str) -> str:
    """A mapped row: the contract's columns, the landed ones, its origin and its cast errors."""
    contract = schemas.TABLES[table]
    names = [quoted(c.name) for c in contract.columns]
    hashed = ", ".join(f"coalesce(cast({n} as varchar), chr(30))"
                       for n in (*names, "custom_fields"))
    deleted = ["deleted_on"] if contract.tracks_deletion else []
    return ", ".join([*names, *deleted, "custom_fields", "load_date", "load_id",
                      f"md5(concat_ws(chr(31), {hashed})) as row_hash",
                      "_file", "_line", "_input", "_cast_errors", "_raw"])
