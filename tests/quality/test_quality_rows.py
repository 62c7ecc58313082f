"""Every mapped row is accepted, quarantined with all its reasons, or an identical duplicate."""

import random
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import COMPANIES, LEDGER, Scene

from dagster_project import quality

HEADER = "company_id,name,employees,created_at\n"
DOCUMENTS = {
    **LEDGER,
    "extracts": {**LEDGER["extracts"], "invoices": {"files": "invoices_*"}},
    "tables": {**LEDGER["tables"], "erp_ar_document": {"from": "invoices", "columns": {
        "document_id": "No", "entity_id": {"constant": "E1"}, "account_id": "Customer",
        "document_type": "Type", "document_no": "No", "document_date": "Date", "currency": "Cur",
        "exchange_rate": {"constant": 1}, "amount": "Amount", "base_amount": "Amount",
        "sign": {"sql": "case when Type = 'invoice' then 1 else -1 end"},
        "status": {"constant": "posted"}}}}}


def test_every_reason_is_given_at_once_with_file_and_line(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv",
                'company_id,name,country_code,employees\n1,Acme,DE,5\n2,,de,five\n"   ",B,,\n')
    assert scene.reasons(scene.land()) == [
        ("companies_2026-01-01.csv", 3,
         "country_code: 'de' is not a country code of two capital letters; "
         "employees: 'five' is not a whole number; name: is empty"),
        ("companies_2026-01-01.csv", 4, "company_id: is empty")]


def test_a_cell_that_does_not_cast_is_not_called_empty_too(scene: Scene) -> None:
    scene.configure(DOCUMENTS)
    scene.write("customers_2026-01-01.csv", "No,Name\nK1,Acme\n")
    scene.write("invoices_2026-01-01.csv",
                "No,Customer,Type,Date,Cur,Amount\nI1,K1,invoice,2026-01-01,EUR,ten\n")
    assert scene.reasons(scene.land()) == [
        ("invoices_2026-01-01.csv", 2,
         "amount: 'ten' is not a number that fits decimal(18,4); "
         "base_amount: 'ten' is not a number that fits decimal(18,4)")]


def test_an_orphan_is_quarantined_with_its_amount(scene: Scene) -> None:
    scene.configure(DOCUMENTS)
    scene.write("customers_2026-01-01.csv", "No,Name\nK1,Acme\n")
    scene.write("invoices_2026-01-01.csv", "No,Customer,Type,Date,Cur,Amount\n"
                "I1,K1,invoice,2026-01-01,EUR,10.00\nI2,K9,invoice,2026-01-01,EUR,20.50\n")
    [row] = scene.quarantined(scene.land())
    assert (row["stage"], row["record_key"], row["amount"], row["currency"], row["reasons"]) == (
        "reference", "I2", Decimal("20.5"), "EUR",
        "account_id: 'K9' is not in erp_account of this source")


def test_a_row_whose_parent_was_quarantined_is_quarantined_too(scene: Scene) -> None:
    scene.configure(DOCUMENTS)
    scene.write("customers_2026-01-01.csv", "No,Name\nK1,\n")
    scene.write("invoices_2026-01-01.csv", "No,Customer,Type,Date,Cur,Amount\n"
                                           "I1,K1,invoice,2026-01-01,EUR,10.00\n")
    assert [r["table_name"] for r in scene.quarantined(scene.land())] == [
        "erp_account", "erp_ar_document"]


def test_identical_rows_count_once(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", HEADER + "1,Acme,,\n" * 3 + "2,Bolt,,\n")
    result = scene.land()
    company = result.tables["crm_company"]
    assert (company.mapped, company.accepted, company.quarantined, company.identical) == (
        4, 2, 0, 2)


def test_of_rows_that_differ_under_one_key_one_stays_whatever_their_order(tmp_path: Path) -> None:
    rows = ["1,Acme,5,", "1,Acme,6,", "1,Acme,5,", "1,Apex,5,"]
    kept = set()
    for seed in range(4):
        (tmp_path / str(seed)).mkdir()
        scene = Scene(tmp_path / str(seed))
        random.Random(seed).shuffle(rows)
        scene.write("companies_2026-01-01.csv", HEADER + "\n".join(rows) + "\n")
        result = scene.land()
        company = result.tables["crm_company"]
        assert (company.accepted, company.quarantined, company.identical) == (1, 2, 1)
        kept.update(scene.values(result, "crm_company", "name", "employees"))
        assert all(reason.startswith("another row has the same company_id and other values; kept: "
                                     "companies_2026-01-01.csv, line ")
                   for _, _, reason in scene.reasons(result))
    assert len(kept) == 1


def test_a_bad_row_is_no_rival_of_a_good_one(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", HEADER + "1,Acme,5,\n1,Acme,many,\n")
    result = scene.land()
    assert scene.values(result, "crm_company", "employees") == [5]
    assert [r["stage"] for r in scene.quarantined(result)] == ["cast"]


def test_the_rule_counts_add_up_to_what_was_found(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv",
                "company_id,name,country_code\n1,,de\n2,,DE\n3,C,fr\n4,D,\n4,E,\n")
    company = scene.land().tables["crm_company"]
    assert {(r.column, r.rule): r.failed for r in company.rules if r.failed} == {
        ("name", "not_null"): 2, ("country_code", "country_code"): 2, (None, "key"): 1}
    assert {r.checked for r in company.rules} == {5}
    assert company.quarantined == 4


def test_a_record_that_cannot_be_read_is_quarantined_under_the_table_it_was_for(
        scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", HEADER + "1,A\n2,B,,\n")
    [row] = scene.quarantined(scene.land())
    assert (row["table_name"], row["stage"], row["source_line"], row["reasons"]) == (
        "crm_company", "read", 2, "2 cells, the header has 4")


def test_unchanged_inputs_are_not_checked_again(
        scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.write("companies_2026-01-01.csv", HEADER + "1,A,,\n2,,,\n")
    first = scene.land()

    def checked_again(*_: object, **__: object) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(quality, "check", checked_again)
    again = scene.land()
    assert again.tables == first.tables
    assert scene.reasons(again) == scene.reasons(first)


def test_another_mapping_maps_again(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", HEADER + "1,A,,\n")
    scene.land()
    scene.configure(COMPANIES, tables={"crm_company": {"from": "companies", "columns": {
        "company_id": "company_id", "name": {"sql": "lower(name)"}}}})
    assert scene.values(scene.land(), "crm_company", "name") == ["a"]


ID = st.sampled_from(["I1", "I2", "I3", "I4", "", "  "])
CURRENCY = st.sampled_from(["EUR", "USD", "eur", ""])
AMOUNT = st.one_of(st.decimals(-10**6, 10**6, places=2).map(str),
                   st.sampled_from(["", "ten", "1,000.00", "1e3"]))
ROW = st.tuples(ID, st.sampled_from(["K1", "K2", "K9", ""]),
                st.sampled_from(["invoice", "credit_note", "gift"]),
                st.sampled_from(["2026-01-01", "2026-02-30", "9999-12-31", ""]), CURRENCY, AMOUNT)
BAD_LINE = st.sampled_from(["I5,K1", "I6,K1,invoice,2026-01-01,EUR,5.00,more"])


@settings(max_examples=12, deadline=None)
@given(st.lists(st.one_of(ROW.map(",".join), BAD_LINE), min_size=1, max_size=12), st.randoms())
def test_whatever_is_delivered_balances_and_the_order_of_rows_and_files_does_not_matter(
        lines: list[str], randomly: random.Random) -> None:
    """Rows and amounts: read = parsed + unreadable, mapped = accepted + quarantined + identical."""
    found = []
    for files in (1, 2):
        randomly.shuffle(lines)
        with tempfile.TemporaryDirectory() as folder:
            scene = Scene(Path(folder))
            scene.configure(DOCUMENTS)
            scene.write("customers_2026-01-01.csv", "No,Name\nK1,Acme\nK2,Apex\n")
            for number in range(files):
                scene.write(f"invoices_{number}_2026-01-01.csv", "\n".join(
                    ["No,Customer,Type,Date,Cur,Amount", *lines[number::files]]) + "\n")
            result = scene.land()
            documents = result.tables["erp_ar_document"]
            unreadable = sum(row[11] for row in result.loads)
            assert documents.mapped + unreadable == len(lines)
            for amounts in documents.amounts:
                assert amounts.mapped == sum(
                    (Decimal(a) for *_, c, a in (x.split(",") for x in lines if x.count(",") == 5)
                     if (c.strip() or None) == amounts.currency and readable(a)), Decimal(0))
            found.append((
                scene.values(result, "erp_ar_document", "document_id", "amount", "row_hash"),
                Counter((r["record_key"], r["amount"]) for r in scene.quarantined(result)
                        if r["stage"] != "key"), documents.identical, unreadable))
    assert found[0] == found[1]


def readable(amount: str) -> bool:
    return amount not in ("", "ten", "1,000.00")
