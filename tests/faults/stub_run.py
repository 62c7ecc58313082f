"""A whole run of the rooms, with plain copies of the landed tables in the place of dbt's marts.

Everything that touches the disk is the product's own, in the order in which the product does it;
only the business rules are left out, so that a run takes a second and every fault point can be
visited. The real build is run by the tests of whole runs.
"""

import sys
import uuid
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
from fault_company import ROLES

from dagster_project import (
    building,
    faults,
    fingerprints,
    pipeline,
    publication,
    settings,
    warehouse,
)
from dagster_project.errors import Customer360Error
from dagster_project.store import run_lock, write_json

TABLES = ("erp_entity", *(table for tables in ROLES.values() for table in tables))
MARTS = (*TABLES, "load_info", "balance_check", "quarantine")
MANIFEST = {"nodes": {"model.customer360.copies": {"resource_type": "model"}}}


def main() -> None:
    """`CONFIGURATION [--as-of DATE] [--force]`, ending as the command line ends."""
    arguments = sys.argv[1:]
    day = date.fromisoformat(arguments[2]) if "--as-of" in arguments else None
    fault = settings.armed_fault()
    if fault:
        faults.arm(*fault)
    try:
        print(run(settings.load(Path(arguments[0])), day, force="--force" in arguments))
    except Customer360Error as problem:
        print(problem)
        sys.exit(problem.exit_code)
    except (OSError, RuntimeError, duckdb.Error) as problem:
        print(problem)
        sys.exit(1)


def rollback() -> None:
    """Point readers at the version before. `CONFIGURATION`."""
    store = settings.load(Path(sys.argv[1])).store
    with run_lock(store, "a rollback of the test"):
        publication.recover(store)
        print(publication.rollback(store).id)


def run(configuration: settings.Configuration, as_of: date | None = None, *,
        force: bool = False) -> str:
    """Run; the id of the version that was published, or that nothing changed since."""
    store = configuration.store
    with run_lock(store, "a run of the test"):
        publication.recover(store)
        inputs = fingerprints.inputs_digest(configuration, as_of)
        done = None if force else publication.unchanged(store, inputs, as_of)
        if done is not None:
            return f"unchanged {done.id}"
        for source in configuration.sources:
            pipeline.land_source(configuration, source)
        run_id = str(uuid.uuid4())
        building.prepare_build(configuration, run_id=run_id, as_of=as_of, force=force,
                               inputs=inputs)
        target = store.build / "target"
        _copy_marts(configuration, target)
        return building.publish_build(configuration, run_id=run_id, target=target,
                                      manifest=MANIFEST).id


def _copy_marts(configuration: settings.Configuration, target: Path) -> None:
    store = configuration.store
    target.mkdir(exist_ok=True)
    (target / "run_results.json").unlink(missing_ok=True)
    with closing(duckdb.connect(str(warehouse.private_file(store)))) as con:
        faults.reach("dbt.staging")
        con.execute("create schema intermediate")
        con.execute(
            "create table intermediate.int_id_register_next as select m as member_key, "
            "'C' || upper(substr(md5(m), 1, 12)) as customer_id, m as founder_key, "
            "m as company_key, 'seen' as cause, 'rule' as decided_by from "
            "(select 'company:' || source || '/' || company_id as m from landed.crm_company) "
            "where m not in (select member_key from landed.id_register)")
        faults.reach("dbt.intermediate")
        con.execute(f"attach '{warehouse.mart_file(store)}' as mart (storage_version 'v1.2.0')")
        for table in MARTS:
            con.execute(f"create table mart.{table} as select * from landed.{table} order by all")
        con.execute("create table mart.mart_info as select *, cast(null as varchar) as row_counts,"
                    " cast(null as varchar) as control_totals from landed.run_context")
        con.execute("create table mart.data_quality (kind varchar, source varchar, table_name "
                    "varchar, check_name varchar, severity varchar, failed bigint, status "
                    "varchar, detail varchar)")
        faults.reach("dbt.marts")
    write_json(target / "run_results.json", {"results": [
        {"unique_id": name, "status": "success"} for name in MANIFEST["nodes"]]})
