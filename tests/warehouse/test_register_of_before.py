"""Segments of the register are never rewritten: those of before a column was added still read."""

from pathlib import Path

import duckdb
import pytest

from dagster_project import warehouse
from dagster_project.store import Store

OLD = ("select {0}::bigint as seq, 'p{0}' as publication_id, 'company:crm/{0}' as member_key, "
       "'C{0}' as customer_id, 'f' as founder_key")
NEW = f"{OLD}, 'crm/{{0}}' as company_key, 'link' as cause, 'Ann' as decided_by"


@pytest.mark.parametrize(("segments", "causes"), [
    ((OLD,), [(1, None, None, None)]),
    ((OLD, NEW), [(1, None, None, None), (2, "crm/2", "link", "Ann")]),
])
def test_a_segment_without_a_cause_has_none(
        tmp_path: Path, segments: tuple[str, ...], causes: list[tuple[object, ...]]) -> None:
    store = Store(tmp_path)
    store.build.mkdir(parents=True, exist_ok=True)
    files = []
    for number, sql in enumerate(segments, 1):
        files.append(store.register / f"{number:05d}.parquet")
        files[-1].parent.mkdir(parents=True, exist_ok=True)
        duckdb.sql(f"copy ({sql.format(number)}) to '{files[-1]}' (format parquet)")
    warehouse.prepare(store, warehouse.Inputs({}, {}, (), (), files))
    with duckdb.connect(str(warehouse.private_file(store))) as con:
        assert con.execute("select seq, company_key, cause, decided_by from landed.id_register "
                           "order by seq").fetchall() == causes
