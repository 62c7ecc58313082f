-- Opening + debits - credits = closing = the outstanding of the ageing, and the running
-- balance of the lines ends there. Whatever is outstanding stands on a statement.
with headers as (
    select * from {{ ref('customer_statement_headers') }}
),

line_sums as (
    select
        statement_id,
        sum(debit - credit) as total,
        max(case when line_type = 'closing' then balance end) as closing_line
    from {{ ref('customer_statements') }}
    group by statement_id
),

ageing as (
    select
        account_key,
        currency,
        outstanding
    from {{ ref('ar_ageing') }}
)

select
    coalesce(headers.account_key, ageing.account_key) as account_key,
    coalesce(headers.currency, ageing.currency) as currency,
    headers.opening_balance,
    headers.debits,
    headers.credits,
    headers.closing_balance,
    line_sums.total,
    ageing.outstanding
from headers
full join ageing
    on headers.account_key = ageing.account_key
        and headers.currency = ageing.currency
left join line_sums on headers.statement_id = line_sums.statement_id
where coalesce(headers.closing_balance, 0) <> coalesce(ageing.outstanding, 0)
    or headers.opening_balance + headers.debits - headers.credits
    <> headers.closing_balance
    or (
        headers.statement_id is not null
        and (
            line_sums.statement_id is null
            or line_sums.total <> headers.closing_balance
            or line_sums.closing_line <> headers.closing_balance
        )
    )
