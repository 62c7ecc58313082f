"""The relations of one source in a DuckDB connection: extracts, prepared ones, mapped tables.

Extracts stand in `main` as they are today, and in `history` with what was deleted; prepared
relations in `main`; mapped tables in `mapped`. Each dialect has a schema of its own with number(),
day() and moment() as it reads them: a view binds in its schema, so dialects do not mix.
Not here: what is selected from them (mapping).
"""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

import schemas

from .. import casting, engine
from ..casting import literal, quoted
from ..current_state import DELETED_ON, LINEAGE, present_sql, with_deleted_sql
from ..dialect import ISO, Dialect
from ..loads import ExtractState
from ..settings import MappedInput, Source
from .plan import MAPPED, driving_extracts

INLINE = "inline."
HISTORY = "history."
CONFIGURATION = "configuration"


def relation_sql(name: str) -> str:
    """A relation's name as SQL."""
    for schema in (MAPPED, HISTORY):
        if name.startswith(schema):
            return f"{schema}{quoted(name.removeprefix(schema))}"
    return quoted(name)


class Relations:
    """A private connection with every relation that a source's mapping may read."""

    def __init__(self, source: Source, states: Mapping[str, ExtractState], *,
                 scratch: Path | None = None) -> None:
        self.source = source
        self.states = dict(states)
        self.connection = engine.connect(scratch=scratch)
        self.connection.execute("create schema mapped; create schema history")
        self.connection.execute("set TimeZone = 'UTC'")
        # It would move an expression out of TRY, and one bad cell would fail every row.
        self.connection.execute("set disabled_optimizers = 'common_subexpressions'")
        self._columns: dict[str, list[str]] = {}
        self._prepared: set[str] = set()
        self._schemas: dict[Dialect, str] = {}
        self.bind(source.dialect)
        for state in self.states.values():
            self.connection.execute(
                f"create view {quoted(state.extract)} as {present_sql(state)}")
            if state.older:
                self.connection.execute(f"create view history.{quoted(state.extract)} as "
                                        f"{with_deleted_sql(state, state.key)}")
        self.prepare()

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def bind(self, dialect: Dialect) -> str:
        """Let the next statement read text as this dialect has it; the dialect's schema."""
        schema = self._schemas.get(dialect)
        if schema is None:
            schema = f"dialect_{len(self._schemas)}" if self._schemas else "main"
            self._schemas[dialect] = schema
            self.connection.execute(f"create schema if not exists {schema}")
            for signature, body in casting.macros(dialect).items():
                self.connection.execute(f"create macro {schema}.{signature} as {body}")
        self.connection.execute(f"set search_path = '{schema},main'")
        return schema

    def prepare(self) -> None:
        """Create the prepared relations that can be created by now, whatever their order."""
        waiting = set(self.source.prepare) - self._prepared
        while created := {n for n in sorted(waiting) if self.prepare_problem(n) is None}:
            self._prepared |= created
            waiting -= created

    def prepare_problem(self, name: str) -> duckdb.Error | None:
        """Create one prepared relation; what keeps it from being created."""
        self.bind(self.source.dialect)
        try:
            self.connection.execute(
                f"create or replace view main.{quoted(name)} as {self.source.prepare[name]}")
        except duckdb.Error as problem:
            return problem
        return None

    def add_mapped(self, table: str, path: Path) -> None:
        """Make another table's mapped rows readable as `mapped.TABLE`."""
        names = ", ".join(quoted(c.name) for c in schemas.TABLES[table].columns)
        self.connection.execute(
            f"create or replace view mapped.{table} as select {names}, load_id as _load_id, "
            f"load_date as _load_date, _file, _line from read_parquet({literal(str(path))})")
        self.prepare()

    def add_header(self, relation: str, columns: Mapping[str, str]) -> None:
        """Make a relation known by its columns and types alone, to bind expressions against it."""
        cells = ", ".join(f"cast(null as {sql_type}) as {quoted(name)}"
                          for name, sql_type in columns.items())
        self.connection.execute(
            f"create or replace view {relation_sql(relation)} as select {cells}, '' as _load_id, "
            "cast(null as date) as _load_date, '' as _file, cast(0 as bigint) as _line "
            "where false")

    def driven(self, table: str, position: int, mapped: MappedInput) -> MappedInput:
        """A mapped input as it is read: inline rows as a relation, deleted records included."""
        if mapped.rows is not None:
            name = f"{INLINE}{table}.{position}"
            self._add_inline(name, mapped)
            return mapped.model_copy(update={
                "source": name, "alias": "inline", "rows": None,
                "columns": {c: c for c in self.columns(name) or ()}})
        state = self.states.get(mapped.source or "")
        if schemas.TABLES[table].tracks_deletion and state and state.older:
            return mapped.model_copy(update={"source": f"{HISTORY}{mapped.source}",
                                             "alias": mapped.driving})
        return mapped

    def _add_inline(self, name: str, mapped: MappedInput) -> None:
        """The inline rows of a mapped input as a relation of text."""
        columns = list(dict.fromkeys(k for row in mapped.rows or () for k in row))
        rows = [[None if row.get(c) is None else str(row[c]) for c in columns]
                for row in mapped.rows or ()]
        cells = ", ".join(f"{quoted(c)} varchar" for c in (*columns, *LINEAGE))
        self.connection.execute(f"create or replace table main.{quoted(name)} ({cells})")
        if rows:
            self.connection.executemany(
                f"insert into main.{quoted(name)} values "
                f"({', '.join('?' * (len(columns) + len(LINEAGE)))})",
                [[*row, "inline", None, CONFIGURATION, str(n)] for n, row in enumerate(rows, 1)])

    # -- names ------------------------------------------------------------------------------------

    def all_columns(self, relation: str) -> list[str]:
        """Column names of a relation, none where there is no such relation."""
        if relation not in self._columns:
            try:
                self._columns[relation] = [row[0] for row in self.connection.execute(
                    f"describe select * from {relation_sql(relation)}").fetchall()]
            except duckdb.CatalogException:
                return []
        return self._columns[relation]

    def columns(self, relation: str) -> list[str] | None:
        """Column names without lineage, None where there is no such relation."""
        found = self.all_columns(relation)
        return [c for c in found if c not in (*LINEAGE, DELETED_ON)] if found else None

    def dialect_for(self, relation: str) -> Dialect:
        """The dialect that a relation's text is written in: its extract's, else its source's."""
        if relation.startswith(INLINE):
            return ISO
        state = self.states.get(relation.removeprefix(HISTORY))
        return state.dialect if state else self.source.dialect

    def resolve(self, mapped: MappedInput, name: str) -> tuple[str, str]:
        """The relation that has a column, and the column as SQL.

        The driving relation comes first. Raises LookupError that says what is wrong with the name.
        """
        relations = {mapped.driving: mapped.source or ""} | {j.name: j.to for j in mapped.join}
        found = [a for a, r in relations.items() if name in (self.columns(r) or ())]
        if found and (found[0] == mapped.driving or len(found) == 1):
            return relations[found[0]], f"{quoted(found[0])}.{quoted(name)}"
        if found:
            choices = " or ".join(f"{a}.{name}" for a in found)
            raise LookupError(f"{name!r} is a column of several relations; write {choices}")
        alias, _, column = name.partition(".")
        if alias in relations and column in (self.columns(relations[alias]) or ()):
            return relations[alias], f"{quoted(alias)}.{quoted(column)}"
        raise LookupError(f"the mapping expects {name!r}, the header of {mapped.source} "
                          "has no such column")

    def name_or_sql(self, mapped: MappedInput, text: str) -> str:
        """A column by its exact header name, else a SQL expression."""
        try:
            return self.resolve(mapped, text)[1]
        except LookupError:
            return text

    def lineage(self, mapped: MappedInput) -> dict[str, str]:
        """Where a driving row came from, as SQL.

        A prepared relation's rows come from no one line: they carry its name, and the date and
        load of the extract behind it that reaches least far.
        """
        driving, relation = quoted(mapped.driving), mapped.source or ""
        own = self.all_columns(relation)
        if set(LINEAGE) <= set(own):
            types = {"_load_date": "date", "_line": "bigint"}
            return {n: f"cast({driving}.{n} as {types.get(n, 'varchar')})" for n in LINEAGE}
        behind = [self.states[e] for e in driving_extracts(self.source.model_copy(
            update={"tables": {"": (mapped,)}}), "") if e in self.states]
        oldest = min((s for s in behind if s.load_date),
                     key=lambda s: (str(s.load_date), s.extract), default=None)
        load = oldest.current_loads[-1] if oldest else None
        day = f"date {literal(str(oldest.load_date))}" if oldest else "cast(null as date)"
        return {"_load_id": literal(load.load_id if load else relation), "_load_date": day,
                "_file": literal(f"prepare.{relation}"), "_line": "cast(null as bigint)"}
