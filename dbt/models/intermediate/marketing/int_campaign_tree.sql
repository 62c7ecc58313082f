-- Grain: one row per campaign and campaign that is a part of it, at any depth, the
-- campaign itself included. Parents in a circle contain each other, each once.
with recursive campaigns as (
    select
        campaign_key,
        parent_campaign_key
    from {{ ref('stg_crm_campaign') }}
),

tree as (
    select
        campaign_key,
        campaign_key as part_key
    from campaigns
    union
    select
        tree.campaign_key,
        campaigns.campaign_key as part_key
    from tree
    inner join campaigns on tree.part_key = campaigns.parent_campaign_key
)

select
    campaign_key,
    part_key
from tree
