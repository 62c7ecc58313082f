"""The outbox as a source: what was released comes back like any other extract.

It is there by itself for whoever has a dunning policy, so that nobody can forget to connect it.
Not here: what is written to it (deliveries.outbox).
"""

from .model import OUTBOX, Connection, Extract, LoadDate, MappedInput, Source

# The contract's columns of letter_release: known before the first letter is released.
RELEASE_COLUMNS = ("letter_id", "account_source", "account_id", "level", "released_on", "currency",
                   "channel", "letter_ref", "documents", "amount", "interest", "fee",
                   "released_by")


def outbox(data_dir: str) -> Source:
    """The product's own source below the data folder."""
    letters = Extract(files=("*.jsonl",), format="json", mode="incremental", key=("letter_id",),
                      required=False, optional=RELEASE_COLUMNS)
    return Source(
        name=OUTBOX, role="steward", system="What this product sent",
        connection=Connection(path=f"{data_dir}/outbox/letters"),
        load_date=LoadDate(file_name=r"_(\d{4}-\d{2}-\d{2})\."),
        extracts={"letters": letters},
        tables={"letter_release": (MappedInput.model_validate({"from": "letters"}),)})
