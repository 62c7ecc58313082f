"""Which rows of a frame break which rules of their table.

Rows are checked by the table's pandera model, on eager frames: on a LazyFrame pandera skips every
check of values without a word. Not here: the rules, and what becomes of a row that breaks one.
"""

from collections.abc import Iterator

import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.constants import CHECK_OUTPUT_KEY
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from schemas.contract import Table
from schemas.rulebook import MISSING, NOT_NULL, template_parts

VIOLATION = {"row": pl.UInt32, "column": pl.String, "rule": pl.String, "reason": pl.String}

# A reason quotes no more of a value than a person reads; a field can hold megabytes.
QUOTED_CHARACTERS = 80


def violations(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """One row for each row of `frame` and rule it breaks, in the order of the rows.

    The report of a conforming frame is empty. Columns outside the contract are left alone. A frame
    without the contract's columns and types is a mistake of the caller, and raises.
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(
            f"{table.name}: rows are checked on a polars DataFrame, not on {type(frame).__name__}; "
            "pandera would skip every check of values"
        )
    contract = frame.select(_columns(table, frame))
    # Stated here, because the environment can switch pandera off.
    with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
        try:
            table.model.validate(contract, lazy=True)
        except SchemaErrors as found:
            broken = [_broken(table, contract, error) for error in found.schema_errors]
            return pl.concat(broken).sort("row", maintain_order=True)
    return pl.DataFrame(schema=VIOLATION)


def _columns(table: Table, frame: pl.DataFrame) -> list[str]:
    stated = table.model.to_schema().columns
    if missing := [name for name in stated if name not in frame.columns]:
        raise ValueError(f"{table.name}: the frame lacks {', '.join(missing)}")
    for name, column in stated.items():
        if frame.schema[name] != column.dtype.type:
            raise ValueError(
                f"{table.name}.{name}: the frame holds {frame.schema[name]}, "
                f"the contract says {column.dtype.type}"
            )
    return list(stated)


def _broken(table: Table, frame: pl.DataFrame, error: SchemaError) -> pl.DataFrame:
    """The rows that one failed check of pandera names."""
    column = error.column_name
    if error.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS:
        rule, reason = NOT_NULL, pl.lit(f"{column}: {MISSING}")
    elif error.reason_code is SchemaErrorReason.DATAFRAME_CHECK and column is None:
        rule, reason = error.check.name, pl.concat_str(_row_reason(frame, error.check.error))
    elif error.reason_code is SchemaErrorReason.DATAFRAME_CHECK:
        words = (pl.lit(f"{column}: "), _quoted(frame, column), pl.lit(f" {error.check.error}"))
        rule, reason = error.check.name, pl.concat_str(words)
    else:
        raise RuntimeError(f"{table.name}: a check could not be run: {error}") from error
    return (
        frame.with_row_index("row")
        .filter(error.check_output[CHECK_OUTPUT_KEY].not_())
        .select(
            pl.col("row").cast(pl.UInt32),
            pl.lit(column, dtype=pl.String).alias("column"),
            pl.lit(rule).alias("rule"),
            reason.alias("reason"),
        )
    )


def _row_reason(frame: pl.DataFrame, template: str) -> Iterator[pl.Expr]:
    for words, column in template_parts(template):
        yield pl.lit(words)
        if column:
            yield pl.lit(f"{column} ")
            yield _quoted(frame, column)


def _quoted(frame: pl.DataFrame, column: str) -> pl.Expr:
    """The value between quotes, as a person would write it."""
    dtype, value = frame.schema[column], pl.col(column)
    if isinstance(dtype, pl.Datetime):
        written = value.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif isinstance(dtype, pl.Decimal):
        written = value.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    else:
        written = value.cast(pl.String)
    shown = (
        pl.when(written.str.len_chars() > QUOTED_CHARACTERS)
        .then(written.str.head(QUOTED_CHARACTERS) + "…")
        .otherwise(written)
    )
    return pl.concat_str(pl.lit("'"), shown, pl.lit("'")).fill_null("nothing")
