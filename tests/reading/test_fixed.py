"""Lines of fixed width are cut where the declaration says, and named when they cannot be."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dagster_project import reading
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError

FIELDS = {"No": [1, 4], "Name": [6, 13], "Balance": [14, 20]}


def read(folder: Path, content: str | bytes, **dialect: Any) -> tuple[reading.Parsed, list[Any]]:
    blob = folder / "file.txt"
    blob.write_bytes(content.encode() if isinstance(content, str) else content)
    stated = Dialect(**{"format": "fixed", "fields": FIELDS, **dialect})
    parsed = reading.parse(blob, "file.txt", stated, folder / "out.parquet")
    return parsed, [tuple(row.values()) for row in pq.read_table(parsed.path).to_pylist()]


def test_each_field_is_what_stands_at_its_characters_without_padding(tmp_path: Path) -> None:
    parsed, rows = read(
        tmp_path, "0012xMüller    12.50 not declared\r\n\r\n  13                \r\n")
    assert parsed.columns == ("No", "Name", "Balance")
    assert rows == [("0012", "Müller", "12.50", 1), ("13", None, None, 3)]


def test_a_line_that_lost_its_trailing_blanks_is_read_as_if_it_had_them(tmp_path: Path) -> None:
    assert read(tmp_path, "0012 Mill\n0013\n0014 Smith      7.5\n")[1] == [
        ("0012", "Mill", None, 1), ("0013", None, None, 2), ("0014", "Smith", "7.5", 3)]


def test_fields_may_overlap_and_stand_in_any_order(tmp_path: Path) -> None:
    fields = {"Year": [5, 8], "Day": [1, 8], "Month": [3, 4]}
    assert read(tmp_path, "31122025\n", fields=fields)[1] == [("2025", "31122025", "12", 1)]


def test_lines_before_the_records_are_skipped_and_keep_their_numbers(tmp_path: Path) -> None:
    assert read(tmp_path, "H 2026\n\n0012 Miller     1.00\n\x1a", skip=2)[1] == [
        ("0012", "Miller", "1.00", 3)]


def test_a_malformed_character_takes_one_place_and_costs_its_line_alone(tmp_path: Path) -> None:
    good = "0013 Müller     2.00\n"
    parsed, rows = read(tmp_path, b"0012 M\xfcller     1.00\n" + good.encode())
    assert rows == [("0013", "Müller", "2.00", 2)]
    assert [(u.line, u.reason) for u in parsed.unreadable] == [
        (1, "malformed bytes for the declared encoding")]
    parsed, rows = read(tmp_path, f"0012 a\0b\n{good}")
    assert ([u.reason for u in parsed.unreadable], len(rows)) == (["a NUL byte"], 1)


def test_characters_are_counted_not_bytes(tmp_path: Path) -> None:
    line = "0012 Øødegård   3.00\n"
    for encoding in ("utf-8", "cp1252", "utf-16"):
        assert read(tmp_path, line.encode(encoding), encoding=encoding)[1] == [
            ("0012", "Øødegård", "3.00", 1)]


@pytest.mark.parametrize(("content", "message"), [
    ("", r"the file is empty \(0 bytes\)"),
    ("0012 Miller     1.00\n0013 Mil", r"line 2: the file is cut off in its last record, at byte "
                                       r"29 \(8 of 20 characters\)"),
    pytest.param("x" * (1 << 24), "line 1: it is longer than 16,777,216 characters", id="endless"),
    ("0012 Miller     1.00\n".encode("utf-16"), "the file is UTF-16"),
])
def test_a_file_that_is_broken_as_a_whole_is_refused(
        tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        read(tmp_path, content)


def test_a_last_line_that_reaches_its_last_field_needs_no_line_end(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, "0012 Miller     1.00")
    assert (rows, parsed.ends_with_newline) == ([("0012", "Miller", "1.00", 1)], False)
