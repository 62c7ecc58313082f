"""A load is kept as it came, refused when it is not whole, and never applied twice."""

import gzip
import hashlib
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scene import COMPANIES, Scene

from dagster_project import landing, sources
from dagster_project.errors import ConfigurationError, DeliveryError, LoadHeldError, QualityError
from dagster_project.reading.text import open_bytes

HEADER = "company_id,name\n"


def companies(*ids: int | str, name: str = "Acme") -> str:
    return HEADER + "".join(f"{i},{name} {i}\n" for i in ids)


def incremental(scene: Scene, **extract: object) -> None:
    scene.configure(COMPANIES, extracts={"companies": {
        "files": "companies_*", "mode": "incremental", "key": "company_id", **extract}})


def test_the_bytes_of_a_load_are_kept_as_delivered(scene: Scene) -> None:
    text = HEADER + '1,"Müller, ""the"" baker"\n'
    scene.write("companies_2026-01-01.csv", text)
    scene.write("companies_2026-01-02.csv.gz", gzip.compress(text.encode()))
    scene.land()
    store = scene.configuration.store
    for load in landing.landed(store, "crm", "companies"):
        blob = store.blobs / load.files[0].blob
        with open_bytes(blob) as kept:
            assert kept.read() == text.encode()
        assert blob.stat().st_mode & 0o222 == 0
        delivered = (scene.folder / load.files[0].name).read_bytes()
        assert load.files[0].sha256 == hashlib.sha256(delivered).hexdigest()
        assert load.files[0].bytes == len(delivered)


def test_a_redelivered_load_is_a_no_op(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1, 2))
    first = scene.land()
    assert len(first.new_loads) == 1
    scene.write("companies_2026-01-01.csv", companies(1, 2))
    again = scene.land()
    assert again.new_loads == ()
    assert again.tables["crm_company"].folder == first.tables["crm_company"].folder


def test_a_landed_load_outlives_the_file_it_came_from(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1, 2)).unlink()
    scene.write("companies_2026-01-02.csv", companies(1, 2))
    scene.land()
    (scene.folder / "companies_2026-01-02.csv").unlink()
    assert scene.values(scene.land(), "crm_company", "company_id") == ["1", "2"]


def test_an_older_full_load_that_comes_late_is_stale_and_changes_nothing(scene: Scene) -> None:
    scene.write("companies_2026-02-01.csv", companies(1, 2, name="New"))
    scene.land()
    scene.write("companies_2026-01-01.csv", companies(1, 2, name="Old"))
    result = scene.land()
    assert scene.values(result, "crm_company", "name") == ["New 1", "New 2"]
    assert sorted((str(row[3]), row[5]) for row in result.loads) == [
        ("2026-01-01", "stale"), ("2026-02-01", "current")]


def test_a_corrected_extract_of_the_same_day_takes_the_place_of_the_first(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1, name="Wrong"))
    scene.land()
    scene.write("companies_2026-01-01.csv", companies(1, name="Right"))
    result = scene.land()
    assert scene.values(result, "crm_company", "name") == ["Right 1"]
    assert [row[5] for row in result.loads] == ["superseded", "current"]


def test_the_order_in_which_deltas_come_does_not_matter(scene: Scene, tmp_path: Path) -> None:
    deliveries = {
        "companies_2026-01-01.csv": companies(1, 2, 3, name="A"),
        "companies_2026-01-02.csv": companies(2, name="B"),
        "companies_2026-01-03.csv": companies(3, name="C"),
        "companies_2026-01-04.csv": companies(2, 4, name="D")}
    states = []
    for number, order in enumerate([list(deliveries), [*reversed(deliveries)]]):
        (tmp_path / str(number)).mkdir()
        other = Scene(tmp_path / str(number))
        incremental(other)
        for name in order:
            other.write(name, deliveries[name])
            result = other.land()
        states.append(other.values(result, "crm_company", "company_id", "name", "load_date"))
    assert states[0] == states[1]
    assert [name for _, name, _ in states[0]] == ["A 1", "D 2", "C 3", "D 4"]


def test_deltas_apply_by_their_own_time_of_change_where_one_is_declared(scene: Scene) -> None:
    incremental(scene, changed="updated_at")
    header = "company_id,name,updated_at\n"
    scene.write("companies_2026-01-02.csv", header + "1,Later,2026-01-01 09:00:01\n")
    scene.write("companies_2026-01-03.csv", header + "1,Earlier,2026-01-01 09:00:00\n")
    assert scene.values(scene.land(), "crm_company", "name") == ["Later"]


def test_a_delta_of_the_full_loads_day_follows_it_in_whatever_order_they_come(
        tmp_path: Path) -> None:
    for number, full_first in enumerate((True, False)):
        (tmp_path / str(number)).mkdir()
        scene = Scene(tmp_path / str(number))
        incremental(scene)
        full, delta = "companies_full_2026-01-01.csv", "companies_delta_2026-01-01.csv"
        for name in (full, delta) if full_first else (delta, full):
            mode = "full" if name == full else "incremental"
            # Each is landed before the other lies there.
            scene.write(name, companies(1, 2, name=mode) if name == full
                        else companies(2, name=mode), mode=mode)
            result = scene.land()
            (scene.folder / name).unlink()
        assert scene.values(result, "crm_company", "name") == ["full 1", "incremental 2"]


def test_a_delta_without_rows_is_fine_and_a_full_extract_without_rows_is_not(scene: Scene) -> None:
    incremental(scene)
    scene.write("companies_2026-01-01.csv", companies(1))
    scene.write("companies_2026-01-02.csv", HEADER)
    assert scene.values(scene.land(), "crm_company", "company_id") == ["1"]
    scene.configure(COMPANIES)
    scene.write("companies_2026-01-03.csv", HEADER)
    with pytest.raises(DeliveryError, match=r"a header and no rows. .* set `allow_empty: true`"):
        scene.land()
    scene.configure(COMPANIES, connection={"allow_empty": True}, max_row_loss_pct=100)
    assert [r["deleted_on"].isoformat() for r in scene.accepted(scene.land(), "crm_company")] == [
        "2026-01-03"]


@pytest.mark.parametrize(("manifest", "message"), [
    ({"rows": 3}, "its manifest says 3 rows, the file has 2"),
    ({"bytes": 10}, "its manifest says bytes 10, the file has 34: it is not complete"),
    ({"sha256": "0" * 64}, "its manifest says sha256 0000"),
    ({"totals": {"annual_revenue": "31.00"}},
     "its manifest says annual_revenue adds up to 31.00, the file's adds up to 30.5"),
    ({"totals": {"anual_revenue": "1"}},
     r"has a total of 'anual_revenue', which is no column of it \(closest match: 'annual_revenue'"),
])
def test_what_a_manifest_says_is_held_against_the_file(
        scene: Scene, manifest: dict, message: str) -> None:
    """A file cut off at the end of a row, or inside its last number, is told by this alone."""
    text = "company_id,name,annual_revenue\n1,A,10.25\n2,B,20.25\n"
    scene.write("companies_2026-01-01.csv", text, rows=2, bytes=len(text),
                totals={"annual_revenue": "30.50"})
    scene.land()
    text = "company_id,name,annual_revenue\n1,A,10.25\n2,B,20.25\n"
    if "bytes" in manifest:
        text = HEADER + "1,Acme 1\n2,Acme 2\n"
    scene.write("companies_2026-01-02.csv", text, **manifest)
    with pytest.raises(DeliveryError, match=message):
        scene.land()
    assert len(landing.landed(scene.configuration.store, "crm", "companies")) == 1


def test_totals_are_read_in_the_declared_locale(scene: Scene) -> None:
    scene.configure(COMPANIES, connection={"delimiter": ";", "decimal": ",", "thousands": "."})
    text = "company_id;name;annual_revenue\n1;A;1.234,50\n2;B;0,50\n"
    scene.write("companies_2026-01-01.csv", text, totals={"annual_revenue": 1235})
    assert [str(v) for v in scene.values(scene.land(), "crm_company", "annual_revenue")] == [
        "1234.5000", "0.5000"]


def test_a_last_line_without_line_end_is_pointed_out(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1, 2).removesuffix("\n"))
    assert scene.land().warnings == (
        "crm.companies, companies_2026-01-01.csv: the last line has no line end; the file may have "
        "been cut off",)


def test_a_load_that_lost_too_many_rows_waits_until_it_is_accepted(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(*range(100)))
    scene.land()
    scene.write("companies_2026-01-02.csv", companies(*range(40)))
    with pytest.raises(LoadHeldError, match=r"40 rows, 60.0 % fewer than the 100 of 2026-01-01 "
                                            r"\(limit 30 %\).*customer360 accept (\w+)") as held:
        scene.land()
    load_id = str(held.value).rpartition("customer360 accept ")[2].split()[0]
    landing.accept(scene.configuration.store, load_id, why="a branch was sold", who="ada")
    result = scene.land()
    kept = [r for r in scene.accepted(result, "crm_company") if r["deleted_on"] is None]
    assert len(kept) == 40
    assert result.tables["crm_company"].accepted == 100


def test_a_load_between_that_lost_too_many_rows_is_passed_over(scene: Scene) -> None:
    """It neither stands in the way of the good one after it, nor tells what was deleted."""
    for day, ids in ((1, range(100)), (2, range(10)), (3, range(99))):
        scene.write(f"companies_2026-01-0{day}.csv", companies(*ids))
    result = scene.land()
    gone = [(r["company_id"], str(r["deleted_on"])) for r in scene.accepted(result, "crm_company")
            if r["deleted_on"]]
    assert gone == [("99", "2026-01-03")]


def test_accepting_a_load_that_is_not_there_names_the_closest(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1))
    [load_id] = scene.land().new_loads
    with pytest.raises(ConfigurationError, match=rf"closest match: '{load_id}'"):
        landing.accept(scene.configuration.store, load_id[:-1] + "x", why="?", who="ada")


def test_a_load_with_too_many_unreadable_records_waits(scene: Scene) -> None:
    scene.limits["max_bad_rows_pct"] = 10
    scene.configure(COMPANIES)
    scene.write("companies_2026-01-01.csv", (HEADER + "1,Müller\n2,Meyer\n").encode("cp1252"))
    with pytest.raises(LoadHeldError, match=r"1 of 2 records cannot be read \(50.0 %, limit"):
        scene.land()


def test_too_many_bad_rows_stop_the_source_until_accepted(scene: Scene) -> None:
    scene.limits["max_bad_rows_pct"] = 10
    scene.configure(COMPANIES)
    scene.write("companies_2026-01-01.csv", HEADER + "1,\n2,B\n3,C\n")
    with pytest.raises(QualityError, match=r"1 of 3 rows \(33.3 %, limit 10 %\) break the contract "
                                           r"\(name not_null: 1\)") as stopped:
        scene.land()
    load_id = str(stopped.value).rpartition("customer360 accept ")[2].split()[0]
    landing.accept(scene.configuration.store, load_id, why="known", who="ada")
    assert scene.values(scene.land(), "crm_company", "company_id") == ["2", "3"]


def test_ten_times_the_rows_are_pointed_out(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(*range(3)))
    scene.write("companies_2026-01-02.csv", companies(*range(30)))
    scene.land()
    assert warnings(scene) == ["crm.companies: 30 rows of 2026-01-02, 3 of 2026-01-01"]


def test_a_new_column_is_pointed_out_kept_and_not_mapped(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1))
    scene.write("companies_2026-01-02.csv", "company_id,rating,name\n1,AAA,Acme\n")
    result = scene.land()
    assert warnings(scene) == ["crm.companies, load of 2026-01-02: new columns rating; they are "
                               "kept as delivered, mapped or not"]
    assert scene.values(result, "crm_company", "custom_fields") == [None]


def test_a_stale_load_is_pointed_out(scene: Scene) -> None:
    scene.write("companies_2026-02-01.csv", companies(1))
    scene.land()
    scene.write("companies_2026-01-01.csv", companies(1))
    scene.land()
    assert warnings(scene) == ["crm.companies, companies_2026-01-01.csv: a load of 2026-01-01 that "
                               "came after a newer one; it was landed and changes nothing"]


def warnings(scene: Scene) -> list[str]:
    configuration = scene.configuration
    return list(landing.warnings(landing.state(
        configuration.store, configuration, configuration.sources[0], "companies")))


def test_files_of_one_load_must_have_the_same_columns(scene: Scene) -> None:
    scene.write("companies_a_2026-01-01.csv", "company_id,name,phone\n1,A,5\n")
    scene.write("companies_b_2026-01-01.csv", "company_id,phon,name\n2,6,B\n")
    with pytest.raises(DeliveryError, match=r"companies_b_2026-01-01.csv, line 1: "
                       r"companies_a_2026-01-01.csv of the same load has 'phone', this header has "
                       r"not \(closest match: 'phon'\)"):
        scene.land()


def test_an_extract_that_never_came_is_named_with_its_pattern(scene: Scene) -> None:
    with pytest.raises(DeliveryError, match=r"source crm, extract companies: no file matches "
                                            r"companies_\* in in, and none was ever landed"):
        scene.land()


def test_an_incremental_file_needs_a_key_to_be_told_by(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1), mode="incremental")
    with pytest.raises(DeliveryError, match="the extract needs a `key`"):
        scene.land()


def test_a_file_that_changes_while_it_is_read_is_refused(
        scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene.write("companies_2026-01-01.csv", companies(1))

    class Growing:
        def __init__(self) -> None:
            self.read = b""

        def update(self, chunk: bytes) -> None:
            if not self.read:
                path.write_text(companies(1, 2))
            self.read += chunk

        def hexdigest(self) -> str:
            return "0" * 64

    monkeypatch.setattr(landing, "hashlib", SimpleNamespace(sha256=Growing))
    configuration = scene.configuration
    [delivery] = sources.pull(configuration, configuration.sources[0])
    with pytest.raises(DeliveryError, match="it is still being written"):
        landing.land(configuration.store, configuration.sources[0], delivery)


def test_parsed_files_are_made_again_from_the_kept_bytes(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", companies(1, 2))
    scene.land()
    store = scene.configuration.store
    shutil.rmtree(store.parsed)
    shutil.rmtree(store.accepted)
    assert scene.values(scene.land(), "crm_company", "company_id") == ["1", "2"]


def test_parquet_is_read_by_its_own_types_whatever_the_source_declares(scene: Scene) -> None:
    scene.configure(COMPANIES, connection={
        "format": "parquet", "decimal": ",", "thousands": ".", "date_format": "%d.%m.%Y"})
    table = pa.table({
        "company_id": ["001"], "name": ["Acme"], "employees": [7],
        "annual_revenue": pa.array([Decimal("1234.50")], pa.decimal128(12, 2)),
        "created_at": pa.array([datetime(2026, 1, 1, 12, tzinfo=UTC)],
                               pa.timestamp("us", tz="Europe/Berlin")),
        "updated_at": pa.array([date(2026, 1, 2)])})
    pq.write_table(table, scene.folder / "companies_2026-01-01.parquet")
    [row] = scene.accepted(scene.land(), "crm_company")
    assert (row["company_id"], row["employees"], row["annual_revenue"]) == (
        "001", 7, Decimal("1234.5000"))
    assert (row["created_at"], row["updated_at"]) == (
        datetime(2026, 1, 1, 12), datetime(2026, 1, 2))
    assert row["_line"] == 1


def test_a_load_may_be_dated_by_a_column(scene: Scene) -> None:
    scene.configure(COMPANIES, load_date={"column": "exported"})
    scene.write("companies_a.csv", "company_id,name,exported\n1,A,2026-01-05\n2,B,2026-01-06\n")
    assert str(scene.land().reach) == "2026-01-06"
    scene.write("companies_a.csv", "company_id,name,exported\n1,A,6.1.2026\n2,B,\n")
    with pytest.raises(DeliveryError, match=r"no cell of 'exported' is a date \(declared: %Y"):
        scene.land()
