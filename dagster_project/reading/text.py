"""A landed file as text: decompressed, decoded as declared, one line after the other.

Here: what CSV, JSON and fixed width have in common, and what makes a cell unreadable. Not here:
what a line means (reading.delimited, reading.json_records, reading.fixed_width).
"""

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from ..dialect import Dialect
from ..errors import DeliveryError
from ..loads import Unreadable

MAX_FIELD = 1 << 20
# A longer line is no line: a file of one line without end must not fill the memory.
MAX_LINE = 1 << 24
# What an unreadable record showed, in its quarantine row.
SHOWN = 2000
CHUNK = 1 << 20
UTF_8 = ("utf-8", "utf-8-sig")
LATIN_1 = "iso8859-1"
CONTROLS = re.compile("[\x80-\x9f]")
SURROGATES = re.compile("[\ud800-\udfff]")
NO_TEXT = re.compile("[\0\ud800-\udfff]")
# Byte order marks: what they say, in which declared encodings they may stand, what to declare.
MARKS = ((codecs.BOM_UTF8, "UTF-8", UTF_8, "utf-8"),
         (codecs.BOM_UTF16_LE, "UTF-16", ("utf-16", "utf-16-le"), "utf-16"),
         (codecs.BOM_UTF16_BE, "UTF-16", ("utf-16", "utf-16-be"), "utf-16"))
NOTHING = "Nothing was loaded; the last publication stays current."
CUT_OFF = "the compressed file is cut off or damaged"
BROKEN = (EOFError, OSError, zlib.error, pa.ArrowInvalid)
# Stands in the text where bytes are none of the declared encoding; no encoding has it.
MALFORMED = "\udcff"
codecs.register_error("customer360", lambda problem: (MALFORMED, getattr(problem, "end", 0)))

# A row with its record's line: its cells (None is empty), or what is wrong with the record. None is
# a record that gives no row; several rows of one line are one record.
Record = tuple[int, "list[str | None] | Unreadable | None"]


@dataclass(frozen=True)
class Shape:
    """What one pass over a file's bytes tells about it."""

    newlines: int
    has_nul: bool
    ends_with_newline: bool
    size: int


@dataclass(frozen=True)
class File:
    """A landed file: its blob, what it is called in messages, and how it is written."""

    blob: Path
    where: str
    dialect: Dialect

    def refused(self, what: str, line: int | None = None) -> DeliveryError:
        """The error that refuses the file as a whole."""
        place = self.where if line is None else f"{self.where}, line {line}"
        return DeliveryError(f"{place}: {what}. {NOTHING}")

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """The bytes of the text file that the blob holds."""
        with open_bytes(self.blob) as file:
            yield file

    def chunks(self) -> Iterator[bytes]:
        """The same, piece by piece. Raises DeliveryError where they are damaged."""
        try:
            with self.opened() as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except BROKEN as problem:
            raise self.refused(f"{CUT_OFF}: {problem}") from None

    @cached_property
    def shape(self) -> Shape:
        """Line ends counted, NUL bytes looked for. Raises DeliveryError."""
        newlines = size = 0
        has_nul = False
        tail = b"\n"
        for chunk in self.chunks():
            newlines += chunk.count(b"\n")
            has_nul = has_nul or b"\0" in chunk
            size += len(chunk)
            tail = (tail + chunk)[-2:]
        # In UTF-16 a NUL may follow the line end's own byte.
        return Shape(newlines, has_nul, tail.endswith((b"\n", b"\r", b"\n\0", b"\r\0")), size)

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """The text, line ends as they stand; MALFORMED stands for bytes that are no text."""
        encoding = "utf-8-sig" if self.dialect.encoding in UTF_8 else self.dialect.encoding
        try:
            with self.opened() as raw:
                buffered = io.BufferedReader(_Raw(raw), CHUNK)
                if buffered.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    encoding = "utf-16"  # takes the mark off
                yield io.TextIOWrapper(buffered, encoding=encoding, errors="customer360",
                                       newline="")
        except BROKEN as problem:
            raise self.refused(f"{CUT_OFF}: {problem}") from None
        except UnicodeError as problem:
            raise self.refused(f"not valid {encoding}: {problem}. Declare the encoding it is "
                               "written in") from None

    def lines(self, text: TextIO) -> Iterator[str]:
        """The lines from the declared header on, each with its line end.

        Raises DeliveryError for a line without end.
        """
        number = 0
        while line := text.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                raise self.refused(f"it is longer than {MAX_LINE:,} characters; the file is not "
                                   "written as declared", number)
            if number > self.dialect.skip:
                yield line

    def check_start(self) -> None:
        """Refuse a file that is empty or plainly in another encoding than declared."""
        start = next(self.chunks(), b"")[:4]
        if not start:
            raise self.refused("the file is empty (0 bytes)")
        declared, wide = self.dialect.encoding, _wide(start)
        for mark, found, fitting, name in MARKS:
            if start.startswith(mark):
                if declared not in fitting:
                    raise self.refused(_other(found, declared, name))
                return
        if declared == "utf-16":
            raise self.refused("the file has no byte order mark, which `encoding: utf-16` needs; "
                               f"declare {wide or 'the encoding it is written in'}")
        if wide and wide != declared:
            raise self.refused(_other("UTF-16", declared, wide))
        if declared.startswith("utf-16") and not wide and start.isascii() and b"\0" not in start:
            raise self.refused(_other("no UTF-16", declared, "utf-8"))

    def check_not_utf_8(self) -> None:
        """Refuse UTF-8 text that is declared to be of a one-byte encoding: it would be garbled.

        Text of such an encoding is hardly ever valid UTF-8 from end to end, and never makes
        characters of the same alphabet then.
        """
        declared = self.dialect.encoding
        if declared.startswith("utf"):
            return
        decoder = codecs.getincrementaldecoder("utf-8")()
        beyond: set[str] = set()
        try:
            for chunk in self.chunks():
                text = decoder.decode(chunk)
                if not text.isascii():
                    beyond.update(c for c in set(text) if not c.isascii())
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return
        if beyond and all(c >= "\u0800" or c.encode(declared, "ignore") for c in beyond):
            sample = "".join(sorted(beyond)[:5])
            raise self.refused(_other(f"UTF-8 (it has {sample})", declared, "utf-8"))

    def check_names(self, names: Sequence[str], line: int) -> None:
        """Refuse names that are UTF-8 read as a one-byte encoding: before anybody maps them so."""
        read, declared = "".join(names), self.dialect.encoding
        if declared.startswith("utf") or read.isascii():
            return
        try:
            meant = read.encode(declared).decode("utf-8")
        except UnicodeError:
            return
        sample = "".join(sorted({c for c in meant if not c.isascii()})[:5])
        raise self.refused(_other(f"UTF-8 (it has {sample})", declared, "utf-8"), line)

    def judged(self, line: int, cells: Sequence[str | None], width: int) -> Record:
        """A record's cells, empty ones None, or why the record cannot be read."""
        joined = "".join(filter(None, cells))
        reason = None
        if not joined.isascii():
            if MALFORMED in joined:
                reason = "malformed bytes for the declared encoding"
            elif self.dialect.encoding == LATIN_1 and CONTROLS.search(joined):
                reason = "characters that latin-1 does not have; the file may be cp1252"
            elif SURROGATES.search(joined):
                reason = "half a character (a lone surrogate)"
        if reason is None and "\0" in joined:
            reason = "a NUL byte"
        if reason is None and len(joined) > MAX_FIELD and any(
                cell and len(cell) > MAX_FIELD for cell in cells):
            reason, joined = f"a field larger than field limit ({MAX_FIELD})", ""
        if reason is None and len(cells) != width:
            reason = f"{len(cells)} cells, the header has {width}"
        if reason is None:
            return line, [cell or None for cell in cells]
        return line, unreadable(line, reason, ",".join(cell or "" for cell in cells)
                                if joined else "")


def unreadable(line: int, reason: str, text: str) -> Unreadable:
    """A record that could not be read; what is no text is shown as such."""
    shown = text[:SHOWN].replace("\0", "\\0").encode("utf-8", "surrogatepass")
    return Unreadable(line, reason, shown.decode("utf-8", "replace"))


def _wide(start: bytes) -> str | None:
    """Which UTF-16 without a byte order mark starts like this, if any."""
    zeros = [byte == 0 for byte in start]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else None


def _other(found: str, declared: str, name: str) -> str:
    return f"the file is {found}, the configuration declares {declared}; declare `encoding: {name}`"


@contextmanager
def open_bytes(blob: Path) -> Iterator[Any]:
    """A landed blob as the bytes of the text file it holds."""
    if blob.suffix == ".gz":
        with gzip.open(blob, "rb") as file:
            yield file
    elif blob.suffix == ".zst":
        with pa.CompressedInputStream(pa.OSFile(str(blob)), "zstd") as file:
            yield file
    else:
        with blob.open("rb") as file:
            yield file


class _Raw(io.RawIOBase):
    """Any object with read() as a raw stream."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
