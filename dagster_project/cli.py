"""The command `customer360`: run, look, decide.

Whether anything changed is told before Dagster, dbt or the contract are imported, so that a run
with nothing to do takes a second. Exit codes: 0 done or nothing to do, 1 the data or the build was
refused (readers keep the last version), 2 usage or configuration, 3 another run is at work.
"""

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from . import (
    custody,
    delivering,
    faults,
    fingerprints,
    initial_load,
    listing,
    lookup,
    onboarding,
    publication,
    reviewing,
    settings,
)
from . import output as formats
from .errors import ConfigurationError, Customer360Error
from .lists import LISTS
from .store import lock_owner, read_lines, run_lock
from .terminal import (
    AsOfOption,
    ConfigOption,
    configuration_of,
    date_option,
    err,
    escaped,
    named,
    out,
    print_table,
    short,
    writer,
)

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="One mart of the whole customer from CRM and ERP extracts.\n\n"
         "Start with `customer360 run`, then ask `customer360 query \"select * from credit_hold\"`."
         "\n\nExit codes: 0 done or nothing to do · 1 refused (readers keep the last version) · "
         "2 usage or configuration · 3 another run is at work.")


@app.command()
def run(
    config: ConfigOption = None,
    as_of: AsOfOption = None,
    force: Annotated[bool, typer.Option(
        "--force", help="Build even if nothing changed, and accept an as-of date beyond what the "
                        "sources reach (every figure is then flagged).")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no lists.")] = False,
) -> None:
    """Pull, check, build, audit and publish. Does nothing when nothing changed.

    A date before the sources' reach is published beside: `current` does not move, and
    `customer360 query --as-of DATE` reads it.
    """
    configuration = configuration_of(config)
    day = date_option(as_of)
    with run_lock(configuration.store, "a run from the command line"):
        publication.recover(configuration.store)
        inputs = fingerprints.inputs_digest(configuration, day)
        done = None if force else publication.unchanged(configuration.store, inputs, day)
        if done is not None:
            _nothing_changed(configuration, done)
            if configuration.store.unfinished_run.exists():
                from . import runs

                runs.end_killed(configuration)
            return
        _execute(configuration, day, force=force, quiet=quiet)
    version = publication.current(configuration.store) if day is None else publication.at(
        configuration.store, day)
    if version is not None and not quiet:
        listing.show(version, [one for one in LISTS if one.in_run], rows=listing.HEAD)
        _say_where(configuration, version, day)


def _nothing_changed(configuration: settings.Configuration,
                     done: publication.Publication) -> None:
    now = publication.current(configuration.store)
    out.print(f"Nothing changed since publication [bold]{done.id}[/] "
              f"(as of {done.as_of_date}); nothing was built.")
    if now is not None and not done.manifest["past"] and now.id != done.id:
        out.print(f"It was rolled back: readers see {now.id}. To publish it again: "
                  "customer360 run --force")


def _execute(configuration: settings.Configuration, day: date | None, *, force: bool,
             quiet: bool) -> None:
    from .progress import Progress

    with Progress(err, quiet=quiet) as progress:
        from . import runs

        outcome = runs.execute(configuration, as_of=day, force=force, on_event=progress.on_event)
    if not outcome.success:
        for problem in outcome.problems or ("the run failed; see it in the Dagster UI",):
            err.print(f"[red]{escaped(problem)}[/]", soft_wrap=True)
        err.print(f"run {outcome.run_id} failed; it stands in the Dagster UI (customer360 ui"
                  f"{named(configuration)})", soft_wrap=True)
        raise typer.Exit(1)


def _say_where(configuration: settings.Configuration, version: publication.Publication,
               day: date | None) -> None:
    link = (configuration.store.publications / "current" if not version.manifest["past"]
            else configuration.store.as_of / version.as_of_date.isoformat())
    where = f" --as-of {version.as_of_date}" if version.manifest["past"] else ""
    where += named(configuration)
    out.print(f"\nPublished [bold]{version.id}[/], as of {version.as_of_date}.")
    for warning in version.manifest["warnings"]:
        out.print(f"  warning: {escaped(warning)}", soft_wrap=True)
    out.print(f"  mart     {short(link / publication.DATABASE)}", soft_wrap=True)
    out.print(f"  parquet  {short(link / 'parquet')}/", soft_wrap=True)
    out.print(f"  query    customer360 query{where} \"select * from customer_360\"",
              soft_wrap=True)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="SQL over the published marts (DuckDB).")],
    config: ConfigOption = None,
    as_of: AsOfOption = None,
    output: Annotated[str, typer.Option(
        "--format", "-f", help="table, csv or json.")] = "table",
    verbatim: Annotated[bool, typer.Option(
        "--verbatim", help="CSV: leave text that a spreadsheet would run as a formula as it is "
                           "(else it gets a leading ').")] = False,
) -> None:
    """Ask the published mart: read-only, and it reaches nothing but the mart.

    Example: customer360 query "select customer_name, overdue from customer_360" --format csv
    """
    configuration = configuration_of(config)
    write = writer(output)
    version = publication.readable(configuration.store, date_option(as_of))
    import duckdb

    with publication.reader(version) as con:
        try:
            found = con.execute(sql)
            names = [d[0] for d in found.description or ()]
            if write is None:
                print_table(version.id, names, found.fetchall())
            else:
                write(sys.stdout, names, found, verbatim)
        except duckdb.Error as problem:
            raise ConfigurationError(f"the query was refused: {problem}") from None


@app.command()
def status(config: ConfigOption = None) -> None:
    """What readers see, how far each source reaches, whether anything changed, who is at work."""
    configuration = configuration_of(config)
    store = configuration.store
    now = publication.current(store)
    out.print(f"configuration  {short(configuration.path)}", soft_wrap=True)
    if now is None:
        out.print("publication    none yet; `customer360 run` makes the first")
    else:
        out.print(f"publication    {now.id}, as of {now.as_of_date}, "
                  f"built {now.manifest['built_at']}", soft_wrap=True)
        for warning in now.manifest["warnings"]:
            out.print(f"  warning      {escaped(warning)}", soft_wrap=True)
        inputs = fingerprints.inputs_digest(configuration, None)
        done = publication.unchanged(store, inputs, None)
        if done is None:
            out.print("deliveries     something changed since; `customer360 run` publishes it")
        elif done.id != now.id:
            out.print(f"deliveries     nothing changed since {done.id}, which was rolled back")
        else:
            out.print("deliveries     nothing changed since")
        for source in now.manifest["sources"]:
            reach = f"reaches {source['reach']}" if source["reach"] else "no dated tables"
            behind = (f", {source['lag_days']} days less far than the furthest"
                      if source.get("lag_days") else "")
            out.print(f"source         {source['source']}: {reach}{behind}")
    out.print(f"at work        {lock_owner(store) or 'nobody'}")


@app.command()
def publications(config: ConfigOption = None) -> None:
    """List the versions that are kept, newest first, and what became current when."""
    from rich.table import Table

    configuration = configuration_of(config)
    store = configuration.store
    now = publication.current(store)
    table = Table(header_style="bold")
    for name in ("", "publication", "as of", "built at", "customers", "warnings", "broken files"):
        table.add_column(name)
    for version in (*publication.kept(store), *publication.kept_past(store)):
        mark = "current" if now and version.folder == now.folder else (
            "past date" if version.manifest["past"] else "")
        counts = version.manifest["row_counts"]
        table.add_row(mark, version.id, str(version.as_of_date), version.manifest["built_at"],
                      str(counts.get("customer_360", "")), str(len(version.manifest["warnings"])),
                      ", ".join(publication.broken_files(version)) or "none")
    out.print(table)
    for entry in read_lines(store.publications / "log.jsonl")[-10:]:
        out.print(f"{entry['at']}  {entry['event']:<12} {entry['publication_id']}")


@app.command()
def rollback(
    to: Annotated[str | None, typer.Argument(help="The version; default: the one before.",
                                             show_default=False)] = None,
    config: ConfigOption = None,
) -> None:
    """Point readers at an earlier kept version, at once. Customer ids are not rolled back."""
    configuration = configuration_of(config)
    with run_lock(configuration.store, "a rollback"):
        publication.recover(configuration.store)
        chosen = publication.rollback(configuration.store, to)
    out.print(f"Readers now see [bold]{chosen.id}[/], as of {chosen.as_of_date}.")


@app.command()
def quarantine(
    config: ConfigOption = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source.",
                                               show_default=False)] = None,
    table: Annotated[str | None, typer.Option("--table", help="Only this contract table.",
                                              show_default=False)] = None,
    output: Annotated[str, typer.Option("--format", "-f", help="table, csv or json.")] = "table",
) -> None:
    """Rows that were not accepted, as last checked, each with all its reasons and its line.

    Shows them also when the run that found them was refused.
    """
    from . import quarantined_rows

    configuration = configuration_of(config)
    write = writer(output)
    names, rows = quarantined_rows.read(configuration, source=source, table=table)
    if write is None:
        shown = ["source", "table_name", "source_file", "source_line", "reasons"]
        print_table(f"{len(rows)} rows in quarantine", shown,
                     [tuple(row[names.index(n)] for n in shown) for row in rows])
    else:
        write(sys.stdout, names, formats.Rows(rows), False)


@app.command()
def accept(
    load: Annotated[str, typer.Argument(help="The load id, as the refused run named it.")],
    why: Annotated[str, typer.Option("--why", help="The reason, kept with the decision.")],
    config: ConfigOption = None,
) -> None:
    """Record an operator's decision that a held load is right; the next run lets it through."""
    from . import landing, pipeline

    if not why.strip():
        raise ConfigurationError("--why is empty; say why the load is right")
    configuration = configuration_of(config)
    done = landing.accept(configuration.store, load, why=why, who=pipeline.operator())
    out.print(f"Recorded: load {done.load_id} ({done.source}.{done.extract} of {done.load_date}) "
              "may pass. `customer360 run` goes on.")


app.command()(listing.lists)
app.command()(lookup.customer)
app.command()(reviewing.review)
app.command()(initial_load.onboard)
app.command()(delivering.letters)
app.command()(delivering.statements)
app.command()(delivering.export)
app.command()(custody.verify)
app.command()(custody.erase)


@app.command()
def ui(
    config: ConfigOption = None,
    port: Annotated[int, typer.Option("--port", help="On 127.0.0.1 only.")] = 3000,
) -> None:
    """Open Dagster's UI for this configuration, with its schedules and sensors, on loopback."""
    from . import runs

    configuration = configuration_of(config)
    runs.prepare_instance(configuration)
    dagster = Path(sys.executable).with_name("dagster")
    os.execv(dagster, [str(dagster), "dev", "-w", str(settings.PROJECT / "workspace.yaml"),
                       "-h", "127.0.0.1", "-p", str(port)])


for command in (onboarding.init, onboarding.doctor, onboarding.schema):
    app.command()(command)


def main() -> None:
    """Run a command; a refusal becomes its message and its exit code."""
    fault = settings.armed_fault()
    if fault is not None:
        faults.arm(*fault)
    try:
        # Without standalone mode an Exit is returned as its code instead of ending the process.
        sys.exit(app(standalone_mode=False) or 0)
    except Customer360Error as problem:
        err.print(f"[red]{escaped(str(problem))}[/]", soft_wrap=True)
        sys.exit(problem.exit_code)
    except typer.Abort:
        sys.exit(130)
    except OSError as problem:
        err.print(f"[red]{escaped(str(problem))}[/]\nNothing was published; the last publication "
                  "stays current.", soft_wrap=True)
        sys.exit(1)
    except Exception as problem:
        if type(problem).__module__.startswith(("click", "typer")) and hasattr(problem, "show"):
            problem.show()
            sys.exit(2)
        raise


if __name__ == "__main__":
    main()
