"""Known cases and the edges around them: extract rows in, rows of the built marts out."""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from case_company import Case, Run, T, cases
from case_marts import Built, Marts

from dagster_project.errors import ConfigurationError


def as_text(value: Any) -> str:
    """A value of a mart as the cases write it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def as_stated(text: str) -> str:
    try:
        return as_text(Decimal(text))
    except InvalidOperation:
        return text


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case, marts: Marts) -> None:
    for run, expectations in case.expected.items():
        for mart, rows in expectations.items():
            columns = list(rows[0]) if rows else ["*"]
            assert all(list(row) == columns for row in rows), f"{mart}: rows of other columns"
            found = [dict(zip(columns, map(as_text, row), strict=bool(rows)))
                     for row in marts.rows(case, run, mart, columns)]
            expected = [{column: as_stated(text) for column, text in row.items()} for row in rows]
            by_text = {"key": lambda row: list(row.values())}
            assert sorted(found, **by_text) == sorted(expected, **by_text), (mart, run)


def test_the_models_alone_give_what_the_build_published(built: Built) -> None:
    """What holds for another date rests on it."""
    con = built.again(Run(), {"ar_open_items", "ar_ageing", "credit_hold"})
    con.execute(f"attach '{built.published.database}' as published (read_only)")
    for mart in ("ar_open_items", "ar_ageing", "credit_hold"):
        [counts] = con.execute(
            f"select count(*), (select count(*) from (from {mart} except all "
            f"from published.{mart})) from published.{mart}").fetchall()
        assert counts[0] > 0
        assert counts[1] == 0, mart


def test_a_live_balance_is_not_told_for_a_day_before_its_load(built: Built) -> None:
    with pytest.raises(ConfigurationError, match=r"source live states live balances of 2028-02-29"):
        built.prepare(T - timedelta(days=1))


def test_a_day_that_no_source_reaches_is_told_by_force_alone(built: Built) -> None:
    with pytest.raises(ConfigurationError, match=r"lies beyond what these sources reach: .*live"):
        built.prepare(T + timedelta(days=1))
