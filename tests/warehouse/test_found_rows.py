"""The rows that a failed dbt test found can be looked at once the build is over."""

import json
from pathlib import Path

import duckdb

from dagster_project import warehouse
from dagster_project.store import Store

QUERY = "select m.k from mart.sales as m join private.lines as l using (k) -- a comment"


def test_the_rows_of_a_failed_test_are_read_from_both_files_of_the_build(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for file, table in ((warehouse.private_file(store), "lines"),
                        (warehouse.mart_file(store), "sales")):
        with duckdb.connect(str(file)) as con:
            con.execute(f"create table {table} as select k from range(7) as t (k)")
    nodes = {i: {"name": f"the {i}"} for i in ("failed", "warned", "passed")}
    results = [{"unique_id": i, "status": status, "compiled_code": QUERY} for i, status in (
        ("failed", "fail"), ("warned", "warn"), ("passed", "pass"))]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    queries = warehouse.failure_queries({"nodes": nodes}, tmp_path)
    assert queries == {"the failed": QUERY, "the warned": QUERY}
    assert len(warehouse.found_rows(store, queries["the failed"], limit=3)) == 3
    assert warehouse.found_rows(store, f"{QUERY}\nwhere k = 5") == [{"k": 5}]
