"""Where a mapping says that a person's data stands: records of extracts, and the cells in them.

A record is a person's if it is theirs or tells about them: a column that names a person
(`schemas.PERSONS`) holds their key. Of such a record every cell goes that feeds a personal column
of the contract, or no column at all; keys, references, amounts, dates and codes stay.
Not here: the record of erasures (erasures), the blanking (forgetting).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import schemas

from ..casting import literal, quoted
from ..current_state import LINEAGE
from ..errors import ConfigurationError
from ..mapping import Mapper, typed_sql
from ..mapping.plan import input_name, relations_in, syntax_nodes
from ..settings import Expression, MappedInput, Source
from . import erasures


@dataclass(frozen=True)
class Cells:
    """The cells of a record that go: extract columns, with the personal columns they feed, and
    what stands in their place."""

    feeds: Mapping[str, tuple[str, ...]]
    instead: Mapping[str, str | None]


@dataclass(frozen=True)
class Found:
    """One record of a person, with the contract table and the extract it was found by.

    `named` are the keys it holds of this person and of others, by column of `schemas.PERSONS`.
    """

    person: str
    table: str
    extract: str
    load_id: str
    file: str
    line: int
    named: Mapping[str, str]
    cells: Cells


def personal_tables(source: Source) -> list[str]:
    """The source's contract tables that hold personal data."""
    return [t for t in source.tables if t in schemas.TABLES
            and any(c.personal for c in schemas.TABLES[t].columns)]


@lru_cache(maxsize=4096)
def columns_in(sql: str) -> frozenset[tuple[str, ...]]:
    """Every column that an expression names, with its prefix; none if it does not parse."""
    return frozenset(tuple(node["column_names"]) for node in syntax_nodes(sql)
                     if node.get("class") == "COLUMN_REF")


class PersonFinder(Mapper):
    """Finds the records of persons over everything that was ever landed of a source."""

    def find(self, persons: Mapping[str, set[str]], load_ids: Iterable[str]) -> Iterator[Found]:
        """Records of these persons (digests by table) in these loads.

        Raises ConfigurationError where the mapping hides which record a person's data is from.
        """
        loads = erasures.listed(load_ids)
        for table in personal_tables(self.source):
            for position, mapped in enumerate(self.source.tables[table]):
                if mapped.rows is None and not (mapped.source or "").startswith("mapped."):
                    yield from self._in_input(table, position, mapped, persons, loads)

    def whose(self, lines: Collection[tuple[str, str, int]],
              ) -> dict[tuple[str, str, int], tuple[str, str]]:
        """The person, as table and key, whose own record stands on each of these lines."""
        found: dict[tuple[str, str, int], tuple[str, str]] = {}
        listed = ", ".join(f"({literal(load)}, {literal(file)}, {line})"
                           for load, file, line in sorted(lines))
        for column, table in schemas.PERSONS.items():
            for mapped in self.source.tables.get(table, ()) if lines else ():
                stated = self.mapping_of(table, mapped)
                if mapped.rows is None and column in stated and set(LINEAGE) <= set(
                        self.all_columns(mapped.source or "")):
                    for key, *line in self.connection.execute(
                            f"select {quoted(column)}, _load_id, _file, _line from "
                            f"({self._named_rows(mapped, [column], stated)}) "
                            f"where (_load_id, _file, _line) in ({listed})").fetchall():
                        found[line[0], line[1], line[2]] = (table, key)
        return found

    def _in_input(self, table: str, position: int, mapped: MappedInput,
                  persons: Mapping[str, set[str]], loads: str) -> Iterator[Found]:
        stated = self.mapping_of(table, mapped)
        personal = [c for c in schemas.TABLES[table].columns if c.personal]
        for column, person_table in schemas.PERSONS.items():
            told = [c.name for c in personal if column in c.personal and c.name in stated]
            if column not in stated or person_table not in persons or not told:
                continue
            if not set(LINEAGE) <= set(self.all_columns(mapped.source or "")):
                raise ConfigurationError(
                    f"source {self.source.name}, {input_name(table, position, mapped)}: the "
                    f"prepared relation {mapped.source} does not say which record a row is from; "
                    f"let it select {', '.join(LINEAGE)} too, so that a person can be found")
            naming = [name for name in schemas.PERSONS if name in stated]
            digest = erasures.digest_sql(self.source.name, person_table, quoted(column))
            rows = self.connection.execute(
                f"select distinct {digest}, _load_id, _file, _line, "
                f"{', '.join(map(quoted, naming))} from ({self._named_rows(mapped, naming, stated)}"
                f") where _load_id in ({loads or 'null'}) "
                f"and {digest} in ({erasures.listed(persons[person_table])})").fetchall()
            for extract in self._extracts_behind(mapped.source or ""):
                cells = self._cells(table, mapped, extract, told)
                for person, load_id, file, line, *keys in rows:
                    named = {n: key for n, key in zip(naming, keys, strict=True) if key}
                    yield Found(person, table, extract, load_id, file, line, named, cells)

    def _named_rows(self, mapped: MappedInput, naming: list[str],
                    stated: Mapping[str, Any]) -> str:
        """Every driving row with the keys it names, filtered, merged and grouped ones too."""
        plain = mapped.model_copy(update={"group_by": ()})
        cells = [self.cell(plain, name, stated[name]) for name in naming]
        kinds = self.types(plain, cells)
        raw = ", ".join([*(cell.raw for cell in cells),
                         *(f"{sql} as {name}" for name, sql in self.lineage(plain).items())])
        read = ", ".join([*(f"{typed_sql(c, kinds[c.name], 'VARCHAR')} as {quoted(c.name)}"
                            for c in cells), *LINEAGE])
        return f"select {read} from (select {raw} from {self.from_clause(plain)})"

    def _extracts_behind(self, relation: str) -> list[str]:
        if relation in self.source.extracts:
            return [relation]
        return [name for name in sorted(relations_in(self.source.prepare.get(relation, "")))
                if name in self.source.extracts]

    def _cells(self, table: str, mapped: MappedInput, extract: str, told: list[str]) -> Cells:
        """Which cells of the extract go: those that tell, and those that nothing else reads."""
        contract = schemas.TABLES[table]
        columns = self.columns(extract) or []
        rules = self.source.extracts[extract].load_date or self.source.load_date
        fixed = {*self.source.extracts[extract].key, self.source.extracts[extract].changed or "",
                 (rules.column if rules else None) or ""}
        feeds: dict[str, list[str]] = {}
        used: set[str] = set()
        for other, inputs in self.source.tables.items():
            for one in inputs:
                if extract not in self._extracts_read(one):
                    continue
                for name, read in self._reads(other, one, columns):
                    if other == table and name in told:
                        for column in read:
                            feeds.setdefault(column, []).append(name)
                    elif other in schemas.TABLES and name in self._fixed_columns(other):
                        fixed |= read
                    elif not self._is_personal(other, name):
                        used |= read
        for name, sql in self.source.prepare.items():
            if mapped.source != name and extract in relations_in(sql):
                used |= self._named(columns, columns_in(sql))
        gone = [c for c in columns if c not in fixed and (c in feeds or c not in used)]
        required = {c.name for c in contract.columns if not c.nullable}
        return Cells({c: tuple(feeds.get(c, ())) for c in gone},
                     {c: erasures.ERASED if required & set(feeds.get(c, ())) else None
                      for c in gone})

    def _extracts_read(self, mapped: MappedInput) -> set[str]:
        names = {n for n in (mapped.source, *(j.to for j in mapped.join)) if n}
        return names | {e for n in names if n in self.source.prepare
                        for e in relations_in(self.source.prepare[n])}

    def _reads(self, table: str, mapped: MappedInput,
               columns: list[str]) -> Iterator[tuple[str, set[str]]]:
        """Columns of the extract that each column of an input reads; other clauses as ''.

        Custom fields are no columns of the contract: they go with the record.
        """
        for name, value in self.mapping_of(table, mapped).items():
            if isinstance(value, Expression):
                yield name, self._named(columns, columns_in(f"select {value.sql}"))
            elif isinstance(value, str):
                yield name, self._named(columns, {(value,), tuple(value.split(".", 1))})
        clauses = [mapped.where or "true", *(j.on for j in mapped.join), *map(
            self._as_sql, mapped.group_by)]
        if mapped.unique_by:
            clauses += [*map(self._as_sql, mapped.unique_by.columns)]
        for clause in clauses:
            yield "", self._named(columns, columns_in(f"select {clause}"))

    @staticmethod
    def _as_sql(name: str) -> str:
        return quoted(name) if not name.isidentifier() else name

    @staticmethod
    def _named(columns: list[str], names: Iterable[tuple[str, ...]]) -> set[str]:
        folded = {name[-1].casefold() for name in names if name}
        return {c for c in columns if c.casefold() in folded}

    @staticmethod
    def _fixed_columns(table: str) -> set[str]:
        """Columns that hold the house together: keys, references, and the names of persons."""
        contract = schemas.TABLES[table]
        referring = {c for reference in contract.references for c in reference.columns}
        return {*contract.key, *referring, *schemas.PERSONS}

    @staticmethod
    def _is_personal(table: str, name: str) -> bool:
        contract = schemas.TABLES.get(table)
        return contract is not None and any(c.personal for c in contract.columns
                                            if c.name == name)
