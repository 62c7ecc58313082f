"""The keys of the configuration file as typed values.

Unknown keys are refused. Not here: how the file is read (settings), what a mapping reads (mapping).
"""

import re
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from ..dialect import (
    KEYS_OF,
    Conventions,
    Dialect,
    Fields,
    Format,
    OneOrMore,
    Strict,
    TimeZone,
    as_list,
    as_read,
)
from ..errors import ConfigurationError, closest
from ..store import Store
from .letters import Letters

NO_CURRENCY = "XXX"  # ISO 4217: no currency is involved
OUTBOX = "outbox"  # the source that is the product's own

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
Cron = Annotated[str, Field(pattern=r"^\S+( \S+){4}$")]
# As Dagster shows owners: a team, or a person's mail address.
Owner = Annotated[str, Field(pattern=r"^(team:[\w.-]+|[^@\s]+@[^@\s]+\.[^@\s]+)$")]
WhenLate = Literal["wait", "publish"]


class Connection(Conventions):
    """Where a source's extracts lie, and how they are written unless an extract says otherwise.

    `manifest: required` picks a file up only when its manifest lies beside it: a file without one
    is taken to be still on its way.
    """

    type: Literal["files"] = "files"
    """Files in a folder."""
    path: str
    """The folder, relative to this file."""
    manifest: Literal["optional", "required"] = "optional"
    """Whether a file counts only with its manifest beside it."""


class Schedule(Strict):
    """When something starts, by the clock of a time zone: five fields as cron has them."""

    cron: Cron
    """Minute, hour, day of the month, month, day of the week."""
    time_zone: TimeZone = "UTC"
    """The zone whose clock counts."""


class Expected(Strict):
    """By when a delivery is expected: one that has not come then is late.

    A delivery counts for the deadline before which it came by at most `within_hours`.
    """

    by: Cron
    """The deadlines: minute, hour, day of the month, month, day of the week."""
    time_zone: TimeZone = "UTC"
    """The zone whose clock counts."""
    within_hours: int = Field(default=24, ge=1)
    """How many hours before a deadline a delivery may come to count for it."""


class LoadDate(Strict):
    """Where a load's business date comes from, unless a manifest beside the file states it."""

    file_name: str | None = None
    """A regular expression with one group around the date in a file's name."""
    format: str = "%Y-%m-%d"
    """How the date in the file's name is written, in strftime's codes."""
    constant: date | None = None
    """One date for every load."""
    column: str | None = None
    """The column whose newest date dates the load."""

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

    files: OneOrMore
    """A file name, a pattern (customers_*.csv), or a list of them."""
    mode: Literal["full", "incremental"] = "full"
    """full: each delivery holds every record. incremental: new and changed ones."""
    key: OneOrMore = ()
    """The columns that tell one record from another."""
    changed: str | None = None
    """The column that says when a record was last changed."""
    load_date: LoadDate | None = None
    """What dates the loads of this extract, where it is not as for the source."""
    max_row_loss_pct: Percent | None = None
    """How many percent of its rows a newer full extract may lose."""
    required: bool = True
    """Whether the source is refused until a file has come; without one the extract is empty."""
    optional: OneOrMore = ()
    """Columns that a delivery may lack; they are empty then."""
    # Where the table stands in a file.
    records: str | None = None
    explode: str | None = None
    sheet: str | int | None = None
    fields: Fields | None = None
    # Any key of the connection's conventions may be overridden for one extract.
    format: Format | None = None
    skip: int | None = Field(default=None, ge=0)
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal["", ".", ",", " ", "'"] | None = None
    date_format: OneOrMore | None = None
    timestamp_format: OneOrMore | None = None
    time_zone: TimeZone | None = None
    null_values: OneOrMore | None = None
    allow_empty: bool | None = None

    @model_validator(mode="after")
    def _keyed(self) -> "Extract":
        if self.mode == "incremental" and not self.key:
            raise ValueError("an incremental extract needs a key")
        return self

    def dialect(self, connection: Connection) -> Dialect:
        """The source's conventions with what this extract states.

        Raises ValueError where the two do not fit each other.
        """
        merged = {n: getattr(connection, n) for n in Conventions.model_fields}
        stated = {n: v for n in Dialect.model_fields if (v := getattr(self, n)) is not None}
        merged |= stated
        form = merged["format"]
        for key, formats in KEYS_OF.items():
            if form not in formats:
                if key in stated:
                    raise ValueError(f"{key} belongs to format {' or '.join(formats)}, this is "
                                     f"{form}")
                merged.pop(key, None)
        if form == "fixed" and not merged.get("fields"):
            raise ValueError("format fixed needs fields: {name: [first, last]}")
        try:
            return as_read(Dialect(**merged))
        except ValidationError as problem:
            raise ValueError(", ".join(e["msg"].removeprefix("Value error, ")
                                       for e in problem.errors())) from None


class Constant(Strict):
    """The same value in every row."""

    constant: str | int | Decimal | bool | date | None
    """The value; null for none."""


class Expression(Strict):
    """A SQL expression over the columns of the mapped input's relations."""

    sql: str
    """DuckDB's SQL over the source's columns, which are text; number(x), day(x), moment(x)."""


class Todo(Strict):
    """A column that a person still has to map. No command but `doctor` takes such a file."""

    todo: str
    """What is missing."""


ColumnSource = str | Constant | Expression | Todo


class Join(Strict):
    """A left join to another relation of the same source."""

    to: str
    """The extract, prepared relation or mapped.TABLE that is joined."""
    alias: str | None = Field(default=None, alias="as")
    """Its name in expressions."""
    on: str
    """The condition, as SQL. At most one row may fit."""

    @property
    def name(self) -> str:
        """The relation's name inside expressions."""
        return self.alias or self.to.removeprefix("mapped.")


class UniqueBy(Strict):
    """De-duplication: of the rows that share `columns`, the first by `order` stays."""

    columns: OneOrMore
    """The columns that make a record."""
    order: str | None = None
    """Which of a record's rows comes first, as SQL."""


class MappedInput(Strict):
    """Rows of one contract table from one driving extract, or stated inline."""

    name: Name | None = None
    """What it is called in balances; for tables that several inputs feed."""
    source: str | None = Field(default=None, alias="from")
    """The driving extract, a prepared relation, or mapped.TABLE of this source."""
    alias: str | None = Field(default=None, alias="as")
    """The driving relation's name in expressions."""
    rows: tuple[dict[str, Any], ...] | None = None
    """The rows themselves, instead of an extract."""
    join: tuple[Join, ...] = ()
    """Relations joined to the driving one."""
    where: str | None = None
    """Which rows are mapped, as SQL; the others count as filtered."""
    unique_by: UniqueBy | None = None
    """Of rows that are alike in these columns, one stays."""
    group_by: OneOrMore = ()
    """A new grain: the columns are aggregates then."""
    grain: str | None = None
    """In words: how joins or a prepared relation change the grain."""
    columns: dict[str, ColumnSource] | None = None
    """Contract column: a column's name, {constant: ...} or {sql: ...}. Left out: by name."""
    custom: dict[str, ColumnSource] = Field(default_factory=dict)
    """Columns beyond the contract, kept and passed on to the marts."""

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
    """The erp source."""
    entity: str | None = None
    """One ledger company of it; default: all."""


class Source(Strict):
    """One connected system instance."""

    name: Name
    """Part of every key, so it is not changed later."""
    role: Literal["crm", "erp", "steward"]
    """crm, erp, or steward (the firm's policies and decisions)."""
    system: str | None = None
    """What the system is, in words."""
    owner: Owner | None = None
    """Who Dagster shows as the owner: `team:NAME` or a mail address."""
    schedule: Schedule | None = None
    """When the source is pulled."""
    expected: Expected | None = None
    """By when its delivery is expected; Dagster shows it red after that."""
    max_lag_days: int | None = Field(default=None, ge=0)
    """Days that it may reach less far than the furthest source; more is late."""
    when_late: WhenLate | None = None
    """Whether a publication waits while it is missing, refused or late."""
    connection: Connection
    """Where the extracts lie and how they are written."""
    load_date: LoadDate | None = None
    """What dates a load; a manifest beside a file comes first."""
    tied_to: tuple[Annotated[Tie, BeforeValidator(
        lambda v: {"source": v} if isinstance(v, str) else v,
        json_schema_input_type=str | Tie)], ...] | None = None
    """crm: the erp sources whose accounts its companies are matched with; default all."""
    settlement: Literal["allocations", "live_balance", "none"] | None = None
    """erp: what says how much of a document is paid."""
    sales_from: Literal["invoices", "orders"] = "invoices"
    """erp: whether sales are counted from invoices or from orders."""
    max_bad_rows_pct: Percent | None = None
    """How many percent of a table's rows may be quarantined."""
    max_row_loss_pct: Percent | None = None
    """How many percent of its rows a newer full extract may lose."""
    extracts: dict[Name, Extract] = Field(default_factory=dict)
    """Name: the files of one table that the source delivers."""
    prepare: dict[Name, str] = Field(default_factory=dict)
    """Name: SQL over extracts and mapped tables, read like an extract."""
    tables: dict[str, Annotated[tuple[MappedInput, ...], BeforeValidator(
        as_list, json_schema_input_type=MappedInput | tuple[MappedInput, ...])]] = Field(
        min_length=1)
    """Contract table: the rows that feed it, one input or a list of them."""

    @model_validator(mode="after")
    def _role_fits(self) -> "Source":
        if self.tied_to is not None and self.role != "crm":
            raise ValueError("tied_to belongs to a crm source")
        if self.role != "erp" and (self.settlement or self.sales_from != "invoices"):
            raise ValueError("settlement and sales_from belong to an erp source")
        return self

    @model_validator(mode="after")
    def _extracts_are_readable(self) -> "Source":
        _ = self.dialect
        for name, extract in self.extracts.items():
            try:
                extract.dialect(self.connection)
            except ValueError as problem:
                raise ValueError(f"extract {name}: {problem}") from None
        return self

    @property
    def needs_folder(self) -> bool:
        """Whether its folder must be there: some extract has to be delivered."""
        return any(extract.required for extract in self.extracts.values())

    @property
    def dialect(self) -> Dialect:
        """How the source's text is written where an extract does not say otherwise."""
        stated = {n: getattr(self.connection, n) for n in Conventions.model_fields}
        return as_read(Dialect(**stated))

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
    """The date that overdue days are counted from."""
    credits: Literal["separate", "aged"] = "separate"
    """Whether credits are aged too, or stand apart."""


class Collections(Strict):
    """What letters ask for, and who is called; the levels are the steward's `dunning_policy`."""

    net_credits: bool = True
    """Whether open credits are netted off what a letter asks for."""
    call_from: Decimal | None = Field(default=None, ge=0)
    """Who owes so much that can be chased now is called, in reporting currency; null: nobody."""


class CrossSell(Strict):
    """What counts as bought together, and how much of it is suggested to a customer."""

    minimum_support: Decimal = Field(default=Decimal("0.002"), gt=0, le=1)
    """Least share of a source's baskets that hold two items, for one to suggest the other."""
    minimum_confidence: Decimal = Field(default=Decimal("0.1"), ge=0, le=1)
    """Least share of the baskets with one item that hold the other too."""
    per_customer: int = Field(default=5, ge=1, le=100)
    """How many items are suggested to a customer at most."""


ServingTerm = Literal[
    "contract_service_cost", "other_service_cost", "discounts_taken", "write_offs"]


class Profitability(Strict):
    """What a customer's profit is."""

    cost_to_serve: tuple[ServingTerm, ...] = (
        "contract_service_cost", "other_service_cost", "discounts_taken", "write_offs")
    """The terms that are taken off the margin."""


class Service(Strict):
    """How service contracts are watched."""

    ending_soon_days: int = Field(default=60, ge=0)
    """Days before its end, or before it has to be renewed, from which a contract ends soon."""


class Marketing(Strict):
    """How sales are put down to campaigns."""

    attribution_days: int = Field(default=90, ge=0)
    """Days before a sale within which an answer to a campaign counts."""


class Pipeline(Strict):
    """How open opportunities are weighted."""

    stage_probability_pct: dict[str, Percent] = Field(default_factory=dict)
    """Stage: percent of its amount that is expected; else what part the CRM has won so far."""

    @field_validator("stage_probability_pct")
    @classmethod
    def _told_apart(cls, stated: dict[str, Decimal]) -> dict[str, Decimal]:
        names = [stage.strip().lower() for stage in stated]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"stages stated twice: {', '.join(twice)}")
        return stated


class Configuration(Strict):
    """The whole configuration file."""

    company: str
    """The name of the firm."""
    reporting_currency: str = Field(pattern=r"^[A-Z]{3}$")
    """The currency of figures across ledger companies, as an ISO 4217 code."""
    as_of_date: date | None = None
    """The business date of the figures; default: the day that every source reaches."""
    data_dir: str = "data"
    """Where everything lies that a run writes, relative to this file."""
    keep_publications: int = Field(default=5, ge=1)
    """How many versions are kept."""
    owner: Owner | None = None
    """Who Dagster shows as the owner: `team:NAME` or a mail address."""
    schedule: Schedule = Schedule(cron="0 5 * * *")
    """When the daily run starts."""
    max_lag_days: int | None = Field(default=None, ge=0)
    """Days that it may reach less far than the furthest source; more is late."""
    when_late: WhenLate = "wait"
    """Whether a publication waits while a source is missing, refused or late."""
    max_bad_rows_pct: Percent = Decimal(5)
    """How many percent of a table's rows may be quarantined before nothing is built."""
    max_row_loss_pct: Percent = Decimal(30)
    """How many percent of its rows a newer full extract may lose."""
    gl_difference: Literal["warn", "block"] = "warn"
    """Whether a ledger that disagrees with its general ledger stops publishing."""
    ageing: Ageing = Ageing()
    """How the default ageing is read."""
    collections: Collections = Collections()
    """What letters ask for, and who is called."""
    cross_sell: CrossSell = CrossSell()
    """What counts as bought together."""
    profitability: Profitability = Profitability()
    """What is taken off a customer's margin."""
    service: Service = Service()
    """How service contracts are watched."""
    marketing: Marketing = Marketing()
    """How sales are put down to campaigns."""
    pipeline: Pipeline = Pipeline()
    """How open opportunities are weighted."""
    letters: Letters = Letters()
    """What letters and statements look like, and in whose name they go out."""
    sources: tuple[Source, ...] = Field(min_length=1)
    """The connected systems."""

    _path: Path
    _fingerprint: str

    @model_validator(mode="after")
    def _sources_fit_together(self) -> "Configuration":
        names = [s.name for s in self.sources]
        if twice := sorted({n for n in names if names.count(n) > 1}):
            raise ValueError(f"source names used twice: {', '.join(twice)}")
        if OUTBOX in names:
            raise ValueError(f"{OUTBOX} is the product's own source; give yours another name")
        erps = {s.name for s in self.sources if s.role == "erp"}
        for source in self.sources:
            for tie in source.tied_to or ():
                if tie.source not in erps:
                    raise ValueError(f"{source.name}: tied_to names {tie.source!r}, which is no "
                                     f"erp source (there are: {', '.join(sorted(erps))})")
        return self

    @property
    def sends_letters(self) -> bool:
        """Whether a source says which letter is sent when."""
        return any("dunning_policy" in source.tables for source in self.sources)

    @property
    def path(self) -> Path:
        """The file this was read from."""
        return self._path

    @property
    def fingerprint(self) -> str:
        """Digest of the configuration as written, secrets unexpanded."""
        return self._fingerprint

    @property
    def todos(self) -> list[str]:
        """What a person still has to state, each with its place."""
        found = [f"reporting_currency: {NO_CURRENCY} stands for no currency; state the firm's"
                 ] if self.reporting_currency == NO_CURRENCY else []
        for source in self.sources:
            for table, inputs in source.tables.items():
                for number, mapped in enumerate(inputs, 1):
                    where = f"sources[{source.name}].tables.{table}"
                    where += f"[{mapped.name or number}]" if len(inputs) > 1 else ""
                    stated = [*(mapped.columns or {}).items(), *mapped.custom.items()]
                    found += [f"{where}.columns.{name}: {value.todo}"
                              for name, value in stated if isinstance(value, Todo)]
                    found += [f"{where}.rows.{name}: {value['todo']}"
                              for row in mapped.rows or () for name, value in row.items()
                              if isinstance(value, dict) and set(value) == {"todo"}]
        return found

    @cached_property
    def store(self) -> Store:
        """The data folder of this configuration."""
        return Store((self.path.parent / self.data_dir).resolve())

    def bad_rows_limit(self, source: Source) -> Decimal:
        """Percent of a table's rows that may be quarantined."""
        return (self.max_bad_rows_pct if source.max_bad_rows_pct is None
                else source.max_bad_rows_pct)

    def row_loss_limit(self, source: Source, extract: Extract) -> Decimal:
        """Percent of its rows that a newer full extract may lose."""
        stated = (extract.max_row_loss_pct, source.max_row_loss_pct)
        return next((limit for limit in stated if limit is not None), self.max_row_loss_pct)

    def lag_limit(self, source: Source) -> int | None:
        """Days that a source may reach less far than the furthest one; None = any number."""
        return self.max_lag_days if source.max_lag_days is None else source.max_lag_days

    def late_policy(self, source: Source) -> WhenLate:
        """What a publication does while a source is missing, refused or late."""
        return source.when_late or self.when_late

    def source(self, name: str) -> Source:
        """The source of that name. Raises ConfigurationError with the closest one."""
        for source in self.sources:
            if source.name == name:
                return source
        raise ConfigurationError(f"{self.path}: no source {name!r}"
                                 + closest(name, [s.name for s in self.sources]))
