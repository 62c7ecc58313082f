"""The CRM before the person was erased and after, made once and copied for each test."""

import copy
import gzip
import shutil
import sqlite3
from pathlib import Path

import hand_marts
import person
import pytest
from scene import Scene


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Landed twice, three versions published (one of a past date), a run in Dagster's history."""
    scene = Scene(tmp_path_factory.mktemp("crm"))
    scene.configure(person.CONTACTS)
    scene.write("companies_2026-05-31.csv", "company_id,name\nC1,Ash\n")
    scene.write("contacts_2026-05-31.csv.gz", gzip.compress(person.MAY.encode("cp1252")))
    scene.write("contacts_2026-06-30.csv", person.JUNE.encode("cp1252"))
    scene.write("calls_2026-06-30.csv", person.CALLS)
    scene.land()
    store = scene.configuration.store
    for run in (1, 2):
        hand_marts.publish(store, person.marts(run))
    hand_marts.publish(store, person.marts(3), past=True)
    (store.build / "private.duckdb").write_bytes(f"what {person.NAME} left".encode())
    rendered = store.deliveries / "letters" / "00002_2026-06-30"
    rendered.mkdir(parents=True)
    (rendered / "letters.csv").write_text(f"contact_name\n{person.NAME}\n")
    (rendered.parent / "copy.csv").write_text(f"contact_name\n{person.NAME}\n")
    history = store.dagster_home / "history" / "runs.db"
    history.parent.mkdir(parents=True)
    with sqlite3.connect(history) as con:
        con.execute("create table event_logs (id integer primary key, event text)")
        con.executemany("insert into event_logs (event) values (?)", [
            (f'{{"rows": [["P1", "{person.EMAIL}", "Zora Quellm\\u00fcller"]]}}',),
            ('{"rows": []}',)])
    con.close()
    store.lock_file.touch()
    return scene


@pytest.fixture(scope="session")
def erased_template(template: Scene, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    scene = _copied(template, tmp_path_factory.mktemp("erased") / "crm")
    person.erase(scene)
    return scene


@pytest.fixture
def crm(template: Scene, tmp_path: Path) -> Scene:
    """The CRM with the person."""
    return _copied(template, tmp_path / "crm")


@pytest.fixture
def erased(erased_template: Scene, tmp_path: Path) -> Scene:
    """The CRM after the person was erased."""
    return _copied(erased_template, tmp_path / "crm")


def _copied(scene: Scene, root: Path) -> Scene:
    shutil.copytree(scene.root, root, symlinks=True)
    twin = copy.copy(scene)
    twin.root, twin.folder = root, root / scene.folder.name
    return twin
