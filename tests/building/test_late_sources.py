"""A source that is missing, refused or behind: what a publication does, by policy, and says."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from scene import COMPANIES, LEDGER

from dagster_project import building, pipeline, settings, warehouse
from dagster_project.errors import ConfigurationError, DeliveryError, PublicationError, QualityError

COMPANY = "company_id,name\nC1,Acme\n"
CUSTOMER = "No,Name\nK1,Acme\n"


class Firm:
    """A CRM and a ledger that deliver into one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "in").mkdir()
        self.keys: dict[str, Any] = {}

    def deliver(self, name: str, content: str) -> None:
        (self.root / "in" / name).write_text(content, encoding="utf-8")

    @property
    def configuration(self) -> settings.Configuration:
        where = {"connection": {"type": "files", "path": "in"}}
        (self.root / "c.yaml").write_text(yaml.safe_dump({
            "company": "Firm", "reporting_currency": "EUR", "max_row_loss_pct": 100,
            "sources": [COMPANIES | where, LEDGER | where], **self.keys}), encoding="utf-8")
        return settings.load(self.root / "c.yaml")

    def build(self, *, as_of: date | None = None, force: bool = False) -> building.Build:
        configuration = self.configuration
        for source in configuration.sources:
            pipeline.land_or_stand(configuration, source)
        return building.prepare_build(configuration, run_id="r", as_of=as_of, force=force,
                                      inputs="")

    def source_info(self) -> dict[str, tuple[Any, ...]]:
        with duckdb.connect(str(warehouse.private_file(self.configuration.store))) as con:
            return {row[0]: row[1:] for row in con.execute(
                "select source, reach_date, lag_days, stale_because from landed.source_info"
            ).fetchall()}


@pytest.fixture
def firm(tmp_path: Path) -> Firm:
    firm = Firm(tmp_path)
    firm.deliver("companies_2026-06-30.csv", COMPANY)
    firm.deliver("customers_2026-06-30.csv", CUSTOMER)
    return firm


def test_a_source_may_reach_less_far_by_any_number_of_days_where_nobody_says_otherwise(
        firm: Firm) -> None:
    firm.deliver("companies_2026-12-31.csv", COMPANY)
    build = firm.build()
    assert (build.as_of_date, build.warnings) == (date(2026, 6, 30), ())
    assert firm.source_info()["ledger"] == (date(2026, 6, 30), 184, None)


def test_a_lag_at_the_limit_is_in_time_and_a_day_more_is_late(firm: Firm) -> None:
    firm.keys = {"max_lag_days": 1}
    firm.deliver("companies_2026-07-01.csv", COMPANY)
    assert firm.build().stale == {}
    firm.deliver("companies_2026-07-02.csv", COMPANY)
    with pytest.raises(DeliveryError, match=r"ledger is late: it reaches 2 days less far .* waits"):
        firm.build()


def test_with_publish_the_older_data_is_published_and_marked(firm: Firm) -> None:
    firm.keys = {"max_lag_days": 1, "when_late": "publish"}
    firm.deliver("companies_2026-07-02.csv", COMPANY)
    build = firm.build()
    said = ("source ledger is late: it reaches 2 days less far than the furthest source "
            "(max_lag_days: 1)")
    assert (build.as_of_date, build.warnings) == (date(2026, 6, 30), (said,))
    assert firm.source_info() == {"crm": (date(2026, 7, 2), 0, None),
                                  "ledger": (date(2026, 6, 30), 2, said)}


def test_force_publishes_once_without_waiting(firm: Firm) -> None:
    firm.keys = {"max_lag_days": 0}
    firm.deliver("companies_2026-07-01.csv", COMPANY)
    assert set(firm.build(force=True).stale) == {"ledger"}


def test_a_past_date_that_every_source_reaches_waits_for_nobody(firm: Firm) -> None:
    firm.keys = {"max_lag_days": 0}
    firm.deliver("companies_2026-07-01.csv", COMPANY)
    assert firm.build(as_of=date(2026, 6, 29)).stale == {}


def test_a_refused_delivery_stops_a_publication_that_waits(firm: Firm) -> None:
    firm.build()
    firm.deliver("customers_2026-07-01.csv", "")
    with pytest.raises(DeliveryError, match=r"customers_2026-07-01.csv: the file is empty"):
        firm.build()


@pytest.mark.parametrize(("name", "content", "why"), [
    ("customers_2026-07-01.csv", "", "the file is empty"),
    ("customers_2026-07-01.csv", "No,Name\nK1,\nK2,\n", "2 of 2 rows .* break the contract"),
])
def test_with_publish_what_came_before_a_refused_delivery_stands(
        firm: Firm, name: str, content: str, why: str) -> None:
    firm.keys = {"when_late": "publish"}
    firm.build()
    firm.deliver(name, content)
    firm.deliver("companies_2026-07-01.csv", COMPANY)
    build = firm.build()
    assert set(build.stale) == {"ledger"}
    assert build.stale["ledger"].startswith(
        "source ledger stands on what it delivered before (it reaches 2026-06-30): ")
    reach, lag, because = firm.source_info()["ledger"]
    assert (reach, lag) == (date(2026, 6, 30), 1)
    assert duckdb.execute("select regexp_matches($1, $2)", [because, why]).fetchall() == [(True,)]
    # Once it is mended, nothing is said any more.
    firm.deliver(name, CUSTOMER)
    assert firm.build().stale == {}
    assert firm.source_info()["ledger"] == (date(2026, 7, 1), 0, None)


def test_a_build_that_another_source_starts_waits_for_the_one_that_was_refused(firm: Firm) -> None:
    """Sources land on their own: what the refused one delivered before must not pass for today's.
    """
    firm.build()
    firm.deliver("customers_2026-07-01.csv", "")
    firm.deliver("companies_2026-07-01.csv", COMPANY)
    configuration = firm.configuration
    with pytest.raises(DeliveryError, match="the file is empty"):
        pipeline.land_or_stand(configuration, configuration.source("ledger"))
    pipeline.land_or_stand(configuration, configuration.source("crm"))

    def build() -> building.Build:
        return building.prepare_build(configuration, run_id="r", as_of=None, force=False, inputs="")

    with pytest.raises(DeliveryError, match=r"ledger stands on .* the file is empty.* waits"):
        build()
    firm.deliver("customers_2026-07-01.csv", CUSTOMER)
    pipeline.land_or_stand(configuration, configuration.source("ledger"))
    assert build().stale == {}


def test_a_publication_with_older_data_is_another_than_one_without(firm: Firm) -> None:
    firm.keys = {"when_late": "publish"}
    whole = firm.build().fingerprint
    firm.deliver("customers_2026-07-01.csv", "")
    assert firm.build().fingerprint != whole


def test_with_publish_a_source_that_never_delivered_still_stops_the_run(firm: Firm) -> None:
    firm.keys = {"when_late": "publish"}
    (firm.root / "in" / "customers_2026-06-30.csv").unlink()
    with pytest.raises(DeliveryError, match="none was ever landed"):
        firm.build()


def test_a_mapping_that_does_not_fit_is_no_late_delivery(firm: Firm) -> None:
    """What an operator broke is not passed over as if the sender were late."""
    firm.keys = {"when_late": "publish"}
    firm.build()
    firm.deliver("customers_2026-07-01.csv", "Number,Name\nK1,Acme\n")
    with pytest.raises(ConfigurationError, match="the mapping expects 'No'"):
        firm.build()


def test_a_build_never_stands_on_rows_that_were_refused(firm: Firm) -> None:
    """The refused rows can be looked at; what a build reads is what passed."""
    firm.build()
    firm.deliver("customers_2026-07-01.csv", "No,Name\nK1,\nK2,\n")
    configuration = firm.configuration
    ledger = configuration.source("ledger")
    with pytest.raises(QualityError):
        pipeline.land_source(configuration, ledger)
    assert str(pipeline.read_result(configuration, ledger).reach) == "2026-06-30"
    quarantined = [duckdb.execute(f"select count(*) from '{p}'").fetchall()[0][0]
                   for p in pipeline.quarantined(configuration)]
    assert sum(quarantined) == 2


def test_a_build_after_a_change_of_the_configuration_lands_anew_what_it_reads(firm: Firm) -> None:
    firm.build()
    firm.keys = {"max_bad_rows_pct": 50}
    configuration = firm.configuration
    ledger = configuration.source("ledger")
    with pytest.raises(PublicationError, match="not landed under this configuration"):
        pipeline.read_result(configuration, ledger)
    building.prepare_build(configuration, run_id="r", as_of=None, force=False, inputs="")
    assert pipeline.is_landed(configuration, ledger)


@pytest.mark.parametrize(("key", "value", "said"), [
    ("when_late", "shrug", "when_late: Input should be 'wait' or 'publish'"),
    ("max_lag_days", -1, "max_lag_days: Input should be greater than or equal to 0"),
    ("schedule", {"cron": "daily"}, "schedule.cron: String should match"),
    ("schedule", {"cron": "0 5 * * *", "time_zone": "Mars/Base"}, "no time zone is called"),
    ("owner", "finance", "owner: String should match"),
])
def test_operational_keys_that_make_no_sense_are_refused(
        firm: Firm, key: str, value: Any, said: str) -> None:
    firm.keys = {key: value}
    with pytest.raises(ConfigurationError, match=said):
        _ = firm.configuration
