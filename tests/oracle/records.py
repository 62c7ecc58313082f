"""What the extracts of both ledgers and the CRM say, in one shape, before any rule is applied.

Keys are `source/id`. Amounts are decimals of the document's currency unless the name says base.
Not here: reading (extracts.py, atlas.py, borealis.py) and what follows from the records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .front import Campaign, Case, Contract, Cost, Member, Opportunity


@dataclass(frozen=True)
class Entity:
    key: str
    base_currency: str
    fiscal_year_start_month: int


@dataclass(frozen=True)
class Account:
    key: str
    entity: str
    bill_to: str
    currency: str | None
    terms: str | None
    status: str
    territory: str | None
    salesperson: str | None


@dataclass(frozen=True)
class Profile:
    account: str
    valid_from: date
    valid_to: date | None
    limit: Decimal | None
    currency: str
    on_hold: bool
    hold_until: date | None
    next_review: date | None
    bypass: bool
    insured: Decimal | None
    insured_until: date | None


@dataclass(frozen=True)
class Terms:
    days: int
    basis: str


@dataclass(frozen=True)
class Document:
    key: str
    entity: str
    account: str
    ordering: str
    kind: str
    document_date: date
    posting_date: date | None
    due_date: date | None
    currency: str
    rate: Decimal
    sign: int
    amount: Decimal
    base: Decimal
    status: str
    net: Decimal | None = None
    tax: Decimal | None = None
    freight: Decimal | None = None
    order: str | None = None
    voided_on: date | None = None
    contract: str | None = None
    campaign: str | None = None
    salesperson: str | None = None

    @property
    def starts(self) -> date:
        """A document exists from its posting date, its document date where none is stated."""
        return self.posting_date or self.document_date

    def exists(self, day: date) -> bool:
        if self.status == "draft" or self.starts > day:
            return False
        return self.status == "posted" or (self.voided_on is not None and day < self.voided_on)

    @property
    def is_debit(self) -> bool:
        """A negative credit note stands where a debit stands; without an amount the side says."""
        return (self.sign * self.amount or self.sign) > 0

    @property
    def size(self) -> Decimal:
        return abs(self.amount)

    @property
    def base_size(self) -> Decimal:
        """In base currency, counted in the direction the document stands in."""
        return self.sign * self.base * (1 if self.is_debit else -1)


@dataclass(frozen=True)
class DocumentLine:
    document: str
    quantity: Decimal
    net: Decimal | None
    order_line: str | None
    key: str
    item: str | None
    price: Decimal | None
    discount: Decimal
    cost: Decimal | None
    base: Decimal | None


@dataclass(frozen=True)
class Item:
    code: str
    group: str | None
    unit: str
    is_active: bool


@dataclass(frozen=True)
class Instalment:
    document: str
    number: int
    due_date: date
    amount: Decimal
    base: Decimal


@dataclass(frozen=True)
class Allocation:
    key: str
    debit: str
    credit: str
    date: date
    amount: Decimal
    credit_amount: Decimal
    base: Decimal
    reversed_on: date | None


@dataclass(frozen=True)
class Dispute:
    document: str
    amount: Decimal
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class Promise:
    document: str
    made_on: date
    day: date
    kept: bool


@dataclass(frozen=True)
class Letter:
    account: str
    level: int
    sent_on: date
    documents: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    key: str
    entity: str
    account: str
    bill_to: str | None
    order_date: date
    requested: date | None
    promised: date | None
    status: str
    currency: str
    rate: Decimal
    total: Decimal | None
    prepaid: Decimal | None
    cancelled_on: date | None
    quote: str | None = None


@dataclass(frozen=True)
class OrderLine:
    key: str
    order: str
    kind: str
    ordered: Decimal
    cancelled: Decimal
    cancelled_on: date | None
    net: Decimal | None
    tax: Decimal | None
    promised: date | None
    closed_short: bool
    item: str | None
    number: int


@dataclass(frozen=True)
class Movement:
    """Goods that left (a shipment line)."""

    key: str
    order_line: str | None
    day: date
    quantity: Decimal
    item: str
    shipment: Shipment


@dataclass(frozen=True)
class Shipment:
    number: str
    account: str
    day: date
    carrier: str | None
    tracking: str | None


@dataclass(frozen=True)
class Return:
    key: str
    account: str
    day: date
    quantity: Decimal
    value: Decimal
    order: str | None
    shipment_line: str | None
    credit_document: str | None
    number: str
    reason: str | None
    item: str


@dataclass(frozen=True)
class FrontOrder:
    """A CRM order or quote."""

    key: str
    kind: str
    company: str
    status: str
    currency: str
    day: date
    requested: date | None
    valid_until: date | None
    net: Decimal | None
    total: Decimal | None
    quote: str | None
    erp_order_ref: str | None
    lines: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class ControlBalance:
    entity: str
    control_account: str
    currency: str
    day: date
    balance: Decimal
    base: Decimal


@dataclass
class World:
    """Everything that was accepted, and what was not: (file, key, reason)."""

    entities: dict[str, Entity] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    control_accounts: dict[str, str] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    terms: dict[tuple[str, str], Terms] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    document_lines: list[DocumentLine] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    instalments: list[Instalment] = field(default_factory=list)
    allocations: list[Allocation] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    order_lines: dict[str, OrderLine] = field(default_factory=dict)
    shipments: dict[str, Movement] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)
    front_orders: dict[str, FrontOrder] = field(default_factory=dict)
    rates: dict[tuple[str, str], list[tuple[date, Decimal]]] = field(default_factory=dict)
    periods: dict[str, list[tuple[date, date, int]]] = field(default_factory=dict)
    control_balances: list[ControlBalance] = field(default_factory=list)
    stock: dict[str, Decimal] = field(default_factory=dict)
    labels: dict[tuple[str, str, str], str] = field(default_factory=dict)
    rules: list[dict[str, str]] = field(default_factory=list)
    dunning: list[dict[str, str]] = field(default_factory=list)
    segment_bands: list[dict[str, str]] = field(default_factory=list)
    segment_rules: list[dict[str, str]] = field(default_factory=list)
    limits: list[dict[str, str]] = field(default_factory=list)
    groups: list[dict[str, str]] = field(default_factory=list)
    ageing_profiles: list[dict[str, str]] = field(default_factory=list)
    counted_terms: set[str] = field(default_factory=set)
    contracts: list[Contract] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    merged_into: dict[str, str | None] = field(default_factory=dict)
    company_owner: dict[str, str | None] = field(default_factory=dict)
    rejected: list[tuple[str, str, str]] = field(default_factory=list)
