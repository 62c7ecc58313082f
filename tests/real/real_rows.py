"""The rows of the shop's extracts, as they were delivered. Not here: any rule."""

import csv
import gzip
from collections.abc import Iterator

from dagster_project import settings

SHARED_DATA = settings.PROJECT.parent / "shared" / "data"


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table, packed or not."""
    [path] = (SHARED_DATA / "adventureworks").glob(f"{name}.csv*")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
