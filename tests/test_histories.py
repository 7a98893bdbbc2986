"""One history, one probability: what is known at a moment, and the same chance wherever it appears."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from handmade import TARGET, observed, scenario, small_plan

from planmodel import load_plan, load_scenario
from planmodel.arithmetic.growth import fill_growth
from planmodel.charts import fan_chart
from planmodel.drivers import drivers
from planmodel.feasibility import assess, assess_plan
from planmodel.feasibility.classes import by_class, by_reference
from planmodel.feasibility.comparing import places_table
from planmodel.feasibility.histories import as_known
from planmodel.feasibility.quantities import history_of
from planmodel.plans import plan_names
from planmodel.plans.derived import price_changes
from planmodel.plans.promises import promises
from planmodel.report import PlanEntry
from planmodel.review import review, tornado

N_DRAWS = 400
KEY = ["plan", "table", "number", "part"]


@pytest.fixture(scope="module", params=plan_names())
def judged(request):
    """A plan as assessed and as reviewed, of all that is known."""
    plan, baseline = load_plan(request.param), load_scenario("baseline")
    return assess_plan(plan, baseline, n_draws=N_DRAWS), review(plan, baseline, n_draws=N_DRAWS)


def chances(table, chance="probability", known_to="known_to"):
    """(plan, table, number, part, scenario, known to) -> the chances that a table gives."""
    table = table.dropna(subset=[chance])
    scenarios = table["scenario"] if "scenario" in table else pd.Series("baseline", index=table.index)
    keys = zip(*(table[name] for name in KEY), scenarios, table[known_to].astype(int), strict=True)
    return list(zip(keys, table[chance].astype(float), strict=True))


def test_one_target_scenario_and_year_has_one_chance_everywhere(judged):
    assessed, reviewed = judged
    now = [
        pair for table in (assessed.table, places_table(assessed), reviewed.table) for pair in chances(table)
    ]
    start = chances(reviewed.at_start.table)
    start += chances(reviewed.table, "probability_at_start", "known_to_at_start")
    for pairs in (now, start):
        found: dict[tuple, set[float]] = {}
        for key, chance in pairs:
            found.setdefault(key, set()).add(chance)
        assert found and {key: values for key, values in found.items() if len(values) > 1} == {}


def test_index_fan_and_classes_say_what_the_assessment_says(judged):
    assessed, reviewed = judged
    entry = PlanEntry(assessed.plan, {"baseline": assessed}, {}, "en", review=reviewed)
    shown = {r.id: (r.chances[0].probability, r.chances[0].known_to) for r in entry.assessable}
    said = {a.target.id: (a.probability, f"known to {a.known_to}") for a in promises(assessed.assessable)}
    assert shown == said
    first = assessed.assessable[0]
    chart = fan_chart(first)
    assert f"known to {first.known_to}" in " ".join(t.get_text() for t in chart.figure.texts).lower()
    medians = chart.data[chart.data.series == "median"].set_index("year").value
    paths = np.median(first.outlook.values, axis=0)
    scale = medians.iloc[-1] / paths[-1]
    assert paths[1 - len(medians) :] * scale == pytest.approx(medians.to_numpy()[1:])


def test_the_tornado_starts_from_the_reviews_chance(judged):
    _, reviewed = judged
    made = tornado(reviewed)
    if made is not None:
        now = assess(reviewed.known, made.standing.target, reviewed.scenario, n_draws=N_DRAWS)
        assert now.history.values.equals(made.standing.assessment.history.values)


def test_as_of_asks_another_question_and_both_commands_answer_it_alike(judged):
    plan, baseline = load_plan(judged[0].plan.name), load_scenario("baseline")
    then = plan.base_year + 1
    assessed = assess_plan(plan, baseline, n_draws=N_DRAWS, as_of=then)
    reviewed = review(plan, baseline, then, n_draws=N_DRAWS)
    assert all(a.known_to is None or a.known_to <= then for a in assessed.assessments)
    now = {s.target.id: s.assessment.probability for s in reviewed.standings}
    assert now == {a.target.id: a.probability for a in assessed.assessments if a.target.id in now}


def test_a_plan_as_known_stays_as_it_is():
    plan, baseline = load_plan("linhai-14fyp"), load_scenario("baseline")
    known, _ = as_known(plan, baseline)
    assert as_known(known, baseline)[0] is known and as_known(known, baseline, known.moment)[0] is known
    assert plan.moment is None and len(known.observations) > len(plan.observations)


def test_known_years_after_the_base_are_drawn(judged):
    assessed, _ = judged
    later = [a for a in assessed.assessable if a.known_to > a.plan.base_year]
    for one in later:
        data = fan_chart(one).data
        history, median = (data[data.series == name].year for name in ("history", "median"))
        assert history.max() == one.known_to == median.min()


@pytest.fixture(scope="module")
def linhai():
    plan, baseline = load_plan("linhai-14fyp"), load_scenario("baseline")
    known, _ = as_known(plan, baseline)
    return known, *history_of(known, known.target("T2/1/1"), baseline)


class TestKnownInPart:
    """Linhai's real growth: 2022 (3.6) and 2024 (6.2) are published, 2021 and 2023 are not."""

    def growth(self, history, first, last):
        return 100 * (history.values[last] / history.values[first]) ** (1 / (last - first)) - 100

    def test_published_years_count_as_published(self, linhai):
        _, history, _ = linhai
        assert history.last_year == 2024
        assert self.growth(history, 2021, 2022) == pytest.approx(3.6)
        assert self.growth(history, 2023, 2024) == pytest.approx(6.2)

    def test_estimates_agree_with_published_means(self, linhai):
        _, history, _ = linhai
        assert self.growth(history, 2016, 2021) == pytest.approx(6.1, abs=0.01)
        assert self.growth(history, 2015, 2020) == pytest.approx(6.3, abs=0.01)
        assert self.growth(history, 2011, 2016) == pytest.approx(7.0, abs=0.01)

    def test_it_is_said_and_widens_the_chance(self, linhai):
        known, history, notes = linhai
        assert history.estimated(2021, 2025) == (2021, 2023)
        assert "2021, 2023" in notes[0]["en"] or "2021 and 2023" in notes[0]["en"]
        assert 0.01 < history.spreads[2024] < 0.05 and 2020 not in history.spreads
        found = assess(known, known.target("T2/1/1"), load_scenario("baseline"), n_draws=N_DRAWS)
        assert len(np.unique(found.outlook.values[:, 4])) > N_DRAWS / 2

    def test_prices_are_the_nations_not_a_flat_rate(self, linhai):
        known, *_ = linhai
        prices = 100 * np.expm1(price_changes(known, "linhai", load_scenario("baseline"), [2021, 2023, 2030]))
        assert prices == pytest.approx([4.5, -0.5, 1.5])


def test_filled_growth_agrees_with_all_that_is_known():
    usual = np.log([1.08, 1.03, 1.05, 1.05])
    growth, errors = fill_growth(usual, [(0, 4, np.log(1.06) * 4), (1, 2, np.log(1.036))])
    assert growth.sum() == pytest.approx(np.log(1.06) * 4, abs=1e-3)
    assert growth[1] == pytest.approx(np.log(1.036), abs=1e-4)
    assert growth[0] > growth[2], "the nation's good year is the region's"
    assert errors.sum() < 1e-5 < errors[0, 0], "the sum is known, the years are not"


GROWTH = {"kind": "annual_growth", "base_printed": "", "base_value": "", "base_unit": "", "unit": "%"}
"""A promise of growth without a base."""


@pytest.mark.parametrize("basis", ["real", "nominal", "none"])
def test_growth_alone_is_a_history(tmp_path, basis):
    """R&D spending grew by 14.6, 10.1 and 8.4 %; no level is published."""
    promise = TARGET | GROWTH | {"target_value": "7", "target_printed": "7", "price_basis": basis}
    rows = [
        observed(period=year, measure="growth", value=value, unit="%", price_basis=basis)
        for year, value in ((2021, 14.6), (2022, 10.1), (2023, 8.4))
    ]
    plan = small_plan(tmp_path, (promise,), rows)
    history, _ = history_of(plan, plan.targets[0], scenario())
    assert history.chained and history.real == (basis == "real")
    assert history.values[2023] / history.values[2020] == pytest.approx(1.146 * 1.101 * 1.084)
    found = assess(plan, plan.targets[0], scenario(), n_draws=N_DRAWS)
    assert found.known_to == 2023 and found.base_year == 2020


def test_a_known_total_needs_no_years_between(tmp_path):
    promise = TARGET | GROWTH | {"target_value": "7", "target_printed": "7"}
    rows = [
        observed(period="2021..2023", measure="mean_growth", value=5, unit="%"),
        observed(period=2022, measure="growth", value=3, unit="%"),
        observed(period=2020, measure="growth", value=4, unit="%"),
    ]
    known, _ = as_known(small_plan(tmp_path, (promise,), rows), scenario())
    history, _ = history_of(known, known.targets[0], scenario())
    assert history.values[2023] / history.values[2020] == pytest.approx(1.05**3)
    assert set(history.spreads) == {2021, 2022}


def test_a_promise_beside_another_counts_to_the_year_that_both_are_known():
    plan, baseline = load_plan("linhai-14fyp"), load_scenario("baseline")
    target = plan.target("T2/23/1")
    assert assess(plan, target, baseline, n_draws=N_DRAWS).known_to == 2020


def test_drivers_stand_on_the_same_history():
    plan, baseline = load_plan("linhai-14fyp"), load_scenario("baseline")
    past, of_target = drivers(plan, baseline).past, assess(plan, plan.target("T2/1/1"), baseline, n_draws=50)
    assert past.growth == pytest.approx(of_target.record.mean)


def test_classes_stand_on_the_same_history():
    plan, baseline = load_plan("taizhou-services-14fyp"), load_scenario("baseline")
    result = assess_plan(plan, baseline, n_draws=N_DRAWS)
    choice, used = by_class(result, n_draws=N_DRAWS), result["services_va"]
    table = by_reference(plan, used.target, baseline, n_draws=N_DRAWS)
    assert (
        choice.assessments[used.reference].known_to == used.known_to == table[table.chosen].known_to.iloc[0]
    )


def test_a_figure_of_the_base_year_or_later_does_not_change_what_was_known(tmp_path):
    plan = small_plan(
        tmp_path, (TARGET,), [observed(period=2019, value=95), observed(period=2022, value=140)]
    )
    of_2020 = assess(plan, plan.targets[0], scenario(), n_draws=N_DRAWS, as_of=2020)
    without = replace(plan, observations=tuple(o for o in plan.observations if o.last_year <= 2020))
    assert of_2020.probability == assess(without, plan.targets[0], scenario(), n_draws=N_DRAWS).probability


def test_a_figure_before_the_base_year_goes_through_it(tmp_path):
    """Known to 2019, promised from 2020: the base year is drawn, and growth is counted from it."""
    promise = TARGET | GROWTH | {"target_value": "5", "target_printed": "5", "price_basis": "nominal"}
    plan = small_plan(
        tmp_path, (promise,), [observed(period=year, value=90 + 5 * (year - 2018)) for year in (2018, 2019)]
    )
    found = assess(plan, plan.targets[0], scenario(), n_draws=N_DRAWS)
    paths = found.outlook
    assert (found.base_year, found.known_to, paths.years[0]) == (2019, 2019, 2020)
    assert len(np.unique(paths.values[:, 0])) > N_DRAWS / 2
    growth = (paths.values[:, -1] / paths.values[:, 0]) ** (1 / 5) - 1
    assert found.probability == pytest.approx((growth >= 0.05).mean())
    assert any("2019" in note["en"] for note in found.notes)


def test_an_identity_gives_the_base_that_is_not_printed():
    """Linhai prints productivity and GDP of 2020: employment follows, and is marked as derived."""
    known, _ = as_known(load_plan("linhai-14fyp"), load_scenario("baseline"), 2020)
    (jobs,) = [o for o in known.observations if o.indicator == "employment" and o.period == "2020"]
    assert jobs.vintage == "derived" and jobs.note == "labour_productivity = gdp / employment"
    assert jobs.value == pytest.approx(738.48 / 11.01, rel=1e-3)


def test_an_assigned_target_is_judged_by_the_figure_of_the_higher_level():
    plan = load_plan("linhai-14fyp")
    found = assess(plan, plan.target("T2/13/1"), load_scenario("baseline"), n_draws=N_DRAWS)
    assert found.target.target_value == 13.5 and 0 < found.probability < 1
    assert "judged by that of China, 13.5%" in found.notes[0]["en"]


def test_every_binding_target_of_linhai_is_judged():
    """All 34 rows of table 2, the twelve binding ones among them."""
    result = assess_plan(load_plan("linhai-14fyp"), load_scenario("baseline"), n_draws=200)
    rows = [a for a in result.assessments if a.target.table == "T2"]
    assert sum(a.probability is not None for a in rows) >= 32
    assert all(a.probability is not None for a in rows if a.target.binding)
