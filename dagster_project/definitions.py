"""What Dagster loads: the whole assembly on one screen.

The configuration file is named by CUSTOMER360_CONFIG (default: the demo company's).
"""

import dagster as dg

import schemas  # noqa: F401  (Dagster alters the import path while it loads this module)

from . import assets, automation, dbt_assets
from .settings import configuration_path, export_for_children, load

configuration = load(configuration_path(None))
export_for_children(configuration)

sources = [assets.source_assets(configuration, s, automation.freshness(configuration, s))
           for s in configuration.sources]
landed = assets.landed_assets(
    configuration, automation.SOURCE_CHANGED, automation.BUILT_TOGETHER)
dbt = dbt_assets.dbt_build(configuration, automation.BUILT_TOGETHER)
published = assets.publication_asset(
    configuration, [key for key in dbt.keys if key.path[0] == "marts"],
    automation.BUILT_TOGETHER)

job = dg.define_asset_job(
    "customer360", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor,
    tags=automation.RETRY_WHOLE,
    description="Pull, land, check, build, audit and publish the mart of the whole customer.")

land_jobs = automation.land_jobs(configuration)

defs = dg.Definitions(
    assets=[*sources, landed, dbt, published],
    jobs=[job, *land_jobs],
    schedules=automation.schedules(configuration),
    sensors=[automation.new_deliveries(configuration, land_jobs), automation.end_orphaned_runs,
             automation.build_and_publish([*landed.keys, *dbt.keys, *published.keys])],
    executor=dg.in_process_executor,
)
