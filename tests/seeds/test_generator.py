"""The generator: the same seed gives the same bytes, and it needs nothing of the product."""

import ast
import gzip
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FOLDERS = ("atlas", "borealis", "crm", "steward", "truth")
MOST_BYTES = 4_000_000  # what the demo may weigh in the repository


def generate(out: Path, *options: str) -> None:
    command = [sys.executable, str(SEEDS / "generate.py"), "--out", str(out), *options]
    subprocess.run(command, check=True, capture_output=True)


def files(root: Path) -> dict[str, Path]:
    return {
        str(path.relative_to(root)): path
        for folder in FOLDERS
        for path in sorted((root / folder).iterdir())
    }


def content(path: Path) -> bytes:
    """Compressed bytes depend on the zlib at hand, what they hold does not."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("seeds")
    generate(out)
    return out


def test_regenerating_gives_what_is_committed(generated: Path) -> None:
    committed, fresh = files(SEEDS), files(generated)
    assert sorted(fresh) == sorted(committed)
    different = [name for name in fresh if content(fresh[name]) != content(committed[name])]
    assert different == []


def test_a_compressed_file_carries_no_time(generated: Path) -> None:
    stamps = {
        name: path.read_bytes()[4:8]
        for name, path in files(generated).items()
        if path.suffix == ".gz"
    }
    assert stamps
    assert set(stamps.values()) == {b"\0\0\0\0"}


def test_another_seed_gives_another_company(generated: Path, tmp_path: Path) -> None:
    generate(tmp_path, "--seed", "7")
    customers = "atlas/customers_2026-07-02.csv"
    assert (tmp_path / customers).read_bytes() != (generated / customers).read_bytes()


def test_the_generator_imports_the_standard_library_and_itself_only() -> None:
    foreign = set()
    for path in (SEEDS / "generate.py", *sorted((SEEDS / "generator").glob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                foreign |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                foreign.add((node.module or "").split(".")[0])
    assert foreign - set(sys.stdlib_module_names) == {"generator"}


def test_the_demo_stays_small() -> None:
    assert sum(path.stat().st_size for path in files(SEEDS).values()) < MOST_BYTES
