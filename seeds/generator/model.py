"""What exists in the demo world, before any system writes it down.

Amounts are decimals of the document's currency unless the name says base. A document of either
ledger is one `Document`; the exporters decide which file and sign it gets.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

AS_OF = date(2026, 6, 30)
HISTORY_FROM = date(2024, 1, 2)
ORDERS_KEPT_FROM = date(2025, 7, 1)  # both ledgers archive older orders

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT)


@dataclass
class Address:
    line1: str
    city: str
    postcode: str
    country: str
    line2: str | None = None
    region: str | None = None


@dataclass
class Company:
    """An organisation as it really is; CRM and ledgers each know a part of it."""

    id: str
    name: str
    legal_name: str
    address: Address
    phone: str
    domain: str
    vat: str | None
    registration: str | None
    is_prospect: bool
    industry: str
    territory: str
    owner: str
    employees: int
    revenue: Decimal
    created: datetime
    updated: datetime
    parent: str | None = None
    merged_into: str | None = None
    duplicate_of: str | None = None
    references: list[str] = field(default_factory=list)
    lead_source: str = "Fair"


@dataclass
class Account:
    ledger: str
    entity: str
    id: str
    code: str
    name: str
    legal_name: str | None
    address: Address
    currency: str
    terms: str
    price_list: str
    salesperson: str
    shipping: str
    territory: str
    tax_code: str
    control: str
    email: str | None
    phone: str | None
    website: str | None
    vat: str | None
    registration: str | None
    opened: date
    size: str  # L, M or S: how often it orders
    company: Company | None  # the truth, never exported
    evidence: str = ""  # the truth: what should link it
    plan: str = "ordinary"  # the planted situation
    bill_to: "Account | None" = None
    parent: "Account | None" = None
    unknown_bill_to: str | None = None  # what the ledger says where no such account exists
    status: str = "active"
    crm_reference: str | None = None

    @property
    def payer(self) -> "Account":
        return self.bill_to or self


@dataclass
class Item:
    code: str
    name: str
    group: str
    price: Decimal  # EUR
    cost: Decimal
    uom: str = "PCS"
    is_service: bool = False
    status: str = "active"


@dataclass
class OrderLine:
    id: str
    no: int
    item: Item
    quantity: Decimal
    price: Decimal | None
    discount_pct: Decimal
    tax_pct: Decimal
    tax_code: str
    promised: date
    fulfilment: str = "stock"
    cancelled: Decimal = Decimal(0)
    cancelled_on: date | None = None
    closed_short: bool = False
    shipped: Decimal = Decimal(0)
    invoiced: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    shipments: list["ShipmentLine"] = field(default_factory=list)

    def net(self, quantity: Decimal) -> Decimal:
        return cents(quantity * (self.price or ZERO) * (100 - self.discount_pct) / 100)

    def tax(self, quantity: Decimal) -> Decimal:
        return cents(self.net(quantity) * self.tax_pct / 100)

    @property
    def to_ship(self) -> Decimal:
        if self.fulfilment == "service" or self.closed_short:
            return ZERO
        return max(self.quantity - self.cancelled - self.shipped, ZERO)

    @property
    def to_bill(self) -> Decimal:
        wanted = self.shipped if self.closed_short else self.quantity - self.cancelled
        return max(wanted, self.shipped) - self.invoiced


@dataclass
class Order:
    id: str
    account: Account
    date: date
    requested: date
    currency: str
    rate: Decimal
    lines: list[OrderLine]
    salesperson: str
    shipping: str
    freight: Decimal = ZERO
    prepaid: Decimal = ZERO
    forced_status: str | None = None  # draft, on_hold, cancelled
    hold_reason: str | None = None
    cancelled_on: date | None = None
    po_number: str | None = None
    quote_ref: str | None = None
    origin: str = "phone"
    note: str = ""  # the truth: what was planted

    @property
    def net(self) -> Decimal:
        return sum((line.net(line.quantity) for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((line.tax(line.quantity) for line in self.lines), ZERO)

    @property
    def status(self) -> str:
        if self.forced_status:
            return self.forced_status
        if all(line.closed_short or line.cancelled == line.quantity for line in self.lines):
            return "closed"
        if all(line.to_ship == 0 and line.to_bill == 0 for line in self.lines):
            return "invoiced"
        if all(line.to_ship == 0 for line in self.lines):
            return "shipped"
        return "part_shipped" if any(line.shipped for line in self.lines) else "released"


@dataclass
class Shipment:
    id: str
    order: Order
    on: date
    carrier: str
    tracking: str
    lines: list["ShipmentLine"]
    proof: datetime | None = None


@dataclass
class ShipmentLine:
    id: str
    line: OrderLine
    quantity: Decimal


@dataclass
class Return:
    id: str
    account: Account
    on: date
    reason: str
    order: Order
    line: OrderLine
    shipment_line: ShipmentLine
    quantity: Decimal
    credit: "Document | None" = None


@dataclass
class DocumentLine:
    id: str
    no: int
    item: Item
    quantity: Decimal
    price: Decimal | None
    discount_pct: Decimal
    net: Decimal
    base_net: Decimal
    tax: Decimal
    tax_code: str
    cost: Decimal
    order_line: OrderLine | None = None
    shipment_line: ShipmentLine | None = None


@dataclass
class Document:
    id: str
    no: str
    kind: str  # the contract's document type
    sign: int
    account: Account
    ordering: Account
    on: date
    due: date | None
    currency: str
    rate: Decimal
    amount: Decimal
    base: Decimal
    net: Decimal = ZERO
    tax: Decimal = ZERO
    freight: Decimal = ZERO
    posted_on: date | None = None
    lines: list[DocumentLine] = field(default_factory=list)
    order: Order | None = None
    status: str = "posted"
    voided_on: date | None = None
    reference: str | None = None
    instalments: list["Instalment"] = field(default_factory=list)
    open: Decimal = ZERO  # what is not allocated yet, over all dates
    base_open: Decimal = ZERO
    campaign: str | None = None
    contract: str | None = None
    changed: datetime | None = None


@dataclass
class Instalment:
    no: int
    due: date
    amount: Decimal
    base: Decimal


@dataclass
class Allocation:
    id: str
    debit: Document
    credit: Document
    on: date
    amount: Decimal
    credit_amount: Decimal
    base: Decimal
    fx_difference: Decimal
    discount: Decimal = ZERO
    reversed_on: date | None = None


@dataclass
class CreditProfile:
    account: Account
    valid_from: date
    limit: Decimal | None
    currency: str
    valid_to: date | None = None
    insured: Decimal | None = None
    insured_until: date | None = None
    on_hold: bool = False
    hold_reason: str | None = None
    hold_by: str | None = None
    hold_until: date | None = None
    rating: str = "B"
    last_review: date | None = None
    next_review: date | None = None
    bypass: bool = False
