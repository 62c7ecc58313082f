"""The mapping held against the extracts' headers, before a row is read.

Everything that is wrong is said at once, with the closest matching name. Not here: the mapping
itself (mapping), the types of the configuration (settings).
"""

from collections.abc import Collection, Iterator, Mapping

import duckdb

import schemas

from ..errors import ConfigurationError, closest
from ..settings import MappedInput, Source
from .mapper import Cell, Mapper
from .plan import input_name

FLOATS = ("DOUBLE", "FLOAT", "REAL")
INEXACT = ("is not exact; use number(column), divide(a, b) in place of a / b, or cast to DECIMAL")


def check(source: Source, headers: Mapping[str, tuple[str, ...]]) -> None:
    """Hold the whole mapping of a source against its extracts' headers, before a row is read.

    Raises one ConfigurationError that lists everything that is wrong, with the closest names.
    """
    if found := problems(source, headers):
        raise ConfigurationError(
            f"source {source.name}: the mapping does not fit ({len(found)}):\n  "
            + "\n  ".join(found)
            + "\nNothing was loaded; the last publication stays current.")


def problems(source: Source, headers: Mapping[str, tuple[str, ...]], *,
             unjudged: Collection[str] = ()) -> list[str]:
    """Everything that is wrong with a source's mapping, with the closest names.

    `unjudged`: tables that are mapped as well, though nothing can be said of them.
    """
    found = [*_table_problems(source, unjudged), *_extract_problems(source, headers)]
    with Mapper(source, {}) as mapper:
        for name, columns in headers.items():
            mapper.add_header(name, dict.fromkeys(columns, "varchar"))
        for table in source.tables:
            if table in schemas.TABLES:
                mapper.add_header(f"mapped.{table}", {
                    c.name: c.sql_type for c in schemas.TABLES[table].columns})
        mapper.prepare()
        for name in source.prepare:
            if problem := mapper.prepare_problem(name):
                found.append(f"prepare.{name}: {_first_line(problem)}")
        for table, inputs in source.tables.items():
            if table in schemas.TABLES:
                for position, mapped in enumerate(inputs):
                    found += _input_problems(mapper, table, position, mapped)
    return found


def _table_problems(source: Source, unjudged: Collection[str]) -> Iterator[str]:
    allowed = {t.name for t in schemas.TABLES.values() if t.role in ("any", source.role)}
    for table in source.tables:
        if table not in schemas.TABLES:
            yield f"tables: {table!r} is no contract table{closest(table, sorted(allowed))}"
        elif table not in allowed:
            yield (f"tables: {table} belongs to sources of role {schemas.TABLES[table].role}, "
                   f"{source.name} is {source.role}")
    for name, contract in schemas.TABLES.items():
        if (contract.required and contract.role == source.role
                and name not in (*source.tables, *unjudged)):
            yield f"tables: {name} is required of every {source.role} source and not mapped"


def _extract_problems(source: Source, headers: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, extract in source.extracts.items():
        named = [("key", k) for k in extract.key]
        named += [("changed", extract.changed)] if extract.changed else []
        yield from (f"extract {name}: its {kind} names {k!r}, the header has no such column"
                    f"{closest(k, list(headers[name]))}"
                    for kind, k in named if name in headers and k not in headers[name])


def _input_problems(mapper: Mapper, table: str, position: int,
                    stated: MappedInput) -> Iterator[str]:
    contract = schemas.TABLES[table]
    where = input_name(table, position, stated)
    names = [c.name for c in contract.columns]
    required = [c.name for c in contract.columns if not c.nullable]
    if stated.rows is not None:
        for number, row in enumerate(stated.rows, 1):
            yield from (f"{where}, row {number}: {k!r} is no column of {table}{closest(k, names)}"
                        for k in row if k not in names)
            yield from (f"{where}, row {number}: {k} is required and not there"
                        for k in required if row.get(k) is None)
        if all(k in names for row in stated.rows for k in row):
            mapped = mapper.driven(table, position, stated)
            yield from _inline_problems(mapper, table, where, mapped)
        return
    relations = [stated.source or "", *(j.to for j in stated.join)]
    if missing := [r for r in relations if mapper.columns(r) is None]:
        known = [*mapper.source.extracts, *mapper.source.prepare,
                 *(f"mapped.{t}" for t in mapper.source.tables)]
        yield from (f"{where}: {r!r} is no extract, prepared relation or mapped table"
                    f"{closest(r, known)}" for r in missing if r not in mapper.source.prepare)
        return
    columns = mapper.mapping_of(table, stated)
    headers = list(dict.fromkeys(c for r in relations for c in mapper.columns(r) or ()))
    yield from (f"{where}: {k!r} is no column of {table}{closest(k, names)}"
                for k in columns if k not in names)
    yield from (f"{where}: {k} is required and not mapped{closest(k, headers)}"
                for k in required if k not in columns)
    try:
        mapper.describe(stated, f"select 1 from {mapper.from_clause(stated)}")
    except duckdb.Error as problem:
        yield f"{where}: its joins: {_first_line(problem)}"
        return
    cells = []
    for name, value in (*columns.items(), *stated.custom.items()):
        try:
            cells.append(mapper.cell(stated, name, value))
        except LookupError as problem:
            yield f"{where}.{name}: {problem.args[0]}{closest(str(value), headers)}"
        except duckdb.Error as problem:
            yield f"{where}.{name}: {_first_line(problem)}"
    found = list(_cell_problems(mapper, stated, where, cells))
    yield from found
    if not found and len(cells) == len(columns) + len(stated.custom) and set(columns) <= set(names):
        try:
            mapper.describe(stated, mapper.typed_select(table, stated))
        except duckdb.Error as problem:
            yield f"{where}: {_first_line(problem)}"


def _inline_problems(mapper: Mapper, table: str, where: str,
                     mapped: MappedInput) -> Iterator[str]:
    """Inline cells that are not of their contract's type."""
    if not mapper.columns(mapped.source or ""):
        return
    for line, errors in mapper.connection.execute(
            f"select _line, _cast_errors from ({mapper.typed_select(table, mapped)}) "
            "where _cast_errors is not null order by _line").fetchall():
        yield from (f"{where}, row {line}: {error['reason']}" for error in errors)


def _cell_problems(mapper: Mapper, mapped: MappedInput, where: str,
                   cells: list[Cell]) -> Iterator[str]:
    for cell in cells:
        try:
            sql_type = mapper.types(mapped, [cell])[cell.name]
        except duckdb.Error as problem:
            yield f"{where}.{cell.name}: {_first_line(problem)}"
            continue
        if sql_type in FLOATS:
            yield f"{where}.{cell.name}: the expression gives {sql_type}, which {INEXACT}"
    if mapped.where:
        try:
            mapper.describe(mapped, f"select ({mapped.where}) is true from "
                                    f"{mapper.from_clause(mapped)}")
        except duckdb.Error as problem:
            yield f"{where}.where: {_first_line(problem)}"


def _first_line(problem: Exception) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    candidates = [line for line in lines if line.startswith(("Candidate", "Did you mean"))]
    return " ".join([lines[0], *candidates[:1]])
