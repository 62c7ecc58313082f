"""A day at the cockpit, in a browser: materialise, see a check warn, read a failure, mend it."""

from typing import Any

from scene import Scene

GOOD = "company_id,name\nC1,Acme\nC2,Globex\nC3,Initech\n"
ONE_BAD = "company_id,name\nC1,Acme\nC2,\nC3,Initech\n"
NOT_DELIMITED_SO = "company_id;name\nC1;Acme\n"


def materialise(page: Any, ends_with: str) -> None:
    """Start the source's job by its button and stay at the run until it is over."""
    page.goto("/locations/customer360/jobs/land_crm")
    page.get_by_role("button", name="Materialize all").click()
    page.get_by_text("Launched run").wait_for()
    page.get_by_role("link", name="View", exact=True).click()
    page.get_by_text(ends_with, exact=True).first.wait_for()


def test_a_bad_delivery_is_seen_read_mended_and_run_again(page: Any, scene: Scene) -> None:
    scene.write("companies_2026-06-30.csv", GOOD)
    materialise(page, "Success")

    # One row of three breaks the contract: the limit lets it pass, the check shows it.
    scene.write("companies_2026-07-01.csv", ONE_BAD)
    materialise(page, "Success")
    page.goto("/assets/crm/crm_company?view=checks")
    page.get_by_text("1 of 3 rows are in quarantine").wait_for()
    page.get_by_role("row", name="companies_2026-07-01.csv 3 C2 name: is empty",
                     exact=True).wait_for()

    # A file that is not written as declared fails the run, and the run says what and where.
    scene.write("companies_2026-07-02.csv", NOT_DELIMITED_SO)
    materialise(page, "Failure")
    page.get_by_text("companies_2026-07-02.csv, line 1: the header reads as one column; it looks "
                     "delimited by ';', the configuration declares ','").first.wait_for()

    # Mended, it is delivered again.
    scene.write("companies_2026-07-02.csv", GOOD)
    materialise(page, "Success")
    page.goto("/assets/crm/crm_company?view=checks")
    page.get_by_text("0 of 3 rows are in quarantine").wait_for()
