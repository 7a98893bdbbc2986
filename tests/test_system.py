"""The system of a plan: its quantities are drawn together, and identities and prices hold in every draw."""

from dataclasses import replace

import numpy as np
import pytest

from planmodel import load_plan, load_scenario
from planmodel.feasibility import assess, assess_plan, chances
from planmodel.feasibility.outlooks import KEPT
from planmodel.feasibility.system import HELD, Quantity, System, _normal_scores
from planmodel.forecasts.dependence import loadings
from planmodel.forecasts.reference import ReferenceClass
from planmodel.plans.known import until

TAIZHOU, LINHAI = "taizhou-services-14fyp", "linhai-14fyp"
N_DRAWS = 2000


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline")


@pytest.fixture(scope="module")
def taizhou(baseline):
    """The system of Taizhou as of 2020, and values by quantity from 2021 to 2025."""
    system = System(until(load_plan(TAIZHOU), 2020), baseline, N_DRAWS)

    def ahead(indicator, real=False):
        paths = system.paths(Quantity(indicator, "taizhou", real=real))
        return paths.values[:, (paths.years > 2020) & (paths.years <= 2025)]

    return ahead


def held_in_truth(room):
    """The bytes of the arrays by draw that what is held leads to, each counted once."""
    arrays, seen, ahead = {}, set(), list(room.held.values())
    while ahead:
        each = ahead.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, np.ndarray):
            whole = each if each.base is None else each.base
            arrays |= {id(whole): whole.nbytes} if each.ndim == 2 and each.strides[0] else {}
        elif isinstance(each, tuple):
            ahead += each
        else:
            ahead += [] if isinstance(each, ReferenceClass) else getattr(each, "__dict__", {}).values()
    return sum(arrays.values())


def test_draws_that_no_room_is_left_for_are_made_anew_the_same(baseline, monkeypatch):
    plan = load_plan(TAIZHOU)
    roomy = assess_plan(plan, baseline, n_draws=200)
    assert HELD.taken == held_in_truth(HELD)
    assert KEPT.taken == held_in_truth(KEPT)
    for room in (HELD, KEPT):
        for name, value in {"most": 0, "taken": 0, "held": {}}.items():
            monkeypatch.setattr(room, name, value)
    bare = assess_plan(plan, baseline, n_draws=200)
    assert HELD.taken == held_in_truth(HELD) < 200 * 8 * 15 * 30  # those made together last
    assert KEPT.taken == held_in_truth(KEPT) and len(KEPT.held) == 1
    assert bare.table.equals(roomy.table) and bare.quantiles.equals(roomy.quantiles)
    assert (bare.joint, bare.joint_binding) == (roomy.joint, roomy.joint_binding)


def test_a_share_is_its_part_over_the_whole_in_every_draw(taizhou):
    gap = np.log(taizhou("services_share") * taizhou("gdp") / taizhou("services_va"))
    np.testing.assert_allclose(gap, gap[0, 0], atol=1e-9)


def test_parts_add_up_as_they_do_in_the_last_year_known(taizhou):
    parts = sum(taizhou(name) for name in ("primary_va", "secondary_va", "services_va"))
    np.testing.assert_allclose(taizhou("gdp") / parts, 5262.72 / (294.82 + 2298.18 + 2669.73), rtol=1e-5)


def test_the_medians_agree_as_the_audit_asks(taizhou):
    share, part, whole = (
        np.median(taizhou(name), axis=0) for name in ("services_share", "services_va", "gdp")
    )
    a_year = (
        100 * np.log(100 * part / whole / share) / np.arange(1, 6)
    )  # medians of a ratio are not ratios of medians
    assert np.abs(a_year).max() < 0.2


def test_nominal_growth_is_real_growth_and_prices(baseline):
    """Dearer prices raise what is nominal and leave what is real where it was, up to the pull between the two."""
    plan = until(load_plan(LINHAI), 2020)

    def median(prices, real):
        paths = System(plan, baseline.with_deflator(prices), N_DRAWS).paths(
            Quantity("gdp", "linhai", real=real)
        )
        at = [int(np.flatnonzero(paths.years == year)[0]) for year in (2020, 2025)]
        return 20 * np.median(np.log(paths.values[:, at[1]] / paths.values[:, at[0]]))

    cheap, dear = ({real: median(pct, real) for real in (True, False)} for pct in (0.0, 4.0))
    assert dear[False] - cheap[False] > 0.5 > cheap[True] - dear[True] - 2.0
    assert dear[False] - dear[True] > cheap[False] - cheap[True] + 1.2


def test_what_is_known_of_one_reading_moves_the_other(baseline):
    """Linhai's nominal GDP is known to 2024, its real growth to 2020: the years between follow from both."""
    system = System(load_plan(LINHAI), baseline, N_DRAWS)
    growth = Quantity("gdp", "linhai", real=True)
    paths = system.paths(growth)
    alone = system._alone(growth, int(paths.years[-1]))
    year = paths.years == 2024

    def spread(values):
        return np.subtract(*np.quantile(np.log(values[:, year]), (0.9, 0.1)))

    assert spread(paths.values) < 0.9 * spread(alone.values)


def test_a_target_alone_has_the_chance_that_it_has_in_its_plan(baseline):
    plan = load_plan(TAIZHOU)
    result = assess_plan(plan, baseline, n_draws=500)
    for key in ("T2/1/1", "T2/2/1", "T2/11/1"):
        assert assess(plan, plan.target(key), baseline, n_draws=500).probability == result[key].probability
    few = assess_plan(plan, baseline, indicators=("services_va",), n_draws=500)
    assert few["T2/1/1"].probability == result["T2/1/1"].probability


def test_it_says_what_it_agrees_with(baseline):
    result = assess_plan(load_plan(TAIZHOU), baseline, n_draws=200)
    share, services = result["T2/2/1"].notes[-1], result["T2/1/1"].notes[-1]
    assert (
        share["en"] == "in every draw services share of GDP = services value added / gross domestic product"
    )
    assert share["zh"] == "每条路径都满足：服务业增加值占GDP比重＝服务业增加值 / 地区生产总值"
    assert services["en"] == "in every draw 3 identities of the plan hold"


def test_scores_correlate_as_their_kinds_do(baseline):
    system = System(load_plan(TAIZHOU), baseline, 20_000)
    one, other = (
        _normal_scores(*system._scored(Quantity(name, "taizhou"))) for name in ("services_va", "gdp")
    )
    assert np.std(one) == pytest.approx(1, abs=0.03)
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(loadings("services") @ loadings("gdp"), abs=0.03)


def test_a_stated_dependence_raises_the_joint_chance_up_to_the_smallest_single_one(baseline):
    plan = load_plan(TAIZHOU)
    names = ("tourist_trips", "finance_share", "tourism_revenue")
    results = [
        assess_plan(plan, replace(baseline, dependence=d), indicators=names, n_draws=N_DRAWS)
        for d in (0.0, 0.5, 0.99)
    ]
    joint = [chances(result[name] for name in names)[0] for result in results]
    assert joint[0] < joint[1] < joint[2] <= min(results[2][name].probability for name in names)


def test_an_identity_with_a_term_that_nothing_is_known_of_is_left_out(baseline):
    """Linhai's productivity is GDP over employment, of which there is no figure."""
    system = System(load_plan(LINHAI), baseline, 300)
    paths = system.paths(Quantity("labour_productivity", "linhai"))
    assert not any("employment" in note["en"] for note in paths.notes)


def test_known_years_do_not_move(baseline):
    paths = System(load_plan(TAIZHOU), baseline, 300).paths(Quantity("services_va", "taizhou"))
    known = paths.values[:, paths.years <= paths.last_year]
    assert (known == known[0]).all() and known[0, -1] == pytest.approx(2939.24)


def test_a_shock_moves_a_slow_indicator_by_a_part_of_its_own_spread():
    """A point of growth a year would take Linhai's life expectancy up by four years."""
    plan = load_plan(LINHAI)
    chance = {
        name: assess(plan, plan.target("T2/30/1"), load_scenario(name), n_draws=N_DRAWS).probability
        for name in ("low", "baseline", "high")
    }
    assert chance["low"] < chance["baseline"] < chance["high"]
    assert chance["high"] - chance["low"] < 0.5
