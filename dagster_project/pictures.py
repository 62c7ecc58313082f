"""Pictures for the cockpit, as markdown that Dagster shows.

Not here: any figure (dbt/models/marts).
"""

import base64
from collections.abc import Sequence
from decimal import Decimal
from html import escape

WIDTH, BAR, GAP, LEFT, RIGHT = 640, 26, 10, 110, 130
# From not due to long overdue: calm to alarming.
COLOURS = ("#3b7ea1", "#6aa84f", "#e0b400", "#e07b00", "#c0392b", "#7f8c8d")


def bars(title: str, amounts: Sequence[tuple[str, Decimal]], currency: str) -> str:
    """A bar for each named amount in `currency`, as a markdown image; a negative one is hollow."""
    longest = max((abs(amount) for _, amount in amounts), default=Decimal(0)) or Decimal(1)
    room = WIDTH - LEFT - RIGHT
    height = 40 + len(amounts) * (BAR + GAP)
    shapes = []
    for row, (name, amount) in enumerate(amounts):
        top, length = 36 + row * (BAR + GAP), int(room * abs(amount) / longest)
        colour = COLOURS[row % len(COLOURS)]
        fill = "none" if amount < 0 else colour
        shapes.append(
            f'<text x="{LEFT - 8}" y="{top + 18}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LEFT}" y="{top}" width="{max(length, 1)}" height="{BAR}" rx="3" '
            f'fill="{fill}" stroke="{colour}"/>'
            f'<text x="{LEFT + length + 8}" y="{top + 18}">{amount:,.2f}</text>')
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
           f'font-family="sans-serif" font-size="14"><rect width="100%" height="100%" '
           f'fill="white"/><text x="8" y="20" font-weight="bold">{escape(title)}, '
           f'{escape(currency)}</text>{"".join(shapes)}</svg>')
    return f"![{title}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
