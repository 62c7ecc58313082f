"""Which rows of a mart come first, for whoever reads it: in the terminal, on a card, in a file.

Every order ends in keys, so that the same rows always come in the same order. Not here: the order
of a list that differs for a reason of its own, or whose rows are sums (lists, deliveries.sheets).
"""

from collections.abc import Mapping

# The most money first, the latest day first, or the surest.
FIRST: Mapping[str, str] = {
    "campaign_roi": "start_date desc nulls last, campaign_key, attribution_model",
    "collections_worklist": "rank",
    "credit_hold": "exposure_reporting desc nulls last, level, id",
    "cross_sell": "confidence desc, lift desc, support desc, customer_id, rank",
    "customer_360": "sales_ytd_reporting desc nulls last, customer_id",
    "customer_prices":
        "customer_name, account_key, item_code, item_key, currency, min_qty",
    "customer_segments": "sales_lifetime_reporting desc nulls last, customer_id",
    "exceptions": "amount_reporting desc nulls last, exception_id",
    "invoice_history": "document_date desc nulls last, document_key",
    "item_availability": "item_back_ordered desc, item_code, item_key, warehouse",
    "list_mismatches":
        "blocked_net_reporting desc nulls first, uses desc, list_name, list_value, source, "
        "erp_source",
    "match_review_queue": "rank, account_key, company_key",
    "payment_history":
        "payment_date desc nulls last, payment_key, is_unallocated, payment_line_key",
    "purchase_history": "document_date desc nulls last, document_key, line_no, line_key",
    "return_history": "returned_on desc, return_key, return_line_key",
    # Few territories, some salespeople, many groups.
    "sales_by_dimension": "dimension desc, fiscal_year desc, rank",
    "service_contracts":
        "is_ending_soon desc, case when state = 'in_cover' then 0 else 1 end, end_date, "
        "contract_key",
    "shipping_history": "shipped_on desc, shipment_key, shipment_line_key",
    "unprocessed_orders": "open_net_reporting desc nulls last, record_type, order_key",
}
