"""The company of the cases, landed, built, audited and published once.

The rooms are called in the order in which the product calls them, in this process and without
Dagster, which would double the time.
"""

import compiled_marts
import pytest
from case_company import Company, cases
from case_marts import Built, Marts

from dagster_project import building, dbt_project, pipeline, settings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Every case's rows landed, and what followed published."""
    configuration = settings.load(Company(cases()).write(tmp_path_factory.mktemp("cases")))
    store = configuration.store
    for source in configuration.sources:
        pipeline.land_source(configuration, source)
    building.prepare_build(configuration, run_id="cases", as_of=None, force=False, inputs="")
    dbt_project.ensure_manifest()
    target = dbt_project.target_folder(store)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUSTOMER360_DATA", str(store.root))
        dbt = dbt_project.Build(target)
        for _ in dbt:
            pass
    assert dbt.problem is None, dbt.problem
    published = building.publish_build(configuration, run_id="cases", target=target,
                                       manifest=dbt_project.manifest())
    return Built(configuration, published, compiled_marts.Models(target / "manifest.json"))


@pytest.fixture(scope="session")
def marts(built: Built) -> Marts:
    """What each case finds in them."""
    return Marts(built, cases())
