"""VAT and registration numbers in one spelling, only where their check digits hold.

Not here: telephone numbers (reach).
"""

from functools import lru_cache

from stdnum import exceptions as stdnum_exceptions
from stdnum import get_cc_module

# National registers whose numbers carry check digits, by country, as python-stdnum names them.
REGISTRATION_NUMBERS = {
    "BE": "vat", "CH": "uid", "CZ": "dic", "DK": "cvr", "EE": "registrikood",
    "ES": "cif", "FI": "ytunnus", "FR": "siren", "GR": "vat", "HR": "oib", "HU": "anum",
    "IT": "iva", "LT": "pvm", "LV": "pvn", "NO": "orgnr", "PL": "regon", "PT": "nif",
    "RO": "cui", "SE": "orgnr", "SI": "ddv",
}
# The prefix a VAT number is written with, where it is not the country's own code.
VAT_PREFIX = {"GR": "EL"}


@lru_cache(maxsize=200_000)
def vat_id(number: str | None, country: str | None) -> tuple[str | None, str]:
    """A VAT number with its country prefix if its check digits hold, and its status.

    Status: valid, invalid (check digits or form), absent. The country is the number's own prefix,
    else `country` (ISO 3166-1 alpha-2); a number of no known country is invalid.
    """
    text = "".join(c for c in (number or "").upper() if c.isalnum())
    if not text:
        return None, "absent"
    prefixed = {"EL": "GR"}.get(text[:2], text[:2]) if text[:2].isalpha() else None
    for home in dict.fromkeys(c for c in (prefixed, country) if c):
        module = get_cc_module(home, "vat")
        if module is None:
            continue
        try:
            bare = module.validate(text)
        except stdnum_exceptions.ValidationError:
            continue
        prefix = VAT_PREFIX.get(home, home)
        return (bare if bare.startswith(prefix) else prefix + bare), "valid"
    return None, "invalid"


@lru_cache(maxsize=200_000)
def registration_id(number: str | None, country: str | None) -> tuple[str | None, str]:
    """A registration number with its country if its check digits hold, and its status.

    Status: valid, invalid, unverifiable (the country's numbers carry no check digits, or the
    country is not known), absent. Only valid numbers are evidence.
    """
    text = "".join(c for c in (number or "").upper() if c.isalnum())
    if not text:
        return None, "absent"
    name = REGISTRATION_NUMBERS.get(country or "")
    module = get_cc_module(country, name) if country and name else None
    if module is None:
        return None, "unverifiable"
    try:
        return f"{country}{module.validate(text)}", "valid"
    except stdnum_exceptions.ValidationError:
        return None, "invalid"
