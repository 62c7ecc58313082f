"""What words in cells mean where the contract asks for one of a few of its own.

Data, and the reading of the contract's own words. Not here: words of headers (vocabulary).
"""

from functools import lru_cache

import schemas

from ..casting import literal

_ONE_OF = "is not one of "
# Contract word → words that mean the same, in lower case.
MEANINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "document_type": {
        "invoice": ("invoice", "sales invoice", "custinvc", "inv", "rechnung", "re", "rg", "rv",
                    "bill", "debit note"),
        "credit_note": ("credit memo", "credit note", "creditmemo", "gutschrift", "gu", "gs", "cm",
                        "cn", "credit", "custcred"),
        "receipt": ("payment", "receipt", "zahlung", "pmt", "dz", "custpymt", "zahlungseingang"),
        "refund": ("refund", "ref", "erstattung", "custrfnd"),
        "finance_charge": ("finance charge memo", "finance charge", "fin", "zinsen", "reminder"),
        "payment_return": ("payment return", "ret", "ruecklastschrift", "bank return",
                           "chargeback"),
        "write_off": ("write off", "write-off", "writeoff", "wof", "ausbuchung"),
        "journal": ("journal", "journal entry", "gen", "general journal", "umbuchung", "sa"),
        "opening_balance": ("opening balance", "opening", "opn", "saldovortrag", "eb"),
        "fx_revaluation": ("fx revaluation", "fxd", "exchange difference", "kursdifferenz")},
    "erp_ar_document.status": {
        "draft": ("draft", "entwurf", "unposted", "parked", "0"),
        "posted": ("posted", "gebucht", "submitted", "paid", "unpaid", "overdue", "open", "closed",
                   "offen", "bezahlt", "issued", "sent", "partly paid", "approved", "settled"),
        "void": ("void", "voided", "cancelled", "canceled", "storniert", "reversed", "storno")},
    "erp_sales_order.status": {
        "draft": ("draft", "open", "entwurf", "new", "neu", "pending", "pending approval"),
        "released": ("released", "freigegeben", "to deliver and bill", "to deliver", "confirmed",
                     "approved", "pending fulfillment", "in process"),
        "on_hold": ("on hold", "hold", "gesperrt", "blocked"),
        "part_shipped": ("partly shipped", "partially shipped", "part shipped", "teilgeliefert",
                         "partially fulfilled"),
        "shipped": ("shipped", "geliefert", "delivered", "to bill", "pending billing"),
        "invoiced": ("invoiced", "billed", "berechnet", "fakturiert"),
        "closed": ("closed", "completed", "abgeschlossen", "erledigt"),
        "cancelled": ("cancelled", "canceled", "storniert")},
    "erp_account.status": {
        "active": ("active", "aktiv", "open", "enabled"),
        "inactive": ("inactive", "inaktiv", "disabled", "closed", "i", "geschlossen"),
        "blocked_all": ("blocked", "all", "alle", "gesperrt"),
        "blocked_ship": ("ship", "lieferung", "shipping"),
        "blocked_invoice": ("invoice", "rechnung", "fakturierung")},
    "crm_quote.status": {
        "draft": ("draft", "entwurf", "open", "in review"),
        "presented": ("presented", "sent", "gesendet", "submitted"),
        "accepted": ("accepted", "angenommen", "won"),
        "ordered": ("ordered", "bestellt"),
        "lost": ("lost", "rejected", "denied", "abgelehnt", "expired", "cancelled")},
    "crm_activity.type": {
        "call": ("call", "anruf", "phone"), "email": ("email", "e-mail", "mail"),
        "meeting": ("meeting", "event", "termin", "visit"), "task": ("task", "aufgabe", "todo"),
        "letter": ("letter", "brief")},
    "erp_payment_terms.basis": {
        "document_date": ("document date", "invoice date", "inv", "d",
                          "day(s) after invoice date"),
        "end_of_month": ("end of month", "eom", "cm", "monatsende",
                         "day(s) after the end of the invoice month"),
        "end_of_next_month": ("end of next month",), "fixed_day": ("fixed day",)},
    "erp_sales_order_line.fulfilment_type": {
        "stock": ("stock", "item", "lager", "s", "inventory"),
        "drop_ship": ("drop ship", "drop shipment", "dropship", "strecke", "d"),
        "service": ("service", "resource", "dienstleistung", "v")},
    "erp_service_cost.type": {
        "labour": ("labour", "labor", "resource", "l", "arbeit", "time"),
        "parts": ("parts", "item", "p", "material", "teile"),
        "travel": ("travel", "t", "reise", "fahrt")},
    "erp_list_value.list_name": {},
}
YES = ("yes", "y", "j", "ja", "true", "t", "1", "x")
NO = ("no", "n", "nein", "false", "f", "0")
# A column that says "blocked: yes" and one that says "active: yes" mean the opposite.
YES_AND_NO = {"blocked": ("blocked_all", "active"), "hold": ("blocked_all", "active"),
              "disabled": ("inactive", "active"), "inactive": ("inactive", "active"),
              "active": ("active", "inactive")}


@lru_cache(maxsize=512)
def allowed(table: str, column: str) -> tuple[str, ...]:
    """The words that the contract takes in a column; none where any text is taken."""
    if (table, column) == ("erp_item", "status"):
        return ("active", "inactive", "discontinued")
    stated = next(c for c in schemas.TABLES[table].columns if c.name == column)
    if stated.sql_type != "VARCHAR":
        return ()
    checks = schemas.TABLES[table].model.to_schema().columns[column].checks
    return next((tuple(str(check.error).removeprefix(_ONE_OF).split(", "))
                 for check in checks if check.name == "one_of"), ())


def meaning(table: str, column: str, header: tuple[str, ...], value: str) -> str | None:
    """The contract's word for a value under a header (its words), None where nobody knows."""
    folded = value.strip().lower()
    words = allowed(table, column)
    plain = folded.replace("-", "_").replace(" ", "_")
    if plain in words:
        return plain
    if column == "status" and folded in (*YES, *NO):
        told = next((YES_AND_NO[word] for word in header if word in YES_AND_NO), None)
        word = told[folded in NO] if told else None
        return word if word in words else "inactive" if word == "blocked_all" else None
    stated = MEANINGS.get(f"{table}.{column}", MEANINGS.get(column, {}))
    return next((word for word, others in stated.items() if folded in others), None)


def as_sql(words: dict[str, str]) -> str:
    """The when clauses of a translation."""
    return " ".join(f"when {literal(v)} then {literal(w)}" for v, w in words.items())
