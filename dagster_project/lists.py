"""The four lists that a run shows the head of: which columns a person reads first.

Amounts are in reporting currency. Not here: any figure (dbt/models/marts).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class List:
    """A list's title, the mart it reads, how many rows its head has, and its select."""

    title: str
    mart: str
    sql: str
    head: int = 5


LISTS = (
    List("Receivables ageing", "ar_ageing_by_customer", """
        select customer_name as customer, reporting_currency as "in",
            sum(outstanding_reporting) as outstanding, sum(not_due_reporting) as not_due,
            sum(d1_30_reporting) as d1_30, sum(d31_60_reporting) as d31_60,
            sum(d61_90_reporting) as d61_90, sum(d90_plus_reporting) as d90_plus,
            sum(unallocated_credit_reporting) as unallocated, max(oldest_days) as oldest
        from ar_ageing_by_customer
        group by customer_id, customer_name, reporting_currency
        order by sum(outstanding_reporting) desc nulls last, customer_id"""),
    List("Credit hold", "credit_hold", """
        select name as held, leading_reason as reason, held_since as since, currency as "in",
            exposure, credit_limit as "limit", overdue, amount_to_release as pay_to_release,
            stopped_orders as stopped, stopped_value
        from credit_hold
        order by exposure_reporting desc nulls last, level, id"""),
    List("Top customers", "top_customers", """
        select customer_name as customer, fiscal_year as year, reporting_currency as "in",
            ytd, prior_ytd, growth, share, abc
        from top_customers
        where ytd_through = as_of_date
        order by ytd desc, customer_id"""),
    List("Unprocessed orders", "unprocessed_orders", """
        select order_no as "order", customer_name as customer, leading_reason as waits_for,
            due_date as due, days_late as late, qty_to_ship as to_ship,
            qty_to_invoice as to_bill, currency as "in", order_total, open_net
        from unprocessed_orders
        order by open_net_reporting desc nulls last, order_key"""),
)
