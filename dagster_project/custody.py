"""The commands about what is kept: proof that it is whole (`verify`), a person's right to be
forgotten (`erase`).

Not here: what is checked (integrity), what is erased and how (erasing).
"""

import sys
from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import ConfigurationError
from .store import run_lock
from .terminal import ConfigOption, configuration_of, escaped, out, print_table

if TYPE_CHECKING:
    from .erasure.erasing import Plan
    from .settings import Configuration


def verify(config: ConfigOption = None) -> None:
    """Hold every kept version, the register of ids and the landed bytes against their checksums.

    Reads, changes nothing. Ends with 1 if anything is broken, and says what mends it.
    """
    from . import integrity

    broken = 0
    for finding in integrity.check(configuration_of(config).store):
        detail = f": {finding.detail}" if finding.detail else ""
        if not finding.broken:
            out.print(f"[green]ok[/]      {finding.what}{detail}", soft_wrap=True)
            continue
        broken += 1
        out.print(f"[bold red]broken[/]  {finding.what}{detail}", soft_wrap=True)
        for one in finding.broken:
            out.print(f"          {escaped(one)}", soft_wrap=True)
        out.print(f"          to do: {escaped(finding.advice)}", soft_wrap=True)
    if broken:
        raise typer.Exit(1)


def erase(
    config: ConfigOption = None,
    source: Annotated[str | None, typer.Option(
        "--source", help="The source that knows the person.", show_default=False)] = None,
    table: Annotated[str | None, typer.Option(
        "--table", help="crm_contact, crm_user, or crm_company and erp_account where that is one "
                        "person.", show_default=False)] = None,
    key: Annotated[str | None, typer.Option(
        "--key", help="The person's key in that table.", show_default=False)] = None,
    email: Annotated[str | None, typer.Option(
        "--email", metavar="TEXT", help="Show every delivered cell that holds this address (or any "
                                        "other text) and whose it is; erases nothing.",
        show_default=False)] = None,
    why: Annotated[str, typer.Option(
        "--why", help="The reason, kept with the record of the erasure; without names.")] = "",
    dry_run: Annotated[bool, typer.Option(
        "--dry-run", help="Show what would go and where, and change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Forget a person: in landed bytes, checked rows, run history and every kept version.

    Names, addresses and free text of their records are blanked; keys, dates and amounts stay, so
    that every account still adds up. The next run is right without them.

    Example: customer360 erase --source crm --table crm_contact --key P20001 --why "asked by post"
    """
    configuration = configuration_of(config)
    if email is not None:
        _show_seen(configuration, email)
        return
    if not (source and table and key):
        raise ConfigurationError("say who: --source, --table and --key; `--email TEXT` finds them")
    from .erasure import erasing, erasures

    person = erasures.Person(source, table, key)
    erasing.check(configuration, person)
    if not dry_run and not why.strip():
        raise ConfigurationError("--why is empty; say why the person is erased")
    with run_lock(configuration.store, "an erasure"):
        plan = erasing.plan(configuration, person)
        if plan.places:
            print_table("What tells about the person", ["kind", "where", "rows"],
                        [(place.kind, place.where, place.rows) for place in plan.places])
        else:
            out.print("Nothing that is kept tells about the person.")
        if dry_run:
            _show_rest(configuration, plan)
            return
        was_done = erasures.is_done(configuration.store, person)
        if not was_done and not yes and not typer.confirm(
                "Erase it? This cannot be undone", err=True):
            raise typer.Abort
        from .pipeline import operator

        counts = erasing.erase(configuration, person, why=why, who=operator())
    changed = ", ".join(f"{count} {what}" for what, count in counts.items())
    out.print(f"Erased: {changed}. `customer360 run` publishes a version made without them."
              if counts else "The person was erased before; nothing was left to do.",
              soft_wrap=True)
    _show_rest(configuration, plan)


def _show_rest(configuration: "Configuration", plan: "Plan") -> None:
    """What an erasure does not reach, so that a person can see to it."""
    for path in plan.still_delivered:
        out.print(f"still lies in {escaped(str(path))}; remove it there. Until then each run "
                  "reads it and forgets the person again.", soft_wrap=True)
    for text in plan.recognised_by:
        _show_seen(configuration, text, but=plan.lines)


def _show_seen(configuration: "Configuration", text: str, *,
               but: Collection[tuple[str, str, int]] | None = None) -> None:
    """Cells that hold a text; `but` are lines that were shown already."""
    from .erasure import erasing

    sightings = [s for s in erasing.seen(configuration, text)
                 if (s.load_id, s.file, s.line) not in (but or ())]
    if sightings:
        print_table(
            f"{'Other delivered' if but else 'Delivered'} cells that hold {text!r}",
            ["source", "extract", "file", "line", "column", "cell", "of"],
            [(s.source, s.extract, s.file, s.line, s.column, s.text,
              f"--table {s.person.table} --key {s.person.key}" if s.person else "")
             for s in sightings])
    elif but is None:
        out.print(f"No delivered cell holds {text!r}.")
    sys.stdout.flush()
