"""The project's own generic dbt tests find the rows that they are for, and no others."""

import re
from pathlib import Path

import duckdb
import jinja2
import pytest

MACROS = Path(__file__).parents[2] / "dbt" / "macros" / "generic_tests.sql"


def found(test: str, rows: str, **arguments: list[str]) -> list[tuple[object, ...]]:
    """What the named test finds in a model of the columns a and b."""
    stated = re.search(rf"{{% test {test}\(.*?%}}(.*?){{% endtest %}}",
                       MACROS.read_text(encoding="utf-8"), re.DOTALL)
    assert stated
    sql = jinja2.Template(stated[1]).render(model="model", **arguments)
    with duckdb.connect() as con:
        con.execute(f"create table model as from (values {rows}) as t (a, b)")
        return con.execute(sql).fetchall()


@pytest.mark.parametrize(("rows", "expected"), [
    ("(1, 'x'), (2, 'x')", []),
    ("(1, 'x'), (1, 'y')", [(1, 2)]),
    ("(1, 'x'), (2, null)", [(2, 1)]),
    ("(1, 'x'), (null, 'y')", [(None, 1)]),
])
def test_one_row_per_finds_a_key_that_stands_twice_and_what_is_missing(
        rows: str, expected: list[tuple[object, ...]]) -> None:
    assert found("one_row_per", rows, columns=["a"], never_null=["a", "b"]) == expected


def test_unique_together_counts_null_as_a_value() -> None:
    assert found("unique_together", "(1, null), (1, null), (1, 'x')", columns=["a", "b"]) == [
        (1, None, 2)]


def test_never_null_finds_a_null_in_any_of_its_columns() -> None:
    assert found("never_null", "(1, 'x'), (null, 'y'), (2, null)", columns=["a", "b"]) == [
        (None, "y"), (2, None)]
