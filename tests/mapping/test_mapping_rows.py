"""Extracts become rows of the contract as the mapping says, and no row goes missing on the way."""

import gzip
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from scene import COMPANIES, LEDGER, Scene

from dagster_project.errors import ConfigurationError, DeliveryError


def opportunities(**columns: Any) -> dict[str, Any]:
    """A CRM whose opportunities come from `deals`: the columns given, beside the required ones."""
    return {**COMPANIES, "extracts": {"companies": {"files": "companies_*"},
                                      "deals": {"files": "deals_*"}},
            "tables": {"crm_company": {"from": "companies"}, "crm_opportunity": {
                "from": "deals",
                "columns": {"opportunity_id": "Id", "name": "Id", "stage": {"constant": "open"},
                            "is_won": {"constant": False}, "is_closed": {"constant": False},
                            **columns}}}}


def with_company(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", "company_id,name\n1,Acme\n")


@pytest.mark.parametrize(("decimal", "thousands", "read", "refused"), [
    (".", "", {"1234.5": "1234.5", "-0.5": "-0.5", "+7": "7", ".5": "0.5", "5.": "5", " 8 ": "8",
               "1e3": "1000"},
     ["1,234", "(5.00)", "$5", "5 EUR", "5-", "1.2.3", "NaN", "Infinity", "0x10", "1_000", "-",
      "123456789012345"]),
    (".", ",", {"1,234.5": "1234.5", "1234": "1234", "1,234,567": "1234567"},
     ["12,34", "1,2345", ",5", "1.234,5"]),
    (",", ".", {"1.234,5": "1234.5", "0,0001": "0.0001"}, ["1,234.5", "1.23"]),
    (",", "", {"1234,5": "1234.5"}, ["1.234"]),
    # Blanks that do not break and curly apostrophes look the same to whoever declares them.
    (",", " ", {"1 234,5": "1234.5", "1\u00a0234\u202f567,5": "1234567.5"}, ["1 23", "1.234"]),
    (".", "'", {"1'234.50": "1234.5", "1\u2019234": "1234"}, ["1'23", "1 234"]),
])
def test_a_number_is_read_by_the_declared_locale_alone(
        scene: Scene, decimal: str, thousands: str, read: dict[str, str],
        refused: list[str]) -> None:
    """Never 1.234 for 1,234: what is not written as declared costs its row."""
    scene.configure(opportunities(amount="Amount"), connection={
        "delimiter": ";", "decimal": decimal, "thousands": thousands})
    scene.write("companies_2026-01-01.csv", "company_id;name\n1;Acme\n")
    scene.write("deals_2026-01-01.csv", "Id;Amount\n" + "".join(
        f"{n:02};{text}\n" for n, text in enumerate([*read, *refused])))
    result = scene.land()
    assert scene.values(result, "crm_opportunity", "amount") == [Decimal(v) for v in read.values()]
    locale = f"decimal {decimal!r}" + (f", thousands {thousands!r}" if thousands else "")
    declared = "" if locale == "decimal '.'" else f" (declared: {locale})"
    assert [reason for _, _, reason in scene.reasons(result)] == [
        f"amount: '{text}' is not a number that fits decimal(18,4){declared}" for text in refused]


@pytest.mark.parametrize(("text", "sql_type"), [
    ("1.5", "INTEGER"), ("two", "INTEGER"), ("99999999999", "INTEGER"),
    ("31.12.2026", "TIMESTAMP"), ("2026-02-30 00:00:00", "TIMESTAMP"), ("maybe", "BOOLEAN")])
def test_a_cell_of_another_type_costs_its_row(scene: Scene, text: str, sql_type: str) -> None:
    column = {"INTEGER": "employees", "TIMESTAMP": "created_at", "BOOLEAN": "opted_out"}[sql_type]
    if sql_type == "BOOLEAN":
        scene.configure(COMPANIES, extracts={
            "companies": {"files": "companies_*"}, "people": {"files": "people_*"}},
            tables={"crm_company": {"from": "companies"}, "crm_contact": {"from": "people"}})
        with_company(scene)
        scene.write("people_2026-01-01.csv", f"contact_id,opted_out\nP1,{text}\nP2,no\n")
    else:
        scene.write("companies_2026-01-01.csv", f"company_id,name,{column}\n1,A,{text}\n2,B,\n")
    result = scene.land()
    [(_, line, reason)] = scene.reasons(result)
    assert line == 2
    assert reason.startswith(f"{column}: '{text}' is not ")


def test_a_bad_row_is_shown_as_it_was_delivered(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv",
                'company_id,name,employees,note\n1,"A ""x""",ten,=1+1\n')
    [row] = scene.quarantined(scene.land())
    assert row["raw_row"] == (
        r'{"company_id":"1","name":"A \"x\"","employees":"ten","note":"=1+1"}')
    assert (row["stage"], row["record_key"], row["table_name"]) == ("cast", "1", "crm_company")


def test_dates_are_read_by_the_declared_formats_alone(scene: Scene) -> None:
    scene.configure(opportunities(close_date="Closed"), connection={
        "date_format": ["%d.%m.%Y", "%d.%m.%Y %H:%M"]})
    with_company(scene)
    scene.write("deals_2026-01-01.csv",
                "Id,Closed\nD1,31.12.2025\nD2,30.06.2026 23:30\nD3,2026-06-30\nD4,\n")
    result = scene.land()
    # 23:30 is of the same day: a date has no time zone.
    assert scene.values(result, "crm_opportunity", "close_date") == [
        date(2025, 12, 31), date(2026, 6, 30), None]
    assert scene.reasons(result) == [(
        "deals_2026-01-01.csv", 4,
        "close_date: '2026-06-30' is not a date (declared: %d.%m.%Y or %d.%m.%Y %H:%M)")]


def test_timestamps_become_utc_by_their_zone_or_their_offset(scene: Scene) -> None:
    scene.configure(COMPANIES, connection={
        "time_zone": "Europe/Berlin",
        "timestamp_format": ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]})
    scene.write("companies_2026-01-01.csv",
                "company_id,name,created_at,updated_at\n"
                "1,A,2026-01-01 00:30:00,2026-07-01 00:30:00\n"
                "2,B,2026-01-01T00:30:00+05:30,\n")
    assert scene.values(scene.land(), "crm_company", "created_at", "updated_at") == [
        (datetime(2025, 12, 31, 23, 30), datetime(2026, 6, 30, 22, 30)),
        (datetime(2025, 12, 31, 19, 0), None)]


def test_null_words_are_null_and_blanks_around_a_value_are_none_of_it(scene: Scene) -> None:
    scene.configure(COMPANIES, connection={"null_values": ["", "NULL", "n/a"]})
    scene.write("companies_2026-01-01.csv", "company_id,name,phone,city\n 1 , Acme ,NULL,n/a\n")
    assert scene.values(scene.land(), "crm_company", "company_id", "name", "phone", "city") == [
        ("1", "Acme", None, None)]


HOSTILE = ["'; drop table landed; --", "{{ ref('x') }}", "${HOME}", "=HYPERLINK(1)", "\\N", "%s",
           "{not json", "a;b", "select 1", "@SUM(1)", "--", "/* x */", "$1", "?"]


def test_what_looks_like_code_in_the_data_is_data(scene: Scene) -> None:
    scene.configure(COMPANIES, tables={"crm_company": {
        "from": "companies", "columns": {"company_id": "company_id", "name": "name",
                                         "legal_name": {"sql": "upper(name)"}},
        "custom": {"it's": "name"}}})
    rows = "".join(f'{n:02},"{text}"\n' for n, text in enumerate(HOSTILE))
    scene.write("companies_2026-01-01.csv", "company_id,name\n" + rows)
    result = scene.land()
    assert scene.values(result, "crm_company", "name") == HOSTILE
    assert scene.values(result, "crm_company", "legal_name") == [t.upper() for t in HOSTILE]


def test_odd_header_names_are_columns_like_others(scene: Scene) -> None:
    scene.configure(COMPANIES, tables={"crm_company": {"from": "companies", "columns": {
        "company_id": "No.", "name": 'The "real" name', "phone": {"sql": '"select" || "x y"'}}}})
    scene.write("companies_2026-01-01.csv", 'No.,"The ""real"" name",select,x y\n1,Acme,0,7\n')
    assert scene.values(scene.land(), "crm_company", "company_id", "name", "phone") == [
        ("1", "Acme", "07")]


def test_an_expression_that_fails_for_a_row_costs_that_row_alone(scene: Scene) -> None:
    """The tempting mistake: number() gives null for what it cannot read, and the amount is gone."""
    scene.configure(opportunities(
        amount={"sql": "number(Gross) - number(Tax)"}, close_date={"sql": "day(Closed) + 1"},
        name={"sql": "coalesce(cast(cast(No as integer) as varchar), 'none')"}))
    with_company(scene)
    scene.write("deals_2026-01-01.csv",
                "Id,Gross,Tax,Closed,No\nD1,10.50,0.25,2026-01-01,5\nD2,10.5o,1,2026-01-01,5\n"
                "D3,,1,,\nD4,1,1,01/02/2026,5\nD5,1,1,2026-01-01,five\n")
    result = scene.land()
    assert scene.values(result, "crm_opportunity", "opportunity_id", "amount", "close_date",
                        "name") == [
        ("D1", Decimal("10.25"), date(2026, 1, 2), "5"), ("D3", None, None, "none")]
    assert scene.reasons(result) == [
        ("deals_2026-01-01.csv", 3, "amount: its expression cannot be computed for this row: "
                                    "number(Gross) - number(Tax)"),
        ("deals_2026-01-01.csv", 5, "close_date: its expression cannot be computed for this row: "
                                    "day(Closed) + 1"),
        ("deals_2026-01-01.csv", 6, "name: its expression cannot be computed for this row: "
                                    "coalesce(cast(cast(No as integer) as varchar), 'none')")]


def test_a_row_that_the_filter_fails_for_is_quarantined_not_filtered(scene: Scene) -> None:
    stated = opportunities(amount="Gross")
    stated["tables"]["crm_opportunity"]["where"] = "number(Gross) > 0"
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv", "Id,Gross\nD1,5\nD2,-5\nD3,x\nD4,\n")
    result = scene.land()
    assert scene.values(result, "crm_opportunity", "opportunity_id") == ["D1"]
    [(_, line, reasons)] = scene.reasons(result)
    assert (line, reasons) == (4, (
        "the filter cannot be computed for this row: number(Gross) > 0; "
        "amount: 'x' is not a number that fits decimal(18,4)"))
    [counts] = result.tables["crm_opportunity"].inputs
    assert (counts["driving"], counts["mapped"], counts["filtered"]) == (4, 2, 2)


def test_a_sum_over_a_cell_that_is_no_number_is_refused_not_made_smaller(scene: Scene) -> None:
    stated = opportunities(name={"sql": "max(Id)"}, amount={"sql": "sum(number(Gross))"})
    stated["tables"]["crm_opportunity"]["group_by"] = "Id"
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv", "Id,Gross\nD1,5\nD1,6\nD2,1\n")
    result = scene.land()
    assert scene.values(result, "crm_opportunity", "amount") == [Decimal(11), Decimal(1)]
    [counts] = result.tables["crm_opportunity"].inputs
    assert (counts["driving"], counts["mapped"], counts["merged"]) == (3, 2, 1)
    scene.write("deals_2026-01-02.csv", "Id,Gross\nD1,5\nD1,6x\nD2,1\n")
    with pytest.raises(DeliveryError, match=r"crm_opportunity: a row cannot be mapped.*"
                                            r"not a number: 6x"):
        scene.land()


def test_a_quotient_is_a_decimal_to_eight_places(scene: Scene) -> None:
    scene.configure(opportunities(amount={"sql": "divide(number(Gross), number(Pieces))"}))
    with_company(scene)
    scene.write("deals_2026-01-01.csv",
                "Id,Gross,Pieces\nD1,10,3\nD2,-2,3\nD3,1,0\nD4,0.1,-0.00000001\nD5,0,7\n")
    assert scene.values(scene.land(), "crm_opportunity", "amount") == [
        Decimal("3.3333"), Decimal("-0.6667"), None, Decimal(-10_000_000), Decimal(0)]


def test_a_join_brings_columns_and_keeps_every_driving_row(scene: Scene) -> None:
    stated = opportunities(currency="cur.Iso", close_date="Closed")
    stated["extracts"]["currencies"] = {"files": "currencies_*", "date_format": "%d.%m.%Y"}
    stated["tables"]["crm_opportunity"]["join"] = [
        {"to": "currencies", "as": "cur", "on": "cur.Code = deals.Cur"}]
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv", "Id,Cur\nD1,1\nD2,9\n")
    # A plain column is read as its own extract is written.
    scene.write("currencies_2026-01-01.csv", "Code,Iso,Closed\n1,EUR,31.12.2026\n2,USD,\n")
    assert scene.values(scene.land(), "crm_opportunity", "opportunity_id", "currency",
                        "close_date") == [("D1", "EUR", date(2026, 12, 31)), ("D2", None, None)]
    scene.write("currencies_2026-01-02.csv", "Code,Iso,Closed\n1,EUR,\n1,USD,\n")
    with pytest.raises(ConfigurationError, match="its joins turn 2 rows of deals into 3"):
        scene.land()


def test_a_declared_new_grain_may_multiply_rows(scene: Scene) -> None:
    stated = opportunities(opportunity_id={"sql": "Id || '/' || Part"})
    stated["extracts"]["parts"] = {"files": "parts_*"}
    stated["tables"]["crm_opportunity"] |= {
        "join": [{"to": "parts", "on": "parts.Deal = deals.Id"}], "grain": "one row per part"}
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv", "Id\nD1\n")
    scene.write("parts_2026-01-01.csv", "Deal,Part\nD1,a\nD1,b\n")
    result = scene.land()
    assert scene.values(result, "crm_opportunity", "opportunity_id") == ["D1/a", "D1/b"]
    [counts] = result.tables["crm_opportunity"].inputs
    assert (counts["driving"], counts["mapped"], counts["merged"]) == (1, 2, -1)
    assert counts["grain"] == "one row per part"


def test_of_duplicates_the_first_by_the_declared_order_stays(scene: Scene) -> None:
    stated = opportunities(amount="Gross")
    stated["tables"]["crm_opportunity"]["unique_by"] = {
        "columns": "Id", "order": "day(Changed) desc"}
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv",
                "Id,Gross,Changed\nD1,1,2026-01-01\nD1,2,2026-01-03\nD1,3,2026-01-02\n")
    result = scene.land()
    assert scene.values(result, "crm_opportunity", "amount") == [Decimal(2)]
    [counts] = result.tables["crm_opportunity"].inputs
    assert (counts["driving"], counts["mapped"], counts["merged"]) == (3, 1, 2)


def test_a_prepared_relation_is_used_like_an_extract_and_may_use_another(scene: Scene) -> None:
    stated = opportunities(amount="Total")
    stated["prepare"] = {
        "won": "select * from summed where Total > 0",
        "summed": "select Id, sum(number(Gross)) as Total from deals group by Id"}
    stated["tables"]["crm_opportunity"]["from"] = "won"
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv", "Id,Gross\nD1,1\nD1,2\nD2,0\n")
    result = scene.land()
    [row] = scene.accepted(result, "crm_opportunity")
    assert (row["opportunity_id"], row["amount"]) == ("D1", Decimal(3))
    assert (row["_file"], row["_line"]) == ("prepare.won", None)
    assert str(row["load_date"]) == "2026-01-01"
    assert row["load_id"] in result.new_loads


def test_each_extract_is_read_in_its_own_dialect(scene: Scene) -> None:
    """Prepared relations, expressions and plain columns keep theirs, whatever is mapped next."""
    stated = opportunities(amount={"sql": "number(Gross)"})
    stated["extracts"]["deals"] |= {"decimal": ",", "delimiter": ";"}
    stated["extracts"]["more"] = {"files": "more_*"}
    stated["prepare"] = {"doubled": "select Id, number(Gross) * 2 as Gross from more"}
    columns = stated["tables"]["crm_opportunity"]["columns"]
    stated["tables"]["crm_opportunity"] = [
        {"name": "deals", **stated["tables"]["crm_opportunity"]},
        {"name": "more", "from": "more", "columns": columns},
        {"name": "plain", "from": "doubled", "columns": {
            **columns, "opportunity_id": {"sql": "'2' || Id"}, "amount": "Gross"}}]
    scene.configure(stated)
    with_company(scene)
    scene.write("deals_2026-01-01.csv", "Id;Gross\nD1;1,5\n")
    scene.write("more_2026-01-01.csv", "Id,Gross\nM1,2.5\n")
    assert scene.values(scene.land(), "crm_opportunity", "opportunity_id", "amount") == [
        ("2M1", Decimal(5)), ("D1", Decimal("1.5")), ("M1", Decimal("2.5"))]


def test_a_table_may_be_derived_from_another_one_of_the_source(scene: Scene) -> None:
    scene.configure(LEDGER, tables={**LEDGER["tables"], "erp_list_value": {
        "from": "mapped.erp_account", "where": "name like 'A%'",
        "columns": {"list_name": {"constant": "salesperson"}, "code": "account_id",
                    "label": "name", "active": {"sql": "status = 'active'"}}}})
    scene.write("customers_2026-01-01.csv", "No,Name\n1,Acme\n2,Bolt\n")
    result = scene.land()
    assert scene.values(result, "erp_list_value", "code", "label") == [("1", "Acme")]
    assert scene.accepted(result, "erp_list_value")[0]["_file"] == "customers_2026-01-01.csv"


def test_what_stands_outside_the_contract_is_kept_as_custom_fields(scene: Scene) -> None:
    scene.configure(COMPANIES, tables={"crm_company": {
        "from": "companies", "columns": {"company_id": "company_id", "name": "name"},
        "custom": {"rating": "Rating", "big": {"sql": "number(Staff) > 100"}}}})
    scene.write("companies_2026-01-01.csv",
                "company_id,name,Rating,Staff\n1,A,AA,200\n2,B,,1\n3,C,A,many\n")
    result = scene.land()
    assert scene.values(result, "crm_company", "custom_fields") == [
        '{"rating":"AA","big":true}', '{"rating":null,"big":false}']
    assert [line for _, line, _ in scene.reasons(result)] == [4]


def test_inline_rows_are_typed_and_carry_no_date(scene: Scene) -> None:
    scene.write("customers_2026-01-01.csv", "No,Name\n007,Acme\n")
    scene.configure(LEDGER)
    result = scene.land()
    [row] = scene.accepted(result, "erp_entity")
    assert (row["fiscal_year_start_month"], row["load_date"], row["_file"], row["_line"]) == (
        1, None, "configuration", 1)
    assert scene.values(result, "erp_account", "account_id") == ["007"]


def test_compressed_and_split_files_map_like_one(scene: Scene, tmp_path: Any) -> None:
    rows = [f"{n},Company {n}\n" for n in range(20)]
    header = "company_id,name\n"
    (tmp_path / "whole").mkdir()
    whole = Scene(tmp_path / "whole")
    whole.write("companies_2026-01-01.csv", header + "".join(rows))
    scene.write("companies_a_2026-01-01.csv.gz",
                gzip.compress((header + "".join(rows[12:])).encode()))
    scene.write("companies_b_2026-01-01.csv", "name,company_id\n" + "".join(
        ",".join(reversed(r.strip().split(","))) + "\n" for r in rows[:12]))
    columns = ("company_id", "name", "row_hash")
    assert scene.values(scene.land(), "crm_company", *columns) == whole.values(
        whole.land(), "crm_company", *columns)
