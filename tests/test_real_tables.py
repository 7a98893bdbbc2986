"""Real tables of other plans: judged, and judged the right way round."""

from pathlib import Path

import pytest
import yaml
from handmade import OBSERVATION, TARGET, write_data

from planmodel import load_plan
from planmodel.feasibility import assess_plan
from planmodel.plans.scenarios import load_scenario
from planmodel.review import review

CASES = yaml.safe_load((Path(__file__).parent / "cases/real_tables.yaml").read_text(encoding="utf-8"))
UNITS = "元,yuan,CNY1,1\n件,pieces,count,1\n年,years,year,1\n人,persons,person,1\n个,places,place,1\n亿吨,100m tonnes,t,100000000\n"
UNITS += "亿吨标准煤,100m tonnes of coal equivalent,tce,100000000\n点,points,index,1\n"
N_DRAWS = 1000


def indicator_row(name, cells):
    return {
        "indicator": name, "name_zh": name, "name_en": name, "unit": cells["unit"], "scale": cells["scale"],
        "direction": cells.get("direction", "higher"), "price_basis": cells.get("basis", "none"),
        "growth_basis": cells.get("growth", "none"), "flow": "flow" if "basis" in cells else "", "part_of": "",
        "reduction_of": cells.get("reduction_of", ""), "reference": cells.get("family", ""), "note": "",
    }  # fmt: skip


def target_row(number, cells, case):
    kind, base, goal = cells.get("kind", "level"), cells.get("base", ""), cells.get("target", "")
    percent = kind in ("annual_growth", "cumulative_change_pct", "relative")
    return TARGET | {
        "number": str(number), "indicator": cells["indicator"], "base_year": str(cells.get("base_year", case["base_year"])),
        "base_printed": str(base), "base_value": str(base), "base_unit": cells["unit"] if base != "" else "",
        "target_year": str(cells.get("target_year", case["target_year"])), "attribute": cells.get("attribute", "expected"), "target_printed": str(goal), "target_value": str(goal),
        "unit": "" if kind == "relative" else "%" if percent else cells["unit"],
        "comparator": cells.get("comparator", "eq") if goal != "" or kind == "relative" else "", "kind": kind,
        "status": cells.get("status", "printed"), "relative_to": cells.get("relative_to", ""), "source": f"row {number}",
    }  # fmt: skip


def observations(case):
    units = {cells["indicator"]: cells["unit"] for cells in case["rows"].values()}
    units |= {name: cells["unit"] for name, cells in case["beside"].items()}
    for name, measures in case["observed"].items():
        for measure, figures in measures.items():
            for year, figure in figures.items():
                unit = "%" if measure == "growth" else units[name]
                about = {"vintage": "final", "published": f"{year + 1}-03-01", "source": "published figures"}
                yield OBSERVATION | about | {
                    "indicator": name, "period": str(year), "measure": measure, "value": str(figure), "unit": unit,
                    "printed": str(figure), "region": "china",
                }  # fmt: skip


@pytest.fixture(scope="module", params=CASES)
def table(request, tmp_path_factory):
    """A table as a plan, and what is to come out of it."""
    case, folder = CASES[request.param], tmp_path_factory.mktemp(request.param)
    named = {cells["indicator"]: cells for cells in case["rows"].values()} | case["beside"]
    write_data(
        folder,
        [target_row(number, cells, case) for number, cells in case["rows"].items()],
        list(observations(case)),
        [indicator_row(name, cells) for name, cells in named.items()],
        base_year=case["base_year"], period=[case["base_year"] + 1, case["target_year"]], region="china",
    )  # fmt: skip
    with (folder / "units.csv").open("a", encoding="utf-8") as units:
        units.write(UNITS)
    return load_plan("example", folder), load_scenario("baseline"), case


def test_nearly_every_row_is_judged(table):
    plan, baseline, case = table
    result = assess_plan(plan, baseline, n_draws=N_DRAWS, as_of=case["base_year"])
    reasons = {a.target.number: a.reason["en"] for a in result.assessments if a.probability is None}
    assert len(result.assessable) >= case["judged"], reasons
    assert all(0 < a.probability < 1 for a in result.assessable)


def test_lights_are_the_right_way_round(table):
    plan, baseline, case = table
    result = review(plan, baseline, "2023", n_draws=N_DRAWS)
    lights = {int(s.target.number): s.light for s in result.standings}
    assert {number: lights[number] for number in case["lights"]} == case["lights"]
