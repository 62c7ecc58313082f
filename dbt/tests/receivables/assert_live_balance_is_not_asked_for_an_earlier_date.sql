-- A live balance is that of its extract date. For an earlier as-of date there is none
-- to be had, and nothing is published rather than a wrong one.
select
    documents.source,
    min(documents.load_date) as extract_date,
    min(documents.as_of_date) as as_of_date,
    'the receivables of ' || documents.source || ' are live balances of '
    || cast(max(documents.load_date) as varchar)
    || '; as of an earlier day they are not known. Choose that day or a later one.'
        as message
from {{ ref('int_documents') }} as documents
where documents.settlement = 'live_balance'
    and documents.load_date > documents.as_of_date
group by documents.source
