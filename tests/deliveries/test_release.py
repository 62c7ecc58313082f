"""Releasing letters: recorded once, whole, from what readers see; and what comes back."""

import json

import duckdb
import pytest
from letter_firm import Firm
from typer.testing import CliRunner

import schemas
from dagster_project import (
    cli,
    correspondence,
    faults,
    fingerprints,
    pipeline,
    publication,
    settings,
)
from dagster_project.deliveries import outbox
from dagster_project.errors import ConfigurationError, PublicationError, QualityError, StoreError
from dagster_project.settings import RELEASE_COLUMNS
from dagster_project.store import read_json, write_json


def release(firm: Firm, **wanted: object) -> list[str]:
    """Release what is due; the ids of the letters that were recorded by it."""
    configuration = firm.configuration
    version = publication.readable(configuration.store, None)
    chosen = correspondence.choose("letters", version, **wanted)
    left, _ = correspondence.releasable(configuration, chosen)
    if left.rows:
        correspondence.release(configuration, left)
    return [row["letter_id"] for row in left.rows]


def lines(firm: Firm) -> list[dict[str, object]]:
    return [json.loads(line) for path in outbox.releases(firm.configuration.store)
            for line in path.read_text().splitlines()]


def publish_with_the_outbox(firm: Firm) -> publication.Publication:
    """What the next run does: land the outbox, and publish a version that stands on its loads."""
    configuration = firm.configuration
    result = pipeline.land_source(configuration, configuration.source("outbox"))
    version = firm.publish()
    manifest = version.folder / publication.MANIFEST
    manifest.chmod(0o644)
    write_json(manifest, read_json(manifest) | {"sources": [
        {"source": "outbox", "loads": [{"load_id": row[2]} for row in result.loads]}]})
    return version


def test_a_release_comes_back_as_rows_of_the_contract(firm) -> None:
    firm.owes("A1")
    firm.owes("A2", currency="EUR", interest="0.41", document_ids="D1;D2")
    firm.publish()
    assert release(firm) == ["atlas/A1/1", "atlas/A2/1"]

    configuration = firm.configuration
    result = pipeline.land_source(configuration, configuration.source("outbox"))

    landed = result.tables["letter_release"]
    assert (landed.accepted, landed.quarantined) == (2, 0)
    assert result.reach is None
    rows = duckdb.sql(f"select {', '.join(RELEASE_COLUMNS)} from "
                      f"read_parquet('{landed.accepted_path}') order by letter_id").fetchall()
    assert [tuple(map(str, row[:-1])) for row in rows] == [
        ("atlas/A1/1", "atlas", "A1", "1", "2026-06-30", "GBP", "letter", "A1-1", "D1", "110.0000",
         "None", "10.0000"),
        ("atlas/A2/1", "atlas", "A2", "1", "2026-06-30", "EUR", "letter", "A2-1", "D1;D2",
         "110.0000", "0.4100", "10.0000")]
    assert {row[-1] for row in rows} == {pipeline.operator()}


def test_the_columns_of_a_release_are_those_of_the_contract() -> None:
    assert tuple(c.name for c in schemas.TABLES["letter_release"].columns) == RELEASE_COLUMNS


def test_the_outbox_is_a_source_of_whoever_has_a_dunning_policy(firm, tmp_path) -> None:
    assert [s.name for s in firm.configuration.sources] == ["steward", "outbox"]
    other = tmp_path / "other.yaml"
    other.write_text(firm.path.read_text().replace("dunning_policy", "survivorship"))
    assert [s.name for s in settings.load(other).sources] == ["steward"]


def test_nobody_may_take_its_name(firm) -> None:
    firm.path.write_text(firm.path.read_text().replace("name: steward", "name: outbox"))
    with pytest.raises(ConfigurationError, match="outbox is the product's own source"):
        _ = firm.configuration


def test_an_outbox_that_nothing_was_ever_put_into_is_no_error(firm) -> None:
    configuration = firm.configuration
    result = pipeline.land_source(configuration, configuration.source("outbox"))
    assert result.tables["letter_release"].accepted == 0
    assert (result.reach, result.load_date, result.problem) == (None, None, None)


def test_a_release_is_a_change_that_the_next_run_sees(firm) -> None:
    firm.owes("A1")
    firm.publish()
    before = fingerprints.inputs_digest(firm.configuration, None)
    release(firm)
    assert fingerprints.inputs_digest(firm.configuration, None) != before


def test_a_letter_is_recorded_once_however_often_it_is_released(firm) -> None:
    firm.owes("A1")
    firm.owes("A2")
    firm.publish()
    assert release(firm, names=["A1-1"]) == ["atlas/A1/1"]
    assert release(firm) == ["atlas/A2/1"]
    assert release(firm) == []
    assert sorted(line["letter_id"] for line in lines(firm)) == ["atlas/A1/1", "atlas/A2/1"]


@pytest.mark.parametrize(("point", "recorded"), [("release.write", 0), ("release.written", 2)])
def test_a_crash_loses_nothing_and_doubles_nothing(firm, point, recorded) -> None:
    firm.owes("A1")
    firm.owes("A2")
    firm.publish()
    faults.arm(point, "raise")
    try:
        with pytest.raises(RuntimeError, match="fault injected"):
            release(firm)
    finally:
        faults.disarm()
    assert len(lines(firm)) == recorded
    release(firm)
    assert sorted(line["letter_id"] for line in lines(firm)) == ["atlas/A1/1", "atlas/A2/1"]


def test_a_version_that_does_not_know_an_earlier_release_releases_nothing(firm) -> None:
    firm.owes("A1")
    firm.publish()
    release(firm)
    firm.owes("A2")
    firm.publish()
    with pytest.raises(PublicationError, match=r"does not know what was released from 00001_.*"
                                               "`customer360 run` first"):
        release(firm)
    publish_with_the_outbox(firm)
    assert release(firm) == ["atlas/A2/1"]


def test_what_a_rolled_back_version_does_not_know_keeps_it_from_releasing(firm) -> None:
    firm.owes("A1")
    firm.owes("A2")
    firm.publish()
    release(firm, names=["A1-1"])
    publish_with_the_outbox(firm)
    release(firm, names=["A2-1"])
    publication.rollback(firm.configuration.store)
    with pytest.raises(PublicationError, match=r"00001_\S+ does not know what was released from "
                                               r"00002_\S+ \(00002_2026-06-30.jsonl\)"):
        release(firm, names=["A2-1"])


def test_a_release_that_was_landed_counts_though_its_file_is_gone(firm) -> None:
    firm.owes("A1")
    firm.publish()
    release(firm)
    publish_with_the_outbox(firm)
    [path] = outbox.releases(firm.configuration.store)
    path.unlink()
    publication.rollback(firm.configuration.store)
    with pytest.raises(PublicationError, match=r"does not know what was released from earlier "
                                               r"ones \(00001_2026-06-30.jsonl\)"):
        release(firm)


@pytest.mark.parametrize(
    "content", ["", "[1]\n", '{"letter_id": "atlas/A1/1"}\n', '{"letter_id": '])
def test_a_release_that_was_edited_into_nothing_stops_the_next(firm, content) -> None:
    firm.owes("A1")
    firm.owes("A2")
    firm.publish()
    release(firm, names=["A1-1"])
    [path] = outbox.releases(firm.configuration.store)
    path.chmod(0o644)
    path.write_text(content)
    with pytest.raises(StoreError, match="restore the file from a backup, or remove it"):
        release(firm)


def test_a_release_without_its_last_line_end_still_counts_whole(firm) -> None:
    firm.owes("A1")
    firm.publish()
    release(firm)
    [path] = outbox.releases(firm.configuration.store)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().rstrip())
    path.rename(path.with_name(f"Copy of {path.name}"))
    assert release(firm) == []
    assert outbox.record(firm.configuration.store, [{"letter_id": "atlas/A2/1"}],
                         publication_id="x", as_of=publication.date(2026, 6, 30)).exists()


def test_nothing_is_released_from_a_past_date(firm) -> None:
    firm.owes("A1")
    firm.publish()
    past = firm.publish(past=True)
    chosen = correspondence.choose("letters", past)
    with pytest.raises(PublicationError, match="not what readers see"):
        correspondence.releasable(firm.configuration, chosen)
    said = command(firm, "letters", "--release", "--as-of", "2026-03-31")
    assert isinstance(said.exception, ConfigurationError)
    assert command(firm, "letters", "--as-of", "2026-03-31").exit_code == 0
    assert [*(firm.configuration.store.deliveries / "letters" / past.id).glob("*.pdf")]


def test_nothing_is_released_that_was_forced_beyond_what_the_sources_reach(firm) -> None:
    firm.owes("A1", is_forced=True)
    chosen = correspondence.choose("letters", firm.publish())
    with pytest.raises(PublicationError, match="was forced: it is of 2026-06-30"):
        correspondence.releasable(firm.configuration, chosen)


def test_a_letter_that_would_come_back_into_quarantine_is_not_released(firm) -> None:
    firm.owes("A1", currency="eu")
    firm.publish()
    with pytest.raises(QualityError, match="nothing was released"):
        release(firm)
    assert lines(firm) == []


# -- the command -------------------------------------------------------------------------------


def command(firm: Firm, *arguments: str, answer: str = ""):
    return CliRunner().invoke(cli.app, [*arguments, "--config", str(firm.path)], input=answer)


def test_a_release_shows_the_letters_and_asks(firm) -> None:
    firm.owes("A1")
    firm.publish()
    refused = command(firm, "letters", "--release", answer="n\n")
    assert "A1-1" in refused.output
    assert refused.exit_code != 0
    assert lines(firm) == []
    done = command(firm, "letters", "--release", answer="y\n")
    assert done.exit_code == 0, done.output
    assert [line["letter_ref"] for line in lines(firm)] == ["A1-1"]
    assert [*(firm.configuration.store.deliveries / "letters").rglob("A1-1.pdf")]


def test_what_cannot_be_sent_is_left_out_unless_it_is_named(firm) -> None:
    firm.owes("A1", cannot_be_sent_because="no postal address")
    firm.owes("A2")
    firm.publish()
    assert command(firm, "letters", "--release", "--yes").exit_code == 0
    assert [line["letter_ref"] for line in lines(firm)] == ["A2-1"]
    assert command(firm, "letters", "A1-1", "--release", "--yes").exit_code == 0
    assert [line["letter_ref"] for line in lines(firm)] == ["A2-1", "A1-1"]


def test_a_letter_that_cannot_be_made_is_not_released(firm) -> None:
    firm.owes("A1", template="friendly")
    firm.publish()
    done = command(firm, "letters", "--release", "--yes")
    assert isinstance(done.exception, ConfigurationError)
    assert lines(firm) == []


def test_where_no_letter_is_due_none_is_made(firm) -> None:
    firm.publish()
    assert "No letter is due as of 2026-06-30." in command(firm, "letters").output
    assert "There is no letter to release." in command(firm, "letters", "--release").output


def test_statements_ask_whose(firm) -> None:
    firm.publish()
    assert isinstance(command(firm, "statements").exception, ConfigurationError)
    assert command(firm, "statements", "--all").exit_code == 0
