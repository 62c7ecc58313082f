"""What the benchmark rests on: its extracts hold and come out the same, its comparison sees."""

from pathlib import Path

import duckdb
import pytest

from bench import compare, extracts
from dagster_project import pipeline, settings

SCALE = 0.002


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return extracts.write(tmp_path_factory.mktemp("company"), SCALE)


def contents(configuration: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in configuration.parent.rglob("*.csv")}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
        company: Path, tmp_path: Path) -> None:
    again, other = extracts.write(tmp_path / "a", SCALE), extracts.write(tmp_path / "b", SCALE, 7)
    assert contents(again) == contents(company)
    assert contents(other) != contents(company)


def test_every_row_is_accepted_but_those_made_to_be_refused(company: Path) -> None:
    configuration = settings.load(company)
    for source in configuration.sources:
        result = pipeline.land_source(configuration, source)
        for table, checked in result.tables.items():
            found = duckdb.sql(f"select record_key like 'BAD%', count(*) from read_parquet("
                               f"'{checked.quarantine_path}') group by all").fetchall()
            bad = table.startswith(("erp_sales_order", "erp_ar_document"))
            assert found == ([(True, 1)] if bad else []), table
            assert checked.accepted > 0


def mart(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute("create table mart_info (run_id varchar, row_counts varchar)")
        con.execute("create table data_quality (kind varchar, failed integer)")
        con.execute("create table sales (customer varchar, amount decimal(18, 2))")
        for statement in statements:
            con.execute(statement)
    return path


def test_the_same_rows_in_another_order_are_no_difference(tmp_path: Path) -> None:
    left = mart(tmp_path / "left.duckdb", "insert into sales values ('a', 1), ('a', 1), ('b', 2)")
    right = mart(tmp_path / "right.duckdb", "insert into sales values ('b', 2), ('a', 1), ('a', 1)")
    assert compare.differences(left, right) == (3, [])


@pytest.mark.parametrize("rows", ["('a', 1)", "('a', 1), ('a', 1), ('b', 2)", "('a', 1), ('b', 3)"])
def test_a_row_too_few_one_too_many_and_a_changed_one_are_differences(
        tmp_path: Path, rows: str) -> None:
    left = mart(tmp_path / "left.duckdb", "insert into sales values ('a', 1), ('b', 2)")
    right = mart(tmp_path / "right.duckdb", f"insert into sales values {rows}")
    assert [found.mart for found in compare.differences(left, right)[1]] == ["sales"]


def test_what_only_the_audit_writes_is_not_compared(tmp_path: Path) -> None:
    left = mart(tmp_path / "left.duckdb", "insert into mart_info values ('r', 'sealed')",
                "insert into data_quality values ('flag', 1), ('test', 0)")
    right = mart(tmp_path / "right.duckdb", "insert into mart_info values ('r', null)",
                 "insert into data_quality values ('flag', 1)")
    assert compare.differences(left, right) == (2, [])
