"""What a query may reach: the marts of its version, and nothing else on the machine."""

import duckdb
import published_marts as marts
import pytest

from dagster_project import publication

FORBIDDEN = [
    "from read_csv('{outside}')",
    "from read_text('{outside}')",
    "from read_blob('{database}')",
    "from read_parquet('{folder}/parquet/orders.parquet')",
    "from '{outside}'",
    "from glob('{outside}')",
    "from sniff_csv('{outside}')",
    "from parquet_metadata('{folder}/parquet/orders.parquet')",
    "attach '{outside}' as other",
    "attach ':memory:' as other",
    "copy orders to '{beside}'",
    "copy orders to '{database}'",
    # DuckDB allows these two paths to a database without external access.
    "copy orders to '{database}.wal' (format csv)",
    "copy orders to '{database}.tmp/orders.csv' (format csv)",
    "export database '{beside}'",
    "install httpfs",
    "load httpfs",
    "load '{beside}'",
    "set enable_external_access = true",
    "set disabled_filesystems = ''",
    "set lock_configuration = false",
    "set memory_limit = '100GB'",
    "set threads = 64",
    "reset disabled_filesystems",
    "pragma enable_profiling = 'json'",
    "create secret s (type s3, key_id 'a', secret 'b')",
    "create table mine as select 1 as one",
    "insert into orders values (1, 1)",
    "update orders set value = 0",
    "delete from orders",
    "drop table orders",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_query_reaches_nothing_but_the_marts(store, tmp_path, statement):
    done = marts.publish(store, 3)
    outside = tmp_path / "salaries.csv"
    outside.write_text("name,salary\nAda,1\n")
    there = sorted(tmp_path.rglob("*"))

    with publication.reader(done) as con, pytest.raises(duckdb.Error):
        con.execute(statement.format(outside=outside, database=done.database,
                                     beside=tmp_path / "made", folder=done.folder)).fetchall()

    assert sorted(tmp_path.rglob("*")) == there
    assert publication.broken_files(done) == []
    assert marts.seen(store) == (done.id, 3)


def test_a_cursor_of_a_reader_is_shut_in_as_well(store, tmp_path):
    done = marts.publish(store, 3)

    with publication.reader(done) as con, pytest.raises(duckdb.Error):
        con.cursor().execute(f"copy orders to '{tmp_path / 'made.csv'}'")


def test_a_query_may_sort_join_and_keep_temporary_results(store):
    done = marts.publish(store, 1000)

    with publication.reader(done) as con:
        con.execute("create temp table big as select * from orders where order_no >= 10")
        found = con.execute("select count(*), sum(o.value) from orders o join big using (order_no)")
        assert [str(v) for v in found.fetchall()[0]] == ["990", "1237.50"]


def test_the_bytes_of_a_version_are_the_same_after_it_was_read(store):
    done = marts.publish(store, 3)

    with publication.reader(done) as con:
        con.execute("select * from orders").fetchall()

    assert publication.broken_files(done) == []
    assert [p.name for p in done.folder.iterdir() if p.suffix == ".wal"] == []
