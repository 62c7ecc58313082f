"""One table of all papers, for whoever merges it with an own layout: CSV and Excel.

Not here: what a paper says (papers).
"""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from .. import output
from .papers import Paper, Row

# What a paper adds to the columns of its mart, in the place of those of the same name.
ADDED = ("language", "subject", "text", "word_file", "pdf_file")
# A cell of Excel holds no longer text, and one that is longer would be left empty.
LONGEST = 32767


def table(rows: Sequence[Row], papers: Sequence[Paper]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Header and rows: one row a paper, the columns of its mart and what it says."""
    names = list(dict.fromkeys([*(rows[0] if rows else ()), *ADDED]))
    added = [dict(zip(ADDED, (paper.language, paper.title, paper.body, f"{paper.stem}.docx",
                              f"{paper.stem}.pdf"), strict=True)) for paper in papers]
    return names, [tuple(({**row} | more)[name] for name in names)
                   for row, more in zip(rows, added, strict=True)]


def csv(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> bytes:
    """As CSV in UTF-8, with the mark that spreadsheets ask for; no text runs as a formula."""
    text = io.StringIO()
    output.write_csv(text, names, output.Rows(rows), False)
    return text.getvalue().encode("utf-8-sig")


def excel(names: Sequence[str], rows: Sequence[tuple[Any, ...]], as_of: date) -> bytes:
    """As one sheet of Excel: text stays text, amounts and days are such."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"created": datetime.combine(as_of, time())})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("letters")
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(number, column, value)
            elif isinstance(value, Decimal | int):
                sheet.write_number(number, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, datetime.combine(value, time()), day)
            elif value is not None:
                sheet.write_string(number, column, _cell(str(value)))
    book.close()
    return made.getvalue()


def _cell(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST - 1]}…"
