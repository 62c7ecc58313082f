"""The committed data dictionary is the one that the contract and the models give."""

import re
from typing import Any

import pytest

import schemas
from dagster_project import dbt_project, dictionary


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return dbt_project.manifest()


def test_the_committed_dictionary_is_current(manifest: dict[str, Any]) -> None:
    assert dictionary.TARGET.read_text(encoding="utf-8") == dictionary.document(manifest), (
        "run `make docs` and commit docs/data-dictionary.md")


def test_every_contract_table_and_mart_has_a_place_that_the_contents_lead_to(
        manifest: dict[str, Any]) -> None:
    text = dictionary.document(manifest)
    marts = [n["name"] for n in manifest["nodes"].values() if n["fqn"][1] == "marts"
             and n["resource_type"] == "model"]
    assert marts
    for name in (*schemas.TABLES, *marts):
        assert f"\n### {name}\n" in text
        assert f"[{name}](#{name})" in text.split("## Contract")[0]


def test_a_bar_in_a_text_does_not_break_its_row() -> None:
    assert dictionary._table(("a", "b"), [("x|y", "z")]) == (
        "| a | b |\n| --- | --- |\n| x\\|y | z |\n")


def test_every_mart_of_a_date_says_whether_the_run_was_forced(manifest: dict[str, Any]) -> None:
    of_a_date = {n["name"]: n["columns"] for n in manifest["nodes"].values()
                 if n["resource_type"] == "model" and n["fqn"][1] == "marts"
                 and "as_of_date" in n["columns"]}
    assert "exceptions" in of_a_date
    assert not [name for name, columns in of_a_date.items() if "is_forced" not in columns]


def test_every_kind_of_exception_is_told(manifest: dict[str, Any]) -> None:
    kinds = [test["test_metadata"]["kwargs"]["values"] for test in manifest["nodes"].values()
             if test["resource_type"] == "test" and test["name"].startswith(
                 "accepted_values_exceptions_kind")]
    told = re.findall(r"^\| (`.+?) \|", (dictionary.TARGET.parent / "exceptions.md").read_text(
        encoding="utf-8"), flags=re.M)
    assert sorted(*kinds) == sorted(", ".join(told).replace("`", "").split(", "))


def test_every_mart_is_read_by_somebody(manifest: dict[str, Any]) -> None:
    read = {i for e in manifest["exposures"].values() for i in e["depends_on"]["nodes"]}
    marts = {i for i, n in manifest["nodes"].items()
             if n["resource_type"] == "model" and n["fqn"][1] == "marts"}
    assert marts <= read
