"""What is absent from a newer full extract is deleted: who traded stays, marked; the rest goes."""

from pathlib import Path

from scene import COMPANIES, LEDGER, Scene

HEADER = "company_id,name\n"


def deliver(scene: Scene, *days: str) -> None:
    """One full extract a day: each names the companies it holds, a letter each."""
    scene.limits["max_row_loss_pct"] = 100
    scene.configure(COMPANIES, connection={"allow_empty": True})
    for number, ids in enumerate(days, 1):
        scene.write(f"companies_2026-01-0{number}.csv",
                    HEADER + "".join(f"{i},{i} of day {number}\n" for i in ids))


def seen(scene: Scene) -> list[tuple[str, str, str | None]]:
    return [(r["company_id"], r["name"], r["deleted_on"] and str(r["deleted_on"]))
            for r in scene.accepted(scene.land(), "crm_company")]


def test_an_absent_company_stays_as_it_last_was_marked_with_the_day_it_was_found_gone(
        scene: Scene) -> None:
    deliver(scene, "AB", "A", "A")
    assert seen(scene) == [("A", "A of day 3", None), ("B", "B of day 1", "2026-01-02")]


def test_a_company_that_comes_back_is_not_deleted(scene: Scene) -> None:
    deliver(scene, "AB", "A", "AB")
    assert seen(scene) == [("A", "A of day 3", None), ("B", "B of day 3", None)]


def test_a_company_gone_twice_is_gone_since_the_second_time(scene: Scene) -> None:
    deliver(scene, "AB", "A", "AB", "A")
    assert seen(scene) == [("A", "A of day 4", None), ("B", "B of day 3", "2026-01-04")]


def test_everybody_may_go(scene: Scene) -> None:
    deliver(scene, "AB", "")
    assert seen(scene) == [("A", "A of day 1", "2026-01-02"), ("B", "B of day 1", "2026-01-02")]


def test_deliveries_in_any_order_tell_the_same_deletions(tmp_path: Path) -> None:
    found = []
    for order in ((1, 2, 3), (3, 2, 1), (2, 3, 1)):
        (tmp_path / str(order)).mkdir()
        scene = Scene(tmp_path / str(order))
        deliver(scene)
        for day in order:
            scene.write(f"companies_2026-01-0{day}.csv", HEADER + "".join(
                f"{i},{i} of day {day}\n" for i in {1: "ABC", 2: "AB", 3: "A"}[day]))
            last = seen(scene)
        found.append(last)
    assert found[0] == found[1] == found[2]
    assert [day for _, _, day in found[0]] == [None, "2026-01-03", "2026-01-02"]


def test_a_delta_takes_nothing_away_and_what_it_brought_can_be_deleted_later(scene: Scene) -> None:
    scene.limits["max_row_loss_pct"] = 100
    scene.configure(COMPANIES, extracts={"companies": {
        "files": "companies_*", "mode": "incremental", "key": "company_id"}})
    scene.write("companies_2026-01-01.csv", HEADER + "A,A\nB,B\n", mode="full")
    scene.write("companies_2026-01-02.csv", HEADER + "C,C\n")
    assert [r[2] for r in seen(scene)] == [None, None, None]
    scene.write("companies_2026-01-03.csv", HEADER + "A,A\n", mode="full")
    assert seen(scene) == [("A", "A", None), ("B", "B", "2026-01-03"), ("C", "C", "2026-01-03")]


def test_a_deleted_account_keeps_what_was_mapped_and_its_documents(scene: Scene) -> None:
    """Other tables, and relations prepared from the same extract, see the account as gone."""
    documents = {
        "from": "invoices",
        "columns": {
            "document_id": "No", "entity_id": {"constant": "E1"}, "account_id": "Customer",
            "document_type": {"constant": "invoice"}, "document_no": "No",
            "document_date": "Date", "currency": {"constant": "EUR"},
            "exchange_rate": {"constant": 1}, "sign": {"constant": 1}, "amount": "Amount",
            "base_amount": "Amount", "status": {"constant": "posted"}}}
    profiles = {
        "from": "limited",
        "columns": {"account_id": "No", "valid_from": {"constant": "2026-01-01"},
                    "limit_currency": {"constant": "EUR"}, "credit_limit": {"constant": 100},
                    "on_hold": {"constant": False}, "bypass": {"constant": False}}}
    scene.limits["max_row_loss_pct"] = 100
    scene.configure(LEDGER, tables={
        **LEDGER["tables"], "erp_ar_document": documents, "erp_credit_profile": profiles},
        prepare={"limited": "select * from customers where Name <> 'Nobody'"},
        extracts={**LEDGER["extracts"], "invoices": {"files": "invoices_*"}})
    scene.write("customers_2026-01-01.csv", "No,Name\nK1,Acme\nK2,Apex\n")
    scene.write("customers_2026-01-02.csv", "No,Name\nK1,Acme\n")
    scene.write("invoices_2026-01-02.csv", "No,Customer,Date,Amount\nI1,K2,2025-12-01,10.00\n")
    result = scene.land()
    assert scene.values(result, "erp_account", "account_id", "name") == [
        ("K1", "Acme"), ("K2", "Apex")]
    assert [str(d) for d in scene.values(result, "erp_account", "deleted_on")] == [
        "None", "2026-01-02"]
    assert scene.values(result, "erp_ar_document", "document_id") == ["I1"]
    assert scene.values(result, "erp_credit_profile", "account_id") == ["K1"]


def test_any_other_absent_record_leaves_the_current_state(scene: Scene) -> None:
    scene.limits["max_row_loss_pct"] = 100
    scene.configure(COMPANIES, extracts={
        "companies": {"files": "companies_*"}, "people": {"files": "people_*"}},
        tables={"crm_company": {"from": "companies"}, "crm_contact": {"from": "people"}})
    scene.write("companies_2026-01-01.csv", HEADER + "A,A\n")
    scene.write("people_2026-01-01.csv", "contact_id,company_id\nP1,A\nP2,A\n")
    scene.write("people_2026-01-02.csv", "contact_id,company_id\nP1,A\n")
    assert scene.values(scene.land(), "crm_contact", "contact_id") == ["P1"]


def test_what_stood_only_in_a_load_that_was_corrected_was_never_deleted(scene: Scene) -> None:
    scene.limits |= {"max_row_loss_pct": 100}
    scene.configure(COMPANIES)
    scene.write("companies_2026-06-30.csv", "company_id,name\nC1,Acme\nC2,A typing error\n")
    scene.land()
    scene.write("companies_2026-06-30.csv", "company_id,name\nC1,Acme\n")
    assert scene.values(scene.land(), "crm_company", "company_id") == ["C1"]
