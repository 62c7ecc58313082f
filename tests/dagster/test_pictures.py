"""The picture of the ageing: one bar for each bucket, as long as its amount."""

import base64
import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

from dagster_project import pictures


def drawn(markdown: str) -> ElementTree.Element:
    found = re.fullmatch(r"!\[.*\]\(data:image/svg\+xml;base64,(.*)\)", markdown)
    assert found
    return ElementTree.fromstring(base64.b64decode(found[1]))


def lengths(picture: ElementTree.Element) -> list[int]:
    return [int(rect.get("width", "")) for rect in picture.iter("{http://www.w3.org/2000/svg}rect")
            if rect.get("stroke")]


def test_bars_are_as_long_as_their_amounts_whatever_the_sign() -> None:
    picture = drawn(pictures.bars("Ageing", [
        ("not due", Decimal("400.00")), ("over 90", Decimal("100.00")),
        ("unallocated", Decimal("-200.00"))], "EUR"))
    whole, quarter, half = lengths(picture)
    assert (quarter, half) == (whole // 4, whole // 2)
    said = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert said == ["Ageing, EUR", "not due", "400.00", "over 90", "100.00", "unallocated",
                    "-200.00"]


def test_nothing_owed_is_a_picture_too() -> None:
    assert lengths(drawn(pictures.bars("Ageing", [("not due", Decimal(0))], "EUR"))) == [1]
    assert lengths(drawn(pictures.bars("Ageing", [], "EUR"))) == []


def test_names_are_text_and_no_markup() -> None:
    picture = drawn(pictures.bars("A & <B>", [("<script>", Decimal(1))], "EUR"))
    assert "<script>" in [t.text for t in picture.iter("{http://www.w3.org/2000/svg}text")]
