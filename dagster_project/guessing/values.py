"""What the columns of a sample hold, and how their numbers and dates are written.

The form of numbers and dates is one for the whole file: what one column leaves open, another
decides (31.12. can only be day first). Not here: what a column means (names, fitting).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..casting import FALSE_WORDS, TRUE_WORDS
from .samples import Sample
from .vocabulary import CURRENCIES

# As many distinct values decide what a column holds.
LOOKED_AT = 300
# A column is of a kind when all but a slip or two of its cells are.
NEARLY_ALL = 0.95
NULL_WORDS = ("NULL", "null", "N/A", "n/a", "#N/A", "\\N", "NaN", "None", "(null)")
FOREIGN_FLAGS = {"j": "yes", "ja": "yes", "n": "no", "nein": "no", "x": "yes", "oui": "yes",
                 "non": "no", "si": "yes"}
DAY_FIRST = ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y")
MONTH_FIRST = {"%d/%m/%Y": "%m/%d/%Y", "%d-%m-%Y": "%m-%d-%Y", "%d/%m/%y": "%m/%d/%y"}
DATE_SHAPES = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), ("%Y-%m-%d",)),
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}"), ("%Y/%m/%d",)),
    (re.compile(r"\d{4}\.\d{1,2}\.\d{1,2}"), ("%Y.%m.%d",)),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}"), ("%d.%m.%Y",)),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), ("%d/%m/%Y", "%m/%d/%Y")),
    (re.compile(r"\d{1,2}-\d{1,2}-\d{4}"), ("%d-%m-%Y", "%m-%d-%Y")),
    (re.compile(r"\d{1,2}\.\d{1,2}\.\d{2}"), ("%d.%m.%y",)),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{2}"), ("%d/%m/%y", "%m/%d/%y")),
    (re.compile(r"\d{1,2}-[A-Za-z]{3}-\d{4}"), ("%d-%b-%Y",)),
    (re.compile(r"\d{1,2} [A-Za-z]{3} \d{4}"), ("%d %b %Y",)),
    (re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])"), ("%Y%m%d",)),
)
TIME_SHAPES = (
    (re.compile(r"\d{1,2}:\d{2}"), "%H:%M"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}"), "%H:%M:%S"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}\.\d{1,6}"), "%H:%M:%S.%f"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}Z"), "%H:%M:%SZ"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}\.\d{1,6}Z"), "%H:%M:%S.%fZ"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}[+-]\d{2}:?\d{2}"), "%H:%M:%S%z"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2}\.\d{1,6}[+-]\d{2}:?\d{2}"), "%H:%M:%S.%f%z"),
    (re.compile(r"\d{1,2}:\d{2} ?[AaPp][Mm]"), "%I:%M %p"),
    (re.compile(r"\d{1,2}:\d{2}:\d{2} ?[AaPp][Mm]"), "%I:%M:%S %p"),
)
MOMENT = re.compile(r"(?P<day>[^ T:]+(?: [A-Za-z]{3} \d{4})?)(?P<between>[ T])(?P<time>\d.*)")
# Decimal sign and thousands separator, the plainest first.
NUMBER_STYLES = ((".", ""), (",", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (".", " "))
PATTERNS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"),
    "url": re.compile(r"(https?://|www\.)\S+|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|[a-z]{2})"),
    "vat": re.compile(r"(AT|BE|BG|CHE?|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO"
                      r"|PL|PT|RO|SE|SI|SK|XI) ?[0-9A-Z]{2,3} ?[0-9 .]{5,12}[A-Z]{0,3}\d{0,2}"),
    "phone": re.compile(r"(\+|00|\()?[\d][\d ()/.-]{6,20}"),
}


@dataclass(frozen=True)
class Column:
    """One column of a sample. `kind` is date, timestamp, whole, number, flag, currency, country,
    email, url, vat, phone, text or empty; `share` is the percentage of filled cells of that kind.
    `values` are distinct, `forms` are the formats of its dates.
    """

    name: str
    kind: str
    share: int
    filled: int
    total: int
    distinct: int
    values: tuple[str, ...]
    forms: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether every record has a value of its own."""
        return self.distinct == self.total > 0

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in ("whole", "number")


@dataclass(frozen=True)
class Styles:
    """How a file writes numbers, dates and nothing; the first two with how that is known.

    An empty `why` says that the file holds nothing that tells.
    """

    decimal: str = "."
    thousands: str = ""
    number_why: str = ""
    day_first: bool = False
    date_why: str = ""
    nulls: tuple[str, ...] = ()


def styles(sample: Sample) -> Styles:
    """How a file is written, by its own evidence alone."""
    nulls = tuple(word for word in NULL_WORDS
                  if any(word in record for record in sample.records))
    looked = list(_looked_at(sample, nulls).values())
    decimal, thousands, number_why = number_style(looked)
    day_first, date_why = day_first_of(looked, likely=decimal == ",")
    return Styles(decimal, thousands, number_why, day_first, date_why, nulls)


def agreed(found: Sequence[Styles]) -> Styles:
    """How the files of one source are written, for those that do not tell by themselves."""
    def most(told: list[Any]) -> Any:
        return Counter(told).most_common(1)[0][0] if told else None

    def weighed(kind: str) -> list[Styles]:
        why = f"{kind}_why"
        return ([s for s in found if getattr(s, why).startswith("sure")]
                or [s for s in found if getattr(s, why)])

    numbers, dates = weighed("number"), weighed("date")
    decimal = most([s.decimal for s in numbers]) or "."
    number = next((s for s in numbers if s.decimal == decimal and s.thousands), None) or next(
        (s for s in numbers if s.decimal == decimal), Styles())
    day_first = most([s.day_first for s in dates]) or False
    date = next((s for s in dates if s.day_first == day_first), Styles())
    return Styles(decimal, number.thousands, number.number_why, day_first, date.date_why,
                  tuple(dict.fromkeys(word for s in found for word in s.nulls)))


def settled(own: Styles, shared: Styles) -> Styles:
    """A file's own style where it proves one, else that of its source."""
    number = own if own.number_why.startswith("sure") and own.decimal != shared.decimal else shared
    date = own if own.date_why.startswith("sure") else shared
    return Styles(number.decimal, number.thousands, number.number_why, date.day_first,
                  date.date_why, shared.nulls)


def profile(sample: Sample, style: Styles, older: Sample | None = None) -> tuple[Column, ...]:
    """Each column of a sample, as the style reads it.

    An older file of the same extract adds to the values, which others may refer to.
    """
    looked = _looked_at(sample, style.nulls)
    columns = []
    for position, (name, values) in enumerate(looked.items()):
        kind, share, forms = _kind(values, style)
        cells = [record[position].strip() for record in sample.records]
        filled = [cell for cell in cells if cell and cell not in style.nulls]
        distinct = tuple(dict.fromkeys(filled))
        also = dict.fromkeys(distinct)
        if older is not None and name in older.columns:
            place = older.columns.index(name)
            also |= dict.fromkeys(cell for r in older.records if (cell := r[place].strip()))
        columns.append(Column(
            name, kind, share, len(filled), len(cells), len(distinct), tuple(also), tuple(forms)))
    return tuple(columns)


def _looked_at(sample: Sample, nulls: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The first distinct values of each column."""
    found: dict[str, tuple[str, ...]] = {}
    for position, name in enumerate(sample.columns):
        cells = dict.fromkeys(record[position].strip() for record in sample.records)
        found[name] = tuple(c for c in cells if c and c not in nulls)[:LOOKED_AT]
    return found


# -- numbers --------------------------------------------------------------------------------------

@lru_cache(maxsize=16)
def _number(decimal: str, thousands: str) -> re.Pattern[str]:
    whole = rf"(\d+|\d{{1,3}}({re.escape(thousands)}\d{{3}})+)" if thousands else r"\d+"
    point = re.escape(decimal)
    return re.compile(rf"[+-]?({whole}({point}\d*)?|{point}\d+)")


def is_number(text: str, decimal: str, thousands: str) -> bool:
    """Whether a cell is a number in this style."""
    return _number(decimal, thousands).fullmatch(text) is not None


def number_style(columns: Iterable[Sequence[str]]) -> tuple[str, str, str]:
    """The decimal sign and the thousands separator that most columns read by, and why."""
    punctuated = [[v for v in values if re.search(r"\d", v)] for values in columns]
    marked = [values for values in punctuated
              if any(re.fullmatch(r"[+-]?[\d.,' ]*[.,' ]\d+", v) for v in values)]
    best, found = (".", ""), 0
    for style in NUMBER_STYLES:
        read = sum(1 for values in marked
                   if sum(is_number(v, *style) for v in values) >= NEARLY_ALL * len(values))
        if read > found:
            best, found = style, read
    # 1,234 alone may be a thousand or one and a bit: only groups of three say thousand.
    if best[1] == "" and found:
        other = {",": (".", ","), ".": (",", ".")}[best[0]]
        grouped = [v for values in marked for v in values if best[0] in v]
        if best[0] == "," and all(re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", v)
                                  for v in grouped) and len(grouped) > 3:
            best = other
    if not found:
        return ".", "", ""
    decimal, thousands = best
    read_so = [v for values in marked for v in values
               if (decimal in v or (thousands and thousands in v)) and is_number(v, *best)]
    # 1.280 reads as either; any other shape proves its style.
    proofs = [v for v in read_so if not re.fullmatch(r"[+-]?\d{1,3}[.,]\d{3}", v)]
    shown = next(iter(sorted(proofs, key=len, reverse=True)[:1] or read_so), "")
    return decimal, thousands, f"{'sure' if proofs else 'guess'}: numbers like {shown}"


# -- dates ----------------------------------------------------------------------------------------

def day_first_of(columns: Iterable[Sequence[str]], *, likely: bool) -> tuple[bool, str]:
    """Whether 03/04/2026 is the third of April, and what says so.

    A value above twelve proves it; else the way numbers are written makes it likely.
    """
    first, second, seen = "", "", ""
    for values in columns:
        for value in values:
            found = re.match(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)", value)
            if not found:
                continue
            if found[2] == ".":
                first = first or (found[0] if int(found[1]) > 12 else "")
                seen = seen or found[0]
                continue
            seen = seen or found[0]
            first = first or (found[0] if 12 < int(found[1]) <= 31 else "")
            second = second or (found[0] if 12 < int(found[3]) <= 31 else "")
    if first and not second:
        return True, f"sure: dates like {first}, day first"
    if second and not first:
        return False, f"sure: dates like {second}, month first"
    if first and second:
        return likely, f"guess: some dates are like {first}, others like {second}"
    if seen and "." in seen:
        return True, f"likely: dates like {seen}, taken as day first"
    if seen:
        order = "day" if likely else "month"
        return likely, f"guess: dates like {seen}, taken as {order} first; no day above 12 was seen"
    return likely, ""


def date_form(text: str, *, day_first: bool) -> str | None:
    """The format that a cell is a date in."""
    for shape, forms in DATE_SHAPES:
        if shape.fullmatch(text):
            form = forms[0] if day_first or len(forms) == 1 else forms[1]
            return form if _reads(text, form) else None
    return None


def moment_form(text: str, *, day_first: bool) -> str | None:
    """The format that a cell is a point in time in."""
    found = MOMENT.fullmatch(text)
    day = date_form(found["day"], day_first=day_first) if found else None
    if not found or not day:
        return None
    for shape, form in TIME_SHAPES:
        if shape.fullmatch(found["time"]):
            if form.endswith("%p") and " " not in found["time"]:
                form = form.replace(" %p", "%p")
            return f"{day}{found['between']}{form}"
    return None


def _reads(text: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(text, form).year < 2200 or text[:4] in ("0001", "9999")
    except ValueError:
        return False


# -- kinds ----------------------------------------------------------------------------------------

def _kind(values: Sequence[str], style: Styles) -> tuple[str, int, list[str]]:
    day_first = style.day_first
    if not values:
        return "empty", 100, []
    days = [form for v in values if (form := date_form(v, day_first=day_first))]
    if len(days) >= NEARLY_ALL * len(values):
        return "date", _percent(days, values), list(dict.fromkeys(days))
    moments = [form for v in values if (form := moment_form(v, day_first=day_first))]
    if len(moments) >= NEARLY_ALL * len(values):
        # A time of midnight throughout is a date written at length.
        kind = "date" if all(re.search(r"[ T]0?0:00(:00(\.0+)?)?$", v) for v in values) \
            else "timestamp"
        return kind, _percent(moments, values), list(dict.fromkeys(moments))
    folded = {v.lower() for v in values}
    known = {*TRUE_WORDS, *FALSE_WORDS, *FOREIGN_FLAGS}
    if folded <= known and len(folded) <= 2 and (not folded <= {"0", "1"} or len(folded) == 2):
        return "flag", 100, []
    if len(folded) == 3 and len(folded & known) == 2 and not folded & {"0", "1"}:
        return "flag", 67, []  # yes, no, and a slip
    numbers = [v for v in values if is_number(v, style.decimal, style.thousands)]
    if len(numbers) >= NEARLY_ALL * len(values):
        whole = all(re.fullmatch(r"[+-]?\d+", v) for v in numbers)
        return "whole" if whole else "number", _percent(numbers, values), []
    if folded <= {c.lower() for c in CURRENCIES} and all(v.isupper() for v in values):
        return "currency", 100, []
    if all(re.fullmatch("[A-Z]{2}", v) for v in values) and len(values) > 1:
        return "country", 100, []
    for kind, pattern in PATTERNS.items():
        fitting = [v for v in values if pattern.fullmatch(v)]
        if len(fitting) >= 0.85 * len(values):
            return kind, _percent(fitting, values), []
    return "text", 100, []


def _percent(some: Sequence[str], of: Sequence[str]) -> int:
    return 100 * len(some) // len(of)
