"""How text in a declared dialect becomes numbers, dates and flags, as DuckDB SQL.

Casts are strict: what does not read as declared gives null, and the caller says so; nothing is
guessed at. Here: SQL text for one dialect. Not here: which columns are cast (mapping, landing).
"""

import re

from .dialect import Dialect

TRUE_WORDS = ("true", "t", "yes", "y", "1")
FALSE_WORDS = ("false", "f", "no", "n", "0")

# Thousands separators that a person cannot tell apart: blanks that do not break, apostrophes.
ALIKE = {" ": " \u00a0\u202f", "'": "'\u2019"}

# What number() gives: rates keep their eight decimals, and the product of three numbers still fits.
NUMBER = "DECIMAL(28,8)"


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal for SQL."""
    return "'" + text.replace("'", "''") + "'"


def number(value: str, dialect: Dialect, sql_type: str = NUMBER) -> str:
    """`value` (SQL of type text) as a number, null where it is not one in this dialect."""
    point = re.escape(dialect.decimal)
    whole = "[0-9]+"
    text = plain = f"trim({value})"
    if dialect.thousands:
        # A separator stands between groups of three, or it is not one: 1,23 is no 123.
        marks = ALIKE.get(dialect.thousands, dialect.thousands)
        whole = rf"([0-9]+|[0-9]{{1,3}}([{re.escape(marks)}][0-9]{{3}})+)"
        for mark in marks:
            plain = f"replace({plain}, {literal(mark)}, '')"
    if dialect.decimal != ".":
        plain = f"replace({plain}, {literal(dialect.decimal)}, '.')"
    shape = rf"[+-]?({whole}({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]+)?"
    if sql_type in ("INTEGER", "BIGINT"):
        # 1.5 is no whole number: a cast alone would round it.
        shape = rf"[+-]?{whole}({point}0*)?"
        plain = f"split_part({plain}, '.', 1)"
    cast = f"try_cast({plain} as {sql_type})"
    if sql_type == NUMBER:
        # DuckDB reads a decimal of up to 18 digits in 0.04 s a million, a longer one in 7 s.
        cast = f"coalesce(cast(try_cast({plain} as DECIMAL(18,8)) as {NUMBER}), {cast})"
    return f"case when regexp_full_match({text}, {literal(shape)}) then {cast} end"


def day(value: str, dialect: Dialect) -> str:
    """`value` (text) as a date: as written, or the day in the declared zone of a moment with its
    own offset."""
    formats = ", ".join(literal(f) for f in dialect.date_format if "%z" not in f)
    read = [f"cast(try_strptime(trim({value}), [{formats}]) as date)"] if formats else []
    read += [f"cast(timezone({literal(dialect.time_zone)}, {_instant(value, form)}) as date)"
             for form in dialect.date_format if "%z" in form]
    return read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"


def moment(value: str, dialect: Dialect, zone: str | None = None) -> str:
    """`value` (text) as a timestamp in UTC: by its own offset, else in the zone.

    `zone` is SQL, the declared zone if not given. Where clocks are put back an hour stands twice:
    the later one is meant; where they are put forward, a time that was skipped counts from before.
    """
    zone = zone or literal(dialect.time_zone)
    read = []
    for form in dialect.timestamp_format:
        if "%z" in form:
            read.append(f"cast({_instant(value, form)} as timestamp)")
            continue
        parsed = f"cast(try_strptime(trim({value}), {literal(form)}) as timestamp)"
        utc = zone == literal("UTC")
        read.append(parsed if utc else f"timezone('UTC', timezone({zone}, {parsed}))")
    return f"coalesce({', '.join(read)})"


def _instant(value: str, form: str) -> str:
    """`value` as a point in time by its own offset; Z is the offset of UTC."""
    return f"try_strptime(regexp_replace(trim({value}), 'Z$', '+00:00'), {literal(form)})"


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


def declared(sql_type: str, dialect: Dialect) -> str:
    """How a cell of this type should have been written, for an error message; empty if plainly."""
    if dialect.format == "parquet":
        return ""
    if sql_type == "DATE":
        return f" (declared: {' or '.join(dialect.date_format)})"
    if sql_type == "TIMESTAMP":
        return f" (declared: {' or '.join(dialect.timestamp_format)})"
    if sql_type.startswith("DECIMAL") and (dialect.decimal != "." or dialect.thousands):
        thousands = f", thousands {dialect.thousands!r}" if dialect.thousands else ""
        return f" (declared: decimal {dialect.decimal!r}{thousands})"
    return ""


def macros(dialect: Dialect) -> dict[str, str]:
    """What expressions may call: signatures and bodies. What a call cannot read fails its row.

    A conversion that must fail says so better than error(), which DuckDB does not allow in TRY.
    """
    def strict(read: str, sql_type: str, name: str) -> str:
        unread = f"cast({literal(f'not a {name}: ')} || v as {sql_type})"
        return f"coalesce({read}, case when trim(v) <> '' then {unread} end)"

    # In whole numbers: DuckDB divides decimals as floats.
    scaled = "cast(cast({0} as DECIMAL(28,8)) * 100000000 as HUGEINT)"
    over, under = (f"abs({scaled.format(n)})" for n in "ab")
    quotient = f"cast(({over} * 200000000 + {under}) // (2 * {under}) as DECIMAL(38,0))"
    return {
        "number(v)": strict(number("v", dialect), NUMBER, "number"),
        "day(v)": strict(day("v", dialect), "DATE", "date"),
        "moment(v)": strict(moment("v", dialect), "TIMESTAMP", "moment") + ", (v, zone) as "
                     + strict(moment("v", dialect, "zone"), "TIMESTAMP", "moment"),
        "divide(a, b)": f"case when b <> 0 then cast(sign(a) * sign(b) * {quotient} * 0.00000001 "
                        f"as {NUMBER}) end",
    }
