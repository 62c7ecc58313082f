"""A run that dies or runs out of disk at any point: readers, and the next run.

dbt is replaced by plain copies of the landed tables (`stub_run`); whole runs are in
test_whole_runs.
"""

import fault_company as company
import pytest

from dagster_project import faults

# From the rename on the version is whole, and the next run finishes its publication.
WHOLE = faults.POINTS.index("publish.register")
BEFORE, AFTER = faults.POINTS[:WHOLE], faults.POINTS[WHOLE:]


@pytest.mark.parametrize("point", faults.POINTS)
def test_a_killed_run_leaves_nothing_but_work_for_the_next(stub_scene, point):
    stub_scene.company.restore(stub_scene.may_data)

    died = stub_scene.run(fault=f"{point}:kill")

    assert died.status == -9, died.output
    stub_scene.assert_old_or_new()
    again = stub_scene.run()
    assert again.status == 0, again.output
    stub_scene.assert_as_never_faulted()


def test_a_disk_that_is_full_again_and_again_changes_nothing_until_there_is_room(stub_scene):
    stub_scene.company.restore(stub_scene.may_data)

    for point in BEFORE:
        failed = stub_scene.run(fault=f"{point}:enospc")
        assert failed.status == 1, (point, failed.output)
        assert "No space left" in failed.output
        assert company.contents(stub_scene.company.current) == stub_scene.may, point

    assert stub_scene.run().status == 0
    stub_scene.assert_as_never_faulted()


@pytest.mark.parametrize("point", AFTER)
def test_a_full_disk_while_publishing_is_made_good_by_the_next_run(stub_scene, point):
    stub_scene.company.restore(stub_scene.may_data)

    assert stub_scene.run(fault=f"{point}:enospc").status == 1
    stub_scene.assert_old_or_new()

    again = stub_scene.run()
    assert again.status == 0
    assert "unchanged" in again.output
    stub_scene.assert_as_never_faulted()


def test_dying_at_every_point_in_turn_still_ends_as_if_nothing_had_happened(stub_scene):
    stub_scene.company.restore(stub_scene.may_data)

    for point in BEFORE:
        assert stub_scene.run(fault=f"{point}:kill").status == -9, point

    assert company.contents(stub_scene.company.current) == stub_scene.may
    assert stub_scene.run().status == 0
    stub_scene.assert_as_never_faulted()
