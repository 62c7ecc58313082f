"""Commands that lead from a folder of extracts to one's own mart: `init`, `doctor`, `schema`.

Not here: the guesses (guessing), the examination (doctor), the schema (editor_schema).
"""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import settings
from .errors import ConfigurationError
from .terminal import ConfigOption, escaped, out, print_table, short

if TYPE_CHECKING:
    from .doctor import ExtractFinding, Findings, SourceFinding, TableFinding
    from .guessing.layout import Found

# Characters of a value that the first rows show.
CELL = 32


def schema() -> None:
    """Print the JSON schema of the configuration, for editors that complete and check YAML."""
    from . import editor_schema

    typer.echo(editor_schema.text(), nl=False)


def init(
    folder: Annotated[Path, typer.Argument(help="The folder with the extracts of one system.")],
    output: Annotated[Path, typer.Option(
        "--output", "-o", help="The file to write.")] = Path("customer360.yaml"),
    role: Annotated[str | None, typer.Option(
        "--role", help="crm or erp. Default: whichever fits better.", show_default=False)] = None,
    name: Annotated[str | None, typer.Option(
        "--name", help="The source's name; part of every key later.", show_default=False)] = None,
    currency: Annotated[str | None, typer.Option(
        "--currency", help="The firm's currency, such as EUR. Default: as the files tell.",
        show_default=False)] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a configuration for a folder of extracts: guessed, commented, for you to finish."""
    import re

    from . import editor_schema
    from .guessing import layout, start

    if role not in (None, "crm", "erp"):
        raise ConfigurationError(f"--role {role!r}: choose crm or erp")
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise ConfigurationError(f"--currency {currency!r} is no code of three capital letters")
    if name and not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise ConfigurationError(f"--name {name!r}: lower case letters, digits and underscores")
    if output.exists() and not force:
        raise ConfigurationError(f"{output} is there already; --force overwrites it, --output "
                                 "FILE writes another")
    found = start.guessed(folder, output, role=role, name=name, currency=currency)
    output.write_text(layout.text(found), encoding="utf-8")
    beside = output.with_name(layout.SCHEMA_FILE)
    if force or not beside.exists():
        beside.write_text(editor_schema.text(), encoding="utf-8")
    _show_guesses(found)
    for name, why in found.unread:
        out.print(f"Left out: {escaped(name)}: {escaped(why)}", soft_wrap=True)
    todos = settings.load(output, unfinished=True).todos
    out.print(f"\nWrote [bold]{short(output)}[/], and {short(beside)} for your editor. "
              f"{len(todos)} entries are to do.", soft_wrap=True)
    out.print(f"Next: customer360 doctor --config {short(output)}", soft_wrap=True)


def _show_guesses(found: "Found") -> None:
    rows = []
    for made in found.inputs:
        if made.extract is not None:
            said = Counter(guess.why.split(":")[0].split(",")[0]
                           for guess in made.columns.values())
            told = [said[word] for word in ("sure", "likely", "unmapped")]
            rows.append((made.extract.name, made.table, *told[:2], said.total() - sum(told),
                         told[2]))
    used = {extract.name for extract in found.used}
    rows += [(e.name, "fits no table", 0, 0, 0, 0) for e in found.extracts if e.name not in used]
    print_table(f"Columns guessed for source {found.name} ({found.role})",
                ["extract", "contract table", "sure", "likely", "guess", "to do"], rows)


def doctor(
    config: ConfigOption = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="Mapped rows shown of each contract "
                                                            "table.")] = 3,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.",
                                               show_default=False)] = None,
) -> None:
    """Check configuration, connections, headers and mapping; show the first mapped rows.

    Loads nothing and leaves nothing behind. Ends with 0 if `customer360 run` can go ahead, 1 if the
    data is not right, 2 if the configuration is not.
    """
    from . import doctor as examination

    configuration = settings.load(settings.configuration_path(config), unfinished=True)
    findings = examination.examine(configuration, rows=rows, only=source)
    out.print(f"configuration  {short(configuration.path)}", soft_wrap=True)
    for found in findings.sources:
        _show_source(found)
    for todo in findings.todos:
        out.print(f"[yellow]to do[/]  {escaped(todo)}", soft_wrap=True)
    out.print(_verdict(findings, configuration), soft_wrap=True)
    if findings.exit_code:
        raise typer.Exit(findings.exit_code)


def _show_source(found: "SourceFinding") -> None:
    out.print(f"\n[bold]{found.source}[/] ({found.role})  {short(found.folder)}", soft_wrap=True)
    if found.problem:
        out.print(f"  [red]bad[/]   {escaped(found.problem)}", soft_wrap=True)
    width = max((len(e.name) for e in found.extracts), default=0)
    for extract in found.extracts:
        out.print(f"  {_extract(extract, width)}", soft_wrap=True)
    for name, why in found.stray:
        out.print(f"  [dim]left[/]  {escaped(name)}: {why}", soft_wrap=True)
    for problem in found.mapping:
        out.print(f"  [red]bad[/]   {escaped(problem)}", soft_wrap=True)
    for table in found.tables:
        _show_table(table)


def _extract(found: "ExtractFinding", width: int) -> str:
    if found.problem:
        mark = "[red]bad[/] " if found.used else "[dim]left[/]"
        return f"{mark}  {found.name:<{width}}  {escaped(found.problem)}"
    files = "1 file" if found.files == 1 else f"{found.files} files"
    day = f", newest {found.newest}" if found.newest else ", dated by a column"
    sampled = "" if found.whole else " looked at"
    bad = f", {found.unreadable:,} cannot be read" if found.unreadable else ""
    mark = "[green]ok[/]  " if found.used else "[dim]left[/]"
    unused = "" if found.used else ", feeds no table"
    return (f"{mark}  {found.name:<{width}}  {files}{day}, {found.rows:,} records{sampled}{bad}, "
            f"{found.columns} columns{unused}")


def _show_table(found: "TableFinding") -> None:
    if found.problem:
        out.print(f"  [red]bad[/]   {found.table}: {escaped(found.problem)}", soft_wrap=True)
        return
    if found.first:
        # A row of the table is a column here: a contract table is wider than any screen.
        print_table(f"\n{found.table} · the first {len(found.first)} of {found.mapped:,} rows",
                    ["column", "from", *(f"row {n}" for n in range(1, len(found.first) + 1))],
                    [(name, *map(_cell, (stated, *values))) for name, stated, *values in
                     zip(found.names, found.stated, *found.first, strict=True)])
    if found.skipped:
        out.print(f"  [yellow]wait[/]  {found.table}: {found.skipped}", soft_wrap=True)
    elif not found.quarantined:
        out.print(f"  [green]ok[/]    {found.table}: {found.mapped:,} rows, none would be "
                  "quarantined", soft_wrap=True)
    else:
        mark = "[red]bad[/] " if found.too_many else "[yellow]look[/]"
        out.print(f"  {mark}  {found.table}: {found.quarantined:,} of {found.mapped:,} rows would "
                  f"be quarantined{', too many to go on' if found.too_many else ''}",
                  soft_wrap=True)
        for count, reason in found.reasons:
            out.print(f"          {count:>6,} x {escaped(reason)}", soft_wrap=True)


def _cell(value: Any) -> str:
    """A value of any type as text, no longer than helps to recognise it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= CELL else f"{text[:CELL - 1]}…"


def _verdict(found: "Findings", configuration: settings.Configuration) -> str:
    if found.exit_code == 0:
        return f"\n[green]Ready.[/] customer360 run --config {short(configuration.path)}"
    problems = sum(len(s.mapping) for s in found.sources)
    if found.exit_code == ConfigurationError.exit_code:
        return (f"\n[red]Not ready:[/] {len(found.todos)} entries to do, {problems} that do not "
                f"fit. State them in {short(configuration.path)} and ask again.")
    return "\n[red]Not ready:[/] the configuration fits, the data does not; see what is bad above."
