"""A configuration held against what its connections deliver right now, without landing anything.

Everything wrong is collected, source by source; a bounded sample of each extract is mapped and
checked in a temporary folder. Not here: how the findings are shown (onboarding).
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

import schemas

from . import landing, mapping, quality, reading, sources
from .casting import literal, quoted
from .dialect import Dialect
from .errors import ConfigurationError, Customer360Error, DeliveryError
from .loads import ExtractState, LandedFile, Load, ParsedFile
from .mapping import fit, plan
from .reading.text import BROKEN, CUT_OFF, MAX_LINE, NOTHING, open_bytes
from .settings import NO_CURRENCY, Configuration, Constant, MappedInput, Source, Todo

# As many records of a file are mapped; a smaller file is looked at whole, and read as it lies.
RECORDS = 10_000
SMALL_FILE = 1 << 20
# Of an incremental extract the last deliveries are looked at.
DELIVERIES = 5
JSON_LINES = {".jsonl", ".ndjson"}
NOT_LANDED = "not landed"
TO_DO = "to do"


@dataclass(frozen=True)
class ExtractFinding:
    """What one extract delivers. `whole`: every record of it was looked at."""

    name: str
    files: int = 0
    newest: date | None = None
    rows: int = 0
    unreadable: int = 0
    columns: int = 0
    whole: bool = True
    used: bool = True
    problem: str | None = None


@dataclass(frozen=True)
class TableFinding:
    """One contract table as the sample maps to it. Counts are rows of the sample.

    `first` are the first rows under `names`; `stated` is what the mapping says of each name.
    `reasons` are the commonest, with their count and one row's words; `skipped` says why the rows
    were not checked.
    """

    table: str
    names: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    first: tuple[tuple[Any, ...], ...] = ()
    mapped: int = 0
    quarantined: int = 0
    reasons: tuple[tuple[int, str], ...] = ()
    too_many: bool = False
    skipped: str | None = None
    problem: str | None = None


@dataclass(frozen=True)
class SourceFinding:
    """Everything found at one source. `mapping`: what does not fit; `stray`: files nobody reads."""

    source: str
    role: str
    folder: Path
    problem: str | None = None
    extracts: tuple[ExtractFinding, ...] = ()
    stray: tuple[tuple[str, str], ...] = ()
    mapping: tuple[str, ...] = ()
    tables: tuple[TableFinding, ...] = ()


@dataclass(frozen=True)
class Findings:
    """Everything found. `exit_code`: 0 fine, 1 the data is not, 2 the configuration is not."""

    todos: tuple[str, ...]
    sources: tuple[SourceFinding, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        if self.todos or any(s.mapping for s in self.sources):
            return ConfigurationError.exit_code
        bad = any(s.problem or any(e.problem and e.used for e in s.extracts)
                  or any(t.problem or t.too_many for t in s.tables) for s in self.sources)
        return DeliveryError.exit_code if bad else 0


def examine(configuration: Configuration, *, rows: int = 3,
            only: str | None = None) -> Findings:
    """Look at every source, or at one; nothing is left in the data folder.

    `rows` of each contract table are kept. Raises nothing that a source can be blamed for.
    """
    found = []
    looked_at = [configuration.source(only)] if only else configuration.sources
    with tempfile.TemporaryDirectory(prefix="customer360-") as scratch:
        for source in looked_at:
            folder = Path(scratch) / source.name
            folder.mkdir()
            found.append(_Examination(configuration, source, folder, rows).findings())
    return Findings(tuple(configuration.todos), tuple(found))


class _Examination:
    """One source, looked at in a scratch folder of its own."""

    def __init__(self, configuration: Configuration, source: Source, scratch: Path,
                 rows: int) -> None:
        self.configuration, self.stated, self.rows = configuration, source, rows
        self.source = _without_todos(source)
        self.scratch = scratch
        self.root = sources.folder(configuration, source)
        self.headers: dict[str, tuple[str, ...]] = {}
        self.states: dict[str, ExtractState] = {}

    def findings(self) -> SourceFinding:
        """Everything found at this source."""
        finding = SourceFinding(self.source.name, self.source.role, self.root)
        if self.source.needs_folder and not self.root.is_dir():
            return SourceFinding(
                finding.source, finding.role, self.root,
                problem=f"its folder {self.root} does not exist; connection.path is relative to "
                        f"{self.configuration.path}")
        used = plan.used_extracts(_known_tables(self.source))
        extracts = tuple(self._extract(name, used=name in used) for name in self.source.extracts)
        missing = {e.name for e in extracts if e.name not in self.headers}
        readable = self._without(missing)
        problems = fit.problems(readable, self.headers,
                                unjudged={*self.source.tables} - {*readable.tables})
        tables = () if problems else tuple(self._tables(readable, extracts))
        return SourceFinding(finding.source, finding.role, self.root, None, extracts,
                             tuple(self._stray()), tuple(problems), tables)

    def _without(self, missing: set[str]) -> Source:
        """The source without the tables that cannot be judged for want of an extract."""
        known = _known_tables(self.source)
        kept = {name: inputs for name, inputs in self.source.tables.items()
                if name not in known.tables
                or not missing & set(plan.extracts_of(known, name))}
        prepare = {name: sql for name, sql in self.source.prepare.items()
                   if not missing & plan.relations_in(sql)}
        return self.source.model_copy(update={"tables": kept, "prepare": prepare})

    # -- extracts -------------------------------------------------------------------------------

    def _extract(self, name: str, *, used: bool) -> ExtractFinding:
        """What an extract delivers: its header, and the head of its newest files."""
        extract = self.source.extracts[name]
        try:
            alone = self.source.model_copy(update={"extracts": {name: extract}})
            deliveries = sources.pull(self.configuration, alone)
            if not deliveries and not extract.required:
                self.headers[name] = tuple(extract.optional)
                self.states[name] = self._state(name, [])
                return ExtractFinding(name, used=used)
            if not deliveries:
                return ExtractFinding(name, used=used, problem=(
                    f"no file matches {', '.join(extract.files)}{self._similar(name)}"))
            newest = deliveries[-1]
            self.headers[name] = landing.header(newest, newest.files[0], self.source)
            mode = newest.files[0].manifest.mode or extract.mode
            looked = deliveries[-1:] if mode == "full" else deliveries[-DELIVERIES:]
            parsed, whole = self._parse(name, looked, mode)
        except Customer360Error as problem:
            self.headers.pop(name, None)
            return ExtractFinding(name, used=used, problem=_short(problem))
        self.states[name] = self._state(name, parsed)
        rows, unreadable = (sum(getattr(p.load, key) for p in parsed)
                            for key in ("rows", "unreadable"))
        return ExtractFinding(
            name, sum(len(d.files) for d in deliveries), newest.load_date, rows, unreadable,
            len(self.headers[name]), whole, used,
            "a header and no rows" if rows + unreadable == 0 and mode == "full"
            and not landing.dialect_of(self.source, name).allow_empty else None)

    def _state(self, name: str, parsed: Sequence[ParsedFile]) -> ExtractState:
        extract = self.source.extracts[name]
        return ExtractState(
            self.source.name, name, landing.dialect_of(self.source, name), extract.key,
            extract.changed, extract.optional, tuple(parsed), (),
            tuple((p.load, "current") for p in parsed))

    def _parse(self, name: str, deliveries: Sequence[sources.Delivery],
               mode: str) -> tuple[list[ParsedFile], bool]:
        parsed, whole = [], True
        dialect = landing.dialect_of(self.source, name)
        for number, delivery in enumerate(deliveries):
            for place, file in enumerate(delivery.files):
                target = self.scratch / f"{name}-{number}-{place}.parquet"
                blob, complete = _head(file.path, dialect, target.with_suffix(".csv"))
                one = reading.parse(blob, str(file.path), dialect, target)
                whole = whole and complete
                load = Load(NOT_LANDED, self.source.name, name, mode,
                            delivery.load_date or date.min, number, "", one.rows,
                            len(one.unreadable), one.ends_with_newline,
                            (LandedFile(file.name, "", 0, ""),), one.columns)
                parsed.append(ParsedFile(load, file.name, one.path, one.columns, one.has_lines,
                                         one.unreadable))
        return parsed, whole

    def _similar(self, name: str) -> str:
        """Files that the pattern of an extract may have meant."""
        near = sorted(p.name for p in self.root.iterdir()
                      if p.is_file() and name.rstrip("s") in p.name.lower())
        return f" (there is {', '.join(near[:3])})" if near else ""

    def _stray(self) -> Iterator[tuple[str, str]]:
        """Files of the folder that no extract picks up, each with the reason."""
        picked = {path for extract in self.source.extracts.values()
                  for pattern in extract.files for path in self.root.glob(pattern)}
        waits = self.source.connection.manifest == "required"
        for path in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if not path.is_file() or path.name.startswith(".") or path.name.endswith(
                    sources.MANIFEST_SUFFIX):
                continue
            if path.name.endswith(sources.UNFINISHED):
                yield path.name, "still being written, by its ending"
            elif path not in picked:
                yield path.name, "no extract names it"
            elif waits and not path.with_name(path.name + sources.MANIFEST_SUFFIX).exists():
                yield path.name, "its manifest is not there yet"

    # -- tables ---------------------------------------------------------------------------------

    def _tables(self, source: Source, extracts: Sequence[ExtractFinding]) -> Iterator[TableFinding]:
        """Each contract table, parents first: mapped, shown, checked."""
        partial = {e.name for e in extracts if not e.whole}
        accepted: dict[str, Path] = {}
        unsure: set[str] = set()
        with mapping.Mapper(source, self.states, scratch=self.scratch) as mapper:
            for table in plan.tables_in_order(source):
                read = set(plan.extracts_of(source, table))
                folder = self.scratch / f"table-{table}"
                folder.mkdir()
                try:
                    mapped = mapper.map_table(table, folder / "mapped.parquet")
                    parents = {r.table: accepted[r.table] for r in schemas.TABLES[table].references
                               if r.table in accepted and r.table not in unsure}
                    finding, left = self._checked(mapper, mapped, folder, parents)
                except (Customer360Error, duckdb.Error) as problem:
                    yield TableFinding(table, problem=_short(problem))
                    # Readers of it are judged without it.
                    mapper.add_header(f"mapped.{table}", {
                        c.name: c.sql_type for c in schemas.TABLES[table].columns})
                    continue
                accepted[table] = left
                if finding.skipped or read & partial:
                    unsure.add(table)
                mapper.add_mapped(table, left)
                yield finding

    def _checked(self, mapper: mapping.Mapper, mapped: mapping.MappedTable, folder: Path,
                 parents: Mapping[str, Path]) -> tuple[TableFinding, Path]:
        """A mapped table with its first rows and what would be quarantined of it."""
        table = mapped.table
        stated: dict[str, str] = {}
        for one in reversed(self.stated.tables[table]):
            if one.rows is not None:
                stated |= {name: TO_DO if isinstance(value, dict) else "inline"
                           for row in one.rows for name, value in row.items()}
                continue
            said = {k: _words(v) for k, v in mapper.mapping_of(table, one).items()}
            stated |= {k: TO_DO if stated.get(k) == TO_DO else v for k, v in said.items()}
        names = tuple(c.name for c in schemas.TABLES[table].columns if c.name in stated)
        listed = ", ".join(map(quoted, names))
        first = tuple(mapper.connection.execute(
            f"select {listed} from read_parquet({literal(str(mapped.path))}) "
            f"order by _file, _line limit {self.rows}").fetchall())
        words = tuple(stated[name] for name in names)
        todo = [name for name in names if stated[name] == TO_DO]
        total = sum(i.mapped for i in mapped.inputs)
        if todo:
            return TableFinding(table, names, words, first, total, skipped=(
                f"not checked while {', '.join(todo)} is to do")), mapped.path
        checked = quality.check(self.source.name, table, mapped.path, folder, parents,
                                inputs=mapped.inputs, load_ids=(), load_date=None,
                                scratch=self.scratch)
        limit = self.configuration.bad_rows_limit(self.source)
        return TableFinding(
            table, names, words, first, checked.mapped, checked.quarantined,
            tuple(_reasons(checked)) if checked.quarantined else (),
            quality.too_many(checked, limit, {}) is not None), checked.accepted_path


def _without_todos(source: Source) -> Source:
    """The source as if what is to do were stated, so that the rest can be judged."""
    def filled(table: str, mapped: MappedInput) -> MappedInput:
        columns = mapped.columns and {
            name: Constant(constant=None) if isinstance(value, Todo) else value
            for name, value in mapped.columns.items()}
        rows = mapped.rows and tuple(
            {name: _stand_in(table, name) if isinstance(value, dict) else value
             for name, value in row.items()} for row in mapped.rows)
        return mapped.model_copy(update={"columns": columns, "rows": rows})

    return source.model_copy(update={"tables": {
        table: tuple(filled(table, mapped) for mapped in inputs)
        for table, inputs in source.tables.items()}})


def _stand_in(table: str, name: str) -> Any:
    """A value of a column's type, for an inline cell that is still to do."""
    contract = schemas.TABLES.get(table)
    column = next((c for c in contract.columns if c.name == name), None) if contract else None
    if column is None or column.sql_type == "VARCHAR":
        return NO_CURRENCY if column and column.unit else TO_DO
    return date(2000, 1, 1) if column.sql_type in ("DATE", "TIMESTAMP") else 1


def _known_tables(source: Source) -> Source:
    """The source with the tables that the contract knows: the others are a mapping problem."""
    return source.model_copy(update={"tables": {
        name: inputs for name, inputs in source.tables.items() if name in schemas.TABLES}})


def _head(path: Path, dialect: Dialect, target: Path) -> tuple[Path, bool]:
    """The first records of a file as a file of their own, and whether that is all.

    A small file, and one whose lines are no records, is taken as it lies.
    """
    lines_of = {"csv": True, "fixed": True, "json": not JSON_LINES.isdisjoint(path.suffixes)}
    small = SMALL_FILE // (10 if path.suffix in (".gz", ".zst") else 1)
    if not lines_of.get(dialect.format) or path.stat().st_size < small:
        return path, True
    mark = dialect.quote.encode() if dialect.format == "csv" else b""
    lines = marks = 0
    try:
        with open_bytes(path) as file, target.open("wb") as out:
            while line := file.readline(MAX_LINE):
                out.write(line)
                lines += 1
                marks += line.count(mark) if mark else 0
                # Not within a quoted cell.
                if lines > RECORDS + dialect.skip and marks % 2 == 0:
                    if dialect.encoding in ("utf-16", "utf-16-le"):
                        out.write(file.read(1))
                    return target, not file.read(1)
    except BROKEN as problem:
        raise DeliveryError(f"{path}: {CUT_OFF}: {problem}") from None
    return target, True


def _words(value: Any) -> str:
    """What a mapping says of a column, in short."""
    if isinstance(value, Constant):
        return "nothing" if value.constant is None else f"constant {value.constant}"
    if isinstance(value, Todo):
        return TO_DO
    return value if isinstance(value, str) else str(value.sql)


def _reasons(checked: quality.Checked) -> Iterator[tuple[int, str]]:
    """The commonest broken rules, each with the words of one row that broke it."""
    broken = sorted((r for r in checked.rules if r.failed),
                    key=lambda r: (-r.failed, r.column or "", r.rule))
    with duckdb.connect() as con:
        con.execute("create view bad as select *, unnest(string_split(reasons, '; ')) as reason "
                    f"from read_parquet({literal(str(checked.quarantine_path))})")
        for rule in broken[:5]:
            try:
                message = schemas.explain(schemas.TABLES[checked.table], rule.column, rule.rule)
            except KeyError:
                message = ""  # of the mapping: its words are the row's own
            if rule.column is None and rule.rule != "key":
                yield rule.failed, message
                continue
            start = f"{rule.column}: " if rule.column else ""
            reason, file, line = next(iter(con.execute(
                "select reason, source_file, source_line from bad where starts_with(reason, $1) "
                "and contains(reason, $2) order by source_file, source_line limit 1",
                [start, message]).fetchall()), (f"{start}{message or rule.rule}", "", None))
            where = f" ({file}{f', line {line}' if line else ''})" if file else ""
            yield rule.failed, f"{reason}{where}"


def _short(problem: Exception) -> str:
    """A refusal without what it says of publications: nothing was landed here anyway."""
    return str(problem).removesuffix(NOTHING).strip()
