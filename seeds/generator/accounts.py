"""Customer accounts of both ledgers, and what evidence each leaves that links it to a company.

`evidence` is the truth: the strongest trace an account carries. Weaker traces are withheld from
it, so that a link proves that tier and no other.
"""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from . import vat
from .catalogue import PRICE_LISTS, SALESPEOPLE, SHIPPING, TERMS, TERRITORIES, Shared
from .companies import World, messy
from .ledger import Ledger
from .model import HISTORY_FROM, Account, Address, Company
from .names import COUNTRIES, fill

_CONTINENT = ("DE", "AT", "FR", "NL", "BE", "ES")
_EVIDENCE = (
    ["reference"] * 55
    + ["VAT"] * 19
    + ["registration"] * 7
    + ["domain"] * 7
    + ["phone and name"] * 4
    + ["postcode and name"] * 4
    + ["fuzzy name"] * 4
)
# Registers whose numbers carry check digits; any other number proves nothing.
_CHECKED_REGISTERS = ("BE", "DK", "FR", "NO", "SE")
_NOT_IN_CRM = 11


class Opener:
    """Opens accounts in the ledgers and writes the references that link them."""

    def __init__(self, seed: int, world: World, ledgers: dict[str, Ledger]) -> None:
        self.rng = Random(f"{seed}:accounts")
        self.world = world
        self.ledgers = ledgers
        self.knots: list[tuple[str, str, str, str]] = []  # what, source, record, detail
        self._next = {"A1": 10_010, "B1": 50_100, "B2": 70_100}

    def open_all(self) -> None:
        for company in self.world.customers:
            for entity in self._entities(company):
                self.open(company, entity)
        for country, entity in (("DE", "A1"), ("GB", "B1"), ("FR", "A1"), ("NO", "B2")):
            for _ in range(_NOT_IN_CRM // 4 + (country == "DE") * (_NOT_IN_CRM % 4)):
                stranger = self.world.invent(COUNTRIES[country])
                self.open(stranger, entity, evidence="not in the CRM")
        self._branches()
        self._duplicates()
        self._knots()

    def _entities(self, company: Company) -> list[str]:
        country, draw = company.address.country, self.rng.random()
        if country in _CONTINENT:
            return ["A1"] if draw < 0.84 else ["A1", "B1"]
        if country == "NO":
            return ["B2"] if draw < 0.7 else ["B2", "A1"] if draw < 0.9 else ["B2", "B1", "A1"]
        return ["B1"] if draw < 0.82 else ["B1", "A1"]

    def _branches(self) -> None:
        """A second account of the same company, billed to the first; or a child's to its parent."""
        for ledger in self.ledgers.values():
            heads = [a for a in ledger.accounts if a.evidence == "reference"]
            for place, head in enumerate(self.rng.sample(heads, 8)):
                branch = self.open(head.company, head.entity, evidence="reference", branch=place)
                branch.parent = head
                if place < 5:
                    branch.bill_to = head

    def _duplicates(self) -> None:
        """Fourteen companies the CRM has twice; one in three was merged away by hand."""
        by_company: dict[str, list[str]] = {}
        for account in self._accounts():
            if account.company:
                by_company.setdefault(account.company.id, []).append(account.evidence)
        sure = [c for c in self.world.customers if set(by_company[c.id]) == {"reference"}]
        for place, company in enumerate(self.rng.sample(sure, 14)):
            self.world.twin(company, same_vat=place % 2 == 1, merged=place % 3 == 0)

    def _knots(self) -> None:
        """Ties, references into nowhere, circles of parents: what a link must survive."""
        by_vat = [a for a in self._accounts() if a.evidence == "VAT" and self._is_only_account(a)]
        for account in self.rng.sample(by_vat, 2):
            twin = self.world.twin(account.company, same_vat=True, merged=False)
            account.evidence = "tie by VAT number"
            owners = f"{account.company.id};{twin.id}"
            self.knots.append(("tie", account.ledger, account.id, owners))
        claimed = next(
            a
            for a in self._accounts()
            if a.company and a.company.references == [a.code] and self._is_only_account(a)
        )
        rival = self.world.customers[17]
        rival.references.append(claimed.code)
        claimed.evidence = "tie by reference"
        owners = f"{claimed.company.id};{rival.id}"
        self.knots.append(("tie", claimed.ledger, claimed.id, owners))
        for place, code in enumerate(("D99001", "59901", "D99002")):
            lost = self.world.customers[40 + 30 * place]
            lost.references.append(code)
            self.knots.append(("reference to no account", "crm", lost.id, code))
        first, second, alone = [c for c in self.world.companies if c.is_prospect][:3]
        first.parent, second.parent, alone.parent = second.id, first.id, alone.id
        self.knots.append(("circular parents", "crm", first.id, second.id))
        self.knots.append(("its own parent", "crm", alone.id, alone.id))
        branches = [a for a in self.ledgers["atlas"].accounts if a.parent]
        unbilled = next(a for a in branches if not a.bill_to)
        unbilled.unknown_bill_to = "D99003"
        self.knots.append(("bill-to account unknown", "atlas", unbilled.id, "D99003"))
        branch = branches[0]
        branch.parent.parent = branch
        self.knots.append(("circular parents", "atlas", branch.id, branch.parent.id))

    def _is_only_account(self, account: Account) -> bool:
        return [a.company for a in self._accounts()].count(account.company) == 1

    def _accounts(self) -> list[Account]:
        return [account for ledger in self.ledgers.values() for account in ledger.accounts]

    def open(
        self,
        company: Company,
        entity: str,
        *,
        evidence: str | None = None,
        branch: int | None = None,
    ) -> Account:
        rng, ledger = self.rng, self._ledger(entity)
        evidence = evidence or self._evidence(company)
        code = str(self._next[entity])
        self._next[entity] += rng.choice((1, 1, 2, 7))
        code = f"D{code}" if entity == "A1" else code
        country = COUNTRIES[company.address.country]
        owner = next(s for s in SALESPEOPLE if s.crm == TERRITORIES[company.territory])
        size = rng.choices("LMS", (9, 33, 58))[0]
        account = Account(
            ledger=ledger.name,
            entity=entity,
            id=code if entity == "A1" else f"{entity}-{code}",
            code=code,
            name=self._name(company, entity, branch),
            legal_name=company.legal_name if rng.random() < 0.5 else None,
            address=replace(company.address),
            currency=self._currency(country.code, entity),
            terms=self._code(TERMS, ledger.name, (2, 14, 50, 12, 16, 6)),
            price_list=self._code(PRICE_LISTS, ledger.name, (95, 5) if size == "S" else (60, 40)),
            salesperson=owner.code(ledger.name),
            shipping=self._code(SHIPPING, ledger.name, (70, 18, 9, 3)),
            territory=company.territory,
            tax_code=_tax_code(country.code, entity),
            control=_control(ledger, entity, country.code),
            email=f"{rng.choice(('invoices', 'accounts', 'ap'))}@{company.domain}",
            phone=company.phone,
            website=f"www.{company.domain}",
            vat=company.vat,
            registration=company.registration if rng.random() < 0.4 else None,
            opened=HISTORY_FROM - timedelta(days=rng.randint(-420, 2600)),
            size=size,
            company=None if evidence == "not in the CRM" else company,
            evidence=evidence,
        )
        self._leave_traces(account, company)
        ledger.accounts.append(account)
        return account

    def _ledger(self, entity: str) -> Ledger:
        return next(found for found in self.ledgers.values() if entity in found.spec.entities)

    def _code(self, values: tuple[Shared, ...], ledger: str, weights: tuple[int, ...]) -> str:
        return self.rng.choices(values, weights)[0].code(ledger)

    def _evidence(self, company: Company) -> str:
        drawn = self.rng.choice(_EVIDENCE)
        if drawn == "registration" and company.address.country not in _CHECKED_REGISTERS:
            drawn = "VAT"
        return "reference" if drawn == "VAT" and not company.vat else drawn

    def _name(self, company: Company, entity: str, branch: int | None) -> str:
        if branch is not None:
            towns = COUNTRIES[company.address.country].towns
            return f"{company.name}, {towns[branch % len(towns)][0]}"
        if entity == "A1":
            return company.legal_name.upper()[:30] if self.rng.random() < 0.5 else company.name
        return messy(company.name, company.legal_name, self.rng)

    def _currency(self, country: str, entity: str) -> str:
        if entity == "A1":
            return {"US": "USD", "GB": "GBP"}.get(country, "EUR")
        if entity == "B2":
            return "NOK"
        return {"SE": "SEK", "US": "USD", "GB": "GBP", "NO": "NOK"}.get(country, "EUR")

    def _leave_traces(self, account: Account, company: Company) -> None:
        """Keeps the one trace that `evidence` names, and hides or garbles the others."""
        rng, kind = self.rng, account.evidence
        if kind == "not in the CRM":
            return
        if kind == "reference":
            self._refer(account, company)
            if account.vat and rng.random() < 0.08:
                account.vat = vat.misprint(account.vat, rng)
            elif rng.random() < 0.2:
                account.vat, account.email = None, None
            return
        country = COUNTRIES[company.address.country]
        if kind != "phone and name":
            account.phone = fill(country.phone, rng)
        if kind != "postcode and name":
            account.address = self._elsewhere(company)
        account.registration = company.registration if kind == "registration" else None
        if kind != "VAT":
            account.vat = None
        elif rng.random() < 0.3:
            account.vat = vat.written_loosely(str(account.vat), rng)
        if kind != "domain":
            account.email = account.website = None
        if kind in ("fuzzy name", "phone and name", "postcode and name"):
            account.legal_name = None
            account.name = company.name if kind == "fuzzy name" else company.legal_name

    def _refer(self, account: Account, company: Company) -> None:
        if account.ledger == "borealis" and self.rng.random() < 0.35:
            account.crm_reference = company.id
        else:
            company.references.append(account.code)

    def _elsewhere(self, company: Company) -> Address:
        while True:
            found = self.world.address(COUNTRIES[company.address.country])
            if found.postcode != company.address.postcode:
                return found


def _tax_code(country: str, entity: str) -> str:
    if entity == "A1":
        return "DOM19" if country == "DE" else "EU0" if country in _CONTINENT else "EXP0"
    if entity == "B1":
        return "S20" if country == "GB" else "Z0"
    return "N25" if country == "NO" else "N0"


def _control(ledger: Ledger, entity: str, country: str) -> str:
    found = ledger.spec.entities[entity]
    return found.controls[0 if country == found.country else 1]


def started(account: Account) -> date:
    return max(account.opened, HISTORY_FROM)
