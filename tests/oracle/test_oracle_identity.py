"""Which company each account belongs to, against what the demo's generator knows."""

from __future__ import annotations

import csv
from datetime import date

from .conftest import DEFAULT_DAY, SEEDS, Marts


def truth() -> dict[str, dict[str, str]]:
    with (SEEDS / "truth" / "accounts.csv").open(encoding="utf-8", newline="") as file:
        return {f"{row['source']}/{row['account_id']}": row for row in csv.DictReader(file)}


def test_every_account_is_linked_to_its_company_and_only_where_the_evidence_allows(
    publications: dict[date, Marts],
) -> None:
    accounts = publications[DEFAULT_DAY].table("trading_accounts", "account_key")
    known = truth()
    wanted = {
        key: f"crm/{row['company_id']}" if row["links"] == "Yes" else None
        for key, row in known.items()
    }
    # What the CRM merged is one company.
    found = {key[0]: row["company_key"] for key, row in accounts.items() if key[0] in known}
    assert len(found) == len(known)
    wrong = {key: (wanted[key], found[key]) for key in wanted if wanted[key] != found[key]}
    assert wrong == {}


def test_a_fuzzy_name_waits_for_a_person_and_a_stranger_for_nobody(
    publications: dict[date, Marts],
) -> None:
    queue = publications[DEFAULT_DAY].table("match_review_queue", "account_key", "company_key")
    known = truth()
    fuzzy = {
        (key, f"crm/{row['company_id']}")
        for key, row in known.items()
        if row["evidence"] == "fuzzy name"
    }
    strangers = {key for key, row in known.items() if row["evidence"] == "not in the CRM"}
    assert fuzzy
    assert fuzzy - queue.keys() == set()
    assert {queue[pair]["reason"] for pair in fuzzy} == {"fuzzy"}
    assert strangers & {account for account, _ in queue} == set()
