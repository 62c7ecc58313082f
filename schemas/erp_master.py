"""The ERP's standing data: ledger companies, accounts, terms, items, prices, taxes, lists.

Source: ERP extracts, mapped, or inline rows of the configuration.
Not here: what is owed (erp_ledger.py), what is ordered and delivered (erp_trade.py).
"""

import schemas.fields as f
from schemas.contract import Contract

NOT_STATED = "not stated by the ERP"


class ErpEntity(Contract, role="erp", required=True):
    """Ledger companies: each with its own base currency, fiscal year and control accounts.

    Grain: one row per entity_id. Source: ERP extract, mapped, or inline rows.
    """

    entity_id: f.Text = f.text("Identifier of the ledger company in its ERP.", key=True)
    name: f.Text = f.text("Name of the ledger company.")
    base_currency: f.Text = f.currency("Currency its ledger is kept in.")
    fiscal_year_start_month: f.Whole = f.whole(
        "Month its fiscal year starts in, where it delivers no fiscal periods.",
        f.between(1, 12),
        unit="month of the year",
    )
    country_code: f.Text = f.country("Country it is registered in.", null=NOT_STATED)


class ErpFiscalPeriod(Contract, role="erp"):
    """Fiscal periods of a ledger company.

    Grain: one row per entity_id and period_start. Source: ERP extract, mapped.
    """

    entity_id: f.Text = f.text("Ledger company whose period it is.", key=True, refers="erp_entity")
    period_start: f.Day = f.day("First day of the period.", key=True)
    period_end: f.Day = f.day("Last day of the period.")
    fiscal_year: f.Whole = f.whole("Fiscal year, named by the year it ends in.", unit="year")
    period_no: f.Whole = f.whole("Number of the period within its fiscal year.")
    is_closed: f.Flag = f.flag("Whether the period is closed for posting.")

    ends_in_order = f.not_before("period_end", "period_start")


class ErpAccount(Contract, role="erp", required=True, tracks_deletion=True):
    """Customer accounts, each in one ledger company.

    Grain: one row per account_id. Source: ERP extract, mapped, or derived from documents.
    """

    account_id: f.Text = f.text("Identifier of the account in its ERP.", key=True)
    entity_id: f.Text = f.text("Ledger company that keeps the account.", refers="erp_entity")
    account_code: f.Text = f.text("Number a person knows the account by.")
    name: f.Text = f.text("Name on the account.", personal="account_id")
    legal_name: f.Text = f.text(
        "Registered name of the customer.", null=NOT_STATED, personal="account_id"
    )
    vat_number: f.Text = f.text(
        "VAT number as typed into the ERP.", null=NOT_STATED, personal="account_id"
    )
    registration_number: f.Text = f.text(
        "Number in the companies register as typed into the ERP.",
        null=NOT_STATED,
        personal="account_id",
    )
    bill_to_account_id: f.Text = f.text(
        "Account that is invoiced for this one. An unknown one is flagged, not refused.",
        null="the account is invoiced itself",
    )
    parent_account_id: f.Text = f.text(
        "Account of the parent company. An unknown or circular parent is flagged, not refused.",
        null="stands alone",
    )
    account_type: f.Text = f.text(
        "How receipts are set against invoices.", f.one_of("open_item", "balance_forward")
    )
    currency: f.Text = f.currency("Currency the account trades in.", null="any currency")
    payment_terms_code: f.Text = f.text(
        "Payment terms, a terms_code of erp_payment_terms.", null=NOT_STATED
    )
    price_list: f.Text = f.text("Price list the account buys from.", null=NOT_STATED)
    tax_code: f.Text = f.text("Tax that applies to the account.", null=NOT_STATED)
    salesperson_code: f.Text = f.text("Salesperson who looks after it.", null="nobody does")
    shipping_method_code: f.Text = f.text("Usual shipping method.", null=NOT_STATED)
    territory: f.Text = f.text("Sales territory of the account.", null=NOT_STATED)
    customer_group: f.Text = f.text("Group of customers in the ERP's own code.", null=NOT_STATED)
    email: f.Text = f.text("General e-mail address.", null=NOT_STATED, personal="account_id")
    phone: f.Text = f.text(
        "Telephone number as typed into the ERP.", null=NOT_STATED, personal="account_id"
    )
    website: f.Text = f.text("Web address.", null=NOT_STATED, personal="account_id")
    address_line1: f.Text = f.text(
        "First line of the postal address.", null=NOT_STATED, personal="account_id"
    )
    address_line2: f.Text = f.text(
        "Second line of the postal address.", null="there is none", personal="account_id"
    )
    city: f.Text = f.text("Town of the postal address.", null=NOT_STATED, personal="account_id")
    region: f.Text = f.text(
        "State, province or county of the address.", null=NOT_STATED, personal="account_id"
    )
    postcode: f.Text = f.text(
        "Postcode of the postal address.", null=NOT_STATED, personal="account_id"
    )
    country_code: f.Text = f.country("Country of the postal address.", null=NOT_STATED)
    status: f.Text = f.text(
        "Whether the ERP lets the account trade.",
        f.one_of("active", "inactive", "blocked_all", "blocked_ship", "blocked_invoice"),
    )
    control_account: f.Text = f.text(
        "General-ledger account its receivables are posted to.", null=NOT_STATED
    )
    opened_on: f.Day = f.day("Day the account was opened.", null=NOT_STATED)
    crm_company_ref: f.Text = f.text(
        "CRM company of this account as stored in the ERP.", null="no cross-reference is stored"
    )
    updated_at: f.Moment = f.moment("When the record was last changed.", null=NOT_STATED)


class ErpCreditProfile(Contract, role="erp", control=("credit_limit", "limit_currency")):
    """Credit limits and manual holds of an account, with the days they hold for.

    Grain: one row per account_id and valid_from.
    Source: ERP extract, mapped. Units: limit currency.
    """

    account_id: f.Text = f.text("Account the profile is of.", key=True, refers="erp_account")
    valid_from: f.Day = f.day("First day the profile holds.", key=True)
    valid_to: f.Day = f.day(
        "Last day the profile holds.", null="no end; a later one that holds takes its place"
    )
    credit_limit: f.Money = f.money(
        "Most that may be owed; 0 is cash only.",
        f.not_negative(),
        unit="limit currency",
        null="no limit",
    )
    limit_currency: f.Text = f.currency("Currency of the limits.")
    insured_limit: f.Money = f.money(
        "Amount covered by credit insurance.", unit="limit currency", null="not insured"
    )
    insured_until: f.Day = f.day("Last day of the insurance.", null="not limited or not insured")
    on_hold: f.Flag = f.flag("Whether a person put the account on hold.")
    hold_reason: f.Text = f.text("Why it was put on hold.", null=NOT_STATED, personal="account_id")
    hold_set_by: f.Text = f.text("Who put it on hold.", null=NOT_STATED, personal="account_id")
    hold_until: f.Day = f.day("Last day of the manual hold.", null="until it is lifted")
    credit_rating: f.Text = f.text("Rating in the ERP's own scale.", null=NOT_STATED)
    risk_group: f.Text = f.text("Risk group in the ERP's own code.", null=NOT_STATED)
    last_review: f.Day = f.day("Day of the last credit review.", null="never reviewed")
    next_review: f.Day = f.day("Day the next review is due.", null="none is planned")
    bypass: f.Flag = f.flag("Whether the account is kept off the hold list.")

    valid_in_order = f.not_before("valid_to", "valid_from")


class ErpPaymentTerms(Contract, role="erp"):
    """Payment terms: when an invoice is due, and the discount for paying early.

    Grain: one row per terms_code. Source: ERP extract, mapped.
    """

    terms_code: f.Text = f.text("Code of the terms in its ERP.", key=True)
    days: f.Whole = f.days(
        "Days from the basis to the due date; the day of the month for a fixed day.",
        null="no due date follows from the terms",
    )
    basis: f.Text = f.text(
        "What the days count from.",
        f.one_of("document_date", "end_of_month", "end_of_next_month", "fixed_day"),
    )
    discount_pct: f.Rate = f.discount_pct("Discount for paying early.", null="none")
    discount_days: f.Whole = f.days(
        "Days from the document date in which the discount is granted.", null="no discount"
    )
    is_prepayment: f.Flag = f.flag(
        "Whether what is ordered on these terms is paid before it is delivered.", null="it is not"
    )


class ErpItem(Contract, role="erp"):
    """Goods and services the ERP sells.

    Grain: one row per item_id. Source: ERP extract, mapped.
    """

    item_id: f.Text = f.text("Identifier of the item in its ERP.", key=True)
    item_code: f.Text = f.text("Number a person knows the item by.")
    name: f.Text = f.text("Name of the item.")
    item_group: f.Text = f.text("Group of items in the ERP's own code.", null=NOT_STATED)
    uom: f.Text = f.text("Unit of measure it is kept in.")
    is_stock: f.Flag = f.flag("Whether it is kept in stock.")
    is_service: f.Flag = f.flag("Whether it is a service: nothing to ship.")
    status: f.Text = f.text("State of the item in the ERP's own words.")
    list_price: f.Money = f.money(
        "Price of one unit before any price list.", unit="base currency of its ERP", null=NOT_STATED
    )
    standard_cost: f.Money = f.money(
        "Cost of one unit.", unit="base currency of its ERP", null=NOT_STATED
    )


class ErpTaxRate(Contract, role="erp"):
    """Tax rates and the days they hold for.

    Grain: one row per tax_code and valid_from. Source: ERP extract, mapped.
    """

    tax_code: f.Text = f.text("Code of the tax in its ERP.", key=True)
    valid_from: f.Day = f.day("First day the rate holds.", key=True)
    valid_to: f.Day = f.day("Last day the rate holds.", null="until the next one")
    rate: f.Rate = f.rate(
        "Tax on the net amount; 0 is zero-rated.", f.not_negative(), unit="percent"
    )

    valid_in_order = f.not_before("valid_to", "valid_from")


class ErpPrice(Contract, role="erp"):
    """Prices of items by price list, currency, quantity and day.

    Grain: one row per price_list, item_id, currency, min_qty and valid_from.
    Source: ERP extract, mapped.
    """

    price_list: f.Text = f.text("Code of the price list.", key=True)
    item_id: f.Text = f.text("Item that is priced.", key=True)
    currency: f.Text = f.currency("Currency of the price.", key=True)
    min_qty: f.Quantity = f.quantity(
        "Least quantity the price holds for.", f.not_negative(), unit="unit of the item", key=True
    )
    valid_from: f.Day = f.day("First day the price holds.", key=True)
    valid_to: f.Day = f.day("Last day the price holds.", null="until the next one")
    unit_price: f.Money = f.money(
        "Price of one unit without tax.", unit="currency of the price list"
    )
    discount_pct: f.Rate = f.discount_pct("Discount on the price.", null="none")
    account_id: f.Text = f.text("Account the price was agreed with.", null="for every account")

    valid_in_order = f.not_before("valid_to", "valid_from")


class ErpStock(Contract, role="erp"):
    """What lies in the warehouses, as of the extract: an undated figure.

    Grain: one row per item_id and warehouse. Source: ERP extract, mapped.
    """

    item_id: f.Text = f.text("Item that is kept.", key=True)
    warehouse: f.Text = f.text("Warehouse it lies in.", key=True)
    on_hand: f.Quantity = f.quantity(
        "Quantity in the warehouse; below 0 where issues were booked ahead of receipts.",
        unit="unit of the item",
    )
    allocated: f.Quantity = f.quantity(
        "Quantity promised to orders.", unit="unit of the item", null=NOT_STATED
    )
    on_order: f.Quantity = f.quantity(
        "Quantity on its way from suppliers.", unit="unit of the item", null=NOT_STATED
    )
    lead_time_days: f.Whole = f.days("Days a supplier needs.", null=NOT_STATED)


class ErpListValue(Contract, role="erp"):
    """The codes of the lists that both systems share.

    Grain: one row per list_name and code. Source: ERP extract, mapped.
    """

    list_name: f.Text = f.text("Which list.", f.one_of(*f.SHARED_LISTS), key=True)
    code: f.Text = f.text("Code of the value in its ERP.", key=True)
    label: f.Text = f.text("What a person calls it.")
    active: f.Flag = f.flag("Whether it may still be used.")


MODELS: tuple[type[Contract], ...] = (
    ErpEntity,
    ErpFiscalPeriod,
    ErpAccount,
    ErpCreditProfile,
    ErpPaymentTerms,
    ErpItem,
    ErpTaxRate,
    ErpPrice,
    ErpStock,
    ErpListValue,
)
