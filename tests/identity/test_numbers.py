"""Numbers are evidence only where their check digits hold."""

import pytest

from dagster_project.identity import numbers


@pytest.mark.parametrize(("number", "country", "expected"), [
    ("DE136695976", None, ("DE136695976", "valid")),
    ("136 695 976", "DE", ("DE136695976", "valid")),
    ("de-136.695.976", "FR", ("DE136695976", "valid")),
    ("DE136695978", None, (None, "invalid")),
    ("EL 094259216", None, ("EL094259216", "valid")),
    ("094259216", "GR", ("EL094259216", "valid")),
    ("FR40303265045", None, ("FR40303265045", "valid")),
    ("136695976", None, (None, "invalid")),
    ("XX136695976", None, (None, "invalid")),
    ("136695976", "US", (None, "invalid")),
    ("", "DE", (None, "absent")), (None, "DE", (None, "absent")), (" - ", "DE", (None, "absent")),
])
def test_a_vat_number_is_prefixed_and_verified(
        number: str | None, country: str | None, expected: tuple[str | None, str]) -> None:
    assert numbers.vat_id(number, country) == expected


@pytest.mark.parametrize(("number", "country", "expected"), [
    ("552 008 443", "FR", ("FR552008443", "valid")),
    ("552008444", "FR", (None, "invalid")),
    ("HRB 12345", "DE", (None, "unverifiable")),
    ("552008443", None, (None, "unverifiable")),
    (None, "FR", (None, "absent")),
])
def test_a_registration_number_counts_only_where_its_country_has_check_digits(
        number: str | None, country: str | None, expected: tuple[str | None, str]) -> None:
    assert numbers.registration_id(number, country) == expected


def test_every_country_with_check_digits_has_a_module_that_checks_them() -> None:
    for country, name in numbers.REGISTRATION_NUMBERS.items():
        assert numbers.get_cc_module(country, name) is not None, country
