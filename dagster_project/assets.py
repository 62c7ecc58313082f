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
    pictures,
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
        with _step(context, configuration):
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


def owners(named: str | None) -> list[str]:
    """An owner as Dagster takes them."""
    return [named] if named else []


def _delivery(key: dg.AssetKey, result: pipeline.SourceResult) -> dg.MaterializeResult[Any]:
    shown = ("extract", "load_id", "load_date", "mode", "status", "file_name", "records_read",
             "rows_unreadable")
    columns = list(warehouse.HELPERS["load_info"])
    loads = [dict(zip(columns, row, strict=True)) for row in result.loads]
    new = [{name: load[name] for name in shown} for load in loads
           if load["load_id"] in result.new_loads]
    return dg.MaterializeResult(key, metadata={
        "loads": _as_table(new), "dagster/row_count": sum(int(n["records_read"]) for n in new),
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
    helpers = [*warehouse.HELPERS, "quarantine", "identity_feature", "id_register"]
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

    def __init__(self, condition: dg.AutomationCondition[Any]) -> None:
        """`condition`: when a model is built without being asked for."""
        super().__init__()
        self._condition = condition

    def get_automation_condition(
            self, dbt_resource_props: Mapping[str, Any]) -> dg.AutomationCondition[Any]:
        """Every model is built with the others."""
        return self._condition

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str,
                       project: Any) -> dg.AssetSpec:
        """A model of constants hangs on the run itself, so that it is built with the others."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        return spec if spec.deps else spec.replace_attributes(
            deps=[dg.AssetKey(["landed", "run_context"])])

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


def dbt_build(configuration: Configuration,
              condition: dg.AutomationCondition[Any]) -> dg.AssetsDefinition:
    """One `dbt build` of every model and data test."""
    manifest = dbt_project.manifest()
    translator = Translator(condition)

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
            failed: list[dg.AssetCheckResult] = []
            held: list[Any] = []
            for result in dbt:
                for event in result.to_default_asset_events(
                        manifest=manifest, dagster_dbt_translator=translator, context=context,
                        target_path=target):
                    _reach_layer(event)
                    if isinstance(event, dg.AssetCheckResult) and not event.passed:
                        failed.append(event)
                    elif isinstance(event, dg.AssetObservation):
                        continue
                    elif held or _mart(event):
                        held.append(event)
                    else:
                        yield event
            # Once dbt has closed its files, marts can be counted and rows that a test found read.
            # Outputs go in the order of the lineage: what comes after a mart waits with it.
            counts = warehouse.mart_row_counts(configuration.store)
            for event in held:
                yield (event.with_metadata({**event.metadata,
                                            "dagster/row_count": counts[_mart(event)]})
                       if _mart(event) else event)
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


def _mart(event: Any) -> str:
    """The mart whose materialisation an event is, empty for any other."""
    is_mart = isinstance(event, dg.Output) and event.output_name.startswith("marts__")
    return event.output_name.removeprefix("marts__") if is_mart else ""


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
        with _step(context, configuration):
            done = building.publish_build(
                configuration, run_id=context.run_id, target=target_folder(configuration),
                manifest=dbt_project.manifest())
        warnings = done.manifest["warnings"]
        counts = done.manifest["row_counts"]
        ages = [{name: source[name] for name in ("source", "reach", "lag_days", "load_date")}
                for source in done.manifest["sources"]]
        yield dg.MaterializeResult(key, metadata={
            "publication": done.id, "as-of date": done.manifest["as_of_date"],
            "database": dg.MetadataValue.path(str(done.database)),
            "customers": counts["customer_360"], **_ageing(done),
            "how old each source is": _as_table(ages),
            "rows": _as_table([{"mart": m, "rows": n} for m, n in counts.items()]),
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
        *amounts, overdue, outstanding, currency = con.execute(
            f"select {sums}, coalesce(sum(overdue_reporting), 0), "
            "coalesce(sum(outstanding_reporting), 0), any_value(reporting_currency) "
            "from ar_ageing_by_customer").fetchall()[0]
    picture = pictures.bars(f"Receivables by days overdue, {done.as_of_date}",
                            list(zip(buckets, amounts, strict=True)), currency or "")
    # As floats, for Dagster's own plots alone: the figures are in the marts, as decimals.
    return {"ageing": dg.MetadataValue.md(picture), "outstanding": float(outstanding),
            "overdue": float(overdue)}
