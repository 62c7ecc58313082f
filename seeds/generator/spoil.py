"""The bad rows: each is one row too many, so that the books stay right without it.

One exception: the invoice of an unknown customer is in atlas's general ledger as well. It is the
known difference between sub-ledger and control account.
"""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from .files import EXTRA_CELLS, Extract

MALFORMED = {"utf-8": "\udcff", "cp1252": "\udc81"}
ORPHAN_AMOUNT = Decimal("1190.00")


@dataclass
class BadRow:
    extract: Extract
    row: dict[str, str]
    key: str
    fault: str
    outcome: str  # quarantined, unreadable, merged (identical), one of two quarantined


class Spoiler:
    def __init__(self, seed: int, extracts: list[Extract]) -> None:
        self.rng = Random(f"{seed}:spoil")
        self._extracts = extracts
        self.bad: list[BadRow] = []

    def run(self) -> None:
        self._atlas()
        self._borealis()
        self._crm()

    def find(self, stem: str) -> Extract:
        """The newest extract of a name such as `atlas/customers`."""
        return [e for e in self._extracts if e.path.startswith(f"{stem}_2")][-1]

    def _insert(
        self,
        stem: str,
        key: str,
        changes: dict[str, str],
        fault: str,
        outcome: str = "quarantined",
        like: dict[str, str] | None = None,
    ) -> None:
        """Puts a changed copy of some row (one that is `like` this) somewhere in the extract."""
        target = self.find(stem)
        wanted = (like or {}).items()
        fitting = [row for row in target.rows if wanted <= row.items()]
        row = self.rng.choice(fitting) | changes
        target.rows.insert(self.rng.randint(1, len(target.rows)), row)
        self.bad.append(BadRow(target, row, row[key], fault, outcome))

    def _atlas(self) -> None:
        entries, invoice = "atlas/ledger_entries", {"DocumentType": "Invoice", "CurrencyCode": ""}
        invoice |= {"Reversed": "No"}
        plain = {"OrderNo": "", "RemainingAmount": "0.00"}

        def entry(number: int, fault: str, changes: dict[str, str]) -> None:
            own = {"EntryNo": str(number), "DocumentNo": f"PSI{number}"}
            self._insert(entries, "EntryNo", plain | own | changes, fault, like=invoice)

        entry(990001, "text in an amount", {"Amount": "see paper", "AmountLcy": "0.00"})
        orphan = str(ORPHAN_AMOUNT)
        entry(990002, "unknown customer", {
            "CustomerNo": "D99998", "SellToCustomerNo": "D99998", "Amount": orphan,
            "AmountLcy": orphan, "RemainingAmount": orphan, "NetAmount": "1000.00",
            "VatAmount": "190.00", "FreightAmount": "0.00", "PostingDate": "2026-06-18",
            "DocumentDate": "2026-06-18", "DueDate": "2026-07-18",
        })  # fmt: skip
        self._raise_control_balance("1400", ORPHAN_AMOUNT)
        entry(990003, "a day that does not exist", {"PostingDate": "2026-02-30"})
        entry(990004, "no customer", {"CustomerNo": "", "SellToCustomerNo": ""})
        self._insert(entries, "EntryNo", {}, "identical row twice", "merged", like=invoice)
        self._insert("atlas/sales_order_lines", "LineId",
                     {"LineId": "990005", "Quantity": "ten"}, "text in a quantity")  # fmt: skip
        self._insert("atlas/sales_orders", "No", {"No": "SO990006", "Status": "Parked"},
                     "unknown status")  # fmt: skip
        self._insert("atlas/customers", "No", {"No": "D99990", EXTRA_CELLS: "x|y"},
                     "more cells than the header", "unreadable")  # fmt: skip
        self._insert("atlas/items", "No", {"UnitPrice": "1.00"}, "one key, two contents",
                     "one of two quarantined", like={"No": "GAUG-G06"})  # fmt: skip
        self._insert("atlas/detailed_entries", "EntryNo",
                     {"EntryNo": "990007", "CustLedgerEntryNo": "999999"}, "unknown document",
                     like={"EntryType": "Application", "Unapplied": "No"})  # fmt: skip
        self._insert("atlas/credit_cards", "CustomerNo",
                     {"CreditLimit": "unlimited", "ValidFrom": "2026-06-01", "ValidTo": ""},
                     "text in an amount")  # fmt: skip
        self._insert("atlas/exchange_rates", "StartingDate",
                     {"StartingDate": "2026-06-15", "RateToLcy": "1,1702"},
                     "decimal comma where a point is declared")  # fmt: skip

    def _raise_control_balance(self, account: str, amount: Decimal) -> None:
        for row in self.find("atlas/gl_balances").rows:
            if (row["AccountNo"], row["CurrencyCode"], row["PerDate"]) == (
                account, "EUR", "2026-06-30",
            ):  # fmt: skip
                row["Balance"] = str(Decimal(row["Balance"]) + amount)
                row["BalanceLcy"] = str(Decimal(row["BalanceLcy"]) + amount)

    def _borealis(self) -> None:
        posted = {"State": "Posted"}
        lone = {"OrderNo": ""}
        for number, changes, fault in (
            ("I990001", {"GrossAmount": "n/a"}, "text in an amount"),
            ("I990002", {"CustomerNo": "59998", "OrderedBy": "59998"}, "unknown customer"),
        ):
            self._insert("borealis/invoices", "InvoiceNo",
                         lone | {"InvoiceNo": number} | changes, fault, like=posted)  # fmt: skip
        receipts = "borealis/receipts"
        self._insert(receipts, "ReceiptNo", {"ReceiptNo": "R990003", "ValueDate": "31.06.2026"},
                     "a day that does not exist")  # fmt: skip
        self._insert(receipts, "ReceiptNo", {"ReceiptNo": "R990004", "Amount": "1234.56"},
                     "decimal point where a comma is declared")  # fmt: skip
        bank = f"Zahlung{MALFORMED['cp1252']}"
        self._insert(receipts, "ReceiptNo", {"ReceiptNo": "R990005", "BankRef": bank},
                     "a byte that cp1252 does not have", "unreadable")  # fmt: skip
        self._insert(receipts, "ReceiptNo", {}, "identical row twice", "merged")
        self._insert("borealis/customers", "CustomerNo", {"CustomerNo": "59990", "Company": ""},
                     "no company")  # fmt: skip
        self._insert("borealis/order_lines", "LineId",
                     {"LineId": "BL990006", "OrderNo": "B-99999"}, "unknown order")  # fmt: skip
        self._insert("borealis/credit", "CustomerNo", {"From": "01.06.2026", "Stop": "perhaps"},
                     "neither yes nor no")  # fmt: skip
        self._insert("borealis/allocations", "AllocNo",
                     {"AllocNo": "AL990007", "Amount": "half"}, "text in an amount")  # fmt: skip
        self._insert("borealis/deliveries", "DeliveryNo",
                     {"DeliveryNo": "DN990008", "Date": "soon"}, "text in a date")  # fmt: skip

    def _crm(self) -> None:
        bad_name = f"M{MALFORMED['utf-8']}ller Papier"
        fresh = {"BackOfficeCodes": "", "TaxNumber": "", "ParentRef": ""}
        for number, changes, fault, outcome in (
            ("K99001", {"AccountName": bad_name}, "a byte that is not UTF-8", "unreadable"),
            ("K99002", {"AccountName": ""}, "no name", "quarantined"),
            ("K99003", {"Headcount": "many"}, "text in a number", "quarantined"),
        ):
            own = {"AccountRef": number}
            self._insert("crm/companies", "AccountRef", fresh | own | changes, fault, outcome)
        for number, changes, fault, outcome in (
            ("T990005", {"Kind": "Fax"}, "unknown type", "quarantined"),
            (
                "T990006",
                {"At": "2026-13-01T09:00:00"},
                "a month that does not exist",
                "quarantined",
            ),
            ("T990007", {"Subject": "call\0back"}, "a NUL character", "unreadable"),
        ):
            own = {"ActivityRef": number}
            self._insert("crm/activities", "ActivityRef", own | changes, fault, outcome)
        self._insert("crm/contacts", "ContactRef", {"ContactRef": "P99004", EXTRA_CELLS: "x"},
                     "more cells than the header", "unreadable")  # fmt: skip
        self._insert("crm/contacts", "ContactRef", {"Phone": "+49 421 5550000"},
                     "one key, two contents", "one of two quarantined")  # fmt: skip
        for stem, key, changes, fault in (
            ("quotes", "QuoteRef", {"QuoteRef": "Q99008", "Status": "Maybe"}, "unknown status"),
            ("quote_lines", "LineRef", {"LineRef": "Q99009-1", "QuoteRef": "Q99009"},
             "unknown quote"),
            ("opportunities", "OppRef", {"OppRef": "O99010", "Amount": "tbd"}, "text in an amount"),
            ("contracts", "ContractRef", {"ContractRef": "N99011", "AccountRef": "K99999"},
             "unknown company"),
            ("campaign_members", "MemberNo", {"MemberNo": "990", "Responded": "perhaps"},
             "neither yes nor no"),
        ):  # fmt: skip
            self._insert(f"crm/{stem}", key, changes, fault)
        self._insert("crm/cases", "CaseRef", {}, "identical row twice", "merged")
