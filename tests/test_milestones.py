"""Targets read as real and as nominal growth, by the scenario's prices."""

import pytest
from handmade import audit_plan, scenario

from planmodel.feasibility.milestones import real_nominal

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
