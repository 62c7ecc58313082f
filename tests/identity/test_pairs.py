"""Pairs say in words what agrees and what does not; order and strangers change nothing."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from firms import Pairs, Row, account, company, pairs
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project import warehouse
from dagster_project.identity import blocking, scoring
from dagster_project.identity.comparisons import COMPARISONS

ADLER = {"name": "Adler Bau GmbH"}
PLACE = {"postcode": "80331", "city": "München", "address_line1": "Hauptstr. 1"}


CASES: list[tuple[str, dict[str, str | None], dict[str, str | None], str]] = [
    ("name", {"name": "Müller Bau GmbH"}, {"name": "MUELLER BAU"}, "same"),
    ("name", {"name": "Data Soft GmbH"}, {"name": "Datasoft"}, "same"),
    ("name", {"name": "Adler", "legal_name": "Busch AG"}, {"name": "Busch"}, "same"),
    ("name", {"name": "Bau Müller"}, {"name": "Müller Bau"}, "close"),
    ("name", {"name": "Grünfurt Brauerei AG"}, {"name": "Grünfrut Brauerei AG"}, "close"),
    ("name", {"name": "Adler Logistik GmbH"}, {"name": "Adler Logistik GmbH Hamburg"}, "alike"),
    ("name", {"name": "Schneider Elektrotechnik"}, {"name": "Schneider Elektrotech."}, "alike"),
    ("name", {"name": "Schneider Elektro"}, {"name": "Schneider Maschinenbau"}, "different"),
    ("name", {"name": "Hotel 24"}, {"name": "Hotel 25"}, "alike"),
    ("name", {"name": "Adler Bau"}, {"name": None}, "unknown"),
    ("number", {"vat_number": "DE136695976"}, {"vat_number": "136695976"}, "same"),
    ("number", {"vat_number": "DE136695976"}, {"vat_number": "DE811569869"}, "different"),
    ("number", {"vat_number": "DE136695976"}, {"vat_number": "FR40303265045"}, "unknown"),
    ("number", {"vat_number": "DE136695976"}, {"vat_number": "DE136695970"}, "unknown"),
    ("domain", {"website": "www.adler.de"}, {"email": "info@adler.de"}, "same"),
    ("domain", {"website": "www.adler.de"}, {"website": "adler.com"}, "different"),
    ("domain", {"email": "adler@gmail.com"}, {"email": "adler@gmail.com"}, "unknown"),
    ("email", {"email": "adler@gmail.com"}, {"email": "Adler@gmail.com"}, "same"),
    ("email", {"email": "a@adler.de"}, {"email": "b@adler.de"}, "different"),
    ("email", {"email": "a@adler.de"}, {"email": "a@adler.de"}, "same"),
    ("email", {"email": "a@adler.de"}, {"email": "a@busch.de"}, "different"),
    ("email", {"email": "a@adler.de"}, {}, "unknown"),
    ("phone", {"phone": "+49 89 123456"}, {"phone": "089/123456"}, "same"),
    ("phone", {"phone": "089 123456"}, {"phone": "089 654321"}, "different"),
    ("phone", {"phone": "089 123456"}, {}, "unknown"),
    ("postcode", PLACE, {"postcode": "D-80331"}, "same"),
    ("postcode", PLACE, {"postcode": "80335", "city": "Muenchen"}, "same_city"),
    ("postcode", PLACE, {"postcode": "50667", "city": "Köln"}, "different"),
    ("postcode", PLACE, {"postcode": "80331", "country_code": "FR"}, "different"),
    ("postcode", PLACE, {}, "unknown"),
    ("street", PLACE, {**PLACE, "address_line1": "Hauptstraße 1"}, "same"),
    ("street", PLACE, {**PLACE, "address_line1": "Hauptstraße 12"}, "close"),
    ("street", PLACE, {**PLACE, "address_line1": "Waldweg 1"}, "different"),
    ("street", PLACE, {**PLACE, "postcode": "50667", "city": "Köln"}, "different"),
    ("street", PLACE, {"address_line1": "Hauptstraße 1"}, "unknown"),
    ("street", PLACE, {"postcode": "80331"}, "unknown"),
]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    """Each case as a company and an account that are compared for their stored reference."""
    return pairs(
        tmp_path_factory.mktemp("cases"),
        [company(f"C{n}", **{**ADLER, "erp_account_ref": f"KA{n}", **left})
         for n, (_, left, _, _) in enumerate(CASES)],
        [account(f"A{n}", **{**ADLER, **right}) for n, (_, _, right, _) in enumerate(CASES)])


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{CASES[n][0]}-{CASES[n][3]}")
def test_each_field_is_compared_in_words(compared: Pairs, number: int) -> None:
    field, _, _, level = CASES[number]
    found = compared[f"A{number}", f"C{number}"]
    assert found[f"{field}_level"] == level
    assert (found[f"{field}_weight"] == 0) or level != "unknown"


def test_the_words_are_those_that_are_promised() -> None:
    said = {field: {level.word for level in levels} for field, levels in COMPARISONS.items()}
    two = {"same", "different", "unknown"}
    assert said == {
        "name": two | {"close", "alike"}, "number": two, "domain": two, "email": two,
        "phone": two, "postcode": two | {"same_city"}, "street": two | {"close"}}
    assert tuple(said) == warehouse.MATCH_FIELDS


def test_what_clearly_different_names_share_is_nobodys_own(tmp_path: Path) -> None:
    office = {"email": "kanzlei@steuer.de", "phone": "089 987654"}
    companies = [company(f"C{n}", name=name, **office) for n, name in enumerate(
        ("Adler Bau", "Busch Metall", "Conrad Reisen"))]
    alone = pairs(tmp_path / "one", companies[:1], [account("A1", name="Zander", **office)])
    shared = pairs(tmp_path / "all", companies, [account("A1", name="Zander", **office)])
    assert alone["A1", "C0"]["phone_level"] == "same"
    assert shared == {}


def test_a_group_of_one_name_keeps_its_domain(tmp_path: Path) -> None:
    companies = [company(f"C{n}", name=f"Adler {what}", website="adler.de")
                 for n, what in enumerate(("Bau", "Metall", "Reisen"))]
    found = pairs(tmp_path, companies, [account("A1", name="Adler Bau", email="re@adler.de")])
    assert found["A1", "C0"]["domain_level"] == "same"


def test_records_are_compared_across_the_sides_and_within_one_source_or_ledger(
        tmp_path: Path) -> None:
    found = pairs(tmp_path, [company("C1", **ADLER, **PLACE), company("C2", **ADLER, **PLACE)],
                  [account("A1", **ADLER, **PLACE), account("A2", **ADLER, **PLACE),
                   account("A3", **{**ADLER, **PLACE, "entity_id": "2"})])
    assert set(found) == {("C1", "C2"), ("A1", "A2"),
                          *((a, c) for a in ("A1", "A2", "A3") for c in ("C1", "C2"))}


def test_a_stored_reference_is_scored_whatever_it_says(tmp_path: Path) -> None:
    found = pairs(tmp_path, [company("C1", name="Adler", erp_account_ref="KA1"),
                             company("C2", name="Busch", erp_account_ref="x; A2"),
                             company("C3", name="Conrad")],
                  [account("A1", name="Zander"), account("A2", name="Yacht"),
                   account("A3", name="Xaver", crm_company_ref="C3")])
    assert set(found) == {("A1", "C1"), ("A2", "C2"), ("A3", "C3")}


def test_a_key_of_too_many_pairs_tells_nobody_apart(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "COMMON_PAIRS", 3)
    companies = [company("C1", name="Adler"), company("C2", name="Adler")]
    accounts = [account("A1", name="Adler"), account("A2", name="Adler")]
    few = pairs(tmp_path / "few", companies, accounts[:1])
    many = pairs(tmp_path / "many", companies, accounts)
    assert {("A1", "C1"), ("A1", "C2")} <= set(few)
    assert not {(a, c) for a in ("A1", "A2") for c in ("C1", "C2")} & set(many)


@pytest.mark.parametrize(("room", "size"),
                         [(scoring, "CHUNK_PAIRS"), (blocking, "GATHERED_KEYS")])
def test_pairs_are_the_same_in_many_chunks(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: ModuleType, size: str) -> None:
    rows = [{**ADLER, "phone": f"089 12345{n % 3}", "postcode": f"8033{n % 2}"} for n in range(5)]
    companies = [company(f"C{n}", **row) for n, row in enumerate(rows)]
    accounts = [account(f"A{n}", **row) for n, row in enumerate(rows)]
    whole = pairs(tmp_path / "whole", companies, accounts)
    monkeypatch.setattr(room, size, 7)
    assert pairs(tmp_path / "parts", companies, accounts) == whole != {}


def test_without_accounts_splink_is_not_even_imported(tmp_path: Path) -> None:
    script = ("import sys; sys.path.insert(0, sys.argv[1]); from firms import *; "
              "assert pairs(Path(sys.argv[2]), [company('C1', name='Adler')], []) == {}; "
              "assert 'splink' not in sys.modules and 'dagster' not in sys.modules")
    subprocess.run([sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path)],
                   check=True)


NAMES = st.sampled_from(["Adler Bau GmbH", "Adler Bau", "Adlre Bau", "Adler Metall", "Busch AG"])
SHARED = {
    "name": NAMES, "postcode": st.sampled_from(["80331", "50667"]),
    "city": st.sampled_from(["München", "Köln"]),
    "website": st.sampled_from(["adler.de", "busch.de", "kanzlei.de"]),
    "phone": st.sampled_from(["089 123456", "089 654321"])}
COMPANIES = st.lists(st.fixed_dictionaries({}, optional=SHARED), min_size=1, max_size=5)


def _found(companies: Sequence[Row], accounts: Sequence[Row]) -> Pairs:
    with tempfile.TemporaryDirectory() as folder:
        return pairs(Path(folder), companies, accounts)


@settings(max_examples=6, deadline=None)
@given(COMPANIES, COMPANIES, st.randoms())
def test_the_order_of_rows_and_a_stranger_change_nothing(
        crm: list[dict[str, str]], erp: list[dict[str, str]], chance: object) -> None:
    companies = [company(f"C{n}", **{"name": "Adler", **row}) for n, row in enumerate(crm)]
    accounts = [account(f"A{n}", **{"name": "Adler", **row}) for n, row in enumerate(erp)]
    found = _found(companies, accounts)
    stranger = {"name": "Zyklop Werft", "website": "zyklop.se", "phone": "+46 8 123456",
                "city": "Ystad", "postcode": "27100", "country_code": "SE"}
    companies.append(company("Z", **stranger))
    accounts.append(account("Z", **stranger))
    chance.shuffle(companies)  # type: ignore[attr-defined]
    chance.shuffle(accounts)  # type: ignore[attr-defined]
    again = _found(companies, accounts)
    assert {key: row for key, row in again.items() if "Z" not in key} == found
