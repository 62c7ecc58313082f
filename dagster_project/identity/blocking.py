"""Which records are compared: those that share a key, and no others.

A key is a number, an own domain, a mailbox, a telephone number, a stored reference, a name, or a
part of a name with a place. Nothing here counts how common a thing is, but for two rules that hold
for all: what several clearly different names share is nobody's own, and a key that more pairs share
than COMMON_PAIRS tells nobody apart. So a customer that shares no key with others changes nothing.
Not here: how they are compared (comparisons), what that weighs (scoring).
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ..casting import literal

# A domain, mailbox or telephone number under as many clearly different names is nobody's own: an
# accountant's, a host's, a placeholder. Names differ clearly where their first letters do.
DIFFERENT_NAMES = 3
FIRST_LETTERS = 3
# A thousand records of one key are half a million pairs, which say no more than one of them.
COMMON_PAIRS = 10_000

# Keys whose pairs are gathered at a time: a pair is a row for each key it shares, until they are
# gathered.
GATHERED_KEYS = 250_000

# Every key of a record begins with its kind. `x` and `y`: stored references and what they name.
KEYS = """
    select id, 'n:' || vat_id as key from record where vat_id is not null
    union all select id, 'r:' || registration_id from record where registration_id is not null
    union all select id, 'd:' || unnest(domains) from record
    union all select id, 'e:' || unnest(emails) from record
    union all select id, 'p:' || unnest(phones) from record
    union all select id, 'x:' || unnest(reference_words) from record where side = 'company'
    union all select id, 'x:' || account_code from record where account_code is not null
    union all select id, 'x:' || record_id from record where side = 'account'
    union all select id, 'y:' || unnest(reference_words) from record where side = 'account'
    union all select id, 'y:' || record_id from record where side = 'company'
    union all select id, 'k:' || name from record
    union all select id, 'k:' || legal from record
    union all select id, 'b:' || country_code || left(name, 10) from record where length(name) > 10
    union all select id, 'b:' || country_code || left(legal, 10) from record
        where length(legal) > 10
    union all select id, 'o:' || country_code || left(name, 1) || rest from record
        where length(rest) >= 5
    union all select id, 'q:' || country_code || postcode_key || ':' || left(name, 2) from record
    union all select id, 'c:' || country_code || city_key || ':' || left(name, 4) from record
    union all select id, 's:' || country_code || postcode_key || street_key || ':' || house_no
        from record
    union all select id, 'w:' || country_code || postcode_key || ':' || word from long_word
    union all select id, 'v:' || country_code || city_key || ':' || word from long_word"""


def load_records(con: duckdb.DuckDBPyConnection, features: Sequence[Path]) -> None:
    """Make the table `record`: one row per record, its lists without what is nobody's own."""
    files = ", ".join(literal(str(f)) for f in features)
    con.execute(f"""
        create table feature as
        select row_number() over (order by side, source, record_id) as id, *
        from read_parquet([{files}])""")
    con.execute(f"""
        create table reached as
        select distinct kind, id, value, left(replace(name_key, ' ', ''), {FIRST_LETTERS}) as stem
        from (select id, name_key, 'domain' as kind, unnest(string_split(domains, ';')) as value
              from feature
              union all
              select id, name_key, 'email', unnest(string_split(emails, ';')) from feature
              union all
              select id, name_key, 'phone', unnest(string_split(phone_ids, ';')) from feature)""")
    con.execute(f"""
        create table own as
        select kind, id, list(value order by value) as items from reached
        where (kind, value) not in (
            select (kind, value) from reached group by kind, value
            having count(distinct stem) >= {DIFFERENT_NAMES})
        group by kind, id""")
    con.execute("""
        create table record as
        select f.id, f.side, f.source, f.record_id, f.entity_id, f.account_code,
            string_split(f.reference_words, ';') as reference_words, f.vat_id, f.registration_id,
            replace(f.name_key, ' ', '') as name,
            replace(coalesce(f.legal_key, f.name_key), ' ', '') as legal,
            list_sort(string_split(f.name_key, ' ')) as name_words,
            regexp_replace(f.name_key, '[^0-9]', '', 'g') as digits,
            replace(substr(f.name_key, strpos(f.name_key, ' ')), ' ', '') as rest,
            f.country_code, d.items as domains, e.items as emails, p.items as phones,
            f.postcode_key, f.city_key, f.street_key, f.house_no
        from feature f
        left join own d on f.id = d.id and d.kind = 'domain'
        left join own e on f.id = e.id and e.kind = 'email'
        left join own p on f.id = p.id and p.kind = 'phone'""")
    for used in ("feature", "reached", "own"):
        con.execute(f"drop table {used}")


def find_candidates(con: duckdb.DuckDBPyConnection) -> int:
    """Make the table `candidate` of `record`: one row per pair that shares a key; their number.

    `l` and `r` are ids: account and company, or two records of one source (and entity), the
    smaller first. `is_referred`: one of the two names the other.
    """
    con.execute("create view long_word as select id, country_code, postcode_key, city_key, "
                "unnest(list_filter(name_words, lambda w: length(w) >= 5)) as word from record")
    con.execute(f"create table keyed as select distinct k.key, k.id, r.side, "
                f"r.source || coalesce('|' || r.entity_id, '') as home "
                f"from ({KEYS}) k join record r on k.id = r.id where k.key is not null")
    con.execute(f"""
        create table shared as
        select key, null as side, null as home from keyed group by key
        having count(*) filter (side = 'account') * count(*) filter (side = 'company')
            between 1 and {COMMON_PAIRS}
        union all
        select key, side, home from keyed group by key, side, home
        having count(*) > 1 and count(*) * count(*) / 2 <= {COMMON_PAIRS}""")
    con.execute("create table candidate (l bigint, r bigint, is_referred boolean)")
    [(keys,)] = con.execute("select count(*) from keyed").fetchall()
    parts = 1 + keys // GATHERED_KEYS
    for part in range(parts):
        con.execute(f"""
            insert into candidate
            select l, r, bool_or(kind in ('x', 'y')) as is_referred
            from (
                select a.id as l, c.id as r, left(a.key, 1) as kind
                from keyed a join keyed c on a.key = c.key
                where a.side = 'account' and c.side = 'company' and a.id % {parts} = {part}
                    and a.key in (select key from shared where side is null)
                union all
                select a.id, b.id, 's'
                from keyed a join keyed b on a.key = b.key and a.side = b.side and a.home = b.home
                where a.id < b.id and a.id % {parts} = {part} and (a.key, a.side, a.home) in (
                    select (key, side, home) from shared where side is not null))
            group by l, r""")
    con.execute("drop table shared")
    con.execute("drop table keyed")
    return int(con.execute("select count(*) from candidate").fetchall()[0][0])
