"""From a folder to a configuration that loads, and on to accepted rows."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from other_systems import ERPNEXT, GERMAN, SALESFORCE, SETTLED, lay
from typer.testing import CliRunner, Result

from dagster_project import cli, doctor, pipeline, settings
from dagster_project.errors import ConfigurationError

SHARED = settings.PROJECT.parent / "shared" / "data"


def run(*arguments: Any) -> Result:
    return CliRunner().invoke(cli.app, [str(a) for a in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay(tmp_path / "in", GERMAN, "cp1252")


def test_a_folder_becomes_a_configuration_that_is_ready(folder: Path) -> None:
    output = folder.parent / "my.yaml"
    done = run("init", folder, "--output", output)
    assert done.exit_code == 0, done.output
    assert "0 entries are to do" in " ".join(done.output.split())
    configuration = settings.load(output)
    connection = configuration.sources[0].connection
    assert (connection.delimiter, connection.encoding, connection.decimal, connection.thousands,
            connection.date_format) == (";", "cp1252", ",", ".", ("%d.%m.%Y",))
    assert doctor.examine(configuration).exit_code == 0
    landed = pipeline.land_source(configuration, configuration.sources[0])
    assert {table: (c.accepted, c.quarantined) for table, c in landed.tables.items()} == {
        "erp_entity": (1, 0), "erp_account": (3, 0), "erp_ar_document": (3, 0)}


@pytest.mark.parametrize("files", [GERMAN, ERPNEXT, SALESFORCE, SETTLED], ids=[
    "german", "erpnext", "salesforce", "settled"])
def test_what_is_written_fits_the_files_it_was_guessed_from(
        tmp_path: Path, files: dict[str, str]) -> None:
    output = tmp_path / "my.yaml"
    run("init", lay(tmp_path / "in", files), "-o", output, "--currency", "EUR")
    found = doctor.examine(settings.load(output, unfinished=True))
    (source,) = found.sources
    assert (found.todos, source.mapping) == ((), ())
    assert [e.problem for e in source.extracts] == [None] * len(files)
    assert sum(t.quarantined for t in source.tables) == 0


def test_settled_invoices_are_ready_but_for_their_currency(tmp_path: Path) -> None:
    output = tmp_path / "my.yaml"
    run("init", lay(tmp_path / "in", SETTLED), "-o", output)
    with pytest.raises(ConfigurationError, match="reporting_currency: XXX stands for no currency"):
        settings.load(output)
    run("init", tmp_path / "in", "-o", output, "--currency", "EUR", "--force")
    tables = pipeline.land_source(settings.load(output), settings.load(output).sources[0]).tables
    assert {t: c.accepted for t, c in tables.items()} == {
        "erp_entity": 1, "erp_account": 2, "erp_ar_document": 5, "erp_ar_allocation": 2,
        "erp_dispute": 1}


def test_plain_text_beside_utf_16_keeps_its_own_encoding(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {n: t for n, t in GERMAN.items() if "Kund" in n}, "utf-16")
    lay(folder, {"Bestand.csv": "Artikelnr;Lager;Bestand\nA;L1;5\nB;L1;7\n"})
    output = tmp_path / "my.yaml"
    run("init", folder, "-o", output)
    found = doctor.examine(settings.load(output, unfinished=True))
    assert [e.problem for e in found.sources[0].extracts] == [None, None]


def test_json_beside_delimited_files_is_ready_too(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {name: text for name, text in GERMAN.items() if "Kund" in name})
    lay(folder, {"Rechnungen_30062026.json": json.dumps({"rechnungen": [
        {"Rechnungsnummer": "R-1", "Kundennr": "10001", "Rechnungsdatum": "2026-05-31",
         "Währung": "EUR", "Betrag": 1190.5, "Offener Betrag": 90.25}]})})
    output = tmp_path / "my.yaml"
    run("init", folder, "-o", output)
    configuration = settings.load(output)
    invoices = configuration.sources[0].extracts["rechnungen"]
    assert (invoices.format, invoices.records) == ("json", "rechnungen")
    found = doctor.examine(configuration)
    assert found.exit_code == 0
    document = {t.table: t for t in found.sources[0].tables}["erp_ar_document"]
    row = dict(zip(document.names, document.first[0], strict=True))
    assert (str(row["document_date"]), row["amount"]) == ("2026-05-31", Decimal("1190.5"))


def test_a_file_that_is_there_is_not_overwritten(folder: Path) -> None:
    output = folder.parent / "my.yaml"
    output.write_text("mine\n")
    done = run("init", folder, "-o", output)
    assert isinstance(done.exception, ConfigurationError)
    assert "--force overwrites it" in str(done.exception)
    assert output.read_text() == "mine\n"
    assert run("init", folder, "-o", output, "--force").exit_code == 0
    assert output.read_text() != "mine\n"


@pytest.mark.parametrize(("option", "value", "said"), [
    ("--role", "erb", "choose crm or erp"), ("--currency", "euro", "three capital letters"),
    ("--name", "My Ledger", "lower case letters")])
def test_an_option_that_is_none_is_refused(folder: Path, option: str, value: str,
                                           said: str) -> None:
    done = run("init", folder, "-o", folder.parent / "my.yaml", option, value)
    assert isinstance(done.exception, ConfigurationError)
    assert said in str(done.exception)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = run("init", tmp_path / "nowhere", "-o", tmp_path / "my.yaml")
    assert "there is no such folder" in str(done.exception)


def test_editors_find_the_schema_beside_the_file(folder: Path) -> None:
    run("init", folder, "-o", folder.parent / "my.yaml")
    first = (folder.parent / "my.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=customer360.schema.json"
    assert (folder.parent / "customer360.schema.json").exists()


def test_the_doctor_at_the_terminal(folder: Path) -> None:
    output = folder.parent / "my.yaml"
    run("init", folder, "-o", output)
    done = run("doctor", "--config", output, "--rows", "1")
    assert done.exit_code == 0, done.output
    assert "Ready. customer360 run --config" in done.output
    assert "row 1" in done.output
    output.write_text(output.read_text().replace("name: Firmenname", "name: Firmname"))
    done = run("doctor", "--config", output)
    assert done.exit_code == 2
    assert "closest match: 'Firmenname'" in " ".join(done.output.split())


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data is not here: extracts that nobody "
                                                "prepared")
def test_real_invoices_are_ready_from_the_first_guess(tmp_path: Path) -> None:
    output = tmp_path / "my.yaml"
    run("init", SHARED / "invoices_settled", "-o", output, "--currency", "USD")
    found = doctor.examine(settings.load(output), rows=0)
    assert found.exit_code == 0
    mapped = {t.table: (t.mapped, t.quarantined) for t in found.sources[0].tables}
    assert mapped == {"erp_entity": (1, 0), "erp_account": (100, 0), "erp_ar_document": (4932, 0),
                      "erp_ar_allocation": (2466, 0), "erp_dispute": (561, 0)}
