"""What commands share at the terminal: the consoles, their common options, tables of rows.

Not here: any command (cli and the modules it registers).
"""

import contextlib
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from . import output as formats
from . import settings
from .errors import ConfigurationError

# Where there is no screen to fit, a table is as wide as its rows.
out = Console(highlight=False, width=None if sys.stdout.isatty() else 220)
err = Console(stderr=True, highlight=False)

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


def escaped(text: str) -> str:
    """Text whose square brackets are no markup."""
    from rich.markup import escape

    return escape(text)


def short(path: Path) -> str:
    """A path as a person at this folder would type it."""
    with contextlib.suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def print_table(title: str, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """One line a row: text gives way to the width of the screen, a number never does."""
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold",
                  box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    cells = [[_cell(value) for value in row] for row in rows]
    for position, name in enumerate(names):
        if any(isinstance(row[position], Decimal | int | float) for row in rows):
            width = max(len(name), *(len(row[position]) for row in cells))
            table.add_column(name, justify="right", no_wrap=True, min_width=width)
        else:
            table.add_column(name, no_wrap=True, overflow="ellipsis", min_width=min(len(name), 6))
    for row in cells:
        table.add_row(*map(escaped, row))
    out.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        # Money and ratios to the cent, quantities without idle zeros.
        places = -int(value.as_tuple().exponent)
        return f"{value:,.2f}" if places in (4, 8) else f"{value.normalize():,f}"
    return str(value)


def writer(output: str) -> Any:
    """The writer of a format, None for a table on the terminal."""
    if output == "table":
        return None
    if output not in formats.WRITERS:
        raise ConfigurationError(f"--format {output!r}: choose one of table, "
                                 f"{', '.join(formats.WRITERS)}")
    return formats.WRITERS[output]
