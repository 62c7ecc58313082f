-- To pay is what the lines ask for, less the credits netted off them, with their
-- interest and the fee, to the cent; overdue is asked, disputed and promised; and a
-- letter always asks for something.
with letters as (
    select * from {{ ref('collection_letters') }}
),

line_sums as (
    select
        letter_id,
        count(*) as lines,
        count(distinct document_key) as documents,
        sum(asked) as asked,
        sum(credited) as credited,
        sum(interest) as interest
    from {{ ref('collection_letter_lines') }}
    group by letter_id
)

select
    coalesce(letters.letter_id, line_sums.letter_id) as letter_id,
    letters.to_pay,
    line_sums.asked,
    line_sums.credited,
    line_sums.interest
from letters
full join line_sums on letters.letter_id = line_sums.letter_id
where letters.letter_id is null
    or line_sums.letter_id is null
    or letters.lines <> line_sums.lines
    or letters.documents <> line_sums.documents
    or letters.asked <> line_sums.asked
    or letters.credits <> line_sums.credited
    or letters.interest <> line_sums.interest
    or letters.to_pay
    <> line_sums.asked - line_sums.credited + line_sums.interest + letters.fee
    or letters.overdue <> letters.asked + letters.disputed + letters.promised
    or letters.asked <= letters.credits
