"""A reader as a program: opens `current` again and again until a file says stop.

Prints what it saw as JSON: how often it read, which versions, and every disagreement.
`--hold` keeps one connection open from the start to the end.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

import duckdb

QUESTION = "select (select row_counts from mart_info), count(*), sum(value) from orders"


def main() -> None:
    """`DATABASE STOP_FILE [--hold]`."""
    database, stop = sys.argv[1], Path(sys.argv[2])
    held = duckdb.connect(database, read_only=True) if "--hold" in sys.argv else None
    print("reading", flush=True)
    times, versions, wrong = 0, set(), []
    while True:
        last = stop.exists()
        try:
            con = held or duckdb.connect(database, read_only=True)
            counts, rows, total = con.execute(QUESTION).fetchall()[0]
            if json.loads(counts)["orders"] != rows or total != rows * Decimal("1.25"):
                wrong.append([counts, rows, str(total)])
            versions.add(rows)
            if held is None:
                con.close()
        except duckdb.Error as problem:
            wrong.append(str(problem))
        times += 1
        if last:
            break
    print(json.dumps({"times": times, "versions": sorted(versions), "wrong": wrong}))


if __name__ == "__main__":
    main()
