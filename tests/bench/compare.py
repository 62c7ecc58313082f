"""Whether two mart files hold the same rows, whatever their order.

Every mart and every column is compared but what only the audit of a published build writes: the
outcomes of its tests, and the row counts and control totals that it seals.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

WRITTEN_BY_THE_AUDIT = {"mart_info": {"row_counts", "control_totals"}}
ROWS_OF_THE_AUDIT = {"data_quality": "kind = 'test'"}
SHOWN = 3


@dataclass(frozen=True)
class Difference:
    """A mart whose rows differ, with the first rows that only one side has."""

    mart: str
    rows: tuple[int, int]
    only_left: list[tuple[object, ...]]
    only_right: list[tuple[object, ...]]


def differences(left: Path, right: Path, *,
                as_far_as_right: bool = False) -> tuple[int, list[Difference]]:
    """How many rows were compared, and each mart that differs.

    Two marts are the same when their rows' hashes are, as a sum and as an exclusive or. Compared
    are the marts and columns of both, or those alone that the right one has.
    """
    with duckdb.connect() as con:
        con.execute(f"attach '{left}' as a (read_only); attach '{right}' as b (read_only)")
        marts = [row[0] for row in con.execute(
            "select distinct table_name from duckdb_tables() where database_name = 'b' "
            "or not $1 order by 1", [as_far_as_right]).fetchall()]
        compared, found = 0, []
        for mart in marts:
            sides = [_rows(con, side, mart, as_far_as_right=as_far_as_right) for side in "ab"]
            sums = [con.execute(f"select count(*), sum(hash(t)), bit_xor(hash(t)) "
                                f"from ({side}) as t").fetchall()[0] for side in sides]
            compared += sums[0][0]
            if sums[0] != sums[1]:
                only = [con.execute(f"({one}) except all ({other}) limit {SHOWN}").fetchall()
                        for one, other in (sides, sides[::-1])]
                found.append(Difference(mart, (sums[0][0], sums[1][0]), *only))
    return compared, found


def _rows(con: duckdb.DuckDBPyConnection, side: str, mart: str, *, as_far_as_right: bool) -> str:
    """The rows of a mart to be compared, their columns in one order."""
    columns: dict[str, dict[str, str]] = {"a": {}, "b": {}}
    for database, name, kind in con.execute(
            "select database_name, column_name, data_type from duckdb_columns() "
            "where table_name = ? order by column_name", [mart]).fetchall():
        columns[database][name] = kind
    kept = [name for name in columns["b" if as_far_as_right else side]
            if name not in WRITTEN_BY_THE_AUDIT.get(mart, ())]
    # Sums by hand are of wider types than those that a mart promises.
    cells = [f'cast("{name}" as {columns["a"][name]}) as "{name}"' if as_far_as_right
             else f'"{name}"' for name in kept]
    left_out = ROWS_OF_THE_AUDIT.get(mart)
    return (f"select {', '.join(cells) or 'null'} from {side}.{mart}"
            + (f" where not ({left_out})" if left_out else ""))
