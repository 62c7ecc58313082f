"""Columns that another extract states: found by values that stand in both.

A line that knows its document by a number while the ledger knows it by an entry, a line without the
name of its item. Not here: which table an extract feeds (fitting).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import schemas

from .deriving import Input, identifier
from .fitting import HELD_AGAINST, Extract, Guess
from .values import Column

ALIKE = 90


def joined(found: Sequence[Input]) -> list[Input]:
    """The inputs with what a join to another of them brings."""
    return [_named_by_item(_referred(made, found), found) for made in found]


def _referred(made: Input, found: Sequence[Input]) -> Input:
    """References whose values are no keys of the other table, but stand in another column of it."""
    for reference in schemas.TABLES[made.table].references:
        name = reference.columns[0]
        guess = made.columns.get(name)
        if made.extract is None or guess is None or not guess.why.startswith("guess: only"):
            continue
        cells = made.extract.column(str(guess.value))
        for other in (i for i in found if i.table == reference.table and i.extract):
            key = other.columns.get(reference.parent_columns[0])
            place = _standing_in(cells, other.extract) if other.extract else None
            if place is None or other.extract is None or key is None:
                continue
            percent, column = place
            seen = f"{percent} % of {cells.name} stand in {other.extract.name}.{column.name}"
            if column.unique and isinstance(key.value, str):
                return _with_join(made, name, other.extract, column.name, key.value, cells.name,
                                  f"likely: {seen}")
            again = replace(guess, why=f"{guess.why}; {seen}: make that unique (prepare), join it")
            return replace(made, columns=made.columns | {name: again})
    return made


def _standing_in(cells: Column, extract: Extract) -> tuple[int, Column] | None:
    """The column of an extract in which nearly all values stand, with the percentage."""
    held = cells.values[:HELD_AGAINST]
    if len(held) < 3 or sum(map(len, held)) < 4 * len(held):
        return None
    best = max(((100 * len(set(held) & set(c.values)) // len(held), c.unique, -i)
                for i, c in enumerate(extract.columns)), default=(0, False, 0))
    return (best[0], extract.columns[-best[2]]) if best[0] >= ALIKE else None


def _named_by_item(made: Input, found: Sequence[Input]) -> Input:
    """A description that is required and missing, from the item's name."""
    stated = made.columns.get("description")
    item = made.columns.get("item_id")
    if stated is None or item is None or not isinstance(stated.value, dict) or (
            "todo" not in stated.value or not isinstance(item.value, str)):
        return made
    for other in found:
        if other.table == "erp_item" and other.extract is not None:
            key, name = other.columns["item_id"].value, other.columns["name"].value
            if isinstance(key, str) and isinstance(name, str):
                return _with_join(made, "description", other.extract, key, name, item.value,
                                  "likely: the name of the item")
    return made


def _with_join(made: Input, name: str, other: Extract, on: str, taken: str, by: str,
               why: str) -> Input:
    """The input with a column taken from another extract; its expressions say whose they are."""
    if made.extract is None or made.options.get("join") or made.extract.name == other.name:
        return made
    ours, theirs = (identifier(e.name) for e in (made.extract, other))
    join = {"to": other.name, "on": f"{theirs}.{identifier(on)} = {ours}.{identifier(by)}"}
    columns = {n: replace(g, value={"sql": _qualified(g.value["sql"], made.extract)})
               if isinstance(g.value, dict) and "sql" in g.value else g
               for n, g in made.columns.items()}
    return replace(made, options=made.options | {"join": Guess([join], "")},
                   columns=columns | {name: Guess(f"{other.name}.{taken}", why)})


def _qualified(sql: str, extract: Extract) -> str:
    """An expression with the extract before each of its columns; literals stay as they are."""
    columns = "|".join(sorted((re.escape(identifier(c.name)) for c in extract.columns),
                              key=len, reverse=True))
    own = re.compile(rf"'(?:[^']|'')*'|(?<![\w\".])(?:{columns})(?![\w\"])")
    return own.sub(lambda m: m[0] if m[0][0] == "'" else f"{identifier(extract.name)}.{m[0]}", sql)
