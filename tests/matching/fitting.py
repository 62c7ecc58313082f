"""The weights that are shipped: shares of levels, counted by Splink on labelled records.

m: on pairs of an account and a company that are one firm; u: on pairs of records of different
firms, whatever they are. Where a level is judged on a ground (comparisons), on pairs that stand on
it. The prior is one in PRIOR pairs: it is a number, not counted, so that no score depends on how
many customers there are.
Not here: how good the result is (measure): never measured on the seed that the weights are of.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project import engine, identity
from dagster_project.identity import blocking, scoring
from dagster_project.identity.comparisons import COMPARISONS, UNKNOWN
from dagster_project.store import Store

from . import extracts
from .records import Records, Row

SEED, FIRMS, VERSION = 1, 12_000, "2026-11"
# All pairs of so many firms' records: 3 million.
STRANGERS = 2_500
# A firm has one record among as many on the other side.
PRIOR = 20_000
# What was never seen may be: no level is a proof.
LEAST_M, LEAST_U = 0.002, 0.000001
Shares = Mapping[str, Mapping[str, float]]
CONTRACT = {
    "crm_company": ("company_id", "name", "legal_name", "vat_number", "registration_number",
                    "website", "domain", "email", "phone", "address_line1", "address_line2", "city",
                    "postcode", "country_code", "erp_account_ref"),
    "erp_account": ("account_id", "entity_id", "account_code", "name", "legal_name", "vat_number",
                    "registration_number", "website", "email", "phone", "address_line1",
                    "address_line2", "city", "postcode", "country_code", "crm_company_ref"),
    "crm_contact": ("contact_id", "company_id", "email")}


def features(store: Store, made: Records) -> list[Path]:
    """Feature files of the records, as if they had been landed and accepted."""
    tables = {}
    for table, source, rows in (("crm_company", "crm", made.companies),
                                ("crm_contact", "crm", made.contacts),
                                ("erp_account", "erp", made.accounts)):
        path = store.accepted / source / table / "drawn" / "accepted.parquet"
        path.parent.mkdir(parents=True)
        _parquet(path, source, CONTRACT[table], rows)
        tables[table] = [path]
    return identity.write_features(store, tables)


def _parquet(path: Path, source: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    cells = {"source": pa.array([source] * len(rows), pa.string())} | {
        c: pa.array([row.get(c) for row in rows], pa.string()) for c in columns}
    with duckdb.connect() as con:
        con.register("given", pa.table(cells))
        con.execute(f"copy given to '{path}' (format parquet)")


def fit() -> dict[str, Any]:
    """Weights counted on the fitting seed."""
    with TemporaryDirectory() as folder, engine.connect(scratch=Path(folder)) as con:
        made = extracts.draw(SEED, FIRMS)
        blocking.load_records(con, features(Store(Path(folder)), made))
        blocking.find_candidates(con)
        con.register("truth", pa.table({"record_id": list(made.firm_of),
                                        "firm": list(made.firm_of.values())}))
        con.execute("create table labelled as select record.id, firm "
                    "from record join truth on record.record_id = truth.record_id")
        con.execute("create table same as select a.id as id_l, c.id as id_r "
                    "from labelled a join labelled c on a.firm = c.firm "
                    "where a.id in (select id from record where side = 'account') "
                    "and c.id in (select id from record where side = 'company')")
        # In two steps: as one condition of a join, "another firm" makes every pair there is.
        con.execute("create table judged as select l as id_l, r as id_r, "
                    "a.firm = b.firm as is_same from candidate "
                    "join labelled a on l = a.id join labelled b on r = b.id")
        con.execute("create table near as select id_l, id_r from judged where not is_same")
        con.execute(f"create table stranger as select r.* from record r where record_id in ("
                    f"select min(record_id) from truth where firm < {STRANGERS} group by firm)")
        m, near, u = _labelled(con, "same"), _labelled(con, "near"), _strangers(con)
    levels: dict[str, dict[str, list[float]]] = {}
    for field, stated in COMPARISONS.items():
        levels[field] = {}
        for level in stated:
            if level.label == UNKNOWN:
                continue
            ground = [one.label for one in stated
                      if one.ground == level.ground and one.label != UNKNOWN]
            # Too few strangers share a domain to count on; all who do are candidates.
            others = near if level.ground == "same domain" else u
            levels[field][level.label] = [
                _share(m[field], level.label, ground, LEAST_M),
                _share(others[field], level.label, ground, LEAST_U)]
    return {"version": VERSION, "prior": 1 / PRIOR, "levels": levels}


def _labelled(con: duckdb.DuckDBPyConnection, labels: str) -> Shares:
    """How often Splink finds each level on the pairs of a table."""
    linker, api = _linker(con, "record", labels)
    linker.training.estimate_m_from_pairwise_labels(
        api.register(labels, dataset_display_name=labels))
    return _found(linker, "m_probability")


def _strangers(con: duckdb.DuckDBPyConnection) -> Shares:
    """How often Splink finds each level on all pairs of records of different firms."""
    linker, _ = _linker(con, "stranger", "strangers")
    linker.training.estimate_u_using_random_sampling(max_pairs=STRANGERS ** 2)
    return _found(linker, "u_probability")


def _linker(con: duckdb.DuckDBPyConnection, table: str, name: str) -> tuple[Any, Any]:
    from splink import DuckDBAPI, Linker

    # Splink leaves a level that it never saw at what was stated before.
    never = {field: {level.label: (LEAST_U, LEAST_U) for level in stated}
             for field, stated in COMPARISONS.items()}
    api = DuckDBAPI(con)
    return Linker(api.register(table, dataset_display_name=f"for_{name}"),
                  scoring.splink_settings({"prior": 1 / PRIOR, "levels": never}),
                  log_level=None, validate_settings=False), api


def _found(linker: Any, share: str) -> Shares:
    return {c["output_column_name"]: {level["label_for_charts"]: level.get(share) or 0
                                      for level in c["comparison_levels"]}
            for c in linker.misc.save_model_to_json()["comparisons"]}


def _share(shares: Mapping[str, float], label: str, ground: Sequence[str], least: float) -> float:
    total = sum(shares.get(one, 0) for one in ground)
    if len(ground) == 1 or not total:
        return 1.0
    return float(f"{min(max(shares.get(label, 0) / total, least), 1 - least):.4g}")


def write(weights: Mapping[str, Any]) -> None:
    """Put weights where the product reads them: one field a line."""
    fields = ",\n".join(f"  {json.dumps(field)}: {json.dumps(levels)}"
                        for field, levels in weights["levels"].items())
    head = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in weights.items()
                   if k != "levels")
    scoring.WEIGHTS.write_text(f"{{\n{head} \"levels\": {{\n{fields}\n }}\n}}\n",
                               encoding="utf-8")
