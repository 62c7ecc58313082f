"""Which contract table an extract feeds, and which of its columns which of the table's.

A column is judged by its name, by what its cells are, and by whose keys its values stand among.
Not here: what no column states (deriving).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import schemas

from . import names, synonyms, vocabulary
from .folders import Group
from .samples import Sample
from .values import Column, Styles

# Above: sure; above: likely; above: a guess; below nothing is said.
SURE, LIKELY, GUESS = 0.88, 0.7, 0.38
# An extract that its name does not tell needs more of the required columns.
BY_NAME, BY_COLUMNS = 0.6, 0.8
SEVERAL_INPUTS = ("erp_ar_document", "erp_list_value")
# So many values are held against the keys of another table.
HELD_AGAINST = 1_000
# Columns that hold another table's key though the contract does not insist on it.
KEPT_ELSEWHERE = {
    "order_id": "erp_sales_order", "item_id": "erp_item", "order_line_id": "erp_sales_order_line",
    "shipment_line_id": "erp_shipment_line", "bill_to_account_id": "erp_account",
    "ordering_account_id": "erp_account", "parent_account_id": "erp_account",
    "payment_terms_code": "erp_payment_terms", "contact_id": "crm_contact",
    "opportunity_id": "crm_opportunity", "contract_id": "crm_service_contract",
    "campaign_id": "crm_campaign", "owner_user_id": "crm_user", "user_id": "crm_user",
    "quote_id": "crm_quote"}
_REFERS = ("_id", "_no", "_code", "_ref", "_number", "code", "territory", "salesperson", "_method",
           "reference", "carrier", "channel")
# Numbers that people know records by: often the key itself, so the key chooses first.
NUMBERS = {"account_code": "account_id", "document_no": "document_id", "order_no": "order_id",
           "item_code": "item_id", "shipment_no": "shipment_id", "return_no": "return_id",
           "quote_number": "quote_id", "order_number": "order_id", "letter_ref": "event_id"}
_SPECIAL = {"email": "e-mail addresses", "currency": "currency codes", "url": "web addresses",
            "vat": "VAT numbers"}
_SPECIAL_FOR = {"email": "email", "currency": "currency", "url": "website", "vat": "vat_number"}


@dataclass(frozen=True)
class Extract:
    """One extract as sampled: its newest file stands for all."""

    group: Group
    sample: Sample
    columns: tuple[Column, ...]
    style: Styles

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return self.group.name

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True)
class Guess:
    """What a contract column is mapped to, and how sure that is."""

    value: Any
    why: str


@dataclass(frozen=True)
class Match:
    """A column of an extract for a contract column: how well it fits, and why."""

    column: str
    score: float
    why: str

    @property
    def guess(self) -> Guess:
        """The match as a mapped column with its comment."""
        if self.score >= SURE:
            return Guess(self.column, f"sure{self.why and ': ' + self.why}")
        if self.score >= LIKELY:
            return Guess(self.column, f"likely: {self.why or 'the name is close'}")
        return Guess(self.column, f"guess: {self.why or 'the name is somewhat close'}")


@dataclass(frozen=True)
class Fit:
    """An extract as the feed of one contract table."""

    extract: Extract
    table: str
    matches: Mapping[str, Match]
    score: float
    by_name: float


@dataclass(frozen=True)
class Keys:
    """The keys of one contract table as its extracts have them, to hold references against."""

    extracts: tuple[str, ...]
    column: str
    values: frozenset[str]
    whole: bool

    @property
    def where(self) -> str:
        """Where they stand, in words."""
        return f"{self.extracts[0]}.{self.column}" if len(self.extracts) == 1 else (
            " and ".join(self.extracts))


def fits(extracts: Iterable[Extract], role: str) -> list[Fit]:
    """The best table for each extract that fits one, extracts in order.

    Twice: the tables found by names alone bring the keys that the values are held against.
    """
    extracts = list(extracts)
    candidates = [fit for extract in extracts for table in synonyms.tables(role)
                  if (fit := _fit(extract, table, {})) is not None]
    found = [_by_references(fit, extracts) for fit in _assigned(extracts, candidates)]
    keys: dict[str, Keys] = {}
    for fit in found:
        key = schemas.TABLES[fit.table].key
        if len(key) == 1 and key[0] in fit.matches:
            column = fit.matches[key[0]].column
            before = keys.get(fit.table, Keys((), column, frozenset(), True))
            keys[fit.table] = Keys(
                (*before.extracts, fit.extract.name), column,
                before.values | set(fit.extract.column(column).values),
                before.whole and fit.extract.sample.whole)
    again = [fit for first in candidates if (fit := _fit(first.extract, first.table, keys))]
    found = [_by_references(fit, extracts) for fit in _assigned(extracts, again)]
    return [*found, *_lines_beside_heads(found, keys)]


def _by_references(fit: Fit, extracts: list[Extract]) -> Fit:
    """Of two columns that may be the key, the one whose values more columns elsewhere hold."""
    for number, key in NUMBERS.items():
        ours, theirs = fit.matches.get(key), fit.matches.get(number)
        if ours and theirs and schemas.TABLES[fit.table].key == (key,):
            counted = {m.column: _references(fit.extract, m.column, extracts)
                       for m in (ours, theirs)}
            if counted[theirs.column] > counted[ours.column]:
                why = f"{counted[theirs.column]} columns of other files hold its values"
                swapped = {key: replace(theirs, score=LIKELY, why=why),
                           number: replace(ours, score=LIKELY)}
                return replace(fit, matches={**fit.matches, **swapped})
    return fit


def _references(extract: Extract, column: str, extracts: list[Extract]) -> int:
    """How many columns of other extracts hold values of this column and hardly any others."""
    known = set(extract.column(column).values)
    return sum(1 for other in extracts if other.name != extract.name for c in other.columns
               if len(held := c.values[:HELD_AGAINST]) > 1
               and sum(map(len, held)) >= 4 * len(held)
               and sum(v in known for v in held) >= 0.9 * len(held))


def _lines_beside_heads(found: list[Fit], keys: Mapping[str, Keys]) -> list[Fit]:
    """One file with both: the lines of heads whose extract states them too."""
    fed = {fit.table for fit in found}
    added = []
    for fit in found:
        line = f"{fit.table}_line"
        if line in schemas.TABLES and line not in fed:
            matches = _matches(fit.extract, schemas.TABLES[line], keys)
            needed = [c.name for c in schemas.TABLES[line].columns if not c.nullable]
            if all(c in matches and matches[c].score >= LIKELY for c in needed
                   if c not in STATED_OTHERWISE):
                added.append(Fit(fit.extract, line, matches, fit.score, fit.by_name))
    return added


def _assigned(extracts: list[Extract], candidates: list[Fit]) -> list[Fit]:
    """One table for each extract, one extract for each table but those of several inputs."""
    order = list(synonyms.TABLES)
    taken: dict[str, Fit] = {}
    tables: set[str] = set()
    for fit in sorted(candidates,
                      key=lambda f: (-f.score, order.index(f.table), f.extract.name)):
        if fit.extract.name not in taken and (fit.table not in tables
                                              or fit.table in SEVERAL_INPUTS):
            taken[fit.extract.name] = fit
            tables.add(fit.table)
    return [taken[e.name] for e in extracts if e.name in taken]


def _fit(extract: Extract, table: str, keys: Mapping[str, Keys]) -> Fit | None:
    contract = schemas.TABLES[table]
    by_name = names.closeness(extract.name, synonyms.TABLES[table], frozenset())
    matches = _matches(extract, contract, keys)
    # What is filled in without a column says nothing about the fit.
    needed = [c.name for c in contract.columns if not c.nullable and c.name not in STATED_OTHERWISE]
    required = sum(min(matches[c].score, 1) for c in needed if c in matches) / len(needed)
    used = len(matches) / max(len(extract.columns), 1)
    telling = (required >= BY_COLUMNS and used >= 0.4
               and (len(needed) >= 4 or len(matches) >= 6))
    if required < 0.4 or not (by_name >= BY_NAME or telling):
        return None
    identity = [k for k in contract.key if k not in STATED_OTHERWISE]
    if not any(k in matches for k in identity) and by_name < names.SHORTENED - 0.1:
        return None
    return Fit(extract, table, matches, 0.45 * by_name + 0.35 * required + 0.2 * used, by_name)


# Required columns that a constant, a name or another column can stand in for.
STATED_OTHERWISE = frozenset((
    "entity_id", "account_type", "status", "account_code", "document_no", "document_type", "sign",
    "exchange_rate", "base_amount", "currency", "order_no", "shipment_no", "return_no", "item_code",
    "uom", "is_stock", "is_service", "basis", "min_qty", "valid_from", "limit_currency", "on_hold",
    "bypass", "active", "list_name", "fulfilment_type", "is_closed_short", "is_won", "is_closed",
    "responded", "to_currency", "base_balance", "credit_amount", "quote_number", "order_number",
    "letter_ref", "channel", "state", "type"))


def _matches(extract: Extract, contract: schemas.Table,
             keys: Mapping[str, Keys]) -> dict[str, Match]:
    """The best column for each contract column, each column once."""
    context = frozenset({*vocabulary.words(extract.name),
                         *vocabulary.words(synonyms.TABLES[contract.name][0])})
    scored = []
    for position, wanted in enumerate(contract.columns):
        phrases = synonyms.of_column(contract.name, wanted.name)
        for place, column in enumerate(extract.columns):
            match = _judged(extract, column, contract, wanted, phrases, context, keys)
            if match is not None and match.score >= GUESS:
                later = 0.15 if wanted.name in NUMBERS and column.name != wanted.name else 0
                scored.append((-round(match.score - later, 3), wanted.name not in contract.key,
                               wanted.nullable, position, place, wanted.name, match))
    found: dict[str, Match] = {}
    taken: set[str] = set()
    for *_, name, match in sorted(scored, key=lambda s: s[:5]):
        if name not in found and match.column not in taken:
            found[name] = match
            taken.add(match.column)
    found |= _only_one_left(extract, contract, found, taken)
    return {c.name: found[c.name] for c in contract.columns if c.name in found}


def _judged(extract: Extract, column: Column, contract: schemas.Table, wanted: schemas.Column,
            phrases: tuple[str, ...], context: frozenset[str],
            keys: Mapping[str, Keys]) -> Match | None:
    score = names.closeness(column.name, phrases, context)
    why = ""
    special = _SPECIAL_FOR.get(column.kind) == wanted.name
    if not score and not special and _keys_of(contract.name).get(wanted.name) not in keys:
        return None
    fitting = content_fit(column, wanted)
    if fitting is None:
        return None
    if "id" in vocabulary.words(column.name) and not wanted.name.endswith(_REFERS):
        # The number of an address is no address.
        score = score * 0.6 if wanted.sql_type == "VARCHAR" else 0.0
    if score < GUESS and special:
        score, why = 0.5, f"{column.share} % of its values are {_SPECIAL[column.kind]}"
    if fitting < 1 and column.kind == "empty":
        why = "it holds nothing so far"
    score *= fitting
    if contract.key == (wanted.name,) and score and column.total > 1:
        # A key that stands twice is none; a handful of doubles may be mishaps.
        distinct = 100 * column.distinct // column.total
        once = column.distinct / column.total
        score = min(1.0, score + 0.04) if column.unique else score * (
            once ** 6 if distinct >= 90 else 0.5)
        why = why or ("" if column.unique else f"{distinct} % of its values stand once")
    if wanted.name == "entity_id" and column.distinct > max(1, column.total // 2):
        score *= 0.6  # a ledger has few companies
    telling = (wanted.sql_type != "VARCHAR" or wanted.unit or column.kind not in ("text", "whole")
               or contract.key == (wanted.name,))
    single = len(vocabulary.words(column.name)) == 1 and column.name.lower() not in wanted.name
    if single and not telling:
        score = min(score, SURE - 0.01)
    score, seen = _by_keys(extract, column, contract, wanted, score, keys)
    return Match(column.name, score, seen or why) if score else None


def content_fit(column: Column, wanted: schemas.Column) -> float | None:
    """How well a column's cells fit a contract column's type, None where they cannot."""
    kind, sql_type = column.kind, wanted.sql_type
    if kind == "empty":
        return 0.7
    digits = all(v in ("0", "1") for v in column.values)
    if sql_type == "DATE":
        return {"date": 1.0, "timestamp": 0.9}.get(kind)
    if sql_type == "TIMESTAMP":
        return {"timestamp": 1.0, "date": 0.85}.get(kind)
    if sql_type == "BOOLEAN":
        return 1.0 if kind == "flag" or digits else 0.6 if len(column.values) <= 2 else None
    if sql_type == "INTEGER":
        return 1.0 if kind == "whole" or (kind == "flag" and digits) else None
    if sql_type.startswith("DECIMAL"):
        return 1.0 if column.numeric or (kind == "flag" and digits) else None
    if wanted.unit == "ISO 4217 code":
        return 1.0 if kind == "currency" else None
    if wanted.unit == "ISO 3166 alpha-2 code":
        return 1.0 if kind in ("country", "currency") or all(
            len(v) == 2 and v.isupper() for v in column.values) else None
    if kind in ("date", "timestamp") or (kind == "number" and wanted.name.endswith("_id")):
        return None
    if wanted.name == "email":
        return 1.0 if kind == "email" else 0.5
    return 0.7 if kind in ("flag", "email", "currency") and wanted.name.endswith("_id") else 1.0


def _by_keys(extract: Extract, column: Column, contract: schemas.Table, wanted: schemas.Column,
             score: float, keys: Mapping[str, Keys]) -> tuple[float, str]:
    """The score once the values are held against the keys of the table that they should be of."""
    parent = keys.get(_keys_of(contract.name).get(wanted.name, ""))
    if parent is None or extract.name in parent.extracts or not column.values:
        return score, ""
    held = column.values[:HELD_AGAINST]
    percent = 100 * sum(v in parent.values for v in held) // len(held)
    seen = f"{percent} % of its values stand in {parent.where}"
    telling = len(held) >= 5 and sum(map(len, held)) >= 4 * len(held)
    if percent >= 90 and (score or telling):
        return (min(1.0, score + 0.2) if score else 0.55), seen
    if percent < 10 and parent.whole and len(column.values) >= 10:
        return score * 0.5, f"only {seen}"
    return score, seen if score and percent >= 50 else ""


@lru_cache(maxsize=128)
def _keys_of(table: str) -> dict[str, str]:
    """The tables whose keys a table's columns hold."""
    return {k: t for k, t in KEPT_ELSEWHERE.items() if t != table} | {
        r.columns[0]: r.table for r in schemas.TABLES[table].references}


def _only_one_left(extract: Extract, contract: schemas.Table, found: Mapping[str, Match],
                   taken: set[str]) -> dict[str, Match]:
    """A required date or amount that no name told, where one column alone can be it."""
    added = {}
    for sql_type, words in (("DATE", "dates"), ("DECIMAL", "numbers")):
        wanted = [c for c in contract.columns if not c.nullable and c.name not in found
                  and c.name not in STATED_OTHERWISE and c.sql_type.startswith(sql_type)]
        kinds = ("date", "timestamp") if sql_type == "DATE" else ("number",)
        left = [c for c in extract.columns if c.name not in taken and c.kind in kinds]
        if len(wanted) == len(left) == 1:
            added[wanted[0].name] = Match(
                left[0].name, GUESS, f"the only column of {words} left, {left[0].share} % of them")
    return added
