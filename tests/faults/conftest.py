"""Folders, fork servers and the never-faulted runs that faulted ones are held against."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fault_company as company
import pytest
from fork_server import Ended, ForkServer


@dataclass(frozen=True)
class Left:
    """What a data folder holds, as far as two runs of the same deliveries must agree."""

    marts: dict[str, str]
    loads: dict[str, Any]
    blobs: dict[str, str]
    files: set[str]


@dataclass(frozen=True)
class Scene:
    """A company whose May is published and whose June is delivered, and how June must end."""

    company: company.Company
    server: ForkServer
    call: str
    arguments: tuple[str, ...]
    may_data: Path
    june_data: Path
    may: dict[str, str]
    june: Left

    def run(self, *arguments: str, fault: str = "") -> Ended:
        """One run in a process of its own."""
        return self.server.run(self.call, *self.arguments, *arguments, fault=fault)

    def left(self) -> Left:
        """What the data folder holds now."""
        return look(self.company)

    def assert_old_or_new(self) -> None:
        """Readers see May whole or June whole."""
        company.assert_whole(self.company.current)
        assert company.contents(self.company.current) in (self.may, self.june.marts)

    def assert_as_never_faulted(self) -> None:
        """The marts, the loads and the files are those of a run that nothing happened to."""
        left = self.left()
        company.assert_whole(self.company.current)
        assert left.marts == self.june.marts
        assert left.loads == self.june.loads
        assert left.blobs == self.june.blobs
        assert left.files == self.june.files
        assert company.unbalanced(self.company.data) == []
        assert (self.company.data / "run.lock").read_text(encoding="utf-8") == ""


def look(of: company.Company) -> Left:
    """What a company's data folder holds."""
    return Left(company.contents(of.current), company.loads(of.data), company.blobs(of.data),
                company.files(of.data))


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the machine has one: syncing to a disk is not what is tested."""
    memory = Path("/dev/shm")
    root = Path(tempfile.mkdtemp(prefix="customer360-",
                                 dir=memory if os.access(memory, os.W_OK) else None))
    yield root
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def stub_server(quick_folder: Path) -> Iterator[ForkServer]:
    """Runs of the rooms without dbt: `stub_run`."""
    server = ForkServer(["stub_run"], quick_folder)
    yield server
    server.close()


@pytest.fixture(scope="session")
def stub_scene(quick_folder: Path, stub_server: ForkServer) -> Scene:
    """The scene for runs without dbt. Two versions are kept, so June's removes the first."""
    one = company.Company(quick_folder / "stub")
    call, arguments = "stub_run:main", (str(one.config),)
    one.deliver(company.MAY, "2026-05-31")
    for extra in ((), ("--force",)):
        ended = stub_server.run(call, *arguments, *extra)
        assert ended.status == 0, ended.output
    return set_scene(one, stub_server, call, arguments)


def set_scene(one: company.Company, server: ForkServer, call: str,
              arguments: tuple[str, ...]) -> Scene:
    """Keep May as it stands, deliver June, run it once without a fault, and keep that too."""
    may_data, june_data = one.root / "may", one.root / "june"
    one.save(may_data)
    may = company.contents(one.current)
    one.deliver(company.JUNE, "2026-06-30")
    ended = server.run(call, *arguments)
    assert ended.status == 0, ended.output
    one.save(june_data)
    return Scene(one, server, call, arguments, may_data, june_data, may, look(one))
