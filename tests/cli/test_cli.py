"""What a person at the command line sees when there is nothing yet, or something is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.output import neutral

COMMAND = str(Path(sys.executable).with_name("customer360"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False)


def test_help_names_every_command() -> None:
    text = run("--help").stdout
    for command in ("run", "status", "query", "publications", "rollback", "quarantine", "accept",
                    "lists", "letters", "statements", "verify", "erase", "init", "doctor",
                    "schema", "ui"):
        assert f" {command} " in text


def test_an_unknown_option_ends_with_2() -> None:
    assert run("run", "--fast").returncode == 2


def test_a_missing_configuration_is_named_and_ends_with_2(tmp_path: Path) -> None:
    done = run("status", "-c", str(tmp_path / "nowhere.yaml"))
    assert done.returncode == 2
    assert "nowhere.yaml: there is no such configuration file" in done.stderr


def test_every_wrong_key_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("compny: x\nreporting_currency: EUR\nsources: []\n")
    done = run("run", "-c", str(path))
    assert done.returncode == 2
    assert "unknown key (closest match: 'company')" in done.stderr
    assert "sources" in done.stderr


def test_a_query_before_the_first_publication_says_what_to_do(configuration_file: Path) -> None:
    done = run("query", "-c", str(configuration_file), "select 1")
    assert done.returncode == 1
    assert "customer360 run" in done.stderr


def test_status_before_the_first_publication(configuration_file: Path) -> None:
    done = run("status", "-c", str(configuration_file))
    assert done.returncode == 0
    assert "none yet" in done.stdout


def test_a_date_that_is_none_ends_with_2(configuration_file: Path) -> None:
    done = run("run", "-c", str(configuration_file), "--as-of", "30.06.2026")
    assert done.returncode == 2
    assert "YYYY-MM-DD" in done.stderr


def test_accepting_a_load_that_is_not_there_ends_with_2(configuration_file: Path) -> None:
    done = run("accept", "-c", str(configuration_file), "abc", "--why", "it is right")
    assert done.returncode == 2
    assert "no load 'abc'" in done.stderr


def test_rolling_back_with_nothing_published_says_so(configuration_file: Path) -> None:
    done = run("rollback", "-c", str(configuration_file))
    assert done.returncode == 1
    assert "no earlier publication" in done.stderr


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_made_plain(text: str) -> None:
    assert neutral(text) == "'" + text


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert [neutral(v) for v in (-1, "a=b", None)] == [-1, "a=b", None]
