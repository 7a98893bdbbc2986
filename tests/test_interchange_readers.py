"""Other offices' programs read the exports: pyam the IAMC layout, pysdmx the SDMX-CSV, in an environment of their own."""

import json
import os
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from export_readers import from_iamc, read_iamc

from planmodel.commands.cli import main
from planmodel.exchange import plan_series
from planmodel.exchange.sdmx import COMPONENTS, DIMENSIONS, STRUCTURE_ID
from planmodel.feasibility import assess_plan
from planmodel.plans import load_plan, plan_names
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.scenarios import load_scenario

pytestmark = pytest.mark.interchange
ROOT = Path(__file__).parent.parent
PYTHON = ROOT / "interchange" / ".venv" / "bin" / "python"
SCENARIOS, SHAPES, DRAWS = ("baseline", "low"), ("constant_growth", "back_loaded"), 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with both exports of all plans, and what pyam wrote after reading."""
    if not PYTHON.is_file():
        if os.environ.get("PLANMODEL_REQUIRE_INTERCHANGE") == "1":
            pytest.fail("interchange/.venv is missing: make interchange/.venv/.stamp")
        pytest.skip("the readers' environment is not there: make test-interchange makes it")
    folder = tmp_path_factory.mktemp("exports")
    for form in ("iamc", "sdmx"):
        call = ["export", *plan_names(), "--format", form, "--scenarios", *SCENARIOS, "--shape", *SHAPES]
        assert main([*call, "--draws", str(DRAWS), "--out", str(folder / f"{form}.csv")]) == 0
    call = ["export", *plan_names(), "--format", "iamc", "--scenarios", *SCENARIOS, "--shape", *SHAPES]
    assert main([*call, "--draws", str(DRAWS), "--out", str(folder / "iamc.xlsx")]) == 0
    return folder


@pytest.fixture(scope="module")
def found(folder):
    """What the readers say."""
    script = ROOT / "interchange" / "read_back.py"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    clean["XDG_CACHE_HOME"] = str(
        folder / "cache"
    )  # pint keeps paths of another environment in the user's own
    run = subprocess.run(
        [PYTHON, script, folder], capture_output=True, text=True, encoding="utf-8", check=False, env=clean
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def series():
    plans = [load_plan(name) for name in plan_names()]
    scenarios = [load_scenario(name) for name in SCENARIOS]
    results = [assess_plan(plan, scenario, n_draws=DRAWS) for plan in plans for scenario in scenarios]
    return [item for result in results for item in plan_series(result, SHAPES)]


def test_pyam_finds_plans_scenarios_regions_and_variables(found, series):
    iamc = found["iamc"]
    assert [model.split()[-1] for model in iamc["model"]] == list(plan_names())
    assert set(iamc["scenario"]) == set(SCENARIOS)
    assert set(iamc["region"]) == {item.region for item in series}
    assert iamc["rows"] == len(series)
    assert set(iamc["years"]) == {year for item in series for year, _ in item.values}
    assert "Services Value Added|T2/1/1|Trajectory|Level|Back Loaded" in iamc["variable"]
    assert "100 million yuan" in iamc["unit"]


def test_pyam_finds_the_quantiles_as_variables(found, series):
    fans = {(item.indicator, item.target) for item in series if item.figure == "fan"}
    assert len(fans) > 40
    keys = {name.split("|")[1] for name in found["iamc"]["medians"]}
    assert keys == {target for _, target in fans}
    assert not [name for name in found["iamc"]["scenario"] if "quantile" in name.lower()]


def test_pyam_loads_the_meta_indicators(found):
    meta = found["iamc"]["meta"]
    assert len(meta) == len(plan_names()) * len(SCENARIOS)
    row = next(
        row for row in meta if row["Plan"] == "taizhou-services-14fyp" and row["scenario"] == "baseline"
    )
    assert (row["Draws"], row["Seed"], row["First Year"]) == (DRAWS, 20210101, 2021)
    plan = load_plan(row["Plan"])
    result = assess_plan(plan, load_scenario("baseline"), n_draws=DRAWS)
    for assessment in result.assessments:
        end = f"|{assessment.target.id}"
        verdicts = [key for key in row if key.startswith("Verdict|") and key.endswith(end)]
        (stem,) = (
            key.removeprefix("Verdict|") for key in verdicts if isinstance(row[key], str)
        )  # of this plan
        assert row[f"Verdict|{stem}"] == assessment.verdict
        assert row.get(f"Probability|{stem}") == pytest.approx(assessment.probability, abs=1e-15)
    assert found["iamc"]["meta_of_excel_is_the_same"]


@pytest.mark.parametrize("name", ["iamc.csv", "iamc.xlsx", "pyam.csv", "pyam.xlsx"])
def test_every_figure_comes_back_to_the_last_bit(name, folder, found, series):
    back = from_iamc(read_iamc(folder / name), load_catalogue())
    assert len(back) == len(series)
    assert set(back) == set(series)


def test_pyams_own_excel_file_is_the_data_it_read(found):
    assert found["iamc"]["excel_is_the_same"]


def test_pyam_reads_the_workbook_as_the_csv_file_with_its_meta_table(found):
    assert found["iamc"]["workbook_is_the_same"]


def test_pysdmx_validates_the_structure_and_reads_the_data(found, folder):
    sdmx = found["sdmx"]
    written = pd.read_csv(folder / "sdmx.csv", dtype=str, keep_default_na=False)
    assert sdmx["structure"] == STRUCTURE_ID
    assert sdmx["components"] == [component.id for component in COMPONENTS]
    assert tuple(sdmx["dimensions"]) == DIMENSIONS
    assert set(sdmx["columns"]) == set(sdmx["components"])
    assert sdmx["rows"] == len(written)
    assert sdmx["repeated_keys"] == 0
    assert sdmx["unknown_codes"] == {}
    figures = [float(cell) for cell in written["OBS_VALUE"] if cell]
    assert sdmx["sum"] == pytest.approx(sum(figures), rel=1e-12)
