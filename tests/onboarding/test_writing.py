"""What is written with comments reads back as what was meant."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project import strict_yaml
from dagster_project.guessing.writing import Comment, Noted, write


def bare(value: Any) -> Any:
    """What is meant, without the comments."""
    if isinstance(value, Noted):
        return bare(value.value)
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if not isinstance(k, Comment)}
    return [bare(v) for v in value] if isinstance(value, list) else value


def read_back(tmp_path: Path, entries: dict[Any, Any]) -> Any:
    path = tmp_path / "a.yaml"
    path.write_text(write(entries), encoding="utf-8")
    return strict_yaml.read(path)


@pytest.mark.parametrize("value", [
    "No", "no", "yes", "on", "null", "~", "", "007", "1.5", "2026-06-30", "true", "a: b", "a #b",
    "- a", "{a}", "[a]", "*a", "&a", "!a", "%d.%m.%Y", "it's", 'say "x"', "tab\there", "two\nlines",
    " blank ", "a,b", "Straße Nr", "key:", "@x", "`x`", "😀", "\u2028", "\x85", "a\\b", "#", "'",
    "?", 7, -1, True, False, None, date(2026, 6, 30), Decimal("12.50"), ["a, b", "c"],
    {"sql": "a, 'b'"}])
def test_a_value_that_could_be_taken_for_another_comes_back(tmp_path: Path, value: Any) -> None:
    entries = {"plain": value, "noted": Noted(value, "sure: as seen"), "flow": {"sql": value}}
    assert read_back(tmp_path, entries) == bare(entries)


_TEXT = st.text(max_size=20).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t))
_SCALARS = _TEXT | st.integers(-999, 999) | st.booleans() | st.none() | st.dates()
_KEYS = st.from_regex("[a-z][a-z_]{0,8}", fullmatch=True)
_NOTED = _SCALARS.map(lambda value: Noted(value, "guess: so it seems"))
_MAPPINGS = st.dictionaries(_KEYS, _SCALARS | _NOTED, min_size=1, max_size=5)
_VALUES = (_SCALARS | _NOTED | _MAPPINGS | st.lists(_SCALARS, min_size=1, max_size=3)
           | st.lists(_MAPPINGS, min_size=1, max_size=3)
           | st.dictionaries(_KEYS, _MAPPINGS, min_size=1, max_size=3))


@settings(max_examples=80)
@given(entries=st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=5))
def test_whatever_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory,
                                        entries: dict[str, Any]) -> None:
    assert read_back(tmp_path_factory.mktemp("yaml"), entries) == bare(entries)


def test_long_sql_is_folded_and_comes_back(tmp_path: Path) -> None:
    sql = "case Kind " + " ".join(f"when 'K{n}' then 'kind_{n}'" for n in range(20)) + " end"
    entries = {"columns": {"type": Noted({"sql": sql}, "guess: by the words")}}
    assert "sql: >-" in write(entries)
    assert read_back(tmp_path, entries) == bare(entries)


def test_comments_stand_where_they_belong() -> None:
    assert write({Comment("Read me.\nTwice."): None, "a": Noted(1, "sure"),
                  "b": [{"c": Noted("x", "likely"), "d": 2}]}) == (
        "# Read me.\n# Twice.\na: 1  # sure\nb:\n  - c: x  # likely\n    d: 2\n")
