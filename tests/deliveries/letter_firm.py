"""A firm that sends letters: a dunning policy, a letterhead, and marts filled by hand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import hand_marts
import yaml

from dagster_project import correspondence, publication
from dagster_project.correspondence import Rendered
from dagster_project.settings import Configuration, load

CONFIGURATION: dict[str, Any] = {
    "company": "Ash & Birch", "reporting_currency": "EUR", "as_of_date": hand_marts.DAY,
    "sources": [{
        "name": "steward", "role": "steward", "connection": {"path": "."},
        "tables": {"dunning_policy": {"rows": [
            {"level": 1, "days_overdue": 7, "days_since_last": 0, "channel": "letter",
             "template": "reminder", "minimum_amount": 25}]}}}],
    "letters": {
        "language": "en_GB", "languages": {"DE": "de"},
        "sender": {
            "name": "Ash & Birch Ltd", "address": ["1 High Street", "Leeds LS1 1AA"],
            "country": "GB", "signature": "Credit control",
            "bank": [{"iban": "GB33 BUKB 2020 1555 5555 55"},
                     {"iban": "DE89 3704 0044 0532 0130 00", "currency": "EUR"}],
            "footer": ["Registered in England 123456"]}}}


def letter(key: str, **changes: Any) -> dict[str, Any]:
    """A first reminder of 100 overdue with a fee of 10, to a customer in Leeds."""
    return {
        "letter_id": f"atlas/{key}/1", "letter_ref": f"{key}-1", "source": "atlas",
        "account_key": f"atlas/{key}", "account_id": key, "account_code": key,
        "account_name": f"Firm {key}", "addressee": f"Firm {key}", "customer_id": f"C-{key}",
        "address_line1": "2 Low Street", "postcode": "LS2 2BB", "city": "Leeds",
        "country_code": "GB", "level": 1, "template": "reminder", "channel": "letter",
        "currency": "GBP", "overdue": Decimal(100), "asked": Decimal(100), "fee": Decimal(10),
        "to_pay": Decimal(110), "document_ids": "D1", "as_of_date": hand_marts.DAY,
        "pay_by": "2026-07-14", **changes}


def line(letter_id: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    """An invoice of 100, 20 days overdue."""
    return {
        "letter_id": letter_id, "line_no": number, "document_type": "invoice",
        "document_no": f"I-{number}", "document_date": "2026-05-11", "due_date": "2026-06-10",
        "days_overdue": 20, "residual": Decimal(100), "asked": Decimal(100), **changes}


def header(key: str, **changes: Any) -> dict[str, Any]:
    """A statement: 100 brought forward, 50 invoiced, 30 paid."""
    shared = {name: value for name, value in letter(key).items() if name in {
        c["name"] for c in hand_marts.models()["customer_statement_headers"]}}
    return shared | {
        "statement_id": f"atlas/{key}/GBP", "opening_balance": Decimal(100),
        "debits": Decimal(50), "credits": Decimal(30), "closing_balance": Decimal(120),
        "overdue": Decimal(70), "not_due": Decimal(50), "d31_60": Decimal(70),
        "period_from": "2026-06-01", **changes}


def entry(statement_id: str, number: int, kind: str, debit: int, credit: int, balance: int,
          **changes: Any) -> dict[str, Any]:
    return {"statement_id": statement_id, "line_no": number, "line_type": kind,
            "line_date": "2026-06-15", "debit": Decimal(debit), "credit": Decimal(credit),
            "balance": Decimal(balance), **changes}


class Firm:
    """The firm's configuration and what it published."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.marts: dict[str, list[dict[str, Any]]] = {
            name: [] for name in ("collection_letters", "collection_letter_lines",
                                  "customer_statement_headers", "customer_statements")}
        self.configure()

    def configure(self, **letters: Any) -> None:
        stated = CONFIGURATION | {"letters": CONFIGURATION["letters"] | letters}
        text = yaml.safe_dump(stated, sort_keys=False, allow_unicode=True)
        self.path.write_text(text, encoding="utf-8")

    @property
    def path(self) -> Path:
        return self.root / "customer360.yaml"

    @property
    def configuration(self) -> Configuration:
        return load(self.path)

    def owes(self, key: str, lines: int = 1, **changes: Any) -> None:
        """Let an account be due a letter with so many lines."""
        row = letter(key, **changes)
        self.marts["collection_letters"].append(row)
        self.marts["collection_letter_lines"] += [
            line(row["letter_id"], number) for number in range(1, lines + 1)]

    def publish(self, *, past: bool = False) -> publication.Publication:
        return hand_marts.publish(self.configuration.store, self.marts, past=past)

    def render(self, which: correspondence.Which = "letters", **wanted: Any) -> Rendered:
        version = publication.readable(self.configuration.store, None)
        return correspondence.render(self.configuration,
                                     correspondence.choose(which, version, **wanted))

    def template(self, name: str, content: str) -> Path:
        """Lay a template of the firm's own down."""
        folder = self.root / "templates"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
        self.configure(templates="templates")
        return folder / name

