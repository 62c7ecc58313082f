"""A paper: everything that a letter or a statement says, as text in the recipient's language.

A paper is made of one row of a mart and its lines. Layouts only place what stands here.
Not here: the words themselves (wording), the files (rendering).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from ..errors import ConfigurationError, closest
from ..settings import Letters, Sender
from ..store import digest
from .formats import Formats, address
from .wording import Wording

Row = Mapping[str, Any]
Kind = Literal["letter", "statement"]

# What a text of a customer may hold and no printed page can: XML refuses these as well.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")
AMOUNTS = ("overdue", "disputed", "promised", "credits", "interest", "fee", "to_pay",
           "opening_balance", "debits", "closing_balance", "not_due", "d1_30", "d31_60", "d61_90",
           "d90_plus", "unallocated_credit")
DAYS = ("as_of_date", "period_from", "pay_by", "last_sent_on")
TEXTS = ("letter_ref", "level", "last_level", "documents", "oldest_days", "account_name",
         "account_code", "account_id", "customer_id", "customer_name", "entity_name",
         "contact_name", "currency")
AGES = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "unallocated_credit")


@dataclass(frozen=True)
class Paper:
    """One letter or statement. `content` is what a layout is given: text, and lists of it."""

    id: str
    kind: Kind
    stem: str
    language: str
    as_of_date: date
    title: str
    sender: Sender
    sender_name: str
    content: dict[str, Any]

    @property
    def body(self) -> str:
        """Its text without its table, as a mail would have it."""
        parts = [self.content["salutation"], *self.content["before"], *self.content["after"],
                 self.content["regards"], self.sender.signature or self.sender_name]
        return "\n\n".join(parts)


class Writer:
    """Makes papers: knows the languages and the sender of each."""

    def __init__(self, letters: Letters, wording_of: Callable[[str], Wording]) -> None:
        self._letters = letters
        self._wording_of = cache(wording_of)

    def letter(self, row: Row, lines: Sequence[Row]) -> Paper:
        """One letter. Raises ConfigurationError where there are no words for its template."""
        language = self._language(row)
        words, formats = self._wording_of(language), Formats.of(language)
        template = row["template"]
        if template not in words.kinds():
            raise ConfigurationError(
                f"letter {row['letter_id']}: its template is {template!r} (dunning_policy, level "
                f"{row['level']}), and {words.named} has no words for it"
                f"{closest(str(template), words.kinds())}; add letters.{template} there")
        totals = [("items", row["asked"]), ("credits", -row["credits"]),
                  ("interest", row["interest"]), ("fee", row["fee"]), ("to_pay", row["to_pay"])]
        return self._paper(row, row["letter_id"], "letter", str(row["letter_ref"]),
                           f"letters.{template}", words, formats, totals,
                           [_letter_line(line, row["currency"], words, formats)
                            for line in lines], owed=row["to_pay"])

    def statement(self, row: Row, lines: Sequence[Row]) -> Paper:
        """One statement of account."""
        language = self._language(row)
        words, formats = self._wording_of(language), Formats.of(language)
        name = f"statement_{row['account_code'] or row['account_id']}_{row['currency']}"
        # A source that states live balances has no movements: all three are not known.
        totals = [("opening_balance", row["opening_balance"]), ("debits", row["debits"]),
                  ("credits_posted", row["credits"] and -row["credits"]),
                  ("closing_balance", row["closing_balance"])]
        paper = self._paper(row, row["statement_id"], "statement", name, "statement", words,
                            formats, totals,
                            [_statement_line(line, row["currency"], words, formats)
                             for line in lines], owed=row["closing_balance"])
        labels = words.group("ageing", self._values(row, formats))
        paper.content["ageing"] = {
            "title": labels["title"],
            "ages": [{"label": labels[age], "amount": formats.number(row[age], row["currency"])}
                     for age in AGES]}
        return paper

    def _language(self, row: Row) -> str:
        return self._letters.languages.get(row["country_code"] or "", self._letters.language)

    def _values(self, row: Row, formats: Formats) -> dict[str, str]:
        """What a text may say, by name: empty where there is nothing, so that it can ask."""
        currency = row["currency"]
        values = {name: formats.amount(row[name], currency) for name in AMOUNTS if name in row}
        values |= {name: formats.long_day(row[name]) for name in DAYS if name in row}
        values |= {name: printable(row[name]) for name in TEXTS if name in row}
        return values

    def _paper(self, row: Row, key: str, kind: Kind, name: str, text: str, words: Wording,
               formats: Formats, totals: Sequence[tuple[str, Decimal | None]],
               lines: list[dict[str, str]], *, owed: Decimal | None) -> Paper:
        sender = self._letters.sender_of(row.get("entity_key"))
        sender_name = sender.name or printable(row.get("entity_name")) or ""
        values = self._values(row, formats)
        values["sender_name"] = sender_name
        labels = words.group("totals", {"period_from": "", **values})
        facts = words.group("facts", values)
        subject = words.text(f"{text}.subject", values)
        content = {
            "language": formats.locale.language,
            "subject": subject,
            "as_of": formats.day(row["as_of_date"]),
            "sender": _sender(sender, sender_name, row["currency"]),
            "recipient": self._recipient(row, words, values, sender),
            "facts": [{"label": facts[name], "value": value} for name, value in (
                ("date", values["as_of_date"]), ("reference", values.get("letter_ref", "")),
                ("account", values["account_code"] or values["account_id"]),
                ("contact", sender.signature or ""), ("phone", sender.phone or ""),
                ("email", sender.email or "")) if value],
            "salutation": words.text("salutation", values),
            "before": words.texts(f"{text}.before", values),
            "columns": words.group("columns", values),
            "lines": lines,
            "totals": [{"label": labels[name], "amount": formats.number(amount, row["currency"]),
                        "is_sum": name in ("to_pay", "closing_balance")}
                       for name, amount in totals
                       if amount or (amount is not None
                                     and name in ("to_pay", "closing_balance"))],
            "currency": row["currency"],
            "after": words.texts(f"{text}.after", values),
            "payment": words.group("payment", values) | {
                "shown": "yes" if owed and owed > 0 and sender.bank else "",
                "for": values.get("letter_ref") or values["account_code"] or values["account_id"]},
            "regards": words.text("regards", values),
            "signature": sender.signature or sender_name,
            "page": re.split("[\u0001\u0002]", words.text(
                "page", {"page": "\u0001", "pages": "\u0002"})),
            "values": values,
        }
        return Paper(key, kind, _stem(name, key), formats.locale.language, row["as_of_date"],
                     subject, sender, sender_name, content)

    def _recipient(self, row: Row, words: Wording, values: Mapping[str, str],
                   sender: Sender) -> list[str]:
        code = row["country_code"]
        abroad = code and code != sender.country
        country = Formats.of(self._letters.language).country(code).upper() if abroad else ""
        attention = words.text("attention", values) if values["contact_name"] else ""
        parts = {name: printable(row[name]) for name in (
            "addressee", "address_line1", "address_line2", "city", "region", "postcode")}
        return address(parts | {"country_code": code}, attention=attention, country=country)


def printable(value: Any) -> str:
    """Text of a source as a page can show it: control characters and line ends become blanks."""
    return "" if value is None else UNPRINTABLE.sub(" ", str(value)).strip()


def _letter_line(line: Row, currency: str, words: Wording, formats: Formats) -> dict[str, str]:
    return _line(line, words, formats) | {
        "residual": formats.number(line["residual"], currency),
        "asked": formats.number(line["asked"], currency),
        "disputed": formats.amount(line["disputed"], currency),
        "interest": formats.amount(line["interest"], currency)}


def _statement_line(line: Row, currency: str, words: Wording, formats: Formats) -> dict[str, str]:
    own = words.group("line_types", {}).get(line["line_type"])
    cells = _line(line, words, formats)
    document = f"{own} {printable(line['document_no'])}".strip() if own else cells["document"]
    return cells | {
        "document": document, "document_date": formats.day(line["line_date"]),
        "debit": formats.number(line["debit"], currency) if line["debit"] else "",
        "credit": formats.number(line["credit"], currency) if line["credit"] else "",
        "balance": formats.number(line["balance"], currency),
        "is_sum": "yes" if line["line_type"] in ("opening", "closing") else ""}


def _line(line: Row, words: Wording, formats: Formats) -> dict[str, str]:
    types = words.group("document_types", {})
    kind = types.get(line["document_type"] or "", printable(line["document_type"]))
    return {
        "document": f"{kind} {printable(line['document_no'])}".strip(),
        "reference": printable(line["po_number"] or line["reference"]),
        "document_date": formats.day(line["document_date"]),
        "due_date": formats.day(line["due_date"]),
        "days_overdue": str(line["days_overdue"]) if (line["days_overdue"] or 0) > 0 else ""}


def _sender(sender: Sender, name: str, currency: str) -> dict[str, Any]:
    # Accounts kept in the letter's own currency come before, and instead of, those for any.
    own = [b for b in sender.bank if b.currency == currency]
    return {
        "name": name, "address": list(sender.address),
        "lines": [line for line in (*sender.address, sender.phone, sender.email, sender.website)
                  if line],
        "footer": list(sender.footer), "logo": sender.logo or "",
        "bank": [{"iban": b.iban, "bic": b.bic or "", "bank": b.bank or ""}
                 for b in own or [b for b in sender.bank if b.currency is None]]}


def _stem(name: str, key: str) -> str:
    """A file name that no file system minds; another letter of the same name has another."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")[:80] or "letter"
    return plain if plain == name else f"{plain}_{digest(key)[:6]}"
