"""JSON: lines of one object each, or one document with a list of them.

Objects within a record become columns with dotted names; a list stays JSON text, or gives one row
per element (`explode`). Numbers keep their digits: none ever becomes a float.
"""

import json
import re
from collections.abc import Generator, Iterable, Iterator
from typing import Any

from ..dialect import PLACE
from ..errors import closest
from ..loads import Unreadable
from .text import NO_TEXT, File, Record, unreadable

# A document is read whole; more characters than this belong into JSON lines.
MAX_DOCUMENT = 1 << 28
BLANK = re.compile(r"[ \t\r\n]*")


class Digits(str):
    """A number as it stands in the file."""


class Unfit(Exception):
    """What makes a record unreadable; stands in its place until the record is looked at."""


UNREADABLE = (Unfit, RecursionError)


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        return Unfit(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return found


DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Digits, parse_int=Digits,
    parse_constant=lambda name: Unfit(f"{name} is no number of JSON"))


def columns(file: File) -> tuple[str, ...]:
    """Every column that a record has, in the order of first sight; none without a record.

    Raises DeliveryError for a file that is no JSON, or has no list where one is declared.
    """
    names: dict[str, None] = {}
    keys: dict[str, None] = {}
    broken: Unreadable | None = None
    with_rows = 0
    for _, value in _values(file):
        if isinstance(value, Unreadable):
            broken = broken or value
            continue
        if isinstance(value, dict):
            keys |= dict.fromkeys(value)
        try:
            rows = _rows(file, value)
        except UNREADABLE:
            continue
        with_rows += rows is not None
        for row in rows or ():
            if row.keys() - names.keys():
                names |= dict.fromkeys(row)
    if broken and not keys:
        raise file.refused(f"{broken.reason}. JSON lines have one object on each line; of one "
                           "document, `records` names the list in it", broken.line)
    if keys and not with_rows and (explode := file.dialect.explode):
        raise file.refused(f"no record has a list {explode!r}{closest(explode, list(keys))}")
    return tuple(names)


def records(file: File, names: tuple[str, ...]) -> Iterator[Record]:
    """Each record's rows with its line, or with its number where the file is one document.

    Raises DeliveryError for a document that is broken, and for lines that end within a record.
    """
    width = len(names)
    for line, value in _values(file):
        if isinstance(value, Unreadable):
            yield line, value
            continue
        try:
            judged = [file.judged(line, [row.get(name) for name in names], width)
                      for row in _rows(file, value) or ()]
            # A record is read whole or not at all.
            yield from [r for r in judged if isinstance(r[1], Unreadable)][:1] or judged or [
                (line, None)]
        except UNREADABLE as problem:
            yield line, unreadable(line, str(problem), _shown(value))


# -- records --------------------------------------------------------------------------------------


def _values(file: File) -> Iterator[tuple[int, Any]]:
    """The values that are records, with their line or number; a line that is no JSON Unreadable."""
    file.check_start()
    return _of_document(file) if _is_document(file) else _of_lines(file)


def _is_document(file: File) -> bool:
    if file.dialect.records:
        return True
    with file.text() as text:
        while piece := text.read(4096):
            if piece := piece.lstrip():
                return piece.startswith("[")
    return False


def _of_lines(file: File) -> Iterator[tuple[int, Any]]:
    broken: Unreadable | None = None
    with file.text() as text:
        for number, line in enumerate(file.lines(text), 1):
            if not line.strip():
                continue
            broken = None
            try:
                yield number, DECODER.decode(line)
            except (ValueError, RecursionError) as problem:
                broken = unreadable(number, f"not readable as JSON: {problem}", line.rstrip())
                yield number, broken
    if broken and not file.shape.ends_with_newline:
        raise file.refused(f"the file is cut off in its last record, at byte {file.shape.size}",
                           broken.line)


def _of_document(file: File) -> Iterator[tuple[int, Any]]:
    with file.text() as text:
        whole = text.read(MAX_DOCUMENT + 1)
    if len(whole) > MAX_DOCUMENT:
        raise file.refused(f"one JSON document of more than {MAX_DOCUMENT:,} characters; let the "
                           "records be delivered as JSON lines")
    path = file.dialect.records.split(".") if file.dialect.records else []
    try:
        yield from enumerate(_Document(file, whole).records(path), 1)
    except (ValueError, RecursionError) as problem:
        raise file.refused(f"not readable as JSON: {problem}") from None


class _Document:
    """One JSON text, walked to its list of records; these are decoded one at a time."""

    def __init__(self, file: File, text: str) -> None:
        self._file, self._text, self._at = file, text, 0

    def records(self, path: list[str]) -> Iterator[Any]:
        """The elements of the list at the path. Raises ValueError where the text is broken."""
        yield from self._list_at(path)
        self._skip_blank()
        if self._at < len(self._text):
            raise json.JSONDecodeError("Extra data", self._text, self._at)

    def _list_at(self, path: list[str]) -> Generator[Any, None, None]:
        self._skip_blank()
        if not path:
            for _ in self._parts("[", "]"):
                yield self._value()
            return
        found = False
        keys = []
        for _ in self._parts("{", "}"):
            keys.append(key := self._value())
            self._skip_blank()
            self._take(":")
            if key == path[0] and not found:
                found = True
                yield from self._list_at(path[1:])
            else:
                self._value()
        if not found:
            raise self._file.refused(f"the document has no {path[0]!r}, which `records: "
                                     f"{self._file.dialect.records}` names{closest(path[0], keys)}")

    def _parts(self, start: str, end: str) -> Iterator[None]:
        """Stand before each part of a list or an object, and after it at the end."""
        if self._text[self._at:self._at + 1] != start:
            kind = "list" if start == "[" else "object"
            names = self._file.dialect.records
            raise self._file.refused(f"there is no {kind} where `records: {names}` says" if names
                                     else f"the document is no {kind}")
        self._at += 1
        self._skip_blank()
        if self._text[self._at:self._at + 1] == end:
            self._at += 1
            return
        while True:
            self._skip_blank()
            yield
            self._skip_blank()
            if self._text[self._at:self._at + 1] == end:
                self._at += 1
                return
            self._take(",")

    def _value(self) -> Any:
        self._skip_blank()
        value, self._at = DECODER.raw_decode(self._text, self._at)
        return value

    def _take(self, sign: str) -> None:
        if self._text[self._at:self._at + 1] != sign:
            raise json.JSONDecodeError(f"Expecting {sign!r}", self._text, self._at)
        self._at += 1

    def _skip_blank(self) -> None:
        if found := BLANK.match(self._text, self._at):
            self._at = found.end()


# -- rows -----------------------------------------------------------------------------------------


def _rows(file: File, record: Any) -> list[dict[str, str | None]] | None:
    """A record as rows of text; None where it has no list to explode. Raises Unfit."""
    if isinstance(record, Unfit):
        raise record
    if not isinstance(record, dict):
        raise Unfit("the record is no object")
    point, explode = file.dialect.decimal, file.dialect.explode
    if not explode:
        return [_flat(record, {}, "", point)]
    elements, rest = _taken_out(record, explode.split("."), explode)
    if elements is None:
        return None
    parent = _flat(rest, {}, "", point)
    rows = []
    for place, element in enumerate(elements, 1):
        row = {**parent, f"{explode}.{PLACE}": str(place)}
        if not isinstance(element, dict):
            element, prefix = {explode: element}, ""
        else:
            prefix = f"{explode}."
        rows.append(_flat(element, row, prefix, point))
    return rows


def _taken_out(record: dict[str, Any], path: list[str],
               explode: str) -> tuple[list[Any] | None, dict[str, Any]]:
    """The list at the path, None where there is none, and the record without it."""
    inner = record.get(path[0])
    rest = {key: value for key, value in record.items() if key != path[0]}
    if inner is None:
        return None, rest
    if len(path) > 1 and isinstance(inner, dict):
        elements, inner = _taken_out(inner, path[1:], explode)
        return elements, {**rest, path[0]: inner}
    if len(path) > 1 or not isinstance(inner, list):
        raise Unfit(f"{explode} is no list")
    return inner, rest


def _flat(value: dict[str, Any], row: dict[str, str | None], prefix: str,
          point: str) -> dict[str, str | None]:
    """An object's values under dotted names, added to a row."""
    for key, inner in value.items():
        if not key or (not key.isprintable() and NO_TEXT.search(key)):
            raise Unfit("a key is no text" if key else "a key has no name")
        name = prefix + key
        if isinstance(inner, dict):
            _flat(inner, row, f"{name}.", point)
            continue
        if name in row:
            raise Unfit(f"two values stand for {name!r}")
        row[name] = inner if type(inner) is str else _text(inner, point)
    return row


def _text(value: Any, point: str) -> str | None:
    """A value as the text of a cell. A number is written with the declared decimal sign.

    Otherwise 1.234 would read as 1234 beside text like "1.234,50".
    """
    if isinstance(value, Digits):
        return value if point == "." else value.replace(".", point)
    if value is None or isinstance(value, str):
        return value
    return _dumped(value)


def _dumped(value: Any) -> str:
    """A value as JSON, numbers digit by digit."""
    if isinstance(value, Digits):
        return value
    if isinstance(value, dict):
        return "{" + _joined(f"{_dumped(k)}: {_dumped(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + _joined(map(_dumped, value)) + "]"
    if isinstance(value, Unfit):
        raise value
    return json.dumps(value, ensure_ascii=False)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _shown(value: Any) -> str:
    """A record that cannot be read, for its quarantine row."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return ""
