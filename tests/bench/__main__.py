"""`python -m bench --scale 1`: generate, run both, compare, print the figures.

`--part ageing`: receivables alone, a million documents, beside SQL written by hand.
"""

import argparse
import json
import re
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import duckdb

from dagster_project import dbt_project, publication, settings, warehouse

from . import by_hand, compare, extracts, measure
from .measure import Cost

HELPERS = (*warehouse.HELPERS, "quarantine", "identity_feature", "match_pair", "id_register")
STEP = re.compile(r"^\s+(\S+)\s+done in ([\d.]+) s", re.MULTILINE)


def main() -> None:
    """Measure one scale; everything is written below --folder."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--part", choices=extracts.PARTS, default="whole")
    parser.add_argument("--scale", type=float)
    parser.add_argument("--folder", type=Path, default=settings.PROJECT / "data" / "bench")
    parser.add_argument("--only-pipeline", action="store_true",
                        help="leave out the yardstick, and what changes afterwards")
    arguments = parser.parse_args()
    part, scale = arguments.part, arguments.scale or extracts.SCALES[arguments.part]
    folder = (arguments.folder / f"{part}-{scale:g}").resolve()
    configuration = extracts.write(folder, scale, part=part)
    extracts.remove_changes(folder)
    size = sum(f.stat().st_size for _, f in extracts.delivered(folder).values())
    print(f"{part}, scale {scale:g}: {size / 1e6:.0f} MB of CSV in {folder}")
    figures = run(configuration, folder / "log", part=part, only_pipeline=arguments.only_pipeline)
    (folder / "figures.json").write_text(json.dumps(figures, indent=1))


def run(configuration: Path, logs: Path, *, part: str = "whole",
        only_pipeline: bool = False) -> dict[str, object]:
    """The figures of one company's extracts, printed as they come. Exits where rows differ."""
    folder = configuration.parent
    logs.mkdir(exist_ok=True)
    shutil.rmtree(folder / "data", ignore_errors=True)
    # Made once for each state of the code, at installation: no part of a run.
    dbt_project.ensure_manifest()
    command = [sys.executable, "-m", "dagster_project.cli", "run", "--config", str(configuration)]
    pipeline = _line("pipeline", measure.cost(command, logs / "pipeline.log"))
    steps = _steps(logs / "pipeline.log")
    if only_pipeline:
        return {"pipeline": pipeline, "steps": steps}
    store = settings.load(configuration).store
    _keep_helpers(warehouse.private_file(store), folder / "helpers.duckdb")
    current = publication.current(store)
    assert current is not None
    models = [str(folder), str(folder / "helpers.duckdb"),
              str(store.build / "target" / "manifest.json")]
    plain = _yardstick("plain", "plain", pipeline, current.database, models)
    if part == "ageing":
        alone = _yardstick("plain", "ageing alone", pipeline, current.database, models,
                           *by_hand.MARTS)
        hand = _yardstick("by_hand", "by hand", pipeline, current.database, [str(folder)])
        print(f"  its models to SQL by hand: {alone['cpu'] / hand['cpu']:.2f} of CPU seconds")
        return {"pipeline": pipeline, "steps": steps, "plain": plain, "ageing alone": alone,
                "by hand": hand}
    nothing = _line("nothing changed", measure.cost(command, logs / "unchanged.log"))
    started = _line("python -c pass", measure.cost([sys.executable, "-c", "pass"],
                                                   logs / "pass.log"))
    extracts.write_changes(folder)
    changed = _line("1 % changed", measure.cost(command, logs / "changed.log"))
    changed_steps = _steps(logs / "changed.log")
    extracts.remove_changes(folder)
    return {"pipeline": pipeline, "steps": steps, "plain": plain, "nothing changed": nothing,
            "python -c pass": started, "changed": changed, "changed steps": changed_steps}


def _yardstick(module: str, what: str, pipeline: dict[str, float], published: Path,
               inputs: list[str], *marts: str) -> dict[str, float]:
    """Measure `bench.MODULE` and compare the marts it leaves. Exits where rows differ."""
    folder = Path(inputs[0])
    target = folder / what.replace(" ", "_")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    cost = _line(what, measure.cost(
        [sys.executable, "-m", f"bench.{module}", *inputs, str(target), *marts],
        folder / "log" / f"{target.name}.log", {"PYTHONPATH": ":".join(sys.path)}))
    print(f"  ratio                {pipeline['wall'] / cost['wall']:.2f} of wall, "
          f"{pipeline['cpu'] / cost['cpu']:.2f} of CPU seconds")
    compared, found = compare.differences(published, target / "mart.duckdb",
                                          as_far_as_right=what != "plain")
    if found:
        sys.exit("\n".join(map(str, found)))
    print(f"  {compared:,} rows of the marts are the same")
    return cost


def _line(what: str, cost: Cost) -> dict[str, float]:
    print(f"  {what:<20} {cost.wall:7.1f} s   {cost.cpu:7.1f} s of CPU   {cost.peak_mb:6.0f} MB",
          flush=True)
    return asdict(cost)


def _steps(log: Path) -> dict[str, float]:
    """Seconds of each step of a run, as the run itself says."""
    steps = {name: float(seconds) for name, seconds in STEP.findall(log.read_text())}
    for name, seconds in steps.items():
        print(f"    {name:<18} {seconds:7.1f} s")
    return steps


def _keep_helpers(private: Path, target: Path) -> None:
    """What a run knows of itself, as tables of a file of their own."""
    target.unlink(missing_ok=True)
    with duckdb.connect(str(private), read_only=True) as con:
        con.execute(f"attach '{target}' as kept (read_only false)")
        for name in HELPERS:
            con.execute(f"create table kept.{name} as from landed.{name}")


if __name__ == "__main__":
    main()
