"""Amounts, days and addresses as the habits of a language have them. No float anywhere.

Not here: words (wording).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

from ..errors import ConfigurationError

# Where the postcode stands behind the town, in whatever language the letter is.
TOWN_FIRST = frozenset(("AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"))
UNBREAKABLE = "\u00a0"


@dataclass(frozen=True)
class Formats:
    """How a language, with a country's habits where they are stated, writes figures."""

    locale: Locale

    @classmethod
    def of(cls, language: str) -> "Formats":
        """Of `de` or `de_CH`. Raises ConfigurationError for a language nobody knows."""
        try:
            return cls(Locale.parse(language))
        except (UnknownLocaleError, ValueError):
            raise ConfigurationError(
                f"letters: {language!r} is no known language; write `de`, or `de_CH` for a "
                "country's own habits") from None

    def number(self, value: Decimal, currency: str) -> str:
        """An amount without its currency: as many places as the currency has, more where the
        amount has more, so that nothing is rounded on paper."""
        places = max(get_currency_precision(currency),
                     -int(value.normalize().as_tuple().exponent))
        return format_decimal(value, format="#,##0" + ("." + "0" * places) * (places > 0),
                              locale=self.locale)

    def amount(self, value: Decimal | None, currency: str) -> str:
        """An amount with its currency; zero and nothing are empty, so that a text can ask."""
        return f"{self.number(value, currency)}{UNBREAKABLE}{currency}" if value else ""

    def day(self, value: date | None) -> str:
        """A day as it stands in a table."""
        return format_date(value, "medium", locale=self.locale) if value else ""

    def long_day(self, value: date | None) -> str:
        """A day as it stands in a sentence."""
        return format_date(value, "long", locale=self.locale) if value else ""

    def country(self, code: str) -> str:
        """The name of a country, its code where it has none."""
        return str(self.locale.territories.get(code, code))


def address(row: Mapping[str, Any], *, attention: str, country: str) -> list[str]:
    """The lines of an address block; `country` is empty where it is not written."""
    town_first = row["country_code"] in TOWN_FIRST
    parts = ((row["city"], row["region"], row["postcode"]) if town_first
             else (row["postcode"], row["city"]))
    return _stated([row["addressee"], attention, row["address_line1"], row["address_line2"],
                    " ".join(_stated(parts)), country])


def _stated(texts: Iterable[str | None]) -> list[str]:
    return [text.strip() for text in texts if text and text.strip()]
