"""A scored pair as a waterfall: from the prior, field by field, to the weight of the whole.

Not here: how a pair is scored (dagster_project/identity).
"""

from collections.abc import Mapping, Sequence
from html import escape
from math import log2
from typing import Any

from dagster_project.identity import scoring
from dagster_project.identity.comparisons import FIELDS

WIDTH, BAR, GAP, TOP, LEFT, RIGHT = 900, 24, 12, 64, 300, 70
FOR, AGAINST, WHOLE = "#6aa84f", "#c0392b", "#3b7ea1"
CALLED = {"number": "VAT or register number", "email": "e-mail"}


def svg(pair: Mapping[str, Any], account: Mapping[str, str | None],
        company: Mapping[str, str | None]) -> str:
    """One pair of `landed.match_pair` with the two records that it compares, as SVG text."""
    prior = scoring.weights()["prior"]
    start = log2(prior / (1 - prior))
    steps = [("before any comparison", start, 0.0, start)]
    at = start
    for field in FIELDS:
        weight = float(pair[f"{field}_weight"])
        if pair[f"{field}_level"] != "unknown":
            steps.append((f"{CALLED.get(field, field)}: "
                          f"{pair[f'{field}_level'].replace('_', ' ')}", weight, at, at + weight))
            at += weight
    steps.append((f"all fields: {_percent(pair['match_probability'])}", at, 0.0, at))
    low, high = min(min(s[2:]) for s in steps), max(max(s[2:]) for s in steps)
    scale = (WIDTH - LEFT - RIGHT) / (high - low)
    rows = [_row(n, step, scale, low, n in (0, len(steps) - 1)) for n, step in enumerate(steps)]
    height = TOP + len(steps) * (BAR + GAP) + 34
    zero = LEFT - low * scale
    head = (f'<text x="14" y="22" font-weight="bold">{_record(account)}</text>'
            f'<text x="14" y="44" font-weight="bold">{_record(company)}</text>'
            f'<line x1="{zero:.0f}" x2="{zero:.0f}" y1="{TOP - 6}" y2="{height - 34}" '
            f'stroke="#7f8c8d" stroke-dasharray="3 3"/>'
            f'<text x="{zero:.0f}" y="{height - 14}" text-anchor="middle" fill="#555">'
            f'0 bits: as likely as not</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'font-family="sans-serif" font-size="14"><rect width="100%" height="100%" '
            f'fill="white"/>{head}{"".join(rows)}</svg>\n')


def _row(place: int, step: tuple[str, float, float, float], scale: float, low: float,
         is_total: bool) -> str:
    name, weight, begin, end = step
    top = TOP + place * (BAR + GAP)
    left, right = (LEFT + (min(begin, end) - low) * scale, LEFT + (max(begin, end) - low) * scale)
    colour = WHOLE if is_total else FOR if weight >= 0 else AGAINST
    return (f'<text x="{LEFT - 12}" y="{top + 17}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{left:.1f}" y="{top}" width="{max(right - left, 1.5):.1f}" height="{BAR}" '
            f'rx="3" fill="{colour}"/>'
            f'<text x="{right + 6:.1f}" y="{top + 17}">{weight:+.1f}</text>')


def _record(row: Mapping[str, str | None]) -> str:
    side = "account" if "account_id" in row else "company"
    shown: Sequence[str | None] = (row["name"], row["address_line1"], row["postcode"], row["city"],
                                   row["phone"], row["email"] or row["website"],
                                   row["vat_number"])
    return escape(f"{side}: {' · '.join(s for s in shown if s)}")


def _percent(probability: Any) -> str:
    percent = f"{min(float(probability) * 100, 99.99):.2f} %"
    return f"{'over ' if float(probability) > 0.9999 else ''}{percent} likely one firm"
