"""What can go wrong, as exceptions a person can act on.

Every message says what was found, where, and what to do. `exit_code` is what the command line
ends with. Not here: how an error is shown (cli, assets).
"""

import difflib
from collections.abc import Sequence


def closest(name: str, candidates: Sequence[str]) -> str:
    """` (closest match: X)` for an error message, or nothing where nothing is close."""
    folded, name = {c.casefold(): c for c in candidates}, name.casefold()
    # Names that were lengthened or shortened come before names that merely look alike.
    within = sorted((c for c in folded if min(len(c), len(name)) > 2 and (c in name or name in c)),
                    key=lambda c: abs(len(c) - len(name)))
    found = within or difflib.get_close_matches(name, list(folded), n=1, cutoff=0.65)
    return f" (closest match: {folded[found[0]]!r})" if found else ""


class Customer360Error(Exception):
    """Any refusal of the product. Nothing that readers see has changed."""

    exit_code = 1


class ConfigurationError(Customer360Error):
    """The configuration file or a command's arguments cannot be used."""

    exit_code = 2


class DeliveryError(Customer360Error):
    """A delivered file cannot be landed: its header, bytes, counts or totals are not right."""


class LoadHeldError(Customer360Error):
    """A landed load waits for an operator's decision (`customer360 accept LOAD --why ...`)."""


class QualityError(Customer360Error):
    """Too many rows of a load break the contract, or law 2 does not balance."""


class AuditError(Customer360Error):
    """The build is not fit to publish: a blocking check failed, or an expected one did not run."""


class BusyError(Customer360Error):
    """Another run is at work on the same data folder."""

    exit_code = 3


class PublicationError(Customer360Error):
    """There is no such publication, or it cannot be read."""


class StoreError(Customer360Error):
    """A file of the data folder is not what was written there."""
