"""Lists as CSV and as Parquet, row by row as they come. Not here: workbooks (workbook).

CSV is opened in spreadsheets: in UTF-8 with the mark that they ask for, and no text runs as a
formula. Parquet is for programs: every value as the mart has it.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import output

if TYPE_CHECKING:
    import pyarrow as pa


def write_csv(path: Path, names: Sequence[str], found: output.Fetching) -> None:
    """Write rows with a header line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        output.write_csv(file, names, found, False)


def write_parquet(path: Path, batches: "pa.RecordBatchReader",
                  text: Callable[[str], str | None]) -> None:
    """Write batches, each text as `text` leaves it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, batches.schema, compression="zstd") as writer:
        for batch in batches:
            columns = [
                pa.array([None if one is None else text(one) for one in column.to_pylist()],
                         column.type)
                if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
                else column for column in batch.columns]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=batch.schema))
