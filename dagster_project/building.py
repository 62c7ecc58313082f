"""One build prepared from what the sources left, audited, and published as a version.

Not here: how a source comes to its accepted rows (pipeline), orchestration (assets).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

import schemas

from . import identity, landing, publication, warehouse
from .casting import literal
from .erasure import erasures
from .errors import ConfigurationError, DeliveryError, PublicationError
from .fingerprints import code_version
from .pipeline import SourceResult, current_result
from .settings import Configuration
from .store import Store, digest, read_json, write_json


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
    stale: dict[str, str]
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


def _lags(results: Sequence[SourceResult]) -> dict[str, int]:
    """Days that each dated source reaches less far than the furthest one."""
    reaches = {r.source: r.reach for r in results if r.reach is not None}
    furthest = max(reaches.values(), default=date.min)
    return {name: (furthest - reach).days for name, reach in reaches.items()}


def _stale(configuration: Configuration, results: Sequence[SourceResult],
           lags: Mapping[str, int]) -> dict[str, str]:
    """Sources that stand on older data than they should, each with the reason: its lag is above
    its limit, or its latest delivery is missing or was refused."""
    stale = {}
    for name, lag in lags.items():
        limit = configuration.lag_limit(configuration.source(name))
        if limit is not None and lag > limit:
            stale[name] = (f"source {name} is late: it reaches {lag} days less far than the "
                           f"furthest source (max_lag_days: {limit})")
    return stale | {
        r.source: f"source {r.source} stands on what it delivered before (it reaches {r.reach}): "
                  f"{r.problem}" for r in results if r.problem}


def _check_stale(configuration: Configuration, stale: Mapping[str, str], *, force: bool) -> None:
    """Raises DeliveryError while a publication is to wait for a source that is late or refused."""
    awaited = [said for name, said in stale.items()
               if configuration.late_policy(configuration.source(name)) == "wait"]
    if awaited and not force:
        raise DeliveryError(
            "; ".join(awaited) + ". What did arrive was landed, and the publication waits: the "
            "last one stays current. Deliver what is missing; or publish with the older data "
            "marked: `when_late: publish` in the configuration, or once with --force.")


def prepare_build(configuration: Configuration, *, run_id: str, as_of: date | None, force: bool,
                  inputs: str) -> Build:
    """Make `landed` ready for dbt and leave a note of what is being built."""
    store = configuration.store
    results = [current_result(configuration, source) for source in configuration.sources]
    default = default_as_of(configuration, results)
    day = as_of or default
    lags = _lags(results)
    stale = _stale(configuration, results, lags if as_of is None else {})
    _check_stale(configuration, stale, force=force)
    is_forced = _check_as_of(configuration, results, day, force=force)
    fingerprint = digest(configuration.fingerprint, [r.loads for r in results], stale,
                         sorted(landing.accepted_decisions(store)),
                         sorted(line["person"] for line in erasures.recorded(store)), day,
                         code_version())
    described = tuple({
        "source": r.source, "reach": r.reach, "load_date": r.load_date,
        "age_days": (day - r.reach).days if r.reach else None,
        "lag_days": lags.get(r.source),
        "loads": [{"extract": row[1], "load_id": row[2], "load_date": row[3]}
                  for row in r.loads if row[5] == "current"]} for r in results)
    build = Build(publication.next_id(store, day), run_id, day, default, is_forced,
                  as_of is not None and day < default, inputs, fingerprint,
                  datetime.now(UTC).replace(microsecond=0), described,
                  stale, (*stale.values(), *(w for r in results for w in r.warnings)))
    warehouse.prepare(store, _inputs(configuration, results, build))
    write_json(store.build / "build.json", asdict(build))
    return build


def _inputs(configuration: Configuration, results: Sequence[SourceResult],
            build: Build) -> warehouse.Inputs:
    tables: dict[str, list[Path]] = {}
    for result in results:
        for table, checked in result.tables.items():
            tables.setdefault(table, []).append(checked.accepted_path)
    features = identity.write_features(configuration.store, tables)
    pairs = identity.write_pairs(configuration.store, features)
    quarantine = [c.quarantine_path for r in results for c in r.tables.values() if c.quarantined]
    quarantine += [r.unreadable for r in results]
    return warehouse.Inputs(tables, _helpers(configuration, results, build), quarantine,
                            features, publication.register_segments(configuration.store), pairs)


def _helpers(configuration: Configuration, results: Sequence[SourceResult],
             build: Build) -> dict[str, list[tuple[Any, ...]]]:
    context = warehouse.context_row(
        run_id=build.run_id, publication_id=build.publication_id,
        built_at=warehouse.utc(build.built_at), as_of_date=build.as_of_date,
        default_as_of_date=build.default_as_of_date, is_forced=build.is_forced,
        reporting_currency=configuration.reporting_currency,
        gl_difference=configuration.gl_difference, ageing_basis=configuration.ageing.basis,
        ageing_credits=configuration.ageing.credits,
        net_credits=configuration.collections.net_credits,
        call_from=configuration.collections.call_from,
        minimum_support=configuration.cross_sell.minimum_support,
        minimum_confidence=configuration.cross_sell.minimum_confidence,
        suggestions_per_customer=configuration.cross_sell.per_customer,
        cost_to_serve=";".join(configuration.profitability.cost_to_serve),
        ending_soon_days=configuration.service.ending_soon_days,
        attribution_days=configuration.marketing.attribution_days, fingerprint=build.fingerprint,
        code_version=code_version(), contract_version=schemas.CONTRACT_VERSION)
    by_name = {r.source: r for r in results}
    lags, stale = _lags(results), build.stale
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
             by_name[s.name].load_date, lags.get(s.name), stale.get(s.name))
            for s in configuration.sources],
        "source_tie": ties,
        "stage_probability": list(configuration.pipeline.stage_probability_pct.items()),
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
            f"founder_key, company_key, cause, decided_by from "
            f"intermediate.int_id_register_next order by member_key) "
            f"to {literal(str(target))} (format parquet)")
        minted = con.execute(
            f"select count(*) from read_parquet({literal(str(target))})").fetchall()[0][0]
    return target if minted and not build.past else None
