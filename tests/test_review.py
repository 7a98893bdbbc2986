"""The review: where targets stand, by hand-made outturns whose answers are known; lights; what was known when."""

from dataclasses import replace

import numpy as np
import pytest
from handmade import RULES, audit_plan, csv_text, scenario, target

from planmodel import PlanmodelError, load_plan, load_scenario
from planmodel.arithmetic.periods import parse_moment
from planmodel.feasibility.assessments import Assessment
from planmodel.plans import plan_names
from planmodel.plans.columns import NODES, names_of
from planmodel.plans.promises import promises
from planmodel.review import LIGHTS, Standing, review
from planmodel.review.methods import lit
from planmodel.words import LANGS

N_DRAWS = 300


def reviewed(folder, goals, observed, as_of="", **options):
    """The standings of a hand-made plan, in the document's order."""
    plan = audit_plan(folder, goals, observed)
    result = review(plan, scenario(), as_of, n_draws=N_DRAWS, **options)
    return sorted(result.standings, key=lambda s: int(s.target.number))


def standing_of(folder, goal, *values, as_of="", **options):
    """The standing of one target with values observed after its base year; values are (period, value) or rows."""
    observed = [v if isinstance(v, dict) else {"period": v[0], "value": v[1]} for v in values]
    observed = [{"indicator": goal.get("indicator", "trade")} | v for v in observed]
    return reviewed(folder, [goal], observed, as_of, **options)[0]


LEVEL = {"base": "100", "target": "150"}
COUNT = {"indicator": "parks"}


class TestLevel:
    def test_milestone_progress_and_rate_left(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, ("2021", "106"), ("2022", "118"))
        due = 100 * 1.5 ** (2 / 5)
        assert (standing.year, standing.value, standing.measure) == (2022, 118, "level")
        assert standing.milestone == pytest.approx(due)
        assert not standing.milestone_reached or due <= 118
        assert standing.elapsed == pytest.approx(0.4)
        assert standing.progress == pytest.approx(18 / 50)
        assert standing.pace == pytest.approx(18 / (due - 100))
        assert standing.so_far.value == pytest.approx(1.18**0.5 - 1)
        assert standing.left.value == pytest.approx((150 / 118) ** (1 / 3) - 1)
        assert standing.label == "on_pace"

    @pytest.mark.parametrize(
        ("value", "label"), [("160", "ahead"), ("117.6", "on_pace"), ("110", "lagging"), ("95", "lagging")]
    )
    def test_labels(self, tmp_path, value, label):
        assert standing_of(tmp_path, LEVEL, ("2022", value)).label == label

    def test_a_straight_path_asks_for_more_at_first(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, ("2022", "118"), shape="linear")
        assert standing.milestone == pytest.approx(120)
        assert standing.label == "on_pace" and not standing.milestone_reached

    def test_lower_is_better(self, tmp_path):
        goal = {"indicator": "pm25", "base": "40", "target": "30"}
        better = standing_of(tmp_path, goal, ("2022", "34"))
        assert better.milestone_reached and better.progress == pytest.approx(0.6) and better.label == "faster"
        worse = standing_of(tmp_path, goal, ("2022", "41"))
        assert not worse.milestone_reached and worse.progress == pytest.approx(-0.1)

    def test_another_unit(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, {"period": "2022", "value": "1180000", "unit": "万元"})
        assert standing.value == pytest.approx(118)

    def test_a_share_is_counted_in_points(self, tmp_path):
        goal = {"indicator": "finance_share", "base": "50", "target": "55"}
        standing = standing_of(tmp_path, goal, ("2022", "51"))
        assert standing.milestone == pytest.approx(52)
        assert (standing.so_far.measure, standing.so_far.value) == ("pp", pytest.approx(0.5))
        assert (standing.left.measure, standing.left.value) == ("pp", pytest.approx(4 / 3))

    def test_reached_at_once_is_met_now(self, tmp_path):
        standing = standing_of(tmp_path, COUNT | {"base": "10", "target": "12"}, ("2021", "12"))
        assert (standing.light, standing.rule, standing.label) == ("met", "reached", "ahead")

    def test_about_allows_two_percent(self, tmp_path):
        goal = COUNT | {"base": "100", "target": "400", "comparator": "about"}
        assert standing_of(tmp_path, goal, ("2022", "392")).light == "met"
        assert standing_of(tmp_path, goal, ("2022", "391")).light != "met"

    def test_the_target_year_decides(self, tmp_path):
        met = standing_of(tmp_path, LEVEL, ("2025", "150"), as_of="2025")
        missed = standing_of(tmp_path, LEVEL, ("2025", "149.9"), as_of="2025")
        assert (met.light, met.rule, met.outturn.met) == ("met", "ended", True)
        assert (missed.light, missed.rule, missed.outturn.met) == ("off", "ended", False)
        assert met.left is None


class TestOtherKinds:
    def test_growth_counts_an_index_of_published_rates(self, tmp_path):
        goal = {"indicator": "gdp", "target": "6", "kind": "annual_growth"}
        rates = [{"period": str(y), "value": v, "measure": "growth"} for y, v in ((2021, "8"), (2022, "2"))]
        standing = standing_of(tmp_path, goal, *rates)
        assert standing.measure == "index"
        assert standing.value == pytest.approx(108 * 1.02)
        assert standing.milestone == pytest.approx(106 * 1.06)
        assert standing.left.value == pytest.approx((1.06**5 / 1.08 / 1.02) ** (1 / 3) - 1)
        assert not standing.milestone_reached

    def test_a_sum_needs_every_year(self, tmp_path):
        goal = {"target": "1000", "kind": "cumulative_sum"}
        standing = standing_of(tmp_path, goal, ("2021", "180"), ("2022", "190"))
        assert (standing.measure, standing.value, standing.progress) == (
            "cumulated",
            370,
            pytest.approx(0.37),
        )
        assert (standing.left.measure, standing.left.value) == ("flow", pytest.approx(210))
        gap = standing_of(tmp_path, goal, ("2022", "190"))
        assert gap.light == "not_assessable" and "2021" in gap.reason["en"] and "2021" in gap.reason["zh"]

    def test_a_sum_reached_early_is_met(self, tmp_path):
        goal = {"target": "300", "kind": "cumulative_sum"}
        assert standing_of(tmp_path, goal, ("2021", "180"), ("2022", "190")).light == "met"

    def test_a_yearly_flow_is_broken_by_one_year(self, tmp_path):
        goal = {"target": "200", "kind": "annual_flow", "comparator": "ge"}
        kept = standing_of(tmp_path, goal, ("2021", "200"), ("2022", "250"))
        broken = standing_of(tmp_path, goal, ("2021", "190"), ("2022", "250"))
        assert kept.kept_so_far and kept.label == "on_pace" and kept.light != "off"
        assert not broken.kept_so_far and (broken.light, broken.rule) == ("off", "broken")

    def test_a_floor_is_not_met_before_its_end(self, tmp_path):
        goal = {
            "indicator": "finance_share",
            "base": "93.3",
            "target": "93.3",
            "kind": "keep",
            "comparator": "ge",
        }
        kept = standing_of(tmp_path, goal, ("2021", "95"), ("2022", "94"))
        assert kept.kept_so_far and kept.light == "on_pace"
        broken = standing_of(tmp_path, goal, ("2021", "93.2"), ("2022", "95"))
        assert (broken.light, broken.rule) == ("off", "broken")

    def test_a_mean_flow_can_make_up(self, tmp_path):
        goal = {"target": "300", "kind": "mean_annual_flow"}
        standing = standing_of(tmp_path, goal, ("2021", "240"), ("2022", "300"))
        assert (
            standing.value == pytest.approx(270)
            and standing.pace == pytest.approx(0.9)
            and standing.label == "on_pace"
        )
        assert standing.left.value == pytest.approx((1500 - 540) / 3)

    def test_a_change_in_points(self, tmp_path):
        goal = {"indicator": "finance_share", "base": "50", "target": "2", "kind": "change_pp"}
        standing = standing_of(tmp_path, goal, ("2022", "51"))
        assert standing.milestone == pytest.approx(50.8) and standing.progress == pytest.approx(0.5)

    def test_a_multiple(self, tmp_path):
        goal = {"base": "100", "target": "2", "kind": "multiple", "target_year": "2035"}
        standing = standing_of(tmp_path, goal, ("2025", "130"), as_of="2025")
        assert standing.milestone == pytest.approx(100 * 2 ** (1 / 3)) and standing.milestone_reached

    def test_a_total_decrease(self, tmp_path):
        goal = {"indicator": "energy_reduction", "target": "15", "kind": "cumulative_change_pct"}
        values = (
            {"indicator": "energy", "period": y, "value": v} for y, v in (("2020", "1"), ("2022", "0.9"))
        )
        standing = standing_of(tmp_path, goal, *values)
        assert standing.value == pytest.approx(90) and standing.milestone == pytest.approx(
            100 * 0.85 ** (2 / 5)
        )
        assert standing.milestone_reached

    def test_in_step_with_another(self, tmp_path):
        goals = [
            {
                "indicator": "finance_va",
                "kind": "relative",
                "relative_to": "gdp",
                "unit": "",
                "comparator": "ge",
            }
        ]
        rates = [
            {"indicator": name, "period": "2021", "value": value, "measure": "growth"}
            for name, value in (("finance_va", "5"), ("gdp", "8"))
        ]
        standing = reviewed(tmp_path, goals, rates)[0]
        assert (standing.value, standing.milestone) == (pytest.approx(105), pytest.approx(108))
        assert not standing.milestone_reached and standing.pace == pytest.approx(5 / 8)

    @pytest.mark.parametrize(
        "goal",
        [
            {"target": "", "status": "missing"},
            {"target": "", "status": "masked"},
            {"target": "20", "kind": "rank"},
            {"base": "100", "target": "150"},
        ],
    )
    def test_what_cannot_be_judged_says_why(self, tmp_path, goal):
        standing = standing_of(tmp_path, goal)
        assert standing.light == "not_assessable" and standing.year is None
        assert all(standing.reason[lang] for lang in LANGS)


class TestLights:
    def lit(self, folder, goal, value, attribute="expected", **options):
        past = [{"period": str(y), "value": str(60 + 4 * (y - 2010))} for y in range(2010, 2020)]
        goal = {"indicator": "services_va", "base": "100"} | goal | {"attribute": attribute}
        return standing_of(folder, goal, *past, ("2023", value), as_of="2023", **options)

    def test_out_of_reach_is_off(self, tmp_path):
        standing = self.lit(tmp_path, {"target": "400"}, "112")
        assert (standing.light, standing.rule) == (
            "off",
            "unlikely",
        ) and standing.assessment.probability < 0.1

    CASES = (
        # attribute, probability, pace, what else is so -> light, rule
        ("expected", 0.09, 1.2, {}, "off", "unlikely"),
        ("expected", 0.10, 1.2, {}, "at_risk", "not_likely"),
        ("binding", 0.19, 1.2, {}, "off", "unlikely"),
        ("binding", 0.20, 1.2, {}, "at_risk", "not_likely"),
        ("expected", 0.50, 0.90, {}, "on_pace", "pace_and_likely"),
        ("expected", 0.50, 0.89, {}, "at_risk", "behind"),
        ("expected", 0.50, 0.10, {"milestone_reached": True}, "on_pace", "pace_and_likely"),
        ("binding", 0.65, 1.0, {}, "at_risk", "not_likely"),
        ("binding", 0.66, 1.0, {}, "on_pace", "pace_and_likely"),
        ("expected", 0.80, 0.2, {}, "on_pace", "likely"),
        ("binding", 0.89, 0.2, {}, "at_risk", "behind"),
        ("binding", 0.49, 0.59, {}, "off", "far_behind"),
        ("binding", 0.49, 0.60, {}, "at_risk", "behind"),
        ("expected", 0.49, 0.59, {}, "at_risk", "behind"),
        ("expected", 0.33, -2.0, {}, "off", "far_behind"),
        ("binding", 0.90, 0.2, {}, "on_pace", "likely"),
        ("expected", None, 0.90, {}, "on_pace", "pace_only"),
        ("expected", None, 0.60, {}, "at_risk", "pace_only"),
        ("expected", None, 0.59, {}, "off", "pace_only"),
        ("expected", 0.99, 1.2, {"kept_so_far": False}, "off", "broken"),
        ("expected", 0.01, 0.2, {"reached_now": True}, "met", "reached"),
        ("expected", 0.01, 0.2, {"year": None}, "not_assessable", "no_outturn"),
    )

    @pytest.mark.parametrize(("attribute", "probability", "pace", "also", "light", "rule"), CASES)
    def test_rules_and_cut_offs(self, attribute, probability, pace, also, light, rule):
        goal = target(attribute=attribute)
        assessment = Assessment(
            goal, load_scenario("baseline"), 2020, plan=load_plan("linhai-14fyp"), probability=probability
        )
        standing = Standing(goal, assessment, **{"year": 2022, "value": 110.0, "pace": pace, **also})
        standing = lit(standing, RULES["review"])
        assert (standing.light, standing.rule) == (light, rule)

    def test_an_estimate_is_not_met_yet(self):
        goal = target()
        plan = load_plan("linhai-14fyp")
        observed = replace(plan.observations[0], vintage="estimate")
        judged = Assessment(goal, load_scenario("baseline"), 2020, plan=plan, probability=0.9)
        standing = Standing(goal, judged, year=2022, value=150.0, pace=1.0,
                        reached_now=True, origin=observed)  # fmt: skip
        assert lit(standing, RULES["review"]).light == "on_pace"

    def test_binding_ones_come_first(self, tmp_path):
        goals = [LEVEL, {"indicator": "pm25", "base": "40", "target": "30", "attribute": "binding"}]
        plan = audit_plan(tmp_path, goals, [{"period": "2021", "value": "110"}])
        standings = review(plan, scenario(), n_draws=N_DRAWS).standings
        assert [s.target.binding for s in standings] == [True, False]

    def test_cut_offs_are_data(self, tmp_path):
        plan = audit_plan(tmp_path, [LEVEL], [{"period": "2022", "value": "117"}])
        assert review(plan, scenario(), n_draws=N_DRAWS).standings[0].label == "on_pace"
        plan.catalogue.rules["review"]["pace"] = {"faster": 1.05, "on_pace": 0.99, "far_behind": 0.6}
        assert review(plan, scenario(), n_draws=N_DRAWS).standings[0].label == "lagging"


class TestMethods:
    def test_the_known_answers_of_a_straight_line(self, tmp_path):
        goal = LEVEL | {"target_year": "2030"}
        said = []
        for year in (2021, 2022, 2023):
            values = [(str(y), str(100 + 5 * (y - 2020))) for y in range(2021, year + 1)]
            standing = standing_of(tmp_path, goal, *values)
            said.append(round(100 * next(t.figure for t in standing.tracked if t.method == "growth_ratio")))
        assert said == [121, 118, 115]

    def test_they_disagree_and_say_so(self, tmp_path):
        goal = LEVEL | {"target_year": "2030"}
        standing = standing_of(tmp_path, goal, ("2021", "104"), ("2022", "108.5"))
        senses = {t.method: t.sense for t in standing.tracked if t.sense}
        assert len(set(senses.values())) > 1 and standing.methods_disagree

    def test_they_agree_where_all_goes_well(self, tmp_path):
        past = [(str(y), str(40 + 6 * (y - 2010))) for y in range(2010, 2020)]
        standing = standing_of(tmp_path, LEVEL | {"target": "120"}, *past, ("2021", "115"), ("2022", "119"))
        assert {t.sense for t in standing.tracked if t.sense} == {"good"} and not standing.methods_disagree


def write_nodes(folder, *rows):
    plain = dict.fromkeys(names_of(NODES), "") | {"source": "annual plan", "printed": "x"}
    text = csv_text(names_of(NODES), [plain | row for row in rows])
    (folder / "plans" / "example" / "nodes.csv").write_text(text, encoding="utf-8")
    return load_plan("example", folder)


class TestNodes:
    def test_an_annual_target_is_the_milestone_of_its_year(self, tmp_path):
        audit_plan(tmp_path, [LEVEL], [{"period": "2022", "value": "118"}])
        plan = write_nodes(tmp_path, {"target": "T1/1/1", "year": "2022", "value": "120", "unit": "亿元"})
        standing = review(plan, scenario(), n_draws=N_DRAWS).standings[0]
        assert standing.milestone == pytest.approx(120) and not standing.milestone_reached
        assert standing.path.values[-1] == 150 and standing.path.values[0] == 100

    def test_annual_growth_counts_from_the_year_before(self, tmp_path):
        audit_plan(
            tmp_path, [LEVEL], [{"period": "2021", "value": "110"}, {"period": "2022", "value": "118"}]
        )
        plan = write_nodes(tmp_path, {"target": "T1/1/1", "year": "2022", "value": "8", "unit": "%"})
        assert review(plan, scenario(), n_draws=N_DRAWS).standings[0].milestone == pytest.approx(110 * 1.08)


class TestKnown:
    VINTAGES = (
        {"period": "2021", "value": "110", "vintage": "preliminary", "published": "2022-02-01"},
        {"period": "2021", "value": "112", "vintage": "revised", "published": "2023-01-15"},
    )

    @pytest.mark.parametrize(
        ("as_of", "value"), [("2022-03-01", 110), ("2023-02-01", 112), ("2021", 110), ("2022", 112)]
    )
    def test_a_review_sees_what_was_published(self, tmp_path, as_of, value):
        assert standing_of(tmp_path, LEVEL, *self.VINTAGES, as_of=as_of).value == value

    def test_nothing_is_known_before_it_is_published(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, *self.VINTAGES, as_of="2022-01-15")
        assert standing.light == "not_assessable"

    @pytest.mark.parametrize("as_of", ["autumn", "2023-13", "2023Q5", "2020..2022", "20", "2023-02-30"])
    def test_another_moment_is_refused(self, tmp_path, as_of):
        with pytest.raises(PlanmodelError, match="as of"):
            standing_of(tmp_path, LEVEL, *self.VINTAGES, as_of=as_of)


@pytest.mark.parametrize("name", plan_names())
@pytest.mark.parametrize("as_of", ["", "2020", "2021", "2022-06", "2023Q3", "2024-03-15", "2025", "2036"])
def test_every_plan_at_many_moments(name, as_of):
    plan = load_plan(name)
    if as_of and parse_moment(as_of, 6).last_full_year < plan.base_year:
        with pytest.raises(PlanmodelError, match="as of: expected"):
            review(plan, load_scenario("baseline"), as_of, n_draws=100)
        return
    result = review(plan, load_scenario("baseline"), as_of, n_draws=100)
    own = [t for t in plan.targets if t.target_year > plan.base_year]
    assert len(result.standings) == len(own)
    assert sum(result.count(light) for light in LIGHTS) == len(promises(own))
    for standing in result.standings:
        if standing.light == "not_assessable":
            assert all(standing.reason.get(lang) for lang in LANGS), standing.target.id
        elif standing.outturn is None:
            assert standing.year <= min(result.moment.year, standing.target.target_year)
            assert standing.value is not None


def test_the_same_seed_gives_the_same_review():
    plan, low = load_plan("xiangtan-services-14fyp"), load_scenario("low")
    first, second = (review(plan, low, "2022", n_draws=N_DRAWS, seed=7) for _ in range(2))
    chances = [[s.assessment.probability for s in r.standings] for r in (first, second)]
    assert chances[0] == chances[1]


def test_hindsight_does_not_reach_the_base_year():
    """The probability of the base year is the same whatever became known later."""
    plan = load_plan("xiangtan-services-14fyp")
    one, other = (review(plan, load_scenario("baseline"), year, n_draws=N_DRAWS) for year in ("2021", "2023"))
    assert any(
        s.outturn != t.outturn or s.value != t.value
        for s, t in zip(one.standings, other.standings, strict=True)
    )
    chances = [[s.probability_at_start for s in each.standings] for each in (one, other)]
    assert chances[0] == chances[1] and any(chances[0])


def test_labels_of_the_mid_term_for_published_outturns():
    """Linhai's GDP, figures of the communiques: 971.7 of 1,000 on the way from 738.5 is faster than a steady 6.2 %."""
    result = review(load_plan("linhai-14fyp"), load_scenario("baseline"), "2024", n_draws=N_DRAWS)
    labels = {s.target.id: s.label for s in result.standings if s.label}
    assert labels["text/5/1"] == "faster" and labels["T2/1/1"] == "lagging"


class TestSplice:
    SEEN = (
        {"period": "2016", "value": "80"},
        {"period": "2020", "value": "105", "vintage": "revised", "published": "2021-12-01"},
        {"period": "2022", "value": "118"},
    )

    def test_growth_is_counted_on_the_revised_basis(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, *self.SEEN)
        assert standing.revision == pytest.approx(1.05)
        assert standing.so_far.value == pytest.approx((118 / 105) ** 0.5 - 1)
        assert standing.milestone == pytest.approx(100 * 1.5**0.4)  # the path is the plan's

    def test_earlier_years_move_with_it_and_are_marked(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, *self.SEEN)
        history = standing.assessment.history
        assert history.values[2016] == pytest.approx(80 * 1.05)
        assert {history.origins[year].vintage for year in (2016, 2020)} == {"spliced"}
        assert history.origins[2022].vintage == "plan"

    def test_a_revision_not_known_yet_changes_nothing(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, *self.SEEN, as_of="2021-06-01")
        assert standing.light == "not_assessable" and standing.revision is None

    def test_shares_move_in_logits(self, tmp_path):
        goal = {"indicator": "finance_share", "base": "50", "target": "55"}
        seen = {"period": "2015", "value": "40"}, {"period": "2020", "value": "51", "vintage": "revised"}
        standing = standing_of(tmp_path, goal, *seen, ("2022", "52"))
        assert standing.revision == pytest.approx(1.02) and standing.value == 52
        assert standing.so_far.value == pytest.approx(0.5), "a point over two years, from the revised base"
        logit = np.log(40 / 60) + np.log(51 / 49)
        assert standing.assessment.history.values[2015] == pytest.approx(100 / (1 + np.exp(-logit)))
        assert "revised by 1.0 points" in standing.why["en"] and "1.0 个百分点" in standing.why["zh"]

    def test_a_change_in_points_counts_from_the_revised_base(self, tmp_path):
        goal = {"indicator": "finance_share", "base": "50", "target": "5", "kind": "change_pp"}
        standing = standing_of(
            tmp_path, goal, {"period": "2020", "value": "51", "vintage": "revised"}, ("2022", "52")
        )
        assert standing.path.values[[0, -1]] == pytest.approx([51, 56])

    def test_a_break_in_any_year(self, tmp_path):
        """Urbanisation: 60.6 in 2019 as printed, 62.71 by the census; 2020 is 63.89 on the new basis."""
        goal = {"indicator": "finance_share", "base": "60.6", "target": "65", "base_year": "2019"}
        seen = (
            ("2010", "49.95"),
            {"period": "2019", "value": "62.71", "vintage": "revised"},
            ("2020", "63.89"),
        )
        standing = standing_of(tmp_path, goal, *seen)
        values = standing.assessment.history.values
        assert values.loc[[2019, 2020]].tolist() == [62.71, 63.89]
        moved = np.log(62.71 / 37.29) - np.log(60.6 / 39.4)
        assert np.log(values[2010] / (100 - values[2010])) == pytest.approx(np.log(49.95 / 50.05) + moved)
        assert standing.revision == pytest.approx(62.71 / 60.6)

    def test_a_density_moves_by_its_ratio_and_a_small_settlement_moves_nothing(self, tmp_path):
        for folder, revised, expected in (("break", "33", 30 * 33 / 30), ("settled", "30.1", 30)):
            (tmp_path / folder).mkdir()
            goal = {"indicator": "pm25", "base": "28", "target": "25", "comparator": "le"}
            seen = ("2015", "30"), ("2018", "30"), {"period": "2018", "value": revised, "vintage": "revised"}
            standing = standing_of(tmp_path / folder, goal, *seen, ("2021", "27"))
            assert standing.assessment.history.values[2015] == pytest.approx(expected)


SUM = {"indicator": "trade", "target": "500", "kind": "cumulative_sum"}


class TestSum:
    def test_a_sum_over_several_years_is_an_outturn(self, tmp_path):
        standing = standing_of(tmp_path, SUM, {"period": "2021..2023", "value": "330", "measure": "sum"})
        assert (standing.year, standing.value) == (2023, pytest.approx(330)) and standing.derived
        assert standing.left.value == pytest.approx(85)

    def test_years_with_figures_keep_them(self, tmp_path):
        total = {"period": "2021..2023", "value": "330", "measure": "sum"}
        standing = standing_of(tmp_path, SUM, ("2022", "130"), total)
        assert standing.assessment.history.values.loc[2021:2023].tolist() == [100, 130, 100]

    def test_the_sum_of_the_plan_decides(self, tmp_path):
        total = {"period": "2021..2025", "value": "499", "measure": "sum"}
        standing = standing_of(tmp_path, SUM, total, as_of="2025")
        assert standing.light == "off" and standing.outturn.value == pytest.approx(499)


class TestGrowthAlone:
    """The two best-known binding targets of China are published as growth only."""

    def grew(self, indicator, *rates):
        return [
            {"indicator": indicator, "period": str(year), "value": rate, "measure": "growth"}
            for year, rate in enumerate(rates, 2021)
        ]

    def test_energy_per_gdp(self, tmp_path):
        goal = {"indicator": "energy_reduction", "target": "13.5", "kind": "cumulative_change_pct"}
        standing = reviewed(tmp_path, [goal], self.grew("energy", "-2.7", "-0.1", "-0.5"), "2023")[0]
        assert standing.value == pytest.approx(100 * 0.973 * 0.999 * 0.995)
        assert standing.progress == pytest.approx((1 - 0.973 * 0.999 * 0.995) / 0.135)
        assert (standing.light, standing.label) == ("off", "lagging")

    def test_spending_on_research(self, tmp_path):
        goal = {"indicator": "trade", "target": "7", "kind": "annual_growth", "comparator": "gt"}
        standing = reviewed(tmp_path, [goal], self.grew("trade", "14.6", "10.1", "8.4"), "2023")[0]
        assert standing.so_far.value == pytest.approx((1.146 * 1.101 * 1.084) ** (1 / 3) - 1)
        assert standing.progress > standing.planned and standing.assessment.known_to == 2023


class TestDoubt:
    """What the audit doubts of an outturn does not pass into a light without a word."""

    @pytest.mark.parametrize(
        ("goal", "values", "rule"),
        [
            (LEVEL, (("2021", "105"), ("2022", "5000")), "outturn_jump/trade/2022"),
            (LEVEL, (("2021", "-5"),), "outturn_bounds/trade/2021"),
            ({"indicator": "pm25", "base": "30", "target": "25"}, (("2022", "0.24"),), "outturn_bounds/pm25/2022"),
            ({"indicator": "investment", "target": "1000", "kind": "cumulative_sum"}, (("2020", "180"), ("2021", "9000"), ("2022", "200")),
             "outturn_jump/investment/2021"),
            (LEVEL, [{"period": "2022", "value": v, "vintage": "final"} for v in ("120", "160")], "one_vintage/trade/2022"),
        ],
    )  # fmt: skip
    def test_no_light_stands_on_it(self, tmp_path, goal, values, rule):
        standing = standing_of(tmp_path, goal, *values)
        assert standing.light == "not_assessable" and standing.value is None
        assert all(rule in standing.why[lang] and rule[-4:] in standing.why[lang] for lang in LANGS)

    def test_an_earlier_figure_is_named_beside_the_light(self, tmp_path):
        standing = standing_of(tmp_path, LEVEL, ("2021", "5000"), ("2022", "118"))
        assert standing.light == "on_pace" or standing.light == "at_risk"
        assert standing.value == 118 and "outturn_jump/trade/2021" in standing.row()["why"]["en"]

    def test_a_finding_that_the_plan_accepts_is_no_doubt(self, tmp_path):
        seen = [{"period": "2021", "value": "105"}, {"period": "2022", "value": "5000"}]
        accepted = [{"finding": "outturn_jump/trade/2022", "reason": "a merger"}]
        plan = audit_plan(tmp_path, [LEVEL], seen, accepted=accepted)
        assert review(plan, scenario(), n_draws=N_DRAWS).standings[0].light == "met"
