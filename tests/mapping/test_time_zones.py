"""Moments become UTC by their own offset, by the zone that an expression names, or the declared."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scene import COMPANIES, Scene

from dagster_project import casting
from dagster_project.dialect import Dialect
from dagster_project.errors import DeliveryError

WITH_OFFSET = "%Y-%m-%dT%H:%M:%S%z"


def read(sql: str) -> Any:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    return connection.execute(f"select {sql}").fetchall()[0][0]


@pytest.mark.parametrize(("zone", "local", "utc"), [
    ("Europe/Berlin", "2026-01-01 00:30:00", datetime(2025, 12, 31, 23, 30)),
    ("Europe/Berlin", "2026-03-29 01:59:59", datetime(2026, 3, 29, 0, 59, 59)),
    # 02:00 to 03:00 does not exist: it counts on from before, as a clock nobody put forward.
    ("Europe/Berlin", "2026-03-29 02:30:00", datetime(2026, 3, 29, 1, 30)),
    ("Europe/Berlin", "2026-03-29 03:00:00", datetime(2026, 3, 29, 1, 0)),
    # 02:00 to 03:00 is there twice: the later one, in winter time, is meant.
    ("Europe/Berlin", "2026-10-25 01:59:59", datetime(2026, 10, 24, 23, 59, 59)),
    ("Europe/Berlin", "2026-10-25 02:30:00", datetime(2026, 10, 25, 1, 30)),
    ("America/New_York", "2026-03-08 02:30:00", datetime(2026, 3, 8, 7, 30)),
    ("America/New_York", "2026-11-01 01:30:00", datetime(2026, 11, 1, 6, 30)),
    ("Asia/Kolkata", "2026-11-01 01:30:00", datetime(2026, 10, 31, 20, 0)),
])
def test_a_local_time_is_one_moment_on_the_days_when_clocks_change_too(
        zone: str, local: str, utc: datetime) -> None:
    assert read(casting.moment(f"'{local}'", Dialect(time_zone=zone))) == utc


@pytest.mark.parametrize(("text", "utc"), [
    ("2026-10-25T02:30:00+02:00", datetime(2026, 10, 25, 0, 30)),
    ("2026-10-25T02:30:00+01:00", datetime(2026, 10, 25, 1, 30)),
    ("2026-10-25T02:30:00Z", datetime(2026, 10, 25, 2, 30)),
    ("2026-10-25T02:30:00", None),
])
def test_an_offset_of_its_own_comes_before_the_declared_zone(
        text: str, utc: datetime | None) -> None:
    dialect = Dialect(time_zone="Europe/Berlin", timestamp_format=WITH_OFFSET)
    assert read(casting.moment(f"'{text}'", dialect)) == utc


@pytest.mark.parametrize(("text", "day"), [
    ("2026-06-30T23:30:00+02:00", date(2026, 6, 30)),
    ("2026-06-30T22:30:00Z", date(2026, 7, 1)),
    ("2026-06-30T21:30:00-05:00", date(2026, 7, 1)),
    ("30.06.2026", date(2026, 6, 30)),
])
def test_the_day_of_a_moment_is_the_day_in_the_declared_zone(text: str, day: date) -> None:
    dialect = Dialect(time_zone="Europe/Berlin", date_format=["%d.%m.%Y", WITH_OFFSET])
    assert read(casting.day(f"'{text}'", dialect)) == day


def in_zones(scene: Scene, zone: str) -> None:
    scene.configure(COMPANIES, connection={"time_zone": "Europe/Berlin"}, tables={
        "crm_company": {"from": "companies", "columns": {
            "company_id": "company_id", "name": "name", "created_at": "stamp",
            "updated_at": {"sql": f"moment(stamp, {zone})"}}}})


def test_a_column_of_another_zone_names_it_and_a_row_may_too(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", "company_id,name,stamp,zone\n"
                "1,A,2026-07-01 00:30:00,Europe/London\n2,B,2026-07-01 00:30:00,Asia/Tokyo\n")
    in_zones(scene, "'Europe/London'")
    assert scene.values(scene.land(), "crm_company", "created_at", "updated_at") == [
        (datetime(2026, 6, 30, 22, 30), datetime(2026, 6, 30, 23, 30))] * 2
    in_zones(scene, "zone")
    assert scene.values(scene.land(), "crm_company", "updated_at") == [
        datetime(2026, 6, 30, 23, 30), datetime(2026, 6, 30, 15, 30)]


def test_a_zone_that_is_none_is_refused_with_the_closest(scene: Scene) -> None:
    scene.write("companies_2026-01-01.csv", "company_id,name,stamp\n1,A,2026-07-01 00:30:00\n")
    in_zones(scene, "'Europe/Lundon'")
    with pytest.raises(DeliveryError, match="Unknown TimeZone 'Europe/Lundon'"):
        scene.land()


def test_moments_of_parquet_are_in_their_own_zone_or_in_the_declared(
        scene: Scene, tmp_path: Path) -> None:
    scene.configure(COMPANIES, connection={"format": "parquet", "time_zone": "Europe/Berlin"})
    path = tmp_path / "in" / "companies_2026-01-01.parquet"
    duckdb.connect().execute(
        "set TimeZone = 'Asia/Tokyo'; copy (select 1 as company_id, 'A' as name, "
        "timestamp '2026-07-01 00:30:00.5' as created_at, "
        f"timestamptz '2026-07-01 00:30:00+00' as updated_at) to '{path}' (format parquet)")
    assert scene.values(scene.land(), "crm_company", "created_at", "updated_at") == [
        (datetime(2026, 6, 30, 22, 30, 0, 500000), datetime(2026, 7, 1, 0, 30))]
