"""Postal addresses in one spelling: postcode, town, street, house number.

Conservative: words are shortened to one abbreviation, nothing is looked up or corrected.
Not here: whether two addresses are the same place (comparisons).
"""

import re
from functools import lru_cache

from .names import fold, words

# Digits of a postcode: an Excel file loses the zeros in front.
DIGITS = {
    **dict.fromkeys(("DE", "FR", "IT", "ES", "US", "FI", "SE", "MX", "GR", "EE"), 5),
    **dict.fromkeys(("AT", "CH", "NO", "DK", "BE", "LU", "HU", "AU", "NZ", "SI"), 4)}
# What stands before a postcode on letters: D-80331, L-1234.
ON_LETTERS = {"DE": "D", "AT": "A", "CH": "CH", "FR": "F", "IT": "I", "SE": "S", "NO": "N",
              "BE": "B", "LU": "L", "ES": "E", "NL": "NL", "DK": "DK", "FI": "FIN"}
# One word for each way of writing a kind of street, as _plain leaves it: avenu, vagen.
KINDS = {
    "strasse": "str", "street": "st", "saint": "st", "sankt": "st", "sint": "st", "road": "rd",
    "avenu": "av", "ave": "av", "lane": "ln", "drive": "dr", "boulevard": "bd", "bld": "bd",
    "boul": "bd", "blvd": "bd", "square": "sq", "court": "ct", "crescent": "cres",
    "close": "cl", "place": "pl", "platz": "pl", "plaza": "pl", "piazza": "pza", "parkway": "pkwy",
    "highway": "hwy", "terrace": "ter", "gardens": "gdns", "north": "n", "south": "s", "east": "e",
    "west": "w", "calle": "c", "avenida": "av", "avda": "av", "avd": "av", "carretera": "ctra",
    "poligono": "pol", "industrial": "ind", "viale": "vle", "corso": "cso", "straat": "str",
    "gata": "g", "gatan": "g", "gate": "g", "gt": "g", "vei": "v", "veien": "v", "vagen": "v",
    "vej": "v", "faubourg": "fg", "route": "rte", "chemin": "ch", "allee": "all",
    "postfach": "po box", "pobox": "po box", "postboks": "po box", "postbus": "po box"}
# The same at the end of one word: Hauptstrasse, Storgatan.
ENDINGS = (("strasse", "str"), ("straat", "str"), ("platz", "pl"), ("gatan", "g"), ("gaten", "g"),
           ("gata", "g"), ("gate", "g"), ("vagen", "v"), ("veien", "v"), ("vei", "v"),
           ("allee", "all"))
LITTLE = frozenset(("de", "du", "des", "la", "le", "les", "del", "della", "di", "der", "van", "the",
                    "el", "los", "las", "l", "d", "n"))
UNIT = re.compile(r"\b(suite|ste|unit|floor|fl|etage|apt|room|stock|bldg|building)\b\W*\w*"
                  r"|#\s*\w+", re.IGNORECASE)
NUMBER_FIRST = re.compile(r"^\W*(\d+)\s?(?:[-/]\s?\d+)?([a-z]|bis|ter)?\b[\s,]*(?=\S)",
                          re.IGNORECASE)
NUMBER_LAST = re.compile(r"[\s,]+(?:n[°ºr.]*\s*)?(\d+)\s?(?:[-/+]\s?\d+)?\s?([a-z])?\W*$",
                         re.IGNORECASE)
ORDINAL = re.compile(r"^\d+(st|nd|rd|th)\b", re.IGNORECASE)
# Letters of one sound that are typed as one or as two: Malmö, Malmo, Malmoe.
PAIRS_OF_LETTERS = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))


@lru_cache(maxsize=100_000)
def postcode_key(postcode: str | None, country: str | None) -> str | None:
    """A postcode without blanks, the country's sign and the zip code's second part."""
    text = re.sub(r"\s", "", postcode or "").upper()
    prefix = ON_LETTERS.get(country or "")
    for sign in dict.fromkeys(s for s in (country, prefix) if s):
        text = re.sub(rf"^{sign}-?(?=\d)", "", text)
    if country == "US":
        text = text.partition("-")[0][:5]
    key = re.sub(r"[^A-Z0-9]", "", text)
    length = DIGITS.get(country or "")
    if length and key.isdigit() and len(key) == length - 1:
        key = f"0{key}"
    return key if key.strip("0") else None


@lru_cache(maxsize=100_000)
def city_key(city: str | None) -> str | None:
    """A town's words, umlauts as one letter each; nothing in brackets or after a comma."""
    text = re.split(r"[(,/]", city or "", maxsplit=1)[0]
    return " ".join(KINDS.get(w, w) if w in ("saint", "sankt", "sint") else w
                    for w in _plain(text)) or None


@lru_cache(maxsize=200_000)
def street(line1: str | None, line2: str | None) -> tuple[str | None, str | None]:
    """Street and house number of an address, each in one spelling.

    The second line is the street where only it holds a number (the first may name a building).
    """
    text = (line1 or "").strip()
    if line2 and not any(c.isdigit() for c in text) and any(c.isdigit() for c in line2):
        text = line2
    text = UNIT.sub(" ", text).strip(" ,.")
    number = None if ORDINAL.match(text) else NUMBER_FIRST.match(text)
    kept = text[number.end():] if number else text
    if not number:
        number = NUMBER_LAST.search(text)
        kept = text[:number.start()] if number else text
    said = [w for word in _plain(kept) for w in KINDS.get(word, _shortened(word)).split()]
    key = " ".join([w for w in said if w not in LITTLE] or said)
    house = f"{number[1].lstrip('0')}{(number[2] or '').lower()}" if number else None
    return (key or None), (house or None)


def _plain(text: str) -> list[str]:
    folded = fold(text)
    for two, one in PAIRS_OF_LETTERS:
        folded = folded.replace(two, one)
    return words(folded)


def _shortened(word: str) -> str:
    for ending, short in ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[:-len(ending)] + short
    return word
