"""The commands about what goes out: `letters`, `statements` and `export`.

Not here: what is rendered and released (correspondence), which lists go out and how (exports),
what papers say and files look like (deliveries).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import publication
from .errors import ConfigurationError
from .store import run_lock
from .terminal import (
    AsOfOption,
    ConfigOption,
    configuration_of,
    date_option,
    escaped,
    out,
    print_table,
    short,
)

if TYPE_CHECKING:
    from .correspondence import Chosen, Rendered
    from .settings import Configuration

AccountOption = Annotated[str | None, typer.Option(
    "--account", help="Only this account: its code, or source/id.", show_default=False)]
CustomerOption = Annotated[str | None, typer.Option(
    "--customer", help="Only this customer: its id, or its whole name.", show_default=False)]


def letters(
    letter: Annotated[list[str] | None, typer.Argument(
        help="Only these letters, by their references.", show_default=False)] = None,
    config: ConfigOption = None,
    account: AccountOption = None,
    customer: CustomerOption = None,
    as_of: AsOfOption = None,
    release: Annotated[bool, typer.Option(
        "--release", help="Record them as sent, so that the next run counts them; asks "
                          "first.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Write the reminders that are due as Word and PDF files, and as a mail-merge table.

    A letter counts as sent from its release. After it and the next run it is due no more.

    Example: customer360 letters --release --account D10010
    """
    configuration = configuration_of(config)
    if release and as_of:
        raise ConfigurationError("--release takes no --as-of: letters are released from the "
                                 "current publication only")
    version = publication.readable(configuration.store, date_option(as_of))
    from . import correspondence

    with run_lock(configuration.store, "letters"):
        chosen = correspondence.choose("letters", version, names=letter or (), account=account,
                                       customer=customer)
        if release:
            named = bool(letter or account or customer)
            _release(configuration, chosen, named=named, yes=yes)
            return
        if not chosen.rows:
            out.print(f"No letter is due as of {version.as_of_date}.")
            return
        _show_letters(chosen, "due")
        _show_rendered(correspondence.render(configuration, chosen), chosen.which)


def statements(
    config: ConfigOption = None,
    account: AccountOption = None,
    customer: CustomerOption = None,
    everybody: Annotated[bool, typer.Option("--all", help="Every customer's.")] = False,
    as_of: AsOfOption = None,
) -> None:
    """Write statements of account as Word and PDF files, and as a mail-merge table.

    Example: customer360 statements --account D10010
    """
    if not (account or customer or everybody):
        raise ConfigurationError("say whose: --account, --customer or --all")
    configuration = configuration_of(config)
    version = publication.readable(configuration.store, date_option(as_of))
    from . import correspondence

    with run_lock(configuration.store, "statements"):
        chosen = correspondence.choose("statements", version, account=account, customer=customer)
        _show_rendered(correspondence.render(configuration, chosen), chosen.which)


def export(
    folder: Annotated[Path, typer.Argument(
        help="Where the files go; made where it is missing.", show_default=False)],
    lists: Annotated[list[str] | None, typer.Argument(
        help="Only these lists, e.g. holds purchases. Default: all but the histories and the "
             "prices, which are long.", show_default=False)] = None,
    config: ConfigOption = None,
    everything: Annotated[bool, typer.Option(
        "--all", help="Every list, the long ones too.")] = False,
    territory: Annotated[str | None, typer.Option(
        "--territory", help="Only customers of this territory, and nothing of others.",
        show_default=False)] = None,
    salesperson: Annotated[str | None, typer.Option(
        "--salesperson", help="Only customers that this CRM user owns, by name, or that this "
                              "salesperson's code stands on.", show_default=False)] = None,
    formats: Annotated[list[str] | None, typer.Option(
        "--format", "-f", help="xlsx, csv, parquet; may be given several times. Default: all.",
        show_default=False)] = None,
    as_of: AsOfOption = None,
    force: Annotated[bool, typer.Option(
        "--force", help="Replace files of these names that are there already.")] = False,
) -> None:
    """Write the lists as one Excel workbook, as CSV and as Parquet.

    Example: customer360 export ~/north --territory NORTH --format xlsx
    """
    configuration = configuration_of(config)
    version = publication.readable(configuration.store, date_option(as_of))
    from . import exports

    done = exports.export(
        configuration, version, folder, names=lists or (), everything=everything,
        formats=formats or exports.FORMATS, part=exports.Slice(territory, salesperson),
        force=force)
    for name, rows in done.rows.items():
        out.print(f"  {name:<16}{rows:>9,} rows")
    if done.left_out:
        out.print(f"Left out, because their rows are of no customer: {', '.join(done.left_out)}.",
                  soft_wrap=True)
    if done.besides and not lists:
        out.print(f"Besides, when named or with --all: {', '.join(done.besides)}.", soft_wrap=True)
    if done.emptied:
        out.print(f"{done.emptied} cells are empty because they name other customers.")
    out.print(f"Written: {len(done.files)} files of {version.id} in "
              f"{escaped(short(done.folder))}/", soft_wrap=True)


def _release(configuration: "Configuration", chosen: "Chosen", *, named: bool,
             yes: bool) -> None:
    from . import correspondence

    left, done = correspondence.releasable(configuration, chosen)
    for row in done:
        out.print(f"{escaped(row['letter_ref'])} was released before")
    # Whoever names a letter knows a way to send it.
    held = [] if named else [row for row in left.rows if row["cannot_be_sent_because"]]
    for row in held:
        out.print(f"{escaped(row['letter_ref'])} is left out: {row['cannot_be_sent_because']}; "
                  "name it to release it all the same", soft_wrap=True)
    left = left.without(held)
    if not left.rows:
        out.print("There is no letter to release.")
        return
    _show_letters(left, "to be released")
    if not yes and not typer.confirm("Release them? They then count as sent", err=True):
        raise typer.Abort
    rendered = correspondence.render(configuration, left)
    path = correspondence.release(configuration, left)
    _show_rendered(rendered, left.which)
    out.print(f"Released: letters {len(left.rows)}, recorded in {escaped(short(path))}. "
              "`customer360 run` brings them into the history.", soft_wrap=True)


def _show_letters(chosen: "Chosen", what: str) -> None:
    names = ["reference", "account", "name", "level", "template", "channel", "currency", "to pay"]
    rows: list[tuple[Any, ...]] = [
        (row["letter_ref"], row["account_key"], row["account_name"], row["level"],
         row["template"], row["channel"], row["currency"], row["to_pay"]) for row in chosen.rows]
    print_table(f"Letters {what}: {len(rows)}, as of {chosen.version.as_of_date}", names, rows,
                spare=("name", "template", "channel"))


def _show_rendered(rendered: "Rendered", which: str) -> None:
    for paper, unknown in rendered.unprintable:
        out.print(f"[yellow]{escaped(paper.stem)}.pdf[/]: no font has {escaped(unknown)!r}, the "
                  "PDF shows a box; put a font that has it into the folder `fonts` of "
                  "letters.templates, or send the Word file", soft_wrap=True)
    out.print(f"Written: {which} {len(rendered.papers)}, each as Word and PDF, and one table: "
              f"{escaped(short(rendered.folder))}/", soft_wrap=True)
