"""The configuration file that is written from the guesses, for a person to finish.

Not here: the guesses (fitting, deriving), YAML itself (writing).
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import schemas

from ..dialect import Dialect
from ..settings import NO_CURRENCY
from . import vocabulary
from .deriving import Firm, Input
from .fitting import Extract, Guess
from .writing import Comment, Noted, write

# Formats of several extracts are tried in turn, so that one list does for all.
COLLECTED = ("date_format", "timestamp_format", "null_values")
SCHEMA_FILE = "customer360.schema.json"
PREAMBLE = """yaml-language-server: $schema={schema}

Written by `customer360 init` from the files of {folder}. Finish it by hand:
  customer360 doctor --config {file}    what is missing, and the first mapped rows
  customer360 run --config {file}       when nothing is

Behind each guess stands how sure it is. `todo` is what nobody could guess: state a column's name,
{{constant: value}} or {{sql: "..."}} in its place, or delete the entry where it may be left out.
What each contract table and column means: customer360.schema.json, in an editor that reads it."""


@dataclass(frozen=True)
class Found:
    """Everything that goes into the file."""

    name: str
    role: str
    root: Path
    output: Path
    extracts: Sequence[Extract]
    unread: Sequence[tuple[str, str]]
    inputs: Sequence[Input]
    firm: Firm

    @property
    def used(self) -> list[Extract]:
        """The extracts that feed something."""
        names = {i.extract.name for i in self.inputs if i.extract}
        return [e for e in self.extracts if e.name in names]


def text(found: Found) -> str:
    """The whole file."""
    currency = found.firm.currency or Guess(NO_CURRENCY, "TODO: no currency code was seen; state "
                                            "the firm's, or start again with --currency EUR")
    folder = Path(os.path.relpath(found.root.resolve(), found.output.resolve().parent))
    return write({
        Comment(PREAMBLE.format(schema=SCHEMA_FILE, folder=folder, file=found.output.name)): None,
        Comment("", 1): None,
        "company": Noted("My company", "TODO: its name"),
        "reporting_currency": Noted(currency.value, currency.why),
        "data_dir": Noted("data", "everything a run writes; beside this file"),
        Comment("", 2): None,
        "sources": [_source(found, folder)]})


def _source(found: Found, folder: Path) -> dict[Any, Any]:
    dialects = {e.name: _dialect(e, found.inputs) for e in found.used}
    shared = _shared(dialects.values())
    connection: dict[Any, Any] = {"type": "files", "path": folder.as_posix()}
    connection |= {key: Noted(value, why) for key, (value, why) in shared.items()}
    if any("timestamp_format" in d for d in dialects.values()):
        connection["time_zone"] = Noted("UTC", "TODO: the zone that times are written in, such as "
                                               "Europe/Berlin")
    dated = Counter(e.group.dated for e in found.used)
    rule = dated.most_common(1)[0][0] if dated else None
    source: dict[Any, Any] = {"name": found.name, "role": found.role, "connection": connection,
                              "load_date": _load_date(rule, found)}
    if found.role == "erp" and not _says_what_is_paid(found.inputs):
        source["settlement"] = Noted("none", "no extract says what is paid, so there are no "
                                     "receivables; map erp_ar_allocation or open_amount, and "
                                     "delete this")
    source["extracts"] = {
        **{e.name: _extract(e, found, dialects[e.name], shared, rule) for e in found.used},
        **_left_out(found)}
    source["tables"] = _tables(found.inputs)
    return source


# -- how files are written and dated --------------------------------------------------------------

def _dialect(extract: Extract, inputs: Iterable[Input]) -> dict[str, tuple[Any, str]]:
    """How an extract's files are written; where nothing tells, the reason is empty."""
    sample, style = extract.sample, extract.style
    stated: dict[str, tuple[Any, str]] = {}
    if sample.format != "csv":
        stated["format"] = (sample.format, "sure")
    if sample.format == "parquet":
        return stated
    if sample.records_in:
        stated["records"] = (sample.records_in, "sure: the list in the document")
    if sample.format == "csv":
        stated["delimiter"] = (sample.delimiter, "sure" if len(sample.columns) > 1 else "")
        stated["quote"] = (sample.quote, "likely: cells stand between them"
                           if sample.quote != '"' else "")
        stated["encoding"] = (sample.encoding, sample.encoding_why)
    stated["decimal"] = (style.decimal, style.number_why)
    stated["thousands"] = (style.thousands, style.number_why)
    if sample.skip:
        stated["skip"] = (sample.skip, "likely: these lines are no part of the table")
    days, moments = _formats(extract, inputs)
    if days:
        stated["date_format"] = (_one_or_more(days), style.date_why or "sure")
    if moments:
        stated["timestamp_format"] = (_one_or_more(moments), style.date_why or "sure")
    if style.nulls:
        stated["null_values"] = (["", *style.nulls], "likely: these words stand where nothing is")
    return stated


def _formats(extract: Extract, inputs: Iterable[Input]) -> tuple[list[str], list[str]]:
    """The formats of the columns that are mapped to dates, and to points in time."""
    days: dict[str, None] = {}
    moments: dict[str, None] = {}
    columns = {c.name: c for c in extract.columns}
    for made in inputs:
        if made.extract is None or made.extract.name != extract.name:
            continue
        types = {c.name: c.sql_type for c in schemas.TABLES[made.table].columns}
        for name, guess in made.columns.items():
            column = columns.get(guess.value) if isinstance(guess.value, str) else None
            if column is not None and types[name] == "DATE":
                days.update(dict.fromkeys(column.forms))
            if column is not None and types[name] == "TIMESTAMP":
                moments.update(dict.fromkeys(column.forms))
    return list(days), list(moments)


def _one_or_more(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values


def _shared(dialects: Iterable[dict[str, tuple[Any, str]]]) -> dict[str, tuple[Any, str]]:
    """What most extracts have in common: it is said once, for the source.

    Formats are collected: reading tries them in turn.
    """
    dialects = list(dialects)
    shared: dict[str, tuple[Any, str]] = {}
    for key in ("delimiter", "quote", "encoding", "decimal", "thousands"):
        told = [d[key] for d in dialects if key in d and d[key][1]]
        if told:
            value = Counter(value for value, _ in told).most_common(1)[0][0]
            shared[key] = next(t for t in told if t[0] == value)
    for key in COLLECTED:
        values = list(dict.fromkeys(
            v for d in dialects if key in d
            for v in (d[key][0] if isinstance(d[key][0], list) else [d[key][0]])))
        if values:
            shared[key] = (_one_or_more(values), next(d[key][1] for d in dialects if key in d))
    return {key: (value, why) for key, (value, why) in shared.items() if not _default(key, value)}


def _default(key: str, value: Any) -> bool:
    """Whether a key says no more than leaving it out."""
    return bool(getattr(Dialect(), key) in (value, (value,)))


def _load_date(rule: tuple[str, str] | None, found: Found) -> Noted:
    """What dates a load: the files' names, else the newest date that was seen in the files."""
    if rule is not None:
        stated: dict[str, Any] = {"file_name": rule[0]}
        if rule[1] != "%Y-%m-%d":
            stated["format"] = rule[1]
        return Noted(stated, "sure: the date in the files' names")
    newest = max((day for e in found.used for day in _dates_seen(e, found.inputs)), default=None)
    if newest is None:
        return Noted({"constant": date(2000, 1, 1)}, "TODO: nothing dates the files; state the day "
                                                 "they were made")
    return Noted({"constant": newest}, "TODO: nothing dates the files; this is the newest date "
                                       "seen in them. State the day they were made")


def _dates_seen(extract: Extract, inputs: Iterable[Input]) -> Iterable[date]:
    """Dates of what has happened; what is due or promised lies ahead."""
    ahead = {"due", "promised", "requested", "to", "until", "valid", "next", "renews", "renewal"}
    for column in extract.columns:
        if column.kind not in ("date", "timestamp") or ahead & set(vocabulary.words(column.name)):
            continue
        for value in column.values:
            for form in column.forms:
                try:
                    day = datetime.strptime(value, form).date()
                except ValueError:
                    continue
                if day.year < 2200:
                    yield day
                break


# -- extracts -------------------------------------------------------------------------------------

def _extract(extract: Extract, found: Found, dialect: dict[str, tuple[Any, str]],
             shared: dict[str, tuple[Any, str]], rule: tuple[str, str] | None) -> Noted:
    patterns = extract.group.patterns
    stated: dict[Any, Any] = {"files": patterns[0] if len(patterns) == 1 else list(patterns)}
    for key, (value, why) in dialect.items():
        usual = shared.get(key, (getattr(Dialect(), key),))[0]
        # Plain ASCII reads in any encoding but the two-byte ones.
        told = why or (key == "encoding" and str(usual).startswith("utf-16"))
        if told and value != usual and key not in COLLECTED:
            stated[key] = Noted(value, why)
    if extract.group.dated != rule:
        own = _load_date(extract.group.dated, found)
        stated["load_date"] = own
    count = len(extract.group.files)
    rows = f"{len(extract.sample.records):,}{'' if extract.sample.whole else ' or more'}"
    files = "1 file" if count == 1 else f"{count} files, the newest"
    if _looks_incremental(extract, found):
        key = next(c.name for c in extract.columns if c.unique)
        stated |= {"mode": Noted("incremental", "guess: the newest file is much smaller, so it "
                                                "holds what changed"), "key": [key]}
        changed = next((c.name for c in extract.columns if c.kind == "timestamp"
                        and "updated" in vocabulary.words(c.name)), None)
        if changed:
            stated["changed"] = Noted(changed, "likely: by its name")
    return Noted(stated, f"{files} with {rows} records")


def _looks_incremental(extract: Extract, found: Found) -> bool:
    """Whether the newest file holds changes alone: far smaller than the one before."""
    files = extract.group.files
    if len(files) < 2 or not extract.group.dated or not any(c.unique for c in extract.columns):
        return False
    sizes = [path.stat().st_size for path in files[-2:]]
    return sizes[1] < sizes[0] / 2


def _left_out(found: Found) -> dict[Any, Any]:
    """Extracts that fit no table, and files that are none, as comments."""
    used = {e.name for e in found.used}
    rest = [e for e in found.extracts if e.name not in used]
    lines = []
    if rest:
        lines += ["Fitted no contract table, so far:"]
        for e in rest:
            form = "" if e.sample.format == "csv" else f", format: {e.sample.format}"
            lines += [f"{e.name}: {{files: {e.group.patterns[0]}{form}}}",
                      *_listed("    columns: ", [c.name for c in e.columns])]
    if found.unread:
        lines += ["Left out:", *(f"  {name}: {why}" for name, why in found.unread)]
    return {Comment("\n".join(lines), 3): None} if lines else {}


# -- tables ---------------------------------------------------------------------------------------

def _tables(inputs: Sequence[Input]) -> dict[Any, Any]:
    tables: dict[Any, Any] = {}
    for name in dict.fromkeys(i.table for i in inputs):
        ours = [i for i in inputs if i.table == name]
        stated = [_mapped(made, named=len(ours) > 1) for made in ours]
        tables[name] = stated[0] if len(ours) == 1 else stated
    return tables


def _mapped(made: Input, *, named: bool) -> dict[Any, Any]:
    stated: dict[Any, Any] = {}
    if named and made.name:
        stated["name"] = made.name
    for number, note in enumerate(made.notes):
        stated[Comment(note, 10 + number)] = None
    if made.rows:
        stated["rows"] = [{k: Noted(g.value, g.why) for k, g in row.items()} for row in made.rows]
        return stated
    assert made.extract is not None
    stated["from"] = made.extract.name
    stated |= {k: Noted(g.value, g.why) for k, g in made.options.items()}
    columns: dict[Any, Any] = {k: Noted(g.value, g.why) for k, g in made.columns.items()}
    contract = schemas.TABLES[made.table]
    open_ = [c.name for c in contract.columns if c.name not in made.columns]
    said = {str(g.value) for g in made.columns.values()}
    unused = [c.name for c in made.extract.columns if not any(c.name in text for text in said)]
    rest = [*_listed("not mapped: ", open_), *_listed("columns left: ", unused)]
    if rest and not made.notes:
        columns[Comment("\n".join(rest), 5)] = None
    stated["columns"] = columns
    return stated


def _listed(lead: str, names: Sequence[str]) -> list[str]:
    """Names in lines of bearable length."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) < 84:
            lines[-1] += f", {name}"
        elif lines:
            lines[-1] += ","
            lines.append(" " * len(lead) + name)
        else:
            lines.append(lead + name)
    return lines


def _says_what_is_paid(inputs: Iterable[Input]) -> bool:
    return any(i.table == "erp_ar_allocation" or "open_amount" in i.columns for i in inputs)
