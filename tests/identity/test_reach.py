"""Telephone numbers, mailboxes and domains come in one spelling, or not at all."""

import pytest

from dagster_project.identity import reach


@pytest.mark.parametrize(("number", "country", "phone"), [
    ("+49 89 1234-567", "DE", "+49891234567"),
    ("089/1234567", "DE", "+49891234567"),
    ("0049 (0)89 1234567", "DE", "+49891234567"),
    ("089 1234567 ext. 12", "DE", "+49891234567"),
    ("06 1234 5678", "IT", "+390612345678"),
    ("(555) 010-1234", "US", "+15550101234"),
    ("+47 22 12 34 56", "SE", "+4722123456"),
    ("0000000000", "DE", None), ("12345", "DE", None), ("call us", "DE", None),
    ("089 1234567", None, None), (None, "DE", None),
])
def test_a_telephone_number_is_international(number: str | None, country: str | None,
                                             phone: str | None) -> None:
    assert reach.phone_id(number, country) == phone


def test_a_field_may_hold_several_numbers() -> None:
    assert reach.phone_ids("089 1234567; 089 7654321, x", "DE") == [
        "+49891234567", "+49897654321"]


@pytest.mark.parametrize(("text", "domain"), [
    ("https://www.Adler-Bau.de:443/kontakt?x=1#y", "adler-bau.de"),
    ("shop.adler.co.uk", "adler.co.uk"),
    ("info@mail.adler.de", "adler.de"),
    ("http://user@adler.de/", "adler.de"),
    ("www.müller.de", "xn--mller-kva.de"), ("xn--mller-kva.de", "xn--mller-kva.de"),
    ("adler.blogspot.com", "adler.blogspot.com"),
    ("co.uk", None), ("adler", None), ("127.0.0.1", None), ("n/a", None), ("", None),
])
def test_a_domain_is_the_one_that_was_registered(text: str, domain: str | None) -> None:
    assert reach.own_domain(text) == domain


@pytest.mark.parametrize("text", [
    "somebody@gmail.com", "praxis@t-online.de", "x@yahoo.co.uk", "x@outlook.fr", "https://web.de",
    "www.facebook.com/adler", "x@wanadoo.fr", "info@example.com"])
def test_free_mail_and_pages_of_many_are_nobodys_own(text: str) -> None:
    assert reach.domains(text) == []


def test_mailboxes_are_found_in_a_field_of_several() -> None:
    assert reach.mailboxes("Info@Müller.de; <b@adler.de> none", None, "mailto:b@adler.de") == [
        "b@adler.de", "info@xn--mller-kva.de"]
