"""Numbers are evidence only where their check digits hold; the same numbers always say the same."""

from pathlib import Path

import duckdb
import pytest

from dagster_project import identity
from dagster_project.store import Store


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
    assert identity.vat_id(number, country) == expected


@pytest.mark.parametrize(("number", "country", "expected"), [
    ("552 008 443", "FR", ("FR552008443", "valid")),
    ("552008444", "FR", (None, "invalid")),
    ("HRB 12345", "DE", (None, "unverifiable")),
    ("552008443", None, (None, "unverifiable")),
    (None, "FR", (None, "absent")),
])
def test_a_registration_number_counts_only_where_its_country_has_check_digits(
        number: str | None, country: str | None, expected: tuple[str | None, str]) -> None:
    assert identity.registration_id(number, country) == expected


def test_every_country_with_check_digits_has_a_module_that_checks_them() -> None:
    for country, name in identity.REGISTRATION_NUMBERS.items():
        assert identity.get_cc_module(country, name) is not None, country


def accepted(store: Store, side: str, load: str, rows: str) -> Path:
    path = store.accepted / "s" / side / load / "accepted.parquet"
    path.parent.mkdir(parents=True)
    duckdb.execute(
        f"copy (select * from (values {rows}) v(source, {side}_id, vat_number, "
        f"registration_number, country_code)) to '{path}' (format parquet)")
    return path


def test_features_have_one_row_per_record_and_are_made_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    companies = accepted(store, "company", "1", "('crm', 'C1', 'DE136695976', '', 'DE'), "
                                                "('crm', 'C2', null, null, null)")
    accounts = accepted(store, "account", "1", "('erp', 'A1', '136695976', 'HRB 1', 'DE')")
    features = identity.write_features(store, [companies], [accounts])
    assert duckdb.sql(f"select side, record_id, vat_id, vat_status, registration_status "
                      f"from read_parquet('{features}')").fetchall() == [
        ("account", "A1", "DE136695976", "valid", "unverifiable"),
        ("company", "C1", "DE136695976", "valid", "absent"),
        ("company", "C2", None, "absent", "absent")]
    written = features.stat().st_mtime_ns
    assert identity.write_features(store, [companies], [accounts]) == features
    assert features.stat().st_mtime_ns == written
    other = accepted(store, "account", "2", "('erp', 'A1', null, null, null)")
    assert identity.write_features(store, [companies], [other]) != features


def test_without_companies_and_accounts_there_are_no_features(tmp_path: Path) -> None:
    features = identity.write_features(Store(tmp_path), [], [])
    assert duckdb.sql(f"select count(*) from read_parquet('{features}')").fetchall() == [(0,)]
