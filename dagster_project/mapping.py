"""Current state of a source's extracts → rows of the contract, by the configuration's mapping.

One mapped input becomes one SQL select: plain columns and expressions give raw values, which are
cast to the contract's types by the declared dialect; a cell that does not cast is named in
`_cast_errors` and never dropped. Not here: whether the values are right (quality).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import schemas

from . import casting
from .casting import literal, quoted
from .errors import ConfigurationError
from .loads import LINE, ExtractState, ParsedFile
from .settings import Constant, Dialect, Expression, MappedInput, Source

LINEAGE = ("_load_id", "_load_date", "_file", "_line")


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


def input_name(table: str, position: int, mapped: MappedInput) -> str:
    """A mapped input's name in messages and balances."""
    return f"{table}.{mapped.name or position + 1}"


def history_extracts(source: Source) -> dict[str, tuple[str, ...]]:
    """Extracts whose superseded loads tell what was deleted, with the key to tell it by.

    They drive a contract table that tracks deletion, and their key is declared or is mapped
    plainly to the table's key.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, inputs in source.tables.items():
        table = schemas.TABLES.get(name)
        if table is None or not table.tracks_deletion:
            continue
        for mapped in inputs:
            extract = source.extracts.get(mapped.source or "")
            if extract is None or extract.mode != "full" or mapped.group_by:
                continue
            plain = [(mapped.columns or {k: k for k in table.key}).get(k) for k in table.key]
            key = extract.key or tuple(p for p in plain if isinstance(p, str))
            if len(key) >= len(table.key) and mapped.source:
                found[mapped.source] = key
    return found


def used_extracts(source: Source) -> set[str]:
    """Every extract that the mapping names."""
    names: set[str] = set()
    for inputs in source.tables.values():
        for mapped in inputs:
            names.update(n for n in (mapped.source, *(j.to for j in mapped.join)) if n)
    text = " ".join([*source.prepare.values(),
                     *(e for inputs in source.tables.values() for e in _sql_texts(inputs))])
    names.update(n for n in source.extracts if re.search(rf"\b{n}\b", text))
    return {n for n in names if n in source.extracts}


def _sql_texts(inputs: Sequence[MappedInput]) -> Iterator[str]:
    for mapped in inputs:
        yield from (mapped.where or "", *mapped.group_by, *(j.on for j in mapped.join))
        for value in (*(mapped.columns or {}).values(), *mapped.custom.values()):
            if isinstance(value, Expression):
                yield value.sql


def table_inputs(source: Source, table: str) -> dict[str, Any]:
    """What one table's rows depend on in the configuration, for its address."""
    return {"inputs": [m.model_dump(mode="json") for m in source.tables[table]],
            "prepare": source.prepare, "name": source.name}


def driving_extracts(source: Source, table: str) -> list[str]:
    """The extracts whose loads date a contract table: those that drive its inputs.

    An input driven by a prepared relation or by another mapped table counts the extracts behind it.
    """
    found: list[str] = []
    for mapped in source.tables[table]:
        name = mapped.source or ""
        if name in source.prepare:
            found += [n for n in source.extracts if re.search(rf"\b{n}\b", source.prepare[name])]
        elif name.startswith("mapped."):
            found += driving_extracts(source, name.removeprefix("mapped."))
        elif name in source.extracts:
            found.append(name)
    return list(dict.fromkeys(found))


def driven_table(source: Source, extract: str) -> str | None:
    """The first contract table that an extract drives, to say where its unreadable rows belong."""
    return next((t for t in source.tables if any(m.source == extract for m in source.tables[t])),
                None)


def mapped_reads(source: Source, table: str) -> list[str]:
    """The mapped tables that a table's inputs read."""
    inputs = source.tables[table]
    named = {r for m in inputs for r in (m.source or "", *(j.to for j in m.join))}
    texts = [*named, *_sql_texts(inputs), *(source.prepare[r] for r in named & set(source.prepare))]
    return [t for t in source.tables if any(re.search(rf"\bmapped\.{t}\b", x) for x in texts)]


def tables_in_order(source: Source) -> list[str]:
    """The source's contract tables so that what is read as `mapped.X` comes before its reader."""
    reads = {name: set(mapped_reads(source, name)) for name in source.tables}
    ordered: list[str] = []
    contract_order = [t for t in schemas.TABLES if t in source.tables]
    while len(ordered) < len(contract_order):
        ready = [t for t in contract_order if t not in ordered and reads[t] <= {*ordered}]
        if not ready:
            left = ", ".join(t for t in contract_order if t not in ordered)
            raise ConfigurationError(f"source {source.name}: these tables read each other in a "
                                     f"circle: {left}")
        ordered.append(ready[0])
    return ordered


class Mapper:
    """The relations of one source in a DuckDB connection, and the selects over them."""

    def __init__(self, source: Source, states: Mapping[str, ExtractState], *,
                 memory_limit: str = "1GB", scratch: Path | None = None) -> None:
        """Open a private connection. `states` holds the state of every extract in use."""
        self.source = source
        self.states = dict(states)
        config = {"memory_limit": memory_limit}
        if scratch is not None:
            config["temp_directory"] = str(scratch)
        self.connection = duckdb.connect(config=config)
        self.connection.execute("create schema mapped")
        for state in self.states.values():
            self.connection.execute(
                f"create view {quoted(state.extract)} as {_state_sql(state)}")
        self._dialect: Dialect | None = None
        self._prepared = False

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> "Mapper":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add_mapped(self, table: str, path: Path) -> None:
        """Make another table's mapped rows readable as `mapped.TABLE`."""
        names = ", ".join(quoted(c.name) for c in schemas.TABLES[table].columns)
        self.connection.execute(
            f"create or replace view mapped.{table} as select {names}, load_id as _load_id, "
            f"load_date as _load_date, _file, _line from read_parquet({literal(str(path))})")
        self.prepare()

    def add_empty(self, table: str) -> None:
        """Make `mapped.TABLE` known by its columns alone, to bind expressions against it."""
        columns = ", ".join(f"cast(null as {c.sql_type}) as {quoted(c.name)}"
                            for c in schemas.TABLES[table].columns)
        self.connection.execute(
            f"create or replace view mapped.{table} as select {columns}, '' as _load_id, "
            "cast(null as date) as _load_date, '' as _file, cast(0 as bigint) as _line "
            "where false")
        self.prepare()

    def prepare(self) -> None:
        """Create the prepared relations that can be created by now."""
        self.use_dialect(self.source.connection)
        for name, sql in self.source.prepare.items():
            try:
                self.connection.execute(f"create or replace view {quoted(name)} as {sql}")
            except duckdb.CatalogException:
                continue

    def use_dialect(self, dialect: Dialect) -> None:
        """Define number(), day() and moment() as this dialect reads them."""
        if dialect == self._dialect:
            return
        for name, body in (("number", casting.number("v", dialect, "DECIMAL(18,4)")),
                           ("day", casting.day("v", dialect)),
                           ("moment", casting.moment("v", dialect))):
            self.connection.execute(f"create or replace macro {name}(v) as {body}")
        self._dialect = dialect

    # -- one mapped input ---------------------------------------------------------------------

    def dialect_for(self, mapped: MappedInput) -> Dialect:
        """The dialect that a mapped input's text is read in: its driving extract's."""
        state = self.states.get(mapped.source or "")
        return state.dialect if state else self.source.connection

    def relation_columns(self, relation: str) -> list[str] | None:
        """Column names of a relation of this source, None where there is no such relation."""
        try:
            return [row[0] for row in self.connection.execute(
                f"describe select * from {_relation(relation)}").fetchall()
                if row[0] not in (*LINEAGE, "_deleted_on")]
        except duckdb.CatalogException:
            return None

    def mapping_of(self, table: str, mapped: MappedInput) -> dict[str, Any]:
        """The columns of an input; none stated = every contract column by its own name."""
        if mapped.columns is not None:
            return dict(mapped.columns)
        known = set(self.relation_columns(mapped.source or "") or ())
        return {c.name: c.name for c in schemas.TABLES[table].columns if c.name in known}

    def expression(self, mapped: MappedInput, value: Any) -> str:
        """A configured column source as SQL."""
        if isinstance(value, Constant):
            constant = value.constant
            if constant is None:
                return "null"
            if isinstance(constant, bool):
                return "true" if constant else "false"
            return literal(str(constant)) + "" if isinstance(constant, str) else (
                f"date {literal(str(constant))}" if hasattr(constant, "isoformat")
                else f"{constant}")
        if isinstance(value, Expression):
            return f"({value.sql})"
        relations = [(mapped.driving, mapped.source or "")] + [(j.name, j.to)
                                                               for j in mapped.join]
        for alias, relation in relations:
            if value in (self.relation_columns(relation) or ()):
                return f"{quoted(alias)}.{quoted(value)}"
        alias, _, column = value.partition(".")
        for name, relation in relations:
            if name == alias and column in (self.relation_columns(relation) or ()):
                return f"{quoted(alias)}.{quoted(column)}"
        raise KeyError(value)

    def from_clause(self, mapped: MappedInput) -> str:
        """The driving relation with its joins."""
        joins = "".join(f" left join {_relation(j.to)} as {quoted(j.name)} on ({j.on})"
                        for j in mapped.join)
        return f"{_relation(mapped.source or '')} as {quoted(mapped.driving)}{joins}"

    def raw_select(self, table: str, mapped: MappedInput) -> str:
        """Raw values under the contract's names, with lineage of the driving row."""
        driving = quoted(mapped.driving)
        grouped = bool(mapped.group_by)
        columns = [f"{self.expression(mapped, value)} as {quoted(name)}"
                   for name, value in self.mapping_of(table, mapped).items()]
        columns += [f"{self.expression(mapped, value)} as {quoted('custom.' + name)}"
                    for name, value in mapped.custom.items()]
        if grouped:
            first = f"arg_min({{}}, {driving}._file || lpad({driving}._line::varchar, 12, '0'))"
            columns += [f"{first.format(f'{driving}.{c}')} as {c}" for c in LINEAGE]
            columns += ["null as _deleted_on", "null as _driving"]
        else:
            columns += [f"{driving}.{c}" for c in LINEAGE]
            has_deleted = "_deleted_on" in self._all_columns(mapped.source or "")
            columns += [f"{driving}._deleted_on" if has_deleted else "null as _deleted_on",
                        f"{driving} as _driving"]
        where = f" where ({mapped.where})" if mapped.where else ""
        group = f" group by {', '.join(mapped.group_by)}" if grouped else ""
        qualify = ""
        if mapped.unique_by:
            order = ", ".join(o for o in (mapped.unique_by.order, f"{driving}._load_date desc",
                                          f"{driving}._file", f"{driving}._line") if o)
            qualify = (f" qualify row_number() over (partition by "
                       f"{', '.join(mapped.unique_by.columns)} order by {order}) = 1")
        return f"select {', '.join(columns)} from {self.from_clause(mapped)}{where}{group}{qualify}"

    def _all_columns(self, relation: str) -> list[str]:
        return [row[0] for row in self.connection.execute(
            f"describe select * from {_relation(relation)}").fetchall()]

    def typed_select(self, table: str, mapped: MappedInput) -> str:
        """A mapped input as rows of the contract: typed, with lineage and cast errors."""
        contract = schemas.TABLES[table]
        if mapped.rows is not None:
            return self._inline_select(table, mapped)
        dialect = self.dialect_for(mapped)
        self.use_dialect(dialect)
        raw = self.raw_select(table, mapped)
        types = {row[0]: row[1] for row in
                 self.connection.execute(f"describe {raw}").fetchall()}
        columns, problems, texts = [], [], []
        for column in contract.columns:
            name, raw_type = quoted(column.name), types.get(column.name)
            if raw_type is None:
                columns.append(f"cast(null as {column.sql_type}) as {name}")
                continue
            value, problem = _cast(name, raw_type, column.sql_type, dialect)
            columns.append(f"{value} as {name}")
            if problem:
                expected = literal(f"{column.name}: ") + f" || {problem} || " + literal(
                    f" is not {casting.expectation(column.sql_type, dialect)}")
                problems.append(f"case when {problem} is not null and {value} is null "
                                f"then {expected} end")
            texts.append(name)
        custom = [name for name in types if name.startswith("custom.")]
        errors = f"nullif(concat_ws('; ', {', '.join(problems)}), '')" if problems else "null"
        columns += _trailing(contract, custom_json(custom), "_load_date", "_load_id")
        columns += [*LINEAGE, f"cast({errors} as varchar) as _cast_errors"]
        return (f"select *, case when _cast_errors is not null then cast(_raw_row as varchar) end "
                f"as _raw from (select {', '.join(columns)}, "
                f"{_raw_row(texts)} as _raw_row from ({raw}))")

    def _inline_select(self, table: str, mapped: MappedInput) -> str:
        contract = schemas.TABLES[table]
        selects = []
        load_id = "inline"
        for number, row in enumerate(mapped.rows or ()):
            cells = []
            for column in contract.columns:
                value = row.get(column.name)
                text = "null" if value is None else literal(
                    str(value).lower() if isinstance(value, bool) else str(value))
                typed = casting.cast_text(f"cast({text} as varchar)", column.sql_type, casting.ISO)
                cells.append(f"cast({typed} as {column.sql_type}) as {quoted(column.name)}")
            cells += _trailing(contract, "cast(null as varchar)", "cast(null as date)",
                               literal(load_id), deleted="null")
            cells += [f"{literal(load_id)} as _load_id", "cast(null as date) as _load_date",
                      "'configuration' as _file", f"cast({number + 1} as bigint) as _line",
                      "cast(null as varchar) as _cast_errors"]
            selects.append(f"select {', '.join(cells)}, null as _raw_row, "
                           "cast(null as varchar) as _raw")
        return " union all ".join(selects)

    def counts(self, table: str, position: int, mapped: MappedInput) -> tuple[int, int]:
        """Rows of the driving relation, and how many of them the filter lets through.

        Raises ConfigurationError where a join multiplies or loses rows and no grain is declared.
        """
        driving = self._one(f"select count(*) from {_relation(mapped.source or '')}")
        if not mapped.join and not mapped.where:
            return driving, driving
        self.use_dialect(self.dialect_for(mapped))
        passing = f"count(*) filter (where {mapped.where})" if mapped.where else "count(*)"
        joined, kept = self.connection.execute(
            f"select count(*), {passing} from {self.from_clause(mapped)}").fetchall()[0]
        if joined != driving and mapped.grain is None:
            raise ConfigurationError(
                f"source {self.source.name}, {input_name(table, position, mapped)}: its joins turn "
                f"{driving} rows of {mapped.source} into {joined}. A join keeps one row per "
                "driving row: make the joined side unique (prepare), or declare the new `grain:`.")
        return driving, kept

    def _one(self, sql: str) -> int:
        return int(self.connection.execute(sql).fetchall()[0][0])

    def map_table(self, table: str, target: Path) -> MappedTable:
        """Write a contract table's rows as typed Parquet."""
        selects, inputs = [], []
        for position, mapped in enumerate(self.source.tables[table]):
            name = input_name(table, position, mapped)
            if mapped.rows is not None:
                if mapped.rows:
                    selects.append(self._inline_select(table, mapped))
                inputs.append(InputCounts(name, len(mapped.rows), len(mapped.rows), 0, 0, None))
                continue
            driving, kept = self.counts(table, position, mapped)
            select = self.typed_select(table, mapped)
            # Only a de-duplication or a new grain changes the number of rows after the filter.
            mapped_rows = self._one(f"select count(*) from ({self.raw_select(table, mapped)})") if (
                mapped.unique_by or mapped.group_by) else kept
            inputs.append(InputCounts(name, driving, mapped_rows, driving - kept
                                      if mapped.grain is None else 0,
                                      kept - mapped_rows if mapped.grain is None
                                      else driving - mapped_rows, mapped.grain))
            selects.append(self._materialised(table, position, select))
        if not selects:
            raise ConfigurationError(f"source {self.source.name}: {table} has no rows and no input")
        union = " union all by name ".join(f"({s})" for s in selects)
        self.connection.execute(
            f"copy (select {literal(self.source.name)} as source, {_mapped_columns(table)} "
            f"from ({union})) to {literal(str(target))} (format parquet, compression zstd)")
        return MappedTable(table, target, tuple(inputs))

    def _materialised(self, table: str, position: int, select: str) -> str:
        """A select that keeps its own dialect: the macros are redefined for the next input."""
        distinct = {self.dialect_for(m) for m in self.source.tables[table] if m.rows is None}
        if len(distinct) < 2:
            return select
        name = f"_input_{table}_{position}"
        self.connection.execute(f"create or replace temp table {name} as {select}")
        return f"select * from {name}"


def _relation(name: str) -> str:
    return name if name.startswith("mapped.") else quoted(name)


def _cast(name: str, raw_type: str, sql_type: str, dialect: Dialect) -> tuple[str, str | None]:
    """The typed value of a raw column, and the text to show where it does not cast."""
    if raw_type == '"NULL"' or raw_type == "NULL":
        return f"cast(null as {sql_type})", None
    if raw_type != "VARCHAR":
        if sql_type == "VARCHAR":
            return f"cast({name} as varchar)", None
        return f"try_cast({name} as {sql_type})", f"cast({name} as varchar)"
    if sql_type == "VARCHAR":
        return casting.cast_text(name, sql_type, dialect), None
    return casting.cast_text(name, sql_type, dialect), f"nullif(trim({name}), '')"


def custom_json(names: Sequence[str]) -> str:
    """The custom fields of a row as JSON text, null where there is none."""
    if not names:
        return "cast(null as varchar)"
    pairs = ", ".join(f"{literal(n.removeprefix('custom.'))}, {quoted(n)}" for n in names)
    return f"cast(json_object({pairs}) as varchar)"


def _raw_row(names: Sequence[str]) -> str:
    return "to_json(_driving)" if names else "null"


def _trailing(contract: schemas.Table, custom: str, load_date: str, load_id: str, *,
              deleted: str = "_deleted_on") -> list[str]:
    columns = [f"cast({deleted} as date) as deleted_on"] if contract.tracks_deletion else []
    return [*columns, f"{custom} as custom_fields", f"{load_date} as load_date",
            f"{load_id} as load_id"]


def _mapped_columns(table: str) -> str:
    """A mapped row: the contract's columns, the landed ones, its origin and its cast errors."""
    contract = schemas.TABLES[table]
    names = [quoted(c.name) for c in contract.columns]
    hashed = ", ".join(f"coalesce(cast({n} as varchar), chr(30))"
                       for n in (*names, "custom_fields"))
    deleted = ["deleted_on"] if contract.tracks_deletion else []
    return ", ".join([*names, *deleted, "custom_fields", "load_date", "load_id",
                      f"md5(concat_ws(chr(31), {hashed})) as row_hash",
                      "_file", "_line", "_cast_errors", "_raw"])


def _state_sql(state: ExtractState) -> str:
    """The current state of an extract as a select over its parsed files."""
    columns = state.columns
    current = " union all ".join(_file_sql(f, columns, n, state.dialect)
                                 for n, f in enumerate(state.files))
    if state.key and any(f.load.mode != "full" for f in state.files):
        order = "_ordinal desc, _line desc"
        if state.changed:
            order = f"{casting.moment(quoted(state.changed), state.dialect)} desc nulls last, " \
                    + order
        keys = ", ".join(quoted(k) for k in state.key)
        current = (f"select * from ({current}) qualify row_number() over "
                   f"(partition by {keys} order by {order}) = 1")
    current = f"select * exclude (_ordinal) from ({current})"
    if not state.older:
        return current
    return _with_deleted(state, current, columns)


def _with_deleted(state: ExtractState, current: str, columns: Sequence[str]) -> str:
    """The current state with what newer full loads no longer hold, and since when."""
    older = sorted(state.older, key=lambda f: f.load.order)
    days = sorted({f.load.order: f.load.load_date for f in (*older, *state.files)
                   if f.load.mode == "full"}.items())
    gone_on = {order: days[n + 1][1] for n, (order, _) in enumerate(days[:-1])}
    keys = ", ".join(quoted(k) for k in state.key)
    known = [f for f in older if set(state.key) <= set(f.columns)]
    if not known:
        return current
    parts = " union all ".join(
        f"select *, date {literal(str(gone_on[f.load.order]))} as _deleted_on "
        f"from ({_file_sql(f, columns, n, state.dialect)})"
        for n, f in enumerate(known) if f.load.order in gone_on)
    if not parts:
        return current
    return (f"with present as ({current}), gone as (select * exclude (_ordinal) from ({parts}) "
            f"qualify row_number() over (partition by {keys} order by _ordinal desc, _line) = 1) "
            f"select *, cast(null as date) as _deleted_on from present "
            f"union all by name select gone.* from gone anti join present using ({keys})")


def _file_sql(file: ParsedFile, columns: Sequence[str], ordinal: int, dialect: Dialect) -> str:
    nulls = ", ".join(literal(n) for n in dialect.null_values if n)
    cells = []
    for column in columns:
        name = quoted(column)
        if column not in file.columns:
            cells.append(f"cast(null as varchar) as {name}")
        elif nulls:
            cells.append(f"case when {name} not in ({nulls}) then {name} end as {name}")
        else:
            cells.append(name)
    line = LINE if file.has_lines else "file_row_number + 2"
    return (f"select {', '.join(cells)}, {literal(file.load.load_id)} as _load_id, "
            f"date {literal(str(file.load.load_date))} as _load_date, "
            f"{literal(file.name)} as _file, cast({line} as bigint) as _line, "
            f"{ordinal} as _ordinal "
            f"from read_parquet({literal(str(file.path))}, file_row_number = true)")
