"""What the front office is selling: opportunities, quotes and the orders it took.

Source: CRM extracts, mapped. Units: amounts in the currency of their header; timestamps are UTC.
Not here: orders as the ERP fulfils them (erp_trade.py).
"""

import schemas.fields as f
from schemas.contract import Contract

NOT_STATED = "not stated by the CRM"


class CrmOpportunity(Contract, role="crm", control=("amount", "currency")):
    """Business that may be won, with its stage and expected amount.

    Grain: one row per opportunity_id. Source: CRM extract, mapped. Units: opportunity currency.
    """

    opportunity_id: f.Text = f.text("Identifier of the opportunity in the CRM.", key=True)
    company_id: f.Text = f.text("Company it is with.", null="with no company yet")
    name: f.Text = f.text("Name of the opportunity.", personal="company_id")
    stage: f.Text = f.text("Stage in the CRM's own words.")
    is_won: f.Flag = f.flag("Whether it was won.")
    is_closed: f.Flag = f.flag("Whether it was won or lost.")
    amount: f.Money = f.money("Expected value.", unit="opportunity currency", null="not estimated")
    currency: f.Text = f.currency("Currency of the amount.", null="not stated: reporting currency")
    close_date: f.Day = f.day("Day it was closed or is expected to.", null="not estimated")
    campaign_id: f.Text = f.text("Campaign it came from.", null="from no campaign")
    owner_user_id: f.Text = f.text("CRM user who follows it.", null="nobody does")
    created_at: f.Moment = f.moment("When the record was made.", null=NOT_STATED)


class CrmQuote(Contract, role="crm", control=("total", "currency")):
    """Offers made to companies.

    Grain: one row per quote_id. Source: CRM extract, mapped. Units: quote currency.
    """

    quote_id: f.Text = f.text("Identifier of the quote in the CRM.", key=True)
    company_id: f.Text = f.text("Company the quote is for.", refers="crm_company")
    contact_id: f.Text = f.text("Person the quote was sent to.", null=NOT_STATED)
    opportunity_id: f.Text = f.text("Opportunity the quote belongs to.", null="to none")
    quote_number: f.Text = f.text("Number a person knows the quote by.")
    status: f.Text = f.text(
        "How far the quote is.", f.one_of("draft", "presented", "accepted", "ordered", "lost")
    )
    valid_until: f.Day = f.day("Last day the quote holds.", null="not limited")
    currency: f.Text = f.currency("Currency of every amount of the quote.")
    price_list: f.Text = f.text("Price list the prices come from.", null=NOT_STATED)
    payment_terms: f.Text = f.text("Payment terms in the CRM's own code.", null=NOT_STATED)
    shipping_method: f.Text = f.text("Shipping method in the CRM's own code.", null=NOT_STATED)
    salesperson: f.Text = f.text("Salesperson in the CRM's own code.", null=NOT_STATED)
    po_number: f.Text = f.text("The customer's own order number.", null=NOT_STATED)
    ship_to_line1: f.Text = f.ship_to("line1", personal="company_id")
    ship_to_line2: f.Text = f.ship_to("line2", personal="company_id")
    ship_to_city: f.Text = f.ship_to("city", personal="company_id")
    ship_to_region: f.Text = f.ship_to("region", personal="company_id")
    ship_to_postcode: f.Text = f.ship_to("postcode", personal="company_id")
    ship_to_country_code: f.Text = f.ship_to_country()
    net: f.Money = f.money("Sum without tax.", unit="quote currency")
    tax: f.Money = f.money("Tax on the sum.", unit="quote currency")
    total: f.Money = f.money("Sum to pay, with tax.", unit="quote currency")
    erp_order_ref: f.Text = f.text(
        "ERP order made from the quote, as the CRM stores it.", null="none is known"
    )
    created_at: f.Moment = f.moment("When the quote was made.")


class CrmQuoteLine(Contract, role="crm", control=("net_amount", None)):
    """Lines of a quote.

    Grain: one row per quote_line_id. Source: CRM extract, mapped. Units: quote currency.
    """

    quote_line_id: f.Text = f.text("Identifier of the line in the CRM.", key=True)
    quote_id: f.Text = f.text("Quote the line belongs to.", refers="crm_quote")
    line_no: f.Whole = f.whole("Place of the line on its document.")
    item_code: f.Text = f.text("Item in the CRM's own code.", null="a line of text only")
    description: f.Text = f.text("What is offered.")
    quantity: f.Quantity = f.quantity("Quantity offered.")
    uom: f.Text = f.text("Unit of measure in the CRM's own code.", null=NOT_STATED)
    unit_price: f.Money = f.money("Price of one unit before discount.", unit="quote currency")
    discount_pct: f.Rate = f.discount_pct("Discount on the line.", null="none")
    discount_amount: f.Money = f.money(
        "Discount on the line as an amount.", unit="quote currency", null="none"
    )
    tax_code: f.Text = f.text("Tax in the CRM's own code.", null=NOT_STATED)
    net_amount: f.Money = f.money("Value of the line without tax.", unit="quote currency")


class CrmOrder(Contract, role="crm", control=("total", "currency")):
    """Orders the front office took, to be fulfilled by the ERP.

    Grain: one row per order_id. Source: CRM extract, mapped. Units: order currency.
    """

    order_id: f.Text = f.text("Identifier of the order in the CRM.", key=True)
    company_id: f.Text = f.text("Company that ordered.", refers="crm_company")
    quote_id: f.Text = f.text("Quote the order came from.", null="from none")
    order_number: f.Text = f.text("Number a person knows the order by.")
    status: f.Text = f.text("State of the order in the CRM's own words.")
    order_date: f.Day = f.day("Day the order was taken.")
    requested_date: f.Day = f.day("Day the customer wants the goods.", null=NOT_STATED)
    currency: f.Text = f.currency("Currency of every amount of the order.")
    price_list: f.Text = f.text("Price list the prices come from.", null=NOT_STATED)
    payment_terms: f.Text = f.text("Payment terms in the CRM's own code.", null=NOT_STATED)
    shipping_method: f.Text = f.text("Shipping method in the CRM's own code.", null=NOT_STATED)
    salesperson: f.Text = f.text("Salesperson in the CRM's own code.", null=NOT_STATED)
    po_number: f.Text = f.text("The customer's own order number.", null=NOT_STATED)
    ship_to_line1: f.Text = f.ship_to("line1", personal="company_id")
    ship_to_line2: f.Text = f.ship_to("line2", personal="company_id")
    ship_to_city: f.Text = f.ship_to("city", personal="company_id")
    ship_to_region: f.Text = f.ship_to("region", personal="company_id")
    ship_to_postcode: f.Text = f.ship_to("postcode", personal="company_id")
    ship_to_country_code: f.Text = f.ship_to_country()
    net: f.Money = f.money("Sum without tax.", unit="order currency")
    tax: f.Money = f.money("Tax on the sum.", unit="order currency")
    total: f.Money = f.money("Sum to pay, with tax.", unit="order currency")
    erp_order_ref: f.Text = f.text(
        "ERP order that answers it, as the CRM stores it.", null="none is known"
    )
    created_at: f.Moment = f.moment("When the order was entered.")


class CrmOrderLine(Contract, role="crm", control=("net_amount", None)):
    """Lines of a CRM order.

    Grain: one row per order_line_id. Source: CRM extract, mapped. Units: order currency.
    """

    order_line_id: f.Text = f.text("Identifier of the line in the CRM.", key=True)
    order_id: f.Text = f.text("Order the line belongs to.", refers="crm_order")
    line_no: f.Whole = f.whole("Place of the line on its document.")
    item_code: f.Text = f.text("Item in the CRM's own code.", null="a line of text only")
    description: f.Text = f.text("What was ordered.")
    quantity: f.Quantity = f.quantity("Quantity ordered.")
    uom: f.Text = f.text("Unit of measure in the CRM's own code.", null=NOT_STATED)
    unit_price: f.Money = f.money("Price of one unit before discount.", unit="order currency")
    discount_pct: f.Rate = f.discount_pct("Discount on the line.", null="none")
    discount_amount: f.Money = f.money(
        "Discount on the line as an amount.", unit="order currency", null="none"
    )
    tax_code: f.Text = f.text("Tax in the CRM's own code.", null=NOT_STATED)
    net_amount: f.Money = f.money("Value of the line without tax.", unit="order currency")


MODELS: tuple[type[Contract], ...] = (
    CrmOpportunity,
    CrmQuote,
    CrmQuoteLine,
    CrmOrder,
    CrmOrderLine,
)
