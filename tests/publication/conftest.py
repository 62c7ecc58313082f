"""An empty data folder, and a clean set of fault points."""

import pytest

from dagster_project import faults
from dagster_project.store import Store


@pytest.fixture
def store(tmp_path) -> Store:
    """A data folder of its own."""
    return Store(tmp_path / "data")


@pytest.fixture(autouse=True)
def _disarmed():
    yield
    faults.disarm()
