"""Judgements of the five plans that were upside down once, each with the value that is right."""

from dataclasses import replace

import numpy as np
import pytest

from planmodel import load_plan
from planmodel.feasibility import assess, assess_plan
from planmodel.feasibility.milestones import milestones
from planmodel.feasibility.quantities import history_of
from planmodel.plans.scenarios import load_scenario
from planmodel.plans.unprinted import with_implied

PLANS = ("taizhou-services-14fyp", "linhai-14fyp", "jiaojiang-commerce-14fyp", "xiangtan-services-14fyp")
N_DRAWS = 2000


@pytest.fixture(scope="module")
def judged():
    made = {}

    def of(name, as_of=None):
        if (name, as_of) not in made:
            plan, scenario = load_plan(f"{name}"), load_scenario("baseline")
            made[name, as_of] = assess_plan(plan, scenario, n_draws=N_DRAWS, as_of=as_of)
        return made[name, as_of]

    return of


def notes(assessment):
    return " ".join(note["en"] for note in assessment.notes)


def test_what_a_part_had_already_is_the_base_of_the_whole(judged):
    """Online sales above 300 by 2025: Jiaojiang's 151.28, third of Taizhou in 2020, leave 453.84 at least."""
    one = judged("taizhou-services-14fyp")["text/6/1"]
    assert (one.base_year, one.base) == (2020, pytest.approx(3 * 151.28))
    assert (one.required.measure, one.required.value) == ("headroom", pytest.approx(153.84))
    assert "at least 453.84 was there in 2020 already" in notes(one)
    assert one.record is None  # 97.11 % is the growth of 2013 alone
    assert one.probability > 0.95


def test_what_a_part_had_counts_from_the_day_it_was_published(judged):
    """Jiaojiang's plan is of July 2022."""
    one = judged("taizhou-services-14fyp", 2020)["text/6/1"]
    assert (one.base_year, one.base, one.record) == (2013, pytest.approx(209.13), None)


def test_a_bound_makes_no_record_where_a_plain_figure_is_there(judged):
    """50.7 % in 2020, [1.28] over five years: 0.256 points a year, not 0.175 from "exceeded 50 %" in 2016."""
    one = judged("taizhou-services-14fyp")["T2/2/1"]
    assert (one.record.first_year, one.record.last_year) == (2015, 2020)
    assert one.record.mean == one.record.best == pytest.approx(0.256)
    assert one.history.values[2015] == pytest.approx(49.42)


def test_a_stated_change_carries_a_share(judged):
    """Xiangtan's employment in services: 33.2 % in 2017, up 1.8 points over two years."""
    assert judged("xiangtan-services-14fyp")["text/5/1"].history.values[2015] == pytest.approx(31.4)


@pytest.mark.parametrize("name", PLANS)
def test_no_record_ends_after_the_base_year_or_is_of_one_year(judged, name):
    """Retail sales of Taizhou: 8.7 % is the outturn of 2021."""
    for one in judged(name).assessments:
        if one.record is not None:
            assert one.record.last_year <= one.target.base_year, one.target.id
            assert one.record.last_year - one.record.first_year >= min(2, one.target.n_years), one.target.id


def test_exports_have_the_chance_of_the_trade_that_they_are(judged):
    """Exports are 93 % of Jiaojiang's trade, and both are to grow by 11 % a year."""
    result = judged("jiaojiang-commerce-14fyp")
    trade, exports = (result[f"T1/{n}/1"].probability for n in (3, 4))
    assert exports == pytest.approx(trade, abs=0.02)


def test_a_share_that_moved_24_points_may_move_again(judged):
    """Foreign investment in Xiangtan's services: 52 % in 2015, 76.1 % in 2020, a floor of 60 %."""
    one = judged("xiangtan-services-14fyp")["text/12/1"]
    assert 0.8 < one.probability < 0.96
    low, high = np.quantile(one.outlook.values[:, -1], [0.1, 0.9])
    assert high - low > 15


def test_what_is_doubled_in_one_sentence_has_about_one_chance(judged):
    """GDP, GDP per head and income by 2035, in real terms, from what was known in 2020."""
    three = [judged("linhai-14fyp", 2020)[f"text/2/{n}"] for n in (1, 2, 3)]
    assert all(one.history.real and one.reference == "prefectures_real_gdp" for one in three)
    chances = [one.probability for one in three]
    assert max(chances) - min(chances) < 0.08
    assert len({round(one.required.value, 9) for one in three}) == 1
    assert len({round(one.percentile, 6) for one in three}) == 1  # of fifteen years, not of ten


def test_one_figure_of_an_earlier_year_is_judged_by_its_class_alone(judged):
    """Culture in Linhai: 32.21 in 2019, 58 in 2025: six years."""
    one = judged("linhai-14fyp")["T2/11/1"]
    assert 100 * one.required.value == pytest.approx(10.2993, abs=1e-4)
    assert (one.own_weight, one.record, one.known_to) == (0, None, 2019)
    assert "one figure alone is known, of 2019" in notes(one)
    assert 0.3 < one.probability < 0.7


def test_jobs_in_five_years_are_as_many_a_year(judged):
    plan = load_plan("linhai-14fyp")
    target = plan.target("T2/24/1")
    path = milestones(plan, target, load_scenario("baseline"), "constant_growth").path
    assert np.diff(path.values) == pytest.approx([2.0] * 5)
    assert judged("linhai-14fyp")["T2/24/1"].required.in_unit(target.unit) == (2.0, "万人/year")


def test_a_blank_figure_that_the_plan_implies_is_judged(judged):
    """Retail sales of Taizhou: 2,397 in 2020 and 6.5 % a year or more are 3,284 in 2025, in the table and in the prose."""
    result = judged("taizhou-services-14fyp")
    rate = result["text/32/1"]
    for key, status in (("T2/13/1", "missing"), ("text/5/1", "masked")):
        one = result[key]
        assert (one.target.status, one.target.target_value, one.target.comparator) == (status, 3284, "ge")
        assert one.probability == pytest.approx(rate.probability, abs=0.01)
        assert "another promise of the plan implies" in notes(one)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [("突破4***亿元", 4000, 4999), ("about *000", 1000, 9000), ("3.*", 3.0, 3.9), ("突破**亿元", None, None)],
)
def test_a_mask_that_leaves_digits_is_judged_over_what_they_allow(printed, low, high):
    """4,000 or more by 2025 is as likely as the row says, 4,999 hardly: the chance lies between, and the ends are said."""
    plan, baseline = load_plan("taizhou-services-14fyp"), load_scenario("baseline")
    whole = plan.target("T2/1/1")
    masked = replace(whole, status="masked", target_value=None, target_digits="", target_printed=printed)
    plan = replace(plan, targets=(masked,))
    _, over, note = with_implied(plan, masked)
    if low is None:
        assert over is None and note is None
        return
    assert (over.low, over.high) == (low, high)
    if low == 4000:
        one = assess(plan, masked, baseline, n_draws=2000)
        ends = [
            assess(plan, replace(whole, target_value=end), baseline, n_draws=2000).probability
            for end in (low, high)
        ]
        assert ends[1] < one.probability < ends[0] - 0.05
        assert (
            one.target.target_value == 4500
            and "at the ends of the interval: 8.4%, 13.4% a year required" in notes(one)
        )


def test_a_blank_share_follows_from_the_targets_of_part_and_whole(judged):
    """4,000 of a GDP of 7,547 would be 53 %."""
    plan = load_plan("taizhou-services-14fyp")
    blank = {"status": "missing", "target_value": None, "target_digits": "", "comparator": ""}
    share, services = replace(plan.target("T2/2/1"), **blank), plan.target("T2/1/1")
    whole = plan.catalogue.indicators["gdp"]
    gdp = replace(services, indicator=whole, number="99", target_value=7547.0, base_value=None)
    changed = replace(plan, targets=(share, services, gdp))
    made, over, note = with_implied(changed, share)
    assert (made.status, made.target_value, made.unit) == ("missing", 53.0, "%")
    assert "that services share of GDP = " in note["en"]
    assert round(over.low, 6) == round(over.high, 6) == round(100 * 4000 / 7547, 6)
    assert with_implied(replace(plan, targets=(share, services)), share) == (share, None, None)
    about = replace(changed, targets=(share, services, replace(gdp, comparator="about")))
    _, over, note = with_implied(about, share)  # about 7,547 is 7,396 to 7,698
    assert (round(over.low, 2), round(over.high, 2)) == (51.96, 54.08) and "51.96 to 54.08 (evenly)" in note[
        "en"
    ]


def test_what_a_higher_level_sets_counts_from_its_own_base(judged):
    """CO2 per GDP of Linhai: 0.546 in 2019; the nation's 18 % are of 2020 to 2025: -3.89 % a year, not -3.25 over six."""
    one = judged("linhai-14fyp")["T2/14/1"]
    assert (one.target.status, one.target.target_value, one.target.n_years) == ("assigned", 18, 5)
    assert one.required.in_unit("") == (pytest.approx(-3.8913, abs=1e-3), "%/year")
    assert one.outlook.years[0] == 2020 and one.outlook.values[:, 0].std() > 0  # 2020 is drawn from 2019


def test_a_base_that_follows_says_so(judged):
    """Finance of Xiangtan: 93.5 of 2,343 are 3.99 %."""
    one = judged("xiangtan-services-14fyp")["text/26/1"]
    assert one.base == pytest.approx(3.99, abs=0.01)
    assert "the base of 2020 follows from finance share of GDP = " in notes(one)


@pytest.mark.parametrize("name", PLANS)
def test_no_chance_is_none_or_all(judged, name):
    result = judged(name)
    for p in (*(one.probability for one in result.assessable), result.joint, result.product):
        assert 0 < p < 1
    for one in result.assessable:
        assert 0.01 <= one.probability <= 0.99 or "paths lie" in notes(one), one.target.id


def test_real_growth_from_one_level_is_real(judged):
    """A level at current prices is where real growth starts, not a reason to judge it by nominal growth."""
    plan = load_plan("linhai-14fyp")
    history, _ = history_of(plan, plan.target("text/2/2"), load_scenario("baseline"))
    assert (history.real, history.values.to_dict()) == (True, {2020: 100.0})


def test_growth_that_is_known_is_no_matter_of_a_scenario_for_what_is_tied_to_it():
    """Linhai's GDP is known to 2024, its employment to 2020: a slower plan period has but one year left for both."""
    plan = load_plan("linhai-14fyp")
    low, high = (
        assess(plan, plan.target("T2/3/1"), load_scenario(name), n_draws=2000).probability
        for name in ("low", "high")
    )
    assert low < high
