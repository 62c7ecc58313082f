"""Files are gathered into extracts by their names, and dated by them."""

from datetime import date
from pathlib import Path

import pytest

from dagster_project.guessing import folders
from dagster_project.guessing.folders import Group


def gathered(tmp_path: Path, *names: str) -> dict[str, Group]:
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("a,b\n1,2\n")
    return {group.name: group for group in folders.groups(tmp_path)[0]}


def test_files_that_differ_in_their_date_are_one_extract(tmp_path: Path) -> None:
    found = gathered(tmp_path, "customers_2026-05-31.csv", "customers_2026-06-30.csv",
                     "orders_2026-06-30.csv")
    assert list(found) == ["customers", "orders"]
    assert found["customers"].dates == (date(2026, 5, 31), date(2026, 6, 30))
    assert found["customers"].dated == (r"(\d{4}-\d{2}-\d{2})", "%Y-%m-%d")


def test_the_pattern_of_an_extract_finds_no_other_extract(tmp_path: Path) -> None:
    found = gathered(tmp_path, "credit_2026-06-30.csv", "credit_notes_2026-06-30.csv")
    for name, files in (("credit", ["credit_2026-06-30.csv"]),
                        ("credit_notes", ["credit_notes_2026-06-30.csv"])):
        (pattern,) = found[name].patterns
        assert [path.name for path in tmp_path.glob(pattern)] == files


@pytest.mark.parametrize(("name", "form"), [
    ("OP_20260630.csv", "%Y%m%d"), ("OP-30.06.2026.txt", "%d.%m.%Y"),
    ("OP_30062026.csv", "%d%m%Y"), ("OP_2026-06.csv", "%Y-%m"), ("OP_260630.csv", "%y%m%d")])
def test_a_date_in_a_name_is_read_as_it_is_written(tmp_path: Path, name: str, form: str) -> None:
    (group,) = gathered(tmp_path, name).values()
    assert group.name == "op"
    assert group.dated is not None
    assert group.dated[1] == form


def test_a_number_that_is_no_date_dates_nothing(tmp_path: Path) -> None:
    (group,) = gathered(tmp_path, "invoices_1.csv", "invoices_2.csv").values()
    assert (group.name, group.dated, len(group.files)) == ("invoices", None, 2)


def test_names_are_fit_for_the_configuration(tmp_path: Path) -> None:
    found = gathered(tmp_path, "Offene Posten (Kunden).csv", "2026 Umsätze.csv", "SalesOrders.csv",
                     "old/SalesOrders.csv")
    assert list(found) == ["extract_2026_umsaetze", "offene_posten_kunden", "old_sales_orders",
                           "sales_orders"]


def test_files_that_are_no_delivery_are_left_out_with_the_reason(tmp_path: Path) -> None:
    gathered(tmp_path, "a.csv", "a.csv.manifest.json", ".hidden.csv", "b.csv.part")
    left = folders.groups(tmp_path)[1]
    assert left == [("b.csv.part", "still being written, by its ending")]
