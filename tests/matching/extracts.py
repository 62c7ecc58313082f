"""The records as extracts that a configuration reads, and the truth beside them.

Not here: how good the matching is (measure).
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from .firms import world
from .records import Records, Row, records

DAY = "2026-06-30"
CONFIGURATION = """\
company: Labelled firms
reporting_currency: EUR
sources:
  - name: crm
    role: crm
    connection: {path: crm}
    load_date: {constant: 2026-06-30}
    extracts:
      companies: {files: companies.csv}
      contacts: {files: contacts.csv}
    tables:
      crm_company: {from: companies, columns: {COMPANY}}
      crm_contact: {from: contacts, columns: {company_id: company_id, contact_id: contact_id,
        email: email}}
  - name: erp
    role: erp
    settlement: none
    connection: {path: erp}
    load_date: {constant: 2026-06-30}
    extracts:
      customers: {files: customers.csv}
    tables:
      erp_entity:
        rows:
          - {entity_id: "1", name: One, base_currency: EUR, fiscal_year_start_month: 1}
          - {entity_id: "2", name: Two, base_currency: EUR, fiscal_year_start_month: 1}
      erp_account: {from: customers, columns: {ACCOUNT, account_type: {constant: open_item},
        status: {constant: active}}}
"""


def draw(seed: int, firms: int) -> Records:
    """Records of `firms` firms, the same for a seed."""
    return records(world(seed, firms), seed)


def write(folder: Path, made: Records) -> Path:
    """Extracts, truth.csv and their configuration in `folder`; the configuration's path."""
    _csv(folder / "crm" / "companies.csv", made.companies)
    _csv(folder / "crm" / "contacts.csv", made.contacts)
    _csv(folder / "erp" / "customers.csv", made.accounts)
    _csv(folder / "truth.csv", [{"record_id": key, "firm": str(firm)}
                                for key, firm in made.firm_of.items()])
    text = CONFIGURATION
    for mark, rows in (("COMPANY", made.companies), ("ACCOUNT", made.accounts)):
        text = text.replace(mark, ", ".join(f"{c}: {c}" for c in rows[0]))
    path = folder / "customer360.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _csv(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
