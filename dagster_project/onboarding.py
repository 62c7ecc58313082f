"""Commands that lead from a folder of extracts to a configuration of one's own.

Thin: the work is in `editor_schema`. Not here: running a configuration (cli).
"""

import typer


def schema() -> None:
    """Print the JSON schema of the configuration, for editors that complete and check YAML."""
    from . import editor_schema

    typer.echo(editor_schema.text(), nl=False)


def register(app: typer.Typer) -> None:
    """Make the commands known to the command line."""
    for command in (schema,):
        app.command()(command)
