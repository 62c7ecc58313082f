"""Features of companies and accounts by which they can be told to be the same organisation.

Here: VAT and registration numbers in one spelling, only where their check digits hold. dbt decides
the links. Not here: which record belongs to which customer (dbt/models/intermediate/identity).
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
from stdnum import exceptions as stdnum_exceptions
from stdnum import get_cc_module

from . import engine
from .casting import literal
from .store import Store, digest

# National registers whose numbers carry check digits, by country, as python-stdnum names them.
REGISTRATION_NUMBERS = {
    "BE": "vat", "CH": "uid", "CZ": "dic", "DK": "cvr", "EE": "registrikood",
    "ES": "cif", "FI": "ytunnus", "FR": "siren", "GR": "vat", "HR": "oib", "HU": "anum",
    "IT": "iva", "LT": "pvm", "LV": "pvn", "NO": "orgnr", "PL": "regon", "PT": "nif",
    "RO": "cui", "SE": "orgnr", "SI": "ddv",
}
# The prefix a VAT number is written with, where it is not the country's own code.
VAT_PREFIX = {"GR": "EL"}
SCHEMA = pa.schema([(name, pa.string()) for name in (
    "side", "source", "record_id", "vat_id", "registration_id", "vat_status",
    "registration_status")])
# Rows that are Python objects at a time: 200,000 would take a quarter of a gigabyte.
BATCH_ROWS = 10_000
# Another way of writing features down: other files.
FEATURES_VERSION = 1


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


def _features(side: str, source: str, record: str, vat: str | None, registration: str | None,
              country: str | None) -> dict[str, str | None]:
    vat_number, vat_status = vat_id(vat, country)
    register_number, register_status = registration_id(registration, country)
    return {"side": side, "source": source, "record_id": record, "vat_id": vat_number,
            "registration_id": register_number, "vat_status": vat_status,
            "registration_status": register_status}


def write_features(store: Store, companies: Iterable[Path], accounts: Iterable[Path]) -> Path:
    """Features of every company and account, one row each, as Parquet addressed by its input."""
    sides = {"company": sorted(companies), "account": sorted(accounts)}
    # Accepted files are addressed by what they were made from, so their folders' names say it all.
    address = digest(FEATURES_VERSION, [str(p.parent.relative_to(store.accepted))
                                        for paths in sides.values() for p in paths])[:16]
    target = store.features / f"{address}.parquet"
    if target.exists():
        return target
    partial = target.with_suffix(".partial")
    with engine.connect() as con:
        con.register("empty", SCHEMA.empty_table())
        con.execute("create table feature as from empty")
        for side, paths in sides.items():
            for path in paths:
                found = con.cursor().execute(
                    f"select source, {side}_id, vat_number, registration_number, country_code "
                    f"from read_parquet({literal(str(path))})")
                while rows := found.fetchmany(BATCH_ROWS):
                    features = pa.Table.from_pylist(
                        [_features(side, *row) for row in rows], schema=SCHEMA)
                    con.register("features", features)
                    con.execute("insert into feature from features")
                    con.unregister("features")
        con.execute(f"copy (from feature order by side, source, record_id) "
                    f"to {literal(str(partial))} (format parquet, compression zstd)")
    partial.replace(target)
    return target
