"""Names of organisations in one spelling, without the legal form at their end.

Legal forms are those of the record's own country: cleanco's, and what it lacks (legal_forms.yaml).
Conservative: only at the end of a name, and never so that nothing or one letter is left.
Not here: how alike two names are (comparisons).
"""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml
from cleanco.termdata import terms_by_country

# What an erasure leaves of a name that may not be empty: nobody's name.
ERASED = "erased"
LETTERS = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "æ": "ae", "ø": "oe", "œ": "oe", "đ": "d",
    "ð": "d", "þ": "th", "ł": "l"})
# s.p.a., a/s: single letters that dots or slashes part are one word.
SPELLED_OUT = re.compile(r"(?<=\b\w)[./](?=\w\b)")
APOSTROPHES = re.compile(r"['`\u00b4\u2019\u02bc]")
NO_WORD = re.compile(r"[\W_]+")
# `and` in the languages of the sources; single letters only where the country's names have them.
AND = frozenset(("und", "and", "et", "og", "och"))
AND_OF = {"ES": "y", "MX": "y", "IT": "e", "PT": "e", "BR": "e", "NL": "en", "BE": "en", "PL": "i"}


def fold(text: str) -> str:
    """Lower case without accents; letters of German and the Nordic languages as two: ä is ae."""
    lower = unicodedata.normalize("NFC", text).casefold().translate(LETTERS)
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text, folded: letters and digits, S.p.A. and A/S as one word each."""
    joined = APOSTROPHES.sub("", SPELLED_OUT.sub("", fold(text)))
    return NO_WORD.sub(" ", joined).split()


@lru_cache(maxsize=1)
def _stated() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).with_name("legal_forms.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@lru_cache(maxsize=300)
def legal_forms(country: str | None) -> frozenset[tuple[str, ...]]:
    """Legal forms as words, of a country (ISO 3166-1 alpha-2), or where none is known."""
    stated = _stated()
    known = stated["cleanco"].get(country or "", [])
    terms = [term for name in known for term in terms_by_country[name]]
    terms += stated["forms"].get(country or "unknown", [])
    return frozenset(tuple(_said(term, country)) for term in terms) - {()}


def _said(text: str, country: str | None) -> list[str]:
    """Words that say something: without `and`."""
    own = AND_OF.get(country or "")
    return [word for word in words(text) if word not in AND and word != own]


@lru_cache(maxsize=300_000)
def name_key(name: str | None, country: str | None, city: str | None = None) -> str | None:
    """A name's words without `and`, a leading article and the country's legal form at its end.

    A town that follows the legal form is the branch's, if it is the record's own (`city`).
    """
    if name == ERASED:
        return None
    said = _said(name or "", country) or words(name or "")
    if len(said) > 1 and said[0] == "the":
        said = said[1:]
    town = _said(city or "", country)
    if town and said[-len(town):] == town:
        branch = said[:-len(town)]
        bare = _bare(branch, country)
        if bare != branch:
            return " ".join(bare)
    return " ".join(_bare(said, country)) or None


def _bare(said: list[str], country: str | None) -> list[str]:
    """Words without the legal forms at their end; never fewer than two letters."""
    forms = legal_forms(country)
    for length in range(min(5, len(said) - 1), 0, -1):
        kept = said[:-length]
        if tuple(said[-length:]) in forms and len("".join(kept)) > 1:
            return _bare(kept, country)
    return said
