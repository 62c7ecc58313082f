"""Writes the demo extracts: `python seeds/generate.py [--out DIR] [--seed N]`.

The same seed gives the same bytes. Needs the standard library only.
"""

import argparse
from pathlib import Path

from generator.demo import build, write_all

DEFAULT_SEED = 2026


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="target folder")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    arguments = parser.parse_args()
    extracts = build(arguments.seed)
    write_all(extracts, arguments.out)
    rows = sum(len(found.rows) for found in extracts)
    print(f"{len(extracts)} files, {rows} rows written to {arguments.out}")


if __name__ == "__main__":
    main()
