"""A person who asks for it is forgotten everywhere, and everything else stays as it was."""

import sqlite3
from decimal import Decimal

import duckdb
import person as case
import pytest
from hunting import holding
from scene import LEDGER, Scene, query

from dagster_project import custody, integrity, landing, publication
from dagster_project.erasure import erasing, erasures, forgetting, rewriting, run_history
from dagster_project.erasure.erasures import Person
from dagster_project.errors import ConfigurationError, PublicationError
from dagster_project.store import digest_tree

TEXTS = ("quellmüller", "quellmueller", "likes, tea")


def left(scene: Scene) -> list[str]:
    """Files of the data folder in which the person still stands."""
    return [name for name in holding(case.data(scene), *TEXTS)
            # Another customer's contact may bear the same name: it is not theirs.
            if not name.startswith(("publications", "as_of"))] + [
        f"{version.id}.{mart}" for version in publication.every(scene.configuration.store)
        for mart in rows_of(version, case.EMAIL)]


def rows_of(version, text: str) -> list[str]:
    with duckdb.connect(str(version.database), read_only=True) as con:
        return [mart for mart in rewriting.marts(con) if con.execute(
            f"select count(*) from {mart} m where contains(lower(m::varchar), '{text}')"
        ).fetchall()[0][0]]


def broken(scene: Scene) -> list[integrity.Finding]:
    return [f for f in integrity.check(scene.configuration.store) if f.broken]


def contacts(scene: Scene) -> list[dict]:
    result = scene.land()
    return [{k: row[k] for k in ("contact_id", "company_id", "first_name", "last_name", "email")}
            for row in scene.accepted(result, "crm_contact")]


# -- what goes ---------------------------------------------------------------------------------


def test_the_person_stands_in_all_of_these_places_before(crm):
    """The hunt itself can fail: whatever the person is packed in, it is found."""
    kinds = {name.split("/")[0] for name in holding(case.data(crm), *TEXTS)}
    assert kinds == {"landing", "parsed", "accepted", "publications", "as_of", "build", "dagster",
                     "deliveries"}


def test_nothing_of_the_person_is_left_under_the_data_folder(erased):
    assert left(erased) == []
    assert broken(erased) == []


def test_the_next_landing_keeps_the_row_and_its_key_without_the_person(erased):
    assert contacts(erased) == [
        {"contact_id": "P1", "company_id": "C1", "first_name": None, "last_name": None,
         "email": None},
        {"contact_id": "P2", "company_id": "C1", "first_name": "Zora", "last_name": "Birkner",
         "email": "z.birkner@ash.example"}]
    assert left(erased) == []


def test_what_was_said_to_the_person_goes_and_what_was_said_to_others_stays(erased):
    result = erased.land()
    assert erased.values(result, "crm_activity", "activity_id", "subject") == [
        ("A1", "erased"), ("A2", "Birkner asked for a price")]


def test_the_balance_is_the_same_with_them_and_without(crm):
    def counts():
        tables = crm.land().tables
        return {t: (c.mapped, c.accepted, c.quarantined, c.identical) for t, c in tables.items()}

    before = counts()
    assert before["crm_contact"] == (3, 2, 1, 0)
    case.erase(crm)
    assert counts() == before


def test_rows_of_the_person_in_quarantine_lose_what_was_delivered(erased):
    row = next(r for r in erased.quarantined(erased.land()) if r["table_name"] == "crm_contact")
    assert "yesterday" in row["raw_row"]
    assert not any(text in row["raw_row"].lower() for text in TEXTS)


def test_a_version_loses_the_person_and_nothing_else(crm):
    store = crm.configuration.store
    before = [cells(v) for v in publication.every(store)]
    case.erase(crm)
    changed = [{(name, row, column): (old, now[name][row][column])
                for name, rows in then.items() for row, cells_ in enumerate(rows)
                for column, old in cells_.items() if now[name][row][column] != old}
               for then, now in zip(before, map(cells, publication.every(store)), strict=True)]
    assert changed == [{
        ("customer_360", 0, "accounts_contact_name"): (case.NAME, "erased"),
        ("customer_360", 0, "accounts_contact_email"): (case.EMAIL.upper(), "erased"),
        ("exceptions", 0, "what"): (f"order 7 of Ash: {case.NAME} has not answered",
                                    "order 7 of Ash: erased has not answered")}] * 3


def cells(version) -> dict[str, list[dict]]:
    """Every cell of a version, from its database; the Parquet files say the same."""
    with duckdb.connect(str(version.database), read_only=True) as con:
        names = rewriting.marts(con)
        found = {n: [dict(zip([c[0] for c in con.execute(f"from {n}").description], row,
                              strict=True)) for row in con.execute(f"from {n}").fetchall()]
                 for n in names}
    for name in names:
        assert found[name] == query(
            f"from read_parquet('{version.folder / 'parquet' / name}.parquet')")
    return found


def test_a_version_keeps_its_id_its_totals_and_its_constraints_and_says_what_was_done(crm):
    store = crm.configuration.store
    before = publication.current(store)
    case.erase(crm)
    after = publication.current(store)
    assert after.id == before.id
    assert after.manifest["control_totals"] == before.manifest["control_totals"]
    assert [e["person"] for e in after.manifest["erased"]] == [case.PERSON.digest]
    with duckdb.connect(str(after.database), read_only=True) as con:
        assert con.execute("select count(*) from duckdb_constraints() where table_name = "
                           "'customer_360'").fetchall()[0][0] > 0
    assert oct(after.database.stat().st_mode)[-3:] == "444"


def test_the_run_history_keeps_its_events_without_them(erased):
    (history,) = run_history.databases(erased.configuration.store)
    with sqlite3.connect(history) as con:
        events = [row[0] for row in con.execute("select event from event_logs order by id")]
    con.close()
    assert events == ['{"rows": [["P1", "erased", "erased"]]}', '{"rows": []}']


def test_the_record_names_nobody(erased):
    text = (erased.configuration.store.decisions / "erase.jsonl").read_text()
    assert [line["event"] for line in erasures.recorded(erased.configuration.store)] == [
        "asked", "done"]
    assert "P1" not in text
    assert not any(word in text.lower() for word in TEXTS)


# -- again ---------------------------------------------------------------------------------------


def test_erasing_twice_changes_nothing(erased):
    before = digest_tree(case.data(erased), "*")
    assert case.erase(erased) == {}
    assert digest_tree(case.data(erased), "*") == before


def test_the_same_file_delivered_again_brings_nobody_back(erased):
    loads = [load.load_id for load in landing.landed(
        erased.configuration.store, "crm", "contacts")]
    assert erased.land().new_loads == ()
    assert [load.load_id for load in landing.landed(
        erased.configuration.store, "crm", "contacts")] == loads
    assert left(erased) == []


def test_a_newer_file_that_still_holds_them_is_erased_as_it_lands(erased):
    erased.write("contacts_2026-07-31.csv", (case.JUNE.replace("likes", "hates")
                 + "P3,C1,Uwe,Ahorn,uwe@ash.example,,2026-01-01 00:00:00\n").encode("cp1252"))
    assert [row["email"] for row in contacts(erased)] == [
        None, "z.birkner@ash.example", "uwe@ash.example"]
    assert left(erased) == []
    assert broken(erased) == []


def test_a_record_that_cannot_be_read_goes_if_it_names_the_person(erased):
    erased.write("contacts_2026-07-31.csv", (
        case.MAY + f"P1,C1,Zora,Quellmüller,{case.EMAIL}\n").encode("cp1252"))
    result = erased.land()
    assert result.tables["crm_contact"].accepted == 2
    assert [r["raw_row"] for r in erased.quarantined(result) if r["stage"] == "read"] == ["erased"]
    assert left(erased) == []


@pytest.mark.parametrize(("room", "step", "lands_first"), [
    (rewriting, "rewrite", False), (rewriting, "_write", True), (run_history, "scrub", True),
    (forgetting, "forget", False), (landing, "save", True), (forgetting, "sweep_blobs", False),
    (erasures, "done", True)])
def test_an_erasure_that_is_killed_is_finished_by_doing_it_again(
        crm, monkeypatch, room, step, lands_first):
    """The tempting mistake: a run in between forgets what the rest is to be recognised by."""
    with monkeypatch.context() as patched:
        patched.setattr(room, step, killed(getattr(room, step), after=step in ("rewrite", "save")))
        with pytest.raises(KeyboardInterrupt):
            case.erase(crm)
    if lands_first:
        crm.land()
    case.erase(crm)
    assert left(crm) == []
    assert broken(crm) == []
    assert [row["email"] for row in contacts(crm)] == [None, "z.birkner@ash.example"]


def killed(function, *, after: bool):
    """The function, killed at its first call, or at its second."""
    calls = []

    def call(*arguments, **named):
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return function(*arguments, **named)

    return call


def test_a_version_caught_between_its_old_files_and_its_new_ones_is_finished(crm, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(publication, "fsync", killed(publication.fsync, after=False))
        with pytest.raises(KeyboardInterrupt):
            case.erase(crm)
    assert broken(crm) != []
    publication.recover(crm.configuration.store)
    assert broken(crm) == []
    case.erase(crm)
    assert left(crm) == []


# -- accounts ------------------------------------------------------------------------------------


ACCOUNTS = {**LEDGER, "extracts": {"customers": {"files": "customers_*"}}, "tables": {
    "erp_entity": LEDGER["tables"]["erp_entity"],
    "erp_account": {"from": "customers", "columns": {
        **LEDGER["tables"]["erp_account"]["columns"], "name": {"sql": "trim(Name)"},
        "legal_name": "Name", "city": "Town", "payment_terms_code": "Terms"},
        "custom": {"nickname": "Nick"}},
    "erp_credit_profile": {"from": "customers", "columns": {
        "account_id": "No", "valid_from": {"constant": "2026-01-01"}, "credit_limit": "Limit",
        "limit_currency": {"constant": "EUR"}, "on_hold": {"constant": "false"},
        "bypass": {"constant": "false"}, "hold_reason": "Why"}}}}
CUSTOMERS = ("No,Name,Town,Terms,Limit,Nick,Why,Extra\n"
             "7,Zora Quellmüller,Kassel,N30,1200.50,Q,owes to Zora,secret\n"
             "8,Birch Ltd,Kassel,N30,10,B,late,x\n")


def test_an_account_keeps_its_key_its_terms_and_its_amounts(scene):
    scene.configure(ACCOUNTS, name="ledger")
    scene.write("customers_2026-06-30.csv", CUSTOMERS)
    before = scene.land().tables["erp_credit_profile"].amounts
    case.erase(scene, Person("ledger", "erp_account", "7"))
    result = scene.land()
    columns = ("account_id", "name", "legal_name", "city", "payment_terms_code", "custom_fields")
    assert scene.values(result, "erp_account", *columns) == [
        ("7", "erased", "erased", None, "N30", '{"nickname":null}'),
        ("8", "Birch Ltd", "Birch Ltd", "Kassel", "N30", '{"nickname":"B"}')]
    assert scene.values(result, "erp_credit_profile", "credit_limit", "hold_reason") == [
        (Decimal("1200.5"), None), (Decimal(10), "late")]
    assert result.tables["erp_credit_profile"].amounts == before
    assert holding(case.data(scene), "quellm", "secret", "owes to") == []


def test_a_cell_that_is_a_key_stays_though_it_names_the_person(scene):
    scene.configure(ACCOUNTS, tables={**ACCOUNTS["tables"], "erp_account": {
        "from": "customers", "columns": {**ACCOUNTS["tables"]["erp_account"]["columns"],
                                         "account_id": "No", "account_code": "Name"}}})
    scene.write("customers_2026-06-30.csv", CUSTOMERS)
    case.erase(scene, Person("ledger", "erp_account", "7"))
    assert scene.values(scene.land(), "erp_account", "account_id", "name") == [
        ("7", "erased"), ("8", "Birch Ltd")]


# -- what is said --------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_go_and_changes_nothing(crm, capsys):
    before = digest_tree(case.data(crm), "*")
    custody.erase(crm.root / "customer360.yaml", "crm", "crm_contact", "P1", dry_run=True)
    assert digest_tree(case.data(crm), "*") == before
    shown = capsys.readouterr().out
    plan = erasing.plan(crm.configuration, case.PERSON)
    assert {(p.kind, p.where.split(",")[0]): p.rows for p in plan.places} == {
        ("landed", "crm.calls"): 1, ("landed", "crm.contacts"): 2,
        ("accepted", "crm.crm_activity"): 1, ("accepted", "crm.crm_contact"): 1,
        ("quarantine", "crm.crm_contact"): 1, ("version", "00001_2026-06-30"): 1,
        ("version", "00002_2026-06-30"): 1, ("version", "00003_2026-03-31"): 1,
        ("run history", "events in Dagster's storage"): 1,
        ("letters", "deliveries/letters/00002_2026-06-30"): 1,
        ("letters", "deliveries/letters/copy.csv"): 1}
    assert f"still lies in {crm.folder / 'contacts_2026-06-30.csv'}" in shown


def test_after_it_the_files_that_still_lie_at_the_source_are_named(crm, capsys):
    custody.erase(crm.root / "customer360.yaml", "crm", "crm_contact", "P1", why="asked", yes=True)
    shown = capsys.readouterr().out
    assert "Erased: " in shown
    assert f"still lies in {crm.folder / 'calls_2026-06-30.csv'}" in shown


def test_by_their_address_persons_are_found_with_their_keys(crm):
    found = erasing.seen(crm.configuration, "Z.BIRKNER@ash")
    assert {(s.extract, s.column, s.person and s.person.key) for s in found} == {
        ("contacts", "Mail", "P2")}
    assert len(found) == 2


def test_a_table_without_persons_is_refused(crm):
    with pytest.raises(ConfigurationError, match="no persons in 'crm_quote'"):
        erasing.check(crm.configuration, Person("crm", "crm_quote", "1"))


def test_a_reason_is_asked_for(crm):
    with pytest.raises(ConfigurationError, match="--why"):
        custody.erase(crm.root / "customer360.yaml", "crm", "crm_contact", "P1", yes=True)


def test_a_damaged_version_is_not_passed_over(crm):
    manifest = publication.kept(crm.configuration.store)[1].folder / publication.MANIFEST
    manifest.chmod(0o644)
    manifest.write_text("{}")
    with pytest.raises(PublicationError, match="00001_2026-06-30"):
        case.erase(crm)


def test_a_mapping_that_hides_where_a_row_is_from_is_refused_before_anything_is_changed(scene):
    hidden = {**case.CONTACTS, "prepare": {"people": "select ContactNo, Company, First, Last, "
                                                     "Mail, Since from contacts"}}
    hidden["tables"] = {**hidden["tables"], "crm_contact": {
        **hidden["tables"]["crm_contact"], "from": "people"}}
    scene.configure(hidden)
    scene.write("companies_2026-05-31.csv", "company_id,name\nC1,Ash\n")
    scene.write("contacts_2026-06-30.csv", case.JUNE.encode("cp1252"))
    scene.write("calls_2026-06-30.csv", case.CALLS)
    scene.land()
    with pytest.raises(ConfigurationError, match="people does not say which record"):
        erasing.plan(scene.configuration, case.PERSON)


@pytest.mark.parametrize("delivered", [
    ("contacts_2026-06-30.jsonl", '{"ContactNo": "P1", "Company": "C1", "First": "Zora", "Last": '
     '"Quellmüller", "Mail": "x@ash.example", "Since": "2026-01-01 00:00:00", "more": {"a": 1}}\n'),
    ("contacts_2026-06-30.csv", 'ContactNo,Company,First,Last,Mail,Since\n'
     'P1,C1,"Zora\nQuellmüller",Quellmüller,x@ash.example,2026-01-01 00:00:00\n')])
def test_a_file_of_any_format_loses_the_person(scene, delivered):
    name, content = delivered
    source = {**case.CONTACTS, "extracts": {**case.CONTACTS["extracts"], "contacts": {
        "files": "contacts_*", "format": "json" if "json" in name else "csv"}}}
    scene.configure(source)
    scene.write("companies_2026-05-31.csv", "company_id,name\nC1,Ash\n")
    scene.write("calls_2026-06-30.csv", case.CALLS)
    scene.write(name, content)
    assert scene.values(scene.land(), "crm_contact", "last_name") == ["Quellmüller"]
    case.erase(scene)
    assert scene.values(scene.land(), "crm_contact", "contact_id", "last_name") == [("P1", None)]
    assert holding(case.data(scene), *TEXTS, "x@ash") == []
    assert broken(scene) == []


def test_a_file_that_two_extracts_read_is_kept_by_neither_of_them(scene):
    files = {"files": "contacts_*", "format": "json"}
    scene.configure({**case.CONTACTS, "extracts": {
        **case.CONTACTS["extracts"], "contacts": files, "calls": {**files, "explode": "calls"}},
        "tables": {**case.CONTACTS["tables"], "crm_activity": {"from": "calls", "columns": {
            "activity_id": "calls.id", "subject": "calls.about", "type": {"constant": "call"},
            "at": {"constant": "2026-05-01 00:00:00"}}}}})
    scene.write("companies_2026-05-31.csv", "company_id,name\nC1,Ash\n")
    scene.write("contacts_2026-06-30.jsonl", "".join(
        f'{{"ContactNo": "P{n}", "Company": "C1", "First": "{first}", "Last": "{last}", "Mail": '
        f'"{last}@ash.example", "Since": "2026-01-01 00:00:00", "calls": [{{"id": "A{n}", '
        f'"about": "a price"}}]}}\n' for n, first, last in (
            (1, "Zora", "Quellmüller"), (2, "Uwe", "Ahorn"))))
    before = scene.values(scene.land(), "crm_activity", "activity_id", "subject")
    assert before == [("A1", "a price"), ("A2", "a price")]
    case.erase(scene)
    result = scene.land()
    assert scene.values(result, "crm_activity", "activity_id", "subject") == before
    assert scene.values(result, "crm_contact", "last_name") == [None, "Ahorn"]
    assert holding(case.data(scene), *TEXTS) == []
