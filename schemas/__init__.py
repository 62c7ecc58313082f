"""The extract contract, stated once: every table a source is mapped to, as pandera models.

Checks, the `landed` schema, documentation and the data dictionary follow from what stands here.
Not here: how a source is mapped, where rows lie, and anything else of the project.
"""

from schemas import crm, crm_sales, erp_ledger, erp_master, erp_trade, exchange, steward
from schemas.checking import violations
from schemas.contract import PERSONS, Column, Contract, Reference, Role, Table, table_name, table_of
from schemas.rulebook import Rule, explain, rules

# Raised with every change of a table, column or rule: rows accepted under another version are
# checked again.
CONTRACT_VERSION = "1"


def _tables() -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for area in (crm, crm_sales, erp_master, erp_ledger, erp_trade, steward, exchange):
        for model in area.MODELS:
            tables[table_name(model)] = table_of(model, parents=tables)
    return tables


# Parents stand before the tables that refer to them.
TABLES: dict[str, Table] = _tables()

__all__ = [
    "CONTRACT_VERSION",
    "PERSONS",
    "TABLES",
    "Column",
    "Contract",
    "Reference",
    "Role",
    "Rule",
    "Table",
    "explain",
    "rules",
    "violations",
]
