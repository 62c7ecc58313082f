"""What the generator knows and no system says: for tests only, never an input of the product."""

from collections.abc import Iterable

from .accounts import Opener
from .backlog import Backlog
from .crm_sales import Sales
from .facts import Row
from .files import Extract, extract
from .ledger import Ledger
from .mishaps import Mishaps
from .plans import PLANS
from .spoil import BadRow


def _file(name: str, rows: Iterable[Row]) -> Extract:
    return extract(f"truth/{name}.csv", rows)


def accounts(ledgers: list[Ledger]) -> Extract:
    """Which company an account belongs to, and the evidence that should link it."""
    return _file("accounts", (
        {
            "source": ledger.name, "account_id": a.id,
            "company_id": a.company.id if a.company else None, "evidence": a.evidence,
            "links": _links(a.evidence),
        }
        for ledger in ledgers for a in ledger.accounts
    ))  # fmt: skip


def _links(evidence: str) -> bool:
    if "steward" in evidence:
        return not evidence.endswith("reject")
    return evidence not in ("fuzzy name", "not in the CRM") and not evidence.startswith("tie")


def credit(ledgers: list[Ledger]) -> Extract:
    """The planted credit situations; every account that is not here is in order."""
    return _file("credit", (
        {
            "source": ledger.name, "account_id": a.id,
            "company_id": a.company.id if a.company else None, "plan": a.plan,
            "held": PLANS[a.plan][1], "reasons": PLANS[a.plan][2],
        }
        for ledger in ledgers for a in ledger.accounts if a.plan != "ordinary"
    ))  # fmt: skip


def documents(books: list[Mishaps]) -> Extract:
    return _file("documents", (
        {
            "source": found.ledger.name, "document_id": document.id, "document_no": document.no,
            "account_id": document.account.id, "situation": kind, "detail": detail,
        }
        for found in books for kind, document, detail in found.notes
    ))  # fmt: skip


def orders(books: list[Backlog], sales: Sales) -> Extract:
    rows: list[Row] = [
        {"source": found.ledger.name, "kind": "order", "id": order.id, "situation": kind}
        for found in books for kind, order in found.notes
    ]  # fmt: skip
    for kind, papers in (("crm quote", sales.quotes), ("crm order", sales.orders)):
        rows += [
            {"source": "crm", "kind": kind, "id": paper.id, "situation": paper.note}
            for paper in papers if paper.note
        ]  # fmt: skip
    return _file("orders", rows)


def situations(opener: Opener, deleted: str) -> Extract:
    found = [*opener.knots, ("deleted in the newer extract", "borealis", deleted, "")]
    found += [
        ("merged company" if c.merged_into else "duplicate company", "crm", c.id, c.duplicate_of)
        for c in opener.world.companies if c.duplicate_of
    ]  # fmt: skip
    found.append(("control account differs", "atlas", "1400", "1190.00 EUR, entry 990002"))
    return _file("situations", (
        dict(zip(("situation", "source", "record", "detail"), row, strict=True)) for row in found
    ))  # fmt: skip


def bad_rows(found: list[BadRow]) -> Extract:
    return _file("bad_rows", (
        {
            "file": bad.extract.path, "line": bad.extract.line_of(bad.row), "key": bad.key,
            "fault": bad.fault, "outcome": bad.outcome,
        }
        for bad in found
    ))  # fmt: skip
