"""Readers in other processes while versions come, go and are rolled back."""

import json
import subprocess
import sys
import time
from pathlib import Path

import published_marts as marts
import pytest

from dagster_project import publication

READER = Path(__file__).with_name("reader_process.py")


class Reader:
    """A reader process."""

    def __init__(self, database: Path, stop: Path, *options: str) -> None:
        """Start it, and wait until it reads."""
        self._process = subprocess.Popen(
            [sys.executable, str(READER), str(database), str(stop), *options],
            stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "reading\n"

    def result(self) -> dict:
        """What it saw, once it was told to stop."""
        out, _ = self._process.communicate(timeout=60)
        return json.loads(out)


@pytest.fixture
def stop(tmp_path):
    """The file that tells readers to stop; they are told in any case."""
    path = tmp_path / "stop"
    yield path
    path.touch()


def test_eight_readers_see_whole_versions_while_they_change(store, stop):
    marts.publish(store, 1000)
    database = store.publications / "current" / publication.DATABASE
    readers = [Reader(database, stop) for _ in range(7)]
    holder = Reader(database, stop, "--hold")

    for rows in (1001, 1002, 1003, 1004):
        marts.publish(store, rows, keep=2)
        time.sleep(0.2)
    publication.rollback(store)
    time.sleep(0.2)
    marts.publish(store, 1005, keep=2)
    stop.touch()

    for reader in readers:
        seen = reader.result()
        assert seen["wrong"] == []
        assert seen["versions"][-1] == 1005
        assert set(seen["versions"]) <= set(range(1000, 1006))
    held = holder.result()
    assert (held["wrong"], held["versions"]) == ([], [1000])


def test_a_version_that_is_being_read_is_kept_until_it_is_not(store, stop):
    first = marts.publish(store, 1)
    holder = Reader(first.database, stop, "--hold")

    for rows in (2, 3, 4):
        marts.publish(store, rows, keep=2)
    assert [v.id[:5] for v in publication.kept(store)] == ["00004", "00003", "00001"]
    assert publication.broken_files(first) == []

    stop.touch()
    assert holder.result()["wrong"] == []
    assert publication.collect(store, 2) == [first.id]


def test_a_reader_that_was_killed_keeps_no_version(store, stop):
    first = marts.publish(store, 1)
    holder = Reader(first.database, stop, "--hold")
    holder._process.kill()
    holder._process.wait()

    for rows in (2, 3):
        marts.publish(store, rows, keep=2)

    assert not first.folder.exists()


def test_a_folder_of_parquet_files_can_be_read_while_versions_change(store):
    marts.publish(store, 10)
    with (store.publications / "current" / "parquet" / "orders.parquet").open("rb") as held:
        first = held.read(4)
        for rows in (11, 12, 13):
            marts.publish(store, rows, keep=2)
        assert first == b"PAR1"
        assert held.read().endswith(b"PAR1")
    assert (store.publications / "current").readlink() == Path("00004_2026-06-30")
