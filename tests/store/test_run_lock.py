"""One run at a time on a data folder, across processes, whatever becomes of them."""

import os
import signal
import subprocess
import sys
import time

import pytest

from dagster_project.errors import BusyError
from dagster_project.store import Store, lock_owner, run_lock

HOLD = """
import sys, time
from pathlib import Path
from dagster_project.store import Store, run_lock
with run_lock(Store(Path(sys.argv[1])), "the nightly run"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock until it is told to go or killed."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_refused_and_told_who_is_at_work(tmp_path, holder):
    with pytest.raises(BusyError) as refused, run_lock(Store(tmp_path), "me"):
        pass

    assert f"the nightly run, process {holder.pid}" in str(refused.value)
    assert refused.value.exit_code == 3


def test_a_killed_process_holds_nothing(tmp_path, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()

    with run_lock(Store(tmp_path), "me"):
        assert (tmp_path / "run.lock").read_text() == f"me, process {os.getpid()}"


def test_a_bounded_wait_ends_in_the_lock_when_the_other_goes(tmp_path, holder):
    holder.stdin.write("\n")
    holder.stdin.flush()

    with run_lock(Store(tmp_path), "me", wait_seconds=30):
        assert holder.wait(30) == 0


def test_a_bounded_wait_ends_in_a_refusal_when_the_other_stays(tmp_path, holder):
    started = time.monotonic()

    with pytest.raises(BusyError), run_lock(Store(tmp_path), "me", wait_seconds=0.5):
        pass

    assert 0.5 <= time.monotonic() - started < 10


def test_nested_use_in_one_process_is_free_and_ends_with_the_outermost(tmp_path):
    data = Store(tmp_path)
    with run_lock(data, "outer"):
        with run_lock(data, "inner"):
            pass
        assert data.lock_file.read_text() == f"outer, process {os.getpid()}"

    assert data.lock_file.read_text() == ""


def test_the_lock_is_free_again_after_an_error(tmp_path):
    data = Store(tmp_path)
    with pytest.raises(RuntimeError), run_lock(data, "me"):
        raise RuntimeError

    with run_lock(data, "me again"):
        assert data.lock_file.read_text().startswith("me again")


def test_two_names_of_one_data_folder_are_one_lock(tmp_path, holder):
    link = tmp_path.with_name(tmp_path.name + "-link")
    link.symlink_to(tmp_path)

    with pytest.raises(BusyError), run_lock(Store(link), "me"):
        pass


def test_two_data_folders_do_not_wait_for_each_other(tmp_path, holder):
    with run_lock(Store(tmp_path / "another"), "me"):
        pass


def test_who_is_at_work_is_named_until_they_are_killed(tmp_path, holder):
    """The tempting mistake: the name in the lock file outlives whoever wrote it."""
    assert lock_owner(Store(tmp_path)) == f"the nightly run, process {holder.pid}"
    holder.kill()
    holder.wait()
    assert Store(tmp_path).lock_file.read_text().endswith(str(holder.pid))
    assert lock_owner(Store(tmp_path)) == ""
