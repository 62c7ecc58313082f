-- Grain: one row per credit note and invoice it is set against at the as-of date, and
-- one row per credit note with what is left of it, of which it is the origin itself.
-- Amounts: reporting currency, negative, in proportion to what is set against each; the
-- parts of a credit note add up to it. Null as of the whole.
{%- set amounts = ['net_reporting', 'margin_reporting', 'costed_net_reporting'] %}

with run_context as (
    select as_of_date from {{ ref('stg_run_context') }}
),

sales as (
    select * from {{ ref('int_sales_documents') }}
),

credit_notes as (
    select
        sales.*,
        -documents.effect as amount
    from sales
    inner join {{ ref('int_documents') }} as documents
        on sales.sale_key = documents.document_key
    where sales.sale_type = 'credit_note'
),

invoices as (
    select * from sales
    where sale_type = 'invoice'
),

set_against as (
    select
        allocations.credit_document_key,
        allocations.debit_document_key,
        sum(allocations.credit_amount) as credited
    from {{ ref('int_allocations') }} as allocations
    cross join run_context
    inner join invoices on allocations.debit_document_key = invoices.sale_key
    where allocations.credit_document_type = 'credit_note'
        and allocations.effective_from <= run_context.as_of_date
        and allocations.effective_until > run_context.as_of_date
    group by allocations.credit_document_key, allocations.debit_document_key
    having sum(allocations.credit_amount) > 0
),

-- What is set against may exceed the credit note by a difference of rates.
placed as (
    select
        *,
        sum(credited) over (
            partition by credit_document_key
            order by debit_document_key
            rows between unbounded preceding and current row
        ) as credited_to,
        sum(credited) over (partition by credit_document_key) as credited_in_all
    from set_against
),

parts as (
    select
        credit_notes.sale_key,
        placed.debit_document_key as origin_key,
        placed.credited_in_all,
        {%- for amount in amounts %}
        {{ prorated('credit_notes.' ~ amount, 'placed.credited_to',
            'greatest(credit_notes.amount, placed.credited_in_all)') }}
        - {{ prorated('credit_notes.' ~ amount, 'placed.credited_to - placed.credited',
            'greatest(credit_notes.amount, placed.credited_in_all)') }}
            as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from credit_notes
    inner join placed on credit_notes.sale_key = placed.credit_document_key
),

placed_sums as (
    select
        sale_key,
        max(credited_in_all) as credited_in_all,
        {%- for amount in amounts %}
        sum({{ amount }}) as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from parts
    group by sale_key
),

rests as (
    select
        credit_notes.sale_key,
        credit_notes.sale_key as origin_key,
        {%- for amount in amounts %}
        credit_notes.{{ amount }} - coalesce(placed_sums.{{ amount }}, 0)
            as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from credit_notes
    left join placed_sums on credit_notes.sale_key = placed_sums.sale_key
    where placed_sums.sale_key is null
        or placed_sums.credited_in_all < credit_notes.amount
)

select
    sale_key,
    origin_key,
    {%- for amount in amounts %}
    {{ money(amount) }} as {{ amount }}{{ ',' if not loop.last }}
    {%- endfor %}
from parts
union all
select
    sale_key,
    origin_key,
    {%- for amount in amounts %}
    {{ money(amount) }} as {{ amount }}{{ ',' if not loop.last }}
    {%- endfor %}
from rests
