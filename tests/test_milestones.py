"""Targets read as real and as nominal growth, by the scenario's prices."""

import pytest
from handmade import audit_plan, scenario

from planmodel import load_plan, load_scenario
from planmodel.feasibility.milestones import milestones, real_nominal

PRICES = 1.015


@pytest.mark.parametrize(
    ("goal", "real", "nominal"),
    [
        ({"indicator": "gdp", "target": "6", "kind": "annual_growth"}, 0.06, 1.06 * PRICES - 1),
        (
            {"indicator": "gdp", "target": "2", "kind": "multiple", "target_year": "2035"},
            2 ** (1 / 15) - 1,
            None,
        ),
        ({"indicator": "trade", "target": "6", "kind": "annual_growth"}, 1.06 / PRICES - 1, 0.06),
        ({"indicator": "gdp", "base": "100", "target": "150"}, 1.5**0.2 / PRICES - 1, 1.5**0.2 - 1),
    ],
)
def test_both_readings(tmp_path, goal, real, nominal):
    plan = audit_plan(tmp_path, [goal], [{"indicator": goal["indicator"], "period": "2020", "value": "100"}])
    found = real_nominal(plan, plan.targets[0], scenario())
    nominal = (1 + real) * PRICES - 1 if nominal is None else nominal
    assert (found.real, found.nominal) == (pytest.approx(real), pytest.approx(nominal))
    assert found.nominal_end == pytest.approx(100 * (1 + nominal) ** plan.targets[0].n_years)


def test_a_path_to_2035_goes_through_the_plans_own_2025():
    """Linhai's GDP grows 6.8 % a year to 2025 and doubles by 2035: 3.7 % a year are left for the ten years after."""
    plan = load_plan("linhai-14fyp")
    path = milestones(plan, plan.target("text/2/1"), load_scenario("baseline"), "constant_growth").path
    values = dict(zip(path.years.tolist(), path.values.tolist(), strict=True))
    assert values[2025] / values[2020] == pytest.approx(1.068**5)
    assert values[2035] / values[2020] == pytest.approx(2)
    assert (values[2035] / values[2025]) ** 0.1 - 1 == pytest.approx(0.0371, abs=5e-4)
