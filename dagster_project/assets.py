"""The rooms as Dagster assets and asset checks.

One step a source (pull, land, map, check), one for the `landed` schema, one dbt build
(dbt_assets), one publication: few, large steps, because each process costs seconds to start.
Not here: what any step does (pipeline, building), when it runs (automation).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

import schemas

from . import (
    building,
    dbt_project,
    fingerprints,
    pictures,
    pipeline,
    publication,
    quality,
    warehouse,
)
from .errors import ConfigurationError
from .settings import Configuration, Source
from .steps import SAMPLE_ROWS, as_table, owners, step


class BuildConfig(dg.Config):
    """What is built: the as-of date, and whether it may lie beyond what the sources reach."""

    as_of_date: str | None = None
    force: bool = False


# -- sources -----------------------------------------------------------------------------------


def source_assets(configuration: Configuration, source: Source,
                  freshness: dg.FreshnessPolicy | None) -> dg.AssetsDefinition:
    """One source: what it delivers, and each contract table made of it, with their checks.

    The delivery materialises only when something new was landed: `freshness` tells by it whether
    the source is late.
    """
    tables = [t for t in schemas.TABLES if t in source.tables]
    extracts = ", ".join(source.extracts) or "inline rows"
    system = source.system or source.name
    delivery = dg.AssetKey([source.name, "delivery"])
    shown: dict[str, Any] = {"group_name": source.name,
                             "owners": owners(source.owner or configuration.owner)}
    specs = [dg.AssetSpec(
        delivery, skippable=True, kinds={source.connection.format}, freshness_policy=freshness,
        description=f"What {system} delivers: {extracts}.\n\nMaterialises when something new was "
                    "landed.", **shown)]
    specs += [dg.AssetSpec(
        [source.name, t], deps=[delivery], kinds={source.connection.format, "parquet"},
        description=f"{schemas.TABLES[t].description}\n\nFrom {extracts} of {system}; "
                    f"grain: {schemas.TABLES[t].grain}.",
        code_version=schemas.CONTRACT_VERSION, **shown) for t in tables]
    checks = [dg.AssetCheckSpec(
        "arrived", asset=delivery,
        description="Fails while an older delivery stands, because the newest is missing or was "
                    "refused, and publications do not wait for it.")]
    checks += [dg.AssetCheckSpec(
        "contract", asset=[source.name, t],
        description="Warns on any row in quarantine; a share above the source's limit stops the "
                    "load before it comes to this.") for t in tables]

    @dg.multi_asset(name=f"source_{source.name}", specs=specs, check_specs=checks)
    def land(context: dg.AssetExecutionContext) -> Iterator[Any]:
        with step(context, configuration):
            publication.recover(configuration.store)
            result = pipeline.land_or_stand(configuration, source, context.log.info)
            for warning in result.warnings:
                context.log.warning(warning)
            if result.new_loads:
                yield _delivery(delivery, result)
            yield dg.AssetCheckResult(
                asset_key=delivery, check_name="arrived", passed=result.problem is None,
                description=result.problem, metadata={"reaches": str(result.reach)})
            for table in tables:
                yield _materialisation(source, table, result.tables[table])
            for table in tables:
                yield _contract_check(source, table, result.tables[table])

    return land


def _delivery(key: dg.AssetKey, result: pipeline.SourceResult) -> dg.MaterializeResult[Any]:
    shown = ("extract", "load_id", "load_date", "mode", "status", "file_name", "records_read",
             "rows_unreadable")
    columns = list(warehouse.HELPERS["load_info"])
    loads = [dict(zip(columns, row, strict=True)) for row in result.loads]
    new = [{name: load[name] for name in shown} for load in loads
           if load["load_id"] in result.new_loads]
    return dg.MaterializeResult(key, metadata={
        "loads": as_table(new), "dagster/row_count": sum(int(n["records_read"]) for n in new),
        "reaches": str(result.reach)})


def _materialisation(source: Source, table: str,
                     checked: quality.Checked) -> dg.MaterializeResult[Any]:
    return dg.MaterializeResult(
        [source.name, table], data_version=dg.DataVersion(checked.folder.name),
        metadata={"dagster/row_count": checked.accepted, "mapped": checked.mapped,
                  "quarantined": checked.quarantined, "identical duplicates": checked.identical,
                  "load date": checked.load_date or "inline",
                  "dagster/column_schema": _column_schema(table)})


def _column_schema(table: str) -> dg.TableSchema:
    return dg.TableSchema([
        dg.TableColumn(c.name, c.sql_type, description=c.description,
                       constraints=dg.TableColumnConstraints(nullable=c.nullable))
        for c in schemas.TABLES[table].columns])


def _contract_check(source: Source, table: str,
                    checked: quality.Checked) -> dg.AssetCheckResult:
    rows = _sample(checked.quarantine_path) if checked.quarantined else []
    broken = {f"{r.column or 'row'}: {r.rule}": r.failed for r in checked.rules if r.failed}
    return dg.AssetCheckResult(
        asset_key=dg.AssetKey([source.name, table]), check_name="contract",
        passed=not checked.quarantined, severity=dg.AssetCheckSeverity.WARN,
        description=f"{checked.quarantined} of {checked.mapped} rows are in quarantine",
        metadata={"broken rules": broken, "failed rows": as_table(rows)} if rows else {})


def _sample(quarantine: Path) -> list[dict[str, Any]]:
    import polars as pl

    columns = ["source_file", "source_line", "record_key", "reasons"]
    return pl.read_parquet(quarantine, columns=columns, n_rows=SAMPLE_ROWS).to_dicts()


# -- the landed schema -------------------------------------------------------------------------


def landed_assets(configuration: Configuration, condition: dg.AutomationCondition[Any],
                  along: dg.AutomationCondition[Any]) -> dg.AssetsDefinition:
    """The schema that dbt reads: every contract table, delivered or not, and the run's context."""
    feeds = {t: [dg.AssetKey([s.name, t]) for s in configuration.sources if t in s.tables]
             for t in schemas.TABLES}
    every = [key for keys in feeds.values() for key in keys]
    shown: dict[str, Any] = {"group_name": "landed", "kinds": {"duckdb"},
                             "owners": owners(configuration.owner),
                             "automation_condition": condition}
    specs = [dg.AssetSpec(["landed", t], deps=feeds[t] or every,
                          description=table.description, **shown)
             for t, table in schemas.TABLES.items()]
    helpers = [*warehouse.HELPERS, "quarantine", "identity_feature", "match_pair",
               "id_register"]
    specs += [dg.AssetSpec(["landed", name], deps=every,
                           description=warehouse.HELPER_DESCRIPTIONS[name], **shown)
              for name in helpers]
    balance = dg.AssetCheckSpec(
        "law_2_balances", asset=["landed", "balance_check"], blocking=True,
        # Without a condition of one check, a run that Dagster asks for has only the checks of
        # steps that cannot be split, and dbt's would be missing.
        automation_condition=along,
        description="Nothing is lost: per load, per mapped input and per contract table.")

    @dg.multi_asset(name="landed", specs=specs, check_specs=[balance])
    def landed(context: dg.AssetExecutionContext, config: BuildConfig) -> Iterator[Any]:
        with step(context, configuration):
            day = _as_date(config.as_of_date)
            build = building.prepare_build(
                configuration, run_id=context.run_id, as_of=day, force=config.force,
                inputs=fingerprints.inputs_digest(configuration, day))
            context.add_output_metadata({"as-of date": str(build.as_of_date)},
                                        output_name="landed__run_context")
            rows = warehouse.balance_differences(configuration.store)
            for spec in specs:
                yield dg.MaterializeResult(spec.key)
            yield dg.AssetCheckResult(
                asset_key=dg.AssetKey(["landed", "balance_check"]), check_name="law_2_balances",
                passed=not rows, metadata={"differences": as_table(rows)} if rows else {})

    return landed


def _as_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(f"as-of date {text!r} is not a date (YYYY-MM-DD)") from None


# -- publication -------------------------------------------------------------------------------


def publication_asset(configuration: Configuration, marts: Sequence[dg.AssetKey],
                      condition: dg.AutomationCondition[Any]) -> dg.AssetsDefinition:
    """The published version: audited, sealed, swapped in whole."""
    key = dg.AssetKey(["publication"])

    @dg.multi_asset(
        name="publication",
        specs=[dg.AssetSpec(key, deps=marts, group_name="publication", kinds={"duckdb", "parquet"},
                            owners=owners(configuration.owner), automation_condition=condition,
                            description="The mart that readers see: one immutable DuckDB file and "
                                        "a Parquet folder, swapped in atomically.")],
        check_specs=[dg.AssetCheckSpec(
            "fit_to_publish", asset=key,
            description="Every expected check ran and every blocking one passed; warns where a "
                        "warning is published.")])
    def publish(context: dg.AssetExecutionContext) -> Iterator[Any]:
        with step(context, configuration):
            done = building.publish_build(
                configuration, run_id=context.run_id, manifest=dbt_project.manifest(),
                target=dbt_project.target_folder(configuration.store))
        warnings = done.manifest["warnings"]
        counts = done.manifest["row_counts"]
        ages = [{name: source[name] for name in ("source", "reach", "lag_days", "load_date")}
                for source in done.manifest["sources"]]
        yield dg.MaterializeResult(key, metadata={
            "publication": done.id, "as-of date": done.manifest["as_of_date"],
            "database": dg.MetadataValue.path(str(done.database)),
            "customers": counts["customer_360"], **_ageing(done),
            "how old each source is": as_table(ages),
            "rows": as_table([{"mart": m, "rows": n} for m, n in counts.items()]),
            "warnings": dg.MetadataValue.json(warnings)})
        yield dg.AssetCheckResult(
            asset_key=key, check_name="fit_to_publish", passed=not warnings,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"warnings": dg.MetadataValue.json(warnings)})

    return publish


def _ageing(done: publication.Publication) -> dict[str, Any]:
    """The ageing of everybody as a picture, and the numbers whose history Dagster plots."""
    buckets = {"not due": "not_due", "1 to 30": "d1_30", "31 to 60": "d31_60",
               "61 to 90": "d61_90", "over 90": "d90_plus", "unallocated": "unallocated_credit"}
    sums = ", ".join(f"coalesce(sum({column}_reporting), 0)" for column in buckets.values())
    with publication.reader(done) as con:
        *amounts, overdue, outstanding, currency, unknown = con.execute(
            f"select {sums}, coalesce(sum(overdue_reporting), 0), "
            "coalesce(sum(outstanding_reporting), 0), any_value(reporting_currency), "
            "count(*) - count(outstanding_reporting) from ar_ageing_by_customer").fetchall()[0]
    left_out = f" without {unknown} balances that have no rate" if unknown else ""
    picture = pictures.bars(f"Receivables by days overdue, {done.as_of_date}{left_out}",
                            list(zip(buckets, amounts, strict=True)), currency or "")
    # As floats, for Dagster's own plots alone: the figures are in the marts, as decimals.
    return {"ageing": dg.MetadataValue.md(picture), "balances without a rate": unknown,
            "outstanding": float(outstanding), "overdue": float(overdue)}
