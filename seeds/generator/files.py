"""Extracts as a system would write them: CSV, JSON lines or fixed width; locale, gzip, manifest.

Cells are Python values until a locale turns them into text; a bad row is planted afterwards,
as text. Not here: what the rows say.
"""

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

NUMBER = re.compile(r"-?(0|[1-9]\d*)([.,]\d+)?")
EXTRA_CELLS = "+"  # a key no header has: cells beyond the header, for a ragged row


@dataclass(frozen=True)
class Locale:
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    thousands: str = ""
    day: str = "%Y-%m-%d"
    moment: str = "%Y-%m-%d %H:%M:%S"
    yes_no: tuple[str, str] = ("Yes", "No")
    line_end: str = "\n"

    def text(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self.yes_no[0] if value else self.yes_no[1]
        if isinstance(value, Decimal):
            return self._number(value)
        if isinstance(value, datetime):
            return value.strftime(self.moment)
        if isinstance(value, date):
            return value.strftime(self.day)
        return str(value)

    def _number(self, value: Decimal) -> str:
        plain = f"{value:,f}"
        return plain.replace(",", "\0").replace(".", self.decimal).replace("\0", self.thousands)


PLAIN = Locale()


@dataclass
class Extract:
    path: str
    header: list[str]
    rows: list[dict[str, str]]
    locale: Locale = PLAIN
    totals: tuple[str, ...] | None = None  # a manifest is written, with these sums
    widths: tuple[int, ...] = ()  # of a .txt file: the characters of each field

    @property
    def load_day(self) -> str:
        return self.path.rsplit("_", 1)[1][:10]

    def line_of(self, row: dict[str, str]) -> int:
        """The physical line a row starts on; line 1 is the header."""
        line = 2
        for other in self.rows:
            if other is row:
                return line
            line += 1 + sum(cell.count("\n") for cell in other.values())
        raise LookupError(f"{self.path} has no such row")


def extract(
    path: str,
    rows: Iterable[Mapping[str, object]],
    locale: Locale = PLAIN,
    totals: tuple[str, ...] | None = None,
    widths: tuple[int, ...] = (),
) -> Extract:
    texts = [{name: locale.text(value) for name, value in row.items()} for row in rows]
    if not texts:
        raise ValueError(f"{path}: an extract of the demo has at least one row")
    return Extract(path, list(texts[0]), texts, locale, totals, widths)


def write(found: Extract, folder: Path) -> None:
    target = folder / found.path
    target.parent.mkdir(parents=True, exist_ok=True)
    content = _content(found)
    if target.suffix == ".gz":
        content = gzip.compress(content, compresslevel=9, mtime=0)
    target.write_bytes(content)
    if found.totals is not None:
        _write_manifest(found, target, content)


def _content(found: Extract) -> bytes:
    # a malformed byte is planted as a lone surrogate, which only this error handler lets through
    write = {".jsonl": _json_lines, ".txt": _fixed_lines}.get(Path(found.path).suffix, _csv_lines)
    return write(found).encode(found.locale.encoding, errors="surrogateescape")


def _json_lines(found: Extract) -> str:
    """One object a line; a dotted name stands within another object, a number without quotes."""
    lines = []
    for row in found.rows:
        record: dict[str, object] = {}
        for name, cell in row.items():
            *path, last = name.split(".")
            inside = record
            for part in path:
                inside = inside.setdefault(part, {})  # type: ignore[assignment]
            inside[last] = json.loads(cell) if NUMBER.fullmatch(cell) else cell or None
        lines.append(json.dumps(record, ensure_ascii=False) + found.locale.line_end)
    return "".join(lines)


def _fixed_lines(found: Extract) -> str:
    """Each cell in as many characters as its field has; a number stands at the right."""
    lines = []
    for row in found.rows:
        cells = [row[name] for name in found.header]
        if any(len(cell) > width for cell, width in zip(cells, found.widths, strict=True)):
            raise ValueError(f"{found.path}: a cell of {cells} is wider than its field")
        lines.append("".join(
            cell.rjust(width) if NUMBER.fullmatch(cell) else cell.ljust(width)
            for cell, width in zip(cells, found.widths, strict=True)
        ) + found.locale.line_end)
    return "".join(lines)


def _csv_lines(found: Extract) -> str:
    buffer = io.StringIO()
    writer = csv.writer(
        buffer, delimiter=found.locale.delimiter, lineterminator=found.locale.line_end
    )
    writer.writerow(found.header)
    for row in found.rows:
        cells = [row[name] for name in found.header]
        extra = row.get(EXTRA_CELLS)
        writer.writerow(cells if extra is None else [*cells, *extra.split("|")])
    return buffer.getvalue()


def _write_manifest(found: Extract, target: Path, content: bytes) -> None:
    facts: dict[str, object] = {"load_date": found.load_day, "rows": len(found.rows)}
    if target.suffix != ".gz":  # compressed bytes depend on the zlib at hand, plain ones do not
        facts |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    if found.totals:
        facts["totals"] = {
            name: str(sum((Decimal(row[name]) for row in found.rows), Decimal(0)))
            for name in found.totals
        }
    text = json.dumps(facts, indent=2) + "\n"
    target.with_name(target.name + ".manifest.json").write_text(text, encoding="utf-8")
