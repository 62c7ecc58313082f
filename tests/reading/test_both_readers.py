"""The plain and the careful reader say the same of a file, whatever stands in it."""

import csv
import gzip
import io
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dagster_project import reading
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError
from dagster_project.loads import LINE
from dagster_project.reading.text import MAX_LINE

NASTY = st.sampled_from([
    '"', ",", ";", "\n", "\r\n", "'",
    "\\", " ", "\t", "é", "日本", "🚲", "=1+1", "NULL", "#", "0012",
    "\N{NO-BREAK SPACE}", "\N{LINE SEPARATOR}", "\x1a"])
ANY_TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"),
                   max_size=4)
CELL = st.lists(st.one_of(NASTY, ANY_TEXT), max_size=5).map("".join)


def tables(width: int) -> st.SearchStrategy[list[list[str]]]:
    return st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)


def written(rows: list[list[str]], line_end: str, delimiter: str, *, final: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow([f"c{n}" for n in range(len(rows[0]))])
    writer.writerows(rows)
    return out.getvalue() if final else out.getvalue().removesuffix(line_end)


def read(text: str | bytes, dialect: Dialect = Dialect(), *,  # noqa: B008
         careful: bool = False) -> tuple[reading.Parsed, list[tuple]]:
    with tempfile.TemporaryDirectory() as folder:
        blob = Path(folder) / "file.csv"
        blob.write_bytes(text if isinstance(text, bytes) else text.encode())
        parsed = reading.parse(blob, "file.csv", dialect, Path(folder) / "out.parquet",
                               careful=careful)
        table = pq.read_table(parsed.path)
        lines = (table[LINE].to_pylist() if parsed.has_lines
                 else list(range(2, table.num_rows + 2)))
        columns = [table[c].to_pylist() for c in parsed.columns]
        return parsed, list(zip(lines, *columns, strict=True))


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 4).flatmap(tables), st.sampled_from(["\n", "\r\n"]),
       st.sampled_from([",", ";", "\t"]), st.booleans())
@example([["a\nb", "c"]], "\n", ",", True)
@example([["x"], [""], ["y"]], "\n", ",", True)
@example([["", ""], ["", ""]], "\n", ",", False)
def test_both_readers_agree_with_what_was_written(
        rows: list[list[str]], line_end: str, delimiter: str, final: bool) -> None:
    dialect = Dialect(delimiter=delimiter)
    text = written(rows, line_end, delimiter, final=final)
    plain, careful = read(text, dialect), read(text, dialect, careful=True)
    assert plain[1] == careful[1]
    assert plain[0].unreadable == careful[0].unreadable == ()
    assert [list(cells) for _, *cells in careful[1]] == [[c or None for c in row] for row in rows]


@settings(max_examples=30, deadline=None)
@given(tables(2), st.integers(0, 3))
def test_the_line_of_a_record_is_where_it_starts(rows: list[list[str]], blank: int) -> None:
    """Embedded line breaks and blank lines move every record after them."""
    text, expected = "c0,c1\n", []
    for row in rows:
        text += "\n" * blank
        expected.append(text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1)
        text += written([row], "\n", ",", final=True).removeprefix("c0,c1\n")
    assert [line for line, *_ in read(text)[1]] == expected


def test_a_line_with_too_many_cells_is_named_and_the_others_are_read() -> None:
    parsed, rows = read('a,b\n1,2\n3,4,5\n"6\n6",7\n8\n9,10\n')
    assert rows == [(2, "1", "2"), (4, "6\n6", "7"), (7, "9", "10")]
    assert [(u.line, u.reason) for u in parsed.unreadable] == [
        (3, "3 cells, the header has 2"), (6, "1 cells, the header has 2")]
    assert parsed.unreadable[0].text == "3,4,5"


def test_a_malformed_byte_costs_its_row_alone() -> None:
    parsed, rows = read(b"a,b\n1,caf\xe9\n2,caf\xc3\xa9\n")
    assert rows == [(3, "2", "café")]
    assert [(u.line, u.reason) for u in parsed.unreadable] == [
        (2, "malformed bytes for the declared encoding")]


def test_a_nul_byte_costs_its_row_alone() -> None:
    parsed, rows = read(b"a,b\n1,x\0y\n2,z\n")
    assert rows == [(3, "2", "z")]
    assert [(u.line, u.reason, u.text) for u in parsed.unreadable] == [
        (2, "a NUL byte", "1,x\\0y")]


def test_a_field_of_ten_megabytes_costs_its_row_alone() -> None:
    parsed, rows = read("a,b\n1," + "x" * 10_000_000 + "\n2,z\n")
    assert rows == [(3, "2", "z")]
    [unreadable] = parsed.unreadable
    assert (unreadable.line, len(unreadable.text)) == (2, 0)
    assert "field larger than field limit" in unreadable.reason


def test_a_file_that_is_one_endless_line_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(DeliveryError, match=r"line 2: it is longer than 16,777,216"):
        read("a,b\n" + "x" * (MAX_LINE + 1))


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    for careful in (False, True):
        parsed, rows = read(b"\xef\xbb\xbfid,name\n1,x\n", careful=careful)
        assert parsed.columns == ("id", "name")
        assert rows == [(2, "1", "x")]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le"])
def test_a_declared_encoding_is_read_as_declared(encoding: str) -> None:
    parsed, rows = read("id,name\n1,Müller £\n".encode(encoding), Dialect(encoding=encoding))
    assert rows == [(2, "1", "Müller £")]
    assert parsed.ends_with_newline


def test_line_ends_may_be_mixed() -> None:
    for careful in (False, True):
        assert read("a,b\r\n1,2\n3,4\r\n", careful=careful)[1] == [(2, "1", "2"), (3, "3", "4")]


def test_ids_keep_their_leading_zeros() -> None:
    assert read("id\n00123\n1e5\n")[1] == [(2, "00123"), (3, "1e5")]


@pytest.mark.parametrize(("text", "message"), [
    ("", r"the file is empty \(0 bytes\)"),
    ("a;b\n1;2\n", r"line 1: the header reads as one column; it looks delimited by ';', "
                   r"the configuration declares ','"),
    ("\na,b\n1,2\n", r"line 1: there is no header in this line; .* `skip` says how many lines"),
    ("a,b,A\n1,2,3\n", r"line 1: column names stand twice: A, a"),
    ("a,_line\n1,2\n", r"line 1: _line are names that the product gives"),
    ("a,b\n1,2\n3", r"line 3: the file is cut off in its last record, at byte 9 \(1 of 2 cells\)"),
    ('a,b\n1,2\n3,"4', r"line 3: a quoted field that starts there never ends \(the file stops at "
                       r"byte 12\)"),
    ("id,name\n1,x\n".encode("utf-16"), r"the file is UTF-16, the configuration declares utf-8"),
    ("id,näme\n1,x\n".encode("cp1252"), r"line 1: the header is not utf-8 text; declare"),
])
def test_a_file_that_is_broken_as_a_whole_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        read(text)


def test_a_compressed_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 10_000)
    for cut in (whole[:-4], whole[: len(whole) // 2]):
        blob = tmp_path / "file.csv.gz"
        blob.write_bytes(cut)
        with pytest.raises(DeliveryError, match="cut off or damaged"):
            reading.parse(blob, "file.csv.gz", Dialect(), tmp_path / "out.parquet")


def test_a_column_without_a_name_is_named_by_its_place() -> None:
    assert read("a,,b,\n1,2,3,4\n")[0].columns == ("a", "column_2", "b", "column_4")
