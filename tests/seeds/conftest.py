"""The committed demo extracts, read as plain text: no part of the product takes part."""

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FORMATS = {"borealis": ("cp1252", ";")}  # everything else is UTF-8 and comma

Rows = list[dict[str, str]]


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture(scope="session")
def lines() -> Callable[[str], list[str]]:
    """The lines of a file by its path under seeds/; a byte that does not decode is kept."""

    def read(path: str) -> list[str]:
        encoding, _ = FORMATS.get(path.split("/")[0], ("utf-8", ","))
        text = content(SEEDS / path).decode(encoding, errors="surrogateescape")
        return text.replace("\r\n", "\n").split("\n")

    return read


@pytest.fixture(scope="session")
def extract(lines: Callable[[str], list[str]]) -> Callable[..., Rows]:
    """The rows of `atlas/customers` and the like: of its newest delivery, or of the day given."""

    def read(stem: str, day: str = "2*") -> Rows:
        found = sorted(SEEDS.glob(f"{stem}_{day}.csv")) + sorted(SEEDS.glob(f"{stem}_{day}.csv.gz"))
        text = "\n".join(lines(str(found[-1].relative_to(SEEDS))))
        _, delimiter = FORMATS.get(stem.split("/")[0], ("utf-8", ","))
        return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))

    return read


@pytest.fixture(scope="session")
def truth(lines: Callable[[str], list[str]]) -> Callable[[str], Rows]:
    return lambda name: list(csv.DictReader(lines(f"truth/{name}.csv")))
