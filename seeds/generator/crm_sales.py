"""Opportunities, quotes and CRM orders.

Quotes that were won are made from real orders of the ledgers, so that both sides tell the same
story; those that never reached a ledger are planted.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from .catalogue import PRICE_LISTS, SHIPPING, TAX, TERMS, Shared, list_price
from .companies import World
from .crm_service import CAMPAIGNS
from .ledger import Ledger
from .model import AS_OF, ZERO, Account, Company, Item, Order, cents

UNMAPPED_DELIVERY = "Courier bike"
_UOM = {"PCS": "pcs", "M": "metre", "HUR": "hour"}
_STAGES = ("Qualified", "Proposal", "Negotiation", "Won", "Lost")


@dataclass
class Line:
    item: str
    text: str
    quantity: Decimal
    unit: str
    price: Decimal
    discount: Decimal
    tax: str
    net: Decimal


@dataclass
class Paper:
    """A quote or a CRM order: the two have the same shape."""

    id: str
    company: Company
    status: str
    created: datetime
    currency: str
    price_list: str
    terms: str
    delivery: str
    rep: str
    lines: list[Line]
    tax_pct: Decimal
    valid_until: date | None = None
    requested: date | None = None
    po: str | None = None
    quote: "Paper | None" = None
    opportunity: str | None = None
    erp_order: Order | None = None  # what answered it
    erp_ref: Order | None = None  # the same, where the CRM knows of it
    note: str = ""

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), ZERO)

    @property
    def tax(self) -> Decimal:
        return cents(self.net * self.tax_pct / 100)


@dataclass
class Sales:
    seed: int
    world: World
    ledgers: list[Ledger]
    items: list[Item]
    quotes: list[Paper] = field(default_factory=list)
    orders: list[Paper] = field(default_factory=list)
    opportunities: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = Random(f"{self.seed}:sales")
        self.goods = [i for i in self.items if i.status == "active" and not i.is_service]
        self.accounts = [
            a for ledger in self.ledgers for a in ledger.accounts
            if a.company and a.plan == "ordinary" and a.evidence in ("reference", "VAT")
            and not a.bill_to
        ]  # fmt: skip

    def run(self) -> None:
        self._opportunities()
        self._answered()
        self._not_won()
        self._waiting()
        self.quotes.sort(key=lambda q: q.created)
        for place, quote in enumerate(self.quotes):
            quote.id = f"Q{60_001 + place}"
        self.orders.sort(key=lambda o: o.created)
        for place, order in enumerate(self.orders):
            order.id = f"S{30_001 + place}"
        for quote in self.quotes:
            if quote.erp_order:
                quote.erp_order.quote_ref = quote.id

    def _opportunities(self) -> None:
        rng = self.rng
        live = [c for c in self.world.companies if not c.duplicate_of]
        for number in range(330):
            company = rng.choice(live)
            created = datetime(2024, 2, 1, 9) + timedelta(days=rng.randint(0, 870))
            closes = created.date() + timedelta(days=rng.randint(20, 200))
            past = closes <= date(2026, 7, 1)
            stage = rng.choice(_STAGES[3:]) if past else rng.choice(_STAGES[:3])
            self.opportunities.append(
                {
                    "OppRef": f"O{40_001 + number}",
                    "AccountRef": company.id,
                    "Topic": f"{rng.choice(self.goods).name} for {company.address.city}",
                    "Stage": stage,
                    "Amount": Decimal(rng.randint(8, 900) * 100),
                    "Currency": "GBP" if company.address.country == "GB" else "EUR",
                    "CloseDate": closes,
                    "CampaignRef": _campaign(created.date(), rng),
                    "OwnerRef": company.owner,
                    "CreatedAt": created,
                }
            )

    def _answered(self) -> None:
        """Won quotes and CRM orders with their ERP order; some known to one side only."""
        rng = self.rng
        answered = [
            (ledger, order)
            for ledger in self.ledgers
            for order in ledger.orders
            if order.account.company and not order.note and order.lines[0].price is not None
        ]
        for place, (ledger, order) in enumerate(rng.sample(answered, 150)):
            quote = self._from_order(ledger, order)
            quote.erp_order = order
            quote.erp_ref = None if place % 25 == 0 else order
            quote.status = "Accepted" if place % 25 == 0 else "Ordered"
            quote.note = "answered, known to the ERP only" if place % 25 == 0 else ""
            self.quotes.append(quote)
            order.origin = "quote"
            if place % 3 == 1:
                copy = self._from_order(ledger, order)
                copy.created = quote.created + timedelta(days=2)
                copy.quote, copy.status = quote, "Handed over"
                copy.erp_ref = copy.erp_order = order
                self.orders.append(copy)

    def _from_order(self, ledger: Ledger, order: Order) -> Paper:
        lines = [
            Line(
                line.item.code, line.item.name, line.quantity, _UOM[line.item.uom],
                line.price or ZERO, line.discount_pct, _tax_word(line.tax_pct),
                line.net(line.quantity),
            )
            for line in order.lines
        ]  # fmt: skip
        paper = self._paper(ledger.name, order.account, order.date - timedelta(days=4), lines)
        paper.currency, paper.requested, paper.po = order.currency, order.requested, order.po_number
        return paper

    def _paper(self, ledger: str, account: Account, on: date, lines: list[Line]) -> Paper:
        def word(values: tuple[Shared, ...], code: str) -> str:
            return next(value.crm for value in values if value.code(ledger) == code)

        return Paper(
            id="",
            company=account.company,
            status="",
            created=datetime.combine(on, time(8 + self.rng.randint(0, 9), self.rng.randint(0, 59))),
            currency=account.currency,
            price_list=word(PRICE_LISTS, account.price_list),
            terms=word(TERMS, account.terms),
            delivery=word(SHIPPING, account.shipping),
            rep=account.company.owner,
            lines=lines,
            tax_pct=TAX[account.entity][account.tax_code],
            valid_until=on + timedelta(days=60),
        )

    def _invented(self, status: str, note: str = "", ago: int | None = None) -> Paper:
        rng = self.rng
        account = rng.choice(self.accounts)
        lines = [self._line(account, item) for item in rng.sample(self.goods, rng.randint(1, 4))]
        on = AS_OF - timedelta(days=rng.randint(4, 800) if ago is None else ago)
        paper = self._paper(account.ledger, account, on, lines)
        paper.status, paper.note = status, note
        return paper

    def _line(self, account: Account, item: Item) -> Line:
        quantity = Decimal(self.rng.choice((1, 2, 4, 10)))
        price = list_price(item, account.currency, account.price_list)
        word = _tax_word(TAX[account.entity][account.tax_code])
        net = cents(quantity * price)
        return Line(item.code, item.name, quantity, _UOM[item.uom], price, ZERO, word, net)

    def _not_won(self) -> None:
        rng = self.rng
        for status, count in (("Draft", 22), ("Sent", 36), ("Rejected", 45)):
            for _ in range(count):
                ago = None if status == "Rejected" else rng.randint(0, 55)
                paper = self._invented(status, ago=ago)
                paper.opportunity = str(rng.choice(self.opportunities)["OppRef"])
                if status == "Sent" and rng.random() < 0.3:
                    paper.valid_until = paper.created.date() + timedelta(days=14)
                self.quotes.append(paper)

    def _waiting(self) -> None:
        """Accepted, but no ledger has an order for it."""
        for place in range(8):
            quote = self._invented("Accepted", "not handed over", ago=1 + 4 * place)
            quote.requested = quote.created.date() + timedelta(days=21)
            self.quotes.append(quote)
        for place in range(7):
            order = self._invented("Open", "not handed over", ago=2 + 3 * place)
            order.requested = order.created.date() + timedelta(days=14)
            self.orders.append(order)
        for place in range(2):
            quote = self._invented("Accepted", "its CRM order is not handed over", ago=6 + place)
            self.quotes.append(quote)
            order = Paper(**{**vars(quote), "quote": quote, "status": "Open"})
            order.note = "not handed over, from an accepted quote"
            self.orders.append(order)
        for place in range(3):
            quote = self._invented("Accepted", "list mismatch: delivery", ago=5 + place)
            quote.delivery = UNMAPPED_DELIVERY
            self.quotes.append(quote)
        quote = self._invented("Accepted", "list mismatch: item", ago=3)
        quote.lines[0].item = "PUMP-CP99"
        self.quotes.append(quote)
        prospects = [c for c in self.world.companies if c.is_prospect and not c.duplicate_of]
        for place in range(3):
            quote = self._invented("Accepted", "the company has no account", ago=7 + 2 * place)
            quote.company = prospects[4 + 11 * place]
            self.quotes.append(quote)
        self.orders.append(self._invented("Cancelled", "cancelled in the CRM", ago=30))

    def rows(self, papers: list[Paper], kind: str) -> list[dict[str, object]]:
        return [self._row(paper, kind) for paper in papers]

    def _row(self, paper: Paper, kind: str) -> dict[str, object]:
        address = paper.company.address
        head: dict[str, object] = {
            f"{kind}Ref": paper.id,
            f"{kind}No": f"{kind[0]}-{paper.created.year}-{paper.id[1:]}",
            "AccountRef": paper.company.id,
            "Status": paper.status,
        }
        if kind == "Quote":
            head |= {"OppRef": paper.opportunity, "ValidUntil": paper.valid_until}
        else:
            head |= {
                "QuoteRef": paper.quote.id if paper.quote else None,
                "OrderDate": paper.created.date(),
                "RequestedDate": paper.requested,
            }
        return head | {
            "Currency": paper.currency,
            "PriceList": paper.price_list,
            "PaymentTerms": paper.terms,
            "Delivery": paper.delivery,
            "SalesRep": paper.rep,
            "CustomerPo": paper.po,
            "ShipStreet": address.line1,
            "ShipTown": address.city,
            "ShipPostalCode": address.postcode,
            "ShipCountry": address.country,
            "Net": paper.net,
            "Tax": paper.tax,
            "Total": paper.net + paper.tax,
            "BackOfficeOrder": paper.erp_ref.id if paper.erp_ref else None,
            "CreatedAt": paper.created,
        }

    def line_rows(self, papers: list[Paper], kind: str) -> list[dict[str, object]]:
        return [
            {
                "LineRef": f"{paper.id}-{number}",
                f"{kind}Ref": paper.id,
                "Position": number,
                "Item": line.item,
                "Text": line.text,
                "Quantity": line.quantity,
                "Unit": line.unit,
                "UnitPrice": line.price,
                "DiscountPct": line.discount,
                "TaxCode": line.tax,
                "NetAmount": line.net,
            }
            for paper in papers
            for number, line in enumerate(paper.lines, start=1)
        ]


def _campaign(on: date, rng: Random) -> str | None:
    """The newest campaign of the three months before, for every third opportunity."""
    recent = [
        f"E{7001 + number}"
        for number, (_, _, start, _, _) in enumerate(CAMPAIGNS)
        if 0 <= (on - start).days <= 90
    ]
    return recent[-1] if recent and rng.random() < 0.34 else None


def _tax_word(percent: Decimal) -> str:
    return "Standard rate" if percent else "Zero rate"
