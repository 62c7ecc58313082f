"""Everything that a run imports on its way, imported; dbt's manifest read.

Imported by the fork server with CUSTOMER360_CONFIG set, since the definitions are of one company.
"""

import json
import sys

import dagster as dg
import dbt.adapters.duckdb.impl
import dbt.cli.main
import dbt.task.build
import google.protobuf.json_format
import polars
import pyarrow.parquet

import dagster_project.definitions
from dagster_project import cli, dbt_project, runs, settings

__all__ = ["cli", "dagster_project", "dbt", "google", "polars", "pyarrow", "runs"]

dbt_project.ensure_manifest()
dbt_project._parsed_manifest()


def history() -> None:
    """Print the status of every run in Dagster's history, oldest first. `CONFIGURATION`."""
    from pathlib import Path

    runs.prepare_instance(settings.load(Path(sys.argv[1])))
    with dg.DagsterInstance.get() as instance:
        records = sorted(instance.get_run_records(), key=lambda record: record.storage_id)
        print(json.dumps([record.dagster_run.status.value for record in records]))
