"""Exchange rates of the demo: one fixing a month per currency, drifting from a starting rate."""

from datetime import date
from decimal import Decimal
from random import Random

# units of EUR for one unit, at the start of the history
_START = {"GBP": "1.1620", "USD": "0.9240", "SEK": "0.0878", "NOK": "0.0861"}
_STEP = Decimal("0.000001")


class Rates:
    def __init__(self, seed: int) -> None:
        rng = Random(f"{seed}:rates")
        self._to_eur: dict[str, dict[date, Decimal]] = {}
        self.fixings = [
            date(year, month, 1)
            for year in (2024, 2025, 2026)
            for month in range(1, 13)
            if (year, month) <= (2026, 7)
        ]
        for currency, start in _START.items():
            rate, series = Decimal(start), {}
            for day in self.fixings:
                series[day] = rate.quantize(_STEP)
                rate *= 1 + Decimal(rng.randint(-130, 135)) / 10000
            self._to_eur[currency] = series

    def rate(self, source: str, target: str, day: date) -> Decimal:
        """Units of `target` for one unit of `source` at the fixing of that month."""
        if source == target:
            return Decimal(1)
        month = day.replace(day=1)
        value = self._eur(source, month) / self._eur(target, month)
        return value.quantize(_STEP)

    def _eur(self, currency: str, month: date) -> Decimal:
        return Decimal(1) if currency == "EUR" else self._to_eur[currency][month]
