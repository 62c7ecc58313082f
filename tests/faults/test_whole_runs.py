"""The command `customer360 run` as a person starts it: Dagster, dbt and all, broken off.

A run of these takes seconds, so each test asks for as few as it can; every single fault point is
visited by test_every_fault_point.
"""

import json
import os
import signal
import time

import fault_company as company
import pytest
from conftest import Scene, set_scene
from fork_server import ForkServer

RUN, CLI = ("run", "--quiet"), "dagster_project.cli:main"


@pytest.fixture(scope="module")
def scene(quick_folder) -> Scene:
    one = company.Company(quick_folder / "whole")
    one.deliver(company.MAY, "2026-05-31")
    server = ForkServer(["warm_product"], quick_folder, CUSTOMER360_CONFIG=str(one.config))
    first = server.run(CLI, *RUN)
    assert first.status == 0, first.output
    yield set_scene(one, server, CLI, RUN)
    server.close()


def history(scene: Scene) -> list[str]:
    """How Dagster says that its runs ended, oldest first."""
    ended = scene.server.run("warm_product:history", str(scene.company.config))
    assert ended.status == 0, ended.output
    return json.loads(ended.output.splitlines()[-1])


def test_runs_killed_in_every_layer_of_dbt_are_forgotten_by_all_but_the_history(scene):
    scene.company.restore(scene.may_data)

    for number, layer in enumerate(("staging", "intermediate", "marts"), start=1):
        assert scene.run(fault=f"dbt.{layer}:kill").status == -signal.SIGKILL
        assert company.contents(scene.company.current) == scene.may
        assert history(scene) == ["SUCCESS", *["FAILURE"] * (number - 1), "STARTED"]

    again = scene.run()

    assert again.status == 0, again.output
    scene.assert_as_never_faulted()
    assert history(scene) == ["SUCCESS", "FAILURE", "FAILURE", "FAILURE", "SUCCESS"]


def test_a_run_killed_while_it_publishes_is_finished_by_the_next_which_builds_nothing(scene):
    scene.company.restore(scene.may_data)

    assert scene.run(fault="publish.swap:kill").status == -signal.SIGKILL
    assert company.contents(scene.company.current) == scene.may
    again = scene.run()

    assert again.status == 0
    assert "Nothing changed since publication 00002_2026-06-30" in again.output
    scene.assert_as_never_faulted()
    assert history(scene) == ["SUCCESS", "FAILURE"]


def test_a_full_disk_is_said_and_shown_and_readers_stay(scene):
    scene.company.restore(scene.may_data)

    failed = scene.run(fault="publish.export:enospc")

    assert failed.status == 1
    assert "No space left on device" in failed.output
    assert company.contents(scene.company.current) == scene.may
    assert history(scene) == ["SUCCESS", "FAILURE"]


def test_a_run_that_is_told_to_stop_ends_as_failed_and_leaves_nothing_held(scene):
    scene.company.restore(scene.may_data)
    pid = scene.server.start(CLI, *RUN)
    results = scene.company.data / "build" / "target" / "run_results.json"
    while results.exists():
        time.sleep(0.05)

    os.kill(pid, signal.SIGTERM)
    stopped = scene.server.wait(pid)

    assert stopped.status not in (0, None)
    assert company.contents(scene.company.current) == scene.may
    assert (scene.company.data / "run.lock").read_text(encoding="utf-8") == ""
    assert history(scene)[-1] in ("FAILURE", "CANCELED")


def test_of_two_runs_at_once_the_second_is_refused_and_a_past_date_stands_beside(scene):
    scene.company.restore(scene.june_data)
    register = sorted(p.name for p in (scene.company.data / "register").iterdir())

    first = scene.server.start(CLI, *RUN, "--as-of", "2026-05-31")
    while not (scene.company.data / "run.lock").read_text(encoding="utf-8"):
        time.sleep(0.02)
    second = scene.run()
    ended = scene.server.wait(first)

    assert second.status == 3
    assert f"a run from the command line, process {first} is at work" in " ".join(
        second.output.split())
    assert ended.status == 0, ended.output
    past = scene.company.data / "as_of" / "2026-05-31" / "customer360.duckdb"
    assert company.assert_whole(past) == "00003_2026-05-31"
    assert company.contents(scene.company.current) == scene.june.marts
    assert sorted(p.name for p in (scene.company.data / "register").iterdir()) == register


def test_after_a_rollback_there_is_nothing_to_run_and_the_person_is_told(scene):
    scene.company.restore(scene.june_data)

    back = scene.server.run(CLI, "rollback")
    again = scene.run()

    assert (back.status, again.status) == (0, 0)
    assert company.contents(scene.company.current) == scene.may
    assert "It was rolled back: readers see 00001_2026-05-31" in " ".join(again.output.split())
    assert len(history(scene)) == 2
