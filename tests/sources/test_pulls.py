"""What is picked up from a folder, how it is dated, and what is refused."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from scene import COMPANIES, Scene

from dagster_project import sources
from dagster_project.errors import ConfigurationError, DeliveryError

ROW = "company_id,name\n1,Acme\n"


def pulled(scene: Scene) -> list[sources.Delivery]:
    configuration = scene.configuration
    return sources.pull(configuration, configuration.sources[0])


def names(scene: Scene) -> list[str]:
    return [file.name for delivery in pulled(scene) for file in delivery.files]


def test_files_of_one_date_form_one_load_and_dates_come_in_order(scene: Scene) -> None:
    for name in ("companies_b_2026-02-01.csv", "companies_2026-01-01.csv",
                 "companies_a_2026-02-01.csv"):
        scene.write(name, ROW)
    assert [(d.load_date, [f.name for f in d.files]) for d in pulled(scene)] == [
        (date(2026, 1, 1), ["companies_2026-01-01.csv"]),
        (date(2026, 2, 1), ["companies_a_2026-02-01.csv", "companies_b_2026-02-01.csv"])]


def test_a_manifest_dates_a_load_before_the_file_name_does(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", ROW, load_date="2026-03-04")
    assert pulled(scene)[0].load_date == date(2026, 3, 4)


def test_the_time_of_modification_dates_nothing(scene: Scene) -> None:
    path = scene.write("companies_2026-01-01.csv", ROW)
    os.utime(path, (0, 0))
    assert pulled(scene)[0].load_date == date(2026, 1, 1)


@pytest.mark.parametrize("name", [
    "companies_2026-01-01.csv.part", "companies_2026-01-01.csv.tmp",
    "companies_2026-01-01.csv.filepart", "companies_2026-01-01.csv.crdownload"])
def test_a_file_still_being_sent_is_left_alone(scene: Scene, name: str) -> None:
    scene.write(name, ROW)
    assert names(scene) == []


def test_where_manifests_are_required_a_file_waits_for_its_own(scene: Scene) -> None:
    scene.configure(COMPANIES, connection={"manifest": "required"})
    scene.write("companies_2026-01-01.csv", ROW)
    scene.write("companies_2026-01-02.csv", ROW, rows=1)
    assert names(scene) == ["companies_2026-01-02.csv"]


@pytest.mark.parametrize("name", [
    "companies_; rm -rf_2026-01-01.csv", "companies_'x'_2026-01-01.csv",
    'companies_"_2026-01-01.csv', "companies_\n_2026-01-01.csv", "companies_🚲_2026-01-01.csv",
    "companies_$(x)_2026-01-01.csv", "companies_`x`_2026-01-01.csv"])
def test_a_file_name_with_odd_characters_is_refused(scene: Scene, name: str) -> None:
    scene.write(name, ROW)
    with pytest.raises(DeliveryError, match="has characters that a delivery may not have"):
        pulled(scene)


def test_a_file_name_with_blanks_and_letters_of_any_language_is_taken(scene: Scene) -> None:
    scene.write("companies_süd (neu)_2026-01-01.csv", ROW)
    assert names(scene) == ["companies_süd (neu)_2026-01-01.csv"]


def test_a_link_is_no_delivery(scene: Scene) -> None:
    outside = scene.root / "elsewhere.csv"
    outside.write_text(ROW)
    (scene.folder / "companies_2026-01-01.csv").symlink_to(outside)
    with pytest.raises(DeliveryError, match="a link is not a delivery"):
        pulled(scene)


def test_a_file_below_a_linked_folder_is_no_delivery(scene: Scene) -> None:
    outside = scene.root / "elsewhere"
    outside.mkdir()
    (outside / "companies_2026-01-01.csv").write_text(ROW)
    (scene.folder / "sub").symlink_to(outside)
    scene.configure(COMPANIES, extracts={"companies": {"files": "sub/companies_*"}})
    with pytest.raises(DeliveryError, match="a link is not a delivery"):
        pulled(scene)


@pytest.mark.parametrize("pattern", ["../*.csv", "/etc/*", "x/../../*.csv"])
def test_a_pattern_that_leaves_the_folder_is_refused(scene: Scene, pattern: str) -> None:
    scene.configure(COMPANIES, extracts={"companies": {"files": pattern}})
    with pytest.raises(ConfigurationError, match="leaves the source's folder"):
        pulled(scene)


def test_a_folder_that_is_not_there_is_named(scene: Scene) -> None:
    scene.configure(COMPANIES, connection={"path": "nowhere"})
    with pytest.raises(DeliveryError, match=r"source crm: its folder .*nowhere does not exist"):
        pulled(scene)


@pytest.mark.parametrize(("manifest", "message"), [
    ("{", "not readable as JSON"),
    ("[]", "manifest: Input should be"),
    (json.dumps({"row": 3}), "row: Extra inputs are not permitted. A manifest has load_date, rows"),
    (json.dumps({"rows": "many"}), "rows: Input should be a valid integer"),
    (json.dumps({"rows": -1}), "rows: Input should be greater than or equal to 0"),
    (json.dumps({"load_date": "30.06.2026"}), "load_date: Input should be a valid date"),
    (json.dumps({"mode": "delta"}), "mode: Input should be 'full' or 'incremental'"),
])
def test_a_manifest_that_cannot_be_meant_is_refused(
        scene: Scene, manifest: str, message: str) -> None:
    scene.write("companies_2026-01-01.csv", ROW)
    (scene.folder / "companies_2026-01-01.csv.manifest.json").write_text(manifest)
    with pytest.raises(DeliveryError, match=message):
        pulled(scene)


@pytest.mark.parametrize(("name", "message"), [
    ("companies_june.csv", r"the file name does not match load_date.file_name"),
    ("companies_2026-02-30.csv", r"'2026-02-30' in the file name is not a date"),
])
def test_a_file_that_cannot_be_dated_is_refused(scene: Scene, name: str, message: str) -> None:
    scene.write(name, ROW)
    with pytest.raises(DeliveryError, match=message):
        pulled(scene)


def test_a_source_without_any_date_is_asked_for_one(scene: Scene) -> None:
    scene.configure(COMPANIES, load_date=None)
    scene.write("companies_2026-01-01.csv", ROW)
    with pytest.raises(ConfigurationError, match="nothing dates this load"):
        pulled(scene)


def digest_of(scene: Scene) -> str:
    configuration = scene.configuration
    return sources.delivered_digest(configuration, configuration.store)


def test_what_was_delivered_is_told_by_content_not_by_time(scene: Scene) -> None:
    path = scene.write("companies_2026-01-01.csv", ROW)
    os.utime(path, (10**9, 10**9))
    first = digest_of(scene)
    os.utime(path, (10**9 + 5, 10**9 + 5))
    assert digest_of(scene) == first
    path.write_text(ROW.replace("Acme", "Apex"))
    assert digest_of(scene) != first


def test_a_change_quicker_than_the_clock_is_still_seen(scene: Scene) -> None:
    """A file of the same size and time, changed right after it was hashed, is hashed again."""
    path = scene.write("companies_2026-01-01.csv", ROW)
    first, status = digest_of(scene), path.stat()
    path.write_text(ROW.replace("Acme", "Apex"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert digest_of(scene) != first


def test_an_untouched_file_is_not_read_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    path = scene.write("companies_2026-01-01.csv", ROW)
    os.utime(path, (10**9, 10**9))
    first = digest_of(scene)

    def unread(path: Path) -> str:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(sources, "sha256", unread)
    assert digest_of(scene) == first


def test_a_source_that_cannot_be_pulled_is_a_state_of_its_own(scene: Scene) -> None:
    """A run has to start for it: to land the other sources, and to say what is wrong with it."""
    scene.write("companies_2026-01-01.csv", ROW)
    there = digest_of(scene)
    scene.folder.rename(scene.root / "elsewhere")
    assert digest_of(scene) == digest_of(scene) != there
