"""Large plans and many: work grows with the number of targets and of plans, pictures and pages show the first ones."""

import gc
import re
import shutil
import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest
from handmade import OBSERVATION, REGIONS, TARGET, write_data

from planmodel import load_plan, load_scenario
from planmodel.audit import audit
from planmodel.breakdown import break_down
from planmodel.charts import fan_multiples, probability_chart, required_chart
from planmodel.charts.chart import with_left_out
from planmodel.drivers import drivers
from planmodel.exchange import plan_series
from planmodel.feasibility import assess_plan, system
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.plans import loading
from planmodel.review import review
from planmodel.tables.reading import MOST_SHOWN, read

FEW, MANY = 15, 60
ROOM = 1.3
"""How much more than four times the work four times as many targets may take."""


def large_plan(folder, n_targets):
    """A plan of so many targets, each of a region of its own, with three figures each."""
    (folder / "regions.csv").parent.mkdir(parents=True, exist_ok=True)
    targets, seen = [], []
    for n in range(n_targets):
        region = f"part{n}"
        growth = {"kind": "annual_growth", "unit": "%", "target_value": "6", "target_printed": "6"}
        goal = {"target_value": str(120 + n % 60), "target_printed": str(120 + n % 60)}
        targets.append(TARGET | {"number": str(n), "region": region} | (growth if n % 5 == 0 else goal))
        for year, value in (("2015", "70"), ("2018", "85"), ("2021", "104")):
            own = {"region": region, "period": year, "value": value, "printed": value, "source": f"row {n}"}
            seen.append(OBSERVATION | own | ({"vintage": "final"} if year == "2021" else {}))
    write_data(folder, targets, seen)
    parts = "".join(f"part{n},片{n},Part {n},area,example\n" for n in range(n_targets))
    (folder / "regions.csv").write_text(REGIONS + parts, encoding="utf-8")
    return load_plan("example", folder)


@contextmanager
def counted():
    """Count the calls of functions and the steps of generators, which no other work on the machine changes."""
    calls = [0]

    def count(frame, event, argument):
        calls[0] += event == "call"

    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)


@pytest.fixture(scope="module")
def plans(tmp_path_factory):
    return [large_plan(tmp_path_factory.mktemp("large") / str(n), n) for n in (FEW, MANY)]


WORK = {
    "load": lambda plan, baseline: loading.read_plan(plan.folder, plan.catalogue),
    "audit": lambda plan, baseline: audit(plan).table,
    "assess": lambda plan, baseline: assess_plan(plan, baseline, n_draws=20).table,
    "quantiles": lambda plan, baseline: assess_plan(plan, baseline, n_draws=20).quantiles,
    "review": lambda plan, baseline: review(plan, baseline, n_draws=20).table,
    "drivers": lambda plan, baseline: drivers(plan, baseline).table,
    "breakdown": lambda plan, baseline: break_down(plan, baseline, "constant_growth").table,
    "trajectories": lambda plan, baseline: plan_trajectories(plan, baseline, "linear").table,
    "series": lambda plan, baseline: plan_series(assess_plan(plan, baseline, n_draws=20)),
}  # fmt: skip


@pytest.mark.parametrize(
    "work",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in ("quantiles", "series"))) for name in WORK],
)
def test_work_grows_with_the_number_of_targets_not_with_its_square(plans, work):
    baseline, calls = load_scenario("baseline", plans[0].folder.parent.parent), []
    for plan in (plans[0], *plans):  # the first time reads tables and words
        fresh = replace(plan)  # what was kept of it is forgotten
        with counted() as found:
            WORK[work](fresh, baseline)
        calls.append(found[0])
    assert calls[2] <= ROOM * MANY / FEW * calls[1], calls


def test_a_picture_shows_the_first_of_very_many_targets_and_counts_the_rest(plans, monkeypatch):
    for name in ("chart.MOST_DRAWN", "fan.MOST_PANELS"):
        monkeypatch.setattr(f"planmodel.charts.{name}", 20)
    result = assess_plan(plans[1], load_scenario("baseline", plans[1].folder.parent.parent), n_draws=20)
    for draw, n, left_out in (
        (probability_chart, MANY, 40),
        (required_chart, MANY, 40),
        (fan_multiples, 20, 40),
    ):
        chart = draw(result)
        texts = [" ".join(text.get_text().split()) for text in chart.figure.texts]
        assert sum(text.endswith(f"{left_out} more not drawn.") for text in texts) == 1, (draw, texts)
        assert chart.figure.get_size_inches()[1] < 20 and chart.data.target.nunique() == n
    assert with_left_out(("title", "below"), 20, 20) == ("title", "below")


def test_a_table_shows_its_first_rows_and_its_files_hold_all(plans):
    table = break_down(
        plans[1], load_scenario("baseline", plans[1].folder.parent.parent), "linear"
    ).table.head(MANY)
    rows = read(table.loc[list(table.index) * 6], "en", ("number", "indicator"))
    html = rows._repr_html_()
    assert html.count("<tr") == MOST_SHOWN + 1 and "The first 300 of 360 rows" in html
    assert html.count("%0A") == 6 * MANY + 1  # the lines of the CSV
    assert len(rows.text) == 6 * MANY


def test_the_audit_of_many_plans_reads_each_once_and_looks_at_its_neighbours_only(tmp_path, monkeypatch):
    folder, read_once = write_data(tmp_path), []
    given = {"example": "example", "other": "district", "third": "china", "far": "elsewhere"}
    (folder / "regions.csv").write_text(f"{REGIONS}elsewhere,远市,Far,county,china\n", encoding="utf-8")
    for name, region in given.items():
        own = folder / "plans" / name
        if not own.is_dir():
            shutil.copytree(folder / "plans" / "other", own)
        head = (folder / "plans" / "example" / "plan.yaml").read_text(encoding="utf-8")
        quoted = f"'{region}'" if name == "third" else region
        (own / "plan.yaml").write_text(re.sub("(?m)^region:.*$", f"region: {quoted}", head), encoding="utf-8")
    real = loading.read_plan
    monkeypatch.setattr(
        loading, "read_plan", lambda path, catalogue: read_once.append(path.name) or real(path, catalogue)
    )
    plans = {name: load_plan(name, folder) for name in given}
    near = {name: sorted(loading.neighbours(plan)) for name, plan in plans.items()}
    assert near == {
        "example": ["other", "third"],
        "other": ["example"],
        "third": ["example", "far"],
        "far": ["third"],
    }
    for plan in plans.values():
        audit(plan)
    assert sorted(read_once) == sorted(given)
    (folder / "plans" / "other" / "targets.csv").write_text("broken", encoding="utf-8")
    assert sorted(loading.neighbours(plans["example"])) == [
        "third"
    ]  # that it is broken is said where it is read


def test_paths_go_with_the_plan_that_they_are_of(plans):
    baseline = load_scenario("baseline", plans[0].folder.parent.parent)
    gc.collect()
    before = len(system.HELD.held)
    result = assess_plan(replace(plans[0]), baseline, n_draws=20)
    assert len(system.HELD.held) > before
    del result
    gc.collect()
    assert len(system.HELD.held) == before
