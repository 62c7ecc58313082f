"""Whatever a ledger holds and whoever was written to, letters and statements add up.

The blocking checks, which find each wrong figure (test_checks_of_collections), find nothing.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from case_marts import Built
from hypothesis import given, settings
from hypothesis import strategies as st
from random_ledgers import ACCOUNTS, Ledger, Row, cents, days, ledgers
from test_checks_of_collections import compiled_checks
from test_random_ledgers import DRAWN, SEARCH, Company

MARTS = ("collection_letters", "collection_letter_lines", "customer_statements")
CHECKS = ("assert_a_letter_is_its_lines_less_credits_with_interest_and_fee",
          "assert_a_letter_asks_for_no_more_than_is_overdue",
          "assert_no_letter_level_is_sent_twice", "assert_statements_tie_out")
ASKED = ("erp_dunning_event", "erp_promise")
accounts = st.sampled_from(sorted(ACCOUNTS))


@st.composite
def histories(draw: st.DrawFn) -> dict[str, list[Row]]:
    """A ledger, the letters that were sent about any of its documents, and promises to pay."""
    ledger: Ledger = draw(ledgers())
    keys = st.sampled_from([document.key for document in ledger.documents])
    letters = [
        {"event_id": number, "account_id": draw(accounts),
         "level": draw(st.sampled_from([1, 1, 1, 2, 3])), "sent_on": draw(days),
         "channel": "email", "letter_ref": draw(st.integers(1, 5)),
         "documents": ";".join(map(str, draw(st.lists(keys, min_size=1, max_size=12)))),
         "state": draw(st.sampled_from(["sent", "sent", "sent", "cancelled"]))}
        for number in range(draw(st.integers(0, 10)))]
    promises = [
        {"promise_id": number, "account_id": draw(accounts),
         "document_id": draw(st.none() | keys), "promised_on": draw(days),
         "promise_date": draw(days), "amount": draw(cents),
         "kept": draw(st.sampled_from([None, None, "true", "false"]))}
        for number in range(draw(st.integers(0, 6)))]
    return ledger.rows() | {"erp_dunning_event": letters, "erp_promise": promises}


@pytest.fixture(scope="module")
def company(built: Built) -> Iterator[Company]:
    company = Company(built, MARTS, (*DRAWN, *ASKED), brought_forward="K1 K3 K5")
    company.con.execute("use mart")
    yield company
    company.con.close()


def test_letters_and_statements_add_up_whatever_the_ledger_holds(
        built: Built, company: Company) -> None:
    """A search that never met a void document or a discount would hold it proved."""
    checks = [compiled_checks(built)[name] for name in CHECKS]
    met: Counter[str] = Counter()

    @settings(SEARCH, max_examples=10)
    @given(rows=histories())
    def search(rows: dict[str, list[Row]]) -> None:
        company.post(rows)
        for check in checks:
            assert company.con.execute(check).fetchall() == []
        letters = company.mart("collection_letters")
        for key in ("letter_id", "letter_ref"):
            assert len({letter[key] for letter in letters}) == len(letters)
        met.update(f"level {letter['level']}" for letter in letters)
        met.update(line["line_type"] for line in company.mart("customer_statements"))

    search()
    assert {"level 1", "level 2", "open_item", "opening", "document", "settled_elsewhere",
            "closing"} <= {*met}, met


@settings(SEARCH, max_examples=2)
@given(rows=histories(), order=st.randoms(use_true_random=False))
def test_letters_do_not_depend_on_the_order_of_rows(
        company: Company, rows: dict[str, list[Row]], order: Any) -> None:
    def marts() -> list[list[str]]:
        return [sorted(map(str, company.mart(name))) for name in MARTS]

    company.post(rows)
    before = marts()
    company.post({table: order.sample(listed, len(listed)) for table, listed in rows.items()})
    assert marts() == before
