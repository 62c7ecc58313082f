"""A sheet of an Excel workbook (also .xls, .xlsb, .ods), cell by cell as text.

A cell that has a type is written out: a date in ISO form, a number by all digits it is stored
with (a binary double: the shortest that reads back the same) and the declared decimal sign, a
flag as true or false. What is text stays as it is. The value of a formula is the one stored with
it. The line of a record is its row in the sheet.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from ..errors import closest
from .text import File, Record, unreadable

# A workbook is read whole: about 3 million cells, which take 0.7 GB.
MAX_BYTES = 1 << 27
ERRORS = {"Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!",
          "Ref": "#REF!", "Value": "#VALUE!", "GettingData": "#GETTING_DATA"}
MIDNIGHT = " 00:00:00"


def columns(file: File) -> tuple[str, ...]:
    """The names in the header row; a nameless column that holds anything is named by its place.

    Raises DeliveryError for a file that is no workbook, has no such sheet or no such row.
    """
    return tuple(name for name, _ in _named(file))


def records(file: File, names: tuple[str, ...]) -> Iterator[Record]:
    """The rows after the header that hold anything."""
    named = [position for _, position in _named(file)]
    sheet = _sheet(file)
    header = file.dialect.skip
    for number in range(header + 1, sheet.height):
        cells = [sheet.cells[position][number] for position in named]
        if not any(cells):
            continue
        line = number + 1
        wrong = [(name, text) for name, text in zip(names, cells, strict=True)
                 if isinstance(text, CellError)]
        if wrong:
            reason = ", ".join(f"{name}: the cell is an error ({text})" for name, text in wrong)
            yield line, unreadable(line, reason, ",".join(cell or "" for cell in cells))
        else:
            yield file.judged(line, cells, len(names))


class CellError(str):
    """What stands in a cell whose formula has no value, as a person sees it."""


@dataclass(frozen=True)
class _Sheet:
    """The cells of a sheet by column, rows counted from the top of the sheet."""

    height: int
    cells: list[list[str | None]]


# A header is read before the records are: a workbook is kept as long as its file is at hand.
_SHEETS: WeakKeyDictionary[File, _Sheet] = WeakKeyDictionary()


def _sheet(file: File) -> _Sheet:
    if file not in _SHEETS:
        _SHEETS[file] = _loaded(file)
    return _SHEETS[file]


def _loaded(file: File) -> _Sheet:
    import fastexcel  # only who has sheets waits for it

    size = _size(file)
    if size == 0:
        raise file.refused("the file is empty (0 bytes)")
    if size > MAX_BYTES:
        raise file.refused(f"a workbook of more than {MAX_BYTES:,} bytes, unpacked; let it be "
                           "delivered as CSV")
    try:
        workbook = fastexcel.read_excel(file.blob)
        name = _sheet_name(file, workbook.sheet_names)

        def load(kind: Any) -> Any:
            # Rows before the first that is used count as well, so that lines are the sheet's.
            return workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes=kind)

        texts, errors = load("string").to_arrow_with_errors()
        numbers, flags, moments = (
            load(kind).to_arrow() for kind in ("float", "boolean", "datetime"))
    except fastexcel.FastExcelError as problem:
        first = str(problem).partition("\n")[0]
        raise file.refused(f"not a readable workbook: {first}") from None
    cells = []
    for position in range(texts.num_columns):
        columns = [batch.column(position).to_pylist() for batch in (texts, numbers, flags)]
        # Any number gives a moment too, and some give one that no calendar has.
        columns.append(moments.column(position).is_valid().to_pylist())
        cells.append([_text(text, number, flag, is_moment, file.dialect.decimal)
                      for text, number, flag, is_moment in zip(*columns, strict=True)])
    for error in errors.errors if errors else ():
        row, position = error.offset_position
        kind = error.detail.partition("Error(")[2].partition(")")[0]
        shown = ERRORS.get(kind, f"#{kind or error.detail}")
        if shown not in file.dialect.null_values:
            cells[position][row] = CellError(shown)
    return _Sheet(texts.num_rows, cells)


def _size(file: File) -> int:
    """A workbook's bytes; most are archives of many times their size."""
    if not zipfile.is_zipfile(file.blob):
        return file.blob.stat().st_size
    try:
        with zipfile.ZipFile(file.blob) as archive:
            return sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as problem:
        raise file.refused(f"not a readable workbook: {problem}") from None


def _text(text: str | None, number: float | None, flag: bool | None, is_moment: bool,
          point: str) -> str | None:
    """One cell, by what it gives as text, as a number and as a flag, and whether as a moment.

    Text gives no flag, whatever it says; a flag gives a number, and a number a flag.
    """
    if text is None:
        return None
    if number is not None and flag is not None and text not in ("true", "false"):
        return f"{Decimal(repr(number)).normalize():f}".replace(".", point)
    if is_moment and flag is None and text.endswith(MIDNIGHT):
        return text.removesuffix(MIDNIGHT)
    return text


def _named(file: File) -> list[tuple[str, int]]:
    sheet = _sheet(file)
    header = file.dialect.skip
    if header >= sheet.height:
        raise file.refused(f"there is no header in row {header + 1}: the sheet has "
                           f"{sheet.height} rows")
    names = [(cells[header] or "").strip() for cells in sheet.cells]
    if not any(names):
        raise file.refused(f"row {header + 1} of the sheet is empty; if the header stands further "
                           "down, `skip` says how many rows come before it")
    return [(name or f"column_{position}", position - 1) for position, name in enumerate(names, 1)
            if name or any(sheet.cells[position - 1][header + 1:])]


def _sheet_name(file: File, names: list[str]) -> str:
    stated = file.dialect.sheet
    if stated is None or isinstance(stated, int):
        number = stated or 1
        if not 1 <= number <= len(names):
            raise file.refused(f"there is no sheet {number}: the workbook has "
                               f"{', '.join(names)}")
        return names[number - 1]
    if stated not in names:
        raise file.refused(f"there is no sheet {stated!r}{closest(stated, names)}: the workbook "
                           f"has {', '.join(names)}")
    return stated
