"""Every rule of the contract breaks where it must, and only there: cases from rules.csv."""

import re
from functools import cache

import polars as pl
import pytest
from schema_cases import Case, cases, typed, valid_rows

import schemas

BREAKING = [case for case in cases() if case.kind in ("null", "value", "row")]
LEGAL = [case for case in cases() if case.kind in ("edge", "key", "reference")]
MISTYPED = [case for case in cases() if case.kind == "type"]


@cache
def found(table: str, kinds: tuple[str, ...]) -> dict[int, list[dict]]:
    """What breaks, by line of rules.csv. All cases of a table are rows of one frame."""
    stated = [case for case in cases() if case.table == table and case.kind in kinds]
    frame = typed(table, [case.row for case in stated])
    broken: dict[int, list[dict]] = {case.line: [] for case in stated}
    for violation in schemas.violations(schemas.TABLES[table], frame).to_dicts():
        broken[stated[violation["row"]].line].append(violation)
    return broken


@pytest.mark.parametrize("case", BREAKING, ids=str)
def test_the_rule_and_no_other_breaks(case: Case) -> None:
    broken = found(case.table, ("null", "value", "row"))[case.line]
    assert [
        (violation["column"], violation["rule"], violation["reason"]) for violation in broken
    ] == [(case.column, case.rule, case.reason)]


@pytest.mark.parametrize("case", LEGAL, ids=str)
def test_a_legal_row_conforms(case: Case) -> None:
    assert found(case.table, ("edge", "key", "reference"))[case.line] == []


@pytest.mark.parametrize("case", MISTYPED, ids=str)
def test_a_column_of_another_type_is_refused(case: Case) -> None:
    frame = typed(case.table, [valid_rows()[case.table]]).with_columns(
        pl.lit(dict(case.changes)[case.column]).alias(case.column)
    )
    with pytest.raises(ValueError, match=rf"^{case.table}\.{case.column}: the frame holds String"):
        schemas.violations(schemas.TABLES[case.table], frame)


@pytest.mark.parametrize("case", [case for case in cases() if case.kind != "edge"], ids=str)
def test_the_reason_is_the_explanation_with_the_values(case: Case) -> None:
    message = schemas.explain(schemas.TABLES[case.table], case.column, case.rule)
    without_values = re.sub(r" '[^']*'", "", case.reason)
    assert without_values == (f"{case.column}: {message}" if case.column else message)


def test_every_valid_row_conforms() -> None:
    for name, row in valid_rows().items():
        assert schemas.violations(schemas.TABLES[name], typed(name, [row])).is_empty(), name


def test_every_rule_has_a_case_and_every_case_a_rule() -> None:
    """A rule added without a case, or one that is gone while its case stays, fails here."""
    ruled = {
        (name, rule.column, rule.name)
        for name, table in schemas.TABLES.items()
        for rule in schemas.rules(table)
    }
    stated = {(case.table, case.column, case.rule) for case in cases() if case.kind != "edge"}
    assert ruled == stated


def test_every_bound_has_a_case_on_its_legal_side() -> None:
    """The valid row itself is the legal side of an empty and of a blank key."""
    bounds = {
        (case.table, case.column, case.rule)
        for case in cases()
        if case.kind in ("value", "row") and case.rule != "not_blank"
    }
    legal = {(case.table, case.column, case.rule) for case in cases() if case.kind == "edge"}
    assert bounds <= legal
    named = {edge for edge in legal if edge[2]}
    assert named <= bounds


def test_a_case_is_stated_once() -> None:
    stated = [(case.kind, case.table, case.rule, case.changes) for case in cases()]
    assert len(stated) == len(set(stated))
