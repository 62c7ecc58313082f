"""A version is written once, swapped in whole, kept, and found again by its date."""

import stat
from datetime import date

import duckdb
import published_marts as marts
import pytest

from dagster_project import publication
from dagster_project.errors import PublicationError

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)


def test_nothing_is_current_before_the_first_publication(store):
    assert publication.current(store) is None
    assert publication.kept(store) == []


def test_readers_see_the_newest_version(store):
    marts.publish(store, 3)
    second = marts.publish(store, 4)

    assert marts.seen(store) == (second.id, 4)
    assert publication.current(store) == second
    assert [v.id for v in publication.kept(store)] == [second.id, "00001_2026-06-30"]


def test_every_published_file_is_read_only_and_as_its_checksum_says(store):
    done = marts.publish(store, 3, new_ids=marts.new_ids(store, "company:crm/C1"))

    assert set(done.manifest["files"]) == {
        "customer360.duckdb", "new_ids.parquet", "parquet/mart_info.parquet",
        "parquet/orders.parquet"}
    for file in (f for f in done.folder.rglob("*") if f.is_file()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o444, file
    assert publication.broken_files(done) == []


def test_no_log_and_no_leftover_lies_beside_a_version(store):
    done = marts.publish(store, 3)

    assert {p.name for p in done.folder.iterdir()} == {
        "customer360.duckdb", "parquet", "publication.json"}
    assert {p.name for p in store.publications.iterdir()} == {done.id, "current", "log.jsonl"}


def test_a_build_whose_last_writes_are_still_in_its_log_is_refused(store):
    mart = marts.build(store, "00001_2026-06-30", 3)
    mart.with_name("mart.duckdb.wal").write_bytes(b"writes")

    with pytest.raises(PublicationError, match="not sealed"):
        publication.publish(store, mart, None, {"publication_id": "00001_2026-06-30",
                                                "as_of_date": JUNE}, keep=5, past=False)

    assert publication.current(store) is None


def test_the_file_is_of_the_storage_version_that_older_readers_open(store):
    """Bytes 12 to 20 of the header: DuckDB 1.2 writes 65 and opens no higher number."""
    done = marts.publish(store, 3)

    header = done.database.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 65
    with duckdb.connect(str(done.database), read_only=True) as con:
        tags = con.execute("select tags from duckdb_databases() where not internal").fetchall()
    assert "v1.2.0" in tags[0][0]["storage_version"]


def test_the_parquet_folder_holds_what_the_database_holds(store):
    done = marts.publish(store, 3)

    with duckdb.connect(str(done.database), read_only=True) as con:
        for mart in ("orders", "mart_info"):
            file = done.folder / "parquet" / f"{mart}.parquet"
            assert (con.execute(f"from {mart} order by all").fetchall()
                    == con.execute(f"from read_parquet('{file}') order by all").fetchall())


def test_numbers_are_never_used_twice(store):
    for rows in range(1, 5):
        marts.publish(store, rows, keep=2)
    assert [v.id[:5] for v in publication.kept(store)] == ["00004", "00003"]

    publication.rollback(store)
    past = marts.publish(store, 5, day=MAY, past=True)

    assert past.id == "00005_2026-05-31"
    assert publication.next_id(store, JUNE) == "00006_2026-06-30"


def test_a_number_that_only_the_register_knows_is_not_used_again(store):
    marts.publish(store, 1, new_ids=marts.new_ids(store, "company:crm/C1"))
    (store.publications / "log.jsonl").unlink()
    (store.register / "00001_2026-06-30.parquet").rename(store.register / "00007_x.parquet")

    assert publication.next_id(store, JUNE) == "00008_2026-06-30"


# -- versions that are kept --------------------------------------------------------------------


def test_only_the_newest_versions_are_kept(store):
    for rows in range(1, 7):
        marts.publish(store, rows, keep=3)

    assert [v.id[:5] for v in publication.kept(store)] == ["00006", "00005", "00004"]


def test_the_version_before_the_newest_stays_for_readers_on_their_way(store):
    for rows in (1, 2, 3):
        marts.publish(store, rows, keep=1)

    assert [v.id[:5] for v in publication.kept(store)] == ["00003", "00002"]


def test_a_rolled_back_version_that_is_current_stays(store):
    for rows in range(1, 6):
        marts.publish(store, rows)
    publication.rollback(store, "00001_2026-06-30")

    removed = publication.collect(store, 2)

    assert removed == ["00003_2026-06-30", "00002_2026-06-30"]
    assert marts.seen(store) == ("00001_2026-06-30", 1)


def test_a_version_with_a_damaged_manifest_can_still_be_removed(store):
    for rows in (1, 2, 3):
        marts.publish(store, rows)
    damaged = publication.kept(store)[2].folder / "publication.json"
    damaged.chmod(0o644)
    damaged.write_text("{ not json")

    assert publication.broken_files(publication.kept(store)[2]) == ["publication.json"]
    assert publication.collect(store, 2) == ["00001_2026-06-30"]


# -- rolling back ------------------------------------------------------------------------------


def test_a_rollback_points_readers_at_the_version_before(store):
    marts.publish(store, 1)
    marts.publish(store, 2)

    publication.rollback(store)

    assert marts.seen(store) == ("00001_2026-06-30", 1)
    assert marts.events(store)[-1] == ("rolled_back", "00001_2026-06-30")


def test_a_rollback_leaves_the_register_of_ids_as_it_is(store):
    marts.publish(store, 1, new_ids=marts.new_ids(store, "company:crm/C1"))
    marts.publish(store, 2, new_ids=marts.new_ids(store, "company:crm/C2"))

    publication.rollback(store)

    assert marts.registered(store) == ["company:crm/C1", "company:crm/C2"]


def test_a_version_can_be_named_and_readers_moved_forward_again(store):
    for rows in (1, 2, 3):
        marts.publish(store, rows)
    publication.rollback(store, "00001_2026-06-30")

    publication.rollback(store, "00003_2026-06-30")

    assert marts.seen(store) == ("00003_2026-06-30", 3)


def test_there_is_nothing_to_roll_the_first_version_back_to(store):
    marts.publish(store, 1)

    with pytest.raises(PublicationError, match="no earlier publication"):
        publication.rollback(store)


def test_an_unknown_version_is_refused_with_those_that_are_kept(store):
    marts.publish(store, 1)

    with pytest.raises(PublicationError, match="kept: 00001_2026-06-30"):
        publication.rollback(store, "00009_2026-06-30")


def test_readers_are_never_pointed_at_a_damaged_version(store):
    first = marts.publish(store, 1)
    second = marts.publish(store, 2)
    first.database.chmod(0o644)
    with first.database.open("r+b") as file:
        file.seek(5000)
        file.write(b"\x01")

    with pytest.raises(PublicationError, match=r"customer360\.duckdb is not what was published"):
        publication.rollback(store)

    assert marts.seen(store) == (second.id, 2)


# -- damage ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["customer360.duckdb", "parquet/orders.parquet"])
def test_one_flipped_bit_is_found(store, name):
    done = marts.publish(store, 50)
    file = done.folder / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)

    assert publication.broken_files(done) == [name]


def test_a_missing_file_is_found(store):
    done = marts.publish(store, 3)
    (done.folder / "parquet" / "orders.parquet").unlink()

    assert publication.broken_files(done) == ["parquet/orders.parquet"]


def test_a_manifest_that_was_edited_is_found(store):
    done = marts.publish(store, 3)
    manifest = done.folder / "publication.json"
    manifest.chmod(0o644)
    manifest.write_text(manifest.read_text().replace('"orders": 3', '"orders": 4'))

    assert publication.broken_files(publication.current(store)) == ["publication.json"]


# -- past dates --------------------------------------------------------------------------------


def test_a_past_date_is_published_beside(store):
    now = marts.publish(store, 3, new_ids=marts.new_ids(store, "company:crm/C1"))

    past = marts.publish(store, 2, day=MAY, past=True,
                         new_ids=marts.new_ids(store, "company:crm/C2"))

    assert publication.current(store) == now
    assert publication.kept(store) == [now]
    assert publication.at(store, MAY) == past
    assert (store.as_of / "2026-05-31" / "customer360.duckdb").exists()
    assert marts.registered(store) == ["company:crm/C1"]


def test_of_a_past_date_only_the_newest_version_stays(store):
    marts.publish(store, 3)
    marts.publish(store, 1, day=MAY, past=True)
    other = marts.publish(store, 1, day=date(2026, 4, 30), past=True)
    second = marts.publish(store, 2, day=MAY, past=True)

    assert publication.at(store, MAY) == second
    assert {p.name for p in (store.as_of / "versions").iterdir()} == {second.id, other.id}


def test_past_dates_do_not_count_in_the_number_kept(store):
    for rows in (1, 2):
        marts.publish(store, rows, keep=2)
    for month in (1, 2, 3):
        marts.publish(store, 1, day=date(2026, month, 1), past=True, keep=2)

    assert len(publication.kept(store)) == 2
    assert len(list((store.as_of / "versions").iterdir())) == 3


def test_a_date_leads_to_its_newest_version_wherever_that_stands(store):
    marts.publish(store, 1, day=JULY)
    past = marts.publish(store, 2, day=JUNE, past=True)
    assert publication.at(store, JUNE) == past

    newer = marts.publish(store, 3, day=JUNE)
    assert publication.at(store, JUNE) == newer


def test_a_version_that_was_rolled_back_does_not_answer_for_its_date(store):
    marts.publish(store, 1, day=MAY)
    marts.publish(store, 2, day=JUNE)
    publication.rollback(store)

    with pytest.raises(PublicationError, match="run --as-of 2026-06-30"):
        publication.at(store, JUNE)


# -- whether anything changed ------------------------------------------------------------------


def test_the_same_inputs_have_nothing_to_do(store):
    done = marts.publish(store, 1, inputs="a")

    assert publication.unchanged(store, "a", None) == done
    assert publication.unchanged(store, "b", None) is None


def test_a_rolled_back_version_has_nothing_to_do_either(store):
    marts.publish(store, 1, inputs="a")
    second = marts.publish(store, 2, inputs="b")
    publication.rollback(store)

    assert publication.unchanged(store, "b", None) == second


def test_inputs_that_are_again_as_they_once_were_are_a_change(store):
    """Tempting: to look for the inputs among all versions that are kept. A setting that is changed
    and changed back would then leave readers at the figures of the setting in between."""
    marts.publish(store, 1, inputs="a")
    marts.publish(store, 2, inputs="b")

    assert publication.unchanged(store, "a", None) is None


def test_a_past_date_has_nothing_to_do_where_its_own_version_is_of_the_same_inputs(store):
    marts.publish(store, 1, inputs="a")
    past = marts.publish(store, 2, inputs="b", day=MAY, past=True)

    assert publication.unchanged(store, "b", MAY) == past
    assert publication.unchanged(store, "b", None) is None
