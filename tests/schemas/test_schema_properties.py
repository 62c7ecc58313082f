"""Any row that keeps the contract conforms: rows are made from the words of rules.csv and drawn."""

import datetime as dt
import re
from decimal import Decimal

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings
from schema_cases import POLARS, Case, cases

import schemas

DEBITS = ("invoice", "refund", "finance_charge", "payment_return")
CREDITS = ("credit_note", "receipt", "write_off")

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31, 23, 59, 59))
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
KEYS = TEXTS.filter(lambda text: text.strip())
OF_TYPE = {
    "VARCHAR": TEXTS,
    "DATE": DAYS,
    "TIMESTAMP": MOMENTS,
    "BOOLEAN": st.booleans(),
    "INTEGER": st.integers(-(2**31), 2**31 - 1),
}
SMALLEST = {"positive": 1, "not_negative": 0}


def decimals(sql_type: str, low: int | None = None, high: int | None = None) -> st.SearchStrategy:
    """Decimals as counts of their smallest unit, so that no float is ever near."""
    precision, scale = (int(part) for part in re.findall(r"\d+", sql_type))
    most = 10**precision - 1
    counts = st.integers(-most if low is None else low, most if high is None else high * 10**scale)
    return counts.map(lambda count: Decimal(count).scaleb(-scale))


def values(column: schemas.Column, is_key: bool, ruled: dict[str, Case]) -> st.SearchStrategy:
    """What a column may hold, by the rules that rules.csv states for it."""
    low = next((SMALLEST[name] for name in SMALLEST if name in ruled), None)
    if "one_of" in ruled:
        listed = ruled["one_of"].reason.split("not one of ")[1].split(", ")
        drawn = st.sampled_from([int(x) if column.sql_type == "INTEGER" else x for x in listed])
    elif "currency_code" in ruled:
        drawn = st.from_regex(r"[A-Z]{3}", fullmatch=True)
    elif "country_code" in ruled:
        drawn = st.from_regex(r"[A-Z]{2}", fullmatch=True)
    elif "scope" in ruled:
        drawn = st.from_regex(r"default|(account|customer|group):[A-Za-z0-9/_-]+", fullmatch=True)
    elif "exclude" in ruled:
        drawn = st.from_regex(r"none|(prepaid_orders|invoicing)(;invoicing)?", fullmatch=True)
    elif "edges" in ruled:
        days = st.sets(st.integers(1, 99_999), min_size=1, max_size=6)
        drawn = days.map(lambda edges: ";".join(str(edge) for edge in sorted(edges)))
    elif "range" in ruled and column.sql_type == "INTEGER":
        drawn = st.integers(1, 12)
    elif "range" in ruled:
        drawn = decimals(column.sql_type, 0, 100)
    elif column.sql_type.startswith("DECIMAL"):
        drawn = decimals(column.sql_type, low)
    elif column.sql_type == "INTEGER" and low is not None:
        drawn = st.integers(low, 2**31 - 1)
    else:
        drawn = KEYS if is_key and column.sql_type == "VARCHAR" else OF_TYPE[column.sql_type]
    return st.none() | drawn if column.nullable else drawn


def keep_row_rules(table: str, row: dict) -> dict:
    """Mend what was drawn column by column so that the rules on several columns hold."""
    for case in cases():
        in_order = re.fullmatch("(.+)_not_(?:before|below)_(.+)", case.rule)
        if case.table == table and in_order:
            later, earlier = in_order.groups()
            if row[later] is not None and row[earlier] is not None:
                row[earlier], row[later] = sorted((row[earlier], row[later]))
    if table == "erp_ar_document" and row["document_type"] in DEBITS + CREDITS:
        row["sign"] = 1 if row["document_type"] in DEBITS else -1
    if table == "erp_ar_allocation":
        row["credit_document_id"] = row["debit_document_id"] + "-paid"
    if table == "credit_limit" and row["level"] != "group":
        row["id"] = "source/" + row["id"].replace("\n", "") + "1"
    if table == "credit_rule" and row["action"] != "off":
        row["threshold"] = row["threshold"] or Decimal(0)
    if table == "match_decision":
        row["account_source"], row["company_source"] = "erp", "crm" + row["company_source"]
        row["company_id"] += "."
    if table == "fx_rate" and row["from_currency"] == row["to_currency"]:
        row["rate"] = Decimal(1)
    return row


def rows(table: schemas.Table) -> st.SearchStrategy:
    ruled: dict[str, dict[str, Case]] = {column.name: {} for column in table.columns}
    for case in cases():
        if case.table == table.name and case.column and case.kind == "value":
            ruled[case.column].setdefault(case.rule, case)
    drawn = {
        column.name: values(column, column.name in table.key, ruled[column.name])
        for column in table.columns
    }
    return st.fixed_dictionaries(drawn).map(lambda row: keep_row_rules(table.name, row))


@pytest.mark.parametrize("table", schemas.TABLES.values(), ids=lambda table: table.name)
def test_any_row_that_keeps_the_contract_conforms(table: schemas.Table) -> None:
    types = {column.name: POLARS[column.sql_type] for column in table.columns}

    @settings(max_examples=20, deadline=None)
    @given(st.lists(rows(table), min_size=1, max_size=3))
    def conforms(drawn: list[dict]) -> None:
        frame = pl.DataFrame(drawn, schema=types)
        assert schemas.violations(table, frame).to_dicts() == []

    conforms()


@pytest.mark.parametrize("name", ["erp_ar_document", "erp_credit_profile", "credit_rule"])
def test_the_order_of_rows_changes_no_reason(name: str) -> None:
    """Each row stands alone: what breaks in it does not hang on its neighbours."""
    table = schemas.TABLES[name]
    types = {column.name: POLARS[column.sql_type] for column in table.columns}
    loose = st.fixed_dictionaries(
        {
            column.name: st.none() | OF_TYPE.get(column.sql_type, st.none())
            for column in table.columns
        }
    )

    @settings(max_examples=30, deadline=None)
    @given(st.lists(loose, min_size=1, max_size=6), st.randoms(use_true_random=False))
    def stands_alone(drawn: list[dict], shuffler) -> None:
        order = list(range(len(drawn)))
        shuffler.shuffle(order)
        straight = schemas.violations(table, pl.DataFrame(drawn, schema=types))
        mixed = schemas.violations(table, pl.DataFrame([drawn[i] for i in order], schema=types))
        found = {(row, rule, reason) for row, _, rule, reason in straight.iter_rows()}
        assert found == {(order[row], rule, reason) for row, _, rule, reason in mixed.iter_rows()}

    stands_alone()
