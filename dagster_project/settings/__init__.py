"""The configuration file as typed values; the only reader of the environment.

Unknown keys are refused by name. `${NAME}` in any string is replaced from the environment, in
memory only: fingerprints and error messages use the text as it stands in the file.
Not here: whether the mapping fits the extracts (mapping, sources).
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from .. import strict_yaml
from ..errors import ConfigurationError, closest
from ..store import digest
from .letters import BankAccount, Letters, Sender
from .model import (
    NO_CURRENCY,
    OUTBOX,
    Ageing,
    Collections,
    ColumnSource,
    Configuration,
    Connection,
    Constant,
    CrossSell,
    Expected,
    Expression,
    Extract,
    Join,
    LoadDate,
    MappedInput,
    Marketing,
    Name,
    Percent,
    Pipeline,
    Profitability,
    Schedule,
    Service,
    Source,
    Tie,
    Todo,
    UniqueBy,
    WhenLate,
)
from .outbox import RELEASE_COLUMNS, outbox

__all__ = [
    "CONFIG_VARIABLE",
    "DEMO_CONFIGURATION",
    "FAULT_VARIABLE",
    "NO_CURRENCY",
    "OUTBOX",
    "PROJECT",
    "RELEASE_COLUMNS",
    "STEWARD_VARIABLE",
    "Ageing",
    "BankAccount",
    "Collections",
    "ColumnSource",
    "Configuration",
    "Connection",
    "Constant",
    "CrossSell",
    "Expected",
    "Expression",
    "Extract",
    "Join",
    "Letters",
    "LoadDate",
    "MappedInput",
    "Marketing",
    "Name",
    "Percent",
    "Pipeline",
    "Profitability",
    "Schedule",
    "Sender",
    "Service",
    "Source",
    "Tie",
    "Todo",
    "UniqueBy",
    "WhenLate",
    "armed_fault",
    "configuration_path",
    "export_for_children",
    "load",
    "steward",
]

PROJECT = Path(__file__).resolve().parents[2]
DEMO_CONFIGURATION = PROJECT / "seeds" / "customer360.yaml"
CONFIG_VARIABLE = "CUSTOMER360_CONFIG"
FAULT_VARIABLE = "CUSTOMER360_FAULT"
STEWARD_VARIABLE = "CUSTOMER360_STEWARD"


def _strings(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _strings(inner, f"{where}[{number}]")


_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _expand(value: Any) -> Any:
    if isinstance(value, str):
        return _VARIABLE.sub(lambda m: os.environ[m[1]], value)
    if isinstance(value, dict):
        return {key: _expand(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_expand(inner) for inner in value]
    return value


def load(path: Path, *, unfinished: bool = False) -> Configuration:
    """Read a configuration file. Raises ConfigurationError naming every wrong key at once.

    One with entries still to do is refused too, unless `unfinished`.
    """
    path = path.resolve()
    raw = strict_yaml.read(path)
    missing = sorted({f"{where}: ${{{name}}}" for where, text in _strings(raw)
                      for name in _VARIABLE.findall(text) if name not in os.environ})
    if missing:
        raise ConfigurationError(f"{path}: not set in the environment:\n  " + "\n  ".join(missing))
    try:
        configuration = Configuration.model_validate(_expand(raw))
    except ValidationError as problem:
        raise ConfigurationError(_readable(path, raw, problem)) from None
    if configuration.sends_letters:
        configuration = configuration.model_copy(
            update={"sources": (*configuration.sources, outbox(configuration.data_dir))})
    configuration._path = path
    configuration._fingerprint = digest(raw)
    for source in configuration.sources:
        _ = source.effective_settlement
    if configuration.todos and not unfinished:
        raise ConfigurationError(
            f"{path}: {len(configuration.todos)} entries are still to do:\n  "
            + "\n  ".join(configuration.todos)
            + f"\nState them; `customer360 doctor --config {path.name}` shows what else there is.")
    return configuration


def _readable(path: Path, raw: Mapping[str, Any], problem: ValidationError) -> str:
    errors = problem.errors(include_url=False, include_input=False)
    lines = []
    for error in errors:
        loc = error["loc"]
        # A list whose entries were refused is not empty because of a mistake of its own.
        if error["type"] == "too_short" and any(
                e["loc"][:len(loc)] == loc and e is not error for e in errors):
            continue
        message = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            message = "unknown key" + closest(str(loc[-1]), _keys_beside(loc))
        lines.append(f"{_place(raw, loc)}: {message}")
    return f"{path}:\n  " + "\n  ".join(dict.fromkeys(lines))


def _place(raw: Any, loc: tuple[int | str, ...]) -> str:
    """Where in the file an error is; a source by its name, other list entries counted from 1."""
    words: list[str] = []
    for part in loc:
        if isinstance(part, int):
            raw = raw[part] if isinstance(raw, list) and part < len(raw) else raw
            name = raw.get("name") if isinstance(raw, dict) else None
            words[-1:] = [f"{words[-1]}[{name or part + 1}]"] if words else []
        elif part not in ("Constant", "Expression", "Todo", "str"):
            words.append(part)
            raw = raw.get(part) if isinstance(raw, dict) else raw
    return ".".join(words) or "configuration"


def _keys_beside(where: tuple[int | str, ...]) -> list[str]:
    """The keys a part of the configuration knows, for the closest match to an unknown one."""
    models: dict[str, type[BaseModel]] = {
        "sources": Source, "connection": Connection, "extracts": Extract, "load_date": LoadDate,
        "schedule": Schedule, "expected": Expected,
        "tables": MappedInput, "join": Join, "unique_by": UniqueBy, "ageing": Ageing,
        "collections": Collections, "cross_sell": CrossSell, "service": Service,
        "profitability": Profitability, "marketing": Marketing, "pipeline": Pipeline,
        "letters": Letters, "sender": Sender, "bank": BankAccount}
    names = [str(part) for part in where[:-1] if str(part) in models]
    model = models[names[-1]] if names else Configuration
    return [field.alias or name for name, field in model.model_fields.items()]


def configuration_path(given: Path | None) -> Path:
    """The configuration file to use: as given, else from the environment, else the demo's."""
    if given is not None:
        return given
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else DEMO_CONFIGURATION


def steward() -> str | None:
    """Who decides about matches, where the environment says so."""
    return os.environ.get(STEWARD_VARIABLE) or None


def armed_fault() -> tuple[str, str] | None:
    """The fault point and action a test asked for, if any."""
    point, _, action = os.environ.get(FAULT_VARIABLE, "").partition(":")
    return (point, action) if point else None


def export_for_children(configuration: Configuration) -> None:
    """Set what child processes (dbt, the Dagster UI) read from the environment."""
    os.environ[CONFIG_VARIABLE] = str(configuration.path)
    os.environ["CUSTOMER360_DATA"] = str(configuration.store.root)
    os.environ["DAGSTER_HOME"] = str(configuration.store.dagster_home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"
