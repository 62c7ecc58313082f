"""The rooms as Dagster assets and asset checks.

One step a source (pull, land, map, check), one for the `landed` schema, one dbt build, one
publication: few, large steps, because each process costs seconds to start. Every step holds the
data folder's lock. Not here: what any step does (pipeline), when it runs (automation).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

import schemas

from . import (
    building,
    dbt_project,
    faults,
    fingerprints,
    orphans,
    pipeline,
    publication,
    quality,
    warehouse,
)
from .errors import ConfigurationError, Customer360Error
from .settings import Configuration, Source
from .store import run_lock

# A run started in the UI waits this long for another process's run before it gives up.
LOCK_WAIT_SECONDS = 1800
SAMPLE_ROWS = 5
LAYERS = ("staging", "intermediate", "marts")


class BuildConfig(dg.Config):
    """What is built: the as-of date, and whether it may lie beyond what the sources reach."""

    as_of_date: str | None = None
    force: bool = False


@contextmanager
def _step(context: dg.AssetExecutionContext, configuration: Configuration) -> Iterator[None]:
    """Hold the data folder during a step; a refusal is shown by its own words.

    It is not tried again: data is not mended by a second look.
    """
    orphans.tag_run(context.instance, context.run_id)
    try:
        with run_lock(configuration.store, f"run {context.run_id}",
                      wait_seconds=LOCK_WAIT_SECONDS):
            yield
    except Customer360Error as problem:
        raise dg.Failure(description=str(problem), allow_retries=False,
                         metadata={"what to do": dg.MetadataValue.text(str(problem))}) from problem


# -- sources -----------------------------------------------------------------------------------


def source_assets(configuration: Configuration, source: Source) -> dg.AssetsDefinition:
    """One source: each contract table it delivers is an asset, with its contract's checks."""
    tables = [t for t in schemas.TABLES if t in source.tables]
    extracts = ", ".join(source.extracts) or "inline rows"
    specs = [dg.AssetSpec([source.name, t], group_name=source.name,
                          kinds={source.connection.format, "parquet"},
                          description=f"{schemas.TABLES[t].description}\n\nFrom {extracts} of "
                                      f"{source.system or source.name}; "
                                      f"grain: {schemas.TABLES[t].grain}.",
                          code_version=schemas.CONTRACT_VERSION)
             for t in tables]
    checks = [dg.AssetCheckSpec(
        "contract", asset=[source.name, t],
        description="Warns on any row in quarantine; a share above the source's limit stops the "
                    "load before it comes to this.") for t in tables]

    @dg.multi_asset(name=f"source_{source.name}", specs=specs, check_specs=checks)
    def land(context: dg.AssetExecutionContext) -> Iterator[Any]:
        with _step(context, configuration):
            publication.recover(configuration.store)
            result = pipeline.land_source(configuration, source, context.log.info)
            for warning in result.warnings:
                context.log.warning(warning)
            for table in tables:
                yield _materialisation(source, table, result.tables[table])
            for table in tables:
                yield _contract_check(source, table, result.tables[table])

    return land


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
        metadata={"broken rules": broken, "failed rows": _as_table(rows)} if rows else {})


def _sample(quarantine: Path) -> list[dict[str, Any]]:
    import polars as pl

    columns = ["source_file", "source_line", "record_key", "reasons"]
    return pl.read_parquet(quarantine, columns=columns, n_rows=SAMPLE_ROWS).to_dicts()


def _as_table(rows: Sequence[Mapping[str, Any]]) -> dg.TableMetadataValue:
    """Rows as Dagster shows a table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    records = [dg.TableRecord({n: None if row.get(n) is None else str(row[n]) for n in names})
               for row in rows]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(
        [dg.TableColumn(n, "string") for n in names]))


# -- the landed schema -------------------------------------------------------------------------


def landed_assets(configuration: Configuration) -> dg.AssetsDefinition:
    """The schema that dbt reads: every contract table, delivered or not, and the run's context."""
    feeds = {t: [dg.AssetKey([s.name, t]) for s in configuration.sources if t in s.tables]
             for t in schemas.TABLES}
    every = [key for keys in feeds.values() for key in keys]
    specs = [dg.AssetSpec(["landed", t], deps=feeds[t], group_name="landed", kinds={"duckdb"},
                          description=table.description) for t, table in schemas.TABLES.items()]
    helpers = [*warehouse.HELPERS, "quarantine", "identity_feature", "id_register"]
    specs += [dg.AssetSpec(["landed", name], deps=every, group_name="landed", kinds={"duckdb"},
                           description=warehouse.HELPER_DESCRIPTIONS[name]) for name in helpers]
    balance = dg.AssetCheckSpec(
        "law_2_balances", asset=["landed", "balance_check"], blocking=True,
        description="Nothing is lost: per load, per mapped input and per contract table.")

    @dg.multi_asset(name="landed", specs=specs, check_specs=[balance])
    def landed(context: dg.AssetExecutionContext, config: BuildConfig) -> Iterator[Any]:
        with _step(context, configuration):
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
                passed=not rows, metadata={"differences": _as_table(rows)} if rows else {})

    return landed


def _as_date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(f"as-of date {text!r} is not a date (YYYY-MM-DD)") from None


# -- dbt ---------------------------------------------------------------------------------------


class Translator(DagsterDbtTranslator):
    """Names dbt's nodes as assets: sources are the landed tables, marts stand by their own name."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """`landed/TABLE` for a source, `LAYER/MODEL` for a model."""
        name = dbt_resource_props["name"]
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey(["landed", name])
        return dg.AssetKey([_layer(dbt_resource_props), name])

    def get_asset_check_spec(self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any],
                             unique_id: str, project: Any) -> dg.AssetCheckSpec | None:
        """Tests of marts are asset checks, and so are claims across models.

        A test of an inner model blocks as surely, and its failure is shown the same way; but an
        event for each that passes, four hundred a run, cost Dagster more than the build.
        """
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec if asset_spec.key.path[0] == "marts" else None

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer a model stands in."""
        return _layer(dbt_resource_props)


def _layer(props: Mapping[str, Any]) -> str:
    fqn = props.get("fqn") or []
    return fqn[1] if len(fqn) > 1 and fqn[1] in LAYERS else "dbt"


def dbt_build(configuration: Configuration) -> dg.AssetsDefinition:
    """One `dbt build` of every model and data test."""
    manifest = dbt_project.manifest()
    translator = Translator()

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="dbt",
                exclude="resource_type:unit_test")
    def build(context: dg.AssetExecutionContext) -> Iterator[Any]:
        if context.is_subset:
            raise dg.Failure("The marts rebuild together, so that no publication is of mixed "
                             "builds: materialise all of dbt, or run the job customer360.",
                             allow_retries=False)
        with _step(context, configuration):
            target = target_folder(configuration)
            (target / "run_results.json").unlink(missing_ok=True)
            dbt = dbt_project.Build(target)
            failed = []
            for result in dbt:
                for event in result.to_default_asset_events(
                        manifest=manifest, dagster_dbt_translator=translator, context=context,
                        target_path=target):
                    _reach_layer(event)
                    if isinstance(event, dg.AssetCheckResult) and not event.passed:
                        failed.append(event)
                    elif not isinstance(event, dg.AssetObservation):
                        yield event
            # The rows that a test found can be read once dbt has closed its files.
            relations = warehouse.failure_relations(manifest)
            for event in failed:
                yield _with_rows(configuration, event, relations)
            if dbt.problem is not None:
                context.log.error(f"dbt: {dbt.problem}")
            warehouse.audit(manifest, target)

    return build


def target_folder(configuration: Configuration) -> Path:
    """Where dbt leaves its run results and its log for this data folder."""
    return configuration.store.build / "target"


def _reach_layer(event: Any) -> None:
    key = getattr(event, "asset_key", None)
    output = str(getattr(event, "output_name", ""))
    layer = key.path[0] if key is not None else output.split("__")[0]
    if layer in LAYERS:
        faults.reach(f"dbt.{layer}")


def _with_rows(configuration: Configuration, event: dg.AssetCheckResult,
               relations: Mapping[str, str]) -> dg.AssetCheckResult:
    """A failed dbt test with the first rows it found."""
    relation = relations.get(event.check_name or "")
    rows = warehouse.failed_rows(configuration.store, relation, SAMPLE_ROWS) if relation else []
    return event._replace(metadata={**event.metadata, "failed rows": _as_table(rows)})


# -- publication -------------------------------------------------------------------------------


def publication_asset(configuration: Configuration,
                      marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The published version: audited, sealed, swapped in whole."""
    key = dg.AssetKey(["publication"])

    @dg.multi_asset(
        name="publication",
        specs=[dg.AssetSpec(key, deps=marts, group_name="publication", kinds={"duckdb", "parquet"},
                            description="The mart that readers see: one immutable DuckDB file and "
                                        "a Parquet folder, swapped in atomically.")],
        check_specs=[dg.AssetCheckSpec(
            "fit_to_publish", asset=key,
            description="Every expected check ran and every blocking one passed; warns where a "
                        "warning is published.")])
    def publish(context: dg.AssetExecutionContext) -> Iterator[Any]:
        with _step(context, configuration):
            done = building.publish_build(
                configuration, run_id=context.run_id, target=target_folder(configuration),
                manifest=dbt_project.manifest())
        warnings = done.manifest["warnings"]
        counts = done.manifest["row_counts"]
        yield dg.MaterializeResult(key, metadata={
            "publication": done.id, "as-of date": done.manifest["as_of_date"],
            "database": dg.MetadataValue.path(str(done.database)),
            "customers": counts.get("customer_360", 0),
            "row counts": dg.MetadataValue.json(counts),
            "warnings": dg.MetadataValue.json(warnings)})
        yield dg.AssetCheckResult(
            asset_key=key, check_name="fit_to_publish", passed=not warnings,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"warnings": dg.MetadataValue.json(warnings)})

    return publish
