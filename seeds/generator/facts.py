"""Every record of a ledger as plain named values, before a system renames and formats them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from .ledger import Ledger
from .mishaps import Dispute, Letter, Promise
from .model import (
    AS_OF,
    Account,
    Allocation,
    CreditProfile,
    Document,
    Instalment,
    Order,
    Return,
    Shipment,
    cents,
)

Row = dict[str, object]
# a column's new name, or its new name and the words the system uses for our values
Renaming = Mapping[str, str | tuple[str, Mapping[object, object]]]


def renamed(rows: Iterable[Row], columns: Renaming) -> Iterator[Row]:
    """Columns are given as {the system's header: our name}."""
    for row in rows:
        result: Row = {}
        for header, name in columns.items():
            if isinstance(name, tuple):
                value = row[name[0]]
                result[header] = name[1].get(value, value)
            else:
                result[header] = row[name]
        yield result


def account(found: Account, base: str) -> Row:
    address = found.address
    return {
        "id": found.id,
        "entity": found.entity,
        "code": found.code,
        "name": found.name,
        "legal_name": found.legal_name,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "postcode": address.postcode,
        "country": address.country,
        "phone": found.phone,
        "email": found.email,
        "website": found.website,
        "vat": found.vat,
        "registration": found.registration,
        "bill_to": found.bill_to.code if found.bill_to else found.unknown_bill_to,
        "parent": found.parent.code if found.parent else None,
        "terms": found.terms,
        "currency": None if found.currency == base else found.currency,
        "price_list": found.price_list,
        "tax_code": found.tax_code,
        "salesperson": found.salesperson,
        "shipping": found.shipping,
        "territory": found.territory,
        "group": {"L": "KEY", "M": "REG", "S": "SMALL"}[found.size],
        "control": found.control,
        "status": found.status,
        "opened": found.opened,
        "crm_reference": found.crm_reference,
    }


def profile(found: CreditProfile) -> Row:
    return {
        "account": found.account.code,
        "entity": found.account.entity,
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "limit": found.limit,
        "currency": found.currency,
        "insured": found.insured,
        "insured_until": found.insured_until,
        "on_hold": found.on_hold,
        "hold_reason": found.hold_reason,
        "hold_by": found.hold_by,
        "hold_until": found.hold_until,
        "rating": found.rating,
        "last_review": found.last_review,
        "next_review": found.next_review,
        "bypass": found.bypass,
    }


def document(found: Document) -> Row:
    signed = found.sign
    is_void = found.status == "void"
    return {
        "id": found.id,
        "no": found.no,
        "kind": found.kind,
        "entity": found.account.entity,
        "account": found.account.code,
        "ordering": found.ordering.code,
        "on": found.on,
        "posted_on": found.posted_on,
        "due": found.due,
        "currency": found.currency,
        "rate": found.rate,
        "sign": signed,
        "amount": found.amount,
        "base": found.base,
        "net": found.net,
        "tax": found.tax,
        "freight": found.freight,
        "signed_amount": signed * found.amount,
        "signed_base": signed * found.base,
        "signed_net": signed * found.net if found.lines else None,
        "signed_tax": signed * found.tax if found.lines else None,
        "signed_open": Decimal("0.00") if is_void else signed * found.open,
        "order": found.order.id if found.order else None,
        "reference": found.reference,
        "salesperson": found.ordering.salesperson,
        "status": found.status,
        "is_void": is_void,
        "voided_on": found.voided_on,
        "campaign": found.campaign,
        "contract": found.contract,
    }


def document_lines(documents: Iterable[Document]) -> Iterator[Row]:
    for parent in documents:
        for line in parent.lines:
            yield {
                "id": line.id,
                "document": parent.no,
                "no": line.no,
                "item": line.item.code,
                "text": line.item.name,
                "quantity": line.quantity,
                "price": line.price,
                "discount_pct": line.discount_pct,
                "net": line.net,
                "base_net": line.base_net,
                "tax": line.tax,
                "tax_code": line.tax_code,
                "cost": line.cost,
                "order_line": line.order_line.id if line.order_line else None,
                "shipment_line": line.shipment_line.id if line.shipment_line else None,
            }


def instalment(parent: Document, found: Instalment) -> Row:
    return {
        "document": parent.no,
        "no": found.no,
        "due": found.due,
        "amount": found.amount,
        "base": found.base,
    }


def allocation(found: Allocation) -> Row:
    return {
        "id": found.id,
        "debit": found.debit.id,
        "credit": found.credit.id,
        "on": found.on,
        "amount": found.amount,
        "credit_amount": found.credit_amount,
        "base": found.base,
        "fx_difference": found.fx_difference,
        "discount": found.discount,
        "reversed_on": found.reversed_on,
    }


def order(found: Order) -> Row:
    promised = max(line.promised for line in found.lines)
    return {
        "id": found.id,
        "entity": found.account.entity,
        "account": found.account.code,
        "bill_to": found.account.bill_to.code if found.account.bill_to else None,
        "on": found.date,
        "requested": found.requested,
        "promised": promised,
        "status": found.status,
        "hold_reason": found.hold_reason,
        "currency": found.currency,
        "rate": found.rate,
        "net": found.net,
        "tax": found.tax,
        "freight": found.freight,
        "total": found.net + found.tax + found.freight,
        "prepaid": found.prepaid or None,
        "cancelled_on": found.cancelled_on,
        "salesperson": found.salesperson,
        "shipping": found.shipping,
        "po": found.po_number,
        "quote": found.quote_ref,
        "origin": found.origin,
    }


def order_lines(orders: Iterable[Order]) -> Iterator[Row]:
    for parent in orders:
        for line in parent.lines:
            priced = line.price is not None
            yield {
                "id": line.id,
                "order": parent.id,
                "no": line.no,
                "item": line.item.code,
                "text": line.item.name,
                "uom": line.item.uom,
                "ordered": line.quantity,
                "shipped": line.shipped,
                "invoiced": line.invoiced,
                "returned": line.returned,
                "cancelled": line.cancelled,
                "cancelled_on": line.cancelled_on,
                "price": line.price,
                "discount_pct": line.discount_pct,
                "net": line.net(line.quantity) if priced else None,
                "tax": line.tax(line.quantity) if priced else None,
                "promised": line.promised,
                "fulfilment": line.fulfilment,
                "closed_short": line.closed_short,
            }


def shipment(found: Shipment) -> Row:
    account_, address = found.order.account, found.order.account.address
    return {
        "id": found.id,
        "order": found.order.id,
        "entity": account_.entity,
        "account": account_.code,
        "on": found.on,
        "carrier": found.carrier,
        "tracking": found.tracking,
        "line1": address.line1,
        "city": address.city,
        "postcode": address.postcode,
        "country": address.country,
        "proof": found.proof if found.proof and found.proof.date() <= AS_OF else None,
    }


def shipment_lines(shipments: Iterable[Shipment]) -> Iterator[Row]:
    for parent in shipments:
        for line in parent.lines:
            yield {
                "id": line.id,
                "shipment": parent.id,
                "order_line": line.line.id,
                "item": line.line.item.code,
                "quantity": line.quantity,
            }


def returned(found: Return) -> Row:
    return {
        "id": found.id,
        "entity": found.account.entity,
        "account": found.account.code,
        "on": found.on,
        "reason": found.reason,
        "order": found.order.id,
        "credit": found.credit.id if found.credit else None,
        "line": f"{found.id}-1",
        "item": found.line.item.code,
        "quantity": found.quantity,
        "value": found.line.net(found.quantity) + found.line.tax(found.quantity),
        "shipment_line": found.shipment_line.id,
    }


def dispute(number: int, found: Dispute) -> Row:
    return {
        "id": f"DSP{100 + number}",
        "document": found.document.id,
        "amount": found.amount,
        "reason": found.reason,
        "opened": found.opened,
        "closed": found.closed,
        "owner": found.owner,
    }


def promise(number: int, found: Promise) -> Row:
    return {
        "id": f"PRM{100 + number}",
        "entity": found.account.entity,
        "account": found.account.code,
        "document": found.document.id if found.document else None,
        "made_on": found.made_on,
        "due": found.due,
        "amount": found.amount,
        "kept": found.kept,
    }


def letter(number: int, found: Letter) -> Row:
    return {
        "id": f"LTR{100 + number}",
        "entity": found.account.entity,
        "account": found.account.code,
        "level": found.level,
        "sent_on": found.sent_on,
        "channel": "letter" if found.level == 3 else "email",
        "ref": f"{found.account.code}/{found.sent_on:%y%m%d}/{found.level}",
        "documents": ";".join(document.id for document in found.documents),
        "fee": found.fee,
        "state": found.state,
    }


def control_balances(ledger: Ledger) -> Iterator[Row]:
    """What the general ledger says on each month end of the last half year."""
    for on in (*_MONTH_ENDS, AS_OF):
        for (entity, control, currency), (balance, base) in sorted(
            ledger.control_balances(on).items()
        ):
            yield {
                "entity": entity,
                "control": control,
                "currency": currency,
                "on": on,
                "balance": cents(balance),
                "base": cents(base),
            }


_MONTH_ENDS = tuple(AS_OF.replace(month=m, day=d) for m, d in ((3, 31), (4, 30), (5, 31)))
