-- Grain: one row per open item and date of int_ageing_dates at which a part of it is
-- disputed.
-- Disputed: the disputes open at the date, at most what remains of the document, taken
-- from the earliest instalment first. A document that names a dispute of which nothing
-- more is delivered is disputed as a whole.
with open_items as (
    select * from {{ ref('int_open_items') }}
    where residual > 0
),

dispute as (
    select * from {{ ref('stg_erp_dispute') }}
),

concerned as (
    select
        document_key,
        source,
        document_date,
        dispute_id
    from {{ ref('int_documents') }}
    where dispute_id is not null
        or document_key in (select dispute.document_key from dispute)
),

documents as (
    select distinct
        concerned.document_key,
        concerned.source,
        concerned.document_date,
        concerned.dispute_id,
        open_items.as_of_date
    from concerned
    inner join open_items on concerned.document_key = open_items.document_key
),

stated as (
    select
        documents.document_key,
        documents.as_of_date,
        sum(abs(dispute.amount)) as disputed
    from dispute
    inner join documents on dispute.document_key = documents.document_key
    where coalesce(dispute.opened_on, documents.document_date) <= documents.as_of_date
        and coalesce(dispute.closed_on > documents.as_of_date, true)
    group by documents.document_key, documents.as_of_date
),

-- A document names at most one dispute, and a dispute stands in its source once.
disputed_documents as (
    select
        documents.document_key,
        documents.as_of_date,
        stated.disputed
    from documents
    left join stated
        on documents.document_key = stated.document_key
            and documents.as_of_date = stated.as_of_date
    left join dispute
        on documents.source = dispute.source
            and documents.dispute_id = dispute.dispute_id
    where stated.disputed is not null
        or (documents.dispute_id is not null and dispute.dispute_id is null)
),

ordered as (
    select
        open_items.open_item_key,
        open_items.as_of_date,
        open_items.residual,
        open_items.residual_base,
        disputed_documents.disputed,
        coalesce(
            sum(open_items.residual) over (
                partition by open_items.document_key, open_items.as_of_date
                order by open_items.part_no
                rows between unbounded preceding and 1 preceding
            ),
            0
        ) as residual_before
    from open_items
    inner join disputed_documents
        on open_items.document_key = disputed_documents.document_key
            and open_items.as_of_date = disputed_documents.as_of_date
),

taken as (
    select
        *,
        case
            when disputed is null then residual
            else greatest(least(residual, disputed - residual_before), 0)
        end as disputed_part
    from ordered
)

select
    open_item_key,
    as_of_date,
    {{ money('disputed_part') }} as disputed,
    {{ money('case
        when disputed_part = residual then residual_base
        else ' ~ convert('disputed_part', ratio('residual_base', 'residual')) ~ '
    end') }} as disputed_base
from taken
where disputed_part > 0
