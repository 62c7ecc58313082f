"""What commands share at the terminal: the consoles, their common options, tables of rows.

Not here: any command (cli and the modules it registers).
"""

import contextlib
import re
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from . import output as formats
from . import settings
from .errors import ConfigurationError

if TYPE_CHECKING:
    from rich.text import Text

# Where there is no screen to fit, a table is as wide as its rows.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 220)
err = Console(stderr=True, highlight=False)

# Of text that is too wide, at least so much stays.
READABLE = 14

# What a terminal obeys instead of showing it: control characters, among them the escape that begins
# a sequence, and those that turn the direction of writing. Lines and tabs are none.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")

ConfigOption = Annotated[Path | None, typer.Option(
    "--config", "-c", help="The configuration file. Default: CUSTOMER360_CONFIG, else the demo.",
    show_default=False)]


def date_option(text: str | None) -> date | None:
    """A date as typed. Raises ConfigurationError for anything that is not one."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(f"{text!r} is not a date; write YYYY-MM-DD") from None


AsOfOption = Annotated[str | None, typer.Option(
    "--as-of", metavar="YYYY-MM-DD", help="The business date of the figures.",
    show_default=False)]


def configuration_of(path: Path | None) -> settings.Configuration:
    """The configuration a command works with: as given, or by default."""
    return settings.load(settings.configuration_path(path))


def harmless(text: str) -> str:
    """Text of data in which nothing steers the terminal: a blank for each such sign."""
    return OBEYED.sub(" ", text)


def one_line(text: str) -> str:
    """The same on one line."""
    return harmless(text).translate({ord("\n"): " ", ord("\t"): " "})


def escaped(text: str) -> str:
    """Text in which nothing steers the terminal, and whose square brackets are no markup."""
    from rich.markup import escape

    return escape(harmless(text))


def named(configuration: settings.Configuration) -> str:
    """The option that names a configuration, where a command would not find it by itself."""
    return ("" if configuration.path == settings.DEMO_CONFIGURATION
            else f" --config {shlex.quote(short(configuration.path))}")


def short(path: Path) -> str:
    """A path as a person at this folder would type it."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def print_table(title: str, names: list[str], rows: list[tuple[Any, ...]], *,
                totals: Sequence[tuple[Any, ...]] = (), notice: Mapping[str, str] | None = None,
                spare: Sequence[str] = ()) -> None:
    """One line a row: text gives way to the width of the screen, a number never does.

    `totals` stand below the rows. `notice` gives columns a style, where a number is above 0 or
    there is any text. `spare` columns are left out, in this order, as long as the rest is too wide,
    then the others from the right, until the first is left.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    columns = [_Column(name, [row[p] for row in rows], [row[p] for row in totals])
               for p, name in enumerate(names)]
    left_out: list[str] = []
    waiting = [*(name for name in spare if name in names),
               *(name for name in names[:0:-1] if name not in spare)]
    while (cap := _text_width([c for c in columns if c.name not in left_out])) is None and waiting:
        left_out.append(waiting.pop(0))
    # A title of its own line: a table's title is broken where the table is narrow.
    out.print(Text(title, style="bold"), soft_wrap=True)
    table = Table(
        header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False,
        caption_justify="left",
        caption=f"too wide for this screen: {', '.join(left_out)}" if left_out else None)
    shown = [column for column in columns if column.name not in left_out]
    for column in shown:
        width = column.width if column.is_number else min(column.width, cap or READABLE)
        table.add_column(column.name, justify="right" if column.is_number else "left",
                         no_wrap=True, overflow="ellipsis", min_width=width, max_width=width)
    for cells in zip(*(column.marked((notice or {}).get(column.name)) for column in shown),
                     strict=True):
        table.add_row(*cells)
    table.add_section()
    for cells in zip(*(map(text_of, column.totals) for column in shown), strict=True):
        table.add_row(*map(Text, cells), style="bold")
    out.print(table)


@dataclass(frozen=True)
class _Column:
    """A column of a table on the screen: its values, and those of the rows of totals."""

    name: str
    values: list[Any]
    totals: list[Any]

    @property
    def is_number(self) -> bool:
        return any(isinstance(value, Decimal | int | float) for value in self.values)

    @property
    def width(self) -> int:
        """Of its widest cell, so that nothing is cut."""
        from rich.cells import cell_len

        return max(cell_len(text) for text in (self.name, *map(text_of, self.values),
                                               *map(text_of, self.totals)))

    def marked(self, style: str | None) -> "Iterator[Text]":
        """Its cells, in their style where they hold something to notice."""
        from rich.text import Text

        for value in self.values:
            is_number = isinstance(value, Decimal | int | float)
            noticed = style is not None and (value > 0 if is_number else bool(value))
            yield Text(text_of(value), style=style if style and noticed else "")


def _text_width(columns: Sequence[_Column]) -> int | None:
    """How wide text may be so that every number fits, None where it would be too narrow to read."""
    texts = [column.width for column in columns if not column.is_number]
    edges = 3 * (len(columns) - 1) + 2
    room = out.width - edges - sum(column.width for column in columns if column.is_number)
    fitting = [cap for cap in range(READABLE, max([READABLE, *texts]) + 1)
               if sum(min(width, cap) for width in texts) <= room]
    return max(fitting, default=None)


def text_of(value: Any) -> str:
    """A value as it stands in a table."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # Money and ratios to the cent, quantities without idle zeros.
        places = -int(value.as_tuple().exponent)
        return f"{value:,.2f}" if places in (4, 8) else f"{value.normalize():,f}"
    return one_line(str(value))


def writer(output: str) -> Any:
    """The writer of a format, None for a table on the terminal."""
    if output == "table":
        return None
    if output not in formats.WRITERS:
        raise ConfigurationError(f"--format {output!r}: choose one of table, "
                                 f"{', '.join(formats.WRITERS)}")
    return formats.WRITERS[output]
