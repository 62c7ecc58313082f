"""What dbt reads, prepared; what dbt left, audited.

Here: the `landed` schema in dbt's private file (views over explicit Parquet files, typed and empty
where nobody delivers), the run's context, the audit of a finished build, and its seal in
`mart_info`. Not here: business rules (dbt), publishing (publication).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

import schemas

from . import faults
from .casting import literal, quoted
from .errors import AuditError
from .store import Store, read_json

MART_STORAGE_VERSION = "v1.2.0"
HELPERS: dict[str, dict[str, str]] = {
    "run_context": {
        "run_id": "VARCHAR", "publication_id": "VARCHAR", "built_at": "TIMESTAMP",
        "as_of_date": "DATE", "default_as_of_date": "DATE", "is_forced": "BOOLEAN",
        "reporting_currency": "VARCHAR", "gl_difference": "VARCHAR", "ageing_basis": "VARCHAR",
        "ageing_credits": "VARCHAR", "net_credits": "BOOLEAN",
        "call_from": "DECIMAL(18,4)", "minimum_support": "DECIMAL(18,8)",
        "minimum_confidence": "DECIMAL(18,8)", "suggestions_per_customer": "INTEGER",
        "cost_to_serve": "VARCHAR",
        "ending_soon_days": "INTEGER", "attribution_days": "INTEGER",
        "fingerprint": "VARCHAR", "code_version": "VARCHAR", "contract_version": "VARCHAR"},
    "source_info": {
        "source": "VARCHAR", "role": "VARCHAR", "system": "VARCHAR", "settlement": "VARCHAR",
        "sales_from": "VARCHAR", "reach_date": "DATE", "load_date": "DATE",
        "lag_days": "INTEGER", "stale_because": "VARCHAR"},
    "source_tie": {"crm_source": "VARCHAR", "erp_source": "VARCHAR", "entity_id": "VARCHAR"},
    "stage_probability": {"stage": "VARCHAR", "probability_pct": "DECIMAL(5,2)"},
    "load_info": {
        "source": "VARCHAR", "extract": "VARCHAR", "load_id": "VARCHAR", "load_date": "DATE",
        "mode": "VARCHAR", "status": "VARCHAR", "file_name": "VARCHAR", "sha256": "VARCHAR",
        "bytes": "BIGINT", "records_read": "BIGINT", "rows_parsed": "BIGINT",
        "rows_unreadable": "BIGINT"},
    "balance_check": {
        "source": "VARCHAR", "level": "VARCHAR", "name": "VARCHAR", "measure": "VARCHAR",
        "currency": "VARCHAR", "read_value": "DECIMAL(38,4)",
        "explained_value": "DECIMAL(38,4)", "difference": "DECIMAL(38,4)", "detail": "VARCHAR"},
    "contract_check": {
        "source": "VARCHAR", "table_name": "VARCHAR", "column_name": "VARCHAR",
        "rule": "VARCHAR", "checked": "BIGINT", "failed": "BIGINT", "severity": "VARCHAR"},
}
HELPER_DESCRIPTIONS = {
    "run_context": "The one row that says what this build is: as-of date, currency, policies.",
    "source_info": "One row per source: its role, how it settles, how far it reaches.",
    "source_tie": "Which ERP sources and entities a CRM is tied to.",
    "stage_probability": "How probable the configuration takes the stages of opportunities to be.",
    "load_info": "One row per load: what was delivered, and where it stands.",
    "balance_check": "Law 2 as rows: what went in, what is explained, the difference.",
    "contract_check": "One row per source and rule of the contract: rows checked and failed.",
    "quarantine": "Every row that was not accepted, with all its reasons and where it stands.",
    "identity_feature": "Names, numbers, domains, places of companies and accounts, spelled alike.",
    "match_pair": "Records that may be one organisation: level and weight of each field, score.",
    "id_register": "Which member held which customer id with which company, since when and why.",
}
QUARANTINE = {
    "source": "VARCHAR", "table_name": "VARCHAR", "stage": "VARCHAR", "load_id": "VARCHAR",
    "load_date": "DATE", "source_file": "VARCHAR", "source_line": "BIGINT",
    "record_key": "VARCHAR", "reasons": "VARCHAR", "amount": "DECIMAL(18,4)",
    "currency": "VARCHAR", "raw_row": "VARCHAR"}
# What dbt reads of the features; all else in them is for the scored pairs.
FEATURES = dict.fromkeys(("side", "source", "record_id", "vat_id", "registration_id",
                          "vat_status", "registration_status"), "VARCHAR")
MATCH_FIELDS = ("name", "number", "domain", "email", "phone", "postcode", "street")
MATCH_PAIR = {
    **dict.fromkeys(("left_side", "left_source", "left_id", "right_side", "right_source",
                     "right_id"), "VARCHAR"),
    **{f"{field}_level": "VARCHAR" for field in MATCH_FIELDS},
    **{f"{field}_weight": "DECIMAL(9,4)" for field in MATCH_FIELDS},
    "match_weight": "DECIMAL(9,4)", "match_probability": "DECIMAL(9,8)",
    "weights_version": "VARCHAR"}
REGISTER = {"seq": "BIGINT", "publication_id": "VARCHAR", "member_key": "VARCHAR",
            "customer_id": "VARCHAR", "founder_key": "VARCHAR", "company_key": "VARCHAR",
            "cause": "VARCHAR", "decided_by": "VARCHAR"}


@dataclass(frozen=True)
class Inputs:
    """Everything a build reads: files by contract table, and the rows of the helper tables."""

    tables: Mapping[str, Sequence[Path]]
    helpers: Mapping[str, Sequence[tuple[Any, ...]]]
    quarantine: Sequence[Path]
    features: Sequence[Path]
    register: Sequence[Path]
    pairs: Sequence[Path] = ()


@dataclass(frozen=True)
class TestOutcome:
    """One dbt test as it ran."""

    name: str
    model: str
    severity: str
    status: str
    failures: int
    message: str


@dataclass(frozen=True)
class Audit:
    """What the audit saw: every test outcome, and the warnings that are published with them."""

    outcomes: tuple[TestOutcome, ...]

    @property
    def warnings(self) -> tuple[TestOutcome, ...]:
        """Tests that failed without blocking."""
        return tuple(o for o in self.outcomes if o.status == "warn")


def private_file(store: Store) -> Path:
    """dbt's private database of the build in progress."""
    return store.build / "private.duckdb"


def mart_file(store: Store) -> Path:
    """The marts of the build in progress."""
    return store.build / "mart.duckdb"


def landed_columns(table: schemas.Table) -> list[tuple[str, str]]:
    """Names and types of `landed.TABLE`, in order."""
    columns = [("source", "VARCHAR"), *((c.name, c.sql_type) for c in table.columns)]
    if table.tracks_deletion:
        columns.append(("deleted_on", "DATE"))
    return [*columns, ("custom_fields", "VARCHAR"), ("load_date", "DATE"),
            ("load_id", "VARCHAR"), ("row_hash", "VARCHAR")]


def prepare(store: Store, inputs: Inputs) -> None:
    """Start a build: a fresh private file with the schema `landed` over `inputs`."""
    for leftover in (private_file(store), mart_file(store)):
        leftover.unlink(missing_ok=True)
        leftover.with_name(leftover.name + ".wal").unlink(missing_ok=True)
    with duckdb.connect(str(private_file(store))) as con:
        con.execute("create schema landed")
        for table in schemas.TABLES.values():
            _view(con, table.name, landed_columns(table), inputs.tables.get(table.name, ()))
        _view(con, "quarantine", list(QUARANTINE.items()), inputs.quarantine)
        _view(con, "identity_feature", list(FEATURES.items()), inputs.features)
        _view(con, "match_pair", list(MATCH_PAIR.items()), inputs.pairs)
        _view(con, "id_register", list(REGISTER.items()), inputs.register)
        for name, columns in HELPERS.items():
            typed = ", ".join(f"{c} {t}" for c, t in columns.items())
            con.execute(f"create table landed.{name} ({typed})")
            _insert(con, f"landed.{name}", columns, inputs.helpers.get(name, ()))
    faults.reach("build.landed")


def _insert(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str],
            rows: Sequence[Sequence[Any]]) -> None:
    """Append rows, as text that DuckDB casts: exact for every type.

    Bound one by one they take ten times as long: for every value DuckDB looks whether pandas can
    be imported.
    """
    if not rows:
        return
    texts = [pa.array([None if v is None else str(v) for v in values], pa.string())
             for values in zip(*rows, strict=True)]
    con.register("given", pa.table(texts, names=list(columns)))
    cells = ", ".join(f"cast({quoted(c)} as {t}) as {quoted(c)}" for c, t in columns.items())
    con.execute(f"insert into {table} by name select {cells} from given")
    con.unregister("given")


def _view(con: duckdb.DuckDBPyConnection, name: str, columns: Sequence[tuple[str, str]],
          files: Sequence[Path]) -> None:
    if not files:
        cells = ", ".join(f"cast(null as {t}) as {quoted(c)}" for c, t in columns)
        con.execute(f"create view landed.{name} as select {cells} where false")
        return
    cells = ", ".join(f"cast({quoted(c)} as {t}) as {quoted(c)}" for c, t in columns)
    paths = ", ".join(literal(str(f)) for f in sorted(files))
    # Segments of the register that were written before a column was added lack it for ever.
    held = {c for (c,) in con.execute("select distinct name from parquet_schema(["
                                      f"{paths}])").fetchall()}
    lacking = "".join(f", null as {quoted(c)}" for c, _ in columns if c not in held)
    con.execute(f"create view landed.{name} as select {cells} from (select *{lacking} "
                f"from read_parquet([{paths}], union_by_name = true))")


def balance_differences(store: Store) -> list[dict[str, Any]]:
    """Rows of law 2 that do not balance: there must be none."""
    return found_rows(store, "from landed.balance_check where difference <> 0", limit=50)


def expected_checks(manifest: Mapping[str, Any]) -> set[str]:
    """Ids of every data test that dbt knows and has not disabled."""
    return {i for i, n in manifest["nodes"].items() if n["resource_type"] == "test"}


def failure_queries(manifest: Mapping[str, Any], target: Path) -> dict[str, str]:
    """The SQL of each dbt test that found rows, by the test's name."""
    results = read_json(target / "run_results.json")["results"]
    return {manifest["nodes"][r["unique_id"]]["name"]: r["compiled_code"] for r in results
            if r["status"] in ("fail", "warn") and r.get("compiled_code")}


def expected_models(manifest: Mapping[str, Any]) -> set[str]:
    """Ids of every model that a build must leave behind."""
    return {i for i, n in manifest["nodes"].items() if n["resource_type"] == "model"}


def audit(manifest: Mapping[str, Any], target: Path) -> Audit:
    """Judge a dbt build by dbt's manifest and run results, not by a green run.

    Raises AuditError when an expected model or check did not run, or a blocking check failed.
    """
    try:
        results = {r["unique_id"]: r for r in read_json(target / "run_results.json")["results"]}
    except (FileNotFoundError, ValueError) as problem:
        raise AuditError(f"{target}: dbt left no readable results ({problem}); nothing was "
                         "published") from None
    faults.reach("audit.checks")
    absent = sorted(i for i in expected_models(manifest) | expected_checks(manifest)
                    if i not in results or results[i]["status"] == "skipped")
    failed = sorted(i for i, r in results.items() if r["status"] in ("error", "fail",
                                                                     "runtime error"))
    if failed or absent:
        lines = [f"failed: {_short(i)}: {_message(results[i])}" for i in failed]
        lines += [f"did not run: {_short(i)}" for i in absent[:20]]
        if len(absent) > 20:
            lines.append(f"... and {len(absent) - 20} more that did not run")
        raise AuditError("the build is not fit to publish:\n  " + "\n  ".join(lines)
                         + "\nNothing was published; the last publication stays current.")
    return Audit(tuple(_outcomes(manifest, results)))


def _outcomes(manifest: Mapping[str, Any],
              results: Mapping[str, Mapping[str, Any]]) -> Iterable[TestOutcome]:
    for unique_id, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] != "test":
            continue
        result = results[unique_id]
        attached = node.get("attached_node") or next(iter(node["depends_on"]["nodes"]), "")
        yield TestOutcome(node["name"], attached.split(".")[-1],
                          str(node["config"].get("severity", "error")).lower(),
                          result["status"], int(result.get("failures") or 0),
                          node.get("description") or "")


def _short(unique_id: str) -> str:
    parts = unique_id.split(".")
    return ".".join(parts[2:4] if parts[0] == "unit_test" else parts[2:3])


def _message(result: Mapping[str, Any]) -> str:
    return " ".join(str(result.get("message") or "").split())[:400]


def found_rows(store: Store, sql: str, limit: int = 5) -> list[dict[str, Any]]:
    """The first rows of a query over a finished build, for a person to look at."""
    with duckdb.connect(str(private_file(store)), read_only=True) as con:
        if mart_file(store).exists():
            con.execute(f"attach {literal(str(mart_file(store)))} as mart (read_only)")
        found = con.execute(f"from ({sql}\n) limit {limit}")
        names = [d[0] for d in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def seal(store: Store, audited: Audit) -> dict[str, Any]:
    """Write what the audit saw into the marts: test outcomes, row counts, control totals.

    Returns the sealed counts and totals. The mart file is checkpointed and closed.
    """
    with duckdb.connect(str(mart_file(store)),
                        config={"storage_compatibility_version": MART_STORAGE_VERSION}) as con:
        columns = {row[0]: row[1] for row in con.execute("describe data_quality").fetchall()}
        _insert(con, "data_quality", columns,
                [_quality_row(list(columns), o) for o in audited.outcomes])
        counts = _row_counts(con)
        totals = control_totals(con, list(counts))
        con.execute("update mart_info set row_counts = ?, control_totals = ?",
                    [json.dumps(counts), json.dumps(totals)])
        faults.reach("audit.seal")
        con.execute("checkpoint")
    return {"row_counts": counts, "control_totals": totals}


def mart_row_counts(store: Store) -> dict[str, int]:
    """Rows of each mart of the build in progress; none before dbt has built any."""
    if not mart_file(store).exists():
        return {}
    with duckdb.connect(str(mart_file(store)), read_only=True) as con:
        return _row_counts(con)


def built_columns(store: Store) -> dict[str, dict[str, str]]:
    """Names and types of the columns of every relation of the build, by dbt's relation names."""
    found: dict[str, dict[str, str]] = {}
    for database, path in (("private", private_file(store)), ("mart", mart_file(store))):
        with duckdb.connect(str(path), read_only=True) as con:
            for schema, table, column, sql_type in con.execute(
                    "select schema_name, table_name, column_name, data_type "
                    "from duckdb_columns() where not internal").fetchall():
                relation = f'"{database}"."{schema}"."{table}"'
                found.setdefault(relation, {})[column] = sql_type
    return found


def _row_counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    marts = con.execute("select table_name from duckdb_tables() order by table_name").fetchall()
    return {m: con.execute(f"select count(*) from {m}").fetchall()[0][0] for (m,) in marts}


def control_totals(con: duckdb.DuckDBPyConnection, marts: Sequence[str]) -> dict[str, str]:
    """Sum of every decimal column of every mart, as text: what a reader can hold a copy against."""
    totals: dict[str, str] = {}
    for mart in marts:
        decimals = [row[0] for row in con.execute(
            "select column_name from duckdb_columns() where table_name = ? and data_type like "
            "'DECIMAL%' order by column_index", [mart]).fetchall()]
        if decimals:
            sums = ", ".join(f"cast(sum({quoted(c)}) as varchar)" for c in decimals)
            found = con.execute(f"select {sums} from {mart}").fetchall()[0]
            totals |= {f"{mart}.{c}": v for c, v in zip(decimals, found, strict=True) if v}
    return totals


def _quality_row(columns: Sequence[str], outcome: TestOutcome) -> list[Any]:
    status = {"pass": "passed", "warn": "warned"}.get(outcome.status, "failed")
    values = {"kind": "test", "source": None, "table_name": outcome.model,
              "check_name": outcome.name, "severity": outcome.severity,
              "failed": outcome.failures, "status": status, "detail": outcome.message or None}
    return [values.get(c) for c in columns]


def context_row(**values: Any) -> tuple[Any, ...]:
    """The one row of landed.run_context. Raises KeyError when a value is missing."""
    return tuple(values[name] for name in HELPERS["run_context"])


def day_or_none(text: str | None) -> date | None:
    """An ISO date as a date."""
    return date.fromisoformat(text) if text else None


def utc(moment: datetime) -> datetime:
    """A moment without its zone, as the marts keep it: UTC."""
    return moment.replace(tzinfo=None)
