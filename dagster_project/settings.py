"""The configuration file as typed values; the only reader of the environment.

Unknown keys are refused by name. `${NAME}` in any string is replaced from the environment, in
memory only: fingerprints and error messages use the text as it stands in the file.
Not here: whether the mapping fits the extracts (mapping, sources).
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from .errors import ConfigurationError
from .store import Store, digest

PROJECT = Path(__file__).resolve().parents[1]
DEMO_CONFIGURATION = PROJECT / "seeds" / "customer360.yaml"
CONFIG_VARIABLE = "CUSTOMER360_CONFIG"
FAULT_VARIABLE = "CUSTOMER360_FAULT"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Percent = Annotated[Decimal, Field(ge=0, le=100)]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


class Strict(BaseModel):
    """A part of the configuration: frozen, and no key that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Dialect(Strict):
    """How the text of an extract is written. Anything else than declared is not guessed at."""

    format: Literal["csv", "parquet"] = "csv"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ".", ",", " ", "'"] = ""
    date_format: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = ("%Y-%m-%d",)
    timestamp_format: Annotated[tuple[str, ...], BeforeValidator(_as_list)] = (
        "%Y-%m-%d %H:%M:%S",
    )
    time_zone: str = "UTC"
    null_values: tuple[str, ...] = ("",)
    allow_empty: bool = False

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        "".encode(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @model_validator(mode="after")
    def _separators_differ(self) -> "Dialect":
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}")
        return self


class Connection(Dialect):
    """Where a source's extracts lie, and how they are written unless an extract says otherwise."""

    type: Literal["files"] = "files"
    path: str


class LoadDate(Strict):
    """Where a load's business date comes from, unless a manifest beside the file states it."""

    file_name: str | None = None
    format: str = "%Y-%m-%d"
    constant: date | None = None
    column: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "LoadDate":
        given = [k for k in ("file_name", "constant", "column") if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError("load_date takes exactly one of file_name, constant, column")
        if self.file_name is not None and re.compile(self.file_name).groups != 1:
            raise ValueError(f"file_name {self.file_name!r} needs one group around the date")
        return self


class Extract(Strict):
    """One table that a source delivers: its files, and how deliveries follow each other."""

    files: Annotated[tuple[str, ...], BeforeValidator(_as_list)]
    mode: Literal["full", "incremental"] = "full"
    key: tuple[str, ...] = ()
    changed: str | None = None
    load_date: LoadDate | None = None
    max_row_loss_pct: Percent | None = None
    # Any key of the dialect may be overridden for one extract.
    format: Literal["csv", "parquet"] | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal["", ".", ",", " ", "'"] | None = None
    date_format: Annotated[tuple[str, ...], BeforeValidator(_as_list)] | None = None
    timestamp_format: Annotated[tuple[str, ...], BeforeValidator(_as_list)] | None = None
    time_zone: str | None = None
    null_values: tuple[str, ...] | None = None
    allow_empty: bool | None = None

    @model_validator(mode="after")
    def _keyed(self) -> "Extract":
        if self.mode == "incremental" and not self.key:
            raise ValueError("an incremental extract needs a key")
        return self

    def dialect(self, connection: Connection) -> Dialect:
        """The source's dialect with this extract's overrides."""
        names = Dialect.model_fields.keys()
        merged = {n: getattr(connection, n) for n in names}
        merged |= {n: v for n in names if (v := getattr(self, n)) is not None}
        return Dialect(**merged)


class Constant(Strict):
    """The same value in every row."""

    constant: str | int | Decimal | bool | date | None


class Expression(Strict):
    """A SQL expression over the columns of the mapped input's relations."""

    sql: str


ColumnSource = str | Constant | Expression


class Join(Strict):
    """A left join to another relation of the same source."""

    to: str
    alias: str | None = Field(default=None, alias="as")
    on: str

    @property
    def name(self) -> str:
        """The relation's name inside expressions."""
        return self.alias or self.to.removeprefix("mapped.")


class UniqueBy(Strict):
    """De-duplication: of the rows that share `columns`, the first by `order` stays."""

    columns: Annotated[tuple[str, ...], BeforeValidator(_as_list)]
    order: str | None = None


class MappedInput(Strict):
    """Rows of one contract table from one driving extract, or stated inline."""

    name: Name | None = None
    source: str | None = Field(default=None, alias="from")
    alias: str | None = Field(default=None, alias="as")
    rows: tuple[dict[str, Any], ...] | None = None
    join: tuple[Join, ...] = ()
    where: str | None = None
    unique_by: UniqueBy | None = None
    group_by: tuple[str, ...] = ()
    grain: str | None = None
    columns: dict[str, ColumnSource] | None = None
    custom: dict[str, ColumnSource] = {}

    @model_validator(mode="after")
    def _rows_or_extract(self) -> "MappedInput":
        if (self.source is None) == (self.rows is None):
            raise ValueError("a mapped input takes either `from` or inline `rows`")
        if self.rows is not None and (self.columns or self.join or self.where or self.group_by):
            raise ValueError("inline `rows` take no columns, joins or filters")
        return self

    @property
    def driving(self) -> str:
        """The driving relation's name inside expressions."""
        return self.alias or (self.source or "").removeprefix("mapped.")


class Tie(Strict):
    """An ERP source, or one entity of it, that a CRM is tied to."""

    source: Name
    entity: str | None = None


class Source(Strict):
    """One connected system instance."""

    name: Name
    role: Literal["crm", "erp", "steward"]
    system: str | None = None
    connection: Connection
    load_date: LoadDate | None = None
    tied_to: tuple[Annotated[Tie, BeforeValidator(
        lambda v: {"source": v} if isinstance(v, str) else v)], ...] | None = None
    settlement: Literal["allocations", "live_balance", "none"] | None = None
    sales_from: Literal["invoices", "orders"] = "invoices"
    max_bad_rows_pct: Percent | None = None
    max_row_loss_pct: Percent | None = None
    extracts: dict[Name, Extract] = {}
    prepare: dict[Name, str] = {}
    tables: dict[str, Annotated[tuple[MappedInput, ...], BeforeValidator(_as_list)]] = Field(
        min_length=1)

    @model_validator(mode="after")
    def _role_fits(self) -> "Source":
        if self.tied_to is not None and self.role != "crm":
            raise ValueError("tied_to belongs to a crm source")
        if self.role != "erp" and (self.settlement or self.sales_from != "invoices"):
            raise ValueError("settlement and sales_from belong to an erp source")
        return self

    @cached_property
    def effective_settlement(self) -> str | None:
        """How receivables settle: as declared, else by what is mapped."""
        if self.role != "erp" or self.settlement:
            return self.settlement
        if "erp_ar_allocation" in self.tables:
            return "allocations"
        documents = self.tables.get("erp_ar_document", ())
        if any("open_amount" in (m.columns or {}) for m in documents):
            return "live_balance"
        raise ConfigurationError(
            f"source {self.name}: it maps neither allocations nor open amounts, so nothing says "
            "what is paid. Map erp_ar_allocation or erp_ar_document.open_amount, or declare "
            "`settlement: none` (no receivables, no hold on balance)."
        )


class Ageing(Strict):
    """How the default ageing is read; `domain` edges are fixed at 30, 60 and 90 days."""

    basis: Literal["due_date", "document_date", "posting_date"] = "due_date"
    credits: Literal["separate", "aged"] = "separate"


class Configuration(Strict):
    """The whole configuration file."""

    company: str
    reporting_currency: str = Field(pattern=r"^[A-Z]{3}$")
    as_of_date: date | None = None
    data_dir: str = "data"
    keep_publications: int = Field(default=5, ge=1)
    max_bad_rows_pct: Percent = Decimal(5)
    max_row_loss_pct: Percent = Decimal(30)
    gl_difference: Literal["warn", "block"] = "warn"
    ageing: Ageing = Ageing()
    sources: tuple[Source, ...] = Field(min_length=1)

    _path: Path
    _fingerprint: str

    @model_validator(mode="after")
    def _sources_fit_together(self) -> "Configuration":
        names = [s.name for s in self.sources]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"source names used twice: {', '.join(twice)}")
        erps = {s.name for s in self.sources if s.role == "erp"}
        for source in self.sources:
            for tie in source.tied_to or ():
                if tie.source not in erps:
                    raise ValueError(f"{source.name}: tied_to names {tie.source!r}, which is no "
                                     f"erp source (there are: {', '.join(sorted(erps))})")
        return self

    @property
    def path(self) -> Path:
        """The file this was read from."""
        return self._path

    @property
    def fingerprint(self) -> str:
        """Digest of the configuration as written, secrets unexpanded."""
        return self._fingerprint

    @cached_property
    def store(self) -> Store:
        """The data folder of this configuration."""
        return Store((self.path.parent / self.data_dir).resolve())

    def source(self, name: str) -> Source:
        """The source of that name. Raises ConfigurationError with the closest one."""
        for source in self.sources:
            if source.name == name:
                return source
        raise ConfigurationError(f"{self.path}: no source {name!r}"
                                 + closest(name, [s.name for s in self.sources]))


def closest(name: str, candidates: list[str]) -> str:
    """` (closest match: X)` for an error message, or nothing where nothing is close."""
    folded = {c.casefold(): c for c in candidates}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f" (closest match: {folded[found[0]]!r})" if found else ""


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


class _Loader(yaml.CSafeLoader):
    """YAML of version 1.2 in what a mapping could trip over, and stricter in two things.

    `on`, `no` and 007 are text, decimals stay exact, and a key written twice is an error.
    """

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, shape) for tag, shape in found
                if tag.rpartition(":")[2] not in ("bool", "int", "float")]
        for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()}


def _unique_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(k) for k, _ in node.value if k.tag != "tag:yaml.org,2002:merge"]
    if twice := {k for k in keys if keys.count(k) > 1}:
        raise yaml.constructor.ConstructorError(
            None, None, f"key written twice: {sorted(map(str, twice))}", node.start_mark)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


for _tag, _shape in (("bool", "true|True|TRUE|false|False|FALSE"), ("int", "[-+]?(0|[1-9][0-9]*)"),
                     ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_shape})$"),
                                  list("+-0123456789tTfF"))
_Loader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)
_Loader.add_constructor("tag:yaml.org,2002:float",
                        lambda loader, node: Decimal(loader.construct_scalar(node)))


def load(path: Path) -> Configuration:
    """Read a configuration file. Raises ConfigurationError naming every wrong key at once."""
    path = path.resolve()
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such configuration file") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ConfigurationError(f"{path}: not readable as YAML: {problem}") from None
    if not isinstance(raw, dict):
        raise ConfigurationError(f"{path}: a configuration is a mapping of keys to values")
    missing = sorted({f"{where}: ${{{name}}}" for where, text in _strings(raw)
                      for name in _VARIABLE.findall(text) if name not in os.environ})
    if missing:
        raise ConfigurationError(f"{path}: not set in the environment:\n  " + "\n  ".join(missing))
    try:
        configuration = Configuration.model_validate(_expand(raw))
    except ValidationError as problem:
        raise ConfigurationError(_readable(path, problem)) from None
    configuration._path = path
    configuration._fingerprint = digest(raw)
    for source in configuration.sources:
        _ = source.effective_settlement
    return configuration


def _readable(path: Path, problem: ValidationError) -> str:
    lines = []
    for error in problem.errors(include_url=False, include_input=False):
        where = ".".join(str(part) for part in error["loc"]
                         if part not in ("Constant", "Expression", "str"))
        message = error["msg"].removeprefix("Value error, ")
        if error["type"] == "extra_forbidden":
            message = "unknown key" + closest(str(error["loc"][-1]), _keys_beside(error["loc"]))
        lines.append(f"{where or 'configuration'}: {message}")
    return f"{path}:\n  " + "\n  ".join(dict.fromkeys(lines))


def _keys_beside(where: tuple[int | str, ...]) -> list[str]:
    """The keys a part of the configuration knows, for the closest match to an unknown one."""
    models: dict[str, type[BaseModel]] = {
        "sources": Source, "connection": Connection, "extracts": Extract, "load_date": LoadDate,
        "tables": MappedInput, "join": Join, "unique_by": UniqueBy, "ageing": Ageing}
    names = [str(part) for part in where[:-1] if str(part) in models]
    model = models[names[-1]] if names else Configuration
    return [field.alias or name for name, field in model.model_fields.items()]


def configuration_path(given: Path | None) -> Path:
    """The configuration file to use: as given, else from the environment, else the demo's."""
    if given is not None:
        return given
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else DEMO_CONFIGURATION


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
