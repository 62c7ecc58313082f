"""A file that is corrected under the same date, and then put back to what it was."""

from scene import Scene

DAY = "companies_2026-06-30.csv"


def test_what_lies_there_counts_also_when_it_lay_there_before(scene: Scene) -> None:
    """The tempting mistake: bytes seen before are a redelivery, whatever came in between."""
    for name in ("A", "B", "A", "B", "A"):
        scene.write(DAY, f"company_id,name\n1,{name}\n")
        result = scene.land()
        assert len(result.new_loads) == 1
        assert scene.values(result, "crm_company", "name") == [name]
        assert scene.land().new_loads == ()
