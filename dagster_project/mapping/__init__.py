"""Current state of a source's extracts → rows of the contract, by the configuration's mapping.

`plan`: what a mapping reads · `fit`: whether it fits the headers · `relations`,
`mapper`: the selects.
"""

from .mapper import InputCounts, MappedTable, Mapper, typed_sql

__all__ = ["InputCounts", "MappedTable", "Mapper", "typed_sql"]
