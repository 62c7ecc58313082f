"""The lists of a publication as files in a folder of the user's: Excel, CSV, Parquet; or a slice.

Composes `publication` and `deliveries`. Not here: the command (delivering), which lists there are
and how files are written (deliveries).
"""

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import output, publication
from .deliveries import tables
from .deliveries.sheets import OF_THE_SLICE, SHEETS, Sheet
from .deliveries.strangers import Strangers
from .errors import ConfigurationError, closest
from .publication import Publication
from .settings import Configuration
from .store import fsync

if TYPE_CHECKING:
    import duckdb

    from .deliveries.workbook import Chart

FORMATS = ("xlsx", "csv", "parquet")
BUCKETS = {"not_due": "not due", "d1_30": "1 to 30", "d31_60": "31 to 60", "d61_90": "61 to 90",
           "d90_plus": "over 90", "unallocated_credit": "credits"}
AGEING, TRENDS = "ar_ageing_by_customer", "buying_trends"
# Of so many item groups there is a line; all others are one together.
MOST_LINES = 6
# So many names are said in a message.
MANY = 30
# What tells customers apart in a text.
NAMES = """
    select unnest([customer_id, customer_name, legal_name, vat_number, email, company_key]) as name,
        customer_id from customer_360
    union select unnest([account_key, account_name, company_key, company_name]), customer_id
    from trading_accounts"""


@dataclass(frozen=True)
class Slice:
    """Whose customers: of a territory, of a salesperson (owner's name, or a code), or both.

    Capitals and small letters are the same.
    """

    territory: str | None = None
    salesperson: str | None = None

    @property
    def is_all(self) -> bool:
        """Whether it leaves nobody out."""
        return self.territory is None and self.salesperson is None

    @property
    def values(self) -> list[str | None]:
        """The parameters of OF_THE_SLICE."""
        return [self.territory, self.salesperson]

    def __str__(self) -> str:
        parts = [f"territory {self.territory}" if self.territory else "",
                 f"salesperson {self.salesperson}" if self.salesperson else ""]
        return ", ".join(part for part in parts if part) or "all customers"


@dataclass
class Exported:
    """What was written: the files, rows by list, and cells that named others and are empty.

    `left_out` are titles of lists that a slice cannot have; `besides` are names of further lists.
    """

    folder: Path
    files: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    besides: list[str] = field(default_factory=list)
    emptied: int = 0


def export(configuration: Configuration, version: Publication, folder: Path, *,
           names: Sequence[str] = (), everything: bool = False,
           formats: Sequence[str] = FORMATS, part: Slice | None = None,
           force: bool = False) -> Exported:
    """Write lists of a version into a folder, whole or not at all.

    Those that are named, `everything`, or else all but the long ones.
    Files of an earlier export are replaced with `force` only; other files of the folder stay.
    Raises ConfigurationError for names nobody has and folders that are no place for it,
    PublicationError for a version without these lists.
    """
    part = part or Slice()
    chosen = _chosen(names, part, everything=everything)
    possible = [one for one in SHEETS if part.is_all or one.whose]
    done = Exported(
        folder.resolve(),
        left_out=[one.title for one in SHEETS if not names and one not in possible],
        besides=[one.name for one in possible if one not in chosen])
    done.files = _files(version, chosen, formats)
    _check_place(configuration, done, force=force)
    with publication.reader(version) as con, _written_whole(done) as making:
        lists = _Lists(con, part)
        done.rows = {one.name: lists.count(one) for one in chosen}
        for ending in formats:
            # What is left empty is the same in every format: counted in the last one.
            lists.emptied = 0
            if ending == "xlsx":
                _workbook(making / _book_name(version), configuration, version, lists, chosen,
                          done)
            for one in chosen if ending != "xlsx" else ():
                path = making / f"{one.name}.{ending}"
                if ending == "csv":
                    tables.write_csv(path, lists.names(one), lists.rows(one))
                else:
                    tables.write_parquet(path, lists.batches(one), lists.text)
        done.emptied = lists.emptied
    return done


def _chosen(names: Sequence[str], part: Slice, *, everything: bool) -> list[Sheet]:
    known = [one.name for one in SHEETS]
    if unknown := [name for name in names if name not in known]:
        raise ConfigurationError(f"no list is called {unknown[0]!r}{closest(unknown[0], known)}; "
                                 f"there are {', '.join(known)}")
    if names and everything:
        raise ConfigurationError("--all is every list; leave it out, or the names")
    chosen = [one for one in SHEETS if (one.name in names if names
                                        else everything or not one.is_long)]
    nobodys = [one for one in chosen if not part.is_all and not one.whose]
    if names and nobodys:
        raise ConfigurationError(f"the rows of {nobodys[0].name} are of no customer, so no slice "
                                 "has any; leave --territory and --salesperson out")
    return [one for one in chosen if one not in nobodys]


def _book_name(version: Publication) -> str:
    return f"customer360_{version.as_of_date}.xlsx"


def _files(version: Publication, chosen: Sequence[Sheet], formats: Sequence[str]) -> list[str]:
    if unknown := [name for name in formats if name not in FORMATS]:
        raise ConfigurationError(f"--format {unknown[0]!r}: choose of {', '.join(FORMATS)}")
    return [*([_book_name(version)] if "xlsx" in formats else []),
            *(f"{one.name}.{ending}" for ending in ("csv", "parquet") if ending in formats
              for one in chosen)]


def _check_place(configuration: Configuration, done: Exported, *, force: bool) -> None:
    folder, data = done.folder, configuration.store.root.resolve()
    if folder == data or data in folder.parents:
        raise ConfigurationError(f"{folder} lies in the data folder, which belongs to the runs; "
                                 "name another one")
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder} is a file; name a folder")
    there = [name for name in done.files if os.path.lexists(folder / name)]
    if there and not force:
        more = f" and {len(there) - 1} more of the files" if there[1:] else ""
        raise ConfigurationError(f"{folder} has {there[0]}{more} already; --force replaces them, "
                                 "or name another folder")


@contextmanager
def _written_whole(done: Exported) -> Iterator[Path]:
    """A folder to write to, whose files come to their place when all of them are whole.

    A new folder appears with all of them; into one that is there each comes whole.
    """
    folder = done.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    # A folder that is there may be a mount: what is in its parent could not be moved into it.
    place = folder if folder.is_dir() else folder.parent
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=place))
    try:
        yield making
        for name in done.files:
            fsync(making / name)
        if not folder.exists():
            making.chmod(0o755)
            making.rename(folder)
        else:
            for name in done.files:
                (making / name).replace(folder / name)
            fsync(folder)
        fsync(folder.parent)
    finally:
        shutil.rmtree(making, ignore_errors=True)


class _Lists:
    """The rows of lists as a slice of the publication shows them."""

    def __init__(self, con: "duckdb.DuckDBPyConnection", part: Slice) -> None:
        self._con, self.part = con, part
        self.emptied = 0
        if part.is_all:
            self._strangers = None
            return
        for value, what, known in (
                (part.territory, "territory", "select distinct territory from customer_360"),
                (part.salesperson, "salesperson",
                 "select distinct owner_name from customer_360 union select distinct "
                 "trim(unnest(string_split(salesperson_codes, ';'))) from customer_360")):
            there = sorted(row[0] for row in self._execute(known, []).fetchall() if row[0])
            if value is not None and value.lower() not in {one.lower() for one in there}:
                more = ", ..." if there[MANY:] else ""
                raise ConfigurationError(
                    f"no customer is of {what} {value!r}{closest(value, there)}; there are "
                    f"{', '.join(there[:MANY])}{more}")
        own: list[str] = []
        others: list[str] = []
        for name, is_own in self._execute(
                f"with sliced as ({OF_THE_SLICE}) select name, customer_id in (select customer_id "
                f"from sliced) from ({NAMES}) where name is not null", part.values).fetchall():
            (own if is_own else others).append(name)
        self._strangers = Strangers(own, others)

    def _execute(self, sql: str, values: Sequence[Any]) -> "duckdb.DuckDBPyConnection":
        return self._con.execute(sql, values)

    def _read(self, one: Sheet) -> "duckdb.DuckDBPyConnection":
        return self._execute(one.sql(sliced=not self.part.is_all),
                             [] if self.part.is_all else self.part.values)

    def over(self, one: Sheet, figures: str, group: str = "") -> list[tuple[Any, ...]]:
        """Figures over all rows of a list, or for each group of them."""
        by = f" group by {group}" if group else ""
        return self._execute(f"select {figures} from ({one.sql(sliced=not self.part.is_all)}){by}",
                             [] if self.part.is_all else self.part.values).fetchall()

    def count(self, one: Sheet) -> int:
        """How many rows a list has."""
        return int(self.over(one, "count(*)")[0][0])

    def columns(self, one: Sheet) -> dict[str, str]:
        """The type of each column, as DuckDB names it."""
        return {column[0]: str(column[1]) for column in self._read(one).description or ()}

    def names(self, one: Sheet) -> list[str]:
        """The names of the columns."""
        return list(self.columns(one))

    def rows(self, one: Sheet) -> output.Fetching:
        """The rows, in batches."""
        found = self._read(one)
        return found if self._strangers is None else _Cleaned(found, self.text)

    def batches(self, one: Sheet) -> Any:
        """The rows as Arrow has them; each text is still to go through `text`."""
        return self._read(one).to_arrow_reader(output.BATCH)

    def text(self, text: str) -> str | None:
        """The text of a cell as the slice may show it; one that is left empty is counted."""
        shown = self.shown(text)
        self.emptied += shown is None
        return shown

    def shown(self, text: str) -> str | None:
        """A text as the slice may show it: None where it names somebody else's customer."""
        is_strange = self._strangers is not None and self._strangers.named_in(text)
        return None if is_strange else text


@dataclass
class _Cleaned:
    """Rows whose texts go through `text`."""

    found: output.Fetching
    text: Callable[[str], str | None]

    def fetchmany(self, size: int = output.BATCH, /) -> list[tuple[Any, ...]]:
        """The next rows."""
        return [tuple(self.text(value) if isinstance(value, str) else value for value in row)
                for row in self.found.fetchmany(size)]


def _workbook(path: Path, configuration: Configuration, version: Publication, lists: _Lists,
              chosen: Sequence[Sheet], done: Exported) -> None:
    from .deliveries.workbook import Book, Listed

    book = Book(path, title=configuration.company, as_of=version.as_of_date,
                subtitle=f"as of {version.as_of_date} · publication {version.id} · {lists.part}")
    for one in chosen:
        columns = lists.columns(one)
        book.add(Listed(one.title, list(columns), list(columns.values()),
                        output.batches(lists.rows(one))))
    notes = [f"Amounts whose name ends in _reporting are in {configuration.reporting_currency}; "
             "every other amount names its currency in its row.",
             "Every column is described in the data dictionary of the product."]
    if done.left_out:
        notes.append(f"Not in this slice, because its rows are of no customer: "
                     f"{', '.join(done.left_out)}.")
    if done.besides:
        notes.append(f"There are besides: {', '.join(done.besides)}. `customer360 export` writes "
                     "those that are named, or with --all every list.")
    if lists.emptied:
        notes.append(f"{lists.emptied} cells are empty because they name customers that are not in "
                     "this slice.")
    if unknown := _unknown(lists, chosen):
        notes.append(f"The picture of the ageing leaves out {unknown} rows, for which a rate is "
                     "missing.")
    book.finish(notes, [chart for one in chosen for chart in _charts(
        lists, one, configuration.reporting_currency)])


def _unknown(lists: _Lists, chosen: Sequence[Sheet]) -> int:
    return sum(int(lists.over(one, "count(*) filter (is_rate_missing)")[0][0])
               for one in chosen if one.mart == AGEING)


def _charts(lists: _Lists, one: Sheet, currency: str) -> "Iterator[Chart]":
    from .deliveries.workbook import Chart

    if one.mart == AGEING:
        sums = lists.over(one, ", ".join(f"sum({bucket}_reporting)" for bucket in BUCKETS))[0]
        yield Chart("Ageing", currency, "column", list(BUCKETS.values()),
                    {"open": [amount or Decimal(0) for amount in sums]})
    if one.mart == TRENDS:
        found = lists.over(one, "strftime(month, '%Y-%m'), coalesce(item_group, 'no group'), "
                                "sum(value_reporting)", group="1, 2")
        by_group: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for month, stated, amount in found:
            group = lists.shown(stated) or "no group"
            by_group[group][month] = by_group[group].get(month, Decimal(0)) + (amount or 0)
        months = sorted({month for month, *_ in found})
        ranked = sorted(by_group, key=lambda group: (-sum(by_group[group].values()), group))
        series = {group: [by_group[group].get(month, Decimal(0)) for month in months]
                  for group in ranked[:MOST_LINES]}
        if rest := ranked[MOST_LINES:]:
            series["others"] = [sum((by_group[group].get(month, Decimal(0)) for group in rest),
                                    Decimal(0)) for month in months]
        if months:
            yield Chart("Sales by item group and month", currency, "line", months, series)
