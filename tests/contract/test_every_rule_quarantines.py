"""Every rule of the contract, broken by a row of text, ends in quarantine with its reason.

The cases are those of tests/schemas. All cases of a table are rows of one file, beside the valid
row; all tables of a role are landed at once. A rule that is taken out of `schemas/` fails here.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from scene import Scene

import schemas

sys.path.append(str(Path(__file__).parents[1] / "schemas"))
from schema_cases import Case, cases, load_yaml, valid_rows

ROLES = ("crm", "erp", "steward")
DAY = "2026-06-30"
KEY_REASON = "another row has the same "
BROKEN = [c for c in cases() if c.kind in ("null", "value", "row", "type", "reference")]
LEGAL = [c for c in cases() if c.kind in ("edge", "key")]


def tables_of(role: str) -> list[str]:
    # Tables of any role are fed by the ERP here.
    return [name for name, table in schemas.TABLES.items()
            if table.role == role or (role == "erp" and table.role == "any")]


@pytest.fixture(scope="module")
def quarantined(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], list[str]]:
    """The reasons of every line of every table, and none for a line that was not quarantined."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for role in ROLES:
        scene = Scene(tmp_path_factory.mktemp(role))
        names = tables_of(role)
        source: dict[str, Any] = {
            "name": role, "role": role, "load_date": {"constant": DAY},
            "extracts": {name: {"files": f"{name}.csv"} for name in names},
            "tables": {name: {"from": name} for name in names}}
        scene.configure(source | ({"settlement": "none"} if role == "erp" else {}))
        for name in names:
            write(scene.folder / f"{name}.csv", name)
        for row in scene.quarantined(scene.land()):
            assert row["source_file"] == f"{row['table_name']}.csv"
            found[row["table_name"], row["source_line"]].append(row["reasons"])
    return found


def rows_of(table: str) -> list[dict[str, str | None]]:
    supporting = load_yaml("supporting_rows.yaml").get(table, [])
    return [valid_rows()[table], *supporting, *(c.row for c in cases() if c.table == table)]


def line_of(case: Case) -> int:
    """The line of its table's file that a case stands on."""
    of_table = [c for c in cases() if c.table == case.table]
    return 2 + len(rows_of(case.table)) - len(of_table) + of_table.index(case)


def write(path: Path, table: str) -> None:
    columns = [c.name for c in schemas.TABLES[table].columns]
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows_of(table))


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_broken_rule_quarantines_its_row_with_the_reason(
        case: Case, quarantined: dict[tuple[str, int], list[str]]) -> None:
    [reason] = quarantined[case.table, line_of(case)]
    # A blank cell is an empty one, by the time it is a value.
    expected = f"{case.column}: is empty" if case.rule == "not_blank" else case.reason
    declared = reason.removeprefix(expected)
    assert reason.startswith(expected)
    assert declared == "" or (case.kind == "type" and declared.startswith(" (declared: "))


@pytest.mark.parametrize("case", LEGAL, ids=str)
def test_a_legal_row_is_at_most_a_second_one_under_its_key(
        case: Case, quarantined: dict[tuple[str, int], list[str]]) -> None:
    for reason in quarantined[case.table, line_of(case)]:
        assert reason.startswith(KEY_REASON)


@pytest.mark.parametrize("case", [c for c in cases() if c.kind == "key"], ids=str)
def test_of_two_rows_under_one_key_one_is_quarantined(
        case: Case, quarantined: dict[tuple[str, int], list[str]]) -> None:
    reasons = [reason for (table, _), found in quarantined.items() for reason in found
               if table == case.table and reason.startswith(case.reason)]
    assert reasons
    assert all(f"; kept: {case.table}.csv, line " in reason for reason in reasons)
