"""What a mapping reads: the extracts and tables behind each contract table, and their order.

Read off the configuration alone. Not here: the mapping itself (mapping), whether it fits the
extracts (mapping.fit).
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import duckdb

import schemas

from ..errors import ConfigurationError
from ..settings import Expression, MappedInput, Source

MAPPED = "mapped."


def input_name(table: str, position: int, mapped: MappedInput) -> str:
    """A mapped input's name in messages and balances."""
    return f"{table}.{mapped.name or position + 1}"


@lru_cache(maxsize=4096)
def relations_in(sql: str) -> frozenset[str]:
    """The relations that a statement reads from; none for one that does not parse."""
    return frozenset(".".join(n for n in (node["schema_name"], node["table_name"]) if n)
                     for node in syntax_nodes(sql) if node.get("type") == "BASE_TABLE")


def syntax_nodes(sql: str) -> Iterator[dict[str, Any]]:
    """The nodes of a statement's syntax tree, as DuckDB parses it; of one it cannot parse, none
    that names anything."""
    with duckdb.connect() as con:
        tree = con.execute("select json_serialize_sql($1::varchar)", [sql]).fetchall()[0][0]
    nodes = [json.loads(tree)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            yield node
            nodes += node.values()
        elif isinstance(node, list):
            nodes += node


def _expressions(mapped: MappedInput) -> Iterator[str]:
    yield from (mapped.where or "true", *(j.on for j in mapped.join))
    for value in (*(mapped.columns or {}).values(), *mapped.custom.values()):
        if isinstance(value, Expression):
            yield value.sql


def _read_by(mapped: MappedInput) -> set[str]:
    """Every relation that a mapped input names."""
    named = {r for r in (mapped.source, *(j.to for j in mapped.join)) if r}
    # Only an expression with a query of its own can name a relation.
    queries = [e for e in _expressions(mapped) if "select" in e.lower()]
    return named.union(*(relations_in(f"select {e}") for e in queries))


def _behind(source: Source, relations: Iterable[str]) -> list[str]:
    """The extracts and mapped tables behind relations, prepared ones resolved."""
    found: dict[str, None] = {}
    waiting, seen = list(relations), set()
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        if name in source.prepare:
            waiting += sorted(relations_in(source.prepare[name]))
        elif name in source.extracts or name.startswith(MAPPED):
            found[name] = None
    return list(found)


def mapped_reads(source: Source, table: str) -> list[str]:
    """The mapped tables that a table's inputs read."""
    read = _behind(source, sorted(set().union(*map(_read_by, source.tables[table]))))
    return [t for t in source.tables if MAPPED + t in read]


def extracts_of(source: Source, table: str) -> list[str]:
    """Every extract that a table's rows depend on, through other mapped tables too."""
    found: dict[str, None] = {}
    tables = [table]
    for reader in tables:
        for name in _behind(source, sorted(set().union(*map(_read_by, source.tables[reader])))):
            if not name.startswith(MAPPED):
                found[name] = None
            elif (read := name.removeprefix(MAPPED)) in source.tables and read not in tables:
                tables.append(read)
    return list(found)


def used_extracts(source: Source) -> set[str]:
    """Every extract that the mapping reads."""
    return {name for table in source.tables for name in extracts_of(source, table)}


def driving_extracts(source: Source, table: str) -> list[str]:
    """The extracts whose loads date a contract table: those that drive its inputs.

    An input driven by a prepared relation or by another mapped table counts the extracts behind it.
    """
    found: list[str] = []
    for mapped in source.tables[table]:
        for name in _behind(source, [mapped.source] if mapped.source else []):
            if not name.startswith(MAPPED):
                found.append(name)
            elif name.removeprefix(MAPPED) in source.tables:
                found += driving_extracts(source, name.removeprefix(MAPPED))
    return list(dict.fromkeys(found))


def driven_table(source: Source, extract: str) -> str | None:
    """The first contract table that an extract drives, to say where its unreadable rows belong."""
    return next((t for t in source.tables if extract in driving_extracts(source, t)), None)


def tables_in_order(source: Source) -> list[str]:
    """The source's contract tables: parents first, and what is read as `mapped.X` before its
    reader."""
    reads = {name: set(mapped_reads(source, name)) for name in source.tables}
    left = [t for t in schemas.TABLES if t in source.tables]
    ordered: list[str] = []
    while left:
        ready = next((t for t in left if reads[t] <= set(ordered)), None)
        if ready is None:
            raise ConfigurationError(f"source {source.name}: these tables read each other in a "
                                     f"circle: {', '.join(left)}")
        ordered.append(ready)
        left.remove(ready)
    return ordered


def table_inputs(source: Source, table: str) -> dict[str, Any]:
    """What one table's rows depend on in the configuration, for its address."""
    return {"name": source.name, "prepare": source.prepare,
            "dialect": source.connection.model_dump(mode="json", exclude={"path"}),
            "inputs": [m.model_dump(mode="json") for m in source.tables[table]]}


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
            if extract is None or not mapped.source or mapped.group_by:
                continue
            plain = [(mapped.columns or {k: k for k in table.key}).get(k) for k in table.key]
            key = extract.key or tuple(
                p.removeprefix(f"{mapped.driving}.") for p in plain if isinstance(p, str))
            if len(key) >= len(table.key):
                found[mapped.source] = key
    return found
