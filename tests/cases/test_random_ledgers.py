"""Whatever a ledger holds, its figures agree with each other and with what was posted.

The models are those of the build of the cases, run in memory over the documents that are drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import compiled_marts
import pytest
from case_company import T
from case_marts import Built
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_ledgers import ACCOUNTS, CENT, COMPANIES, LAST_DAY, Ledger, ledgers

MARTS = ("ar_open_items", "ar_ageing", "ar_ageing_by_customer", "ar_ageing_by_group",
         "ar_ageing_history", "ar_ageing_buckets")
DRAWN = ("erp_ar_document", "erp_ar_allocation", "erp_ar_installment", "erp_dispute")
BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "unallocated_credit")
MONTH_ENDS = [date(2027, 10, 31), date(2027, 11, 30), date(2027, 12, 31), date(2028, 1, 31), T]
IN_THE_END = LAST_DAY - timedelta(days=1)
LATE = ("d1_30", "d31_60", "d61_90", "d90_plus")


class Company:
    """Six accounts of three companies, whose ledger can be drawn anew."""

    def __init__(self, built: Built, marts: Iterable[str] = MARTS, drawn: Iterable[str] = DRAWN, *,
                 brought_forward: str = "") -> None:
        self.con = built.again_empty()
        self.fill("erp_account", "ledger", [
            {"account_id": k, "entity_id": entity, "account_code": k, "name": k, "status": "active",
             "account_type": "balance_forward" if k in brought_forward else "open_item",
             "payment_terms_code": terms}
            for k, (entity, terms) in ACCOUNTS.items()])
        self.fill("crm_company", "front", [
            {"company_id": c, "name": c, "erp_account_ref": codes} for c, codes in
            COMPANIES.items()])
        self.fill("customer_group", "desk", [
            {"group_id": "G", "company_source": "front", "company_id": c, "group_name": "G"}
            for c in ("C1", "C2")])
        models = built.models.behind(marts)
        compiled_marts.build(self.con, models)
        self.changing = built.models.resting_on((*drawn, "run_context"), models)

    def fill(self, table: str, source: str, rows: list[dict[str, Any]]) -> None:
        """Replace the rows of a landed table."""
        compiled_marts.fill(self.con, table, [
            row | {"source": source, "load_date": T} for row in rows])

    def post(self, rows: dict[str, list[dict[str, Any]]], as_of: date = T) -> None:
        """Build the marts of these postings, for a date."""
        self.con.execute("update private.landed.run_context set as_of_date = ?", [as_of])
        for table, listed in rows.items():
            self.fill(table, "ledger", listed)
        compiled_marts.build(self.con, self.changing)

    def mart(self, name: str) -> list[dict[str, Any]]:
        return list(compiled_marts.rows(self.con, f"from mart.{name}"))


@pytest.fixture(scope="module")
def company(built: Built) -> Iterator[Company]:
    company = Company(built)
    yield company
    company.con.close()


def totals(rows: Iterable[dict[str, Any]], columns: Iterable[str],
           *by: str) -> dict[Any, list[Decimal]]:
    """Sums of columns, by what stands in others."""
    sums: dict[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(list(columns)))
    for row in rows:
        key = tuple(row[column] for column in by)
        sums[key] = [total + row[column] for total, column in
                     zip(sums[key], columns, strict=True)]
    return {key: values for key, values in sums.items() if any(values)}


def assert_items_are_what_was_posted(ledger: Ledger, items: list[dict[str, Any]]) -> None:
    """Each document once, with what remains of it now and in the end, whatever its instalments."""
    keys = [(row["document_id"], row["installment_no"]) for row in items]
    assert len(keys) == len(set(keys))
    assert_sums_are(ledger.residuals(T), items, "residual")
    left = {(int(row["document_id"]), row["installment_no"]): row["residual"] for row in items}
    for part, rest in ledger.parts(T).items():
        assert left.get(part, 0) == rest, part
    # An instalment that is paid has no row, though its payment may be undone later.
    planned = {str(row["document_id"]) for row in ledger.instalments}
    whole = [row for row in items if row["document_id"] not in planned]
    now, lastly = ledger.residuals(T), ledger.residuals(IN_THE_END)
    assert_sums_are({key: lastly[key] for key in now.keys() & lastly if str(key) not in planned},
                    whole, "remaining_later")


def assert_sums_are(expected: dict[int, tuple[Decimal, Decimal, int]],
                    items: list[dict[str, Any]], column: str) -> None:
    found = totals(items, (column, f"{column}_base"), "document_id")
    for key in {int(key) for (key,) in found} | expected.keys():
        left, base, discounts = expected.get(key, (Decimal(0), Decimal(0), 0))
        seen, seen_base = found.get((str(key),), (Decimal(0), Decimal(0)))
        assert seen == left, (key, column)
        assert abs(seen_base - base) <= CENT * discounts, (key, column)


def assert_figures_agree(company: Company, ledger: Ledger) -> None:
    items, accounts = company.mart("ar_open_items"), company.mart("ar_ageing")
    assert_items_are_what_was_posted(ledger, items)
    for suffix in ("", "_base", "_reporting"):
        figures = [f"{name}{suffix}" for name in BUCKETS]
        for row in accounts:
            assert sum(row[name] for name in figures) == row[f"outstanding{suffix}"], row
            assert sum(row[f"{name}{suffix}"] for name in LATE) == row[f"overdue{suffix}"], row
        assert totals(items, [f"residual{suffix}"], "account_key", "currency") == totals(
            accounts, [f"outstanding{suffix}"], "account_key", "currency")
    # Base amounts are null where the accounts of a customer keep books in several currencies.
    shared = [f"{name}{suffix}" for suffix in ("", "_reporting")
              for name in (*BUCKETS, "outstanding", "overdue", "disputed")]
    for wider, by in (("ar_ageing_by_customer", "customer_id"), ("ar_ageing_by_group", "group_id")):
        assert totals(accounts, shared, by, "currency") == totals(
            company.mart(wider), shared, by, "currency")
    for profile in ("weeks", "months", "auditor", "posted months"):
        buckets = [row for row in company.mart("ar_ageing_buckets") if row["profile"] == profile]
        for kept in ("amount", "amount_base", "amount_reporting"):
            assert totals(buckets, [kept], "account_key", "currency") == totals(
                accounts, [kept.replace("amount", "outstanding")], "account_key", "currency")
    for row in items:
        assert 0 <= row["disputed"] <= max(row["residual"], 0), row


SEARCH = settings(max_examples=12, deadline=None, derandomize=True,
                  suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@SEARCH
@given(ledger=ledgers())
def test_figures_agree_with_each_other_and_with_what_was_posted(
        company: Company, ledger: Ledger) -> None:
    company.post(ledger.rows())
    assert_figures_agree(company, ledger)


@settings(SEARCH, max_examples=4)
@given(ledger=ledgers(), order=st.randoms(use_true_random=False))
def test_rows_in_another_order_change_nothing(company: Company, ledger: Ledger, order: Any) -> None:
    def marts() -> list[list[str]]:
        return [sorted(map(str, company.mart(name))) for name in MARTS]

    rows = ledger.rows()
    company.post(rows)
    before = marts()
    company.post({table: order.sample(listed, len(listed)) for table, listed in rows.items()})
    assert marts() == before


@settings(SEARCH, max_examples=4)
@given(ledger=ledgers(), month_end=st.sampled_from(MONTH_ENDS))
def test_the_history_says_of_a_month_end_what_a_run_for_that_day_says(
        company: Company, ledger: Ledger, month_end: date) -> None:
    company.post(ledger.rows())
    history = [row for row in company.mart("ar_ageing_history") if row["as_of_date"] == month_end]
    company.post(ledger.rows(), as_of=month_end)
    assert sorted(map(str, history)) == sorted(map(str, company.mart("ar_ageing")))


def test_the_ledgers_that_are_drawn_hold_what_is_hard() -> None:
    """A search that never met a reversal would hold it proved."""
    met: dict[str, int] = defaultdict(int)

    @settings(SEARCH, max_examples=25)
    @given(ledger=ledgers())
    def look(ledger: Ledger) -> None:
        met["documents"] += len(ledger.documents)
        met["in effect"] += sum(a.in_effect(T) for a in ledger.allocations)
        met["in effect later"] += sum(
            a.in_effect(IN_THE_END) and not a.in_effect(T) for a in ledger.allocations)
        met["reversed"] += sum(a.reversed_on is not None for a in ledger.allocations)
        met["voided"] += sum(d.voided_on is not None for d in ledger.documents)
        met["instalments"] += len(ledger.instalments)
        met["negative"] += sum(d.amount < 0 for d in ledger.documents)
        met["discounts"] += sum(a.discount > 0 for a in ledger.allocations)
        met["across accounts"] += sum(a.debit.account != a.credit.account
                                      for a in ledger.allocations)

    look()
    assert len(met) == 9
    assert min(met.values()) >= 5, dict(met)
