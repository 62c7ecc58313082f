"""What every step of the run shares: the lock, a refusal shown by its words, rows shown as tables.

Not here: any step (assets, dbt_assets).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import dagster as dg

from . import orphans
from .errors import Customer360Error
from .settings import Configuration
from .store import run_lock

# A run started in the UI waits this long for another process's run before it gives up.
LOCK_WAIT_SECONDS = 1800
SAMPLE_ROWS = 5


@contextmanager
def step(context: dg.AssetExecutionContext, configuration: Configuration) -> Iterator[None]:
    """Hold the data folder during a step; a refusal is shown by its own words.

    It is not tried again: data is not mended by a second look.
    """
    orphans.tag_run(context.instance, context.run_id)
    try:
        with run_lock(configuration.store, f"run {context.run_id}",
                      wait_seconds=LOCK_WAIT_SECONDS):
            yield
    except Customer360Error as problem:
        raise dg.Failure(description=str(problem), allow_retries=False,
                         metadata={"what to do": dg.MetadataValue.text(str(problem))}) from problem


def as_table(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    """Rows as Dagster shows a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    records = [dg.TableRecord({n: None if row.get(n) is None else str(row[n]) for n in names})
               for row in rows]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(
        [dg.TableColumn(n, "string") for n in names]))


def owners(named: str | None) -> list[str]:
    """An owner as Dagster takes them."""
    return [named] if named else []
