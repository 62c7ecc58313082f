"""The commands by which what is kept is proved whole: `verify`.

Not here: what is checked, and how (integrity).
"""

import typer

from .terminal import ConfigOption, configuration_of, escaped, out


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
