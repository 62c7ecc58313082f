"""Receivables aged by SQL as one would write it by hand: no models, no landing, no checks.

For every month end it adds up what moved each document until then; of these sums it makes the ages.
What the extracts of the benchmark do not hold (instalments, disputes, discounts) is left out. Run:
`python -m bench.by_hand FOLDER TARGET`.
"""

import sys
from pathlib import Path

import duckdb

import schemas

from . import extracts

MARTS = ("ar_ageing", "ar_ageing_history", "ar_ageing_buckets")
BUCKETS = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "unallocated_credit")
FACTS = """
    create temp table documents as
    select 'erp/' || document_id as document_key, 'erp/' || account_id as account_key,
        document.currency, entity.base_currency, document_date,
        coalesce(posting_date, document_date) as posted,
        case document.status when 'void' then voided_on else date '9999-12-31' end as gone,
        sign * amount as effect, sign * base_amount as effect_base,
        coalesce(due_date, case
            when sign * amount <= 0 then null
            when basis = 'end_of_month' then last_day(document_date) + days
            else document_date + days
        end, document_date) as due_date
    from erp_ar_document as document
    join erp_entity as entity using (entity_id)
    join erp_account as account using (account_id)
    left join erp_payment_terms as terms on account.payment_terms_code = terms.terms_code
    where document.status = 'posted' or (document.status = 'void' and voided_on is not null);

    create temp table settled as
    select debit.document_key as debit_key, credit.document_key as credit_key, amount,
        credit_amount, base_amount, greatest(allocation_date, debit.posted, credit.posted) as since,
        least(debit.gone, credit.gone) as until
    from erp_ar_allocation as allocation
    join documents as debit on 'erp/' || allocation.debit_document_id = debit.document_key
    join documents as credit on 'erp/' || allocation.credit_document_id = credit.document_key;

    create temp table moves as
    select document_key, posted as day, effect, effect_base from documents
    union all
    select document_key, gone, -effect, -effect_base from documents where gone < '9999-12-31'
    union all
    select debit_key, since, -amount, -base_amount from settled where since < until
    union all
    select credit_key, since, credit_amount, base_amount from settled where since < until
    union all
    select debit_key, until, amount, base_amount
    from settled where since < until and until < '9999-12-31'
    union all
    select credit_key, until, -credit_amount, -base_amount
    from settled where since < until and until < '9999-12-31';

    create temp table days as
    select cast(last_day(month) as date) as as_of_date
    from (select unnest(generate_series(date_trunc('month', min(posted)), $1, interval 1 month))
        as month from documents where posted <= $1)
    where last_day(month) <= $1
    union
    select $1;

    create temp table rates as
    select as_of_date, from_currency, arg_max(rate, rate_date) as rate
    from days join fx_rate on rate_date <= as_of_date and to_currency = 'EUR'
    group by all
    union all
    select as_of_date, 'EUR', 1 from days;

    create temp table open as
    select as_of_date, document_key, sum(effect) as residual, sum(effect_base) as residual_base
    from days join moves on day <= as_of_date
    group by all
    having sum(effect) <> 0 or sum(effect_base) <> 0;

    create temp table items as
    select open.as_of_date, account_key, currency, base_currency, document_date, due_date, residual,
        residual_base,
        cast(cast(residual_base as decimal(20, 4)) * rate as decimal(18, 4)) as residual_reporting,
        if(residual <> 0, residual, effect) < 0 as is_credit,
        open.as_of_date - due_date as days_overdue
    from open
    join documents using (document_key)
    left join rates
        on rates.as_of_date = open.as_of_date and rates.from_currency = documents.base_currency;
"""
BUCKETS_BY_PROFILE = """
    create table mart.ar_ageing_buckets as
    with aged as (
        select *, string_split(edges, ';')::int[] as limits,
            case
                when is_credit and credits = 'separate' then null
                when is_credit or basis = 'document_date' then document_date
                else due_date
            end as since,
            if(unit = 'month', date_diff('month', since, as_of_date), as_of_date - since) as age
        from items cross join ageing_profile
        where as_of_date = $1
    )

    select profile, account_key, currency,
        case
            when since is null then -1
            when since >= as_of_date then 0
            else 1 + len(list_filter(limits, lambda edge: edge < age))
        end as bucket_no,
        sum(residual) as amount, sum(residual_base) as amount_base,
        sum(residual_reporting) as amount_reporting, count(*) as open_items
    from aged
    group by all;
"""


def main(folder: Path, target: Path) -> None:
    """Leave the marts in `target`/mart.duckdb."""
    con = duckdb.connect(str(target / "private.duckdb"))
    con.execute(f"attach '{target / 'mart.duckdb'}' as mart")
    for table, (_, file) in extracts.delivered(folder).items():
        contract = schemas.TABLES[table]
        types = {column.name: column.sql_type for column in contract.columns}
        header = file.open(encoding="utf-8").readline().strip().split(",")
        columns = ", ".join(f"'{name}': '{types[name]}'" for name in header)
        con.execute(f"create temp table {table} as from read_csv('{file}', header = true, "
                    f"columns = {{{columns}}}, auto_detect = false) "
                    f"where cast({contract.key[0]} as varchar) not like 'BAD%'")
    as_of = extracts.FIRST_DELIVERY
    con.execute(FACTS.replace("$1", f"date '{as_of}'"))
    con.execute(f"create table mart.ar_ageing_history as {_ages()} "
                "where as_of_date = last_day(as_of_date) group by all")
    con.execute(f"create table mart.ar_ageing as {_ages()} where as_of_date = date '{as_of}' "
                "group by all")
    con.execute(BUCKETS_BY_PROFILE.replace("$1", f"date '{as_of}'"))
    con.close()


def _ages() -> str:
    """One row per date, account and currency: the figures of the ageing marts."""
    conditions = ("days_overdue <= 0", "days_overdue between 1 and 30",
                  "days_overdue between 31 and 60", "days_overdue between 61 and 90",
                  "days_overdue > 90")
    figures = []
    for suffix in ("", "_base", "_reporting"):
        residual = f"residual{suffix}"
        figures.append(f"sum({residual}) as outstanding{suffix}")
        for bucket, condition in zip(BUCKETS, conditions, strict=False):
            figures.append(f"coalesce(sum({residual}) filter (where not is_credit and "
                           f"{condition}), 0) as {bucket}{suffix}")
        figures.append(f"coalesce(sum({residual}) filter (where is_credit), 0) "
                       f"as unallocated_credit{suffix}")
        figures.append(f"coalesce(sum({residual}) filter (where not is_credit and "
                       f"days_overdue > 0), 0) as overdue{suffix}")
    return (f"select as_of_date, account_key, currency, {', '.join(figures)}, coalesce(max("
            "days_overdue) filter (where not is_credit and residual > 0 and days_overdue > 0), 0) "
            "as oldest_days, count(*) as open_items from items")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
