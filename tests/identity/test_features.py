"""One row of features for each record, in one file for each accepted file."""

from pathlib import Path

import duckdb
from firms import accepted, account, company, features

from dagster_project import identity
from dagster_project.store import Store


def test_features_are_made_once_and_another_source_keeps_its_own(tmp_path: Path) -> None:
    store = Store(tmp_path)
    companies = accepted(store, "crm_company", [
        company("C1", name="Adler GmbH", vat_number="DE136695976"), company("C2", name="Busch")])
    one = accepted(store, "erp_account", [
        account("A1", name="Adler", vat_number="136695976", registration_number="HRB 1")])
    files = identity.write_features(store, {"crm_company": [companies], "erp_account": [one]})
    with duckdb.connect() as con:
        assert con.execute(
            "select side, record_id, vat_id, vat_status, registration_status from "
            "read_parquet($1) order by all", [[str(f) for f in files]]).fetchall() == [
            ("account", "A1", "DE136695976", "valid", "unverifiable"),
            ("company", "C1", "DE136695976", "valid", "absent"),
            ("company", "C2", None, "absent", "absent")]
    made = [f.stat().st_mtime_ns for f in files]
    assert identity.write_features(
        store, {"crm_company": [companies], "erp_account": [one]}) == files
    assert [f.stat().st_mtime_ns for f in files] == made
    other = accepted(store, "erp_account", [account("A1", name="Adler")], load="2")
    changed = identity.write_features(store, {"crm_company": [companies], "erp_account": [other]})
    assert len(set(changed) & set(files)) == 1


def test_a_companys_mailboxes_are_its_contacts_too(tmp_path: Path) -> None:
    files = features(Store(tmp_path), crm_company=[company("C1", name="Adler",
                                                           email="info@adler.de")],
                     crm_contact=[{"source": "crm", "company_id": "C1", "email": "b@adler.de"},
                                  {"source": "crm", "company_id": "C1", "email": "a@gmail.com"},
                                  {"source": "crm", "company_id": None, "email": "z@adler.de"}])
    with duckdb.connect() as con:
        assert con.execute(f"select emails, domains from read_parquet('{files[0]}')"
                           ).fetchall() == [("a@gmail.com;b@adler.de;info@adler.de", "adler.de")]


def test_without_companies_and_accounts_there_are_no_features(tmp_path: Path) -> None:
    assert identity.write_features(Store(tmp_path), {}) == []
    assert identity.write_pairs(Store(tmp_path), []) == []
