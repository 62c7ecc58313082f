"""A landed file whose delivered bytes are gone: its rows as they were read, kept in their place.

A person's cells cannot be taken out of every format a file may be delivered in, but every format
is read into text Parquet. After an erasure that Parquet is the blob, with the cells blanked and
with what the reader had to say of the file; it is read back without the reader. Not here: which
cells are blanked (forgetting), how delivered bytes are read (reading).
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow.parquet as pq

from . import engine
from .casting import literal, quoted
from .loads import LINE, Unreadable
from .reading import Parsed

ENDING = ".erased.parquet"
ABOUT = "customer360"


@dataclass(frozen=True)
class Blank:
    """Cells of one column that go: on these lines, with what stands there instead."""

    lines: frozenset[int]
    instead: str | None


def line_sql(has_lines: bool) -> str:
    """The line of a record of a parsed file; the header is line 1."""
    return LINE if has_lines else "file_row_number + 2"


def write(parsed: Parsed, blanks: Mapping[str, Blank], unreadable: Sequence[Unreadable],
          target: Path) -> None:
    """Write a parsed file with its cells blanked, in the order of its rows."""
    line = line_sql(parsed.has_lines)
    about = {"columns": parsed.columns, "rows": parsed.rows, "records": parsed.records,
             "has_lines": parsed.has_lines, "ends_with_newline": parsed.ends_with_newline,
             "unreadable": [asdict(one) for one in unreadable]}
    with engine.connect() as con:
        con.execute("create table blank (cell varchar, line bigint)")
        for column, blank in blanks.items():
            con.execute("insert into blank select $1, unnest($2::bigint[])",
                        [column, sorted(blank.lines)])
        cells = [quoted(column) if column not in blanks else
                 f"case when {line} in (select line from blank where cell = {literal(column)}) "
                 f"then {literal(instead) if (instead := blanks[column].instead) else 'null'} "
                 f"else {quoted(column)} end as {quoted(column)}" for column in parsed.columns]
        cells += [LINE] if parsed.has_lines else []
        con.execute(
            f"copy (select {', '.join(cells)} from read_parquet({literal(str(parsed.path))}, "
            f"file_row_number = true)) to {literal(str(target))} (format parquet, "
            f"compression zstd, kv_metadata {{{ABOUT}: {literal(json.dumps(about))}}})")


def read(blob: Path, target: Path) -> Parsed:
    """Put kept rows where a parsed file is expected."""
    about = json.loads(pq.read_metadata(blob).metadata[ABOUT.encode()])
    shutil.copyfile(blob, target)
    return Parsed(target, tuple(about["columns"]), about["rows"],
                  tuple(Unreadable(**one) for one in about["unreadable"]), about["records"],
                  about["has_lines"], about["ends_with_newline"])
