"""Lists as an Excel workbook: sheets that can be filtered and printed, a picture of the ageing.

Amounts, days and shares are such and are shown as such; text stays text, whatever it begins with.
Rows are written as they come, so that memory does not grow with them. Not here: which rows and
columns (sheets), who may see them (strangers).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from .mail_merge import LONGEST
from .sheets import SHARES

# Rows of a sheet of Excel; a longer list goes on in another.
MOST_ROWS = 1_048_576
# Digits of a number that Excel keeps.
DIGITS = 15
# Excel knows no day before.
FIRST_YEAR = 1900
HEADER_ROW = 3
# Signs that still can be read beside each other on a page of A4.
A4, PAGE_WIDTH = 9, 260
WIDEST = 60
FIRST_SHEET = "About"
# The height of a picture in rows, and of a row.
CHART_ROWS, PIXELS = 18, 20
# Of the series of a picture: told apart in print and by who is colour-blind too.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#555555")

Row = Sequence[Any]


@dataclass
class Listed:
    """A list on its way into a workbook. `types` are DuckDB's names of the columns' types."""

    title: str
    names: Sequence[str]
    types: Sequence[str]
    rows: Iterable[Row]


@dataclass
class Written:
    """What became of a list: its sheets, its rows, and cells that Excel does not hold whole."""

    title: str
    sheets: list[str] = field(default_factory=list)
    rows: int = 0
    rounded: int = 0
    shortened: int = 0


@dataclass(frozen=True)
class Chart:
    """A picture of amounts of one currency: one for each label and series.

    `kind` is Excel's: column, line.
    """

    title: str
    currency: str
    kind: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[Decimal]]


class Book:
    """A workbook that is being written. Close it with `finish`."""

    def __init__(self, path: Path, *, title: str, subtitle: str, as_of: date,
                 most_rows: int = MOST_ROWS) -> None:
        self._book = xlsxwriter.Workbook(str(path), {
            "constant_memory": True, "tmpdir": str(path.parent), "strings_to_urls": False,
            "strings_to_formulas": False})
        self._book.set_properties({"title": title, "created": datetime.combine(as_of, time())})
        self._title, self._subtitle, self._as_of = title, subtitle, as_of
        self._most_rows = most_rows
        self._written: list[Written] = []
        self._bold = self._book.add_format({"bold": True, "font_size": 14})
        self._quiet = self._book.add_format({"font_color": "#555555"})
        header = {"bold": True, "bg_color": "#DDE6EF", "bottom": 1}
        self._header = self._book.add_format(header)
        self._column_header = self._book.add_format(header | {"indent": 1})
        # Only where no button of a filter hides its end.
        self._over_figures = self._book.add_format(header | {"align": "right"})
        # Figures stand at the right; all else at the left, off the figure beside it.
        self._formats = {
            name: self._book.add_format({"num_format": code} | (
                {"indent": 1} if name in ("day", "moment", "text") else {}))
            for name, code in {
                "money": "#,##0.00;[Red]-#,##0.00", "whole": "#,##0", "quantity": "#,##0.######",
                "share": "0.0%", "rate": "0.00", "day": "yyyy-mm-dd",
                "moment": "yyyy-mm-dd hh:mm", "text": "General"}.items()}
        # Its place is the first; its words are written last, when they are known.
        self._about = self._book.add_worksheet(FIRST_SHEET)

    def add(self, listed: Listed) -> Written:
        """Write a list, on as many sheets as it needs."""
        done = Written(listed.title)
        kinds = [_kind(name, type_) for name, type_ in
                 zip(listed.names, listed.types, strict=True)]
        room = self._most_rows - HEADER_ROW - 1
        rows = iter(listed.rows)
        batch = _take(rows, room)
        while True:
            first = next(batch, None)
            if first is None and done.sheets:
                break
            self._sheet(listed, kinds, done, first, batch)
            batch = _take(rows, room)
        self._written.append(done)
        return done

    def _sheet(self, listed: Listed, kinds: Sequence[str], done: Written, first: Row | None,
               rest: Iterator[Row]) -> None:
        number = len(done.sheets) + 1
        name = listed.title if number == 1 else f"{listed.title} ({number})"
        done.sheets.append(name)
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, name, self._bold)
        sheet.write_string(1, 0, self._subtitle, self._quiet)
        for column, header in enumerate(listed.names):
            sheet.write_string(HEADER_ROW, column, header, self._column_header)
        # Beside its name a column has the button of its filter.
        widths = [len(header) + 5 for header in listed.names]
        row = HEADER_ROW
        for values in _together(first, rest):
            row += 1
            for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
                width = self._cell(sheet, row, column, value, kind, done)
                widths[column] = max(widths[column], min(width, WIDEST))
        done.rows += row - HEADER_ROW
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(HEADER_ROW + 1, min(2, len(widths)))
        sheet.autofilter(HEADER_ROW, 0, max(row, HEADER_ROW + 1), len(widths) - 1)
        sheet.set_landscape()
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_paper(A4)
        if sum(widths) <= PAGE_WIDTH:
            sheet.fit_to_pages(1, 0)
        else:
            sheet.repeat_columns(0, min(1, len(widths) - 1))
            sheet.set_print_scale(50)
        sheet.set_footer(f"&L{_footer(self._subtitle)}&R&P / &N")

    def _cell(self, sheet: Worksheet, row: int, column: int, value: Any, kind: str,
              done: Written) -> int:
        """Write a value; how wide it is."""
        shown = self._formats[kind]
        if value is None:
            return 0
        if isinstance(value, bool):
            # A spreadsheet may show a truth value as 1.
            value = "yes" if value else "no"
        if isinstance(value, Decimal | int):
            digits = Decimal(value).normalize().as_tuple()
            done.rounded += len(digits.digits) > DIGITS
            sheet.write_number(row, column, value, shown)
            return len(f"{value:,.2f}") + 1
        if isinstance(value, date) and value.year < FIRST_YEAR:
            value = value.isoformat()
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), shown)
            return 18
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime.combine(value, time()), shown)
            return 12
        text = str(value)
        done.shortened += len(text) > LONGEST
        sheet.write_string(row, column, text if len(text) <= LONGEST
                           else f"{text[:LONGEST - 1]}…", shown)
        return len(text) + 2

    def finish(self, notes: Sequence[str], charts: Sequence[Chart] = ()) -> None:
        """Write the first sheet: what this is, which lists are where, the pictures; and close."""
        about = self._about
        about.set_column(0, 0, 38)
        about.set_column(1, 12, 14)
        about.write_string(0, 0, self._title, self._bold)
        about.write_string(1, 0, self._subtitle, self._quiet)
        row = HEADER_ROW
        about.write_string(row, 0, "List", self._header)
        about.write_string(row, 1, "Rows", self._over_figures)
        for done in self._written:
            for place, sheet in enumerate(done.sheets):
                row += 1
                about.write_url(row, 0, f"internal:'{sheet}'!A1", string=sheet)
                if place == 0:
                    about.write_number(row, 1, done.rows, self._formats["whole"])
        row += 1
        for note in [*notes, *self._losses()]:
            row += 1
            about.write_string(row, 0, note)
        for chart in charts:
            row = self._draw(about, chart, row + 2)
        about.set_landscape()
        about.fit_to_pages(1, 0)
        self._book.close()

    def _losses(self) -> Iterator[str]:
        for done in self._written:
            if len(done.sheets) > 1:
                yield (f"{done.title}: a sheet holds {self._most_rows:,} rows; the list goes on in "
                       f"{', '.join(done.sheets[1:])}.")
            if done.rounded:
                yield (f"{done.title}: {done.rounded:,} numbers have more than {DIGITS} digits, of "
                       "which Excel keeps no more; the CSV and Parquet files have them whole.")
            if done.shortened:
                yield (f"{done.title}: {done.shortened:,} texts are longer than a cell and are "
                       "cut; the CSV and Parquet files have them whole.")

    def _draw(self, about: Worksheet, chart: Chart, row: int) -> int:
        """Write the figures of a picture, and the picture beside them; the last row of both."""
        drawn = self._book.add_chart({"type": chart.kind})
        last = row + len(chart.labels)
        about.write_string(row, 0, f"{chart.title}, {chart.currency}", self._header)
        for column, name in enumerate(chart.series, 1):
            about.write_string(row, column, name, self._over_figures)
            colour = COLOURS[(column - 1) % len(COLOURS)]
            drawn.add_series({
                "name": [FIRST_SHEET, row, column],
                "categories": [FIRST_SHEET, row + 1, 0, last, 0],
                "values": [FIRST_SHEET, row + 1, column, last, column],
                "fill": {"color": colour}, "line": {"color": colour, "width": 2}, "gap": 60})
        for number, label in enumerate(chart.labels):
            about.write_string(row + 1 + number, 0, label)
            for column, amounts in enumerate(chart.series.values(), 1):
                about.write_number(row + 1 + number, column, amounts[number],
                                   self._formats["money"])
        drawn.set_title({"name": f"{chart.title}, {chart.currency}", "name_font": {"size": 12}})
        drawn.set_legend({"none": len(chart.series) == 1, "position": "bottom"})
        # Below the bars that go down, too.
        drawn.set_x_axis({"label_position": "low"})
        drawn.set_y_axis({"num_format": "#,##0", "major_gridlines": {
            "visible": True, "line": {"color": "#DDDDDD"}}})
        drawn.set_size({"width": 660, "height": CHART_ROWS * PIXELS})
        about.insert_chart(row, len(chart.series) + 1, drawn, {"x_offset": 20})
        return max(last, row + CHART_ROWS)


def _kind(name: str, type_: str) -> str:
    if name in SHARES:
        return "share"
    if type_ == "DECIMAL(18,4)":
        return "money"
    if type_ == "DECIMAL(18,6)":
        return "quantity"
    if type_.startswith("DECIMAL"):
        return "rate"
    if type_ in ("INTEGER", "BIGINT"):
        return "text" if name.endswith("year") else "whole"
    return {"DATE": "day", "TIMESTAMP": "moment"}.get(type_, "text")


def _take(rows: Iterator[Row], count: int) -> Iterator[Row]:
    for _, row in zip(range(count), rows, strict=False):
        yield row


def _together(first: Row | None, rest: Iterator[Row]) -> Iterator[Row]:
    if first is not None:
        yield first
    yield from rest


def _footer(text: str) -> str:
    """A text in which no sign is a command of a footer, which holds 255 signs."""
    return text.replace("&", "&&")[:200]

