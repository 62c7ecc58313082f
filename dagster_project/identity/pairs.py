"""Pairs of records that may be one organisation, with their score, as one Parquet file.

Grain: one row per pair: an account and a company, two companies of one CRM, or two accounts of one
ledger company. The same records give the same rows in whatever order they come.
Not here: which pairs are linked or shown to a person (dbt).
"""

from collections.abc import Sequence
from pathlib import Path

from .. import engine
from ..casting import literal
from ..store import Store, digest
from . import blocking, scoring
from .comparisons import FIELDS
from .features import room_version


def write_pairs(store: Store, features: Sequence[Path]) -> list[Path]:
    """Score the pairs of all records in `features`; no file where there can be no pair.

    The file is addressed by the features it was made from, and by this room with its weights.
    """
    if not features:
        return []
    address = digest(room_version(), sorted(f.name for f in features))[:16]
    target = store.features / f"pairs-{address}.parquet"
    if not target.exists():
        partial = target.with_suffix(".partial")
        _write(store, features, partial)
        partial.replace(target)
    return [target]


def _write(store: Store, features: Sequence[Path], partial: Path) -> None:
    columns = ", ".join([f"s.{f}_level" for f in FIELDS] + [f"s.{f}_weight" for f in FIELDS])
    scratch = store.root / "scratch"
    scratch.mkdir(exist_ok=True)
    with engine.connect(scratch=scratch) as con:
        blocking.load_records(con, features)
        scoring.score(con, blocking.find_candidates(con))
        con.execute(f"""
            copy (
                select l.side as left_side, l.source as left_source, l.record_id as left_id,
                    r.side as right_side, r.source as right_source, r.record_id as right_id,
                    {columns}, s.match_weight, s.match_probability,
                    {literal(scoring.weights()['version'])} as weights_version
                from scored s join record l on s.l = l.id join record r on s.r = r.id
                order by s.l, s.r)
            to {literal(str(partial))} (format parquet, compression zstd)""")
