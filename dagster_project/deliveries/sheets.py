"""The lists that go out as files: which columns of which mart, and what a slice of them holds.

A slice is for somebody who looks after some customers only. A list is in it as far as its rows are
of those customers; one whose rows are of no customer is not. Not here: how files are written
(workbook, tables), any figure (dbt/models/marts).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..first_rows import FIRST

# The customers of a slice: $1 is a territory, $2 the name of an owner or the code of a
# salesperson, each in capitals or not; null = whichever.
OF_THE_SLICE = """
    select customer_id from customer_360
    where ($1::varchar is null or lower(territory) = lower($1))
    and ($2::varchar is null or lower(owner_name) = lower($2)
         or list_contains(list_transform(
             string_split(salesperson_codes, ';'), lambda code: lower(trim(code))), lower($2)))"""
# Decimals that are a share of 1; others that are no money are shown as they are.
SHARES = frozenset((
    "growth", "share", "cumulative_share", "sales_growth", "similarity", "growth_12m", "confidence",
    "support", "costed_share", "roi", "roi_on_margin", "roi_with_children", "probability"))


@dataclass(frozen=True)
class Sheet:
    """A list that goes out. Grain: one row per row of its mart that `where` keeps.

    `first` are columns that come before the others and stay in sight. `whose` is a condition on its
    rows that holds for those of `sliced`, the customers of a slice; empty where they are of no
    customer. Without an `order` it is that of its mart.
    """

    name: str
    title: str
    mart: str
    first: tuple[str, str]
    order: str = ""
    columns: str = ""
    where: str = "true"
    whose: str = "customer_id in (select customer_id from sliced)"
    # Columns of which the figures of others could be reckoned: not in a slice.
    of_all: tuple[str, ...] = ()
    # Written only when it is asked for, so that the workbook of all others opens quickly.
    is_long: bool = False

    def sql(self, *, sliced: bool) -> str:
        """The rows as SQL. Of a slice, `$1` and `$2` are as in OF_THE_SLICE."""
        first = ", ".join(self.first)
        unseen = (*self.first, *(self.of_all if sliced else ()))
        rest = self.columns or f"* exclude ({', '.join(unseen)})"
        rows = f"select {first}, {rest} from {self.mart} where ({self.where})"
        if sliced:
            rows = f"with sliced as ({OF_THE_SLICE}) {rows} and ({self.whose})"
        return f"{rows} order by {self.order or FIRST[self.mart]}"


SHEETS: Sequence[Sheet] = (
    Sheet("customers", "Customers", "customer_360", ("customer_name", "customer_id"),
          columns="""
          customer_type, is_linked, legal_name, group_name,
          account_keys, vat_number, territory, owner_name, salesperson_codes, industry, city,
          postcode, country_code, phone, email, website, accounts_contact_name,
          accounts_contact_email, last_activity_at, reporting_currency, outstanding_reporting,
          not_due_reporting, d1_30_reporting, d31_60_reporting, d61_90_reporting,
          d90_plus_reporting, unallocated_credit_reporting, overdue_reporting,
          disputed_reporting, oldest_days, last_payment_date, last_payment_reporting, days_to_pay,
          days_sales_outstanding, limit_state, credit_limit_reporting, exposure_reporting,
          available_reporting, used_pct, is_on_hold, hold_reasons, held_since,
          amount_to_release_reporting, sales_ytd_reporting, sales_prior_ytd_reporting,
          sales_growth, sales_lifetime_reporting, abc, segment, first_purchase_date,
          last_purchase_date, average_order_reporting, next_order_expected_on,
          lapsed_item_groups, suggested_items, profit_12m_reporting, open_orders_reporting,
          shipped_not_invoiced_reporting, unprocessed_orders, late_orders, unpriced_orders,
          unprocessed_net_reporting, open_opportunities, open_opportunities_reporting,
          overdue_opportunities, open_quotes, open_quotes_reporting, last_campaign_response_on,
          last_campaign_name, open_cases, overdue_cases, contracts_in_force,
          contracts_ending_soon, contracts_reporting, next_contract_end,
          service_margin_reporting, data_quality_flags, as_of_date, is_forced"""),
    Sheet("ageing", "Receivables ageing", "ar_ageing_by_customer", ("customer_name", "currency"),
          "outstanding_reporting desc nulls last, customer_id, currency"),
    Sheet("open_items", "Open items", "ar_open_items", ("account_name", "document_no"),
          "customer_id, account_key, due_date, open_item_key"),
    Sheet("holds", "Credit hold", "credit_hold", ("name", "leading_reason")),
    Sheet("top_customers", "Top customers", "top_customers", ("customer_name", "fiscal_year"),
          "fiscal_year desc, rank, customer_id", of_all=("share", "cumulative_share")),
    Sheet("buying_trends", "Buying trends", "buying_trends", ("customer_name", "item_group"),
          "customer_id, item_group, month",
          where="month > as_of_date - interval 24 months"),
    Sheet("segments", "Segments", "customer_segments", ("customer_name", "segment")),
    # The figures are of the baskets of everybody, and so would be an order by them.
    Sheet("suggestions", "What to offer", "cross_sell", ("customer_name", "rank"),
          "customer_name, customer_id, rank", of_all=("support", "confidence", "lift")),
    Sheet("profit", "Profitability", "customer_profitability", ("customer_name", "month"),
          "customer_name, customer_id, month desc, entity_key",
          where="month > as_of_date - interval 12 months"),
    Sheet("sales", "Sales by group and territory", "sales_by_dimension",
          ("dimension", "member_name"), whose=""),
    Sheet("orders", "Unprocessed orders", "unprocessed_orders", ("customer_name", "order_no")),
    Sheet("order_lines", "Unprocessed order lines", "unprocessed_order_lines",
          ("customer_name", "order_no"),
          "record_type, order_key, line_no, order_line_key"),
    Sheet("contracts", "Service contracts", "service_contracts", ("customer_name", "contract_id")),
    Sheet("campaigns", "Campaigns", "campaign_roi", ("campaign_name", "attribution_model"),
          whose=""),
    Sheet("pipeline", "Pipeline", "pipeline_forecast", ("owner_name", "close_month"),
          "owner_name nulls last, owner_key, close_month nulls last, row_type, source, stage",
          whose=""),
    Sheet("stock", "Stock", "item_availability", ("item_code", "warehouse"), whose=""),
    Sheet("worklist", "Whom to call", "collections_worklist", ("rank", "account_name")),
    Sheet("review", "Matches to review", "match_review_queue", ("account_name", "company_name"),
          whose="customer_id in (select customer_id from sliced) and company_key in (select "
                "company_key from customer_360 where customer_id in (select customer_id from "
                "sliced))"),
    Sheet("mismatches", "List mismatches", "list_mismatches", ("list_name", "list_value"),
          whose=""),
    Sheet("exceptions", "Exceptions", "exceptions", ("customer_name", "what")),
    Sheet("purchases", "Purchases", "purchase_history", ("customer_name", "document_no"),
          is_long=True),
    Sheet("invoices", "Invoices", "invoice_history", ("customer_name", "document_no"),
          is_long=True),
    # Of a payment that settles a document of somebody else the document is theirs.
    Sheet("payments", "Payments", "payment_history", ("customer_name", "payment_no"),
          whose="customer_id in (select customer_id from sliced) and (document_account_key is null "
                "or document_account_key in (select account_key from trading_accounts where "
                "customer_id in (select customer_id from sliced)))", is_long=True),
    Sheet("shipments", "Shipments", "shipping_history", ("customer_name", "shipment_no"),
          is_long=True),
    Sheet("returns", "Returns", "return_history", ("customer_name", "return_no"), is_long=True),
    Sheet("prices", "Prices", "customer_prices", ("customer_name", "item_code"), is_long=True),
)
