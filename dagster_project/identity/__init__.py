"""By what records can be told to be of the same organisation, and how much each thing says.

`write_features`: one row per company and account with its names, numbers, domains, mailboxes,
telephones and address in one spelling. `write_pairs`: records that may be one organisation, each
pair compared field by field and scored by Splink with the weights that are shipped here.
dbt decides the links. Not here: which record belongs to which customer
(dbt/models/intermediate/identity).
"""

from .features import write_features
from .pairs import write_pairs

__all__ = ["write_features", "write_pairs"]
