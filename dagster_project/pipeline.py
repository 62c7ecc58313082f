"""The rooms of a source composed: pulled, landed, mapped, checked.

With `building`, the only place below Dagster that knows the order of things; each room takes what
the one before left. Not here: orchestration (assets), the rules of any room.
"""

import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import schemas

from . import landing, mapping, quality, sources, warehouse
from .erasure import forgetting
from .errors import ConfigurationError, DeliveryError, LoadHeldError, PublicationError, QualityError
from .fingerprints import code_version, recorded_decisions
from .loads import ExtractState
from .mapping import fit, plan
from .settings import Configuration, Source
from .store import Store, digest, read_json, write_json

# The tables whose load dates tell how far a source reaches.
REACH_TABLES = ("crm_company", "crm_order", "erp_account", "erp_ar_document",
                "erp_ar_allocation", "erp_sales_order")
# What a source came to when it was last looked at, and when it last passed: a build stands on that.
CHECKED, PASSED = "checked.json", "passed.json"


@dataclass(frozen=True)
class SourceResult:
    """What one source left: its checked tables, and the loads they were made from.

    `problem`: why its latest delivery is not among them, None where it is.
    """

    source: str
    tables: dict[str, quality.Checked]
    loads: tuple[tuple[Any, ...], ...]
    load_balances: tuple[tuple[Any, ...], ...]
    unreadable: Path
    new_loads: tuple[str, ...]
    warnings: tuple[str, ...]
    reach: date | None
    load_date: date | None
    problem: str | None = None


def land_or_stand(configuration: Configuration, source: Source,
                  say: Callable[[str], None] = lambda _: None) -> SourceResult:
    """Land a source; where its delivery is missing or refused, what it delivered before stands.

    The result then says why: a build that another source starts must not pass over it. With the
    policy `wait`, or where nothing came before, the refusal is raised.
    """
    try:
        return land_source(configuration, source, say)
    except (DeliveryError, LoadHeldError, QualityError) as problem:
        try:
            earlier = read_result(configuration, source)
        except PublicationError:
            raise problem from None
        result = replace(earlier, new_loads=(), problem=str(problem))
        _write_result(configuration, source, result, PASSED)
        if configuration.late_policy(source) == "wait":
            raise
        return result


def land_source(configuration: Configuration, source: Source,
                say: Callable[[str], None] = lambda _: None) -> SourceResult:
    """Pull, land, map and check one source; what is unchanged is not done again.

    Raises a Customer360Error that says what was found, where, and what to do.
    """
    store = configuration.store
    delivered = offer(configuration, source)
    deliveries = sources.pull(configuration, source)
    _check_headers(store, configuration, source, deliveries)
    new_loads = []
    for delivery in deliveries:
        load, is_new = landing.land(store, source, delivery)
        if is_new:
            new_loads.append(load.load_id)
            say(f"landed {source.name}.{delivery.extract}, load {load.load_id} of "
                f"{load.load_date}: {load.rows:,} rows")
    forgetting.forget(store, source, new=new_loads)
    history = plan.history_extracts(source)
    states: dict[str, ExtractState] = {}
    for name in sorted(plan.used_extracts(source)):
        state = landing.state(store, configuration, source, name, with_history=name in history)
        states[name] = state.with_key(history.get(name) or state.key)
    tables = _map_and_check(store, configuration, source, states, say)
    result = _result(store, source, states, tables, tuple(new_loads))
    _write_result(configuration, source, result, CHECKED)
    stopped = [reason for checked in tables.values() if (reason := quality.too_many(
        checked, configuration.bad_rows_limit(source), landing.accepted_decisions(store)))]
    if stopped:
        raise QualityError("\n".join(stopped))
    _write_result(configuration, source, result, PASSED, delivered)
    return result


def offer(configuration: Configuration, source: Source) -> str:
    """Digest of all that landing a source would depend on: what lies there, by names, sizes and
    times, how it is configured, and what operators decided."""
    return digest(sources.signature(configuration, source), source_digest(configuration, source),
                  recorded_decisions(configuration.store))


def is_landed(configuration: Configuration, source: Source) -> bool:
    """Whether what a source offers is what it last passed with."""
    stated = _stated(configuration.store, source, PASSED)
    return stated.get("delivered") == offer(configuration, source)


def _check_headers(store: Store, configuration: Configuration, source: Source,
                   deliveries: Sequence[sources.Delivery]) -> None:
    """Hold the mapping against the headers that are delivered, before anything is landed.

    Of full extracts the newest counts; of incremental ones each, since all of them apply.
    """
    newest: dict[str, tuple[str, ...]] = {}
    others: dict[tuple[str, tuple[str, ...]], None] = {}
    for delivery in deliveries:
        for file in delivery.files:
            columns = landing.header(delivery, file, source)
            before = newest.get(delivery.extract)
            if (before is not None and set(before) != set(columns)
                    and source.extracts[delivery.extract].mode == "incremental"):
                others[delivery.extract, before] = None
            newest[delivery.extract] = columns
    for name in plan.used_extracts(source) - set(newest):
        newest[name] = landing.state(store, configuration, source, name).columns
    fit.check(source, newest)
    # What fits the columns that all deliveries share fits each; if not, the one is named.
    shared = dict(newest)
    for name, columns in others:
        shared[name] = tuple(c for c in shared[name] if c in columns)
    try:
        if others:
            fit.check(source, shared)
    except ConfigurationError:
        for name, columns in others:
            fit.check(source, {**newest, name: columns})
        raise


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
        for table in plan.tables_in_order(source):
            parents = {r.table: checked[r.table].accepted_path
                       for r in schemas.TABLES[table].references if r.table in checked}
            read = {name: states[name].address
                    for name in plan.extracts_of(source, table) if name in states}
            address = digest(plan.table_inputs(source, table), read, contract_code,
                             {p: addresses[p] for p in parents},
                             [addresses[t] for t in plan.mapped_reads(source, table)])[:16]
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
    driving = [states[name] for name in plan.driving_extracts(source, table)
               if name in states]
    loads = {load for state in driving for load in state.current_loads}
    load_ids = [load.load_id for load in sorted(loads, key=lambda load: load.order)]
    load_date = min((state.load_date for state in driving if state.load_date), default=None)
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
        table = plan.driven_table(source, name) or name
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
                        max((s.load_date for s in states.values() if s.load_date), default=None))


def _write_result(configuration: Configuration, source: Source, result: SourceResult,
                  kind: str, delivered: str | None = None) -> None:
    """Leave the result for the build step, which may run in another process."""
    store = configuration.store
    write_json(store.accepted / source.name / kind, {
        "configuration": source_digest(configuration, source), "delivered": delivered,
        "tables": {t: str(c.folder.relative_to(store.accepted)) for t, c in
                   result.tables.items()},
        "loads": result.loads, "load_balances": result.load_balances,
        "unreadable": result.unreadable.name, "warnings": result.warnings,
        "reach": result.reach, "load_date": result.load_date, "problem": result.problem})


def _stated(store: Store, source: Source, kind: str) -> dict[str, Any]:
    path = store.accepted / source.name / kind
    return read_json(path) if path.exists() else {}


def source_digest(configuration: Configuration, source: Source) -> str:
    """What a source's result depends on beside its deliveries."""
    return digest(source.model_dump(mode="json"), str(configuration.max_bad_rows_pct),
                  str(configuration.max_row_loss_pct), code_version())


def current_result(configuration: Configuration, source: Source) -> SourceResult:
    """What a build reads of a source: as it last passed, landed anew where it passed under another
    configuration or code (an upgrade, say)."""
    try:
        return read_result(configuration, source)
    except PublicationError:
        return land_or_stand(configuration, source)


def read_result(configuration: Configuration, source: Source) -> SourceResult:
    """What this source came to when it last passed, under this very configuration.

    Raises PublicationError when that was before the configuration or the code changed.
    """
    store = configuration.store
    stated = _stated(store, source, PASSED)
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
                        warehouse.day_or_none(stated["load_date"]), stated["problem"])


def quarantined(configuration: Configuration) -> list[Path]:
    """Quarantine files of every source as last checked, published or not."""
    found = []
    for source in configuration.sources:
        if stated := _stated(configuration.store, source, CHECKED):
            found += [configuration.store.accepted / folder / "quarantine.parquet"
                      for folder in stated["tables"].values()]
            found.append(configuration.store.accepted / source.name / stated["unreadable"])
    return [path for path in found if path.exists()]


def operator() -> str:
    """Who is at the keyboard, for a recorded decision."""
    return getpass.getuser()
