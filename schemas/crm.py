"""The CRM's companies, people, activities, campaigns, cases and service contracts.

Source: CRM extracts, mapped. Units: named by column; timestamps are UTC.
Not here: opportunities, quotes and orders (crm_sales.py).
"""

import schemas.fields as f
from schemas.contract import Contract

NOT_STATED = "not stated by the CRM"


class CrmCompany(Contract, role="crm", required=True, tracks_deletion=True):
    """Organisations the front office knows: customers, prospects and others.

    Grain: one row per company_id. Source: CRM extract, mapped.
    Units: annual revenue in the currency the CRM keeps it in.
    """

    company_id: f.Text = f.text("Identifier of the company in its CRM.", key=True)
    name: f.Text = f.text("Name the company is known by.", personal="company_id")
    legal_name: f.Text = f.text(
        "Registered name of the company.", null=NOT_STATED, personal="company_id"
    )
    parent_company_id: f.Text = f.text(
        "Company this one belongs to. An unknown or circular parent is flagged, not refused.",
        null="stands alone",
    )
    company_type: f.Text = f.text(
        "Kind of company in the CRM's own words: customer, prospect, and so on.", null=NOT_STATED
    )
    vat_number: f.Text = f.text(
        "VAT number as typed into the CRM.", null=NOT_STATED, personal="company_id"
    )
    registration_number: f.Text = f.text(
        "Number in the companies register as typed into the CRM.",
        null=NOT_STATED,
        personal="company_id",
    )
    website: f.Text = f.text("Web address of the company.", null=NOT_STATED, personal="company_id")
    domain: f.Text = f.text(
        "Internet domain of the company.", null=NOT_STATED, personal="company_id"
    )
    phone: f.Text = f.text(
        "Telephone number as typed into the CRM.", null=NOT_STATED, personal="company_id"
    )
    email: f.Text = f.text(
        "General e-mail address of the company.", null=NOT_STATED, personal="company_id"
    )
    address_line1: f.Text = f.text(
        "First line of the postal address.", null=NOT_STATED, personal="company_id"
    )
    address_line2: f.Text = f.text(
        "Second line of the postal address.", null="there is none", personal="company_id"
    )
    city: f.Text = f.text("Town of the postal address.", null=NOT_STATED, personal="company_id")
    region: f.Text = f.text(
        "State, province or county of the postal address.", null=NOT_STATED, personal="company_id"
    )
    postcode: f.Text = f.text(
        "Postcode of the postal address.", null=NOT_STATED, personal="company_id"
    )
    country_code: f.Text = f.country("Country of the postal address.", null=NOT_STATED)
    owner_user_id: f.Text = f.text("CRM user who looks after the company.", null="nobody does")
    territory: f.Text = f.text("Sales territory of the company.", null=NOT_STATED)
    industry: f.Text = f.text("Line of business in the CRM's own words.", null=NOT_STATED)
    employees: f.Whole = f.whole("Number of people employed.", unit="people", null=NOT_STATED)
    annual_revenue: f.Money = f.money(
        "Yearly revenue of the company itself, as the CRM states it.",
        unit="the CRM's own currency",
        null=NOT_STATED,
    )
    lead_source: f.Text = f.text("Where the company was first heard of.", null=NOT_STATED)
    erp_account_ref: f.Text = f.text(
        "Account codes of this company in the ERP as stored in the CRM, separated by ';'.",
        null="no cross-reference is stored",
    )
    merged_into_company_id: f.Text = f.text(
        "Company this record was merged into.", null="it was not merged"
    )
    created_at: f.Moment = f.moment("When the record was made.", null=NOT_STATED)
    updated_at: f.Moment = f.moment("When the record was last changed.", null=NOT_STATED)


class CrmContact(Contract, role="crm"):
    """People the front office talks to.

    Grain: one row per contact_id. Source: CRM extract, mapped.
    """

    contact_id: f.Text = f.text("Identifier of the person in the CRM.", key=True)
    company_id: f.Text = f.text(
        "Company the person works for.", refers="crm_company", null="belongs to no company"
    )
    first_name: f.Text = f.text("Given name.", null=NOT_STATED, personal="contact_id")
    last_name: f.Text = f.text("Family name.", null=NOT_STATED, personal="contact_id")
    email: f.Text = f.text("E-mail address of the person.", null=NOT_STATED, personal="contact_id")
    phone: f.Text = f.text(
        "Telephone number as typed into the CRM.", null=NOT_STATED, personal="contact_id"
    )
    job_title: f.Text = f.text(
        "Position of the person in the company.", null=NOT_STATED, personal="contact_id"
    )
    is_accounts_contact: f.Flag = f.flag(
        "Whether the person is the one to write to about invoices.", null="not stated, taken as no"
    )
    opted_out: f.Flag = f.flag(
        "Whether the person refused to be written to.", null="not stated, taken as no"
    )
    created_at: f.Moment = f.moment("When the record was made.", null=NOT_STATED)
    updated_at: f.Moment = f.moment("When the record was last changed.", null=NOT_STATED)


class CrmUser(Contract, role="crm"):
    """Members of staff who work in the CRM and own its records.

    Grain: one row per user_id. Source: CRM extract, mapped.
    """

    user_id: f.Text = f.text("Identifier of the user in the CRM.", key=True)
    name: f.Text = f.text("Name of the user.", personal="user_id")
    email: f.Text = f.text("E-mail address of the user.", null=NOT_STATED, personal="user_id")
    active: f.Flag = f.flag("Whether the user still works in the CRM.")
    salesperson_code: f.Text = f.text(
        "Code of the same person as a salesperson in the ERP.", null="not a salesperson"
    )


class CrmCampaign(Contract, role="crm", control=("actual_cost", "currency")):
    """Marketing campaigns and what they cost.

    Grain: one row per campaign_id. Source: CRM extract, mapped. Units: campaign currency.
    """

    campaign_id: f.Text = f.text("Identifier of the campaign in the CRM.", key=True)
    name: f.Text = f.text("Name of the campaign.")
    type: f.Text = f.text("Kind of campaign in the CRM's own words.", null=NOT_STATED)
    status: f.Text = f.text("State of the campaign in the CRM's own words.")
    start_date: f.Day = f.day("First day of the campaign.", null="not yet planned")
    end_date: f.Day = f.day("Last day of the campaign.", null="open-ended")
    budgeted_cost: f.Money = f.money(
        "Planned cost.", unit="campaign currency", null="no budget is stated"
    )
    actual_cost: f.Money = f.money(
        "Cost so far.", unit="campaign currency", null="no cost is stated"
    )
    currency: f.Text = f.currency("Currency of both costs.")
    parent_campaign_id: f.Text = f.text("Campaign this one is a part of.", null="stands alone")

    ends_in_order = f.not_before("end_date", "start_date")


class CrmCampaignMember(Contract, role="crm"):
    """People and companies a campaign addressed, and whether they answered.

    Grain: one row per campaign_id and member_id. Source: CRM extract, mapped.
    """

    campaign_id: f.Text = f.text(
        "Campaign the member was addressed by.", key=True, refers="crm_campaign"
    )
    member_id: f.Text = f.text("Identifier of the member within the campaign.", key=True)
    company_id: f.Text = f.text("Company addressed.", null="the member is a person only")
    contact_id: f.Text = f.text("Person addressed.", null="the member is a company only")
    status: f.Text = f.text("State of the member in the CRM's own words.", null=NOT_STATED)
    responded: f.Flag = f.flag("Whether the member answered.")
    first_responded_at: f.Moment = f.moment(
        "When the member first answered.", null="no answer, or its time is not stated"
    )


class CrmActivity(Contract, role="crm"):
    """Calls, e-mails, meetings, tasks and letters: the history of a relationship.

    Grain: one row per activity_id. Source: CRM extract, mapped.
    """

    activity_id: f.Text = f.text("Identifier of the activity in the CRM.", key=True)
    company_id: f.Text = f.text("Company it was about.", null="about no company")
    contact_id: f.Text = f.text("Person it was held with.", null="with nobody named")
    type: f.Text = f.text(
        "Kind of activity.", f.one_of("call", "email", "meeting", "task", "letter")
    )
    subject: f.Text = f.text("What it was about.", personal=("contact_id", "company_id"))
    at: f.Moment = f.moment("When it took place or is due.")
    user_id: f.Text = f.text("CRM user who did it.", null=NOT_STATED)
    outcome: f.Text = f.text(
        "What came of it.", null="nothing is noted", personal=("contact_id", "company_id")
    )
    related_to: f.Text = f.text("Record it belongs to, as the CRM names it.", null="stands alone")


class CrmServiceContract(Contract, role="crm", control=("value", "currency")):
    """Service and maintenance contracts sold to customers.

    Grain: one row per contract_id. Source: CRM extract, mapped. Units: contract currency; hours.
    """

    contract_id: f.Text = f.text("Identifier of the contract in the CRM.", key=True)
    company_id: f.Text = f.text("Company the contract is with.", refers="crm_company")
    erp_account_id: f.Text = f.text("ERP account it is billed to.", null="not stated")
    type: f.Text = f.text("Kind of contract in the CRM's own words.")
    start_date: f.Day = f.day("First day of cover.")
    end_date: f.Day = f.day("Last day of cover.")
    renewal_date: f.Day = f.day("Day by which it is to be renewed.", null="not stated")
    value: f.Money = f.money("Price of the whole term, without tax.", unit="contract currency")
    currency: f.Text = f.currency("Currency of the value.")
    billing_frequency: f.Text = f.text(
        "How often it is billed, in the CRM's own words.", null="not stated"
    )
    sla_policy: f.Text = f.text("Service level agreed.", null="none is agreed")
    included_hours: f.Quantity = f.quantity(
        "Hours of work the price includes over the whole term.", unit="hours", null="not limited"
    )
    status: f.Text = f.text("State of the contract in the CRM's own words.")

    ends_in_order = f.not_before("end_date", "start_date")


class CrmCase(Contract, role="crm"):
    """Service cases: what went wrong, and how soon it was answered and solved.

    Grain: one row per case_id. Source: CRM extract, mapped. Units: minutes; timestamps in UTC.
    """

    case_id: f.Text = f.text("Identifier of the case in the CRM.", key=True)
    company_id: f.Text = f.text("Company that raised it.", null="of no company")
    contract_id: f.Text = f.text("Service contract it falls under.", null="under no contract")
    opened_at: f.Moment = f.moment("When it was raised.")
    first_response_at: f.Moment = f.moment("When it was first answered.", null="not answered yet")
    resolved_at: f.Moment = f.moment("When it was solved.", null="still open")
    priority: f.Text = f.text("Urgency in the CRM's own words.", null=NOT_STATED)
    sla_policy: f.Text = f.text("Service level that applies.", null="none applies")
    first_response_due_at: f.Moment = f.moment(
        "When the first answer is due.", null="no answer time is agreed"
    )
    resolution_due_at: f.Moment = f.moment(
        "When the solution is due.", null="no solution time is agreed"
    )
    time_spent_minutes: f.Whole = f.whole("Work spent on it.", unit="minutes", null=NOT_STATED)
    category: f.Text = f.text("Kind of case in the CRM's own words.", null=NOT_STATED)


MODELS: tuple[type[Contract], ...] = (
    CrmCompany,
    CrmContact,
    CrmUser,
    CrmCampaign,
    CrmCampaignMember,
    CrmActivity,
    CrmServiceContract,
    CrmCase,
)
