"""Addresses come in one spelling; nothing is looked up, nothing is corrected."""

import pytest

from dagster_project.identity import places


@pytest.mark.parametrize(("postcode", "country", "key"), [
    ("D-80331", "DE", "80331"), ("1067", "DE", "01067"), ("12345-6789", "US", "12345"),
    ("sw1a 1aa", "GB", "SW1A1AA"), ("1012 AB", "NL", "1012AB"), ("SE-123 45", "SE", "12345"),
    ("150", "NO", "0150"), ("80331", None, "80331"), ("00000", "DE", None), ("", "DE", None),
])
def test_a_postcode_is_bare(postcode: str, country: str | None, key: str | None) -> None:
    assert places.postcode_key(postcode, country) == key


@pytest.mark.parametrize(("one", "other"), [
    ("Malmö", "MALMOE"), ("Malmö", "Malmo"), ("St. Gallen", "Sankt Gallen"),
    ("Frankfurt (Main)", "Frankfurt"), ("Århus", "Aarhus")])
def test_a_town_is_one_however_it_is_written(one: str, other: str) -> None:
    assert places.city_key(one) == places.city_key(other) is not None


@pytest.mark.parametrize(("line1", "line2", "street", "house"), [
    ("Hauptstraße 12a", None, "hauptstr", "12a"), ("Hauptstr. 12 A", None, "hauptstr", "12a"),
    ("Lange Straße 5-7", None, "lange str", "5"),
    ("12, rue de la Paix", None, "ru paix", "12"), ("12 bis, Rue de la Paix", None, "ru paix",
                                                   "12bis"),
    ("123 Main Street, Suite 5", None, "main st", "123"), ("1st Avenue", None, "1st av", None),
    ("Storgatan 5", None, "storg", "5"), ("Karl Johans gate 22", None, "karl johans g", "22"),
    ("C/ Mayor 3", None, "c mayor", "3"), ("Calle Mayor, 3", None, "c mayor", "3"),
    ("Via Roma n. 12", None, "via roma", "12"), ("Haus Abendrot", "Waldweg 3", "waldweg", "3"),
    (None, None, None, None), ("", "", None, None),
])
def test_a_street_and_its_number_are_parted(line1: str | None, line2: str | None,
                                            street: str | None, house: str | None) -> None:
    assert places.street(line1, line2) == (street, house)
