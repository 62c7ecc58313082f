"""Lists of a published version, shown in the terminal. Not here: which lists there are (lists)."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import publication
from .errors import ConfigurationError, closest
from .lists import CURRENCY, LISTS, List
from .terminal import (
    AsOfOption,
    ConfigOption,
    configuration_of,
    date_option,
    out,
    print_table,
    writer,
)

if TYPE_CHECKING:
    import duckdb

# Rows of each list after a run, and of one that is asked for.
HEAD, PAGE = 5, 25


def lists(
    name: Annotated[str | None, typer.Argument(
        help=f"One of {', '.join(one.name for one in LISTS)}. Default: the head of the four that "
             "a run shows.", show_default=False)] = None,
    config: ConfigOption = None,
    rows: Annotated[int | None, typer.Option(
        "--rows", "-n", min=0, help=f"How many rows; 0 = all. Default: {PAGE} of one list, {HEAD} "
                                    "of each of the four, all in csv and json.",
        show_default=False)] = None,
    customer: Annotated[str | None, typer.Option(
        "--customer", metavar="TEXT", help="Only customers whose name holds this text, or "
                                           "whose id it is.",
        show_default=False)] = None,
    as_of: AsOfOption = None,
    output: Annotated[str, typer.Option(
        "--format", "-f", help="table, csv or json.")] = "table",
) -> None:
    """Print the lists: who owes what, who is on hold, who buys, what waits, what needs a person.

    Example: customer360 lists holds --customer brew
    """
    chosen = [_named(name)] if name else [one for one in LISTS if one.in_run]
    write = writer(output)
    if write and not name:
        raise ConfigurationError(f"--format {output} is of one list; name it: "
                                 f"{', '.join(one.name for one in LISTS)}")
    if customer and not all(one.customer for one in chosen):
        raise ConfigurationError(f"the rows of {name} are of no customer; leave --customer out")
    version = publication.readable(configuration_of(config).store, date_option(as_of))
    if write:
        with publication.reader(version) as con:
            found = con.execute(chosen[0].sql + (f" limit {rows}" if rows else ""), [customer])
            write(sys.stdout, [d[0] for d in found.description or ()], found, False)
        return
    show(version, chosen, rows=rows if rows is not None else PAGE if name else HEAD,
         customer=customer)
    if not name:
        others = ", ".join(one.name for one in LISTS)
        out.print(f"\nOne list, longer: customer360 lists NAME ({others})", soft_wrap=True)


def _named(name: str) -> List:
    names = [one.name for one in LISTS]
    if name not in names:
        raise ConfigurationError(f"no list is called {name!r}{closest(name, names)}; there are "
                                 f"{', '.join(names)}")
    return LISTS[names.index(name)]


@dataclass(frozen=True)
class Shown:
    """The first rows of a list, and its sums: (currency, rows, each of its totals)."""

    one: List
    names: list[str]
    rows: list[tuple[Any, ...]]
    sums: list[tuple[Any, ...]]

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return sum(row[1] for row in self.sums)

    @property
    def currency(self) -> str | None:
        """The one currency of all that is shown, if there is one."""
        if CURRENCY not in self.names or len(self.sums) > 1:
            return None
        found = {row[self.names.index(CURRENCY)] for row in self.rows}
        return found.pop() if len(found) == 1 else None


def read(con: "duckdb.DuckDBPyConnection", one: List, customer: str | None, rows: int) -> Shown:
    """The first `rows` (0: all) of a list."""
    found = con.execute(one.sql, [customer])
    names = [column[0] for column in found.description or ()]
    head = found.fetchmany(rows) if rows else found.fetchall()
    return Shown(one, names, head, con.execute(one.totals_sql, [customer]).fetchall())


def show(version: publication.Publication, chosen: list[List], *, rows: int,
         customer: str | None = None) -> None:
    """Print the first `rows` (0: all) of each list, and the totals of all of its rows."""
    with publication.reader(version) as con:
        for one in chosen:
            head = read(con, one, customer, rows)
            words = [one.title, f"as of {version.as_of_date}"]
            words += [head.currency] if head.currency else []
            words.append(f"{head.total} rows" if len(head.rows) == head.total
                         else f"the first {len(head.rows)} of {head.total}")
            print_rows(head, " · ".join(words) + f" in {one.mart}")


def print_rows(head: Shown, title: str, *, hidden: Sequence[str] = ()) -> None:
    """A list as a table, without the columns that its title makes superfluous."""
    one, unseen = head.one, {*hidden, CURRENCY} if head.currency else {*hidden}
    totals = [_total_row(one, head.names, row) for row in head.sums] if (
        one.totals and head.total > 1) else []
    kept = [position for position, name in enumerate(head.names) if name not in unseen]
    print_table(title, [head.names[p] for p in kept],
                [tuple(row[p] for p in kept) for row in head.rows],
                totals=[tuple(row[p] for p in kept) for row in totals],
                notice=one.notice, spare=one.spare)


def _total_row(one: List, names: list[str], sums: tuple[Any, ...]) -> tuple[Any, ...]:
    values = dict(zip(one.totals, sums[2:], strict=True)) | {CURRENCY: sums[0]}
    return tuple(f"all {sums[1]}" if not position else values.get(name)
                 for position, name in enumerate(names))
