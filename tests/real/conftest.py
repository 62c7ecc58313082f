"""What the product publishes of the real extracts, run once each."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from real_rows import SHARED_DATA

HERE = Path(__file__).parent
CUSTOMER360 = Path(sys.executable).with_name("customer360")


def marts_of(name: str, data: Path) -> duckdb.DuckDBPyConnection:
    """What the product publishes of these extracts, for its default date."""
    done = subprocess.run(
        [CUSTOMER360, "run", "--quiet", "--config", HERE / f"{name}.yaml"],
        env={**os.environ, "SHARED_DATA": str(SHARED_DATA), "DATA_DIR": str(data)},
        capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return duckdb.connect(str(data / "publications" / "current" / "customer360.duckdb"),
                          read_only=True)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with marts_of("adventureworks", tmp_path_factory.mktemp("adventureworks")) as con:
        yield con


@pytest.fixture(scope="session")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with marts_of("invoices_settled", tmp_path_factory.mktemp("settled")) as con:
        yield con
