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


def differences(left: Path, right: Path) -> tuple[int, list[Difference]]:
    """How many rows were compared, and each mart that differs.

    Two marts are the same when their rows' hashes are, as a sum and as an exclusive or.
    """
    with duckdb.connect() as con:
        con.execute(f"attach '{left}' as a (read_only); attach '{right}' as b (read_only)")
        marts = [row[0] for row in con.execute(
            "select distinct table_name from duckdb_tables() order by 1").fetchall()]
        compared, found = 0, []
        for mart in marts:
            sides = [_rows(con, side, mart) for side in "ab"]
            sums = [con.execute(f"select count(*), sum(hash(t)), bit_xor(hash(t)) "
                                f"from ({side}) as t").fetchall()[0] for side in sides]
            compared += sums[0][0]
            if sums[0] != sums[1]:
                only = [con.execute(f"({one}) except all ({other}) limit {SHOWN}").fetchall()
                        for one, other in (sides, sides[::-1])]
                found.append(Difference(mart, (sums[0][0], sums[1][0]), *only))
    return compared, found


def _rows(con: duckdb.DuckDBPyConnection, side: str, mart: str) -> str:
    """The rows of a mart to be compared, their columns in one order."""
    columns = [row[0] for row in con.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ? "
        "order by column_name", [side, mart]).fetchall()]
    named = ", ".join(f'"{c}"' for c in columns if c not in WRITTEN_BY_THE_AUDIT.get(mart, ()))
    left_out = ROWS_OF_THE_AUDIT.get(mart)
    return (f"select {named or 'null'} from {side}.{mart}"
            + (f" where not ({left_out})" if left_out else ""))
