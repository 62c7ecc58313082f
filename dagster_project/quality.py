"""The contract, applied: every mapped row is accepted, quarantined with all its reasons, or an
identical duplicate; nothing else can happen to it, and the balance proves it.

Values and row rules are checked by the pandera models on eager polars frames in bounded batches;
keys and references in DuckDB, because a batch cannot see duplicates. Not here: the rules (schemas).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq

import schemas

from . import engine, faults
from .casting import literal, quoted
from .errors import QualityError
from .store import read_json, write_json

# 200,000 rows of 14 columns are checked in about a fifth of a second and 0.1 GB.
BATCH_ROWS = 200_000
QUARANTINE_COLUMNS = {
    "source": "VARCHAR", "table_name": "VARCHAR", "stage": "VARCHAR", "load_id": "VARCHAR",
    "load_date": "DATE", "source_file": "VARCHAR", "source_line": "BIGINT",
    "record_key": "VARCHAR", "reasons": "VARCHAR", "amount": "DECIMAL(18,4)",
    "currency": "VARCHAR", "raw_row": "VARCHAR",
}


@dataclass(frozen=True)
class Amounts:
    """The control amount of a table in one currency, through each outcome. Law 2, in money."""

    currency: str | None
    mapped: Decimal
    accepted: Decimal
    quarantined: Decimal
    identical: Decimal


@dataclass(frozen=True)
class RuleOutcome:
    """How many rows one rule looked at, and how many broke it."""

    column: str | None
    rule: str
    checked: int
    failed: int


@dataclass(frozen=True)
class Checked:
    """One contract table of one source after its check. All counts are rows."""

    source: str
    table: str
    folder: Path
    mapped: int
    accepted: int
    quarantined: int
    identical: int
    amounts: tuple[Amounts, ...]
    rules: tuple[RuleOutcome, ...]
    inputs: tuple[dict[str, Any], ...]
    load_ids: tuple[str, ...]
    load_date: str | None

    @property
    def accepted_path(self) -> Path:
        """Typed Parquet of the rows that conform."""
        return self.folder / "accepted.parquet"

    @property
    def quarantine_path(self) -> Path:
        """Parquet of the rows that do not, with their reasons."""
        return self.folder / "quarantine.parquet"

    @property
    def balances(self) -> bool:
        """Law 2: rows and amounts mapped = accepted + quarantined + identical duplicates."""
        return (self.mapped == self.accepted + self.quarantined + self.identical and all(
            a.mapped == a.accepted + a.quarantined + a.identical for a in self.amounts))


def load_checked(folder: Path) -> Checked | None:
    """What an earlier check left in this folder, None where there is none."""
    summary = folder / "summary.json"
    if not summary.exists():
        return None
    stated = read_json(summary)
    return Checked(**stated | {
        "folder": folder,
        "amounts": tuple(Amounts(a["currency"], *(Decimal(a[k]) for k in (
            "mapped", "accepted", "quarantined", "identical"))) for a in stated["amounts"]),
        "rules": tuple(RuleOutcome(**r) for r in stated["rules"]),
        "inputs": tuple(stated["inputs"]), "load_ids": tuple(stated["load_ids"])})


def check(source: str, table: str, mapped: Path, folder: Path, parents: Mapping[str, Path], *,
          inputs: Sequence[Any], load_date: str | None, load_ids: Sequence[str],
          scratch: Path | None = None) -> Checked:
    """Check a mapped table and leave accepted and quarantined rows in `folder`.

    `parents` are the accepted files of the tables that rows may refer to, where delivered.
    `mapped` is used up. Grain of both files: one row per mapped row.
    """
    contract = schemas.TABLES[table]
    with engine.connect(scratch=scratch) as con:
        con.execute(f"create view mapped as {_numbered(mapped)}")
        con.execute("create table bad (_row bigint, stage varchar, col varchar, rule varchar, "
                    "reason varchar)")
        con.execute("insert into bad select _row, 'cast', e.col, e.rule, e.reason from "
                    "(select _row, unnest(_cast_errors) as e from mapped)")
        _check_values(con, contract)
        for reference in contract.references:
            if reference.table in parents:
                _check_reference(con, contract, reference, parents[reference.table])
        con.execute("create table same (_row bigint)")
        _check_key(con, contract)
        faults.reach("check.mapped")
        _write(con, source, contract, mapped, folder)
        faults.reach("check.accepted")
        checked = Checked(
            source=source, table=table, folder=folder,
            mapped=sum(i.mapped for i in inputs),
            accepted=_rows(folder / "accepted.parquet"),
            quarantined=_rows(folder / "quarantine.parquet"),
            identical=con.execute("select count(*) from same").fetchall()[0][0],
            amounts=_amounts(con, contract, folder),
            rules=_outcomes(con, contract, set(parents)),
            inputs=tuple(asdict(i) for i in inputs),
            load_ids=tuple(load_ids), load_date=load_date)
    mapped.unlink(missing_ok=True)
    if not checked.balances:
        raise QualityError(
            f"source {source}, {table}: {checked.mapped} rows were mapped, but {checked.accepted} "
            f"accepted + {checked.quarantined} quarantined + {checked.identical} identical do not "
            "add up to them. This is a defect of the product; nothing was published.")
    faults.reach("check.summary")
    write_json(folder / "summary.json", asdict(checked) | {"folder": None})
    return checked


def _check_values(con: duckdb.DuckDBPyConnection, contract: schemas.Table) -> None:
    names = ", ".join(quoted(c.name) for c in contract.columns)
    reader = con.cursor().execute(f"select {names} from mapped").to_arrow_reader(BATCH_ROWS)
    offset = 0
    for batch in reader:
        frame = pl.DataFrame(pl.from_arrow(batch))
        found = schemas.violations(contract, frame)
        if found.height:
            found = found.with_columns(pl.col("row").cast(pl.Int64) + offset)
            con.register("found", found.to_arrow())
            # A cell that did not cast is null; that it is missing too would say the same twice.
            con.execute(
                "insert into bad select f.row, 'check', f.column, f.rule, f.reason from found f "
                "anti join bad on bad._row = f.row and bad.col = f.column")
            con.unregister("found")
        offset += frame.height


def _check_reference(con: duckdb.DuckDBPyConnection, contract: schemas.Table,
                     reference: schemas.Reference, parent: Path) -> None:
    pairs = list(zip(reference.columns, reference.parent_columns, strict=True))
    same = " and ".join(f"p.{quoted(theirs)} = m.{quoted(ours)}" for ours, theirs in pairs)
    present = " and ".join(f"m.{quoted(ours)} is not null" for ours, _ in pairs)
    value = " || ', ' || ".join(f"m.{quoted(ours)}" for ours, _ in pairs)
    column = ", ".join(reference.columns)
    message = schemas.explain(contract, reference.columns[0], "reference")
    con.execute(
        f"insert into bad select m._row, 'reference', {literal(column)}, 'reference', "
        f"{literal(f'{column}: {chr(39)}')} || {value} || {literal(f'{chr(39)} {message}')} "
        f"from mapped m anti join read_parquet({literal(str(parent))}) p on {same} "
        f"where {present}")


def _check_key(con: duckdb.DuckDBPyConnection, contract: schemas.Table) -> None:
    """Of rows that share a key: identical ones count once; of differing ones the newest stays."""
    # What is computed here begins with `_`, as no column of the contract does.
    keys = [quoted(k) for k in contract.key]
    key = ", ".join(keys)
    present = " and ".join(f"{k} is not null" for k in keys)
    con.execute("create temp table good as select _row from mapped "
                "anti join bad using (_row)")
    con.execute(
        f"create temp table rivals as with twice as (select {key} from mapped semi join good "
        f"using (_row) where {present} group by all having count(*) > 1) "
        f"select _row, {key}, row_hash, "
        f"row_number() over (partition by {key} order by load_date desc nulls last, "
        f"row_hash desc, _file, _line) as _place, "
        f"row_number() over (partition by {key}, row_hash order by load_date desc nulls last, "
        f"_file, _line) as _copy_no, "
        f"first_value(concat_ws(', line ', _file, _line)) over (partition by {key} order by "
        f"load_date desc nulls last, row_hash desc, _file, _line) as _winner "
        f"from mapped semi join good using (_row) semi join twice using ({key})")
    con.execute("insert into same select _row from rivals where _copy_no > 1")
    message = schemas.explain(contract, None, "key")
    con.execute(f"insert into bad select _row, 'key', null, 'key', "
                f"{literal(f'{message}; kept: ')} || _winner "
                "from rivals where _copy_no = 1 and _place > 1")


def _write(con: duckdb.DuckDBPyConnection, source: str, contract: schemas.Table, mapped: Path,
           folder: Path) -> None:
    amount, currency = contract.control or (None, None)
    key = " || ' / ' || ".join(f"coalesce({quoted(k)}::varchar, '?')" for k in contract.key)
    shown = ", ".join(f"{quoted(c.name)} := {quoted(c.name)}" for c in contract.columns)
    con.execute(
        "create table quarantined as with reasons as (select _row, "
        "string_agg(reason, '; ' order by col nulls first, rule, reason) as _reasons, "
        "arg_min(stage, list_position(['cast', 'check', 'reference', 'key'], stage)) as _stage "
        "from bad group by _row) "
        f"select {literal(source)} as source, {literal(contract.name)} as table_name, "
        "_stage as stage, "
        "load_id, load_date, _file as source_file, _line as source_line, "
        f"{key} as record_key, _reasons as reasons, "
        f"{quoted(amount) if amount else 'null'}::decimal(18,4) as amount, "
        f"{quoted(currency) if currency else 'null'}::varchar as currency, "
        f"coalesce(_raw, to_json(struct_pack({shown}))::varchar) as raw_row "
        "from mapped join reasons using (_row) order by _file, _line, _reasons")
    con.execute(f"copy quarantined to {literal(str(folder / 'quarantine.parquet'))} "
                "(format parquet, compression zstd)")
    accepted = folder / "accepted.parquet"
    if con.execute("select count(*) from bad").fetchall()[0][0] == 0 and con.execute(
            "select count(*) from same").fetchall()[0][0] == 0:
        mapped.rename(accepted)
        con.execute(f"create or replace view mapped as {_numbered(accepted)}")
        return
    con.execute(f"copy (select * exclude (_row) from mapped anti join bad using (_row) "
                f"anti join same using (_row) order by _row) to {literal(str(accepted))} "
                "(format parquet, compression zstd)")


def _numbered(path: Path) -> str:
    return ("select * exclude (file_row_number), file_row_number as _row from "
            f"read_parquet({literal(str(path))}, file_row_number = true)")


def _rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def _amounts(con: duckdb.DuckDBPyConnection, contract: schemas.Table,
             folder: Path) -> tuple[Amounts, ...]:
    """Mapped and duplicate amounts from the mapped rows, the others from the files written."""
    if contract.control is None:
        return ()
    amount, currency = contract.control
    by = quoted(currency) if currency else "cast(null as varchar)"
    accepted = f"read_parquet({literal(str(folder / 'accepted.parquet'))})"
    parts = [f"select {by} as currency, 'mapped' as outcome, {quoted(amount)} as amount "
             "from mapped",
             f"select {by}, 'accepted', {quoted(amount)} from {accepted}",
             "select currency, 'quarantined', amount from quarantined",
             f"select {by}, 'identical', {quoted(amount)} from mapped semi join same using (_row)"]
    rows = con.execute(
        "select currency, " + ", ".join(
            f"coalesce(sum(amount) filter (where outcome = '{o}'), 0)::decimal(38,4)"
            for o in ("mapped", "accepted", "quarantined", "identical"))
        + f" from ({' union all '.join(parts)}) group by currency order by currency").fetchall()
    return tuple(Amounts(*row) for row in rows)


def _outcomes(con: duckdb.DuckDBPyConnection, contract: schemas.Table,
              parents: set[str]) -> tuple[RuleOutcome, ...]:
    checked = con.execute("select count(*) from mapped").fetchall()[0][0]
    failed = {(col, rule): count for col, rule, count in con.execute(
        "select col, rule, count(distinct _row) from bad group by all").fetchall()}
    outcomes = {(rule.column, rule.name): RuleOutcome(rule.column, rule.name, checked, 0)
                for rule in schemas.rules(contract)}
    for (column, rule), count in failed.items():
        outcomes[column, rule] = RuleOutcome(column, rule, checked, count)
    return tuple(outcomes.values())


def write_unreadable(rows: Sequence[tuple[Any, ...]], target: Path) -> None:
    """Write records that could not be read, in the quarantine's columns."""
    columns = ", ".join(f"{n} {t}" for n, t in QUARANTINE_COLUMNS.items())
    with duckdb.connect() as con:
        con.execute(f"create table unreadable ({columns})")
        if rows:
            con.executemany(f"insert into unreadable values "
                            f"({', '.join('?' * len(QUARANTINE_COLUMNS))})", rows)
        con.execute(f"copy unreadable to {literal(str(target))} (format parquet)")


def too_many(checked: Checked, limit: Decimal, accepted_loads: Mapping[str, Any]) -> str | None:
    """Why a table's load stops, None where it may pass: too large a share of bad rows."""
    if not checked.mapped or set(checked.load_ids) & set(accepted_loads):
        return None
    share = Decimal(100) * checked.quarantined / checked.mapped
    if share <= limit:
        return None
    worst = sorted((r for r in checked.rules if r.failed), key=lambda r: -r.failed)[:3]
    reasons = "; ".join(f"{r.column or 'row'} {r.rule}: {r.failed}" for r in worst)
    return (f"source {checked.source}, {checked.table}: {checked.quarantined} of {checked.mapped} "
            f"rows ({share:.1f} %, limit {limit} %) break the contract ({reasons}). Look at them "
            f"with `customer360 quarantine`; mend the extract or the mapping, or let the load "
            f"pass: customer360 accept {checked.load_ids[-1] if checked.load_ids else 'LOAD'} "
            "--why \"...\". The last publication stays current.")
