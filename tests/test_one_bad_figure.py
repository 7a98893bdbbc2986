"""One figure that will not do costs only itself: what can be said is said, of every kind of target and of every size of figure."""

import contextlib
import io
import json
import shutil
from dataclasses import replace

import matplotlib.pyplot as plt
import pytest
from handmade import OBSERVATION, OBSERVATIONS, PM25_TARGET, SHARE_TARGET, TARGET, small_plan, write_data

from planmodel import PlanmodelError, charts, load_plan, load_scenario
from planmodel.audit import RULES, audit
from planmodel.batch import prepare
from planmodel.breakdown import break_down, first_split, growth_by_sector
from planmodel.commands.cli import main
from planmodel.drivers import drivers, load_assumptions
from planmodel.drivers.assumed import FILE
from planmodel.exchange import plan_series
from planmodel.feasibility import assess_plan
from planmodel.feasibility.assessments import featured
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.files.reading import data_folder
from planmodel.lab.study import check_parameters
from planmodel.plans.kinds import KINDS
from planmodel.plans.rows import printed_bases
from planmodel.review import review
from planmodel.tables.audit import audit_text
from planmodel.tables.breakdown import annual_columns, annual_table, breakdown_answer
from planmodel.tables.drivers import drivers_answer
from planmodel.tables.feasibility import judged, trajectories_answer
from planmodel.tables.reading import read
from planmodel.tables.review import review_answer
from planmodel.words import LANGS

NOTEBOOKS = data_folder().parent / "notebooks" / "en"
BLANK = {"target_value": "", "comparator": "", "base_printed": "", "base_value": "", "base_unit": ""}
NO_BASE = {"base_printed": "", "base_value": "", "base_unit": ""}
OF_KIND = {
    "relative": {"relative_to": "investment", "target_printed": "in step", "unit": "", **BLANK},
    "milestone": {"target_printed": "done", "unit": "", **BLANK},
    "annual_growth": {"target_value": "6", "unit": "%", **NO_BASE},
    "cumulative_change_pct": {"target_value": "30", "unit": "%", **NO_BASE},
    "multiple": {"target_value": "2", **NO_BASE},
    "rank": {"target_value": "20", "comparator": "le", **NO_BASE},
}
SHARES = ("change_pp", "change_pp_per_year", "ratio")
ROWS = {kind: TARGET | {"kind": kind} | OF_KIND.get(kind, {}) for kind in KINDS if kind not in SHARES}
ROWS |= {
    kind: SHARE_TARGET | {"kind": kind, "target_value": "4", **({} if kind == "ratio" else NO_BASE)}
    for kind in SHARES
}
EXTREME = ("1e-300", "0.000001", "1e9", "1e300")
SIZES = ("0", "-5", "1e100", *(pytest.param(size, marks=pytest.mark.slow) for size in EXTREME))
SEEN = (
    *OBSERVATIONS,
    *(OBSERVATION | {"period": str(y), "measure": "growth", "value": f"6.{y % 5}", "unit": "%"} for y in range(2012, 2021)),
    *(OBSERVATION | {"indicator": "investment", "period": str(y), "value": str(100 + y % 7)} for y in range(2011, 2020) if y != 2015),
)  # fmt: skip


def everything(plan, n_draws=20):
    """Make every result of a plan and say it in both languages; draws as few as can be."""
    scenario = load_scenario("baseline")
    found, assessed = audit(plan, {}), assess_plan(plan, scenario, n_draws=n_draws)
    annual, paths = break_down(plan, scenario), plan_trajectories(plan, scenario)
    for lang in LANGS:
        assert audit_text(found, lang)
        assert breakdown_answer(annual)[lang] and trajectories_answer(paths)[lang]
        assert drivers_answer(drivers(plan, scenario))[lang]
        assert review_answer(review(plan, scenario, n_draws=n_draws))[lang]
        assert len(read(annual_table(annual), lang, annual_columns(annual)).text) == len(annual.lines)
    first_split(plan, scenario, "constant_growth")
    growth_by_sector(plan)
    list(plan_series(assessed, ("constant_growth",)))
    assert len(judged(assessed)) <= len(assessed.table) == len(plan.targets)
    assert len(paths.prices) <= len(plan.targets)
    for shown in featured(assessed):
        charts.fan_chart(shown)
    return found


@pytest.mark.parametrize("kind", ROWS)
def test_a_plan_of_one_kind_of_target_has_all_its_results(tmp_path, kind):
    assert everything(small_plan(tmp_path, (ROWS[kind],), SEEN)).unheard == ()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("what", ["base", "target", "outturn"])
def test_a_figure_of_any_size_stops_nothing(tmp_path, what, size):
    plan = small_plan(tmp_path, (TARGET, SHARE_TARGET, PM25_TARGET), SEEN)
    value, n_bases = float(size), len(printed_bases(plan.targets))
    first, *others = plan.targets
    if what == "base":
        first = replace(first, base_value=value, base_digits=size)
    elif what == "target":
        first = replace(first, target_value=value, target_digits=size)
    seen = list(plan.observations[n_bases:])
    if what == "outturn":
        seen[0] = replace(seen[0], value=value, digits=size)
    targets = (first, *others)
    everything(replace(plan, targets=targets, observations=(*printed_bases(targets), *seen)))


@pytest.mark.parametrize("place", ["base", "target"])
def test_a_share_of_nothing_silences_no_rule(place):
    plan = load_plan("taizhou-services-14fyp")
    share = next(t for t in plan.targets if t.id == "T2/2/1")
    changed = replace(share, **{f"{place}_value": 0.0, f"{place}_digits": "0"})
    targets = tuple(changed if t is share else t for t in plan.targets)
    seen = plan.observations[len(printed_bases(plan.targets)) :]
    bad = replace(plan, targets=targets, observations=(*printed_bases(targets), *seen))
    assert audit(bad, {}).unheard == ()


def test_a_look_that_fails_is_named_and_the_others_are_heard(monkeypatch):
    def fails(facts):
        raise ZeroDivisionError("by zero")

    plan = load_plan("xiangtan-services-14fyp")
    whole = audit(plan, {})
    monkeypatch.setattr("planmodel.audit.implied", fails)
    monkeypatch.setattr("planmodel.audit.rates.implied_deflators", fails)
    found = audit(plan, {}, {**RULES, "mine": fails})
    assert [each.rule for each in found.unheard] == ["mine", "implied", "implied_deflators"]
    assert [f.id for f in found.findings] == [f.id for f in whole.findings]


NUMBERS = ("1e3", "7.00E+02", "1_000", "1e400", "1" + "0" * 16, "0." + "0" * 14 + "1", "٣", "inf", "0x10")


@pytest.mark.parametrize("text", NUMBERS)
@pytest.mark.parametrize("table", ["targets", "observations"])
def test_numbers_are_plain_and_of_a_size_that_is_counted(tmp_path, table, text):
    column = {"targets": "target_value", "observations": "value"}[table]
    rows = {"targets": (TARGET,), "observations": (OBSERVATION,)}
    rows[table] = (rows[table][0] | {column: text, "printed": "", "target_printed": ""},)
    trimmed = [{k: v for k, v in row.items() if k in (TARGET, OBSERVATION)[name == "observations"]} for name in rows for row in rows[name]]  # fmt: skip
    write_data(tmp_path, (trimmed[0],), (trimmed[1],))
    with pytest.raises(PlanmodelError) as error:
        load_plan("example", tmp_path)
    assert [fault.what for fault in error.value.faults] == [column]


@pytest.mark.parametrize(
    "seen", ["{low: .nan, high: 3}", "{low: 1, high: .inf}", "{low: 3, high: 1}", "{low: a}", "[1, 2]"]
)
def test_no_assumption_is_no_number(tmp_path, seen):
    text = (data_folder() / FILE).read_text(encoding="utf-8")
    head, _, rest = text.partition("range: {")
    (tmp_path / FILE).write_text(f"{head}range: {seen}{rest.partition('}')[2]}", encoding="utf-8")
    with pytest.raises(PlanmodelError) as error:
        load_assumptions(tmp_path)
    assert ".range: expected low and high as numbers" in str(error.value)
    (tmp_path / FILE).write_text(text.replace("value: ", "value: .nan # ", 1), encoding="utf-8")
    with pytest.raises(PlanmodelError, match="value"):
        load_assumptions(tmp_path)


def test_accounting_of_no_growth_says_so():
    plan = load_plan("linhai-14fyp")
    bad = replace(
        plan,
        targets=tuple(
            replace(t, target_value=-100.0, target_digits="-100") if t.kind == "annual_growth" else t
            for t in plan.targets
            if t.indicator.id == "gdp" and t.kind == "annual_growth"
        ),
    )
    result = drivers(bad, load_scenario("baseline"))
    assert result.goals == () and "-100" in result.reason["en"].replace("−", "-")


@pytest.fixture
def others_only(tmp_path, monkeypatch):
    """The data folder without the plan that is the default."""
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    shutil.rmtree(folder / "plans" / "taizhou-services-14fyp")
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    return folder


def test_nothing_depends_on_a_shipped_plan(others_only, capsys):
    assert (
        main(["export", "linhai-14fyp", "--format", "iamc-meta", "--scenarios", "baseline", "--draws", "100"])
        == 0
    )
    assert capsys.readouterr().out.startswith("Model,Scenario,Plan")
    assert check_parameters({"plans": "xiangtan-services-14fyp"}).plan.name == "xiangtan-services-14fyp"
    assert check_parameters({}).plan.name == "jiaojiang-commerce-14fyp"
    (others_only / "plans" / "jiaojiang-commerce-14fyp" / "targets.csv").write_text("x\n", encoding="utf-8")
    assert check_parameters({"plans": ["linhai-14fyp"]}).plan.name == "linhai-14fyp"
    for name in ("low", "high"):
        (others_only / "scenarios" / f"{name}.yaml").unlink()
    assert prepare(plans=("linhai-14fyp",)).scenarios == ("baseline",)
    quick = ["linhai-14fyp", "--indicators", "gdp", "--draws", "100"]
    assert main(["draft", *quick, "--redraft"]) == 0 == main(["export", *quick, "--format", "iamc"])


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[1-46-9]*.ipynb")), ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", [*ROWS, "zero"])
def test_notebooks_run_on_a_plan_of_one_kind_without_the_shipped_ones(tmp_path, monkeypatch, path, kind):
    row = TARGET | {"base_value": "0", "base_printed": "0"} if kind == "zero" else ROWS[kind]
    write_data(tmp_path, (row,), SEEN)
    (tmp_path / "plans" / "other" / "targets.csv").write_text(
        "one plan with faults beside it", encoding="utf-8"
    )
    shutil.copy(data_folder() / "rules.yaml", tmp_path)
    general = (data_folder() / FILE).read_text(encoding="utf-8").partition("regions:")[0]
    (tmp_path / FILE).write_text(general, encoding="utf-8")
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path))
    names = {"plan": "example", "plans": "example", "scenarios": "baseline", "n_draws": 200}
    monkeypatch.setitem(plt.rcParams, "figure.max_open_warning", 0)
    space = {"__name__": "__main__", "display": lambda *shown: None}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(  # noqa: S102  the notebooks are the project's own
                    compile("".join(cell["source"]), path.name, "exec"), space
                )
                if "parameters" in cell["metadata"].get("tags", ()):
                    space |= {name: value for name, value in names.items() if name in space}


def test_publish_of_nothing_is_one_clear_error(capsys):
    assert main(["publish", "/"]) == 2
    assert "/ without manifest.json" in capsys.readouterr().err


def test_one_bad_plan_stops_no_other(others_only, capsys):
    (others_only / "plans" / "linhai-14fyp" / "targets.csv").write_text("x\n", encoding="utf-8")
    assert main(["audit"]) == 2
    said = capsys.readouterr()
    assert "linhai-14fyp has" in said.err and "Xiangtan services: " in said.out
    assert main(["plans"]) == 2
    said = capsys.readouterr()
    assert "linhai-14fyp has" in said.err and "xiangtan-services-14fyp" in said.out
