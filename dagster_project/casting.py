"""How text in a declared dialect becomes numbers, dates and flags, as DuckDB SQL.

Casts are strict: what does not read as declared gives null, and the caller says so; nothing is
guessed at. Here: SQL text for one dialect. Not here: which columns are cast (mapping, landing).
"""

import re

from .settings import Dialect

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")

# Parquet carries types of its own: as text they read as ISO dates and plain decimals.
ISO = Dialect(timestamp_format=("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S"))


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal for SQL."""
    return "'" + text.replace("'", "''") + "'"


def number(value: str, dialect: Dialect, sql_type: str = "DECIMAL(38,10)") -> str:
    """`value` (SQL of type text) as a number, null where it is not one in this dialect."""
    grouped = ""
    if dialect.thousands:
        group = re.escape(dialect.thousands)
        point = re.escape(dialect.decimal)
        grouped = rf"[0-9]{{1,3}}({group}[0-9]{{3}})+({point}[0-9]*)?|"
    point = re.escape(dialect.decimal)
    shape = rf"[+-]?({grouped}[0-9]+({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]+)?"
    text = f"trim({value})"
    plain = text
    if dialect.thousands:
        plain = f"replace({plain}, {literal(dialect.thousands)}, '')"
    if dialect.decimal != ".":
        plain = f"replace({plain}, {literal(dialect.decimal)}, '.')"
    return (f"case when regexp_full_match({text}, {literal(shape)}) "
            f"then try_cast({plain} as {sql_type}) end")


def day(value: str, dialect: Dialect) -> str:
    """`value` (text) as a date by the declared formats: the local date, no time zone."""
    formats = ", ".join(literal(f) for f in dialect.date_format)
    return f"cast(try_strptime(trim({value}), [{formats}]) as date)"


def moment(value: str, dialect: Dialect) -> str:
    """`value` (text) as a timestamp in UTC, read in the declared zone."""
    formats = ", ".join(literal(f) for f in dialect.timestamp_format)
    parsed = f"try_strptime(trim({value}), [{formats}])"
    if dialect.time_zone == "UTC":
        return f"cast({parsed} as timestamp)"
    return f"timezone('UTC', timezone({literal(dialect.time_zone)}, cast({parsed} as timestamp)))"


def flag(value: str) -> str:
    """`value` (text) as a boolean."""
    true = ", ".join(literal(w) for w in TRUE_WORDS)
    false = ", ".join(literal(w) for w in FALSE_WORDS)
    return (f"case when lower(trim({value})) in ({true}) then true "
            f"when lower(trim({value})) in ({false}) then false end")


def cast_text(value: str, sql_type: str, dialect: Dialect) -> str:
    """`value` (text) as a contract type; null where it does not read as one."""
    if sql_type == "VARCHAR":
        return f"nullif(trim({value}), '')"
    if sql_type == "DATE":
        return day(value, dialect)
    if sql_type == "TIMESTAMP":
        return moment(value, dialect)
    if sql_type == "BOOLEAN":
        return flag(value)
    return number(value, dialect, sql_type)


def expectation(sql_type: str, dialect: Dialect) -> str:
    """What a cell of this type should have looked like, for an error message."""
    if sql_type == "DATE":
        return f"a date ({' or '.join(dialect.date_format)})"
    if sql_type == "TIMESTAMP":
        return f"a timestamp ({' or '.join(dialect.timestamp_format)})"
    if sql_type == "BOOLEAN":
        return "a flag (true/false, yes/no, 1/0)"
    kind = "a whole number" if sql_type in ("INTEGER", "BIGINT") else f"a {sql_type.lower()}"
    thousands = f", thousands {dialect.thousands!r}" if dialect.thousands else ""
    return f"{kind} (decimal {dialect.decimal!r}{thousands})"
