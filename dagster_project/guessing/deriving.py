"""What the contract asks for and no column states: constants, and words translated.

A guess here is an assumption, and its comment says so; what cannot be assumed is left to do.
Not here: which column is which (fitting), rows that no extract delivers (undelivered).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import schemas

from ..casting import FALSE_WORDS, TRUE_WORDS, literal, quoted
from . import vocabulary, words_of_values
from .fitting import LIKELY, NUMBERS, Extract, Fit, Guess
from .values import FOREIGN_FLAGS, Column
from .vocabulary import CURRENCIES

ENTITY = "E1"
# A column of more different words than this is no column of states.
MOST_WORDS = 25
LONG_AGO = date(2000, 1, 1)
DEBITS = ("invoice", "refund", "finance_charge", "payment_return")
# Kind of document and its sign, by the words of an extract's name.
KINDS = (("credit", "credit_note", -1), ("receipt", "receipt", -1), ("invoice", "invoice", 1))
# The column that another one can stand in for.
TWINS = {**NUMBERS, "name": "account_id", "credit_amount": "amount", "base_balance": "balance"}
ASSUMED: dict[str, tuple[Any, str]] = {
    "account_type": ("open_item", "assumed: receipts settle single documents"),
    "is_stock": (True, "assumed"), "is_service": (False, "assumed"), "uom": ("EA", "assumed"),
    "min_qty": (1, "assumed"), "valid_from": (LONG_AGO, "assumed: always valid"),
    "on_hold": (False, "assumed: nobody is on hold by hand"), "bypass": (False, "assumed"),
    "active": (True, "assumed"), "basis": ("document_date", "assumed"),
    "fulfilment_type": ("stock", "assumed: everything ships from stock"),
    "is_closed_short": (False, "assumed"), "responded": (False, "assumed")}
# An amount and its value in base currency.
AMOUNTS = (("amount", "base_amount"), ("balance", "base_balance"))
ASSUMED_STATUS = {"erp_account": "active", "erp_item": "active", "erp_ar_document": "posted"}
_RESERVED = """
all and any as asc between both case cast check collate column constraint
create cross default desc distinct do else end except exists false fetch for foreign from full
grant group having if in inner intersect into is join key lateral leading left like limit natural
not null offset on only or order outer primary references right select some sum table then to
trailing true union unique using values when where window with date time timestamp interval
"""
RESERVED = frozenset(_RESERVED.split())


@dataclass(frozen=True)
class Firm:
    """What holds for the whole source: its base currency, and that of each ledger company."""

    currency: Guess | None
    entities: dict[str, Guess | None] = field(default_factory=dict)

    @property
    def base(self) -> str | None:
        """The code of the base currency, where anything tells it."""
        return self.currency.value if self.currency else None


@dataclass(frozen=True)
class Input:
    """One mapped input, as it is to be written down."""

    table: str
    columns: dict[str, Guess]
    extract: Extract | None = None
    name: str | None = None
    rows: tuple[dict[str, Guess], ...] = ()
    options: dict[str, Guess] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def identifier(name: str) -> str:
    """A column as it stands in SQL: in quotes only where it must be."""
    plain = name.isidentifier() and name.isascii() and name.lower() not in RESERVED
    return name if plain else quoted(name)


def sql(text: str) -> dict[str, str]:
    """An expression as the configuration has it."""
    return {"sql": text}


def firm_of(fits: Sequence[Fit], given: str | None) -> Firm:
    """The base currency and the ledger companies that the extracts tell."""
    equal: Counter[tuple[str, str]] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    entities: dict[str, None] = {}
    for fit in fits:
        at = {name: fit.extract.sample.columns.index(match.column)
              for name, match in fit.matches.items()}
        for record in fit.extract.sample.records:
            cells = {name: record[place].strip() for name, place in at.items()}
            entity, code = cells.get("entity_id", ""), cells.get("currency", "")
            entities |= {entity: None} if entity else {}
            seen[entity, code] += bool(code)
            equal[entity, code] += any(cells.get(ours) and cells[ours] == cells.get(base)
                                       for ours, base in AMOUNTS)
    known = Guess(given, "as given") if given else None if +seen else _in_headers(fits)
    if known:
        return Firm(known, dict.fromkeys(sorted(entities), known))
    companies = {entity: _commonest(entity, equal, seen) for entity in sorted(entities)}
    return Firm(_commonest(None, equal, seen), companies)


def _in_headers(fits: Iterable[Fit]) -> Guess | None:
    """The currency that the header of an amount names."""
    told = sorted((code, c.name) for fit in fits for c in fit.extract.columns if c.numeric
                  for code in re.findall(r"\b[A-Z]{3}\b", c.name) if code in CURRENCIES)
    return Guess(told[0][0], f"likely: a column is called {told[0][1]}") if told else None


def _commonest(entity: str | None, equal: Counter[tuple[str, str]],
               seen: Counter[tuple[str, str]]) -> Guess | None:
    """The currency of most records of an entity, or of all where it is None."""
    for counted, why in ((equal, "amounts in it equal their base amounts"),
                         (seen, "the commonest currency code")):
        codes: Counter[str] = Counter()
        for (of, code), count in counted.items():
            codes[code] += count if entity in (None, of) else 0
        if codes := +codes:
            # Where an empty code means the base currency, the codes seen are the others.
            told = [code for code in codes if code]
            return Guess(min(told, key=lambda c: (-codes[c], c)), f"guess: {why}"
                         ) if told else None
    return None


def todo(column: schemas.Column) -> Guess:
    """What nobody could guess."""
    wanted = column.description
    if column.unit == "ISO 4217 code":
        wanted = "no column has currency codes; {constant: EUR} if it is always the same"
    return Guess({"todo": wanted}, "unmapped, required")


def mapped(fit: Fit, firm: Firm) -> Input:
    """An extract's input of a table: its columns, what is assumed, what is left to do."""
    contract = schemas.TABLES[fit.table]
    columns: dict[str, Guess] = {}
    for column in contract.columns:
        guess = _stated(fit, column, firm)
        if guess is None and not column.nullable:
            guess = _unstated(fit, column, firm, columns) or todo(column)
        if guess is not None:
            columns[column.name] = guess
    options = {}
    key = [fit.matches[k].column for k in contract.key if k in fit.matches]
    if f"{fit.table}_line" in schemas.TABLES and key and _repeats(fit, key):
        options["unique_by"] = Guess({"columns": key},
                                     "guess: the file has a line for each line of it")
    return Input(fit.table, columns, fit.extract, fit.extract.name, (), options)


def _repeats(fit: Fit, key: Sequence[str]) -> bool:
    """Whether an extract has several lines of one key: less than nine of ten values are new."""
    column = fit.extract.column(key[0])
    return len(key) == 1 and column.distinct < 0.9 * column.filled


def _stated(fit: Fit, column: schemas.Column, firm: Firm) -> Guess | None:
    """The column that a match found, in the contract's words where its own are others."""
    match = fit.matches.get(column.name)
    if match is None:
        return None
    cells = fit.extract.column(match.column)
    guess = match.guess
    if column.name in ASSUMED and match.score < LIKELY and cells.filled < cells.total:
        return None  # the usual thing is better than a doubtful column with gaps
    allowed = words_of_values.allowed(fit.table, column.name)
    if allowed:
        guess = _translated(fit.table, column, cells, allowed)
        # Another kind of kind (paper, electronic) says nothing of what a document is.
        strange = column.name == "document_type" and "todo" in guess.value
        return None if strange else guess
    if column.sql_type == "BOOLEAN":
        return _flag(cells, guess)
    if column.name == "currency" and cells.filled < cells.total and not column.nullable:
        if firm.base:
            return Guess(sql(f"coalesce({identifier(cells.name)}, {literal(firm.base)})"),
                         f"guess: an empty cell is taken as {firm.base}")
        return Guess(cells.name, "guess: some cells are empty")
    return guess


def _translated(table: str, column: schemas.Column, cells: Column,
                allowed: Sequence[str]) -> Guess:
    """A column of words as the contract's words; one that nobody knows stays as it is."""
    if len(cells.values) > MOST_WORDS:
        return todo(column)
    header = vocabulary.words(cells.name)
    known = {value: word for value in sorted(cells.values)
             if (word := words_of_values.meaning(table, column.name, header, value))}
    unknown = [v for v in cells.values if v not in known]
    empty = cells.filled < cells.total
    blank = ASSUMED_STATUS.get(table) if column.name == "status" else None
    if not known and (unknown or not blank):
        shown = ", ".join(unknown[:8])
        return Guess({"todo": f"what the words of {cells.name} mean ({shown}); one of "
                              f"{', '.join(allowed)}"}, "unmapped, required")
    if not unknown and all(v == w for v, w in known.items()) and not empty:
        return Guess(cells.name, "sure: its words are the contract's")
    name = identifier(cells.name)
    cases = words_of_values.as_sql(known)
    rest = f"coalesce({name}, {literal(blank)})" if empty and blank else name
    text = f"case {name} {cases} else {rest} end" if cases else rest
    doubt = f"; not known: {', '.join(unknown[:8])}" if unknown else ""
    return Guess(sql(text), f"guess: by the words{doubt}")


def _flag(cells: Column, guess: Guess) -> Guess:
    """A yes or no; the words of other languages are translated."""
    folded = {v.lower(): v for v in cells.values}
    if folded.keys() <= {*TRUE_WORDS, *FALSE_WORDS}:
        return guess
    foreign = {v: FOREIGN_FLAGS[f] for f, v in folded.items() if f in FOREIGN_FLAGS}
    if not foreign:
        return guess
    name = identifier(cells.name)
    cases = words_of_values.as_sql(dict(sorted(foreign.items())))
    return Guess(sql(f"case {name} {cases} else {name} end"), guess.why)


def _unstated(fit: Fit, column: schemas.Column, firm: Firm,
              columns: dict[str, Guess]) -> Guess | None:
    """A required column that no column was found for: from another one, or assumed."""
    name, table = column.name, fit.table
    if table == "erp_ar_document" and name in ("document_type", "sign", "exchange_rate",
                                               "base_amount"):
        return _of_document(fit, name, columns)
    if name == "entity_id":
        if len(firm.entities) > 1:
            return None
        return Guess({"constant": next(iter(firm.entities), ENTITY)},
                     "assumed: one ledger company, see erp_entity")
    if name in ("currency", "limit_currency", "to_currency"):
        return _base(firm)
    if name == "exchange_rate":
        return Guess({"constant": 1}, "assumed: documents are in the base currency")
    if name == "base_amount" and "amount" in columns:
        return replace(columns["amount"], why="assumed: amounts are in the base currency")
    if name == "document_date" and "posting_date" in fit.matches:
        return Guess(fit.matches["posting_date"].column, "guess: the same as posting_date")
    if name in TWINS and TWINS[name] in columns:
        return replace(columns[TWINS[name]], why=f"guess: the same as {TWINS[name]}")
    if name == "status" and table in ASSUMED_STATUS:
        return Guess({"constant": ASSUMED_STATUS[table]}, "assumed")
    if name in ("is_won", "is_closed") and "stage" in fit.matches:
        stage = identifier(fit.matches["stage"].column)
        lost = "" if name == "is_won" else ", 'lost', 'closed lost', 'closedlost', 'verloren'"
        return Guess(sql(f"lower({stage}) in ('won', 'closed won', 'closedwon', 'gewonnen'"
                         f"{lost})"), "guess: by the words of the stage")
    if schemas.TABLES[table].key == (name,):
        return _composed(fit, columns)
    if name in ASSUMED:
        return Guess({"constant": ASSUMED[name][0]}, ASSUMED[name][1])
    return None


def _base(firm: Firm) -> Guess | None:
    if not firm.currency:
        return None
    return Guess({"constant": firm.base}, "assumed: the base currency")


def _composed(fit: Fit, columns: dict[str, Guess]) -> Guess | None:
    """A key made of the head's key and the line's number, where both are there."""
    head = next((fit.matches[r.columns[0]].column for r in schemas.TABLES[fit.table].references
                 if r.columns[0] in fit.matches), None)
    line = fit.matches.get("line_no")
    if not head or not line:
        return None
    both = f"{identifier(head)} || '-' || {identifier(line.column)}"
    return Guess(sql(both), "guess: no column is unique, these two together are")


def _of_document(fit: Fit, name: str, columns: dict[str, Guess]) -> Guess | None:
    """Kind, sign and rate of receivable documents, by the extract's name and other columns."""
    kind = columns.get("document_type")
    if name == "document_type":
        named = set(vocabulary.words(fit.extract.name))
        if "journal" in named:
            return None
        for word, kind_of, _ in KINDS:
            if word in named:
                return Guess({"constant": kind_of}, f"likely: the file is called "
                                                    f"{fit.extract.name}")
        return Guess({"constant": "invoice"}, "guess: every line is an invoice")
    if name == "sign" and kind is not None:
        if isinstance(kind.value, dict) and "constant" in kind.value:
            constant = kind.value["constant"]
            return Guess({"constant": 1 if constant in DEBITS else -1}, "by its kind")
        return _sign_of_side(fit) or _sign_of_kind(kind)
    if name == "exchange_rate":
        return Guess({"constant": 1}, "assumed: documents are in the base currency")
    if name == "base_amount" and "amount" in columns:
        rate = fit.matches.get("exchange_rate")
        amount = fit.matches.get("amount")
        if rate and amount:
            return Guess(sql(f"number({identifier(amount.column)}) * "
                             f"number({identifier(rate.column)})"), "guess: amount x rate")
        return replace(columns["amount"], why="assumed: amounts are in the base currency")
    return None


def _sign_of_side(fit: Fit) -> Guess | None:
    """The sign by a column of debit and credit marks (D and C, S and H)."""
    for column in fit.extract.columns:
        marks = {v.upper() for v in column.values}
        if len(marks) == 2 and marks in ({"D", "C"}, {"S", "H"}, {"DEBIT", "CREDIT"},
                                         {"SOLL", "HABEN"}):
            debit = next(v for v in column.values if v.upper()[0] in "DS")
            credit = next(v for v in column.values if v != debit)
            return Guess(sql(f"case {identifier(column.name)} when {literal(debit)} then 1 "
                             f"when {literal(credit)} then -1 end"),
                         f"likely: {column.name} says debit or credit")
    return None


def _sign_of_kind(kind: Guess) -> Guess | None:
    stated = kind.value
    if not isinstance(stated, dict) or "sql" not in stated:
        return None
    listed = ", ".join(literal(word) for word in DEBITS)
    return Guess(sql(f"case when ({stated['sql']}) in ({listed}) then 1 else -1 end"),
                 "guess: by its kind; look at journals and opening balances")
