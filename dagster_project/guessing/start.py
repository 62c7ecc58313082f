"""From a folder to the text of its configuration: the steps of guessing, in order.

Not here: any of the steps, and writing the file (onboarding).
"""

from pathlib import Path

from ..errors import ConfigurationError
from . import deriving, fitting, folders, layout, samples, undelivered, values


def guessed(root: Path, output: Path, *, role: str | None = None, name: str | None = None,
            currency: str | None = None) -> layout.Found:
    """Everything that is guessed about a folder, the same for the same files.

    Raises ConfigurationError where nothing in the folder is a table that fits the contract.
    """
    if not root.is_dir():
        raise ConfigurationError(f"{root}: there is no such folder")
    extracts, unread = _extracts(root)
    roles = [role] if role else ["erp", "crm"]
    fits = {r: fitting.fits(extracts, r) for r in roles}
    best = max(roles, key=lambda r: sum(f.score for f in fits[r]))
    if not fits[best]:
        seen = "; ".join([f"{e.name} fits no contract table" for e in extracts]
                         + [f"{file}: {why}" for file, why in unread]) or "it is empty"
        raise ConfigurationError(
            f"{root}: nothing here looks like an extract of a CRM or an ERP ({seen}). Expected are "
            "tables with a header (delimited text, JSON, Excel, Parquet) of customers, invoices, "
            "orders ...")
    firm = deriving.firm_of(fits[best], currency)
    return layout.Found(name or {"erp": "ledger", "crm": "crm"}[best], best, root, output,
                        extracts, unread, undelivered.inputs(fits[best], firm, best), firm)


def _extracts(root: Path) -> tuple[list[fitting.Extract], list[tuple[str, str]]]:
    groups, unread = folders.groups(root)
    sampled = []
    for group in groups:
        sample = samples.sample(group.files[-1])
        if sample.problem:
            unread.append((str(group.files[-1].relative_to(root)), sample.problem))
        else:
            sampled.append((group, sample))
    own = [values.styles(sample) for _, sample in sampled]
    shared = values.agreed(own)
    extracts = []
    for (group, sample), style in zip(sampled, own, strict=True):
        settled = values.settled(style, shared)
        older = samples.sample(group.files[-2]) if len(group.files) > 1 else None
        columns = values.profile(sample, settled, older)
        extracts.append(fitting.Extract(group, sample, columns, settled))
    return extracts, unread
