"""The mapping held against the extracts' headers, before a row is read.

Everything that is wrong is said at once, with the closest matching name. Not here: the mapping
itself (mapping), the types of the configuration (settings).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

import schemas

from .casting import quoted
from .errors import ConfigurationError
from .mapping import Mapper, input_name
from .settings import MappedInput, Source, closest

FLOATS = ("DOUBLE", "FLOAT", "REAL")


def check(source: Source, headers: Mapping[str, tuple[str, ...]]) -> None:
    """Hold the whole mapping of a source against its extracts' headers, before a row is read.

    Raises one ConfigurationError that lists everything that is wrong, with the closest names.
    """
    problems: list[str] = []
    problems += _unknown_names(source)
    with Mapper(source, {}) as mapper:
        for name, columns in headers.items():
            cells = ", ".join(f"cast(null as varchar) as {quoted(c)}" for c in columns)
            mapper.connection.execute(
                f"create view {quoted(name)} as select {cells}, '' as _load_id, cast(null as date) "
                "as _load_date, '' as _file, cast(0 as bigint) as _line where false")
        for name, extract in source.extracts.items():
            wanted = [*extract.key, *([extract.changed] if extract.changed else [])]
            problems += [f"extract {name}: key or changed names {k!r}, the header has no such "
                         f"column{closest(k, list(headers[name]))}"
                         for k in wanted if name in headers and k not in headers[name]]
        for table in source.tables:
            if table in schemas.TABLES:
                mapper.add_empty(table)
        mapper.prepare()
        for name in source.prepare:
            if mapper.relation_columns(name) is None:
                problems.append(f"prepare.{name}: " + _binding_problem(
                    mapper, source.prepare[name]))
        for table, inputs in source.tables.items():
            if table in schemas.TABLES:
                for position, mapped in enumerate(inputs):
                    problems += _input_problems(mapper, table, position, mapped)
    if problems:
        raise ConfigurationError(
            f"source {source.name}: the mapping does not fit ({len(problems)}):\n  "
            + "\n  ".join(problems)
            + "\nNothing was loaded; the last publication stays current.")


def _unknown_names(source: Source) -> Iterator[str]:
    allowed = {t.name for t in schemas.TABLES.values() if t.role in ("any", source.role)}
    for table in source.tables:
        if table not in schemas.TABLES:
            yield f"tables: {table!r} is no contract table{closest(table, sorted(allowed))}"
        elif table not in allowed:
            yield (f"tables: {table} belongs to a {schemas.TABLES[table].role} source, "
                   f"{source.name} is {source.role}")
    for table in schemas.TABLES.values():
        if table.required and table.role == source.role and table.name not in source.tables:
            yield f"tables: {table.name} is required of a {source.role} source and not mapped"


def _input_problems(mapper: Mapper, table: str, position: int,
                    mapped: MappedInput) -> Iterator[str]:
    contract = schemas.TABLES[table]
    where = input_name(table, position, mapped)
    names = [c.name for c in contract.columns]
    required = [c.name for c in contract.columns if not c.nullable]
    if mapped.rows is not None:
        for number, row in enumerate(mapped.rows):
            yield from (f"{where}, row {number + 1}: {k!r} is no column of {table}"
                        f"{closest(k, names)}" for k in row if k not in names)
            yield from (f"{where}, row {number + 1}: {k} is required and not there"
                        for k in required if row.get(k) is None)
        return
    missing = [r for r in (mapped.source or "", *(j.to for j in mapped.join))
               if mapper.relation_columns(r) is None]
    known = [*mapper.source.extracts, *mapper.source.prepare,
             *(f"mapped.{t}" for t in mapper.source.tables)]
    if missing:
        yield from (f"{where}: {r!r} is no extract, prepared relation or mapped table"
                    f"{closest(r, known)}" for r in missing if r not in mapper.source.prepare)
        return
    columns = mapper.mapping_of(table, mapped)
    yield from (f"{where}: {k!r} is no column of {table}{closest(k, names)}"
                for k in columns if k not in names)
    headers = [c for r in (mapped.source or "", *(j.to for j in mapped.join))
               for c in mapper.relation_columns(r) or ()]
    yield from (f"{where}: {k} is required and not mapped{closest(k, headers)}"
                for k in required if k not in columns)
    failed = False
    for name, value in (*columns.items(), *mapped.custom.items()):
        try:
            mapper.expression(mapped, value)
        except KeyError:
            failed = True
            yield (f"{where}.{name}: the mapping expects {value!r}, the header of "
                   f"{mapped.source} has no such column{closest(str(value), headers)}")
    if not failed:
        yield from _sql_problems(mapper, table, position, mapped, columns)


def _sql_problems(mapper: Mapper, table: str, position: int, mapped: MappedInput,
                  columns: Mapping[str, Any]) -> Iterator[str]:
    where = input_name(table, position, mapped)
    mapper.use_dialect(mapper.dialect_for(mapped))
    source = mapper.from_clause(mapped)
    types: dict[str, str] = {}
    group = f" group by {', '.join(mapped.group_by)}" if mapped.group_by else ""
    parts = [(name, mapper.expression(mapped, value)) for name, value in columns.items()]
    if mapped.where:
        parts.append(("where", f"({mapped.where})"))
    found = False
    for name, sql in parts:
        grouped = group if name != "where" else ""
        try:
            described = mapper.connection.execute(
                f"describe select {sql} as v from {source}{grouped}").fetchall()
            types[name] = described[0][1]
        except duckdb.Error as problem:
            found = True
            yield f"{where}.{name}: {_first_line(problem)}"
    for name, sql_type in types.items():
        if sql_type in FLOATS and name != "where":
            yield (f"{where}.{name}: the expression gives {sql_type}, which is not exact; use "
                   "number(column), or cast to DECIMAL")
    if not found:
        try:
            mapper.connection.execute(f"describe {mapper.typed_select(table, mapped)}")
        except duckdb.Error as problem:
            yield f"{where}: {_first_line(problem)}"


def _binding_problem(mapper: Mapper, sql: str) -> str:
    try:
        mapper.connection.execute(f"describe {sql}")
    except duckdb.Error as problem:
        return _first_line(problem)
    return "it cannot be created"


def _first_line(problem: Exception) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    candidates = [line for line in lines if line.startswith("Candidate")]
    return " ".join([lines[0], *candidates[:1]])
