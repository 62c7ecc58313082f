"""Candidate pairs scored by Splink, with the weights that are shipped: nothing is trained here.

Weights are shares counted on labelled pairs (weights.json, written by `make match-weights`): how
often a level is found on pairs that are one organisation (m) and on pairs that are not (u). No
weight depends on the other records of a run.
Not here: which pairs and levels there are (blocking, comparisons).
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb

from .comparisons import COMPARISONS, FIELDS, UNKNOWN, words

WEIGHTS = Path(__file__).with_name("weights.json")
# Pairs compared at a time: their columns take some 200 MB.
CHUNK_PAIRS = 400_000
# Below this weight (one in fifty), with another name and without a thing in common that is one's
# own, a pair is not worth a reader's time.
LEAST_WEIGHT = -5.5


@lru_cache(maxsize=1)
def weights() -> dict[str, Any]:
    """The shipped weights: version, prior, and m and u by field and level."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def splink_settings(stated: dict[str, Any] | None = None) -> dict[str, Any]:
    """Splink's settings of the comparisons with their weights, the shipped ones by default."""
    stated = stated or weights()
    comparisons = []
    for field, levels in COMPARISONS.items():
        described: list[dict[str, Any]] = []
        for level in levels:
            one: dict[str, Any] = {"sql_condition": level.condition or "ELSE",
                                   "label_for_charts": level.label}
            if level.label == UNKNOWN:
                one["is_null_level"] = True
            else:
                m, u = stated["levels"][field][level.label]
                one |= {"m_probability": m, "u_probability": u}
            described.append(one)
        comparisons.append({"output_column_name": field, "comparison_levels": described})
    return {"link_type": "dedupe_only", "unique_id_column_name": "id",
            "probability_two_random_records_match": stated["prior"],
            "blocking_rules_to_generate_predictions": [], "comparisons": comparisons,
            "retain_matching_columns": True, "retain_intermediate_calculation_columns": True}


def score(con: duckdb.DuckDBPyConnection, candidates: int) -> None:
    """Make the table `scored` of `record` and `candidate`: ids, levels, weights, probability."""
    levels = ", ".join(f"{_word(f)} as {f}_level" for f in FIELDS)
    parts = ", ".join(f"cast(mw_{f} as decimal(9,4)) as {f}_weight" for f in FIELDS)
    con.execute("create table scored (l bigint, r bigint, "
                + ", ".join(f"{f}_level varchar" for f in FIELDS) + ", "
                + ", ".join(f"{f}_weight decimal(9,4)" for f in FIELDS)
                + ", match_weight decimal(9,4), match_probability decimal(9,8))")
    if not candidates:
        return
    # Half a second, and only where there is anything to score.
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(con)
    linker = Linker(api.register("record", dataset_display_name="record"), splink_settings(),
                    log_level=None, validate_settings=False)
    chunks = -(-candidates // CHUNK_PAIRS)
    for number in range(chunks):
        chunk = f"chunk_{number}"
        con.execute(f"create table {chunk} as select l as join_key_l, r as join_key_r, "
                    f"'0' as match_key, is_referred from candidate where l % {chunks} = {number}")
        linker.table_management.register_blocked_pairs_for_predict(
            api.register(chunk, dataset_display_name=chunk))
        found = linker.inference.predict(warning_mode="never")
        con.execute(f"""
            insert into scored
            select p.id_l, p.id_r, {levels}, {parts}, cast(p.match_weight as decimal(9,4)),
                cast(p.match_probability as decimal(9,8))
            from {found.physical_name} p
            join {chunk} c on p.id_l = c.join_key_l and p.id_r = c.join_key_r
            where p.match_weight >= {LEAST_WEIGHT} or c.is_referred
                or {_word('name')} in ('same', 'close')
                or 'same' in ({', '.join(_word(f) for f in
                                         ('number', 'domain', 'email', 'phone'))})""")
        found.drop_table_from_database_and_remove_from_cache()
        con.execute(f"drop table {chunk}")


def _word(field: str) -> str:
    cases = " ".join(f"when {value} then '{word}'" for value, word in enumerate(words(field)))
    return f"case gamma_{field} {cases} else '{UNKNOWN}' end"
