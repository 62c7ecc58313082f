"""Deliveries in any order, twice, late or corrected, through runs without dbt."""

import fault_company as company
import pytest

MAY_DAY, JUNE_DAY = "2026-05-31", "2026-06-30"
# How a load came to be current, and the numbers of runs, differ; the figures do not.
OF_THE_WAY = {"load_info", "mart_info"}


@pytest.fixture
def small(quick_folder, stub_server, tmp_path):
    """A company that has delivered nothing yet, and a run for it."""
    one = company.Company(quick_folder / tmp_path.name)
    one.configure(keep_publications=3)

    def run(*arguments: str) -> str:
        ended = stub_server.run("stub_run:main", str(one.config), *arguments)
        assert ended.status == 0, ended.output
        return ended.output.strip()

    return one, run


def figures(of: company.Company) -> dict[str, str]:
    return {mart: found for mart, found in company.contents(of.current).items()
            if mart not in OF_THE_WAY}


def test_loads_that_come_in_another_order_make_the_same_figures(small, stub_scene):
    one, run = small
    one.deliver(company.JUNE, JUNE_DAY)
    run()
    one.deliver(company.MAY, MAY_DAY)
    run()

    in_order = {m: h for m, h in stub_scene.june.marts.items() if m not in OF_THE_WAY}
    assert figures(one) == in_order


def test_a_delivery_that_comes_twice_changes_nothing(small):
    one, run = small
    one.deliver(company.MAY, MAY_DAY)
    assert run() == "00001_2026-05-31"
    loads = company.loads(one.data)

    one.deliver(company.MAY, MAY_DAY)

    assert run() == "unchanged 00001_2026-05-31"
    assert company.loads(one.data) == loads


def test_a_correction_for_the_same_day_takes_the_place_of_what_it_corrects(small):
    one, run = small
    one.deliver(company.JUNE, JUNE_DAY)
    run()
    first = figures(one)
    fixed = [dict(row) for row in company.JUNE["erp_ar_document"]]
    fixed[-2]["amount"] = fixed[-2]["base_amount"] = "12.00"
    one.deliver_table("erp", "erp_ar_document", fixed, JUNE_DAY)
    run()

    changed = {mart for mart, found in figures(one).items() if found != first[mart]}
    assert changed == {"erp_ar_document", "balance_check", "quarantine"}
    assert len(list((one.data / "landing/loads/ledger/erp_ar_document").iterdir())) == 2


def test_a_rolled_back_version_is_published_anew_only_by_force(small, stub_server):
    one, run = small
    one.deliver(company.MAY, MAY_DAY)
    run()
    one.deliver(company.JUNE, JUNE_DAY)
    run()
    stub_server.run("stub_run:rollback", str(one.config))
    assert company.assert_whole(one.current) == "00001_2026-05-31"

    assert run() == "unchanged 00002_2026-06-30"
    assert company.assert_whole(one.current) == "00001_2026-05-31"
    assert run("--force") == "00003_2026-06-30"
    assert company.assert_whole(one.current) == "00003_2026-06-30"


def test_a_setting_changed_and_changed_back_is_published_each_time(small):
    one, run = small
    one.deliver(company.MAY, MAY_DAY)
    run()
    one.configure(keep_publications=3, reporting_currency="USD")
    assert run() == "00002_2026-05-31"
    one.configure(keep_publications=3)
    assert run() == "00003_2026-05-31"


def test_working_files_that_are_garbage_are_made_again(small):
    one, run = small
    one.deliver(company.MAY, MAY_DAY)
    run()
    first = figures(one)
    for name in ("private.duckdb", "private.duckdb.wal", "mart.duckdb", "mart.duckdb.wal",
                 "build.json", "target/run_results.json"):
        (one.data / "build" / name).write_bytes(b"\x00garbage")

    assert run("--force") == "00002_2026-05-31"
    assert figures(one) == first


def test_everything_but_the_landing_and_the_register_can_be_made_again(small):
    one, run = small
    one.deliver(company.MAY, MAY_DAY)
    run()
    one.deliver(company.JUNE, JUNE_DAY)
    run()
    first = figures(one)
    for name in ("accepted", "parsed", "identity", "build"):
        company.shutil.rmtree(one.data / name)

    run("--force")

    assert figures(one) == first
