"""What a person is recognised by outside of their own records, and the texts that tell about them.

Read off the person's records before they are blanked: keys, and values that are sorted by how
surely they tell that a text is about this person and nobody else. Not here: the records
(forgetting), the writing of anything (rewriting, run_history).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from ..casting import literal, quoted
from ..settings import Source
from ..store import Store
from . import forgetting, rewriting
from .erasures import ERASED, Person
from .persons import Found

# Contract columns that tell who somebody is; the others tell where they are or what they do.
TELLING = ("name", "legal_name", "vat_number", "registration_number", "email", "phone", "website",
           "domain", "address_line1")
# A word as short as this stands in too many texts that have nothing to do with the person.
SHORTEST = 4


@dataclass(frozen=True)
class Traces:
    """What a person is recognised by outside of their own records.

    `keys` are of the records that are about them. `anywhere` is theirs alone wherever it stands;
    `within` stands inside of texts, `whole` is a text of its own, in rows that are about them.
    """

    keys: frozenset[str]
    anywhere: frozenset[str]
    within: frozenset[str]
    whole: frozenset[str]

    def pattern(self, texts: Iterable[str]) -> re.Pattern[str] | None:
        """Any of these texts, however its words are spaced, joined and cased."""
        words = (re.findall(r"\w+", text) for text in sorted(texts, key=len, reverse=True))
        alternatives = [r"[\W_]*".join(map(re.escape, one)) for one in words if one]
        if not alternatives:
            return None
        return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


def traces_of(store: Store, source: Source, person: Person, found: Sequence[Found]) -> Traces:
    """What stands in the person's records, sorted by how surely it tells that it is about them."""
    keys: set[str] = set()
    anywhere: set[str] = set()
    within: set[str] = set()
    whole: set[str] = set()
    of_staff = person.table == "crm_user"
    for one, cells in forgetting.values(store, source, found):
        own = one.table == person.table
        parts: dict[str, str] = {}
        for value in cells:
            text = value.text.strip()
            parts |= dict.fromkeys(value.feeds, text)
            if "@" in text and " " not in text:
                anywhere.add(text)
            elif not value.feeds or len(text) < SHORTEST:
                continue
            elif own and set(value.feeds) & {*TELLING}:
                (anywhere if of_staff and " " in text else within).add(text)
            else:
                whole.add(text)
        if first := parts.get("first_name"):
            last = parts.get("last_name", "")
            within |= {f"{first} {last}", f"{last} {first}"} if last else set()
    for one in found:
        if one.table == person.table:
            keys |= {f"{source.name}/{key}" for column, key in one.named.items()
                     if column in ("company_id", "account_id")}
    return Traces(frozenset(keys), frozenset(anywhere), frozenset(within), frozenset(whole))


def cleaner(traces: Traces) -> Callable[[str], str]:
    """Take a person out of a text of the run history, JSON or not."""
    texts = {*traces.anywhere, *(t for t in traces.within if " " in t or len(t) > SHORTEST)}
    if pattern := traces.pattern({*texts, *(json.dumps(text)[1:-1] for text in texts)}):
        return lambda text: pattern.sub(ERASED, text)
    return lambda text: text


# -- versions ------------------------------------------------------------------------------------


def changes(con: duckdb.DuckDBPyConnection, traces: Traces,
            found: Sequence[Found]) -> rewriting.Changes:
    """Which texts of a version tell about the person, and what they become."""
    keys = {*traces.keys, *_customers(con, traces.keys)}
    anywhere = traces.pattern(traces.anywhere)
    about = traces.pattern({*traces.anywhere, *traces.within})
    whole = {text.casefold() for text in traces.whole}
    lines = {(one.load_id, one.file, one.line) for one in found}
    changed: dict[str, dict[int, dict[str, str | None]]] = {}
    for mart in rewriting.marts(con):
        texts = rewriting.text_columns(con, mart)
        for row, cells in _candidates(con, mart, texts, keys, traces):
            texts_here = {text for text in cells.values() if text}
            is_about = bool(keys & texts_here)
            pattern = about if is_about else anywhere
            new = {c: _cleaned(t, pattern, whole if is_about else set())
                   for c, t in cells.items()}
            if traces.keys & texts_here and "custom_fields" in new:
                new["custom_fields"] = None
            if new != cells:
                changed.setdefault(mart, {})[row] = new
        if mart == "quarantined_rows":
            changed = _with_quarantine(con, texts, lines, changed)
    return changed


def _customers(con: duckdb.DuckDBPyConnection, keys: frozenset[str]) -> set[str]:
    """The customers and groups that these records belonged to in this version."""
    if not keys or not {"trading_accounts", "customer_360"} <= {*rewriting.marts(con)}:
        return set()
    listed = ", ".join(map(literal, sorted(keys)))
    rows = con.execute(
        "select customer_id, group_id from trading_accounts "
        f"where account_key in ({listed}) or company_key in ({listed}) "
        f"union select customer_id, group_id from customer_360 where company_key in ({listed})")
    return {value for row in rows.fetchall() for value in row if value}


def _candidates(con: duckdb.DuckDBPyConnection, mart: str, texts: list[str], keys: set[str],
                traces: Traces) -> list[tuple[int, dict[str, str | None]]]:
    """Rows that bear one of the keys, or something that is the person's wherever it stands."""
    if not texts:
        return []
    cells = ", ".join(map(quoted, texts))
    wanted = ["false"]
    if keys:
        wanted.append(f"list_has_any([{cells}], [{', '.join(map(literal, sorted(keys)))}])")
    for text in sorted(traces.anywhere):
        last = max(re.findall(r"\w+", text.lower()), key=len)
        wanted.append(f"contains(lower(concat_ws(chr(31), {cells})), {literal(last)})")
    rows = con.execute(f"select rowid, {cells} from {mart} where {' or '.join(wanted)}").fetchall()
    return [(row[0], dict(zip(texts, row[1:], strict=True))) for row in rows]


def _cleaned(text: str | None, pattern: re.Pattern[str] | None, whole: set[str]) -> str | None:
    if text is None:
        return None
    if text.strip().casefold() in whole:
        return ERASED
    return pattern.sub(ERASED, text) if pattern else text


def _with_quarantine(con: duckdb.DuckDBPyConnection, texts: list[str],
                     lines: set[tuple[str, str, int]],
                     changed: Mapping[str, dict[int, dict[str, str | None]]],
                     ) -> dict[str, dict[int, dict[str, str | None]]]:
    """The person's own rows in quarantine lose what was delivered, and what reasons quote of it."""
    rows = con.execute(
        f"select rowid, {', '.join(map(quoted, texts))}, source_line from quarantined_rows "
        f"where load_id in ({', '.join(literal(one[0]) for one in lines) or 'null'})").fetchall()
    mine: dict[int, dict[str, str | None]] = {}
    for row, *cells, line in rows:
        stated = dict(zip(texts, cells, strict=True))
        if (stated["load_id"], stated["source_file"], line) in lines and (
                stated["raw_row"] is not None):
            reasons = re.sub(r"'[^']*'", f"'{ERASED}'", stated["reasons"] or "")
            mine[row] = {**stated, "raw_row": None, "reasons": reasons}
    if not mine:
        return dict(changed)
    return {**changed, "quarantined_rows": {**changed.get("quarantined_rows", {}), **mine}}
