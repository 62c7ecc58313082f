"""A file that is written in another way than declared is told by its first line."""

from pathlib import Path

import pytest

from dagster_project import reading
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError


def header(tmp_path: Path, content: bytes, **keys: str) -> tuple[str, ...]:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    return reading.read_header(path, "f.csv", Dialect(**keys))


@pytest.mark.parametrize(("content", "said"), [
    (b"PK\x03\x04\x14\x00\x06\x00rest of it", "looks like an Excel workbook.*`format: excel`"),
    (b'{"No": "1"}\n{"No": "2"}\n', "looks like JSON.*`format: json`"),
    (b'[{"No": "1"}]', "looks like JSON.*`format: json`")])
def test_another_format_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(DeliveryError, match=said):
        header(tmp_path, content, encoding="cp1252")


def test_names_in_brackets_are_names(tmp_path: Path) -> None:
    assert header(tmp_path, b"[No],[Name]\n1,x\n") == ("[No]", "[Name]")


def test_a_header_in_utf_8_is_not_mapped_as_garbled_names(tmp_path: Path) -> None:
    """The closest match for `Geänd. am` would be a name that nobody wrote."""
    content = "Nr;Geänd. am\n1;x\n".encode()
    with pytest.raises(DeliveryError, match=r"UTF-8 \(it has ä\).*declare `encoding: utf-8`"):
        header(tmp_path, content, delimiter=";", encoding="cp1252")
    assert header(tmp_path, content, delimiter=";") == ("Nr", "Geänd. am")


def test_a_header_in_cp1252_is_what_it_says(tmp_path: Path) -> None:
    content = "Nr;Geänd. am;Größe\n".encode("cp1252")
    assert header(tmp_path, content, delimiter=";", encoding="cp1252")[1:] == ("Geänd. am", "Größe")
