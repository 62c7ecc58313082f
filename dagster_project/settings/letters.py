"""The keys of the configuration file about letters and statements.

Not here: the wording and the layouts (deliveries/templates).
"""

from typing import Annotated

from pydantic import Field

from ..dialect import Strict

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]


class BankAccount(Strict):
    """An account that customers pay to."""

    iban: str
    """Its number, as it is to be printed."""
    bic: str | None = None
    """The bank's code."""
    bank: str | None = None
    """The bank's name."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """Only for letters of this currency; default: for all."""


class Sender(Strict):
    """Who a letter is from."""

    name: str | None = None
    """The firm's name; default: that of the ledger company."""
    address: tuple[str, ...] = ()
    """The lines of its address, without the name."""
    country: Country | None = None
    """Where it is: an address in the same country is written without the country's name."""
    signature: str | None = None
    """Who signs: a person or a department."""
    phone: str | None = None
    """For questions."""
    email: str | None = None
    """For questions."""
    website: str | None = None
    """Shown in the letterhead."""
    bank: tuple[BankAccount, ...] = ()
    """Where to pay."""
    footer: tuple[str, ...] = ()
    """The lines at the foot of each page: register, VAT number, directors."""
    logo: str | None = None
    """A picture (png, jpg) in the folder of the templates, for the letterhead."""


class Letters(Strict):
    """What letters and statements look like, and in whose name they go out."""

    templates: str | None = None
    """A folder, relative to this file: what lies there takes the place of what is shipped."""
    language: Language = "en"
    """The language of whoever has no other: `en`, `de`, or with a country's habits, `en_GB`."""
    languages: dict[Country, Language] = Field(default_factory=dict)
    """Country of the customer: the language it is written to in."""
    sender: Sender = Sender()
    """Who letters are from."""
    senders: dict[str, Sender] = Field(default_factory=dict)
    """Ledger company as source/entity: its own sender, instead of `sender`."""

    def sender_of(self, entity_key: str | None) -> Sender:
        """Who writes for a ledger company."""
        return self.senders.get(entity_key or "", self.sender)
