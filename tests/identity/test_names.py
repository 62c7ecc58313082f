"""Names lose the legal form of their own country, at the end, and keep everything else."""

import pytest

from dagster_project.erasure import erasures
from dagster_project.identity import names


@pytest.mark.parametrize(("name", "country", "key"), [
    ("Müller & Sohn GmbH & Co. KG", "DE", "mueller sohn"),
    ("Mueller und Sohn G.m.b.H.", "DE", "mueller sohn"),
    ("Weiß e.K.", "DE", "weiss"),
    ("Adler UG (haftungsbeschränkt)", "DE", "adler"),
    ("Huber Ges.m.b.H.", "AT", "huber"),
    ("Grünfurt Brauerei AG", "CH", "gruenfurt brauerei"),
    ("Léman Vins S.à r.l.", "CH", "leman vins"),
    ("Hathershaw Chemicals Ltd", "GB", "hathershaw chemicals"),
    ("Hathershaw Chemicals Limited", "GB", "hathershaw chemicals"),
    ("Jarrowhope Paper plc", "GB", "jarrowhope paper"),
    ("Dupont et Fils S.A.R.L.", "FR", "dupont fils"),
    ("De Vries en Zonen B.V.", "NL", "de vries zonen"),
    ("Ostnes Vann AS", "NO", "ostnes vann"),
    ("Östra Åkeri AB (publ)", "SE", "oestra aakeri"),
    ("Sjøgren A/S", "DK", "sjoegren"),
    ("Rossi e Figli S.p.A.", "IT", "rossi figli"),
    ("Garcia y Hijos, S.L.", "ES", "garcia hijos"),
    ("The Summit Trading Company, Inc.", "US", "summit trading"),
    ("Kowalski Sp. z o.o.", "PL", "kowalski"),
    ("O'Neill plc", "GB", "oneill"),
])
def test_a_name_is_known_without_its_legal_form(name: str, country: str, key: str) -> None:
    assert names.name_key(name, country) == key


@pytest.mark.parametrize(("name", "country", "key"), [
    ("Hathershaw Chemicals Ltd", "DE", "hathershaw chemicals ltd"),
    ("Norden AS", "DE", "norden as"),
    ("Casa SA", "DE", "casa sa"),
    ("AS Norden", "NO", "as norden"),
    ("AG Weser Werft", "DE", "ag weser werft"),
    ("GmbH", "DE", "gmbh"),
    ("X AG", "DE", "x ag"),
    ("Und", "DE", "und"),
    ("Spa Resort", "IT", "spa resort"),
    ("Adler GmbH Hamburg", "DE", "adler gmbh hamburg"),
])
def test_what_is_no_legal_form_of_the_country_stays(name: str, country: str, key: str) -> None:
    assert names.name_key(name, country) == key


def test_the_own_town_behind_a_legal_form_goes_with_it() -> None:
    assert names.name_key("Adler GmbH Hamburg", "DE", "Hamburg") == "adler"
    assert names.name_key("Adler GmbH München", "DE", "Hamburg") == "adler gmbh muenchen"


def test_without_a_country_only_forms_that_are_no_words_are_stripped() -> None:
    assert names.name_key("Hathershaw Limited", None) == "hathershaw"
    assert names.name_key("Casa da", None) == "casa da"
    assert names.name_key(" . ", "DE") is None


def test_every_country_of_cleanco_that_is_named_exists() -> None:
    stated = names._stated()["cleanco"]
    assert all(names.legal_forms(country) for country in stated)


def test_what_an_erasure_left_is_nobodys_name() -> None:
    assert names.ERASED == erasures.ERASED
    assert names.name_key(erasures.ERASED, "DE") is None
