"""What a contract table is: columns, key, references and control amount, read off its model.

Not here: the statement of any table, and the checking of rows.
"""

import inspect
import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pandera.polars as pa
import polars as pl

Role = Literal["crm", "erp", "steward", "any"]

# Whoever may be a person, by the column that names them in whatever table.
PERSONS = {
    "contact_id": "crm_contact",
    "company_id": "crm_company",
    "user_id": "crm_user",
    "account_id": "erp_account",
}


@dataclass(frozen=True)
class Column:
    """One column of the contract. `description` says what it means, and what null means where it
    may be null. `personal` are the columns of the row that say whose personal data it is, if it is.
    """

    name: str
    sql_type: str
    nullable: bool
    description: str
    unit: str | None
    personal: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """`columns` stand in `parent_columns` of `table`, same source; a null refers to nothing."""

    columns: tuple[str, ...]
    table: str
    parent_columns: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One table of the contract, as everything outside `schemas` reads it."""

    name: str
    role: Role
    description: str
    grain: str
    model: type["Contract"]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]
    control: tuple[str, str | None] | None
    required: bool
    tracks_deletion: bool


@dataclass(frozen=True)
class _Terms:
    role: Role
    control: tuple[str, str | None] | None
    required: bool
    tracks_deletion: bool


class Contract(pa.DataFrameModel):
    """Base of every contract table: exactly the stated columns, none coerced, none more.

    `role` is the role of the sources that may feed the table. `control` names the amount summed
    where rows are accounted for, and the column of its currency. `required` tables are mapped by
    every source of the role. `tracks_deletion` keeps, and marks, what a newer full extract omits.
    """

    __terms__: ClassVar[_Terms]

    class Config:
        strict = True
        coerce = False

    def __init_subclass__(
        cls,
        *,
        role: Role,
        control: tuple[str, str | None] | None = None,
        required: bool = False,
        tracks_deletion: bool = False,
        **options: Any,
    ) -> None:
        cls.__terms__ = _Terms(role, control, required, tracks_deletion)
        super().__init_subclass__(**options)  # type: ignore[no-untyped-call]


def table_name(model: type[Contract]) -> str:
    """ErpArDocument is the table erp_ar_document."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def table_of(model: type[Contract], parents: dict[str, Table]) -> Table:
    """Read the table off its model. `parents` are the tables stated before it: all that it may
    refer to."""
    name = table_name(model)
    terms: _Terms = model.__terms__
    description, grain = _described(name, inspect.cleandoc(model.__doc__ or ""))
    stated = model.to_schema().columns
    references = []
    for column, field in stated.items():
        if parent := field.metadata["refers"]:
            references.append(Reference((column,), parent, parents[parent].key))
    return Table(
        name=name,
        role=terms.role,
        description=description,
        grain=grain,
        model=model,
        key=tuple(column for column, field in stated.items() if field.metadata["key"]),
        columns=tuple(
            Column(
                name=column,
                sql_type=sql_type(field.dtype.type),
                nullable=field.nullable,
                description=field.description,
                unit=field.metadata["unit"],
                personal=field.metadata["personal"],
            )
            for column, field in stated.items()
        ),
        references=tuple(references),
        control=terms.control,
        required=terms.required,
        tracks_deletion=terms.tracks_deletion,
    )


def sql_type(dtype: pl.DataType) -> str:
    """The DuckDB type that holds a polars type without loss."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision},{dtype.scale})"
    return {
        pl.String: "VARCHAR",
        pl.Date: "DATE",
        pl.Datetime: "TIMESTAMP",
        pl.Boolean: "BOOLEAN",
        pl.Int32: "INTEGER",
    }[dtype.base_type()]


def _described(name: str, docstring: str) -> tuple[str, str]:
    """Split a docstring into what the table is and its grain, which has a sentence of its own."""
    prose = " ".join(docstring.split())
    found = re.search(r"Grain: (.+?)\.(?: |$)", prose)
    if not found:
        raise ValueError(f'{name}: its docstring must hold a sentence "Grain: one row per ..."')
    return (prose[: found.start()] + prose[found.end() :]).strip(), found.group(1)
