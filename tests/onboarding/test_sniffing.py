"""How a file is written is told from its bytes: encoding, delimiter, numbers, dates."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.guessing import samples, values
from dagster_project.guessing.samples import Sample, sample
from dagster_project.guessing.values import Column, Styles


def written(tmp_path: Path, content: str | bytes, name: str = "a.csv",
            encoding: str = "utf-8") -> Sample:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return sample(path)


def columns(found: Sample) -> tuple[dict[str, Column], Styles]:
    style = values.styles(found)
    return {c.name: c for c in values.profile(found, style)}, style


# -- encodings ------------------------------------------------------------------------------------

@pytest.mark.parametrize(("written_in", "told"), [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"), ("cp1252", "cp1252")])
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, written_in: str, told: str) -> None:
    found = written(tmp_path, "Nr;Name\n1;Müller & Söhne, Straße\n2;Ærø\n", encoding=written_in)
    assert (found.encoding, found.columns) == (told, ("Nr", "Name"))
    assert found.records[0] == ("1", "Müller & Söhne, Straße")


def test_plain_ascii_tells_nothing_of_its_encoding(tmp_path: Path) -> None:
    assert written(tmp_path, "a,b\n1,2\n").encoding_why == ""


def test_a_sample_that_ends_within_a_character_is_still_utf_8() -> None:
    assert samples.encoding_of("Zürich ü".encode()[:-1])[0] == "utf-8"


@pytest.mark.parametrize(("content", "reason"), [
    (b"", "the file is empty"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00", "it is not text"),
    (b"Dear customer, please find our offer attached.\nRegards\n", "it is not delimited text"),
    (b"1,2,3\n4,5,6\n", "its first line is no header"),
    (b"a,a\n1,2\n", "its first line has a name twice")])
def test_what_is_no_table_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    found = written(tmp_path, content)
    assert (found.problem, found.columns) == (reason, ())


def test_abbreviations_are_names(tmp_path: Path) -> None:
    found = written(tmp_path, "Kd.Nr.;Ansprechp.;Ort\n1;Haupt;Ulm\n2;Neben;Bonn\n")
    assert (found.problem, found.columns) == (None, ("Kd.Nr.", "Ansprechp.", "Ort"))


def test_a_damaged_compressed_file_says_so(tmp_path: Path) -> None:
    found = written(tmp_path, b"\x1f\x8b\x08\x00 and no more", "a.csv.gz")
    assert found.problem is not None
    assert found.problem.startswith("not readable")


# -- delimiters -----------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "delimiter"), [
    ("a;b;c\n1,5;2,5;x\n", ";"), ("a,b,c\n1,2,x\n", ","), ("a\tb\n1\t2\n", "\t"),
    ("a|b\n1|2\n", "|"), ("a;b\n\"x, y, z\";2\n", ";"), ("only\none\ntwo\n", ",")])
def test_the_delimiter_makes_every_line_equally_wide(tmp_path: Path, text: str,
                                                     delimiter: str) -> None:
    assert written(tmp_path, text).delimiter == delimiter


def test_single_quotes_around_cells_are_told(tmp_path: Path) -> None:
    found = written(tmp_path, "'No','Name'\n'1','Smith, Jones'\n'2','Kay'\n")
    assert (found.quote, found.records[0]) == ("'", ("1", "Smith, Jones"))


def test_lines_before_the_header_are_skipped(tmp_path: Path) -> None:
    found = written(tmp_path, "Open items\nas of 30.06.2026\n\nNr;Betrag\n1;2,50\n2;3,50\n")
    assert (found.skip, found.columns, len(found.records)) == (3, ("Nr", "Betrag"), 2)


def test_a_line_break_within_quotes_is_part_of_its_cell(tmp_path: Path) -> None:
    assert written(tmp_path, 'a,b\n1,"x\ny"\n').records == (("1", "x\ny"),)


def test_of_a_large_file_a_bounded_part_is_read(tmp_path: Path) -> None:
    line = "1234567;some text of middling length;12,50\n"
    found = written(tmp_path, "No;Text;Amount\n" + line * 60_000)
    assert not found.whole
    assert len(found.records) == samples.RECORDS


_CELLS = st.text(st.characters(codec="cp1252", exclude_characters="\r\n\0", categories=[
    "Lu", "Ll", "Nd", "Zs", "Po"]), min_size=1, max_size=12).map(str.strip).filter(bool)


@given(rows=st.lists(st.tuples(_CELLS, _CELLS, _CELLS), min_size=2, max_size=12),
       delimiter=st.sampled_from(",;\t|"))
def test_whatever_was_written_fully_quoted_is_read_back(
        rows: list[tuple[str, str, str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("Alpha", "Beta", "Gamma"), *rows])
    found, quote, width = samples.delimiter_of(out.getvalue())
    assert (found, quote, width) == (delimiter, '"', 3)


# -- other formats --------------------------------------------------------------------------------

@pytest.mark.parametrize(("name", "text", "records_in"), [
    ("a.jsonl", '{"no": 1, "name": "Alpha"}\n{"no": 2, "name": "Beta"}\n', None),
    ("a.json", '[{"no": 1, "name": "Alpha"}, {"no": 2, "name": "Beta"}]', None),
    ("a.json", '{"page": 1, "data": {"rows": [{"no": 1, "name": "Alpha"}, '
               '{"no": 2, "name": "Beta"}]}}', "data.rows")])
def test_json_is_sampled_wherever_its_records_stand(tmp_path: Path, name: str, text: str,
                                                    records_in: str | None) -> None:
    found = written(tmp_path, text, name)
    assert (found.format, found.records_in, found.columns) == ("json", records_in, ("no", "name"))
    assert found.records == (("1", "Alpha"), ("2", "Beta"))


def test_a_sheet_is_sampled(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["No", "Date", "Amount"])
        sheet.write_row(1, 0, ["1"])
        sheet.write_datetime(1, 1, datetime(2026, 6, 30), book.add_format(
            {"num_format": "yyyy-mm-dd"}))
        sheet.write_number(1, 2, 12.5)
    found = sample(tmp_path / "a.xlsx")
    assert (found.format, found.columns) == ("excel", ("No", "Date", "Amount"))
    assert columns(found)[0]["Date"].kind == "date"
    assert columns(found)[0]["Amount"].kind == "number"


def test_what_is_called_json_and_is_none_says_why(tmp_path: Path) -> None:
    assert "a.json" in str(written(tmp_path, "No;Name\n1;Alpha\n", "a.json").problem)


# -- numbers --------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cells", "decimal", "thousands"), [
    (["1.50", "2.25"], ".", ""), (["1,50", "2,25"], ",", ""),
    (["1.234,50", "7,00"], ",", "."), (["1,234.50", "7.00"], ".", ","),
    (["1 234,50", "7,00"], ",", " "), (["1'234.50", "7.00"], ".", "'"),
    (["12", "7"], ".", ""), (["1,234", "22,000", "5,100", "7,800"], ".", ",")])
def test_decimal_sign_and_thousands_are_told(cells: list[str], decimal: str,
                                             thousands: str) -> None:
    assert values.number_style([cells])[:2] == (decimal, thousands)


def test_one_column_settles_what_another_leaves_open() -> None:
    decimal, thousands, why = values.number_style([["1.280", "2.400"], ["3,50", "12,25"]])
    assert (decimal, thousands, why[:4]) == (",", ".", "sure")


def test_a_file_that_does_not_tell_is_read_as_its_source_writes() -> None:
    telling = Styles(",", ".", "sure: numbers like 1.207,77")
    silent = Styles(".", "", "guess: numbers like 1.400")
    shared = values.agreed([silent, telling, silent])
    assert (shared.decimal, shared.thousands) == (",", ".")
    assert values.settled(silent, shared).decimal == ","


# -- dates ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cells", "day_first", "sureness"), [
    (["31.12.2025"], True, "sure"), (["01.02.2025"], True, "likely"),
    (["25/12/2025", "01/02/2025"], True, "sure"), (["12/25/2025", "01/02/2025"], False, "sure"),
    (["01/02/2025", "03/04/2025"], False, "guess"), (["2025-12-31"], False, "")])
def test_the_order_of_day_and_month_has_its_evidence(cells: list[str], day_first: bool,
                                                     sureness: str) -> None:
    found, why = values.day_first_of([cells], likely=False)
    assert (found, why.split(":")[0]) == (day_first, sureness)


def test_a_day_above_twelve_in_one_column_settles_the_others(tmp_path: Path) -> None:
    found, _ = columns(written(tmp_path, "a,b\n01/02/2025,31/12/2025\n03/04/2025,05/06/2025\n"))
    assert found["a"].forms == ("%d/%m/%Y",)


@pytest.mark.parametrize(("cell", "kind", "form"), [
    ("2025-12-31", "date", "%Y-%m-%d"), ("31.12.25", "date", "%d.%m.%y"),
    ("20251231", "date", "%Y%m%d"), ("2025-12-31 00:00:00", "date", "%Y-%m-%d %H:%M:%S"),
    ("31.12.2025 14:05", "timestamp", "%d.%m.%Y %H:%M"),
    ("2025-12-31T14:05:06", "timestamp", "%Y-%m-%dT%H:%M:%S"),
    ("2025-12-31T14:05:06.123Z", "timestamp", "%Y-%m-%dT%H:%M:%S.%fZ"),
    ("12/31/2025 2:05 PM", "timestamp", "%m/%d/%Y %I:%M %p")])
def test_dates_and_points_in_time_by_their_format(tmp_path: Path, cell: str, kind: str,
                                                  form: str) -> None:
    found, _ = columns(written(tmp_path, f"a;b\n{cell};x\n"))
    assert (found["a"].kind, found["a"].forms) == (kind, (form,))


@pytest.mark.parametrize(("cells", "kind"), [
    (["20260001", "20260002"], "whole"), (["EUR", "GBP"], "currency"), (["DE", "GB"], "country"),
    (["yes", "no"], "flag"), (["J", "N"], "flag"), (["a@b.example", "c@d.example"], "email"),
    (["DE123456789", "ATU12345678"], "vat"), (["0", "1"], "flag"), (["0", "0"], "whole"),
    (["00123", "00124"], "whole"), (["x1", "x2"], "text"), (["", ""], "empty")])
def test_what_a_column_holds(tmp_path: Path, cells: list[str], kind: str) -> None:
    found, _ = columns(written(tmp_path, "a;b\n" + "".join(f"{c};x\n" for c in cells)))
    assert found["a"].kind == kind


def test_words_for_nothing_do_not_hide_what_a_column_holds(tmp_path: Path) -> None:
    found, style = columns(written(tmp_path, "a;b\n1,50;x\nNULL;y\n2,50;z\n"))
    assert (found["a"].kind, found["a"].filled, style.nulls) == ("number", 2, ("NULL",))


# -- whatever comes --------------------------------------------------------------------------------

@settings(max_examples=150)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(
    lambda text: text.encode("utf-8", "replace")), name=st.sampled_from(
        ["a.csv", "a.json", "a.jsonl", "a.csv.gz", "a.parquet", "a.xlsx", "a.txt"]))
def test_no_file_stops_the_look_at_the_others(tmp_path_factory: pytest.TempPathFactory,
                                              content: bytes, name: str) -> None:
    found = written(tmp_path_factory.mktemp("any"), content, name)
    assert found.problem or values.profile(found, values.styles(found))
