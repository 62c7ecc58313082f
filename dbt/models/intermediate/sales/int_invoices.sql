-- Grain: one row per invoice or credit note that is posted and exists at the as-of
-- date.
-- Amounts: document currency, and base currency at the document's rate (`_base`),
-- signed: a credit note is negative. Net is without tax and freight: as stated, else
-- the sum of the lines where each states one, else the amount less tax and freight
-- (net_basis).
-- Discount: what the discounts of the lines take off; null where one is not known.
-- Margin: of the lines that state a cost; null where none does.
with documents as (
    select * from {{ ref('int_documents') }}
    where document_type in ('invoice', 'credit_note')
        and exists_at_as_of
),

stated as (
    select * from {{ ref('stg_erp_ar_document') }}
),

accounts as (
    select account_key from {{ ref('int_accounts') }}
),

lines as (
    select
        document_key,
        count(*) as lines,
        count(net_amount) as lines_with_net,
        sum(net_amount) as net_amount,
        {{ known_sum(line_discount(
            'unit_price', 'discount_pct', 'quantity', 'net_amount'
        )) }} as discount_amount,
        sum(case when cost_amount is not null and base_net_amount is null
            then net_amount end) as costed_net,
        sum(case when cost_amount is not null then base_net_amount end)
            as costed_net_base,
        sum(case when coalesce(base_net_amount, net_amount) is not null
            then cost_amount end) as cost_base
    from {{ ref('stg_erp_ar_document_line') }}
    group by document_key
),

netted as (
    select
        documents.*,
        stated.sign,
        stated.tax_amount,
        stated.freight_amount,
        stated.custom_fields,
        stated.salesperson_code,
        case
            when stated.net_amount is not null then 'stated'
            when lines.lines = lines.lines_with_net then 'lines'
            else 'amount_less_tax'
        end as net_basis,
        case
            when stated.net_amount is not null then stated.net_amount
            when lines.lines = lines.lines_with_net then lines.net_amount
            else
                stated.amount
                - coalesce(stated.tax_amount, 0)
                - coalesce(stated.freight_amount, 0)
        end as unsigned_net,
        lines.discount_amount,
        lines.costed_net,
        lines.costed_net_base,
        lines.cost_base
    from documents
    inner join stated on documents.document_key = stated.document_key
    left join lines on documents.document_key = lines.document_key
)

select
    netted.document_key,
    netted.source,
    netted.entity_key,
    netted.account_key as bill_to_account_key,
    coalesce(accounts.account_key, netted.account_key) as ordering_account_key,
    netted.ordering_account_key is not null
    and accounts.account_key is null as is_ordering_account_unknown,
    netted.document_type,
    netted.posting_date,
    netted.document_date,
    netted.currency,
    netted.base_currency,
    netted.effect as amount,
    netted.effect_base as amount_base,
    {{ money('netted.sign * netted.unsigned_net') }} as net_amount,
    {{ convert('netted.sign * netted.unsigned_net', 'netted.exchange_rate') }}
        as net_base,
    {{ money('netted.sign * netted.tax_amount') }} as tax_amount,
    {{ money('netted.sign * netted.freight_amount') }} as freight_amount,
    netted.net_basis,
    {{ money('netted.sign * netted.discount_amount') }} as discount_amount,
    case when netted.cost_base is not null then
        {{ money(
            'netted.sign * (coalesce(' ~ convert(
                'netted.costed_net', 'netted.exchange_rate'
            ) ~ ', 0) + coalesce(netted.costed_net_base, 0))'
        ) }}
    end as costed_net_base,
    {{ money('netted.sign * netted.cost_base') }} as cost_base,
    netted.salesperson_code,
    netted.custom_fields
from netted
left join accounts on netted.ordering_account_key = accounts.account_key
