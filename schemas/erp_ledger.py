"""What is owed and what was paid, as the ERP's ledger states it, and the letters about it.

Source: ERP extracts, mapped. Units: document currency unless the name says base; ledger time.
Not here: ageing, exposure and hold, which the marts derive. A due date before the document date and
a line without a price are facts that the marts flag, so no rule refuses them; a negative amount
reverses its document's effect.
"""

import polars as pl

import schemas.fields as f
from schemas.contract import Contract

NOT_STATED = "not stated by the ERP"
BASE = "base currency of the entity"
DOCUMENT = "document currency"

DEBITS = ("invoice", "refund", "finance_charge", "payment_return")
CREDITS = ("credit_note", "receipt", "write_off")
EITHER = ("journal", "opening_balance", "fx_revaluation")


class ErpArDocument(Contract, role="erp", control=("amount", "currency")):
    """Receivable items as the ERP states them, draft or posted.

    Grain: one row per document_id. Source: ERP extract, mapped.
    Units: document currency unless the name says base. Effect on the balance: sign x amount.
    """

    document_id: f.Text = f.text("Identifier of the document in its ERP.", key=True)
    entity_id: f.Text = f.text("Ledger company it is posted in.", refers="erp_entity")
    account_id: f.Text = f.text("Account that owes it: the bill-to.", refers="erp_account")
    ordering_account_id: f.Text = f.text(
        "Account that ordered. An unknown one is flagged, not refused.", null="the bill-to itself"
    )
    document_type: f.Text = f.text("Kind of document.", f.one_of(*DEBITS, *CREDITS, *EITHER))
    document_no: f.Text = f.text("Number a person knows the document by.")
    reference: f.Text = f.text("Reference text on the document.", null=NOT_STATED)
    po_number: f.Text = f.text("The customer's own order number.", null=NOT_STATED)
    document_date: f.Day = f.day("Day written on the document.")
    posting_date: f.Day = f.day(
        "Day it was posted: it exists from then on.", null="the document date counts"
    )
    due_date: f.Day = f.day(
        "Day it is due; before the document date is flagged, not refused.",
        null="derived from the payment terms, else the document date, flagged",
    )
    currency: f.Text = f.currency("Currency of the document.")
    exchange_rate: f.Rate = f.exchange_rate("Rate to the base currency when it was posted.")
    sign: f.Whole = f.whole("+1 for a debit, -1 for a credit.", f.one_of(-1, 1))
    amount: f.Money = f.money(
        "Amount with tax: positive on an ordinary invoice and on an ordinary credit note.",
        unit="document currency",
    )
    base_amount: f.Money = f.money("The amount in base currency.", unit=BASE)
    net_amount: f.Money = f.money(
        "Amount without tax and freight.",
        unit="document currency",
        null="the sum of the lines, else amount less tax and freight, flagged",
    )
    tax_amount: f.Money = f.money(
        "Tax within the amount.", unit="document currency", null=NOT_STATED
    )
    order_id: f.Text = f.text("Order it invoices.", null="of no order")
    campaign_id: f.Text = f.text("CRM campaign it is credited to.", null="to none")
    contract_id: f.Text = f.text("Service contract it bills.", null="of no contract")
    salesperson_code: f.Text = f.text("Salesperson it is credited to.", null=NOT_STATED)
    status: f.Text = f.text("State in the ledger.", f.one_of("draft", "posted", "void"))
    voided_on: f.Day = f.day(
        "Day it was voided: it does not exist from then on.",
        null="not voided, or void from the start",
    )
    freight_amount: f.Money = f.money(
        "Freight within the amount.", unit="document currency", null="none is stated"
    )
    open_amount: f.Money = f.money(
        "What is unpaid at the extract date, where the source keeps a live balance.",
        unit="document currency",
        null="the source keeps none",
    )
    dispute_id: f.Text = f.text("Dispute it is under.", null="under none")
    control_account: f.Text = f.text(
        "General-ledger account it is posted to.", null="that of its account"
    )

    sign_fits_type = f.row_rule(
        "sign_fits_type",
        "{sign} is not the sign of {document_type}",
        pl.when(pl.col("document_type").is_in(DEBITS))
        .then(pl.col("sign") == 1)
        .when(pl.col("document_type").is_in(CREDITS))
        .then(pl.col("sign") == -1)
        .otherwise(True),
    )


class ErpArDocumentLine(Contract, role="erp", control=("net_amount", None)):
    """Lines of receivable documents: what was sold or credited.

    Grain: one row per line_id. Source: ERP extract, mapped. Units: document currency.
    Quantities and amounts follow the sign of their header.
    """

    line_id: f.Text = f.text("Identifier of the line in its ERP.", key=True)
    document_id: f.Text = f.text("Document it belongs to.", refers="erp_ar_document")
    line_no: f.Whole = f.whole("Place of the line on its document.")
    item_id: f.Text = f.text("Item sold.", null="a line without an item")
    description: f.Text = f.text("What was sold.", null=NOT_STATED)
    quantity: f.Quantity = f.quantity("Quantity invoiced.")
    unit_price: f.Money = f.money(
        "Price of one unit before discount.", unit=DOCUMENT, null="not stated, flagged"
    )
    discount_pct: f.Rate = f.discount_pct("Discount on the line.", null="none")
    net_amount: f.Money = f.money(
        "Value of the line without tax.", unit=DOCUMENT, null="not stated, flagged"
    )
    base_net_amount: f.Money = f.money(
        "The net amount in base currency.", unit=BASE, null="net amount x the document's rate"
    )
    tax_amount: f.Money = f.money("Tax on the line.", unit=DOCUMENT, null=NOT_STATED)
    tax_code: f.Text = f.text("Tax that applied.", null=NOT_STATED)
    cost_amount: f.Money = f.money("Cost of what was sold.", unit=BASE, null="not known")
    order_line_id: f.Text = f.text("Order line it invoices.", null="of no order")
    shipment_line_id: f.Text = f.text("Shipment line it invoices.", null="of no shipment")


class ErpArInstallment(Contract, role="erp", control=("amount", None)):
    """Instalments a document is to be paid in; a document without any is due in one sum.

    Grain: one row per document_id and installment_no. Source: ERP extract, mapped.
    Units: document currency.
    """

    document_id: f.Text = f.text("Document it is part of.", key=True, refers="erp_ar_document")
    installment_no: f.Whole = f.whole("Number of the instalment, earliest first.", key=True)
    due_date: f.Day = f.day("Day it is due.")
    amount: f.Money = f.money("Part of the document's amount.", unit=DOCUMENT)
    base_amount: f.Money = f.money("The amount in base currency.", unit=BASE)


class ErpArAllocation(Contract, role="erp", control=("amount", None)):
    """Links between a debit and a credit document: which payment settled what, and when.

    Grain: one row per allocation_id. Source: ERP extract, mapped. Units: named by column.
    """

    allocation_id: f.Text = f.text("Identifier of the allocation in its ERP.", key=True)
    debit_document_id: f.Text = f.text("Document that was settled.", refers="erp_ar_document")
    credit_document_id: f.Text = f.text("Document that settled it.", refers="erp_ar_document")
    installment_no: f.Whole = f.whole(
        "Instalment of the debit document that was settled.", null="the earliest open ones"
    )
    allocation_date: f.Day = f.day(
        "Day from which it counts.", null="not stated: it counts from its load, flagged"
    )
    amount: f.Money = f.money(
        "Amount settled, discount included.", unit="currency of the debit document"
    )
    credit_amount: f.Money = f.money(
        "Amount taken from the credit document, discount not included.",
        unit="currency of the credit document",
    )
    base_amount: f.Money = f.money(
        "The amount in base currency, at the credit document's rate.", unit=BASE
    )
    fx_difference: f.Money = f.money(
        "Base value cleared on the debit less base_amount; a loss is positive.",
        unit=BASE,
        null="none is stated",
    )
    discount_amount: f.Money = f.money(
        "Discount granted within the amount.", unit="currency of the debit document", null="none"
    )
    reversed_on: f.Day = f.day(
        "Day it was undone: it does not count from then on.", null="still in effect"
    )

    links_two_documents = f.row_rule(
        "links_two_documents",
        "{debit_document_id} and {credit_document_id} are the same document",
        pl.col("debit_document_id") != pl.col("credit_document_id"),
    )


class ErpGlControlBalance(Contract, role="erp", control=("balance", "currency")):
    """Balances of the receivables control accounts in the general ledger.

    Grain: one row per entity_id, control_account, currency and as_of. Source: ERP extract, mapped.
    Units: currency of the row; a debit balance is positive.
    """

    entity_id: f.Text = f.text("Ledger company.", key=True, refers="erp_entity")
    control_account: f.Text = f.text("Number of the control account.", key=True)
    currency: f.Text = f.currency("Currency of the postings summed.", key=True)
    as_of: f.Day = f.day("Day at whose end the balance stood.", key=True)
    balance: f.Money = f.money(
        "Balance in the currency of the postings.", unit="currency of the row"
    )
    base_balance: f.Money = f.money("Balance in base currency.", unit=BASE)


class ErpDispute(Contract, role="erp", control=("amount", None)):
    """Parts of documents that customers dispute.

    Grain: one row per dispute_id. Source: ERP extract, mapped. Units: document currency.
    """

    dispute_id: f.Text = f.text("Identifier of the dispute in its ERP.", key=True)
    document_id: f.Text = f.text("Document disputed.", refers="erp_ar_document")
    amount: f.Money = f.money("Amount disputed.", unit=DOCUMENT)
    reason: f.Text = f.text("Why it is disputed.", null=NOT_STATED)
    opened_on: f.Day = f.day("Day it was raised.", null="disputed since the document date")
    closed_on: f.Day = f.day("Day it was settled.", null="still open")
    owner: f.Text = f.text("Who deals with it.", null="nobody does")

    closed_in_order = f.not_before("closed_on", "opened_on")


class ErpPromise(Contract, role="erp", control=("amount", None)):
    """Promises to pay.

    Grain: one row per promise_id. Source: ERP extract, mapped.
    Units: currency of the document promised, else of the account.
    """

    promise_id: f.Text = f.text("Identifier of the promise in its ERP.", key=True)
    account_id: f.Text = f.text("Account that promised.", refers="erp_account")
    document_id: f.Text = f.text("Document promised.", null="for the account as a whole")
    promised_on: f.Day = f.day("Day the promise was made.")
    promise_date: f.Day = f.day("Day the money is to arrive.")
    amount: f.Money = f.money("Amount promised.", unit="document currency, else account currency")
    kept: f.Flag = f.flag("Whether it was kept.", null="not known yet")


class ErpDunningEvent(Contract, role="erp", control=("fee", None)):
    """Letters that were sent about overdue documents.

    Grain: one row per event_id. Source: ERP extract, mapped. Units: account currency.
    """

    event_id: f.Text = f.text("Identifier of the event in its ERP.", key=True)
    account_id: f.Text = f.text("Account that was written to.", refers="erp_account")
    level: f.Whole = f.whole("Level of the letter; 1 is the first.")
    sent_on: f.Day = f.day("Day it was sent.")
    channel: f.Text = f.text("How it was sent, in the ERP's own words.")
    letter_ref: f.Text = f.text("Reference of the letter.")
    documents: f.Text = f.text("Ids of the documents it asks for, separated by ';'.")
    interest: f.Money = f.money("Interest asked for.", unit="account currency", null="none")
    fee: f.Money = f.money("Fee asked for.", unit="account currency", null="none")
    state: f.Text = f.text("State of the letter in the ERP's own words.")


MODELS: tuple[type[Contract], ...] = (
    ErpArDocument,
    ErpArDocumentLine,
    ErpArInstallment,
    ErpArAllocation,
    ErpGlControlBalance,
    ErpDispute,
    ErpPromise,
    ErpDunningEvent,
)
