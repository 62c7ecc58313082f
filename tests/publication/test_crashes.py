"""A publication that is broken off between any two of its steps."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import published_marts as marts
import pytest

from dagster_project import faults, publication

POINTS = [p for p in faults.POINTS if p.startswith("publish.")]
WHOLE = POINTS[POINTS.index("publish.register"):]
BEFORE = POINTS[: POINTS.index("publish.register")]
PUBLISH = """
import sys
from pathlib import Path
import published_marts as marts
from dagster_project import faults
from dagster_project.store import Store
store = Store(Path(sys.argv[1]))
faults.arm(sys.argv[2], "kill")
marts.publish(store, 3, keep=2, new_ids=marts.new_ids(store, "company:crm/C3"))
"""


@pytest.fixture
def published(store):
    """Two versions, of which the first goes with the next publication."""
    for rows in (1, 2):
        marts.publish(store, rows, keep=2, new_ids=marts.new_ids(store, f"company:crm/C{rows}"))
    return store


def publish_third(store):
    return marts.publish(store, 3, keep=2, new_ids=marts.new_ids(store, "company:crm/C3"))


def assert_finished(store):
    """The third version is current, registered once, logged once; nothing is left over."""
    assert marts.seen(store) == ("00003_2026-06-30", 3)
    assert marts.registered(store) == [f"company:crm/C{n}" for n in (1, 2, 3)]
    assert marts.events(store) == [("published", f"0000{n}_2026-06-30") for n in (1, 2, 3)]
    names = {p.name for p in store.publications.iterdir()}
    assert names == {"00002_2026-06-30", "00003_2026-06-30", "current", "log.jsonl"}
    assert all(publication.broken_files(v) == [] for v in publication.kept(store))
    assert not [p for p in store.root.rglob("*") if p.name.endswith((".partial", ".swap"))]


def assert_never_begun(store):
    """Readers, register and log are as they were before; nothing is left over."""
    assert marts.seen(store) == ("00002_2026-06-30", 2)
    assert marts.registered(store) == ["company:crm/C1", "company:crm/C2"]
    names = {p.name for p in store.publications.iterdir()}
    assert names == {"00001_2026-06-30", "00002_2026-06-30", "current", "log.jsonl"}


@pytest.mark.parametrize("action", ["raise", "enospc"])
@pytest.mark.parametrize("point", BEFORE)
def test_what_fails_before_the_version_is_whole_was_never_begun(published, point, action):
    faults.arm(point, action)
    with pytest.raises((RuntimeError, OSError)):
        publish_third(published)
    faults.disarm()
    assert marts.seen(published) == ("00002_2026-06-30", 2)

    publication.recover(published)
    assert_never_begun(published)

    publish_third(published)
    assert_finished(published)


@pytest.mark.parametrize("action", ["raise", "enospc"])
@pytest.mark.parametrize("point", WHOLE)
def test_what_fails_after_the_version_is_whole_is_finished_by_the_next(published, point, action):
    faults.arm(point, action)
    with pytest.raises((RuntimeError, OSError)):
        publish_third(published)
    assert marts.seen(published)[1] in (2, 3)
    faults.disarm()

    publication.recover(published)
    assert_finished(published)
    publication.recover(published)
    assert_finished(published)


@pytest.mark.parametrize("second", WHOLE)
@pytest.mark.parametrize("first", WHOLE)
def test_a_recovery_may_be_broken_off_as_well(published, first, second):
    faults.arm(first, "raise")
    with pytest.raises(RuntimeError):
        publish_third(published)
    faults.disarm()
    faults.arm(second, "raise")
    try:
        publication.recover(published)
    except RuntimeError:
        assert marts.seen(published)[1] in (2, 3)
    faults.disarm()

    publication.recover(published)
    assert_finished(published)


@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_is_killed_leaves_the_old_version_or_the_new_one(published, point):
    killed = subprocess.run([sys.executable, "-c", PUBLISH, str(published.root), point],
                            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                            check=False)
    assert killed.returncode == -signal.SIGKILL
    assert marts.seen(published)[1] in (2, 3)

    publication.recover(published)

    if point in WHOLE:
        assert_finished(published)
    else:
        assert_never_begun(published)
        publish_third(published)
        assert_finished(published)


@pytest.mark.parametrize("point", WHOLE)
def test_a_rollback_after_a_crash_first_finishes_what_was_begun(published, point):
    faults.arm(point, "raise")
    with pytest.raises(RuntimeError):
        publish_third(published)
    faults.disarm()

    publication.recover(published)
    publication.rollback(published)

    assert marts.seen(published) == ("00002_2026-06-30", 2)
    publication.recover(published)
    assert marts.seen(published) == ("00002_2026-06-30", 2)


def test_a_crash_right_after_the_rename_does_not_pass_for_a_published_version(published,
                                                                              monkeypatch):
    """Tempting: to note what is pending after the rename. A version that nobody finishes would
    then count as published, and the same inputs as done."""
    rename = Path.rename

    def rename_and_die(self: Path, target: Path) -> Path:
        done = rename(self, target)
        if self.name.startswith(".staging-"):
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "rename", rename_and_die)
    with pytest.raises(KeyboardInterrupt):
        publish_third(published)
    monkeypatch.undo()

    publication.recover(published)
    assert_finished(published)


def test_a_crash_between_removals_leaves_no_half_version(published, monkeypatch):
    def half(path: Path) -> None:
        (path / "publication.json").unlink()
        raise KeyboardInterrupt

    monkeypatch.setattr(publication.shutil, "rmtree", lambda path, **kw: (
        half(Path(path)) if ".removing" in str(path) else None))
    with pytest.raises(KeyboardInterrupt):
        publish_third(published)
    monkeypatch.undo()

    assert [v.id[:5] for v in publication.kept(published)] == ["00003", "00002"]
    publication.recover(published)
    assert_finished(published)


def test_a_link_that_was_made_and_not_swapped_in_is_swept(published):
    (published.publications / ".current.swap").symlink_to("00001_2026-06-30")

    publication.recover(published)

    assert_never_begun(published)


def test_a_past_date_broken_off_is_finished_beside(published):
    for point in ("publish.swap", "publish.log"):
        faults.arm(point, "raise")
        with pytest.raises(RuntimeError):
            marts.publish(published, 1, day=marts.DAY.replace(month=5), past=True)
        faults.disarm()

        publication.recover(published)

        past = publication.at(published, marts.DAY.replace(month=5))
        assert publication.broken_files(past) == []
        assert marts.seen(published) == ("00002_2026-06-30", 2)
        assert len(list((published.as_of / "versions").iterdir())) == 1


def test_a_working_file_that_is_garbage_harms_no_reader(published):
    (published.build / "private.duckdb").write_bytes(b"\x00garbage" * 100)
    (published.build / "mart.duckdb").write_bytes(b"garbage")
    with pytest.raises(duckdb.IOException):
        duckdb.connect(str(published.build / "mart.duckdb"), read_only=True)

    publication.recover(published)

    assert_never_begun(published)
