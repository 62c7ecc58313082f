"""What the card of a customer shows: fields of `customer_360` in blocks, and heads of lists.

A figure that is not there is shown as what that means, which is another thing for each of them.
Not here: any figure (dbt/models/marts), the lists (lists), whose card it is and how it is shown
(lookup).
"""

from dataclasses import dataclass, replace

from .lists import HELD, LATE, LATER, LISTS, List

# A unit: the currency of the row.
MONEY = "money"


@dataclass(frozen=True)
class Field:
    """A value and its name. `value` and `missing` are SQL over `customer_360`.

    `missing` says what it means that there is no value; null there leaves the field out. `unit`
    stands behind a value. `notice` is its style where it is a number above 0, or any text.
    """

    label: str
    value: str
    missing: str = "'not stated'"
    unit: str = ""
    notice: str = ""


@dataclass(frozen=True)
class Block:
    """Fields that belong together: side by side, and below them those that need a whole line.

    It is on the card of a customer of whom `where` holds.
    """

    title: str
    left: tuple[Field, ...]
    right: tuple[Field, ...]
    below: tuple[Field, ...] = ()
    where: str = "true"


@dataclass(frozen=True)
class Head:
    """The first rows of a list that are about the customer, as far as `where` keeps them.

    `hidden` are columns that say nothing new on a card.
    """

    name: str
    title: str
    where: str = "true"
    hidden: tuple[str, ...] = ("customer",)

    @property
    def list(self) -> List:
        """The list of the rows of one customer, whose id is `$1`."""
        (whole,) = (one for one in LISTS if one.name == self.name)
        return replace(whole, title=self.title, customer="", totals=(),
                       where=f"({whole.where}) and customer_id = $1 and ({self.where})")


def _money(label: str, column: str, missing: str, *, notice: str = "") -> Field:
    return Field(label, f"{column}_reporting", missing, MONEY, notice)


def _count(label: str, column: str, part: str, word: str, *, notice: str = "") -> Field:
    """A number of things, and how many of them are something: `3, 1 late`."""
    return Field(label, f"case when {column} > 0 then {column} || case when {part} > 0 then "
                        f"', ' || {part} || ' {word}' else '' end end",
                 f"case when {column} is null then 'not known' else 'none' end", notice=notice)


def _worth(label: str, column: str, count: str) -> Field:
    """The money of things, left out where there are none of them."""
    return Field(label, f"case when {count} > 0 then {column}_reporting end",
                 f"case when {count} > 0 then {NO_RATE} end", MONEY)


IS_CUSTOMER = "customer_type = 'customer'"
NO_RATE = "'a rate is missing'"
UNPAID = f"case when not has_receivables then 'no source states payments' else {NO_RATE} end"
NO_CREDIT = f"case when limit_state is null then 'no billed account' else {NO_RATE} end"
NO_LIMIT = """case limit_state when 'none' then 'none' when 'unknown' then 'not known'
    when 'cash_only' then 'cash only' when 'amount' then 'a rate is missing'
    else 'no billed account' end"""
UNKNOWN_SALES = "'not known: no rate or no amount'"

BLOCKS = (
    Block("Who", (
        Field("legal name", "legal_name"),
        Field("group", "case when group_from <> 'own' then group_name end", "'its own'"),
        Field("VAT number", "vat_number"),
        Field("phone", "phone"),
        Field("industry", "industry"),
        Field("terms", "payment_terms_codes"),
    ), (
        Field("owner", "owner_name", "'nobody'"),
        Field("salesperson", "salesperson_codes"),
        Field("territory", "territory"),
        Field("segment", "segment", "case when last_purchase_date is null then 'never purchased' "
                                    "else 'fits no rule' end"),
        Field("ABC", "abc", "case when customer_type = 'prospect' then 'a prospect' else "
                            "'sales not known' end"),
    ), (
        Field("accounts", "account_keys", "'none'"),
        Field("address", "nullif(concat_ws(', ', address_line1, address_line2, nullif(concat_ws("
                         "' ', postcode, city), ''), country_code), '')"),
        Field("e-mail", "email"),
        Field("invoices to", "nullif(concat_ws(', ', accounts_contact_name, "
                             "accounts_contact_email), '')", "'nobody is marked'"),
    )),
    Block("Money", (
        _money("outstanding", "outstanding", UNPAID),
        _money("not due", "not_due", UNPAID),
        _money("1 to 30", "d1_30", UNPAID, notice=LATE),
        _money("31 to 60", "d31_60", UNPAID, notice=LATE),
        _money("61 to 90", "d61_90", UNPAID, notice=LATER),
        _money("over 90", "d90_plus", UNPAID, notice=HELD),
        _money("credits", "unallocated_credit", UNPAID),
    ), (
        _money("overdue", "overdue", UNPAID, notice=LATER),
        Field("oldest", "case when oldest_days > 0 then oldest_days end",
              "case when oldest_days = 0 then 'nothing is overdue' else 'no source states "
              "payments' end", "days", LATER),
        _money("disputed", "disputed", UNPAID, notice=LATE),
        Field("last payment", "last_payment_date", "'none'"),
        _money("its amount", "last_payment", "case when last_payment_date is null then 'none' "
                                             f"else {NO_RATE} end"),
        Field("days to pay", "cast(days_to_pay as decimal(9, 1))", "'none settled in a year'",
              "days"),
        Field("DSO", "cast(days_sales_outstanding as decimal(12, 1))",
              "'nothing invoiced in a year, or not known'", "days"),
    ), where=IS_CUSTOMER),
    Block("Credit", (
        Field("limit", "case when limit_state = 'amount' then credit_limit_reporting end",
              NO_LIMIT, MONEY),
        _money("exposure", "exposure", NO_CREDIT),
        _money("headroom", "available", f"case when limit_state in ('amount', 'cash_only') then "
                                        f"{NO_RATE} else {NO_LIMIT} end"),
    ), (
        Field("on hold", "case when is_on_hold then coalesce('since ' || held_since, 'yes') end",
              "'no'", notice=HELD),
        _money("pay to release", "amount_to_release",
               "case when is_on_hold then 'see the holds below' else 'nothing to release' end"),
        Field("limit used", "cast(used_pct as decimal(18, 1))", "'no limit to use'", "%"),
    ), (
        Field("held because", "hold_reasons", "null", notice=HELD),
    ), where=IS_CUSTOMER),
    Block("Orders", (
        _count("unprocessed", "unprocessed_orders", "late_orders", "late", notice=LATE),
        _money("open net", "unprocessed_net", "'not known: a rate is missing'"),
        Field("without a price", "case when unpriced_orders > 0 then unpriced_orders end",
              "'none'", notice=LATER),
    ), (
        _money("to deliver", "open_orders", "'not known: a rate or a price is missing'"),
        _money("to bill", "shipped_not_invoiced", "'not known: a rate or a price is missing'"),
    )),
    Block("Sales", (
        _money("this year", "sales_ytd", UNKNOWN_SALES),
        _money("year before", "sales_prior_ytd", UNKNOWN_SALES),
        _money("its whole year", "sales_prior_full_year", UNKNOWN_SALES),
        _money("lifetime", "sales_lifetime", UNKNOWN_SALES),
        _money("year's profit", "profit_12m", "'not known'"),
    ), (
        Field("growth", "cast(sales_growth * 100 as decimal(18, 1))",
              "'no sales the year before'", "%"),
        _money("average order", "average_order", "'no order, or not known'"),
        Field("first purchase", "first_purchase_date", "'none'"),
        Field("last purchase", "last_purchase_date", "'none'"),
        Field("next order", "next_order_expected_on", "'none expected'"),
        Field("groups lapsed", "nullif(lapsed_item_groups, 0)", "'none'", notice=LATE),
    ), where=IS_CUSTOMER),
    Block("Front office", (
        _count("opportunities", "open_opportunities", "overdue_opportunities", "overdue"),
        _worth("their amounts", "open_opportunities", "open_opportunities"),
        Field("quotes", "nullif(open_quotes, 0)", "'none'"),
        _worth("their net", "open_quotes", "open_quotes"),
        Field("last campaign", "nullif(concat_ws(', ', last_campaign_name, "
                               "last_campaign_response_on), '')",
              "'none answered'"),
        Field("last activity", "strftime(last_activity_at, '%Y-%m-%d %H:%M UTC')", "'none'"),
    ), (
        _count("cases", "open_cases", "overdue_cases", "past due", notice=LATE),
        Field("oldest case", "oldest_case_opened_on", "null"),
        Field("answers in time", "cast(response_met_pct as decimal(18, 1))",
              "'none due in a year'", "%"),
        Field("solved in time", "cast(resolution_met_pct as decimal(18, 1))",
              "'none due in a year'", "%"),
        _count("contracts", "contracts_in_force", "contracts_ending_soon", "ending soon"),
        _worth("their value", "contracts", "contracts_in_force"),
        Field("next end", "next_contract_end", "null"),
    )),
    Block("Data", (), (), (
        Field("flags", "data_quality_flags", "'none'", notice=LATE),
    )),
)
# What everything on a card is to be read with: SQL over `customer_360`, null = does not hold.
MARKS = (
    "case when is_forced then 'Forced: a source does not reach this day, so that every figure may "
    "miss facts.' end",
    "case when is_live_balance then 'Live balance: what is open is as extracted, because a source "
    "delivers no allocations.' end",
    "case when is_reconciled is false then 'Not reconciled: the general ledger says something else "
    "of a control account it is on.' end",
    "case when is_rate_missing then 'A rate of exchange is missing: an amount is not known.' end",
    "case when unknown_sales > 0 then 'Sales without a rate or an amount: ' || unknown_sales || "
    "'.' end",
    "case when deleted_on is not null then 'Gone from every source since ' || deleted_on || '.' "
    "end",
    "case when customer_type = 'prospect' then 'A prospect: it has no account in any ledger.' when "
    "not is_linked then 'No company of the CRM claims it: what the front office says is missing.' "
    "end",
    "'Took over ' || former_customer_ids || '.'",
)
HEADS = (
    Head("holds", "Held"),
    Head("overdue", "Overdue items"),
    Head("orders", "Unprocessed orders, and why they wait"),
    Head("purchases", "Last bought"),
    Head("trends", "Item groups whose next order is expected, or lapsed"),
    Head("suggestions", "What to offer"),
    Head("contracts", "Service contracts in cover", "state = 'in_cover'"),
    Head("exceptions", "What needs a person", hidden=("kind",)),
)
FIELDS = [field for block in BLOCKS for field in (*block.left, *block.right, *block.below)]
# Of each field its value, and what it means that there is none.
CARD = ", ".join(f"{field.value}, case when ({field.value}) is null then {field.missing} end"
                 for field in FIELDS)
