"""A disk that is really full, filled up to a little more than what May took.

The disk is a file system in memory, which only root may mount; for anyone else the files of a run
are limited in size instead, so that writes break off in the same places.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import fault_company as company
import pytest
from fork_server import ForkServer

MEGABYTE = 1 << 20


class SmallDisk:
    """A folder on a disk of its own, or a limit on what a run may write."""

    def __init__(self, folder: Path) -> None:
        """Mount it, where that is allowed."""
        self.folder = folder
        folder.mkdir()
        self.mounted = os.geteuid() == 0 and self._mount("size=64m") == 0

    def _mount(self, options: str) -> int:
        return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)],
                              capture_output=True, check=False).returncode

    def leave(self, server: ForkServer, room: int | None) -> None:
        """Leave so much room, None for plenty."""
        if self.mounted:
            status = os.statvfs(self.folder)
            used = (status.f_blocks - status.f_bfree) * status.f_frsize
            size = 64 * MEGABYTE if room is None else used + room
            assert self._mount(f"remount,size={size}") == 0
        else:
            limit = resource.RLIM_INFINITY if room is None else max(room // 8, 4096)
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def close(self) -> None:
        """Unmount it."""
        if self.mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    small = SmallDisk(tmp_path / "disk")
    yield small
    small.close()


def test_a_full_disk_costs_readers_nothing_and_is_made_good_when_there_is_room(
        disk, stub_scene, tmp_path):
    server = ForkServer(["stub_run"], tmp_path)
    one = company.Company(disk.folder / "company")
    one.deliver(company.MAY, "2026-05-31")
    arguments = ("stub_run:main", str(one.config))
    for extra in ((), ("--force",)):
        assert server.run(*arguments, *extra).status == 0
    one.deliver(company.JUNE, "2026-06-30")

    failed = 0
    for room in (0, 16384, 100_000, 400_000, MEGABYTE, 2 * MEGABYTE):
        disk.leave(server, room)
        ended = server.run(*arguments)
        assert ended.status in (0, 1), ended.output
        if ended.status == 0:
            break
        failed += 1
        assert any(word in ended.output for word in ("No space left", "too large", "full")), (
            ended.output)
        disk.leave(server, None)
        company.assert_whole(one.current)
        assert company.contents(one.current) == stub_scene.may
    disk.leave(server, None)
    again = server.run(*arguments)
    server.close()

    assert failed >= 2
    assert again.status == 0, again.output
    assert company.contents(one.current) == stub_scene.june.marts
    assert company.files(one.data) == stub_scene.june.files
    assert company.unbalanced(one.data) == []
