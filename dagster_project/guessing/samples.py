"""A bounded sample of a file nobody described: its encoding, its delimiter, some of its records.

However large a file is, only its beginning and two places further in are read. Not here: what the
cells mean (values).
"""

import csv
import io
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .. import reading
from ..dialect import Dialect, Format
from ..errors import DeliveryError
from ..reading.delimited import DELIMITERS
from ..reading.text import BROKEN, MAX_LINE, NOTHING, File, open_bytes

HEAD_BYTES = 1 << 20
PLACE_BYTES = 1 << 17
RECORDS = 5_000
MOST_SKIPPED = 12
LONGEST_NAME = 80
# Fewer lines of one width than this share are no table.
MOST_LINES = 0.6
# Formats that a file's ending tells, and that the product's own readers sample.
FORMATS: dict[str, Format] = {
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".xlsx": "excel", ".xlsm": "excel",
    ".xlsb": "excel", ".xls": "excel", ".ods": "excel"}
JSON_LINES = {".jsonl", ".ndjson"}
# A document of JSON is read whole, so a larger one is not looked at.
MOST_JSON = 1 << 26
COMPRESSED = (".gz", ".zst")

Record = tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """What the sampled bytes of one file tell. `whole`: the sample is all there is.

    `problem` says why the file is no table; it has no columns then.
    """

    path: Path
    format: str = "csv"
    encoding: str = "utf-8"
    encoding_why: str = ""
    delimiter: str = ","
    quote: str = '"'
    skip: int = 0
    records_in: str | None = None
    columns: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    whole: bool = True
    problem: str | None = None


def sample(path: Path) -> Sample:
    """The sample of a file; one that cannot be read as a table says why."""
    try:
        if path.suffix == ".parquet":
            return _parquet(path)
        kind = next((FORMATS[s] for s in path.suffixes if s in FORMATS), None)
        if kind is not None:
            return _structured(path, kind)
        head, places, whole = _bytes(path)
    except (*BROKEN, pa.ArrowException) as problem:
        return Sample(path, problem=f"not readable: {problem}")
    if not head:
        return Sample(path, problem="the file is empty")
    encoding, why = encoding_of(head + b"".join(places))
    if encoding is None:
        return Sample(path, problem=why)
    text = _decoded(head, encoding)
    if not whole:
        text = text[: text.rfind("\n") + 1]
    delimiter, quote, width = delimiter_of(text)
    skip = _lines_before(text, delimiter, quote, width) if width > 1 else 0
    records = _records(text.split("\n", skip)[skip], delimiter, quote)
    for place in places:
        # The first and the last line of a place are cut.
        lines = _decoded(place, encoding).split("\n")[1:-1]
        records += _records("\n".join(lines), delimiter, quote)
    header = tuple(name.strip() for name in records[0]) if records else ()
    if width == 1 < len(header):
        return Sample(path, problem="it is not delimited text")
    if (lacking := _no_header(header)) is not None:
        return Sample(path, problem=lacking)
    fitting = tuple(r for r in records[1:] if len(r) == len(header))[:RECORDS]
    columns = tuple(name or f"column_{i}" for i, name in enumerate(header, 1))
    return Sample(path, "csv", encoding, why, delimiter, quote, skip, columns=columns,
                  records=fitting, whole=whole and len(fitting) < RECORDS)


def _lines_before(text: str, delimiter: str, quote: str, width: int) -> int:
    """Lines before the header that are narrower than the table: a title, a blank line."""
    for number, line in enumerate(text.split("\n", MOST_SKIPPED)[:MOST_SKIPPED]):
        row = next(iter(_records(line, delimiter, quote)), ())
        if len(row) == width and all(cell.strip() for cell in row):
            return number
    return 0


def _no_header(header: Sequence[str]) -> str | None:
    if not any(header):
        return "it has no records"
    # A sentence is no name; an abbreviation (`Kd.Nr.`) is.
    if any(len(name) > LONGEST_NAME or (" " in name and name.endswith((".", "!")))
           for name in header) or (len(header) == 1 and " " in header[0]):
        return "it is not delimited text"
    if any("\0" in name or not name.isprintable() for name in header):
        return "it is not text"
    folded = [name.casefold() for name in header if name]
    if len(set(folded)) < len(folded):
        return "its first line has a name twice"
    plain = sum(not name or name.replace(".", "").replace(",", "").lstrip("-").isdigit()
                for name in header)
    return "its first line is no header" if plain * 3 > len(header) else None


def _bytes(path: Path) -> tuple[bytes, list[bytes], bool]:
    """The beginning, places further in, and whether the beginning is everything."""
    with open_bytes(path) as file:
        head = file.read(HEAD_BYTES + 1)
    if len(head) <= HEAD_BYTES:
        return head, [], True
    places = []
    if path.suffix not in COMPRESSED:
        size = path.stat().st_size
        with path.open("rb") as file:
            for start in (size // 2, size - PLACE_BYTES):
                # UTF-16 has two bytes a character.
                file.seek(max(start, HEAD_BYTES) // 2 * 2)
                places.append(file.read(PLACE_BYTES))
    return head[:HEAD_BYTES], places, False


def encoding_of(data: bytes) -> tuple[str | None, str]:
    """The encoding that bytes are written in, and how that is known; None for what is no text.

    Plain ASCII reads the same in most encodings, so nothing tells then.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", "sure: it begins with UTF-16's byte order mark"
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8", "sure: it begins with UTF-8's byte order mark"
    nulls = data[:4096].count(0)
    if nulls:
        odd = data[1:4096:2].count(0)
        if nulls * 3 > len(data[:4096]) and max(odd, nulls - odd) > 0.9 * nulls:
            return ("utf-16-le" if odd * 2 > nulls else "utf-16-be",
                    "likely: every other byte is zero")
        return None, "it is not text"
    if data.isascii():
        return "utf-8", ""
    for end in range(4):
        # A sample may end within a character.
        try:
            data[: len(data) - end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return "utf-8", "sure: it reads as UTF-8"
    controls = sum(data.count(byte) for byte in (*range(9), *range(14, 27)))
    if controls * 20 > len(data):
        return None, "it is not text"
    undefined = sum(data.count(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    if undefined > 3:
        return "latin-1", "guess: it reads neither as UTF-8 nor as cp1252"
    return "cp1252", "likely: it is not UTF-8, and cp1252 reads it; look at umlauts and accents"


def _decoded(data: bytes, encoding: str) -> str:
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def delimiter_of(text: str) -> tuple[str, str, int]:
    """The delimiter and the quote that make most lines equally wide, and as wide as possible."""
    best, chosen = (0.0, 1), (",", '"', 1)
    for delimiter in DELIMITERS:
        for quote in ('"', "'"):
            if quote == "'" and f"{delimiter}'" not in text[:4096]:
                continue
            rows = _records(text[:200_000], delimiter, quote)[:500]
            if not rows:
                continue
            width, count = Counter(len(row) for row in rows).most_common(1)[0]
            untidy = any(cell[:1] == cell[-1:] == "'" and len(cell) > 1
                         for row in rows for cell in row)
            found = (round(count / len(rows) - 0.05 * untidy, 2), width)
            if width > 1 and count >= MOST_LINES * len(rows) and found > best:
                best, chosen = found, (delimiter, quote, width)
    return chosen


def _records(text: str, delimiter: str, quote: str) -> list[Record]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
    found: list[Record] = []
    try:
        for row in rows:
            if row:
                found.append(tuple(row))
            if len(found) > RECORDS:
                break
    except csv.Error:
        pass  # what was read so far is the sample
    return found


def _structured(path: Path, kind: Format) -> Sample:
    """JSON and sheets, as the product reads them; of long JSON lines the first."""
    with tempfile.TemporaryDirectory() as scratch:
        blob, whole = path, True
        if not JSON_LINES.isdisjoint(path.suffixes):
            blob, whole = _first_lines(path, Path(scratch))
        elif kind == "json" and path.stat().st_size > MOST_JSON:
            return Sample(path, problem="too large to be sampled; JSON lines are read in part")
        where = _list_in(blob) if kind == "json" and blob == path else None
        file = File(blob, path.name, Dialect(format=kind, records=where))
        try:
            names = reading.FORMATS[kind].columns(file)
            read = [cells for _, cells in islice(
                reading.FORMATS[kind].records(file, names), RECORDS)]
        except DeliveryError as problem:
            return Sample(path, problem=str(problem).removesuffix(NOTHING).strip())
    records = [tuple(cell or "" for cell in cells) for cells in read
               if isinstance(cells, list)]
    if not names or not records:
        return Sample(path, problem="it has no records")
    return Sample(path, kind, records_in=where, columns=names, records=tuple(records),
                  whole=whole and len(records) < RECORDS)


def _first_lines(path: Path, scratch: Path) -> tuple[Path, bool]:
    """The first lines as a file of their own, and whether they are all."""
    target = scratch / "head.jsonl"
    with open_bytes(path) as file, target.open("wb") as out:
        for _ in range(RECORDS):
            out.write(file.readline(MAX_LINE))
        return target, not file.read(1)


def _list_in(path: Path) -> str | None:
    """Where the list of records stands in a JSON document, as dotted names."""
    with open_bytes(path) as file:
        try:
            waiting = [("", json.loads(file.read()))]
        except ValueError:
            return None
    while waiting:
        where, value = waiting.pop(0)
        if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            return where or None
        if isinstance(value, dict):
            waiting += [(f"{where}.{key}" if where else key, v) for key, v in value.items()]
    return None


def _parquet(path: Path) -> Sample:
    """Parquet's own values, written out as text."""
    with pq.ParquetFile(path) as file:
        batch = next(file.iter_batches(batch_size=RECORDS), None)
        columns = tuple(file.schema_arrow.names)
        whole = file.metadata.num_rows <= RECORDS
    cells = [] if batch is None else [
        ["" if value is None else str(value) for value in column.to_pylist()]
        for column in batch.columns]
    return Sample(path, "parquet", columns=columns, records=tuple(zip(*cells, strict=True)),
                  whole=whole)
