"""Files come into being whole, and torn ones are told apart from damaged ones."""

import os
import subprocess
import sys

import pytest

from dagster_project import store
from dagster_project.errors import StoreError
from dagster_project.store import Store


def test_a_failed_write_leaves_the_old_content_and_no_partial_file(tmp_path, monkeypatch):
    path = tmp_path / "state.json"
    store.write_json(path, {"rows": 1})

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.write_json(path, {"rows": 2})

    assert store.read_json(path) == {"rows": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["state.json"]


def test_a_last_line_torn_by_a_crash_was_never_acknowledged(tmp_path):
    path = tmp_path / "log.jsonl"
    store.append_line(path, {"n": 1})
    with path.open("ab") as out:
        out.write(b'{"n": 2')

    assert store.read_lines(path) == [{"n": 1}]


def test_the_next_line_takes_the_place_of_a_torn_one(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"n": 1}\n{"n": 2')

    store.append_line(path, {"n": 3})

    assert store.read_lines(path) == [{"n": 1}, {"n": 3}]


def test_a_torn_only_line_leaves_an_empty_file(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes(b'{"n": 1')

    assert store.read_lines(path) == []
    store.append_line(path, {"n": 2})
    assert store.read_lines(path) == [{"n": 2}]


def test_line_separators_inside_a_text_do_not_split_the_line(tmp_path):
    path = tmp_path / "decisions.jsonl"
    why = "first\u2028second\x85third\r\nfourth"
    store.append_line(path, {"why": why})

    assert store.read_lines(path) == [{"why": why}]


def test_a_damaged_line_is_named_and_never_passed_over(tmp_path):
    path = tmp_path / "accept.jsonl"
    path.write_bytes(b'{"n": 1}\n{"n"\xff 2}\n{"n": 3}\n')

    with pytest.raises(StoreError, match=r"accept\.jsonl, line 2"):
        store.read_lines(path)


def test_what_was_never_written_has_no_lines(tmp_path):
    assert store.read_lines(tmp_path / "log.jsonl") == []


def _ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_partial_files_of_the_dead_are_swept_and_of_the_living_are_left(tmp_path):
    data = Store(tmp_path)
    dead = data.loads / f".load.json.{_ended_process()}.partial"
    own = data.decisions / f".accept.jsonl.{os.getpid()}.partial"
    living = data.root / "landing" / f".seen.json.{os.getppid()}.partial"
    unnamed = data.features / "0123abcd.partial"
    for path in (dead, own, living, unnamed):
        path.write_text("half")

    store.sweep_partials(data)

    assert [p for p in (dead, own, living, unnamed) if p.exists()] == [living]


def test_sweeping_looks_at_nothing_of_dagster(tmp_path):
    data = Store(tmp_path)
    theirs = data.dagster_home / "x.partial"
    theirs.write_text("theirs")

    store.sweep_partials(data)

    assert theirs.exists()


def test_equal_values_have_equal_digests_whatever_the_order_of_their_keys():
    assert store.digest({"a": 1, "b": [2, 3]}) == store.digest({"b": [2, 3], "a": 1})
    assert store.digest("a", "b") != store.digest("ab")
    assert store.digest([1, 2]) != store.digest([2, 1])


def test_a_tree_has_another_digest_when_a_name_or_a_content_changes(tmp_path):
    (tmp_path / "models").mkdir()
    one = tmp_path / "models" / "one.sql"
    one.write_text("select 1")
    first = store.digest_tree(tmp_path, "*.sql")
    one.write_text("select 2")
    second = store.digest_tree(tmp_path, "*.sql")
    one.rename(one.with_name("two.sql"))
    third = store.digest_tree(tmp_path, "*.sql")
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "made.sql").write_text("select 3")

    assert len({first, second, third}) == 3
    assert store.digest_tree(tmp_path, "*.sql") == third
