"""Orders, shipments, returns and service costs as the ERP states them.

Source: ERP extracts, mapped. Units: order currency; quantities in the unit of their line.
Not here: what is still to ship or to bill, and why it waits, which the marts derive.
"""

import schemas.fields as f
from schemas.contract import Contract

NOT_STATED = "not stated by the ERP"
ORDER = "order currency"


class ErpSalesOrder(Contract, role="erp", control=("total", "currency")):
    """Sales orders, from draft to closed.

    Grain: one row per order_id. Source: ERP extract, mapped. Units: order currency.
    """

    order_id: f.Text = f.text("Identifier of the order in its ERP.", key=True)
    entity_id: f.Text = f.text("Ledger company that sells.", refers="erp_entity")
    account_id: f.Text = f.text("Account that orders.", refers="erp_account")
    bill_to_account_id: f.Text = f.text(
        "Account that is invoiced. An unknown one is flagged, not refused.",
        null="the bill-to of the ordering account",
    )
    order_no: f.Text = f.text("Number a person knows the order by.")
    order_date: f.Day = f.day("Day of the order.")
    requested_date: f.Day = f.day("Day the customer wants the goods.", null=NOT_STATED)
    promised_date: f.Day = f.day("Day the goods were promised for.", null=NOT_STATED)
    status: f.Text = f.text(
        "How far the order is.",
        f.one_of(
            "draft",
            "released",
            "on_hold",
            "part_shipped",
            "shipped",
            "invoiced",
            "closed",
            "cancelled",
        ),
    )
    hold_reason: f.Text = f.text("Why the order is on hold.", null="not on hold or not stated")
    currency: f.Text = f.currency("Currency of every amount of the order.")
    exchange_rate: f.Rate = f.exchange_rate("Rate to the base currency of the entity.")
    net: f.Money = f.money(
        "Sum of the lines without tax and freight.", unit="order currency", null=NOT_STATED
    )
    tax: f.Money = f.money(
        "Tax on the order, not on freight.", unit="order currency", null=NOT_STATED
    )
    freight_amount: f.Money = f.money(
        "Freight charged.", unit="order currency", null="none is stated"
    )
    total: f.Money = f.money(
        "Sum to pay, with tax and freight.", unit="order currency", null=NOT_STATED
    )
    prepaid_amount: f.Money = f.money(
        "What was paid in advance and no posted receipt holds.",
        unit="order currency",
        null="nothing",
    )
    cancelled_on: f.Day = f.day(
        "Day the order was cancelled.", null="not cancelled, or cancelled from the start"
    )
    salesperson_code: f.Text = f.text("Salesperson it is credited to.", null=NOT_STATED)
    shipping_method_code: f.Text = f.text("How it is to be shipped.", null=NOT_STATED)
    po_number: f.Text = f.text("The customer's own order number.", null=NOT_STATED)
    crm_quote_ref: f.Text = f.text(
        "CRM quote or order it answers, as the ERP stores it.", null="none is known"
    )
    order_source: f.Text = f.text("Where the order came in.", null=NOT_STATED)


class ErpSalesOrderLine(Contract, role="erp", control=("net_amount", None)):
    """Lines of sales orders, with the quantities the ERP states for them.

    Grain: one row per order_line_id. Source: ERP extract, mapped. Units: order currency.
    """

    order_line_id: f.Text = f.text("Identifier of the line in its ERP.", key=True)
    order_id: f.Text = f.text("Order it belongs to.", refers="erp_sales_order")
    line_no: f.Whole = f.whole("Place of the line on its order.")
    item_id: f.Text = f.text("Item ordered.", null="a line without an item")
    description: f.Text = f.text("What was ordered.")
    uom: f.Text = f.text("Unit of measure of every quantity of the line.")
    qty_ordered: f.Quantity = f.quantity("Quantity ordered.")
    qty_allocated: f.Quantity = f.quantity("Quantity set aside in stock.", null=NOT_STATED)
    qty_shipped: f.Quantity = f.quantity("Quantity shipped so far.", null=NOT_STATED)
    qty_invoiced: f.Quantity = f.quantity("Quantity invoiced so far.", null=NOT_STATED)
    qty_returned: f.Quantity = f.quantity("Quantity returned so far.", null=NOT_STATED)
    qty_cancelled: f.Quantity = f.quantity("Quantity cancelled.", null="none")
    cancelled_on: f.Day = f.day(
        "Day the quantity was cancelled.", null="not cancelled, or cancelled from the start"
    )
    unit_price: f.Money = f.money(
        "Price of one unit before discount.", unit=ORDER, null="not stated, flagged"
    )
    discount_pct: f.Rate = f.discount_pct("Discount on the line.", null="none")
    net_amount: f.Money = f.money(
        "Value of the line without tax.", unit=ORDER, null="not stated, flagged"
    )
    tax_amount: f.Money = f.money("Tax on the line.", unit=ORDER, null=NOT_STATED)
    promised_date: f.Day = f.day("Day the line was promised for.", null="that of the order")
    fulfilment_type: f.Text = f.text("Who delivers it.", f.one_of("stock", "drop_ship", "service"))
    is_closed_short: f.Flag = f.flag("Whether nothing more is to be shipped.")


class ErpShipment(Contract, role="erp"):
    """Shipments to customers.

    Grain: one row per shipment_id. Source: ERP extract, mapped.
    """

    shipment_id: f.Text = f.text("Identifier of the shipment in its ERP.", key=True)
    order_id: f.Text = f.text("Order it delivers.", null="of no one order")
    account_id: f.Text = f.text("Account it went to.", refers="erp_account")
    shipment_no: f.Text = f.text("Number a person knows the shipment by.")
    shipped_on: f.Day = f.day("Day it left.")
    carrier: f.Text = f.text("Who carried it.", null=NOT_STATED)
    tracking: f.Text = f.text("Number to follow it by.", null=NOT_STATED)
    ship_to_line1: f.Text = f.ship_to("line1", personal="account_id")
    ship_to_line2: f.Text = f.ship_to("line2", personal="account_id")
    ship_to_city: f.Text = f.ship_to("city", personal="account_id")
    ship_to_region: f.Text = f.ship_to("region", personal="account_id")
    ship_to_postcode: f.Text = f.ship_to("postcode", personal="account_id")
    ship_to_country_code: f.Text = f.ship_to_country()
    pod_at: f.Moment = f.moment("When delivery was confirmed.", null="not confirmed")


class ErpShipmentLine(Contract, role="erp"):
    """Lines of shipments.

    Grain: one row per shipment_line_id. Source: ERP extract, mapped.
    """

    shipment_line_id: f.Text = f.text("Identifier of the line in its ERP.", key=True)
    shipment_id: f.Text = f.text("Shipment it belongs to.", refers="erp_shipment")
    order_line_id: f.Text = f.text("Order line it delivers.", null="of no order")
    item_id: f.Text = f.text("Item shipped.")
    qty: f.Quantity = f.quantity("Quantity shipped.")


class ErpReturn(Contract, role="erp"):
    """Goods that came back.

    Grain: one row per return_id. Source: ERP extract, mapped.
    """

    return_id: f.Text = f.text("Identifier of the return in its ERP.", key=True)
    account_id: f.Text = f.text("Account it came from.", refers="erp_account")
    return_no: f.Text = f.text("Number a person knows the return by.")
    returned_on: f.Day = f.day("Day the goods came back.")
    reason: f.Text = f.text("Why they came back.", null=NOT_STATED)
    order_id: f.Text = f.text("Order they were sold on.", null="not stated")
    credit_document_id: f.Text = f.text("Credit note issued for them.", null="not credited yet")


class ErpReturnLine(Contract, role="erp", control=("value", None)):
    """Lines of returns.

    Grain: one row per return_line_id. Source: ERP extract, mapped.
    Units: currency of the order returned, else of the account.
    """

    return_line_id: f.Text = f.text("Identifier of the line in its ERP.", key=True)
    return_id: f.Text = f.text("Return it belongs to.", refers="erp_return")
    item_id: f.Text = f.text("Item returned.")
    qty: f.Quantity = f.quantity("Quantity returned.")
    value: f.Money = f.money(
        "Value to be credited, with tax.", unit="order currency, else account currency"
    )
    shipment_line_id: f.Text = f.text("Shipment line it came back from.", null="not known")


class ErpServiceCost(Contract, role="erp", control=("amount", None)):
    """What serving a customer cost.

    Grain: one row per cost_id.
    Source: ERP extract, mapped. Units: base currency of the entity; hours.
    """

    cost_id: f.Text = f.text("Identifier of the cost in its ERP.", key=True)
    contract_id: f.Text = f.text("Service contract it was spent on.", null="outside any contract")
    account_id: f.Text = f.text("Account it was spent on.", refers="erp_account")
    cost_date: f.Day = f.day("Day it was spent.")
    type: f.Text = f.text("Kind of cost.", f.one_of("labour", "parts", "travel"))
    hours: f.Quantity = f.quantity("Time worked.", unit="hours", null="no time is stated")
    amount: f.Money = f.money("Cost.", unit="base currency of the entity")


MODELS: tuple[type[Contract], ...] = (
    ErpSalesOrder,
    ErpSalesOrderLine,
    ErpShipment,
    ErpShipmentLine,
    ErpReturn,
    ErpReturnLine,
    ErpServiceCost,
)
