"""The current state of an extract as SQL: its latest full load and the deltas after it.

Grain: one row per record of the source. Lineage of each row stands in `LINEAGE`.
Not here: which loads make up the state (landing), what the columns mean (mapping).
"""

from collections.abc import Sequence

from . import casting
from .casting import literal, quoted
from .dialect import Dialect
from .loads import LINE, ExtractState, ParsedFile

LINEAGE = ("_load_id", "_load_date", "_file", "_line")
DELETED_ON = "_deleted_on"


def present_sql(state: ExtractState) -> str:
    """What the source holds today; of records that came in several loads, the last.

    Where a record gives several rows, a later one takes the place of all of them.
    """
    files = _union(state.files, state.columns, state.dialect)
    if not any(f.load.mode != "full" for f in state.files):
        return f"select * exclude (_ordinal) from ({files})"
    keys = ", ".join(quoted(k) for k in state.key)
    return (f"select * exclude (_ordinal) from ({files}) qualify rank() over "
            f"(partition by {keys} order by {_latest_first(state)}) = 1")


def _latest_first(state: ExtractState) -> str:
    """By the record's own time of change where one is declared; else by load, file and line."""
    place = "_ordinal desc, _line desc"
    if not state.changed:
        return place
    changed = quoted(state.changed)
    return ", ".join([f"{read(changed, state.dialect)} desc nulls last" for read in (
        casting.moment, casting.day, casting.number)] + [place])


def with_deleted_sql(state: ExtractState, key: Sequence[str]) -> str:
    """What the source holds today and what it once held, with the day it was found gone.

    That day is the load date of the first full load without the record.
    """
    present = f"select *, cast(null as date) as {DELETED_ON} from ({present_sql(state)})"
    fulls = sorted({f.load.order for f in (*state.older, *state.files) if f.load.mode == "full"})
    gone_on = {f.load.order: min((o for o in fulls if o > f.load.order), default=None)
               for f in state.older}
    older = [f for f in state.older if gone_on[f.load.order] and set(key) <= set(f.columns)]
    if not older:
        return present
    keys = ", ".join(quoted(k) for k in key)
    days = [(n, gone_on[f.load.order]) for n, f in enumerate(older)]
    found_gone = " ".join(f"when {n} then date {literal(str(day[0]))}" for n, day in days if day)
    return (f"with present as ({present}), once as ({_union(older, state.columns, state.dialect)}),"
            f" gone as (select * exclude (_ordinal), case _ordinal {found_gone} end as {DELETED_ON}"
            f" from once qualify row_number() over (partition by {keys} "
            "order by _ordinal desc, _line) = 1) "
            f"from present union all by name select gone.* from gone "
            f"anti join present using ({keys})")


def _union(files: Sequence[ParsedFile], columns: Sequence[str], dialect: Dialect) -> str:
    return " union all ".join(_file_sql(file, columns, ordinal, dialect)
                              for ordinal, file in enumerate(files)) or _nothing_sql(columns)


def _nothing_sql(columns: Sequence[str]) -> str:
    """The same columns and no row: of an extract that nothing was ever delivered of."""
    cells = ", ".join(f"cast(null as varchar) as {quoted(column)}" for column in columns)
    return (f"select {cells}, '' as _load_id, cast(null as date) as _load_date, '' as _file, "
            "cast(null as bigint) as _line, 0 as _ordinal where false")


def _file_sql(file: ParsedFile, columns: Sequence[str], ordinal: int, dialect: Dialect) -> str:
    nulls = ", ".join(literal(n) for n in dialect.null_values if n)
    cells = []
    for column in columns:
        name = quoted(column)
        if column not in file.columns:
            cells.append(f"cast(null as varchar) as {name}")
        elif nulls:
            cells.append(f"case when {name} not in ({nulls}) then {name} end as {name}")
        else:
            cells.append(name)
    # The header is line 1; DuckDB counts rows from 0.
    line = LINE if file.has_lines else "file_row_number + 2"
    return (f"select {', '.join(cells)}, {literal(file.load.load_id)} as _load_id, "
            f"date {literal(str(file.load.load_date))} as _load_date, "
            f"{literal(file.name)} as _file, cast({line} as bigint) as _line, "
            f"{ordinal} as _ordinal "
            f"from read_parquet({literal(str(file.path))}, file_row_number = true)")
