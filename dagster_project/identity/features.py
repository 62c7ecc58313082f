"""What tells organisations apart, of every company and account, in one spelling each.

Grain: one row per record; one file for each accepted file of companies or accounts, addressed by
what it was made from, so that a source that changed does not touch another's.
Not here: what several records have in common (pairs), which of them are one customer (dbt).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa

from .. import engine
from ..casting import literal
from ..store import Store, digest, digest_tree
from . import names, numbers, places, reach

COLUMNS = (
    "side", "source", "record_id", "vat_id", "registration_id", "vat_status",
    "registration_status", "name_key", "legal_key", "country_code", "domains", "emails",
    "phone_ids", "postcode_key", "city_key", "street_key", "house_no", "entity_id",
    "account_code", "reference_words")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
# What spells and compares: another version of it writes other features.
LIBRARIES = ("python-stdnum", "phonenumbers", "cleanco", "publicsuffixlist", "splink")
SHARED_COLUMNS = ("name", "legal_name", "vat_number", "registration_number", "website", "email",
                  "phone", "address_line1", "address_line2", "city", "postcode", "country_code")
# Rows that are Python objects at a time: 200,000 would take a quarter of a gigabyte.
BATCH_ROWS = 10_000


@lru_cache(maxsize=1)
def room_version() -> str:
    """Digest of this room's code and data and of the libraries it stands on."""
    room = digest_tree(Path(__file__).parent, "*.py", "*.json", "*.yaml", "*.txt")
    return digest(room, [version(name) for name in LIBRARIES])


def write_features(store: Store, tables: Mapping[str, Sequence[Path]]) -> list[Path]:
    """Features of every company and account, one row each, as Parquet files.

    `tables`: accepted files by contract table. A company's mailboxes are its contacts' too.
    """
    # Accepted files are addressed by what they were made from, so their folders' names say it all.
    folders = {path: path.parent.relative_to(store.accepted)
               for paths in tables.values() for path in paths}
    written = []
    for side, table in (("account", "erp_account"), ("company", "crm_company")):
        for path in sorted(tables.get(table, ())):
            contacts = [c for c in sorted(tables.get("crm_contact", ()))
                        if side == "company" and folders[c].parts[0] == folders[path].parts[0]]
            address = digest(room_version(), [str(folders[p]) for p in (path, *contacts)])[:16]
            target = store.features / f"{address}.parquet"
            if not target.exists():
                _write(target, side, path, contacts)
            written.append(target)
    return written


def _write(target: Path, side: str, path: Path, contacts: Sequence[Path]) -> None:
    partial = target.with_suffix(".partial")
    with engine.connect() as con:
        con.register("empty", SCHEMA.empty_table())
        con.execute("create table feature as from empty")
        found = con.cursor().execute(_records(side, path, contacts))
        columns = [d[0] for d in found.description or ()]
        while rows := found.fetchmany(BATCH_ROWS):
            batch = pa.Table.from_pylist(
                [_features(side, dict(zip(columns, row, strict=True))) for row in rows],
                schema=SCHEMA)
            con.register("batch", batch)
            con.execute("insert into feature from batch")
            con.unregister("batch")
        con.execute(f"copy (from feature order by source, record_id) "
                    f"to {literal(str(partial))} (format parquet, compression zstd)")
    partial.replace(target)


def _records(side: str, path: Path, contacts: Sequence[Path]) -> str:
    """SQL over one accepted file: the columns that features are made of."""
    shared = ", ".join(f"r.{c}" for c in SHARED_COLUMNS)
    records = f"read_parquet({literal(str(path))}) r"
    if side == "account":
        return (f"select r.source, r.account_id as record_id, {shared}, null as domain, "
                f"null as contact_emails, r.entity_id, r.account_code, "
                f"r.crm_company_ref as reference from {records}")
    if not contacts:
        emails = "select null as company_id, null as emails where false"
    else:
        files = ", ".join(literal(str(c)) for c in contacts)
        emails = (f"select company_id, string_agg(distinct email, ';' order by email) as emails "
                  f"from read_parquet([{files}]) group by company_id")
    return (f"select r.source, r.company_id as record_id, {shared}, r.domain, "
            f"c.emails as contact_emails, null as entity_id, null as account_code, "
            f"r.erp_account_ref as reference from {records} "
            f"left join ({emails}) c on r.company_id = c.company_id")


def _features(side: str, record: Mapping[str, Any]) -> dict[str, str | None]:
    country = record["country_code"]
    vat_number, vat_status = numbers.vat_id(record["vat_number"], country)
    register_number, register_status = numbers.registration_id(
        record["registration_number"], country)
    name = names.name_key(record["name"], country, record["city"])
    legal = names.name_key(record["legal_name"], country, record["city"])
    mailboxes = reach.mailboxes(record["email"], record["contact_emails"])
    street, house = places.street(record["address_line1"], record["address_line2"])
    reference = {word.strip() for word in (record["reference"] or "").split(";")}
    return {
        "side": side, "source": record["source"], "record_id": record["record_id"],
        "vat_id": vat_number, "vat_status": vat_status, "registration_id": register_number,
        "registration_status": register_status, "name_key": name or legal,
        "legal_key": legal if legal != name else None, "country_code": country,
        "domains": _joined(reach.domains(record["website"], record["domain"], *mailboxes)),
        "emails": _joined(mailboxes),
        "phone_ids": _joined(reach.phone_ids(record["phone"], country)),
        "postcode_key": places.postcode_key(record["postcode"], country),
        "city_key": places.city_key(record["city"]), "street_key": street, "house_no": house,
        "entity_id": record["entity_id"], "account_code": record["account_code"],
        "reference_words": _joined(sorted(reference - {""}))}


def _joined(values: Sequence[str]) -> str | None:
    return ";".join(values) or None
