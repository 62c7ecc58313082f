"""An extract that need not be there: empty until it comes, then like any other."""

import pytest
from scene import COMPANIES

from dagster_project import doctor
from dagster_project.errors import DeliveryError

EXTRACTS = {"companies": {"files": "companies_*", "required": False,
                          "optional": ["company_id", "name"]}}


def test_what_was_never_delivered_is_empty_where_it_is_not_required(scene) -> None:
    scene.configure(COMPANIES, extracts=EXTRACTS, connection={"path": "nowhere"})
    result = scene.land()
    assert result.tables["crm_company"].mapped == 0
    assert (result.loads, result.reach, result.warnings) == ((), None, ())
    found = doctor.examine(scene.configuration).sources[0]
    assert found.problem is None
    assert [(e.files, e.problem) for e in found.extracts] == [(0, None)]


def test_it_lands_once_it_comes(scene) -> None:
    scene.configure(COMPANIES, extracts=EXTRACTS)
    scene.land()
    scene.write("companies_2026-06-30.csv", "company_id,name\nC1,Ash\n")
    assert scene.values(scene.land(), "crm_company", "company_id") == ["C1"]


def test_without_the_word_it_is_refused(scene) -> None:
    scene.configure(COMPANIES)
    with pytest.raises(DeliveryError, match="no file matches companies_"):
        scene.land()
