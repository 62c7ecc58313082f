"""The firm of these tests, published by whoever needs it."""

from pathlib import Path

import pytest
from letter_firm import Firm


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    return Firm(tmp_path)
