"""A sheet is read cell by cell: text as it stands, typed cells as the text that says the same."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from dagster_project import reading
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError
from dagster_project.reading import sheets


def sheet(*rows: list[Any]) -> bytes:
    """A workbook with the rows in its sheet "Data", behind another sheet; #... is an error."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("About").write(0, 0, "nothing")
    data, date_format = book.add_worksheet("Data"), book.add_format({"num_format": "dd.mm.yyyy"})
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str) and value.startswith("#"):
                data.write_formula(row, column, "=1/0", None, value)
            elif isinstance(value, str):
                data.write_string(row, column, value)
            elif isinstance(value, datetime):
                data.write_datetime(row, column, value, date_format)
            elif value is not None:
                data.write(row, column, value)
    book.close()
    return out.getvalue()


def read(folder: Path, content: bytes, **dialect: Any) -> tuple[reading.Parsed, list[Any]]:
    blob = folder / "file.xlsx"
    blob.write_bytes(content)
    stated = Dialect(**{"format": "excel", "sheet": "Data", **dialect})
    parsed = reading.parse(blob, "file.xlsx", stated, folder / "out.parquet")
    return parsed, [tuple(row.values()) for row in pq.read_table(parsed.path).to_pylist()]


def test_typed_cells_become_text_and_text_stays_as_it_is(tmp_path: Path) -> None:
    content = sheet(
        ["Id", "Amount", "Day", "Paid"],
        ["00123", 1234.5, datetime(2025, 12, 31), True],
        ["true", -0.000001, datetime(2025, 12, 31, 23, 30, 15), False],
        [12345678901234, 1e21, "31.12.2025", "yes"],
        ["1.10", 1.10, "2025-12-31", "1"])
    assert read(tmp_path, content)[1] == [
        ("00123", "1234.5", "2025-12-31", "true", 2),
        ("true", "-0.000001", "2025-12-31 23:30:15", "false", 3),
        ("12345678901234", "1000000000000000000000", "31.12.2025", "yes", 4),
        ("1.10", "1.1", "2025-12-31", "1", 5)]


def test_a_number_has_every_digit_it_is_stored_with(tmp_path: Path) -> None:
    """The library's own text of a number stops at the ninth decimal."""
    whole, out = zipfile.ZipFile(io.BytesIO(sheet(["N"], [1], [2]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace(
                b"<v>1</v>", b"<v>0.30000000000000004</v>").replace(
                b"<v>2</v>", b"<v>1.0823456789012</v>"))
    assert [row[0] for row in read(tmp_path, out.getvalue())[1]] == [
        "0.30000000000000004", "1.0823456789012"]


def test_a_number_has_the_declared_decimal_sign_so_that_a_column_has_one_only(
        tmp_path: Path) -> None:
    content = sheet(["Amount"], [1.234], ["1.234"], ["1.234,5"])
    _, rows = read(tmp_path, content, decimal=",", thousands=".")
    assert [row[0] for row in rows] == ["1,234", "1.234", "1.234,5"]


def test_lines_are_rows_of_the_sheet_and_empty_ones_are_no_records(tmp_path: Path) -> None:
    content = sheet([], ["List of 2026"], [], [None, "Id", None, "Name", None],
                    [], [None, 1, "x", "a"], [None, None, None, ""], [None, 2, None, None])
    parsed, rows = read(tmp_path, content, skip=3)
    assert parsed.columns == ("Id", "column_3", "Name")
    assert rows == [("1", "x", "a", 6), ("2", None, None, 8)]


def test_an_error_in_a_cell_costs_its_row_unless_it_is_a_word_for_nothing(tmp_path: Path) -> None:
    content = sheet(["Id", "Group", ""], [1, "#N/A"], [2, "a", "#REF!"], [3, "#DIV/0!"], [4, "b"])
    parsed, rows = read(tmp_path, content, null_values=["", "#N/A", "#REF!"])
    assert rows == [("1", None, 2), ("2", "a", 3), ("4", "b", 5)]
    assert [(u.line, u.reason, u.text) for u in parsed.unreadable] == [
        (4, "Group: the cell is an error (#DIV/0!)", "3,#DIV/0!")]


@pytest.mark.parametrize("stated", ["Data", 2])
def test_a_sheet_is_named_or_numbered_and_the_first_if_not_stated(
        tmp_path: Path, stated: str | int) -> None:
    assert read(tmp_path, sheet(["Id"], [7]), sheet=stated)[1] == [("7", 2)]
    assert read(tmp_path, sheet(["Id"], [7]), sheet=None)[0].columns == ("nothing",)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for content, message in ((b"", r"the file is empty \(0 bytes\)"),
                             (b"Id;Name\n1;x\n", "not a readable workbook"),
                             (sheet(["Id"], [1])[:3000], "not a readable workbook")):
        with pytest.raises(DeliveryError, match=message):
            read(tmp_path, content)


@pytest.mark.parametrize(("rows", "dialect", "message"), [
    ([["Id"], [1]], {"sheet": "data"},
     r"there is no sheet 'data' \(closest match: 'Data'\): the workbook has About, Data"),
    ([["Id"], [1]], {"sheet": 3}, "there is no sheet 3: the workbook has About, Data"),
    ([["Id"], [1]], {"skip": 2}, "there is no header in row 3: the sheet has 2 rows"),
    ([[], ["Id"], [1]], {}, "row 1 of the sheet is empty; .* `skip` says how many rows"),
    ([], {}, "there is no header in row 1: the sheet has 0 rows"),
    ([["Id", "ID"], [1, 2]], {}, "line 1: column names stand twice: ID, Id"),
])
def test_a_workbook_without_the_declared_table_is_refused(
        tmp_path: Path, rows: list[list[Any]], dialect: dict[str, Any], message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        read(tmp_path, sheet(*rows), **dialect)


def test_a_workbook_too_large_to_be_read_whole_is_refused(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is its size unpacked."""
    content = sheet(["Id"], *(["x" * 100] for _ in range(200)))
    monkeypatch.setattr(sheets, "MAX_BYTES", len(content))
    with pytest.raises(DeliveryError, match=r"more than [0-9,]+ bytes, unpacked"):
        read(tmp_path, content)


def test_a_sheet_that_changed_under_its_name_is_read_anew(tmp_path: Path) -> None:
    for name in ("Id", "No"):
        assert read(tmp_path, sheet([name], [1]))[0].columns == (name,)
