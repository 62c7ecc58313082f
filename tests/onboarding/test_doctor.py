"""The doctor finds everything that is wrong at once, and leaves nothing behind."""

from pathlib import Path
from typing import Any

import pytest
from scene import COMPANIES, LEDGER, Scene

from dagster_project import doctor, pipeline, settings
from dagster_project.doctor import Findings

CUSTOMERS = "No,Name\n1,Alpha\n2,Beta\n"


def examined(scene: Scene, **options: Any) -> Findings:
    return doctor.examine(settings.load(scene.root / "customer360.yaml", unfinished=True),
                          **options)


def one(findings: Findings) -> doctor.SourceFinding:
    (source,) = findings.sources
    return source


@pytest.fixture
def ledger(scene: Scene) -> Scene:
    scene.configure(LEDGER)
    scene.write("customers_2026-06-30.csv", CUSTOMERS)
    return scene


def test_a_source_that_is_right_is_ready_and_shows_its_first_rows(ledger: Scene) -> None:
    found = examined(ledger, rows=1)
    assert found.exit_code == 0
    extract = one(found).extracts[0]
    assert (extract.files, str(extract.newest), extract.rows, extract.columns) == (
        1, "2026-06-30", 2, 2)
    account = {t.table: t for t in one(found).tables}["erp_account"]
    assert dict(zip(account.names, account.first[0], strict=True))["name"] == "Alpha"
    assert dict(zip(account.names, account.stated, strict=True))["status"] == "constant active"
    assert (account.mapped, account.quarantined) == (2, 0)


def test_nothing_is_left_in_the_data_folder(ledger: Scene) -> None:
    before = sorted(ledger.root.rglob("*"))
    examined(ledger)
    assert sorted(ledger.root.rglob("*")) == before


def test_the_doctor_and_a_run_agree_about_the_rows(ledger: Scene) -> None:
    ledger.write("customers_2026-06-30.csv", "No,Name\n1,Alpha\n2,\n2,Beta\n3,Gamma\n")
    account = {t.table: t for t in one(examined(ledger)).tables}["erp_account"]
    landed = ledger.land().tables["erp_account"]
    assert (account.mapped, account.quarantined) == (landed.mapped, landed.quarantined) == (4, 1)
    assert account.reasons == ((1, "name: is empty (customers_2026-06-30.csv, line 3)"),)


def test_too_many_bad_rows_end_with_1(ledger: Scene) -> None:
    ledger.limits = {"max_bad_rows_pct": 10}
    ledger.configure(LEDGER)
    ledger.write("customers_2026-06-30.csv", "No,Name\n1,\n2,Beta\n")
    assert examined(ledger).exit_code == 1


def test_everything_wrong_with_the_configuration_is_said_at_once(scene: Scene) -> None:
    wrong = {"account_id": "Number", "entity_id": {"constant": "E1"}, "acount_code": "No",
             "name": {"todo": "which column?"}, "account_type": {"constant": "open_item"},
             "account_code": "No", "status": {"sql": "upper("}}
    scene.configure({**LEDGER, "tables": {**LEDGER["tables"], "erp_account": {
        "from": "customers", "columns": wrong}}})
    scene.write("customers_2026-06-30.csv", CUSTOMERS)
    found = examined(scene)
    assert found.exit_code == 2
    assert found.todos == ("sources[ledger].tables.erp_account.columns.name: which column?",)
    said = "\n".join(one(found).mapping)
    assert "the mapping expects 'Number', the header of customers has no such column" in said
    assert "'acount_code' is no column of erp_account (closest match: 'account_code')" in said
    assert "erp_account.1.status" in said


def test_a_file_that_cannot_be_read_is_no_fault_of_the_configuration(ledger: Scene) -> None:
    """Its table is mapped: that it is not would be false."""
    ledger.configure(LEDGER)
    ledger.write("customers_2026-06-30.csv", "No;Name\n1;Alpha\n")
    found = examined(ledger)
    assert one(found).mapping == ()
    assert "looks delimited by ';'" in str(one(found).extracts[0].problem)
    assert found.exit_code == 1


def test_what_is_to_do_does_not_hide_the_rest(ledger: Scene) -> None:
    columns = {**LEDGER["tables"]["erp_account"]["columns"], "name": {"todo": "which column?"}}
    ledger.configure({**LEDGER, "tables": {**LEDGER["tables"], "erp_account": {
        "from": "customers", "columns": columns}}})
    account = {t.table: t for t in one(examined(ledger)).tables}["erp_account"]
    assert account.first[0][account.names.index("account_id")] == "1"
    assert account.skipped == "not checked while name is to do"


def test_every_extract_says_what_keeps_it(scene: Scene) -> None:
    scene.configure(COMPANIES, extracts={
        "companies": {"files": "companies_*"}, "contacts": {"files": "contact-*"},
        "users": {"files": "users_*"}, "spare": {"files": "spare_*"}},
        tables={"crm_company": {"from": "companies"}, "crm_contact": {"from": "contacts"},
                "crm_user": {"from": "users"}})
    scene.write("companies_2026-06-30.csv", "company_id,name\nK1,Alpha\n")
    scene.write("contacts_2026-06-30.csv", "contact_id\nP1\n")
    scene.write("users_today.csv", "user_id,name,active\nU1,Ann,yes\n")
    found = examined(scene)
    problems = {e.name: e.problem for e in one(found).extracts}
    assert problems["companies"] is None
    assert problems["contacts"] == (
        "no file matches contact-* (there is contacts_2026-06-30.csv)")
    assert "the file name does not match load_date.file_name" in str(problems["users"])
    assert [t.table for t in one(found).tables] == ["crm_company"]
    assert one(found).stray == (("contacts_2026-06-30.csv", "no extract names it"),)
    assert found.exit_code == 1


def test_an_extract_that_feeds_nothing_stops_nothing(scene: Scene) -> None:
    scene.configure(COMPANIES, extracts={"companies": {"files": "companies_*"},
                                         "spare": {"files": "spare_*"}})
    scene.write("companies_2026-06-30.csv", "company_id,name\nK1,Alpha\n")
    assert examined(scene).exit_code == 0


def test_a_folder_that_is_not_there_is_said(scene: Scene) -> None:
    scene.configure(LEDGER, connection={"path": "nowhere"})
    found = examined(scene)
    assert found.exit_code == 1
    assert "nowhere does not exist" in str(one(found).problem)


def test_files_that_wait_for_their_manifest_are_named(scene: Scene) -> None:
    scene.configure(LEDGER, connection={"manifest": "required"})
    scene.write("customers_2026-06-30.csv", CUSTOMERS)
    assert one(examined(scene)).stray == (
        ("customers_2026-06-30.csv", "its manifest is not there yet"),)


def test_of_a_large_file_the_head_is_looked_at(ledger: Scene) -> None:
    lines = "".join(f"{n},\"{'x' * 100}\nsecond line\"\n" for n in range(12_000))
    ledger.write("customers_2026-06-30.csv", "No,Name\n" + lines)
    found = one(examined(ledger))
    assert (found.extracts[0].whole, found.extracts[0].rows) == (False, 5_000)
    assert found.tables[-1].mapped == 5_000


def test_rows_are_not_held_against_a_parent_of_which_only_the_head_was_read(
        ledger: Scene) -> None:
    ledger.configure({**LEDGER, "extracts": {"customers": {"files": "customers_*"},
                                             "notes": {"files": "promises_*"}},
                      "tables": {**LEDGER["tables"], "erp_promise": {
                          "from": "notes", "columns": {
                              "promise_id": "Id", "account_id": "CustomerNo", "amount": "Amount",
                              "promised_on": {"constant": "2026-06-01"},
                              "promise_date": {"constant": "2026-06-30"}}}}})
    ledger.write("promises_2026-06-30.csv", "Id,CustomerNo,Amount\n1,11999,5\n")
    ledger.write("customers_2026-06-30.csv", "No,Name\n" + "".join(
        f"{n},{'x' * 100}\n" for n in range(12_000)))
    promises = {t.table: t for t in one(examined(ledger)).tables}["erp_promise"]
    assert (promises.mapped, promises.quarantined) == (1, 0)


def test_a_source_can_be_looked_at_alone(ledger: Scene) -> None:
    assert [s.source for s in examined(ledger, only="ledger").sources] == ["ledger"]
    with pytest.raises(settings.ConfigurationError, match="no source 'ledgr'"):
        examined(ledger, only="ledgr")


def test_a_configuration_with_something_to_do_is_refused_by_a_run(ledger: Scene) -> None:
    columns = {**LEDGER["tables"]["erp_account"]["columns"], "name": {"todo": "which column?"}}
    ledger.configure({**LEDGER, "tables": {**LEDGER["tables"], "erp_account": {
        "from": "customers", "columns": columns}}})
    with pytest.raises(settings.ConfigurationError, match="1 entries are still to do"):
        pipeline.land_source(ledger.configuration, ledger.configuration.sources[0])


def test_the_demo_is_ready(tmp_path: Path) -> None:
    found = doctor.examine(settings.load(settings.DEMO_CONFIGURATION), only="steward")
    assert found.exit_code == 0
