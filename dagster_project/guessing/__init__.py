"""Guesses about extracts that nobody described, for a configuration that a person finishes.

From the bottom: `samples` (bytes → records), `values` (what a column holds), `folders` (which files
belong together), `vocabulary`, `synonyms` and `names` (what a header means), `fitting` (which
contract table, which columns), `deriving` (what no column states), `joining` (what another extract
states), `undelivered` (what none has), `writing` and `layout` (the commented file), `start` (all of
it). Each guess carries how sure it is and why. Nothing here is used in a run.
"""
