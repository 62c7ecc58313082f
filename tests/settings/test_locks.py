"""The locks install the same everywhere: they name no machine and no index."""

import re
from pathlib import Path

import pytest

LOCKS = sorted(Path(__file__).parents[2].glob("requirements*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_hashes_and_names_neither_a_machine_nor_an_index(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==", text, re.MULTILINE)
    assert pinned
    assert text.count("--hash=sha256:") >= len(pinned)
    assert re.findall(r"https?://|--(?:extra-)?index-url|(?<=-[rc] )/\S*", text) == []
