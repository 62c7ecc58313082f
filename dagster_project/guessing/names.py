"""How close a header comes to what a contract column is called elsewhere.

Not here: what a column's cells say (fitting).
"""

from functools import lru_cache

from . import vocabulary

SAME, SHORTENED, CLOSE = 1.0, 0.9, 0.75


@lru_cache(maxsize=65536)
def closeness(header: str, phrases: tuple[str, ...], context: frozenset[str]) -> float:
    """From 0 (nothing in common) to 1 (the same words). Words of `context`, which the extract's
    own name says already, may stand in the header or be left out."""
    said = vocabulary.words(header)
    best = 0.0
    for rank, phrase in enumerate(phrases):
        meant = vocabulary.words(phrase)
        found = _alike(said, meant, context) - rank * 0.002
        best = max(best, found)
    return best


def _alike(said: tuple[str, ...], meant: tuple[str, ...], context: frozenset[str]) -> float:
    ours, theirs = set(said), set(meant)
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return SAME
    lean, meant_lean = ours - context, theirs - context
    if lean == meant_lean and lean:
        return SHORTENED
    common = ours & theirs
    # What only the context shares is no likeness.
    if not common - context:
        return 0.0
    share = len(common) / len(ours | theirs)
    return CLOSE * share if share >= 0.5 else 0.0
