"""Tables that any source may feed: exchange rates, and what deliveries left behind.

Not here: what a delivery sends.
"""

import polars as pl

import schemas.fields as f
from schemas.contract import Contract


class FxRate(Contract, role="any"):
    """Exchange rates by day.

    Grain: one row per from_currency, to_currency and rate_date.
    Source: extract of any system, mapped.
    """

    from_currency: f.Text = f.currency("Currency that is converted.", key=True)
    to_currency: f.Text = f.currency("Currency it is converted to.", key=True)
    rate_date: f.Day = f.day("First day the rate holds; it holds until the next one.", key=True)
    rate: f.Rate = f.rate(
        "Units of to_currency for one unit of from_currency.",
        f.positive(),
        unit="to_currency for one from_currency",
    )

    same_currency_is_one = f.row_rule(
        "same_currency_is_one",
        "{rate} is not 1 from {from_currency} to {to_currency}",
        (pl.col("from_currency") != pl.col("to_currency")) | (pl.col("rate") == 1),
    )


class LastSynced(Contract, role="any"):
    """Values both systems agreed on when they were last synchronised.

    Grain: one row per entity, record_id and field.
    Source: written by a delivery, landed like a source.
    """

    entity: f.Text = f.text("Kind of record.", key=True)
    record_id: f.Text = f.text("Identifier of the record.", key=True)
    field: f.Text = f.text("Field of the record.", key=True)
    value: f.Text = f.text("Value that was sent.", null="the field was emptied")
    synced_at: f.Moment = f.moment("When it was sent.")


class DeliveryAck(Contract, role="any"):
    """Answers of a target system to what was handed to it.

    Grain: one row per delivery_key and acknowledged_at.
    Source: extract of the target system, mapped.
    """

    delivery_key: f.Text = f.text("Idempotency key of the delivery that is answered.", key=True)
    acknowledged_at: f.Moment = f.moment("When it was answered.", key=True)
    target: f.Text = f.text("System that answered.")
    outcome: f.Text = f.text("Whether it was taken.", f.one_of("accepted", "refused"))
    target_ref: f.Text = f.text("Record made from it in the target.", null="none was made")
    reasons: f.Text = f.text("Why it was refused.", null="none is given")


MODELS: tuple[type[Contract], ...] = (FxRate, LastSynced, DeliveryAck)
