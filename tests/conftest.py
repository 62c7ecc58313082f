"""Fixtures that several folders share, and which tests share a worker."""

from pathlib import Path

import pytest
from scene import Scene

ROOT = Path(__file__).parent
# Tests that share a costly fixture (a published demo, a warm process) run on one worker, so that
# two workers do not each make it.
TOGETHER = ("cases", "dbt", "oracle", "real", "faults", "faults/test_whole_runs.py")


def pytest_itemcollected(item: pytest.Item) -> None:
    where = item.path.relative_to(ROOT)
    names = [name for name in TOGETHER if where.is_relative_to(name)]
    if names:
        item.add_marker(pytest.mark.xdist_group(names[-1].replace("/", " ")))


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)
