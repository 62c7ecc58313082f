"""JSON becomes rows of text: nothing is lost, no number is rounded, what is broken is named."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project import reading
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError
from dagster_project.reading import json_records

ORDERS = """{"no": "A1", "customer": {"name": "Müller", "address": {"city": "Ulm"}},
 "lines": [{"item": "x", "qty": 1.10}, {"item": "y", "qty": 2, "tax": {"rate": 0.190}}]}
""".replace("\n ", " ") + '{"no": "A2", "customer": null, "lines": []}\n{"no": "A3"}\n'


def read(folder: Path, content: str | bytes, name: str = "file.json",
         **dialect: Any) -> tuple[reading.Parsed, list[dict[str, Any]]]:
    blob = folder / name
    blob.write_bytes(content.encode() if isinstance(content, str) else content)
    parsed = reading.parse(blob, name, Dialect(format="json", **dialect), folder / "out.parquet")
    return parsed, pq.read_table(parsed.path).to_pylist()


def test_objects_become_dotted_columns_and_a_list_stays_json(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, ORDERS)
    assert parsed.columns == (
        "no", "customer.name", "customer.address.city", "lines", "customer")
    assert rows[0] == {
        "no": "A1", "customer.name": "Müller", "customer.address.city": "Ulm", "customer": None,
        "lines": '[{"item": "x", "qty": 1.10}, {"item": "y", "qty": 2, "tax": {"rate": 0.190}}]',
        "_line": 1}
    assert [(r["no"], r["lines"], r["_line"]) for r in rows[1:]] == [
        ("A2", "[]", 2), ("A3", None, 3)]


def test_an_exploded_list_gives_a_row_for_each_element_beside_its_parent(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, ORDERS, explode="lines")
    assert [(r["no"], r["customer.address.city"], r["lines.#"], r["lines.item"], r["lines.qty"],
             r["lines.tax.rate"], r["_line"]) for r in rows] == [
        ("A1", "Ulm", "1", "x", "1.10", None, 1), ("A1", "Ulm", "2", "y", "2", "0.190", 1)]
    assert (parsed.rows, parsed.records) == (2, 3)


def test_a_list_may_lie_deeper_and_hold_plain_values(tmp_path: Path) -> None:
    _, rows = read(tmp_path, '{"a": {"tags": ["x", 7], "b": true}}\n', explode="a.tags")
    assert rows == [{"a.b": "true", "a.tags.#": "1", "a.tags": "x", "_line": 1},
                    {"a.b": "true", "a.tags.#": "2", "a.tags": "7", "_line": 1}]


@pytest.mark.parametrize(("content", "records"), [
    ('[{"a": 1}, {"a": 2}]', None),
    ('  \n [\n{"a": 1},\n\n{"a": 2}\n]\n', None),
    ('{"meta": {"a": [0]}, "data": {"n": 2, "items": [{"a": 1}, {"a": 2}]}, "end": null}',
     "data.items"),
    ('{"a": 1}\n\n{"a": 2}', None),
])
def test_lines_a_list_and_a_list_within_a_document_hold_the_same_records(
        tmp_path: Path, content: str, records: str | None) -> None:
    parsed, rows = read(tmp_path, content, records=records)
    assert [r["a"] for r in rows] == ["1", "2"]
    assert parsed.ends_with_newline


def test_numbers_keep_their_digits_and_have_the_declared_decimal_sign(tmp_path: Path) -> None:
    text = '{"a": 1.10, "b": 12345678901234567890.12, "c": -0.0, "d": 1E-7, "e": "1.234,50"}\n'
    assert list(read(tmp_path, text)[1][0].values())[:5] == [
        "1.10", "12345678901234567890.12", "-0.0", "1E-7", "1.234,50"]
    german = read(tmp_path, text, decimal=",", thousands=".")[1][0]
    assert (german["a"], german["e"]) == ("1,10", "1.234,50")


def test_a_line_that_is_no_record_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, "\n".join([
        '{"a": 1}', '{"a": 2', "[3]", '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\ud800"}',
        '{"a": "\\u0000"}', '{"a.b": 1, "a": {"b": 2}}', '{"": 1}', '{"a": [Infinity]}',
        '{"a": "' + "x" * 1_100_000 + '"}', '{"a": ' + "[" * 100_000 + "}", '{"a": 4}', ""]))
    assert [(r["a"], r["_line"]) for r in rows] == [("1", 1), ("4", 13)]
    reasons = {u.line: u.reason for u in parsed.unreadable}
    assert list(reasons) == list(range(2, 13))
    assert reasons[2].startswith("not readable as JSON: Expecting ',' delimiter")
    assert [reasons[n] for n in range(3, 12)] == [
        "the record is no object", "the key 'a' stands twice", "NaN is no number of JSON",
        "half a character (a lone surrogate)", "a NUL byte", "two values stand for 'a.b'",
        "a key has no name", "Infinity is no number of JSON",
        "a field larger than field limit (1048576)"]
    assert "recursion" in reasons[12]
    assert parsed.rows + len(parsed.unreadable) == parsed.records == 13


def test_a_key_that_is_no_text_costs_its_record_alone(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, b'{"a\xff": 1}\n{"a\\u0000": 1}\n{"a": {"\\ud800": 1}}\n'
                                  b'{"\\ud800": {"a": 1}}\n{"a": 2}\n')
    assert (parsed.columns, [r["a"] for r in rows]) == (("a",), ["2"])
    assert [u.reason for u in parsed.unreadable] == ["a key is no text"] * 4


def test_an_exploded_record_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, '{"l": [1, "\\u0000", "\\u0000"]}\n{"l": [2]}\n', explode="l")
    assert [r["l"] for r in rows] == ["2"]
    assert [(u.line, u.reason) for u in parsed.unreadable] == [(1, "a NUL byte")]
    assert parsed.records == 2


def test_something_else_than_a_list_is_not_exploded(tmp_path: Path) -> None:
    parsed, rows = read(tmp_path, '{"l": {"a": 1}}\n{"l": [{"a": 2}]}\n{"l": 3}\n', explode="l")
    assert [r["l.a"] for r in rows] == ["2"]
    assert [(u.line, u.reason) for u in parsed.unreadable] == [
        (1, "l is no list"), (3, "l is no list")]


@pytest.mark.parametrize(("content", "dialect", "message"), [
    ("", {}, r"the file is empty \(0 bytes\)"),
    ('[{"a": 1}, {"a": 2', {}, r"not readable as JSON: .* line 1 column 19 \(char 18\)"),
    ('[{"a": 1}', {}, r"not readable as JSON: Expecting ','"),
    ('[{"a": 1}] []', {}, "not readable as JSON: Extra data"),
    ('{"a": 1}\n{"a": 2', {}, "line 2: the file is cut off in its last record, at byte 16"),
    ('{\n"a": 1\n}\n', {}, "line 1: not readable as JSON: .* `records` names the list in it"),
    ("id;name\n1;x\n", {}, "line 1: not readable as JSON"),
    ('{"data": [{"a": 1}]}', {"records": "date"},
     r"the document has no 'date', which `records: date` names \(closest match: 'data'\)"),
    ('{"data": {"a": 1}}', {"records": "data"}, "there is no list where `records: data` says"),
    ('[{"a": 1}]', {"records": "data"}, "there is no object where `records: data` says"),
    ('{"lines": [1]}\n', {"explode": "line"},
     r"no record has a list 'line' \(closest match: 'lines'\)"),
    ('{"a": 1, "A": 2}\n', {}, "column names stand twice: A, a"),
    ('{"_file": 1}\n', {}, "_file are names that the product gives"),
    ('{"a": 1}\n'.encode("utf-16"), {}, "the file is UTF-16, the configuration declares utf-8"),
])
def test_a_file_that_is_broken_as_a_whole_is_refused(
        tmp_path: Path, content: str | bytes, dialect: dict[str, Any], message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        read(tmp_path, content, **dialect)


def test_a_document_too_large_to_be_read_whole_is_refused(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_records, "MAX_DOCUMENT", 20)
    assert len(read(tmp_path, '[{"a": 1},{"a": 22}]')[1]) == 2
    with pytest.raises(DeliveryError, match=r"more than 20 characters; .* as JSON lines"):
        read(tmp_path, '[{"a": 1},{"a": 222}]')


def test_lines_may_be_compressed_and_in_another_encoding(tmp_path: Path) -> None:
    line = '{"a": "Müller"}\n'
    for encoding in ("cp1252", "utf-16-le"):
        content = gzip.compress(line.encode(encoding))
        assert read(tmp_path, content, "f.json.gz", encoding=encoding)[1][0]["a"] == "Müller"
    parsed, rows = read(tmp_path, (line * 2).encode().replace(b"\xc3\xbc", b"\xfc", 1))
    assert ([u.reason for u in parsed.unreadable], len(rows)) == (
        ["malformed bytes for the declared encoding"], 1)


TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=5)
VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3),
                            st.dictionaries(TEXT.filter(bool), inner, max_size=3)), max_leaves=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUE, max_size=3), min_size=1, max_size=4),
       st.booleans())
def test_every_way_to_write_records_down_reads_the_same(
        tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]],
        ascii_only: bool) -> None:
    folder = tmp_path_factory.mktemp("json")

    def outcome(content: str, **dialect: Any) -> Any:
        try:
            parsed, rows = read(folder, content, **dialect)
        except DeliveryError as problem:
            return str(problem).partition(":")[2]
        return (parsed.columns, rows, [(u.line, u.reason) for u in parsed.unreadable])

    lines = "".join(json.dumps(r, ensure_ascii=ascii_only) + "\n" for r in records)
    whole = json.dumps({"n": [records], "d": {"r": records}}, ensure_ascii=ascii_only, indent=1)
    expected = outcome(lines)
    assert outcome(json.dumps(records, ensure_ascii=ascii_only)) == expected
    assert outcome(whole, records="d.r") == expected
