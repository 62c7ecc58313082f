"""Rows that no extract delivers, from those that do: ledger companies, accounts that documents
name, receipts and allocations from the day an invoice was settled.

Not here: columns of what is delivered (deriving).
"""

from collections.abc import Sequence
from dataclasses import replace

import schemas

from ..casting import TRUE_WORDS, literal
from . import deriving, joining, vocabulary
from .deriving import Firm, Input, identifier, sql
from .fitting import Fit, Guess
from .values import FOREIGN_FLAGS, Column

SETTLED = ({"settled", "date"}, {"settled"}, {"receipt", "date"}, {"settled", "receipt", "date"})


def inputs(fits: Sequence[Fit], firm: Firm, role: str) -> list[Input]:
    """Every mapped input, with what is assumed and what is left to do, tables in order."""
    found = joining.joined([deriving.mapped(fit, firm) for fit in fits])
    if role == "erp":
        found += _settlements(found)
        found += _accounts_from_documents(found)
        found.append(_entities(firm))
    fed = {i.table for i in found}
    for table in schemas.TABLES.values():
        if table.required and table.role == role and table.name not in fed:
            found.append(Input(table.name, {}, rows=({
                c.name: deriving.todo(c) for c in table.columns if not c.nullable},),
                notes=("No extract looks like this table.",)))
    order = list(schemas.TABLES)
    return sorted(found, key=lambda i: order.index(i.table))


def _settlements(found: Sequence[Input]) -> list[Input]:
    """Receipts and allocations from the day each invoice was settled, where nothing else says."""
    if any(i.table == "erp_ar_allocation" for i in found):
        return []
    for made in found:
        if made.table != "erp_ar_document" or made.extract is None or (
                "open_amount" in made.columns
                or made.columns["document_type"].value != {"constant": "invoice"}
                or not {"amount", "base_amount"} <= set(made.columns)):
            continue
        day = next((c for c in made.extract.columns if c.kind in ("date", "timestamp")
                    and set(vocabulary.words(c.name)) in SETTLED), None)
        number = made.columns.get("document_id")
        if day is None or number is None or not isinstance(number.value, str):
            continue
        name = identifier(number.value)
        receipt = Guess(sql(f"'R' || {name}"), "made up: one receipt for each invoice")
        settled = Guess(day.name, "likely: the day it was paid in full")
        where = Guess(f"{identifier(day.name)} is not null",
                      "what is not settled has no receipt")
        columns = made.columns | {
            "document_id": receipt, "document_no": receipt, "document_date": settled,
            "document_type": Guess({"constant": "receipt"}, ""),
            "sign": Guess({"constant": -1}, "")}
        for gone in ("due_date", "posting_date", "net_amount", "tax_amount", "freight_amount",
                     "order_id", "po_number", "open_amount"):
            columns.pop(gone, None)
        same = Guess(made.columns["amount"].value, "all of it, on that day")
        return [
            Input("erp_ar_document", columns, made.extract, f"{made.extract.name}_receipts", (),
                  {"where": where}, ("No extract of receipts: each is made from the day its "
                                     "invoice was settled.",)),
            Input("erp_ar_allocation", {
                "allocation_id": replace(number, why=""), "debit_document_id":
                replace(number, why=""), "credit_document_id": receipt,
                "allocation_date": settled, "amount": same, "credit_amount": same,
                "base_amount": Guess(made.columns["base_amount"].value, "")},
                made.extract, None, (), {"where": where}),
            *_disputes(made, day, number)]
    return []


def _disputes(made: Input, settled: Column, number: Guess) -> list[Input]:
    """Disputes from a flag on the invoice."""
    flag = next((c for c in made.extract.columns if c.kind == "flag"
                 and "dispute" in vocabulary.words(c.name)), None) if made.extract else None
    yes = next((v for v in flag.values if v.lower() in TRUE_WORDS
                or FOREIGN_FLAGS.get(v.lower()) == "yes"), None) if flag else None
    if flag is None or yes is None:
        return []
    return [Input("erp_dispute", {
        "dispute_id": replace(number, why=""), "document_id": replace(number, why=""),
        "amount": replace(made.columns["amount"], why="assumed: all of it"),
        "closed_on": Guess(settled.name, "assumed: it ended with the settlement")},
        made.extract, None, (), {"where": Guess(
            f"{identifier(flag.name)} = {literal(yes)}", "guess: by its name")})]


def _accounts_from_documents(found: Sequence[Input]) -> list[Input]:
    """The accounts that documents name, where no extract has customers."""
    if any(i.table == "erp_account" for i in found):
        return []
    for made in found:
        account = made.columns.get("account_id")
        if made.table not in ("erp_ar_document", "erp_sales_order") or account is None or (
                not isinstance(account.value, str) or made.extract is None):
            continue
        entity = made.columns["entity_id"]
        if isinstance(entity.value, str):
            entity = Guess(sql(f"min({identifier(entity.value)})"), entity.why)
        named = next((c for c in made.extract.columns
                      if set(vocabulary.words(c.name)) == {"customer", "name"}), None)
        group = next((c for c in made.extract.columns
                      if {"country", "region"} & set(vocabulary.words(c.name))), None)
        name = replace(account, why="guess: no column has a name") if named is None else Guess(
            sql(f"max({identifier(named.name)})"), "likely: the name is close")
        columns = {"account_id": replace(account, why=account.why),
                   "entity_id": entity,
                   "account_code": replace(account, why="guess: the same as account_id"),
                   "name": name,
                   "account_type": Guess({"constant": "open_item"},
                                         deriving.ASSUMED["account_type"][1])}
        if group is not None and group.kind == "country":
            columns["country_code"] = Guess(sql(f"max({identifier(group.name)})"),
                                            "likely: its values are country codes")
        elif group is not None:
            columns["customer_group"] = Guess(sql(f"max({identifier(group.name)})"),
                                              "guess: in place of an address")
        columns["status"] = Guess({"constant": "active"}, "assumed")
        return [Input("erp_account", columns, made.extract, None, (),
                      {"group_by": Guess(account.value, "one row for each customer named")},
                      ("No extract of customers: an account for each one that documents "
                       "name.",))]
    return []


def _entities(firm: Firm) -> Input:
    """The ledger companies, as inline rows."""
    unknown = Guess({"todo": "the currency its books are kept in"}, "unmapped, required")
    return Input("erp_entity", {}, rows=tuple({
        "entity_id": Guess(entity, "as the extracts call it" if firm.entities else "made up"),
        "name": Guess(entity if firm.entities else "Our company", "TODO: its name"),
        "base_currency": currency or unknown,
        "fiscal_year_start_month": Guess(1, "assumed: January")}
        for entity, currency in (firm.entities or {deriving.ENTITY: firm.currency}).items()))
