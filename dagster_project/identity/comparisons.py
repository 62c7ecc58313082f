"""How two records are compared, field by field: the words a pair may be given, and when.

Each level is SQL over the columns of `record` (blocking), `_l` and `_r` for the two sides, tried in
turn. A level's label is its word, and after `|` the ground on which it is judged: a street says
something only where the town agrees, a mailbox less where its domain was counted before.
Not here: what a level weighs (weights.json), which pairs are compared (blocking).
"""

from dataclasses import dataclass

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison; `condition` None holds for all that is left."""

    label: str
    condition: str | None

    @property
    def word(self) -> str:
        """What a reader is told."""
        return self.label.partition("|")[0]

    @property
    def ground(self) -> str:
        """Levels of one ground are the outcomes of one question."""
        return self.label.partition("|")[2]


COUNTRIES_DIFFER = "(country_code_l <> country_code_r)"
# Null-safe: neither true where a country is not known.
SAME_COUNTRY = "coalesce(country_code_l = country_code_r, true)"
SAME_PLACE = (f"({SAME_COUNTRY} and (coalesce(postcode_key_l = postcode_key_r, false) "
              "or coalesce(city_key_l = city_key_r, false)))")
PLACE_UNKNOWN = ("((postcode_key_l is null or postcode_key_r is null) "
                 "and (city_key_l is null or city_key_r is null) "
                 f"and not coalesce({COUNTRIES_DIFFER}, false))")
SAME_DOMAIN = "coalesce(list_has_any(domains_l, domains_r), false)"


def _either(condition: str) -> str:
    """A condition on two names `{a}` and `{b}`, for every pair of a name and a legal name."""
    pairs = (("name_l", "name_r"), ("legal_l", "legal_r"), ("name_l", "legal_r"),
             ("legal_l", "name_r"))
    return "(" + " or ".join(condition.format(a=a, b=b) for a, b in pairs) + ")"


# Letters of the words that only one of the two names has: where a slip can be.
OWN_LETTERS = ("(least(length(name_l), length(name_r)) "
               "- length(array_to_string(list_intersect(name_words_l, name_words_r), '')))")
# One slip in five letters, two in eight: a shorter word that differs is another word. Numbers in
# names are no slips.
SLIPS = ("(digits_l = digits_r and abs(length(name_l) - length(name_r)) <= 2 "
         f"and {OWN_LETTERS} >= 5 and damerau_levenshtein(name_l, name_r) <= "
         f"case when {OWN_LETTERS} >= 8 then 2 else 1 end)")
ALIKE = "jaro_winkler_similarity({a}, {b}) >= 0.9"
# All words of the shorter name stand in the longer one, and they are more than an abbreviation.
WITHIN = ("((length(name_l) >= 4 and list_has_all(name_words_r, name_words_l)) "
          "or (length(name_r) >= 4 and list_has_all(name_words_l, name_words_r)))")

COMPARISONS: dict[str, tuple[Level, ...]] = {
    "name": (
        Level(UNKNOWN, "name_l is null or name_r is null"),
        Level("same", _either("{a} = {b}")),
        Level("close", f"name_words_l = name_words_r or {SLIPS}"),
        Level("alike", f"{WITHIN} or {_either(ALIKE)}"),
        Level("different", None)),
    "number": (
        Level(UNKNOWN, "coalesce(left(vat_id_l, 2) <> left(vat_id_r, 2), true) and coalesce("
                       "left(registration_id_l, 2) <> left(registration_id_r, 2), true)"),
        Level("same", "coalesce(vat_id_l = vat_id_r, false) "
                      "or coalesce(registration_id_l = registration_id_r, false)"),
        Level("different", None)),
    "domain": (
        Level(UNKNOWN, "domains_l is null or domains_r is null"),
        Level("same", "list_has_any(domains_l, domains_r)"),
        Level("different", None)),
    "email": (
        Level(UNKNOWN, "emails_l is null or emails_r is null"),
        Level("same|same domain", f"{SAME_DOMAIN} and list_has_any(emails_l, emails_r)"),
        Level("different|same domain", SAME_DOMAIN),
        Level("same|other domains", "list_has_any(emails_l, emails_r)"),
        Level("different|other domains", None)),
    "phone": (
        Level(UNKNOWN, "phones_l is null or phones_r is null"),
        Level("same", "list_has_any(phones_l, phones_r)"),
        Level("different", None)),
    "postcode": (
        Level(UNKNOWN, PLACE_UNKNOWN),
        Level("same", f"{SAME_COUNTRY} and coalesce(postcode_key_l = postcode_key_r, false)"),
        Level("same_city", f"{SAME_COUNTRY} and coalesce(city_key_l = city_key_r, false)"),
        Level("different", None)),
    "street": (
        Level(UNKNOWN, f"street_key_l is null or street_key_r is null or {PLACE_UNKNOWN}"),
        Level("same|same place", f"{SAME_PLACE} and street_key_l = street_key_r "
                                 "and house_no_l is not distinct from house_no_r"),
        Level("close|same place", f"{SAME_PLACE} and (street_key_l = street_key_r or ("
                                  "house_no_l is not distinct from house_no_r "
                                  "and jaro_winkler_similarity(street_key_l, street_key_r) >= "
                                  "0.92))"),
        Level("different|same place", SAME_PLACE),
        Level("different|elsewhere", None))}
FIELDS = tuple(COMPARISONS)


def words(field: str) -> list[str]:
    """The word of each value of Splink's comparison vector, from 0 up; unknown is -1."""
    return [level.word for level in reversed(COMPARISONS[field][1:])]
