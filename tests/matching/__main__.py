"""`python -m matching fit | measure | picture`: the weights, how good they are, one scored pair.

fit writes dagster_project/identity/weights.json; measure runs the product on other seeds and prints
the tables of docs/matching.md; picture writes docs/matching-waterfall.svg.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dagster_project import identity, settings
from dagster_project.store import Store

from . import extracts, fitting, measure, waterfall

# Other than fitting.SEED.
SEEDS = (2, 3)
PAIR = """
    from read_parquet('{pairs}')
    where left_side = 'account' and right_side = 'company' and name_level = 'close'
        and domain_level = 'same' and phone_level = 'different' and postcode_level = 'same'
        and street_level = 'same' and number_level = 'unknown'
    order by left_id limit 1"""


def main() -> None:
    """One of the three; what is drawn and run lies below --folder."""
    parser = argparse.ArgumentParser(prog="matching", description=__doc__, allow_abbrev=False)
    parser.add_argument("what", choices=("fit", "measure", "picture"))
    parser.add_argument("--firms", type=int, default=8_000)
    parser.add_argument("--folder", type=Path, default=settings.PROJECT / "data" / "matching")
    arguments = parser.parse_args()
    if arguments.what == "fit":
        fitting.write(fitting.fit())
    elif arguments.what == "picture":
        _picture(settings.PROJECT / "docs" / "matching-waterfall.svg")
    else:
        for seed in SEEDS:
            measured = measure.run(arguments.folder / f"seed-{seed}", seed, arguments.firms)
            print(f"\nSeed {seed}, {arguments.firms:,} firms\n\n{measure.table(measured)}")


def _picture(path: Path) -> None:
    made = extracts.draw(SEEDS[0], 3_000)
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        store = Store(Path(folder))
        pairs = identity.write_pairs(store, fitting.features(store, made))
        found = con.execute(PAIR.format(pairs=pairs[0]))
        pair = dict(zip([d[0] for d in found.description or ()], found.fetchall()[0], strict=True))
    account = next(r for r in made.accounts if r["account_id"] == pair["left_id"])
    company = next(r for r in made.companies if r["company_id"] == pair["right_id"])
    path.write_text(waterfall.svg(pair, account, company), encoding="utf-8")


if __name__ == "__main__":
    main()
