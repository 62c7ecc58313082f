-- Grain: one row per part that a document is to be paid in; only documents with
-- instalments that were ever open. Amounts without sign: the parts add up to the size
-- of the document.
-- Instalments beyond the document's amount are cut, latest first; what they leave
-- uncovered is a part without a number, due with the document.
with open_documents as (
    select
        periods.document_key,
        documents.due_date,
        periods.effect,
        periods.effect_base
    from {{ ref('int_document_periods') }} as periods
    inner join {{ ref('int_documents') }} as documents
        on periods.document_key = documents.document_key
    where periods.residual <> 0
        or periods.residual_base <> 0
),

balances as (
    select distinct
        document_key,
        due_date,
        effect,
        effect_base,
        case when effect < 0 then -1 else 1 end as direction
    from open_documents
),

installment as (
    select * from {{ ref('stg_erp_ar_installment') }}
),

stated as (
    select
        balances.document_key,
        balances.direction,
        installment.installment_no,
        installment.due_date,
        abs(installment.amount) as amount,
        abs(installment.base_amount) as base_amount,
        abs(balances.effect) as document_amount,
        balances.direction * balances.effect_base as document_base,
        balances.due_date as document_due_date,
        coalesce(
            sum(abs(installment.amount)) over (
                partition by installment.document_key
                order by installment.due_date, installment.installment_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as amount_before
    from installment
    inner join balances on installment.document_key = balances.document_key
),

cut as (
    select
        *,
        greatest(least(amount, document_amount - amount_before), 0) as planned
    from stated
),

based as (
    select
        *,
        case
            when planned = amount then base_amount
            else coalesce(
                {{ convert('planned', ratio('base_amount', 'amount')) }},
                0
            )
        end as planned_base
    from cut
),

parts as (
    select
        document_key,
        direction,
        installment_no,
        due_date,
        planned,
        planned_base,
        document_base
    from based
    union all
    select
        document_key,
        min(direction) as direction,
        cast(null as integer) as installment_no,
        min(document_due_date) as due_date,
        min(document_amount) - sum(planned) as planned,
        min(document_base) - sum(planned_base) as planned_base,
        min(document_base) as document_base
    from based
    group by document_key
    having sum(planned) <> min(document_amount)
),

numbered as (
    select
        *,
        row_number() over (
            partition by document_key
            order by due_date, installment_no nulls last
        ) as part_no,
        count(*) over (partition by document_key) as parts,
        sum(planned_base) over (partition by document_key) as parts_base,
        bool_or(installment_no is null) over (partition by document_key) as has_rest
    from parts
)

-- The last part takes the cents by which the instalments miss the base amount.
select
    document_key,
    direction,
    installment_no,
    due_date,
    cast(part_no as integer) as part_no,
    part_no = parts as is_last_part,
    {{ money('planned') }} as planned,
    {{ money("""case
        when part_no = parts then planned_base + document_base - parts_base
        else planned_base
    end""") }} as planned_base,
    has_rest
from numbered
