"""Steward files: policies and the decisions of people, landed like every other extract.

Source: small files under version control. Units: named by column.
Not here: what the policies are applied to.
"""

import polars as pl

import schemas.fields as f
from schemas.contract import Contract

DECIDED_BY = "Who decided."
DECIDED_ON = "Day of the decision."


def _edges_ascend(column: pl.Expr) -> pl.Expr:
    days = column.str.split(";").list.eval(pl.element().cast(pl.Int32, strict=False))
    steps = days.list.eval(pl.element().diff(null_behavior="drop") > 0)
    written = column.str.contains(r"^(0|[1-9]\d{0,4})(;[1-9]\d{0,4})*$")
    return written & steps.list.all()


class MatchDecision(Contract, role="steward"):
    """What a person decided about an account and a company, or two companies: one customer or not.

    Left is an account, or a company that is merged with or split from another; right a company.

    Grain: one row per account_source, account_id, company_source and company_id.
    Source: steward file.
    """

    account_source: f.Text = f.text(
        "Source of the account; of the company on the left of a merge or a split.", key=True
    )
    account_id: f.Text = f.text("Account, or company on the left, in that source.", key=True)
    company_source: f.Text = f.text(
        "Source of the company; * in a split of an account from every company.", key=True
    )
    company_id: f.Text = f.text(
        "Company in that source; * in a split of an account from every company.", key=True
    )
    decision: f.Text = f.text(
        "What was decided.", f.one_of("confirm", "reject", "pin", "merge", "split")
    )
    decided_by: f.Text = f.text(DECIDED_BY)
    decided_on: f.Day = f.day(DECIDED_ON)
    why: f.Text = f.text("Reason for the decision.", null="none is given")

    star_stands_twice = f.row_rule(
        "star_stands_twice",
        "{company_source} and {company_id}: * stands in both or in neither",
        (pl.col("company_source") == "*") == (pl.col("company_id") == "*"),
    )
    company_named = f.row_rule(
        "company_named",
        "{decision} needs a company, and * names none",
        (pl.col("decision") == "split") | (pl.col("company_id") != "*"),
    )
    two_records = f.row_rule(
        "two_records",
        "{decision} names {account_id} on both sides",
        pl.col("decision").is_in(["merge", "split"]).not_()
        | (pl.col("account_source") != pl.col("company_source"))
        | (pl.col("account_id") != pl.col("company_id")),
    )
    account_and_company = f.row_rule(
        "account_and_company",
        "{decision} is of an account and a company, and both are of source {account_source}",
        pl.col("decision").is_in(["merge", "split"])
        | (pl.col("account_source") != pl.col("company_source")),
    )


class ListMap(Contract, role="steward"):
    """Which code of an ERP a value of a CRM's list stands for.

    Grain: one row per list_name, crm_source, crm_value and erp_source. Source: steward file.
    """

    list_name: f.Text = f.text("Which list.", f.one_of(*f.SHARED_LISTS), key=True)
    crm_source: f.Text = f.text("CRM whose value it is.", key=True)
    crm_value: f.Text = f.text("Value in the CRM.", key=True)
    erp_source: f.Text = f.text("ERP whose code it is.", key=True)
    erp_code: f.Text = f.text("Code in the ERP.")


class SyncPolicy(Contract, role="steward"):
    """Which system is master of a shared field, and what happens to the others.

    Grain: one row per entity and field. Source: steward file.
    """

    entity: f.Text = f.text("Kind of record.", key=True)
    field: f.Text = f.text("Field of the record.", key=True)
    master: f.Text = f.text("Whose value holds.", f.one_of("crm", "erp", "newest", "steward"))
    direction: f.Text = f.text("Which way a change flows.")
    on_conflict: f.Text = f.text("What happens when both sides changed.")
    on_delete: f.Text = f.text("What happens when one side is deleted.")


class Survivorship(Contract, role="steward"):
    """From which system the displayed value of a field comes.

    Grain: one row per field. Source: steward file.
    """

    field: f.Text = f.text("Field of the customer.", key=True)
    systems: f.Text = f.text("Systems separated by ';': the first that has a value wins.")


class CreditRule(Contract, role="steward"):
    """When an account is held, and what for. The narrowest scope wins.

    Grain: one row per rule and scope. Source: steward file.
    """

    rule: f.Text = f.text(
        "Which rule.",
        f.one_of(
            "manual",
            "over_limit",
            "days_overdue",
            "amount_overdue",
            "limit_expired",
            "review_expired",
            "status_blocked",
            "limit_share",
        ),
        key=True,
    )
    scope: f.Text = f.text(
        "For whom it holds: default, account:SOURCE/ID, customer:SOURCE/COMPANY_ID or group:ID.",
        f.matches(
            "scope",
            "is not default, account:SOURCE/ID, customer:SOURCE/COMPANY_ID or group:ID",
            r"^(default|(account|customer|group):\S.*)$",
        ),
        key=True,
    )
    threshold: f.Money = f.money(
        "Figure that must be exceeded.",
        f.not_negative(),
        unit="days, currency or percent of the limit, as the rule is",
        null="the rule needs none",
    )
    currency: f.Text = f.currency(
        "Currency of a threshold that is an amount.", null="reporting currency"
    )
    action: f.Text = f.text("What follows.", f.one_of("block", "warn", "off"))
    exclude: f.Text = f.text(
        "What its block does not stop, separated by ';': prepaid_orders, invoicing; or none.",
        f.matches(
            "exclude",
            "is not none, prepaid_orders, invoicing or prepaid_orders;invoicing",
            r"^(none|(prepaid_orders|invoicing)(;(prepaid_orders|invoicing))*)$",
        ),
        null="it stops neither",
    )

    threshold_stated = f.row_rule(
        "threshold_stated",
        "{rule} needs a threshold, and none is stated",
        pl.col("rule").is_in(["days_overdue", "amount_overdue", "limit_share"]).not_()
        | (pl.col("action") == "off")
        | pl.col("threshold").is_not_null(),
    )


class ExposurePolicy(Contract, role="steward"):
    """Which terms count towards exposure.

    Grain: one row per term. Source: steward file.
    """

    term: f.Text = f.text(
        "Which term.",
        f.one_of(
            "balance",
            "open_orders",
            "shipped_not_invoiced",
            "unposted_invoices",
            "prepayments",
            "returns_pending",
        ),
        key=True,
    )
    counts: f.Flag = f.flag("Whether it counts.")


class AgeingProfile(Contract, role="steward"):
    """Further ways to age receivables, beside the default one.

    Grain: one row per profile. Source: steward file.
    """

    profile: f.Text = f.text("Name of the profile.", key=True)
    basis: f.Text = f.text(
        "Date that is aged from.", f.one_of("due_date", "document_date", "posting_date")
    )
    edges: f.Text = f.text(
        "Last age of each bucket, ascending, separated by ';': 30;60;90. Older is one more.",
        f.rule("edges", "is not a list of ascending ages such as 30;60;90", _edges_ascend),
    )
    credits: f.Text = f.text(
        "Whether open credits stand apart or are aged.", f.one_of("separate", "aged")
    )
    unit: f.Text = f.text(
        "Whether ages are days, or calendar months; month 0 is that of the as-of date.",
        f.one_of("day", "month"),
        null="day",
    )

    days_begin_at_one = f.row_rule(
        "days_begin_at_one",
        "{edges} begin at 0, which is not due where ages are days",
        (pl.col("unit").fill_null("day") == "month") | ~pl.col("edges").str.starts_with("0"),
    )


class DunningPolicy(Contract, role="steward"):
    """Which letter is sent when.

    Grain: one row per level. Source: steward file.
    """

    level: f.Whole = f.whole("Level of the letter; 1 is the first.", f.positive(), key=True)
    days_overdue: f.Whole = f.days("Days the oldest item must be overdue.")
    days_since_last: f.Whole = f.days("Days that must have passed since the last letter.")
    channel: f.Text = f.text("How it is sent.")
    template: f.Text = f.text("Template of the letter.")
    minimum_amount: f.Money = f.money(
        "Overdue amount below which nothing is sent.", f.not_negative(), unit="reporting currency"
    )
    interest_pct_pa: f.Rate = f.rate(
        "Interest, on 365 days.", f.not_negative(), unit="percent a year", null="no interest"
    )
    fee: f.Money = f.money("Fee.", f.not_negative(), unit="fee currency", null="no fee")
    fee_currency: f.Text = f.currency("Currency of the fee.", null="reporting currency")


class SegmentBand(Contract, role="steward"):
    """From which figure on a customer has which score. Below the least figure of a measure its
    score holds too.

    Grain: one row per measure and score. Source: steward file.
    """

    measure: f.Text = f.text(
        "What is scored: days since the last purchase, days with a purchase, mean value of one.",
        f.one_of("recency", "frequency", "value"),
        key=True,
    )
    score: f.Whole = f.whole("Score; more is better.", f.positive(), key=True)
    at_least: f.Money = f.money(
        "Least figure that has the score, up to the next one.",
        unit="days, purchases or reporting currency, as the measure is",
    )


class SegmentRule(Contract, role="steward"):
    """Which scores make which segment. The first rule that fits counts.

    Grain: one row per place. Source: steward file.
    """

    place: f.Whole = f.whole("Place of the rule; 1 is asked first.", f.positive(), key=True)
    segment: f.Text = f.text("Name of the segment.")
    recency_from: f.Whole = f.whole("Lowest score of recency.", null="any")
    recency_to: f.Whole = f.whole("Highest score of recency.", null="any")
    frequency_from: f.Whole = f.whole("Lowest score of frequency.", null="any")
    frequency_to: f.Whole = f.whole("Highest score of frequency.", null="any")
    value_from: f.Whole = f.whole("Lowest score of value.", null="any")
    value_to: f.Whole = f.whole("Highest score of value.", null="any")

    recency_in_order = f.not_below("recency_to", "recency_from")
    frequency_in_order = f.not_below("frequency_to", "frequency_from")
    value_in_order = f.not_below("value_to", "value_from")


class CustomerGroup(Contract, role="steward"):
    """Which companies form a group. It outranks the parents that the systems state.

    Grain: one row per group_id, company_source and company_id. Source: steward file.
    """

    group_id: f.Text = f.text("Identifier of the group.", key=True)
    company_source: f.Text = f.text("Source of the company.", key=True)
    company_id: f.Text = f.text("Company in that source.", key=True)
    group_name: f.Text = f.text("Name of the group.")


class CreditLimit(Contract, role="steward", control=("credit_limit", "currency")):
    """Credit limits a steward sets over those of the ERP.

    Grain: one row per level, id and valid_from. Source: steward file. Units: currency of the row.
    """

    level: f.Text = f.text(
        "What the limit is for.", f.one_of("account", "customer", "group"), key=True
    )
    id: f.Text = f.text(
        "For whom: source/account_id, source/company_id of the customer's company, or the group.",
        key=True,
    )
    valid_from: f.Day = f.day("First day the limit holds.", key=True)
    credit_limit: f.Money = f.money(
        "Most that may be owed; 0 is cash only.",
        f.not_negative(),
        unit="currency of the limit",
        null="no limit",
    )
    currency: f.Text = f.currency("Currency of the limit.")
    valid_to: f.Day = f.day(
        "Last day the limit holds.", null="no end; a later one that holds takes its place"
    )

    valid_in_order = f.not_before("valid_to", "valid_from")
    id_names_source = f.row_rule(
        "id_names_source",
        "{id} is not written source/id, as {level} needs",
        (pl.col("level") == "group") | pl.col("id").str.contains("^[^/]+/.+$"),
    )


class AccountApproval(Contract, role="steward"):
    """Whether a company may be opened as an account in a ledger company.

    Grain: one row per company_source, company_id, erp_source and entity_id. Source: steward file.
    """

    company_source: f.Text = f.text("Source of the company.", key=True)
    company_id: f.Text = f.text("Company in that source.", key=True)
    erp_source: f.Text = f.text("ERP the account is to be opened in.", key=True)
    entity_id: f.Text = f.text("Ledger company it is to be opened in.", key=True)
    decision: f.Text = f.text("What was decided.", f.one_of("approved", "refused"))
    decided_by: f.Text = f.text(DECIDED_BY)
    decided_on: f.Day = f.day(DECIDED_ON)


class LetterRelease(Contract, role="steward", control=("amount", "currency")):
    """Letters that were released to customers: from then on they count as sent.

    Grain: one row per letter_id. Source: the product's own outbox, written by `letters --release`.
    Units: currency of the row.
    """

    letter_id: f.Text = f.text("Identifier of the letter; it is released once.", key=True)
    account_source: f.Text = f.text("Source of the account.")
    account_id: f.Text = f.text("Account in that source.")
    level: f.Whole = f.whole("Level of the letter; 1 is the first.", f.positive())
    released_on: f.Day = f.day("As-of date of the publication it was released from.")
    currency: f.Text = f.currency("Currency of the letter.")
    channel: f.Text = f.text("How it is sent.")
    letter_ref: f.Text = f.text("Reference of the letter.")
    documents: f.Text = f.text("Ids of the documents it asks for, separated by ';'.")
    amount: f.Money = f.money("Amount it asks for.", unit="currency of the letter")
    interest: f.Money = f.money("Interest asked for.", unit="currency of the letter", null="none")
    fee: f.Money = f.money("Fee asked for.", unit="currency of the letter", null="none")
    released_by: f.Text = f.text("Who released it.", null="not stated")


MODELS: tuple[type[Contract], ...] = (
    MatchDecision,
    ListMap,
    SyncPolicy,
    Survivorship,
    CreditRule,
    ExposurePolicy,
    AgeingProfile,
    DunningPolicy,
    SegmentBand,
    SegmentRule,
    CustomerGroup,
    CreditLimit,
    AccountApproval,
    LetterRelease,
)
