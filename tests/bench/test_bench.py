"""What the benchmark rests on: its extracts hold and come out the same, its comparison sees."""

from pathlib import Path

import duckdb
import pytest

import schemas
from bench import by_hand, compare, extracts, plain
from dagster_project import pipeline, settings

SCALE = 0.005


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
            assert checked.accepted > 0 or source.name not in extracts.FOLDERS, table


def test_the_yardstick_loads_every_row_that_is_not_made_to_be_refused(company: Path) -> None:
    delivered = extracts.delivered(company.parent)
    with duckdb.connect() as con:
        for name, (_, file) in delivered.items():
            loaded = plain.rows_of(schemas.TABLES[name], delivered)
            good = sum(not line.startswith("BAD") for line in file.read_text().splitlines()[1:])
            assert con.sql(f"select count(*) from ({loaded})").fetchall() == [(good,)], name


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


def test_a_column_that_only_the_left_side_has_may_be_passed_over(tmp_path: Path) -> None:
    """SQL by hand makes some marts, some of their columns, and sums of a wider type."""
    left = mart(tmp_path / "left.duckdb", "insert into sales values ('a', 1), ('b', 2)")
    right = tmp_path / "right.duckdb"
    for rows, differ in (("('b', 2), ('a', 1)", []), ("('b', 2), ('a', 3)", ["sales"])):
        with duckdb.connect(str(right)) as con:
            con.execute("create or replace table sales as select cast(amount as decimal(38, 4)) "
                        f"as amount from (values {rows}) as t (customer, amount)")
        compared, found = compare.differences(left, right, as_far_as_right=True)
        assert (compared, [one.mart for one in found]) == (2, differ)


def test_the_ledger_alone_ages_by_hand(tmp_path: Path) -> None:
    """Three years of month ends; what is open on the last of them is the ageing of the day."""
    company = extracts.write(tmp_path / "ledger", SCALE, part="ageing")
    by_hand.main(company.parent, tmp_path)
    with duckdb.connect(str(tmp_path / "mart.duckdb"), read_only=True) as con:
        [(months, last)] = con.execute(
            "select count(distinct as_of_date), sum(outstanding) filter "
            "(as_of_date = date '2026-06-30') from ar_ageing_history").fetchall()
        assert months >= 24
        sums = ("select sum(outstanding) from ar_ageing",
                "select sum(amount) from ar_ageing_buckets group by profile")
        assert {row[0] for sql in sums for row in con.execute(sql).fetchall()} == {last}
