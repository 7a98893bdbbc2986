"""Joint outcomes: single chances stay, dependence moves the joint one, and wholes follow from their parts."""

from dataclasses import replace

import numpy as np
import pytest

from planmodel import load_plan, load_scenario
from planmodel.feasibility import assess, assess_plan
from planmodel.feasibility.joint import chances, couple

TAIZHOU = "taizhou-services-14fyp"
N_DRAWS = 2000


def with_gdp_target(plan):
    """The plan with a target for GDP added: services value added and its share are there already."""
    services = plan.target("T2/1/1")
    gdp = replace(
        services, number="99", indicator=plan.catalogue.indicators["gdp"], target_value=7500.0, target_digits="7500",
        base_value=5262.72, base_digits="5262.72", target_printed="7500",
    )  # fmt: skip
    chosen = tuple(plan.target(key) for key in ("T2/1/1", "T2/2/1"))
    # a forecast starts from the last known year: leave later observations out so that all three start from 2020
    observations = tuple(o for o in plan.observations if o.last_year <= 2020)
    return replace(plan, targets=(*chosen, gdp), observations=observations)


@pytest.fixture(scope="module")
def result():
    return assess_plan(with_gdp_target(load_plan(TAIZHOU)), load_scenario("baseline"), n_draws=N_DRAWS)


def test_services_share_is_services_over_gdp_in_every_draw(result):
    by_id = {a.target.indicator.id: a.outlook.values for a in result.assessments}
    assert len(by_id) == 3
    implied = 100 * by_id["services_va"][:, 1:] / by_id["gdp"][:, 1:]
    np.testing.assert_allclose(implied, by_id["services_share"][:, 1:], rtol=1e-12)


def test_the_whole_says_what_it_follows_from(result):
    gdp = next(a for a in result.assessments if a.target.indicator.id == "gdp")
    assert "services_share = services_va / gdp" in gdp.notes[-1]["en"]
    assert gdp.probability == pytest.approx(np.mean(gdp.outlook.values[:, -1] >= 7500))


def test_coupling_leaves_single_chances_as_they_are(result):
    plan, scenario = with_gdp_target(load_plan(TAIZHOU)), load_scenario("baseline")
    single = tuple(assess(plan, target, scenario, n_draws=N_DRAWS) for target in plan.targets)
    for before, after in zip(single, couple(single, 0.7, 1), strict=True):
        assert before.probability == after.probability == after.success.mean()
        np.testing.assert_array_equal(
            np.sort(before.outlook.values[:, -1]), np.sort(after.outlook.values[:, -1])
        )


def test_dependence_raises_the_joint_chance_up_to_the_smallest_single_one():
    plan, scenario = load_plan(TAIZHOU), load_scenario("baseline")
    single = tuple(
        assess(plan, plan.target(key), scenario, n_draws=N_DRAWS) for key in ("T2/1/1", "T2/2/1", "T2/11/1")
    )
    joint = [chances(couple(single, dependence, 3))[0] for dependence in (0.0, 0.5, 0.99)]
    product = chances(single)[1]
    assert joint[0] == pytest.approx(product, abs=4 * np.sqrt(product / N_DRAWS))
    assert joint[0] < joint[1] < joint[2] <= min(a.probability for a in single)
