"""The lists that a person reads in the terminal: which columns first, and what is to be noticed.

A list with one currency says it in its title; where each row has its own, it is the column `in`.
Not here: any figure (dbt/models/marts), how a list is shown (listing).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .first_rows import FIRST

# How a value is marked that a person should notice: a number above 0, any text.
LATE, LATER, HELD = "yellow", "red", "bold red"
CURRENCY = "in"


@dataclass(frozen=True)
class List:
    """A list over one mart. Grain: one row per row of the mart that `where` keeps, or per `group`.

    `customer` is what a person's text is looked for in, empty where no row is of a customer; `key`
    the column that may be that text as a whole. Without an `order` it is that of its mart.
    `totals` are columns that may be added up over rows of one currency; `notice` says how columns
    are marked; `spare` are left out first where the screen is narrow.
    """

    name: str
    title: str
    mart: str
    columns: str
    order: str = ""
    customer: str = ""
    key: str = "customer_id"
    where: str = "true"
    group: str = ""
    totals: tuple[str, ...] = ()
    notice: Mapping[str, str] = field(default_factory=dict)
    spare: tuple[str, ...] = ()
    in_run: bool = False

    @property
    def rows(self) -> str:
        """The list as SQL without its order; `$1` is the text of a customer, null for all."""
        found = (f"({self.key} = $1 or contains({folded(self.customer)}, {folded('$1')}))"
                 if self.customer else "true")
        group = f" group by {self.group}" if self.group else ""
        return (f"select {self.columns} from {self.mart} where ({self.where}) "
                f"and ($1::varchar is null or {found}){group}")

    @property
    def sql(self) -> str:
        """The list as SQL, in its order."""
        return f"{self.rows} order by {self.order or FIRST[self.mart]}"

    @property
    def totals_sql(self) -> str:
        """Rows in all and the sum of each of `totals`, one row per currency."""
        sums = "".join(f", {_known_sum(c)} as {c}" for c in self.totals)
        currency = f'"{CURRENCY}"' if self.totals else "null"
        return (f"select {currency} as currency, count(*) as rows{sums} from ({self.rows}) "
                "group by 1 order by 1")


def folded(text: str) -> str:
    """An SQL text without its accents and its case."""
    return f"lower(strip_accents({text}))"


def _known_sum(column: str) -> str:
    """A sum that is not known where one of its figures is not."""
    return f"case when count({column}) = count(*) then sum({column}) end"


def _ageing(name: str, title: str, mart: str, subject: str, label: str, key: str, *,
            in_run: bool = False) -> List:
    buckets = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")
    summed = ", ".join(
        f"{_known_sum(f'{amount}_reporting')} as {amount.removesuffix('_credit')}"
        for amount in ("outstanding", *buckets, "unallocated_credit"))
    return List(
        name, title, mart,
        f'{subject} as {label}, reporting_currency as "in", '
        f"{summed}, max(oldest_days) as oldest",
        f"outstanding desc nulls last, {key}", customer=subject, key=key,
        group=f"{key}, {subject}, reporting_currency",
        totals=("outstanding", *buckets, "unallocated"),
        notice={"d1_30": LATE, "d31_60": LATE, "d61_90": LATER, "d90_plus": HELD},
        spare=("oldest", "unallocated", "not_due"), in_run=in_run)


LISTS = (
    _ageing("ageing", "Receivables ageing", "ar_ageing_by_customer", "customer_name", "customer",
            "customer_id", in_run=True),
    List("holds", "Credit hold", "credit_hold",
         'name as held, leading_reason as reason, held_since as since, currency as "in", '
         'exposure, credit_limit as "limit", overdue, amount_to_release as pay_to_release, '
         "stopped_orders as stopped, stopped_value",
         customer="name", notice={"reason": HELD, "overdue": LATER},
         spare=("stopped", "limit", "stopped_value", "exposure", "since"), in_run=True),
    List("top", "Top customers", "customer_360",
         'customer_name as customer, reporting_currency as "in", sales_ytd_reporting as ytd, '
         "sales_prior_ytd_reporting as prior_ytd, sales_growth as growth, abc",
         customer="customer_name",
         where="sales_ytd_reporting is distinct from 0 "
               "or sales_prior_ytd_reporting is distinct from 0",
         totals=("ytd", "prior_ytd"), in_run=True),
    List("orders", "Unprocessed orders", "unprocessed_orders",
         'order_no as "order", customer_name as customer, leading_reason as waits_for, '
         "due_date as due, days_late as late, qty_to_ship as to_ship, "
         'qty_to_invoice as to_bill, currency as "in", order_total, open_net',
         customer="customer_name",
         totals=("order_total", "open_net"), notice={"late": LATER},
         spare=("order_total", "to_bill", "to_ship", "due"), in_run=True),
    List("customers", "Customers", "customer_360",
         'customer_name as customer, reporting_currency as "in", '
         "outstanding_reporting as outstanding, overdue_reporting as overdue, "
         'exposure_reporting as exposure, credit_limit_reporting as "limit", '
         "case when is_on_hold then coalesce(cast(held_since as varchar), 'held') end as on_hold, "
         "sales_ytd_reporting as sales_ytd, "
         "unprocessed_net_reporting as waiting, open_cases as cases, "
         "cast(last_purchase_date as varchar) as last_sale",
         customer="customer_name",
         totals=("outstanding", "overdue", "sales_ytd", "waiting"),
         notice={"overdue": LATER, "on_hold": HELD},
         spare=("cases", "last_sale", "limit", "exposure", "waiting")),
    _ageing("groups", "Receivables ageing by group", "ar_ageing_by_group", "group_name", "owner",
            "group_id"),
    List("exposure", "Credit exposure", "credit_exposure",
         'name as customer, reporting_currency as "in", balance_reporting as balance, '
         "open_orders_reporting as orders, shipped_not_invoiced_reporting as shipped, "
         "prepayments_reporting as prepaid, exposure_reporting as exposure, "
         'credit_limit_reporting as "limit", available_reporting as available, '
         "case when is_over_limit then 'over' end as state",
         "exposure_reporting desc nulls last, id", customer="name", where="level = 'customer'",
         totals=("balance", "orders", "shipped", "prepaid", "exposure"), notice={"state": HELD},
         spare=("prepaid", "shipped", "orders")),
    List("collections", "Whom to call", "collections_worklist",
         'rank, account_name as customer, suggested_action as "do", reporting_currency as "in", '
         "overdue_reporting as overdue, chaseable_reporting as to_chase, oldest_days as oldest, "
         "last_level as letter, last_letter_on as sent_on, waits_because as no_letter_because, "
         "contact_name as contact, contact_phone as phone",
         customer="concat_ws(' ', account_name, customer_name)",
         totals=("overdue", "to_chase"), notice={"oldest": LATER},
         spare=("phone", "sent_on", "letter", "contact", "no_letter_because")),
    List("letters", "Letters that are due", "collection_letters",
         'letter_ref as letter, account_name as customer, level, channel, currency as "in", '
         "asked, credits, interest, fee, to_pay, cannot_be_sent_because as missing",
         "to_pay_reporting desc nulls last, letter_id",
         customer="concat_ws(' ', account_name, customer_name)", totals=("asked", "to_pay"),
         notice={"missing": HELD}, spare=("channel", "interest", "credits", "fee")),
    List("contracts", "Service contracts", "service_contracts",
         'contract_id as contract, customer_name as customer, contract_type as kind, state, '
         "end_date as ends, days_left as days, reporting_currency as \"in\", "
         "value_reporting as value, revenue_reporting as revenue, cost_reporting as cost, "
         "margin_reporting as margin, hours_left, open_cases as cases, overdue_cases as overdue, "
         "case when is_ending_soon then 'ends soon' end as note",
         customer="customer_name",
         totals=("revenue", "cost", "margin"), notice={"note": LATE, "overdue": LATER},
         spare=("kind", "cases", "hours_left", "cost", "revenue", "days", "overdue",
                "value")),
    List("campaigns", "What campaigns brought", "campaign_roi",
         'campaign_name as campaign, attribution_model as model, reporting_currency as "in", '
         "cost_reporting as cost, responses, opportunities_won as won, orders, "
         "revenue_reporting as revenue, margin_reporting as margin, roi, "
         "cost_with_children_reporting as cost_of_all, "
         "revenue_with_children_reporting as all_brought",
         spare=("margin", "cost_of_all", "all_brought", "orders")),
    List("pipeline", "What is about to be sold", "pipeline_forecast",
         "coalesce(owner_name, 'nobody') as owner, strftime(close_month, '%Y-%m') as month, "
         'reporting_currency as "in", sum(open_opportunities) as opportunities, '
         f"{_known_sum('open_reporting')} as open, {_known_sum('weighted_reporting')} as weighted, "
         f"{_known_sum('won_reporting')} as won, {_known_sum('lost_reporting')} as lost, "
         f"{_known_sum('invoiced_reporting')} as invoiced, "
         "sum(overdue_opportunities) as overdue",
         "month nulls last, owner, owner_key",
         where="close_month is null or close_month >= date_trunc('month', as_of_date) "
               "or open_opportunities > 0",
         group="owner_key, owner_name, close_month, reporting_currency",
         totals=("open", "weighted", "won", "lost", "invoiced"), notice={"overdue": LATER},
         spare=("lost", "opportunities", "won", "overdue")),
    List("overdue", "Overdue items", "ar_open_items",
         'account_name as customer, document_no as document, reference, document_date as "date", '
         "due_date as due, days_overdue as days, currency as \"in\", overdue, disputed, "
         "promised_date as promised",
         "overdue_reporting desc nulls last, due_date, open_item_key", where="overdue > 0",
         customer="account_name", totals=("overdue", "disputed"), notice={"days": LATER},
         spare=("reference", "date", "promised", "disputed")),
    List("purchases", "What was bought", "purchase_history",
         'document_date as "date", customer_name as customer, document_no as document, '
         "item_code as item, item_name as name, quantity, uom, currency as \"in\", "
         "unit_price as price, discount_pct as discount, net_amount as net",
         customer="customer_name", totals=("net",),
         spare=("discount", "document", "uom", "name", "price")),
    List("invoices", "Invoices and credit notes", "invoice_history",
         'document_date as "date", customer_name as customer, document_no as document, '
         "description, reference, due_date as due, currency as \"in\", amount, "
         "discount_amount as discount, open_amount as open, payment_status as status, "
         "days_to_pay as paid_after, days_overdue as late",
         customer="customer_name", totals=("amount", "open"), notice={"late": LATER},
         spare=("reference", "discount", "description", "paid_after", "late", "due")),
    List("payments", "What payments settled", "payment_history",
         'payment_date as "date", customer_name as customer, payment_no as payment, '
         "payment_type as kind, coalesce(document_no, 'nothing yet') as settles, "
         'due_date as due, currency as "in", amount, discount_taken as discount, '
         "days_to_pay as paid_after",
         customer="customer_name", totals=("amount", "discount"),
         spare=("discount", "due", "kind", "paid_after")),
    List("shipments", "What was shipped", "shipping_history",
         'shipped_on as "date", customer_name as customer, shipment_no as shipment, '
         'order_no as "order", item_code as item, item_name as name, quantity, uom, carrier, '
         "tracking, delivered_on as delivered",
         customer="customer_name",
         spare=("name", "uom", "tracking", "carrier", "order")),
    List("returns", "What came back", "return_history",
         'returned_on as "date", customer_name as customer, return_no as "return", reason, '
         'order_no as "order", item_code as item, item_name as name, quantity, uom, '
         'currency as "in", value, credit_document_no as credit_note, credited_on as credited',
         customer="customer_name", totals=("value",),
         spare=("name", "uom", "credited", "order", "reason", "credit_note")),
    List("sales", "Sales by group, territory and salesperson", "sales_by_dimension",
         'dimension as "by", member_name as "of", fiscal_year as year, '
         'reporting_currency as "in", customers, ytd, prior_ytd, growth, share, abc, '
         "margin_ytd as margin",
         where="fiscal_year in (select fiscal_year from sales_by_dimension "
               "where ytd_through = as_of_date)",
         spare=("margin", "customers", "share")),
    List("trends", "Item groups whose next order is expected, or lapsed", "buying_trends",
         "customer_name as customer, coalesce(item_group, 'no group') as \"group\", "
         "case when is_lapsed then 'lapsed' when expected_next_order < as_of_date then 'late' "
         "else 'expected' end as next_order, expected_next_order as expected, "
         "last_purchase_date as last_bought, median_interval_days as every_days, "
         'reporting_currency as "in", value_12m_reporting as last_12m, '
         "value_prior_12m_reporting as prior_12m, trend_reporting as trend",
         "greatest(value_12m_reporting, value_prior_12m_reporting) desc nulls last, customer_id, "
         "item_group",
         where="month = date_trunc('month', as_of_date) and expected_next_order is not null",
         customer="customer_name", totals=("last_12m", "prior_12m"),
         spare=("trend", "every_days", "prior_12m", "last_bought")),
    List("segments", "Customers by how recently, how often and for how much", "customer_segments",
         "customer_name as customer, segment, recency_score as recency, "
         'frequency_score as frequency, value_score as "value", recency_days as days_ago, '
         'purchase_days as purchases, reporting_currency as "in", '
         "mean_value_reporting as mean_value, sales_lifetime_reporting as lifetime",
         customer="customer_name", totals=("lifetime",),
         spare=("value", "frequency", "recency", "purchases")),
    List("suggestions", "What to offer whom", "cross_sell",
         "customer_name as customer, rank, item_code as item, item_name as name, "
         'item_group as "group", confidence, lift, rests_on as because_of',
         customer="customer_name", spare=("group", "name", "rank")),
    List("profit", "What customers left in twelve months", "customer_profitability",
         'customer_name as customer, reporting_currency as "in", '
         + ", ".join(f"{_known_sum(f'{amount}_reporting')} as {short}" for amount, short in (
             ("net_sales", "sales"), ("margin", "margin"), ("cost_to_serve", "cost_to_serve"),
             ("profit", "profit"), ("returns_value", "returns"))),
         "profit desc nulls last, customer_id",
         where="month > as_of_date - interval 12 months", customer="customer_name",
         group="customer_id, customer_name, reporting_currency",
         totals=("sales", "margin", "cost_to_serve", "profit"), spare=("returns",)),
    List("reconciliation", "Open items against the general ledger", "ar_reconciliation",
         'entity_name as entity, control_account as account, currency as "in", subledger, '
         "general_ledger, difference, status",
         "abs(difference_base) desc nulls last, entity_key, control_account, currency",
         notice={"difference": LATER}),
    List("exceptions", "Exceptions", "exceptions",
         'whose, kind, what, since, amount, currency as "in"',
         customer="customer_name", spare=("kind", "since")),
    List("prices", "What customers pay", "customer_prices",
         'customer_name as customer, account_code as account, item_code as item, '
         'item_name as name, min_qty as "from", uom, currency as "in", unit_price, discount_pct, '
         "net_price, tax_pct, gross_price, price_rule as rule",
         customer="customer_name",
         spare=("tax_pct", "discount_pct", "unit_price", "name", "account", "gross_price")),
    List("stock", "What lies in the warehouses", "item_availability",
         "item_code as item, item_name as name, warehouse, uom, on_hand, allocated, free, "
         "on_order, lead_time_days as lead_days, item_to_ship as to_ship, "
         "item_back_ordered as short, stock_date, stock_age_days as age",
         notice={"short": LATER},
         spare=("stock_date", "lead_days", "name", "allocated", "on_order")),
    List("mismatches", "Values that shared lists do not know", "list_mismatches",
         'list_name as list, list_value as value, source as "from", erp_source as "to", reason, '
         "coalesce(nearest_code || ' ' || coalesce(nearest_label, ''), '') as nearest, similarity, "
         'blocked_orders + blocked_quotes as waiting, reporting_currency as "in", '
         "blocked_net_reporting as waiting_net, uses",
         notice={"reason": LATE, "waiting": LATER},
         spare=("uses", "similarity", "in", "from", "nearest")),
    List("review", "Matches to review", "match_review_queue",
         "rank, reason, account_name as account, company_name as company, evidence, "
         'match_score as score, reporting_currency as "in", at_stake_reporting as at_stake, '
         "account_key, company_key",
         customer="concat_ws(' ', account_name, company_name)",
         spare=("account_key", "company_key", "score", "reason")),
    List("duplicates", "Companies that look like one", "duplicate_companies",
         "company_name as company, company_key, accounts, suggested_survivor_name as keep, "
         "suggested_survivor_key as keep_key, suggested_survivor_accounts as its_accounts, "
         "evidence, match_score as score", "company_key, suggested_survivor_key",
         customer="company_name", key="company_key",
         spare=("its_accounts", "accounts", "score")),
    List("duplicate-accounts", "Accounts of one ledger that look like one", "duplicate_accounts",
         "entity_name as entity, account_name as account, account_key, documents, "
         "suggested_survivor_name as keep, suggested_survivor_key as keep_key, "
         "suggested_survivor_documents as its_documents, evidence, match_score as score",
         "account_key, suggested_survivor_key", customer="account_name", key="account_key",
         spare=("its_documents", "documents", "score", "entity")),
    List("quarantine", "Rows in quarantine", "quarantined_rows",
         'source, table_name as "table", stage, currency as "in", count(*) as rows, '
         "sum(amount) as amount, min(reasons) as for_example",
         "count(*) desc, source, table_name, stage, currency",
         group="source, table_name, stage, currency"),
    List("checks", "Checks that found something", "data_quality",
         'kind, source, table_name as "table", check_name as "check", severity, checked, failed, '
         "status", "failed desc, kind, source, table_name, check_name",
         where="status <> 'passed'", notice={"status": LATE}, spare=("checked", "severity")),
)
