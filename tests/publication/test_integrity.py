"""Whatever lies otherwise than it was written is named, with what mends it."""

import gzip
from pathlib import Path

import duckdb
import published_marts as marts
import pytest
import typer
from scene import Scene

from dagster_project import custody, integrity, publication
from dagster_project.store import Store

COMPANIES = "company_id,name\n1,Ash\n2,Birch\n"


@pytest.fixture
def kept(scene: Scene) -> Store:
    """A landed extract, two versions that minted an id each, and one for a past date."""
    scene.write("companies_2026-06-30.csv", COMPANIES)
    scene.land()
    store = scene.configuration.store
    for number in (1, 2):
        marts.publish(store, number, new_ids=_minted(store, number))
    marts.publish(store, 3, day=marts.DAY.replace(month=3), past=True)
    return store


def _minted(store: Store, seq: int) -> Path:
    path = store.build / "new_ids.parquet"
    duckdb.sql(f"copy (select {seq}::bigint as seq, 'p' as publication_id, 'crm/{seq}' as "
               f"member_key, 'C{seq}' as customer_id, 'crm/{seq}' as founder_key) to '{path}' "
               "(format parquet)")
    return path


def _broken(store: Store) -> dict[str, integrity.Finding]:
    return {f.what: f for f in integrity.check(store) if f.broken}


def _spoil(path: Path) -> Path:
    """Turn one bit in the middle."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path


def _verify(store: Store) -> None:
    custody.verify(store.root.parent / "customer360.yaml")


def test_everything_kept_is_checked_and_found_whole(kept, capsys):
    _verify(kept)
    shown = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0].split(maxsplit=1) for line in shown] == [
        ["ok", "version 00002_2026-06-30 (current)"], ["ok", "version 00001_2026-06-30"],
        ["ok", "version 00003_2026-03-30 (past date)"], ["ok", "register of ids"],
        ["ok", "landed crm.companies"]]


def test_a_spoilt_mart_is_named_and_the_command_ends_with_1(kept, capsys):
    _spoil(kept.publications / "current" / publication.DATABASE)
    with pytest.raises(typer.Exit) as ended:
        _verify(kept)
    assert ended.value.exit_code == 1
    shown = capsys.readouterr().out
    assert "version 00002_2026-06-30 (current)" in shown
    assert "customer360.duckdb" in shown
    assert "customer360 rollback 00001_2026-06-30; then customer360 run --force" in shown


def test_a_spoilt_parquet_file_of_a_past_date_is_named(kept):
    past = publication.kept_past(kept)[0]
    _spoil(past.folder / "parquet" / "orders.parquet")
    found = _broken(kept)["version 00003_2026-03-30 (past date)"]
    assert found.broken == ("parquet/orders.parquet",)
    assert found.advice == "customer360 run --as-of 2026-03-30 --force"


def test_a_version_whose_manifest_was_written_over_is_broken(kept):
    manifest = publication.kept(kept)[1].folder / publication.MANIFEST
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('1 rows', '9 rows'))
    assert _broken(kept)["version 00001_2026-06-30"].broken == ("publication.json",)


def test_a_link_that_leads_nowhere_is_broken_and_a_rollback_mends_it(kept):
    (kept.publications / "current").unlink()
    assert _broken(kept)["publications/current"].advice == "customer360 rollback 00002_2026-06-30"
    publication.rollback(kept, "00002_2026-06-30")
    assert _broken(kept) == {}


def test_a_lost_segment_of_the_register_is_a_gap_and_the_version_still_has_it(kept):
    segment = kept.register / "00001_2026-06-30.parquet"
    segment.unlink()
    found = _broken(kept)["register of ids"]
    assert found.broken[0] == ("entries 1 to 1 are missing, between its start and "
                               "00002_2026-06-30.parquet")
    minted = kept.publications / "00001_2026-06-30" / publication.NEW_IDS
    assert f"copy {minted} to {segment}" in found.advice
    segment.write_bytes(minted.read_bytes())
    assert _broken(kept) == {}


def test_a_spoilt_segment_of_the_register_is_named(kept):
    _spoil(kept.register / "00002_2026-06-30.parquet")
    assert "00002_2026-06-30.parquet is not what version 00002_2026-06-30 minted" in (
        _broken(kept)["register of ids"].broken)


@pytest.mark.parametrize("damage", [_spoil, Path.unlink])
def test_a_spoilt_or_lost_blob_is_named_and_landing_the_file_again_mends_it(kept, scene, damage):
    blob = next(p for p in kept.blobs.rglob("*") if p.is_file())
    damage(blob)
    found = _broken(kept)["landed crm.companies"]
    assert "companies_2026-06-30.csv" in found.broken[0]
    blob.unlink(missing_ok=True)
    scene.land()
    assert _broken(kept) == {}


def test_bytes_delivered_compressed_are_held_against_their_own_hash(scene):
    scene.write("companies_2026-06-30.csv.gz", gzip.compress(COMPANIES.encode()))
    scene.land()
    assert _broken(scene.configuration.store) == {}


def test_a_load_that_is_not_readable_is_named(kept):
    next(kept.loads.rglob("*.json")).write_text("{")
    assert "a load is not readable" in _broken(kept)["landed crm.companies"].broken[0]
