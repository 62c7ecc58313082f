"""The rooms composed: one source landed and checked, one build prepared, one version published.

The only place below Dagster that knows the order of things; each room takes what the one before
left. Not here: orchestration (assets), the rules of any room.
"""

import getpass
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

import schemas

from . import (
    identity,
    landing,
    mapping,
    mapping_check,
    mapping_plan,
    publication,
    quality,
    sources,
    warehouse,
)
from .casting import literal
from .errors import (
    ConfigurationError,
    Customer360Error,
    DeliveryError,
    PublicationError,
    QualityError,
)
from .fingerprints import code_version
from .loads import ExtractState
from .settings import Configuration, Source
from .store import Store, digest, read_json, write_json

# The tables whose load dates tell how far a source reaches.
REACH_TABLES = ("crm_company", "crm_order", "erp_account", "erp_ar_document",
                "erp_ar_allocation", "erp_sales_order")


@dataclass(frozen=True)
class SourceResult:
    """What one source left: its checked tables, and the loads they were made from."""

    source: str
    tables: dict[str, quality.Checked]
    loads: tuple[tuple[Any, ...], ...]
    load_balances: tuple[tuple[Any, ...], ...]
    unreadable: Path
    new_loads: tuple[str, ...]
    warnings: tuple[str, ...]
    reach: date | None
    load_date: date | None


def land_source(configuration: Configuration, source: Source,
                say: Callable[[str], None] = lambda _: None) -> SourceResult:
    """Pull, land, map and check one source; what is unchanged is not done again.

    Raises a Customer360Error that says what was found, where, and what to do.
    """
    store = configuration.store
    deliveries = sources.pull(configuration, source)
    _check_headers(store, configuration, source, deliveries)
    new_loads = []
    for delivery in deliveries:
        load, is_new = landing.land(store, source, delivery)
        if is_new:
            new_loads.append(load.load_id)
            say(f"landed {source.name}.{delivery.extract}, load {load.load_id} of "
                f"{load.load_date}: {load.rows:,} rows")
    history = mapping_plan.history_extracts(source)
    states: dict[str, ExtractState] = {}
    for name in sorted(mapping_plan.used_extracts(source)):
        state = landing.state(store, configuration, source, name, with_history=name in history)
        states[name] = state.with_key(history.get(name) or state.key)
    tables = _map_and_check(store, configuration, source, states, say)
    result = _result(store, source, states, tables, tuple(new_loads))
    _write_result(store, configuration, source, result)
    stopped = [reason for checked in tables.values() if (reason := quality.too_many(
        checked, _bad_rows_limit(configuration, source), landing.accepted_decisions(store)))]
    if stopped:
        raise QualityError("\n".join(stopped))
    return result


def _bad_rows_limit(configuration: Configuration, source: Source) -> Any:
    return (configuration.max_bad_rows_pct if source.max_bad_rows_pct is None
            else source.max_bad_rows_pct)


def _check_headers(store: Store, configuration: Configuration, source: Source,
                   deliveries: Sequence[sources.Delivery]) -> None:
    """Hold the mapping against the headers that are delivered, before anything is landed.

    Of full extracts the newest counts; of incremental ones each, since all of them apply.
    """
    newest: dict[str, tuple[str, ...]] = {}
    others: list[tuple[str, tuple[str, ...]]] = []
    for delivery in deliveries:
        for file in delivery.files:
            columns = landing.header(delivery, file, source)
            before = newest.get(delivery.extract)
            if (before is not None and set(before) != set(columns)
                    and source.extracts[delivery.extract].mode == "incremental"):
                others.append((delivery.extract, before))
            newest[delivery.extract] = columns
    for name in mapping_plan.used_extracts(source) - set(newest):
        newest[name] = landing.state(store, configuration, source, name).columns
    for headers in (newest, *({**newest, name: columns} for name, columns in others)):
        mapping_check.check(source, headers)


def _map_and_check(store: Store, configuration: Configuration, source: Source,
                   states: dict[str, ExtractState],
                   say: Callable[[str], None]) -> dict[str, quality.Checked]:
    contract_code = digest(schemas.CONTRACT_VERSION, code_version())
    checked: dict[str, quality.Checked] = {}
    addresses: dict[str, str] = {}
    mapper: mapping.Mapper | None = None
    scratch = store.root / "scratch"
    scratch.mkdir(exist_ok=True)
    try:
        for table in mapping_plan.tables_in_order(source):
            parents = {r.table: checked[r.table].accepted_path
                       for r in schemas.TABLES[table].references if r.table in checked}
            read = {name: states[name].address
                    for name in mapping_plan.extracts_of(source, table) if name in states}
            address = digest(mapping_plan.table_inputs(source, table), read, contract_code,
                             {p: addresses[p] for p in parents},
                             [addresses[t] for t in mapping_plan.mapped_reads(source, table)])[:16]
            addresses[table] = address
            folder = store.accepted / source.name / table / address
            done = quality.load_checked(folder)
            if done is None:
                if mapper is None:
                    mapper = mapping.Mapper(source, states, scratch=scratch)
                    for earlier in checked:
                        mapper.add_mapped(earlier, checked[earlier].accepted_path)
                done = _check_table(mapper, source, table, folder, parents, states, scratch)
                say(f"checked {source.name}.{table}: {done.accepted:,} accepted, "
                    f"{done.quarantined:,} quarantined")
            checked[table] = done
            if mapper is not None:
                mapper.add_mapped(table, done.accepted_path)
    finally:
        if mapper is not None:
            mapper.close()
    return checked


def _check_table(mapper: mapping.Mapper, source: Source, table: str, folder: Path,
                 parents: dict[str, Path], states: dict[str, ExtractState],
                 scratch: Path) -> quality.Checked:
    folder.mkdir(parents=True, exist_ok=True)
    mapped = mapper.map_table(table, folder / "mapped.parquet")
    driving = [states[name] for name in mapping_plan.driving_extracts(source, table)
               if name in states]
    loads = {load for state in driving for load in state.current_loads}
    load_ids = [load.load_id for load in sorted(loads, key=lambda load: load.order)]
    load_date = min((state.load_date for state in driving), default=None)
    return quality.check(source.name, table, mapped.path, folder, parents, inputs=mapped.inputs,
                         load_ids=load_ids, load_date=load_date.isoformat() if load_date else None,
                         scratch=scratch)


def _result(store: Store, source: Source, states: dict[str, ExtractState],
            tables: dict[str, quality.Checked], new_loads: tuple[str, ...]) -> SourceResult:
    loads, balances, unreadable = [], [], []
    warnings: list[str] = []
    for name, state in states.items():
        warnings += landing.warnings(state)
        bad_records = {(f.load.load_id, f.name): f.unreadable for f in state.files}
        for load, status in state.loads:
            files = ", ".join(f.name for f in load.files)
            loads.append((source.name, name, load.load_id, load.load_date, load.mode, status,
                          files, load.files[0].sha256 if len(load.files) == 1 else digest(
                              [f.sha256 for f in load.files]), sum(f.bytes for f in load.files),
                          load.rows + load.unreadable, load.rows, load.unreadable))
            if status == "current":
                kept = sum(len(u) for (i, _), u in bad_records.items() if i == load.load_id)
                balances.append((source.name, "load", f"{name} {load.load_id}", "rows", None,
                                 load.rows + load.unreadable, load.rows + kept,
                                 load.unreadable - kept, "records read = parsed + unreadable"))
        table = mapping_plan.driven_table(source, name) or name
        unreadable += [(source.name, table, "read", f.load.load_id, f.load.load_date, f.name,
                        u.line, None, u.reason, None, None, u.text)
                       for f in state.files for u in f.unreadable]
    folder = store.accepted / source.name
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"unreadable-{digest(unreadable)[:16]}.parquet"
    if not target.exists():
        quality.write_unreadable(unreadable, target)
    dates = [date.fromisoformat(c.load_date) for t, c in tables.items()
             if t in REACH_TABLES and c.load_date]
    return SourceResult(source.name, tables, tuple(loads), tuple(balances), target, new_loads,
                        tuple(warnings), min(dates, default=None),
                        max((s.load_date for s in states.values()), default=None))


def _write_result(store: Store, configuration: Configuration, source: Source,
                  result: SourceResult) -> None:
    """Leave the result for the build step, which may run in another process."""
    write_json(store.accepted / source.name / "state.json", {
        "configuration": source_digest(configuration, source),
        "tables": {t: str(c.folder.relative_to(store.accepted)) for t, c in
                   result.tables.items()},
        "loads": result.loads, "load_balances": result.load_balances,
        "unreadable": result.unreadable.name, "warnings": result.warnings,
        "reach": result.reach, "load_date": result.load_date})


def source_digest(configuration: Configuration, source: Source) -> str:
    """What a source's result depends on beside its deliveries."""
    return digest(source.model_dump(mode="json"), str(configuration.max_bad_rows_pct),
                  str(configuration.max_row_loss_pct), code_version())


def read_result(configuration: Configuration, source: Source) -> SourceResult:
    """What `land_source` left for this source under this very configuration.

    Raises PublicationError when it has not run since the configuration or the code changed.
    """
    store = configuration.store
    state_file = store.accepted / source.name / "state.json"
    stated = read_json(state_file) if state_file.exists() else {}
    if stated.get("configuration") != source_digest(configuration, source):
        raise PublicationError(f"source {source.name} was not landed under this configuration; "
                               "materialise it first (or run the whole job)")
    tables = {}
    for table, folder in stated["tables"].items():
        checked = quality.load_checked(store.accepted / folder)
        if checked is None:
            raise PublicationError(f"source {source.name}: accepted rows of {table} are gone; "
                                   "run the whole job to make them again")
        tables[table] = checked
    return SourceResult(source.name, tables, tuple(map(tuple, stated["loads"])),
                        tuple(map(tuple, stated["load_balances"])),
                        store.accepted / source.name / stated["unreadable"], (),
                        tuple(stated["warnings"]), warehouse.day_or_none(stated["reach"]),
                        warehouse.day_or_none(stated["load_date"]))


# -- the build ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Build:
    """A build in progress: what it is of, and for which date."""

    publication_id: str
    run_id: str
    as_of_date: date
    default_as_of_date: date
    is_forced: bool
    past: bool
    inputs: str
    fingerprint: str
    built_at: datetime
    sources: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]


def default_as_of(configuration: Configuration, results: Sequence[SourceResult]) -> date:
    """The configured as-of date, else the earliest reach over the sources."""
    reaches = [r.reach for r in results if r.reach is not None]
    if configuration.as_of_date is not None:
        return configuration.as_of_date
    if not reaches:
        raise ConfigurationError(f"{configuration.path}: no source has a dated table, so there is "
                                 "no default as-of date; set as_of_date")
    return min(reaches)


def _check_as_of(configuration: Configuration, results: Sequence[SourceResult], as_of: date, *,
                 force: bool) -> bool:
    """Whether the date lies beyond what some source reaches. Raises unless that is forced."""
    short = [r for r in results if r.reach is not None and r.reach < as_of]
    for result in results:
        source = configuration.source(result.source)
        documents = result.tables.get("erp_ar_document")
        if (source.role == "erp" and source.effective_settlement == "live_balance" and documents
                and documents.load_date and as_of < date.fromisoformat(documents.load_date)):
            raise ConfigurationError(
                f"source {source.name} states live balances of {documents.load_date} and no "
                f"allocations, so nothing tells what was open on {as_of}. Run for "
                f"{documents.load_date} or later, or map its allocations.")
    if short and not force:
        reach = ", ".join(f"{r.source} {r.reach}" for r in short)
        raise ConfigurationError(f"as-of date {as_of} lies beyond what these sources reach: "
                                 f"{reach}. Deliver newer extracts, take an earlier date, or use "
                                 "--force (every figure is then flagged).")
    return bool(short)


def prepare_build(configuration: Configuration, *, run_id: str, as_of: date | None, force: bool,
                  inputs: str) -> Build:
    """Make `landed` ready for dbt and leave a note of what is being built."""
    store = configuration.store
    results = [read_result(configuration, source) for source in configuration.sources]
    default = default_as_of(configuration, results)
    day = as_of or default
    is_forced = _check_as_of(configuration, results, day, force=force)
    fingerprint = digest(configuration.fingerprint, [r.loads for r in results],
                         sorted(landing.accepted_decisions(store)), day, code_version())
    described = tuple({
        "source": r.source, "reach": r.reach, "load_date": r.load_date,
        "age_days": (day - r.reach).days if r.reach else None,
        "loads": [{"extract": row[1], "load_id": row[2], "load_date": row[3]}
                  for row in r.loads if row[5] == "current"]} for r in results)
    build = Build(publication.next_id(store, day), run_id, day, default, is_forced,
                  as_of is not None and day < default, inputs, fingerprint,
                  datetime.now(UTC).replace(microsecond=0), described,
                  tuple(w for r in results for w in r.warnings))
    warehouse.prepare(store, _inputs(configuration, results, build))
    write_json(store.build / "build.json", asdict(build))
    return build


def _inputs(configuration: Configuration, results: Sequence[SourceResult],
            build: Build) -> warehouse.Inputs:
    tables: dict[str, list[Path]] = {}
    for result in results:
        for table, checked in result.tables.items():
            tables.setdefault(table, []).append(checked.accepted_path)
    features = identity.write_features(configuration.store, tables.get("crm_company", ()),
                                       tables.get("erp_account", ()))
    quarantine = [c.quarantine_path for r in results for c in r.tables.values() if c.quarantined]
    quarantine += [r.unreadable for r in results]
    return warehouse.Inputs(tables, _helpers(configuration, results, build), quarantine,
                            [features], publication.register_segments(configuration.store))


def _helpers(configuration: Configuration, results: Sequence[SourceResult],
             build: Build) -> dict[str, list[tuple[Any, ...]]]:
    context = warehouse.context_row(
        run_id=build.run_id, publication_id=build.publication_id,
        built_at=warehouse.utc(build.built_at), as_of_date=build.as_of_date,
        default_as_of_date=build.default_as_of_date, is_forced=build.is_forced,
        reporting_currency=configuration.reporting_currency,
        gl_difference=configuration.gl_difference, ageing_basis=configuration.ageing.basis,
        ageing_credits=configuration.ageing.credits, fingerprint=build.fingerprint,
        code_version=code_version(), contract_version=schemas.CONTRACT_VERSION)
    by_name = {r.source: r for r in results}
    erps = [s.name for s in configuration.sources if s.role == "erp"]
    ties = []
    for source in configuration.sources:
        if source.role == "crm":
            tied = source.tied_to if source.tied_to is not None else ()
            ties += [(source.name, t.source, t.entity) for t in tied]
            ties += [(source.name, e, None) for e in erps if source.tied_to is None]
    return {
        "run_context": [context],
        "source_info": [
            (s.name, s.role, s.system, s.effective_settlement,
             s.sales_from if s.role == "erp" else None, by_name[s.name].reach,
             by_name[s.name].load_date) for s in configuration.sources],
        "source_tie": ties,
        "load_info": [row for r in results for row in r.loads],
        "balance_check": [row for r in results for row in _balances(r)],
        "contract_check": [
            (r.source, table, rule.column, rule.rule, rule.checked, rule.failed, "error")
            for r in results for table, checked in r.tables.items() for rule in checked.rules],
    }


def _balances(result: SourceResult) -> list[tuple[Any, ...]]:
    """Law 2 at its three levels, as rows: what went in, what is explained, the difference."""
    rows = list(result.load_balances)
    for table, checked in result.tables.items():
        for one in checked.inputs:
            explained = one["mapped"] + one["filtered"] + one["merged"]
            detail = (f"new grain: {one['grain']}" if one["grain"] else
                      "driving rows = mapped + filtered + merged")
            rows.append((result.source, "mapped_input", one["name"], "rows", None,
                         one["driving"], explained, one["driving"] - explained, detail))
        explained = checked.accepted + checked.quarantined + checked.identical
        rows.append((result.source, "contract_table", table, "rows", None, checked.mapped,
                     explained, checked.mapped - explained,
                     "mapped = accepted + quarantined + identical duplicates"))
        for a in checked.amounts:
            total = a.accepted + a.quarantined + a.identical
            rows.append((result.source, "contract_table", table, "amount", a.currency, a.mapped,
                         total, a.mapped - total,
                         "mapped = accepted + quarantined + identical duplicates"))
    return rows


def read_build(store: Store, run_id: str) -> Build:
    """The build in progress. Raises PublicationError when it is another run's."""
    path = store.build / "build.json"
    stated = read_json(path) if path.exists() else {}
    if stated.get("run_id") != run_id:
        raise PublicationError("the build was prepared by another run; run the whole job, so that "
                               "one run prepares, builds and publishes")
    return Build(**stated | {
        "as_of_date": date.fromisoformat(stated["as_of_date"]),
        "default_as_of_date": date.fromisoformat(stated["default_as_of_date"]),
        "built_at": datetime.fromisoformat(stated["built_at"]),
        "sources": tuple(stated["sources"]), "warnings": tuple(stated["warnings"])})


def publish_build(configuration: Configuration, *, run_id: str, target: Path,
                  manifest: Mapping[str, Any]) -> publication.Publication:
    """Audit the finished build, seal it and make it the next version.

    `target` holds dbt's run results, `manifest` is dbt's.
    """
    store = configuration.store
    build = read_build(store, run_id)
    audited = warehouse.audit(manifest, target)
    new_ids = _new_ids(store, build)
    sealed = warehouse.seal(store, audited)
    stated = {
        "publication_id": build.publication_id, "run_id": run_id,
        "as_of_date": build.as_of_date, "built_at": build.built_at.isoformat(),
        "is_forced": build.is_forced, "inputs": build.inputs, "fingerprint": build.fingerprint,
        "code_version": code_version(), "contract_version": schemas.CONTRACT_VERSION,
        "sources": build.sources,
        "warnings": [f"{o.model}: {o.name} ({o.failures} rows)" for o in audited.warnings]
        + list(build.warnings), **sealed}
    return publication.publish(store, warehouse.mart_file(store), new_ids, stated,
                               keep=configuration.keep_publications, past=build.past)


def _new_ids(store: Store, build: Build) -> Path | None:
    """The customer ids that this build mints, as the register's next segment; None for none."""
    target = store.build / "new_ids.parquet"
    with duckdb.connect(str(warehouse.private_file(store)), read_only=True) as con:
        known = con.execute("select coalesce(max(seq), 0) from landed.id_register").fetchall()
        con.execute(
            f"copy (select {known[0][0]} + row_number() over (order by member_key) as seq, "
            f"{literal(build.publication_id)} as publication_id, member_key, customer_id, "
            f"founder_key from intermediate.int_id_register_next order by member_key) "
            f"to {literal(str(target))} (format parquet)")
        minted = con.execute(
            f"select count(*) from read_parquet({literal(str(target))})").fetchall()[0][0]
    return target if minted and not build.past else None


def quarantined(configuration: Configuration) -> list[Path]:
    """Quarantine files of every source as last checked, published or not."""
    found = []
    for source in configuration.sources:
        state_file = configuration.store.accepted / source.name / "state.json"
        if state_file.exists():
            stated = read_json(state_file)
            found += [configuration.store.accepted / folder / "quarantine.parquet"
                      for folder in stated["tables"].values()]
            found.append(configuration.store.accepted / source.name / stated["unreadable"])
    return [path for path in found if path.exists()]


def operator() -> str:
    """Who is at the keyboard, for a recorded decision."""
    return getpass.getuser()


__all__ = [
    "Build", "Customer360Error", "DeliveryError", "SourceResult", "land_source", "operator",
    "prepare_build", "publish_build", "quarantined", "read_build", "read_result",
]
