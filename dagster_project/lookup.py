"""The command `customer`: finds the one who is meant, and shows its card in the terminal.

Not here: what a card shows (card, lists), any figure (dbt/models/marts).
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import listing, publication
from .card import BLOCKS, CARD, FIELDS, HEADS, MARKS, MONEY, Field, Head
from .errors import ConfigurationError
from .lists import folded
from .output import stated
from .publication import Publication
from .settings import Configuration
from .terminal import (
    AsOfOption,
    ConfigOption,
    configuration_of,
    date_option,
    named,
    one_line,
    out,
    print_table,
    text_of,
)

if TYPE_CHECKING:
    import duckdb
    from rich.table import Table

# A card is for reading, not for filling a screen; where there is less, values are broken.
WIDTH, INDENT, GAP = 100, 2, 2
# Rows of each list on a card, and of customers to choose from.
ROWS, CANDIDATES = 5, 25
FORMATS = ("table", "json")


def _plain(text: str) -> str:
    return folded(f"trim(regexp_replace({text}, '\\s+', ' ', 'g'))")


# Every name and key that a customer is known by (of a key only the whole counts), and the text
# that is looked for ($1).
_KNOWN = f"""
    with stated as (
        select customer_id, customer_name as name, false as is_key from customer_360
        union all select customer_id, legal_name, false from customer_360
        union all select customer_id, account_name, false from trading_accounts
        union all select customer_id, customer_id, true from customer_360
        union all select customer_id, company_key, true from customer_360
        union all
        select customer_id, unnest(string_split(former_customer_ids, '; ')), true
        from customer_360
        union all select customer_id, account_key, true from trading_accounts
        union all select customer_id, account_code, true from trading_accounts
    ),

    known as (
        select customer_id, name, {_plain('name')} as plain, is_key, {_plain('$1')} as asked
        from stated
        where name is not null
    )"""
# Whom the text means: by a key, else by a whole name, else by a piece of one.
_MEANT = f"""{_KNOWN},

    hits as (
        select customer_id, case
                when plain <> asked then 3
                when is_key then 1
                else 2
            end as place
        from known
        where plain = asked or not is_key and contains(plain, asked)
    )

    select customer_name, customer_id, city, owner_name as owner, account_keys as accounts
    from customer_360
    where customer_id in (
        select customer_id from hits where place = (select min(place) from hits))
    order by customer_name, customer_id"""
# The names and keys that the text is most like, as a whole or one word of them.
_ALIKE = f"""{_KNOWN},

    alike as (
        select name, plain, greatest(
                jaro_winkler_similarity(plain, asked),
                list_max(list_transform(
                    string_split(plain, ' '),
                    lambda word: jaro_winkler_similarity(word, asked)))) as likeness
        from known
    )

    select min(name) from alike
    where likeness >= 0.85
    group by plain
    order by max(likeness) desc, min(name)
    limit 3"""


def customer(
    text: Annotated[str, typer.Argument(
        metavar="TEXT", help="A customer's id, an account's key or code, or a piece of a name; "
                             "accents and case do not matter.")],
    config: ConfigOption = None,
    rows: Annotated[int, typer.Option(
        "--rows", "-n", min=0, help="How many rows of each list; 0 = all.")] = ROWS,
    as_of: AsOfOption = None,
    output: Annotated[str, typer.Option("--format", "-f", help="table or json.")] = "table",
) -> None:
    """Show one customer as a card: who they are, what they owe, wait for, buy and asked.

    Where several are meant they are listed, and the exit code is 2.

    Example: customer360 customer hathershaw
    """
    if output not in FORMATS:
        raise ConfigurationError(f"--format {output!r}: choose one of {', '.join(FORMATS)}")
    configuration = configuration_of(config)
    version = publication.readable(configuration.store, date_option(as_of))
    with publication.reader(version) as con:
        customer_id = _meant(con, version, text, is_table=output == "table")
        heads = [(one, listing.read(con, one.list, customer_id, rows)) for one in HEADS]
        if output == "json":
            _write_json(con, version, customer_id, heads)
            return
        _print_card(con, version, customer_id)
        for one, head in heads:
            if not head.total:
                continue
            out.print()
            words = [one.title, head.currency] if head.currency else [one.title]
            listing.print_rows(head, " · ".join(words), hidden=one.hidden)
            if head.total > len(head.rows):
                out.print(f"... and {head.total - len(head.rows)} more: customer360 lists "
                          f"{one.name} --customer {customer_id}"
                          f"{_of_version(configuration, version)}", soft_wrap=True, markup=False)


def _of_version(configuration: Configuration, version: Publication) -> str:
    """The options with which a command reads the same version."""
    past = f" --as-of {version.as_of_date}" if version.manifest["past"] else ""
    return past + named(configuration)


def _meant(con: "duckdb.DuckDBPyConnection", version: Publication, text: str, *,
           is_table: bool) -> str:
    """The id of the one customer that a text means. Raises ConfigurationError for none, or many."""
    if not text.strip():
        raise ConfigurationError("say which customer: an id, an account, or a piece of a name")
    found = con.execute(_MEANT, [text])
    names = [column[0] for column in found.description or ()]
    hits = found.fetchall()
    if not hits:
        alike = ", ".join(repr(name) for name, in con.execute(_ALIKE, [text]).fetchall())
        raise ConfigurationError(
            f"version {version.id} has no customer {text!r}: no id, account or piece of a name"
            + (f"; the closest are {alike}" if alike else ""))
    if len(hits) > 1:
        if is_table:
            first = f", the first {CANDIDATES}" if hits[CANDIDATES:] else ""
            print_table(f"{len(hits)} customers{first}", names, hits[:CANDIDATES],
                        spare=("accounts",))
        some = ", ".join(str(hit[1]) for hit in hits[:ROWS]) + (", ..." if hits[ROWS:] else "")
        raise ConfigurationError(f"{text!r} means {len(hits)} customers; say which, by its id: "
                                 f"{some}")
    return str(hits[0][1])


def _write_json(con: "duckdb.DuckDBPyConnection", version: Publication, customer_id: str,
                heads: Sequence[tuple[Head, listing.Shown]]) -> None:
    """Everything as one document; decimals and dates are strings, so that nothing is rounded."""
    found = con.execute("select * from customer_360 where customer_id = $1", [customer_id])
    names = [column[0] for column in found.description or ()]
    (row,) = found.fetchall()
    document = {
        "publication_id": version.id, "as_of_date": version.as_of_date,
        "customer": dict(zip(names, row, strict=True)),
        "lists": {one.name: {"rows": [dict(zip(head.names, values, strict=True))
                                      for values in head.rows], "rows_in_all": head.total}
                  for one, head in heads}}
    json.dump(document, sys.stdout, default=stated, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _print_card(con: "duckdb.DuckDBPyConnection", version: Publication, customer_id: str) -> None:
    from rich.text import Text

    (found,) = con.execute(
        "select customer_name, reporting_currency from customer_360 where customer_id = $1",
        [customer_id]).fetchall()
    name, currency = found
    (marks,) = con.execute(f"select {', '.join(MARKS)} from customer_360 where customer_id = $1",
                           [customer_id]).fetchall()
    (values,) = con.execute(f"select {CARD} from customer_360 where customer_id = $1",
                            [customer_id]).fetchall()
    out.print(Text(f"{one_line(str(name))} · {customer_id} · as of {version.as_of_date}",
                   style="bold"), soft_wrap=True)
    width = min(out.width, WIDTH)
    for mark in marks:
        if mark:
            out.print(Text(one_line(mark), style="yellow"), width=width)
    holds = dict(zip(BLOCKS, con.execute(
        f"select {', '.join(block.where for block in BLOCKS)} from customer_360 "
        "where customer_id = $1", [customer_id]).fetchall()[0], strict=True))
    taken = dict(zip(FIELDS, zip(values[::2], values[1::2], strict=True), strict=True))
    for block in BLOCKS:
        if not holds[block]:
            continue
        out.print(Text(block.title, style="bold"))
        out.print(_beside_each_other(_lines(block.left, taken, currency),
                                     _lines(block.right, taken, currency), width), width=width)
        out.print(_beside_each_other(_lines(block.below, taken, currency), [], width), width=width)


@dataclass(frozen=True)
class _Line:
    """A field as it stands on the card."""

    label: str
    text: str
    is_amount: bool
    style: str


def _lines(fields: Sequence[Field], taken: Mapping[Field, tuple[Any, Any]],
           currency: str) -> list[_Line]:
    """The fields that have something to say."""
    lines = []
    for field in fields:
        value, missing = taken[field]
        if value is None and missing is None:
            continue
        is_number = isinstance(value, Decimal | int)
        noticed = value > 0 if is_number else bool(value)
        unit = currency if field.unit == MONEY else field.unit
        text = missing if value is None else f"{text_of(value)} {unit}".rstrip()
        lines.append(_Line(field.label, one_line(text), is_number and field.unit == MONEY,
                           field.notice if noticed else ""))
    # Amounts stand below each other.
    widest = max((len(line.text) for line in lines if line.is_amount), default=0)
    return [_Line(line.label, line.text.rjust(widest) if line.is_amount else line.text,
                  line.is_amount, line.style) for line in lines]


def _beside_each_other(left: Sequence[_Line], right: Sequence[_Line], width: int) -> "Table":
    """Lines in one column, or in two; each label is as wide as the widest of the card."""
    from rich.table import Table
    from rich.text import Text

    sides = [left, right] if right else [left]
    label = max(len(field.label) for field in FIELDS)
    table = Table.grid(padding=0, expand=False)
    for _ in sides:
        table.add_column(width=INDENT)
        table.add_column(width=label + GAP, style="dim")
        table.add_column(width=width // len(sides) - INDENT - label - GAP, overflow="fold")
    for lines in zip_longest(*sides):
        table.add_row(*(cell for line in lines for cell in (
            ("", Text(line.label), Text(line.text, style=line.style)) if line else ("", "", ""))))
    return table
