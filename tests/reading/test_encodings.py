"""Text is read in the encoding that is declared; what is plainly in another one is refused."""

import codecs
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dagster_project import reading
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError

TEXT = "id,name\n1,Müller £\n2,Ødegård\n"
LE, BE = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE


def read(folder: Path, content: bytes, encoding: str) -> tuple[reading.Parsed, list[str | None]]:
    blob = folder / "file.csv"
    blob.write_bytes(content)
    parsed = reading.parse(blob, "file.csv", Dialect(encoding=encoding), folder / "out.parquet")
    return parsed, pq.read_table(parsed.path)[parsed.columns[1]].to_pylist()


@pytest.mark.parametrize(("content", "encoding"), [
    (TEXT.encode("cp1252"), "cp1252"),
    (TEXT.encode("latin-1"), "latin-1"),
    (codecs.BOM_UTF8 + TEXT.encode(), "utf-8"),
    (LE + TEXT.encode("utf-16-le"), "utf-16"),
    (BE + TEXT.encode("utf-16-be"), "utf-16"),
    (LE + TEXT.encode("utf-16-le"), "utf-16-le"),
    (TEXT.encode("utf-16-le"), "utf-16-le"),
    (TEXT.encode("utf-16-be"), "utf-16-be"),
])
def test_text_is_read_as_declared_with_and_without_a_mark(
        tmp_path: Path, content: bytes, encoding: str) -> None:
    parsed, names = read(tmp_path, content, encoding)
    assert (parsed.columns, names) == (("id", "name"), ["Müller £", "Ødegård"])
    assert parsed.ends_with_newline


@pytest.mark.parametrize(("content", "declared", "message"), [
    (LE + TEXT.encode("utf-16-le"), "cp1252", "the file is UTF-16, .* declare `encoding: utf-16`"),
    (TEXT.encode("utf-16-le"), "utf-8", "the file is UTF-16, .* declare `encoding: utf-16-le`"),
    (TEXT.encode("utf-16-be"), "utf-16-le", "the file is UTF-16, .*`encoding: utf-16-be`"),
    (BE + TEXT.encode("utf-16-be"), "utf-16-le", "the file is UTF-16, .*`encoding: utf-16`"),
    (TEXT.encode("utf-16-be"), "utf-16", "no byte order mark.* declare utf-16-be"),
    (TEXT.encode("cp1252"), "utf-16", "no byte order mark.* declare the encoding it is written"),
    (TEXT.encode(), "utf-16-le", "the file is no UTF-16, .* declare `encoding: utf-8`"),
    (codecs.BOM_UTF8 + TEXT.encode(), "cp1252", "the file is UTF-8, .* `encoding: utf-8`"),
    (TEXT.encode(), "cp1252", r"the file is UTF-8 \(it has £Øåü\), the configuration declares "
                              "cp1252; declare `encoding: utf-8`"),
    (TEXT.encode(), "utf-32", "not valid utf-32: UTF-32 stream does not start with BOM"),
    ("id,name\n1,日本\n".encode(), "latin-1", "the file is UTF-8 .* declare `encoding: utf-8`"),
])
def test_text_in_another_encoding_is_refused_and_never_garbled(
        tmp_path: Path, content: bytes, declared: str, message: str) -> None:
    with pytest.raises(DeliveryError, match=message):
        read(tmp_path, content, declared)


def test_bytes_that_happen_to_be_utf_8_are_no_reason_to_refuse(tmp_path: Path) -> None:
    """É and a closing quote are, in cp1252, valid UTF-8 of a letter that cp1252 does not have."""
    name = "CAFÉ\N{RIGHT SINGLE QUOTATION MARK}S"
    assert read(tmp_path, f"id,name\n1,{name}\n".encode("cp1252"), "cp1252")[1] == [name]


@pytest.mark.parametrize(("cell", "encoding", "reason"), [
    (b"caf\xe9", "utf-8", "malformed bytes for the declared encoding"),
    (b"caf\x81", "cp1252", "malformed bytes for the declared encoding"),
    (b"5 \x80", "latin-1", "characters that latin-1 does not have; the file may be cp1252"),
    (b"a\x00\x3d\xd8b\x00", "utf-16-le", "malformed bytes for the declared encoding"),
])
def test_malformed_bytes_cost_their_record_alone(
        tmp_path: Path, cell: bytes, encoding: str, reason: str) -> None:
    before, after = ("id,name\n1,".encode(encoding), "\n2,x\n".encode(encoding))
    parsed, names = read(tmp_path, before + cell + after, encoding)
    assert names == ["x"]
    assert [(u.line, u.reason) for u in parsed.unreadable] == [(2, reason)]


def test_lines_before_the_header_are_skipped_as_declared(tmp_path: Path) -> None:
    blob = tmp_path / "file.csv"
    blob.write_text("Report of 2026\n\nid,name\n1,x\n2\n", encoding="utf-8")
    parsed = reading.parse(blob, "file.csv", Dialect(skip=2), tmp_path / "out.parquet")
    assert pq.read_table(parsed.path).to_pylist() == [{"id": "1", "name": "x", "_line": 4}]
    assert [u.line for u in parsed.unreadable] == [5]
