"""Items, prices, terms and shared lists of a ledger as plain named values."""

from collections.abc import Iterable, Iterator

from .catalogue import (
    CURRENCIES,
    KEY_ACCOUNT_DISCOUNT,
    LEFT_THE_FIRM,
    PRICE_LISTS,
    SALESPEOPLE,
    SHIPPING,
    TAX,
    TERMS,
    TERRITORIES,
    UOMS,
    list_price,
)
from .facts import Row
from .model import Item


def item(found: Item) -> Row:
    return {
        "code": found.code,
        "name": found.name,
        "group": found.group,
        "uom": found.uom,
        "is_stock": not found.is_service,
        "is_service": found.is_service,
        "is_active": found.status == "active",
        "price": found.price,
        "cost": found.cost,
    }


def prices(items: Iterable[Item], ledger: str, currencies: Iterable[str]) -> Iterator[Row]:
    for found in items:
        for currency in currencies:
            for shared in PRICE_LISTS:
                code = shared.code(ledger)
                yield {
                    "list": code,
                    "item": found.code,
                    "currency": currency,
                    "price": list_price(found, currency, code),
                    "discount_pct": KEY_ACCOUNT_DISCOUNT if shared is PRICE_LISTS[1] else None,
                }


def terms(ledger: str) -> Iterator[Row]:
    for found in TERMS:
        yield {
            "code": found.code(ledger),
            "label": found.label,
            "days": found.days,
            "basis": found.basis,
            "discount_pct": found.discount_pct,
            "discount_days": found.discount_days,
        }


def list_values(ledger: str) -> Iterator[Row]:
    """The shared lists a ledger keeps in its code table; terms and items are files of their own."""

    def value(kind: str, code: str, label: str, active: bool = True) -> Row:
        return {"list": kind, "code": code, "label": label, "active": active}

    for person in SALESPEOPLE:
        yield value("salesperson", person.code(ledger), person.label)
    yield value("salesperson", LEFT_THE_FIRM.code(ledger), LEFT_THE_FIRM.label, active=False)
    for kind, shared in (("shipping_method", SHIPPING), ("price_list", PRICE_LISTS)):
        for found in shared:
            yield value(kind, found.code(ledger), found.label)
    for code, label in UOMS:
        yield value("uom", code, label)
    for currency in CURRENCIES:
        yield value("currency", currency, currency)
    for territory in TERRITORIES:
        yield value("territory", territory, territory.title())


def taxes(entities: Iterable[str]) -> Iterator[Row]:
    for entity in entities:
        for code, percent in TAX[entity].items():
            yield {"entity": entity, "code": code, "percent": percent}
