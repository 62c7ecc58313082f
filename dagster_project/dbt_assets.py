"""The dbt build as assets and asset checks: one step builds every model and runs every data test.

Not here: the build itself (dbt_project), what is audited of it (warehouse).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt import dbt_assets as assets_of_dbt
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from . import column_lineage, dbt_project, faults, orphans, warehouse
from .settings import Configuration
from .steps import SAMPLE_ROWS, as_table, step

LAYERS = ("staging", "intermediate", "marts")


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

    @assets_of_dbt(manifest=manifest, dagster_dbt_translator=translator, name="dbt",
                exclude="resource_type:unit_test")
    def build(context: dg.AssetExecutionContext) -> Iterator[Any]:
        if context.is_subset:
            raise dg.Failure("The marts rebuild together, so that no publication is of mixed "
                             "builds: materialise all of dbt, or run the job customer360.",
                             allow_retries=False)
        with step(context, configuration):
            target = dbt_project.target_folder(configuration.store)
            (target / "run_results.json").unlink(missing_ok=True)
            dbt = dbt_project.Build(target)
            failed: list[dg.AssetCheckResult] = []
            held: list[Any] = []
            results = []
            for result in dbt:
                if _is_mart(manifest, result):
                    results.append(result)
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
            if (column_lineage.kept() is None and dbt.success
                    and orphans.STARTED_BY_TAG not in context.run.tags):
                # Nobody waits for it at the command line.
                column_lineage.read(manifest, translator, target, results,
                                    warehouse.built_columns(configuration.store))
            lineage = column_lineage.kept() or {}
            for event in held:
                if mart := _mart(event):
                    described = context.assets_def.metadata_by_key[dg.AssetKey(["marts", mart])]
                    event = event.with_metadata({
                        **event.metadata, "dagster/row_count": counts[mart],
                        **column_lineage.shown(lineage.get(mart), described)})
                yield event
            queries = warehouse.failure_queries(manifest, target) if failed else {}
            for event in failed:
                yield _with_rows(configuration, event, queries)
            if dbt.problem is not None:
                context.log.error(f"dbt: {dbt.problem}")
            warehouse.audit(manifest, target)

    return build


def _is_mart(manifest: Mapping[str, Any], result: DbtCoreCliEventMessage) -> bool:
    node = manifest["nodes"][result.raw_event["data"]["node_info"]["unique_id"]]
    return bool(node["resource_type"] == "model" and _layer(node) == "marts")


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
               queries: Mapping[str, str]) -> dg.AssetCheckResult:
    """A failed dbt test with the first rows it found."""
    sql = queries.get(event.check_name or "")
    rows = warehouse.found_rows(configuration.store, sql, SAMPLE_ROWS) if sql else []
    return event._replace(metadata={**event.metadata, "failed rows": as_table(rows)})
