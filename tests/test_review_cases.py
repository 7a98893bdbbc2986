"""Cases of a review that a hurried reader gets wrong: other figures of a year, ceilings, gaps, bases, nodes, hindsight."""

from dataclasses import replace

import pytest
from handmade import RULES, audit_plan, scenario
from test_review import COUNT, LEVEL, N_DRAWS, reviewed, standing_of, write_nodes

from planmodel import PlanmodelError, load_plan, load_scenario
from planmodel.arithmetic.periods import parse_moment
from planmodel.charts import standing_chart
from planmodel.plans import plan_names
from planmodel.plans.known import known_at
from planmodel.review import flips, review
from planmodel.tables.reading import read
from planmodel.tables.review import FLIPS, REVIEW, UNJUDGED, final_reading, judged, review_answer, unjudged
from planmodel.words import LANGS, figure

OUTTURN = {"period": "2025", "target": "T1/1/1"}
SHARE = {"indicator": "finance_share"}
PM25 = {"indicator": "pm25"}
FLOOR = SHARE | {"base": "93.3", "target": "93.3", "kind": "keep", "comparator": "ge"}


def cells(result, lang, number=0):
    return read(judged(result.table), lang, REVIEW).text.iloc[number].tolist()


class TestOutturn:
    """The figure that judges a target whose year is over."""

    def met(self, folder, goal, *observed):
        standing = standing_of(folder, goal, *observed, as_of="2025")
        return standing.value, None if standing.outturn is None else standing.outturn.met

    def test_the_final_figure_beats_the_preliminary_one_wherever_it_stands(self, tmp_path):
        first = OUTTURN | {"value": "148", "vintage": "preliminary", "published": "2026-02"}
        final = OUTTURN | {"value": "151", "vintage": "final", "published": "2026-05"}
        for number, rows in enumerate(((first, final), (final, first))):
            folder = tmp_path / str(number)
            folder.mkdir()
            assert self.met(folder, LEVEL, *rows) == (151, True)

    def test_a_figure_of_an_earlier_year_is_no_outturn(self, tmp_path):
        early = OUTTURN | {"period": "2023", "value": "130", "vintage": "final"}
        standing = standing_of(tmp_path, LEVEL, early, as_of="2025")
        assert standing.outturn is None and standing.year == 2023 and standing.light != "off"

    @pytest.mark.parametrize("tagged", [True, False])
    @pytest.mark.parametrize(
        ("promised", "printed", "value", "met"),
        [
            ("gt", "gt", "150", True),
            ("ge", "gt", "150", True),
            ("gt", "ge", "150", None),
            ("gt", "", "150", False),
            ("ge", "gt", "140", None),
            ("ge", "lt", "140", False),
            ("ge", "lt", "160", None),
            ("le", "gt", "150", False),
            ("le", "lt", "150", True),
            ("lt", "lt", "150", True),
        ],
    )
    def test_a_bound_decides_only_what_it_can(self, tmp_path, promised, printed, value, met, tagged):
        observed = {"period": "2025", "value": value, "comparator": printed} | (
            {"target": "T1/1/1"} if tagged else {}
        )
        standing = standing_of(tmp_path, LEVEL | {"comparator": promised}, observed, as_of="2025")
        assert standing.outturn.met is met
        assert standing.light == {True: "met", False: "off", None: "not_assessable"}[met]
        assert met is not None or all(standing.reason[lang] for lang in LANGS)

    @pytest.mark.parametrize(
        ("kind", "goal", "met"),
        [
            ("level", "130", False),
            ("multiple", "1.3", False),
            ("cumulative_change_pct", "30", False),
            ("change_units", "30", False),
            ("annual_growth", "8.6", False),
            ("annual_growth", "8.5", True),
        ],
    )
    def test_a_later_year_does_not_count(self, tmp_path, kind, goal, met):
        goal = {"base": "100", "target": goal, "kind": kind, "target_year": "2023"}
        values = (("2021", "105"), ("2022", "115"), ("2023", "128"), ("2024", "140"))
        standing = standing_of(tmp_path, goal, *values, as_of="2024")
        assert (standing.year, standing.outturn.met) == (2023, met)

    def test_a_target_year_without_a_figure_is_not_judged_by_its_neighbours(self, tmp_path):
        goal = LEVEL | {"target_year": "2023"}
        standing = standing_of(tmp_path, goal, ("2022", "120"), ("2024", "170"), as_of="2024")
        assert (
            standing.light == "not_assessable"
            and "2023" in standing.reason["en"]
            and "2023" in standing.reason["zh"]
        )

    def test_an_estimate_ends_nothing(self, tmp_path):
        years = [(str(y), str(v)) for y, v in ((2021, 107), (2022, 117), (2023, 127), (2024, 140))]
        months = {"period": "2025-01..2025-09", "value": "9", "measure": "growth"}
        standing = standing_of(tmp_path, LEVEL, *years, months, as_of="2025-09")
        assert standing.estimated and standing.value > 150
        assert standing.outturn is None and standing.light != "met" and standing.label != "ahead"

    def test_in_step_is_judged_at_its_end(self, tmp_path):
        standing = in_step(tmp_path, "56789", "45678", as_of="2025")
        assert standing.outturn.met and standing.light == "met"


def in_step(folder, own, other, **options):
    goal = {
        "indicator": "finance_va",
        "kind": "relative",
        "relative_to": "gdp",
        "unit": "",
        "comparator": "ge",
    }
    observed = [
        {"indicator": name, "period": str(2021 + i), "value": str(value), "measure": "growth"}
        for name, rates in (("finance_va", own), ("gdp", other))
        for i, value in enumerate(rates)
    ]
    return reviewed(folder, [goal], observed, **options)[0]


def test_falling_less_than_the_other_is_in_step(tmp_path):
    standing = in_step(tmp_path, (-1, -1), (-2, -2))
    assert standing.milestone_reached and standing.label == "on_pace" and standing.light == "on_pace"


SUM_CEILING = {"target": "1000", "kind": "cumulative_sum", "comparator": "le"}


class TestCeilings:
    def test_what_is_used_slower_than_time_is_on_pace_not_met(self, tmp_path):
        standing = standing_of(tmp_path, SUM_CEILING, ("2021", "170"), ("2022", "170"))
        assert standing.light == "on_pace" and standing.milestone_reached and standing.label == "faster"
        assert (standing.progress, standing.planned) == (pytest.approx(0.34), pytest.approx(0.4))

    def test_what_is_used_faster_lags(self, tmp_path):
        standing = standing_of(tmp_path, SUM_CEILING, ("2021", "280"), ("2022", "290"))
        assert (
            not standing.milestone_reached
            and standing.label == "lagging"
            and standing.pace == pytest.approx(400 / 570)
        )

    def test_once_passed_it_is_off(self, tmp_path):
        standing = standing_of(tmp_path, SUM_CEILING | {"target": "300"}, ("2021", "180"), ("2022", "190"))
        assert (standing.light, standing.rule, standing.left) == ("off", "exceeded", None)

    def test_a_mean_above_its_ceiling_is_not_ahead(self, tmp_path):
        goal = {"target": "300", "kind": "mean_annual_flow", "comparator": "le"}
        standing = standing_of(tmp_path, goal, ("2021", "330"))
        assert standing.pace == pytest.approx(300 / 330) and standing.label != "faster"

    def test_a_ceiling_that_the_base_clears_has_no_way(self, tmp_path):
        goal = SHARE | {"base": "2.69", "target": "3.5", "comparator": "le"}
        standing = standing_of(tmp_path, goal, SHARE | {"period": "2022", "value": "3.0"})
        assert standing.progress is None and standing.light == "on_pace"


class TestEveryYear:
    def test_the_figure_shown_is_that_of_its_year(self, tmp_path):
        observed = [SHARE | {"period": y, "value": v} for y, v in (("2021", "94"), ("2022", "97"))]
        standing = standing_of(tmp_path, FLOOR, *observed)
        assert (standing.year, standing.value, standing.missed, standing.unknown) == (2022, 97, (), ())

    def test_a_broken_year_is_named(self, tmp_path):
        observed = [SHARE | {"period": y, "value": v} for y, v in (("2021", "93"), ("2023", "97"))]
        result = review(audit_plan(tmp_path, [FLOOR], observed), scenario(), n_draws=N_DRAWS)
        standing = result.standings[0]
        assert (standing.light, standing.missed, standing.unknown) == ("off", (2021,), (2022,))
        assert "missed in 2021; no figure for 2022" in cells(result, "en")[-1]
        assert "2021 年未达到；缺 2022 年数" in cells(result, "zh")[-1]

    def test_the_end_needs_every_year(self, tmp_path):
        standing = standing_of(tmp_path, FLOOR, SHARE | {"period": "2025", "value": "97"}, as_of="2025")
        assert standing.light == "not_assessable" and "2021" in standing.reason["en"]

    def test_a_flow_has_the_flow_left(self, tmp_path):
        goal = {"target": "200", "kind": "annual_flow", "comparator": "ge"}
        assert standing_of(tmp_path, goal, ("2021", "210")).left.value == 200


KINDS = [
    LEVEL,
    {"base": "100", "target": "8", "kind": "annual_growth"},
    {"base": "100", "target": "1.4", "kind": "multiple"},
    {"base": "100", "target": "-30", "kind": "cumulative_change_pct"},
    {"base": "100", "target": "40", "kind": "change_units"},
    {"target": "8", "kind": "annual_growth"},
    {"target": "600", "kind": "cumulative_sum"},
    {"target": "125", "kind": "mean_annual_flow"},
    {"target": "105", "kind": "annual_flow"},
    SHARE | {"base": "50", "target": "56"},
    SHARE | {"base": "50", "target": "4", "kind": "change_pp"},
    SHARE | {"base": "50", "target": "0.8", "kind": "change_pp_per_year"},
    PM25 | {"base": "60", "target": "40"},
    LEVEL | {"base_year": "2019", "target_year": "2024"},
    LEVEL | {"target_year": "2035"},
    {"indicator": "parks", "base": "0", "target": "70"},
]


@pytest.mark.parametrize("known", [1, 3])
@pytest.mark.parametrize("goal", KINDS, ids=lambda g: f"{g.get('kind', 'level')}-{g.get('target')}")
def test_going_on_at_exactly_the_rate_left_reaches_the_target(tmp_path, goal, known):
    share = goal.get("indicator") == "finance_share"
    start = {"finance_share": 50.0, "pm25": 60.0, "parks": 0.0}.get(goal.get("indicator"), 100.0)
    step = {"finance_share": 0.7, "pm25": -2.0, "parks": 9.0}.get(goal.get("indicator"), 6.0)
    if goal.get("target", "").startswith("-"):
        step = -4.0
    first = [(2019, start)] if goal.get("base_year") else [] if goal.get("base") else [(2020, start)]
    rows = first + [(2020 + i, start + step * i) for i in range(1, known + 1)]
    folder = tmp_path / "before"
    folder.mkdir()
    standing = standing_of(folder, goal, *((str(y), repr(float(v))) for y, v in rows))
    left, (year, value) = standing.left, rows[-1]
    end = int(goal.get("target_year", 2025))
    for later in range(year + 1, end + 1):
        grown = {
            "growth": value * (1 + left.value),
            "pp": value + left.value,
            "units": value + left.value,
            "flow": left.value,
        }
        value = grown[left.measure]
        rows.append((later, value))
    assert share == (left.measure == "pp")
    after = tmp_path / "after"
    after.mkdir()
    there = standing_of(after, goal, *((str(y), repr(float(v))) for y, v in rows), as_of=str(end))
    assert there.outturn.met
    if goal.get("kind") not in ("annual_flow", "mean_annual_flow"):
        assert there.value == pytest.approx(standing.path.values[-1])


class TestBases:
    def test_zero_figures_are_judged_without_a_crash(self, tmp_path):
        goal = COUNT | {"base": "0", "target": "10"}
        standing = standing_of(tmp_path, goal, ("2021", "0"), ("2022", "0"))
        assert (
            standing.value == 0
            and standing.label == "lagging"
            and standing.left.value == pytest.approx(10 / 3)
        )

    def test_growth_from_an_earlier_base_counts_all_its_years(self, tmp_path):
        goal = {"target": "6", "kind": "annual_growth"}
        standing = standing_of(tmp_path, goal, ("2019", "95"), ("2021", "110"))
        assert standing.path.values[-1] == pytest.approx(95 * 1.06**6)
        assert 110 * (1 + standing.left.value) ** 4 == pytest.approx(95 * 1.06**6)

    REVISED = (
        {"period": "2020", "value": "110", "vintage": "revised", "published": "2021-12"},
        ("2022", "125"),
    )

    @pytest.mark.parametrize(
        ("kind", "goal", "end"),
        [("multiple", "1.5", 165), ("change_units", "50", 160), ("annual_growth", "8", 110 * 1.08**5)],
    )
    def test_a_promised_change_counts_from_the_revised_base(self, tmp_path, kind, goal, end):
        standing = standing_of(tmp_path, {"base": "100", "target": goal, "kind": kind}, *self.REVISED)
        assert standing.path.values[[0, -1]].tolist() == pytest.approx([110, end])
        assert standing.revision == pytest.approx(1.1)
        assert standing.so_far.value == pytest.approx((125 / 110) ** 0.5 - 1)
        assert standing.left.value == pytest.approx((end / 125) ** (1 / 3) - 1)

    def test_a_base_of_another_year_is_compared_with_its_own_year(self, tmp_path):
        values = (
            ("2019", "100"),
            ("2020", "108"),
            {"period": "2020", "value": "113.4", "vintage": "revised"},
            ("2022", "125"),
        )
        standing = standing_of(tmp_path, LEVEL | {"base_year": "2019"}, *values, as_of="2023")
        assert standing.revision == pytest.approx(1.05)
        assert standing.so_far.value == pytest.approx((125 / 105) ** (1 / 3) - 1)

    def test_another_definition_is_said(self, tmp_path):
        standing = standing_of(
            tmp_path, LEVEL, {"period": "2022", "value": "118", "definition": "new survey"}
        )
        assert standing.light == "not_assessable" and "new survey" in standing.reason["en"]


class TestNodesRefused:
    CASES = (
        (LEVEL, {"value": "120", "unit": "万元"}, "size of the target's 150"),
        (FLOOR, {"value": "95", "unit": "%"}, "a target with a path"),
        ({"target": "", "status": "masked"}, {"value": "95", "unit": "亿元"}, "a target with a path"),
        ({"target": "1000", "kind": "cumulative_sum"}, {"value": "8", "unit": "%"}, "that year's flow"),
        ({"indicator": "gdp", "target": "6", "kind": "annual_growth"}, {"value": "120", "unit": "亿元"}, "growth of that year"),
    )  # fmt: skip

    @pytest.mark.parametrize(("goal", "node", "said"), CASES)
    def test_with_file_and_row(self, tmp_path, goal, node, said):
        audit_plan(tmp_path, [goal])
        with pytest.raises(PlanmodelError, match=rf"nodes\.csv, row 2.*{said}"):
            write_nodes(tmp_path, {"target": "T1/1/1", "year": "2022"} | node)

    def test_the_percent_of_a_decrease_is_a_decrease(self, tmp_path):
        goal = {"indicator": "energy_reduction", "target": "15", "kind": "cumulative_change_pct"}
        observed = [
            {"indicator": "energy", "period": y, "value": v} for y, v in (("2020", "1"), ("2021", "0.96"))
        ]
        audit_plan(tmp_path, [goal], observed)
        plan = write_nodes(tmp_path, {"target": "T1/1/1", "year": "2021", "value": "3", "unit": "%"})
        standing = review(plan, scenario(), n_draws=N_DRAWS).standings[0]
        assert standing.milestone == pytest.approx(97) and standing.milestone_reached


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"period": "2023", "value": "-100", "measure": "growth"}, "value"),
        ({"period": "2023-01..2023-09", "value": "5", "measure": "mean_growth"}, "measure"),
        ({"period": "2023", "value": "5", "measure": "growth", "unit": "亿元"}, "unit"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(tmp_path, cells, column):
    with pytest.raises(PlanmodelError, match=rf"observations\.csv, row 2, {column}"):
        audit_plan(tmp_path, [LEVEL], [cells])


class TestMonths:
    def estimate(self, folder, goal, *observed, as_of="2023-09"):
        observed = [{"indicator": goal.get("indicator", "trade")} | row for row in observed]
        return review(audit_plan(folder, [goal], observed), scenario(), as_of, n_draws=N_DRAWS)

    MEAN = PM25 | {"base": "30", "target": "25"}

    def test_a_mean_of_months_is_not_a_part_of_the_year(self, tmp_path):
        months = [("2022", "26"), ("2022-01..2022-09", "25"), ("2023-01..2023-09", "24")]
        estimate = self.estimate(
            tmp_path, self.MEAN, *({"period": p, "value": v} for p, v in months)
        ).estimates[0]
        assert estimate.known_share == pytest.approx(9 / 12) and estimate.growth == pytest.approx(-0.04)

    def test_means_of_quarters_do_not_add_up(self, tmp_path):
        months = [("2022", "26"), ("2022Q1", "30"), ("2022Q2", "20"), ("2023Q1", "30"), ("2023Q2", "24")]
        estimate = self.estimate(
            tmp_path, self.MEAN, *({"period": p, "value": v} for p, v in months)
        ).estimates[0]
        assert (estimate.months, estimate.growth) == (3, pytest.approx(0.0))

    def test_real_months_after_nominal_years_keep_the_base(self, tmp_path):
        goal = {"indicator": "gdp", "target": "6", "kind": "annual_growth"}
        years = [{"period": str(y), "value": str(100 * 1.075 ** (y - 2020))} for y in range(2015, 2023)]
        real = {"period": "2023-01..2023-09", "value": "5", "measure": "growth"}
        result = self.estimate(tmp_path, goal, *years, real)
        standing = result.standings[0]
        assert standing.estimated and standing.value == pytest.approx(100 * (1.075 / 1.015) ** 2 * 1.05)


class TestMoments:
    def test_before_the_base_year_is_over_there_is_nothing_to_review(self, tmp_path):
        for as_of in ("2015", "2020-06"):
            folder = tmp_path / as_of
            folder.mkdir()
            with pytest.raises(PlanmodelError, match="as of: expected 2020 or later"):
                standing_of(folder, LEVEL, ("2021", "106"), as_of=as_of)

    def test_without_a_moment_all_that_was_published_counts(self, tmp_path):
        late = {"period": "2021", "value": "112", "vintage": "revised", "published": "2024-01-15"}
        first = {"period": "2021", "value": "110", "vintage": "preliminary", "published": "2022-02-01"}
        assert standing_of(tmp_path, LEVEL, first, late).value == 112

    def test_what_a_plan_prints_of_a_later_year_is_not_known_before(self, tmp_path):
        goals, observed = [LEVEL], [{"period": "2023", "value": "170", "vintage": "plan"}]
        plan = audit_plan(tmp_path, goals, observed)
        known = known_at(plan, parse_moment("2022", 6), 6)
        assert max(o.last_year for o in known.observations) == 2020

    @pytest.mark.parametrize("name", plan_names())
    @pytest.mark.parametrize("as_of", ["2021", "2022", "2023-06-30"])
    def test_no_hindsight(self, name, as_of):
        """A review is the same with everything that became known later struck out."""
        plan, baseline = load_plan(name), load_scenario("baseline")
        moment = parse_moment(as_of, RULES["review"]["release_months"])
        if moment.last_full_year < plan.base_year:
            return
        told, untold = (
            review(p, baseline, as_of, n_draws=100)
            for p in (plan, known_at(plan, moment, RULES["review"]["release_months"]))
        )

        def facts(result):
            return [
                (
                    s.target.id,
                    s.value,
                    s.milestone,
                    s.light,
                    s.left,
                    s.assessment.probability,
                    s.probability_at_start,
                )
                for s in result.standings
            ]

        assert facts(told) == facts(untold) and told.chance_of_all == untold.chance_of_all

    def test_the_chance_in_the_base_year_knows_no_later_revision(self, tmp_path):
        past = [{"period": str(y), "value": str(60 + 4 * (y - 2010))} for y in range(2010, 2020)]
        late = {"period": "2015", "value": "200", "vintage": "revised", "published": "2023-01"}
        goal = {"indicator": "services_va", "base": "100", "target": "150"}
        chances = []
        for name, more in (("without", []), ("with", [late])):
            (tmp_path / name).mkdir()
            standing = standing_of(tmp_path / name, goal, *past, *more, ("2022", "118"), as_of="2024")
            chances.append(standing.probability_at_start)
        assert chances[0] == chances[1] is not None


class TestWords:
    def plan(self, folder, *attributes):
        goals = [
            LEVEL | {"attribute": attributes[0]},
            *(PM25 | {"base": "40", "target": "20", "attribute": a} for a in attributes[1:]),
        ]
        return audit_plan(
            folder, goals, [{"period": "2022", "value": "101"}, PM25 | {"period": "2022", "value": "41"}]
        )

    def test_flips_have_one_column_for_binding_and_other_targets(self, tmp_path):
        result = review(self.plan(tmp_path, "expected", "binding"), scenario(), n_draws=N_DRAWS)
        for lang in LANGS:
            table = read(flips(result), lang, FLIPS).text
            assert len(table) == 2 and not table.isna().any().any()

    def test_one_is_singular(self, tmp_path):
        result = review(self.plan(tmp_path, "binding"), scenario(), n_draws=N_DRAWS)
        said = review_answer(result)["en"]
        assert "1 of the plan period's 1 target can be judged" in said and "1 targets" not in said

    def test_an_old_figure_says_its_year(self, tmp_path):
        result = review(self.plan(tmp_path, "expected"), scenario(), "2024", n_draws=N_DRAWS)
        assert "Of these 1 stands on a figure of 2022." in review_answer(result)["en"]
        assert "lagging (2022)" in cells(result, "en") and "滞后（2022 年）" in cells(result, "zh")

    def test_a_chart_of_a_sum_says_that_it_is_one(self, tmp_path):
        goal, observed = {"target": "1000", "kind": "cumulative_sum"}, [{"period": "2021", "value": "180"}]
        result = review(audit_plan(tmp_path, [goal], observed), scenario(), n_draws=N_DRAWS)
        alts = [standing_chart(result.standings[0], lang).alt for lang in LANGS]
        assert alts[0].startswith("进出口总额：2021 年累计 180，")
        assert alts[1].startswith("Trade: 180 in total by the end of 2021, ")

    def test_a_milestone_names_its_year_once(self):
        result = review(load_plan("jiaojiang-commerce-14fyp"), load_scenario("baseline"), n_draws=50)
        said = read(unjudged(result.table), "en", UNJUDGED).text.Target.tolist()
        assert "done by 2025" in said and not [text for text in said if text.count("2025") > 1]

    def test_what_is_lost_is_named_apart_from_what_can_be_saved(self, tmp_path):
        observed = [FLOOR | {"period": "2021", "value": "93"}, LEVEL | {"period": "2021", "value": "101"}]
        observed = [
            {k: v for k, v in row.items() if k in ("indicator", "period", "value")} for row in observed
        ]
        result = review(audit_plan(tmp_path, [FLOOR, LEVEL], observed), scenario(), n_draws=N_DRAWS)
        said = review_answer(result)["en"]
        assert "Missed for certain: Finance share. Most urgent: Trade (" in said
        assert "已确定未达到：金融业占比。最需关注：进出口总额（" in review_answer(result)["zh"]
        assert len(flips(result)) == 1

    def test_a_zero_has_no_minus(self):
        assert (figure(-0.0004, 0), figure(-0.04, 1), figure(-0.5, 1)) == ("0", "0.0", "−0.5")

    def test_methods_that_extend_a_series_are_silent_at_its_end(self, tmp_path):
        assert standing_of(tmp_path, LEVEL, ("2025", "140"), as_of="2025").tracked == ()

    def test_an_outturn_stands_beside_its_unit(self):
        result = review(load_plan("linhai-14fyp"), load_scenario("baseline"), "2021", n_draws=50)
        assert (
            "665亿元 → 738.5亿元；7.5%（年均增长） → 6.3%"
            in final_reading(result, "zh").text.iloc[0].tolist()
        )

    def test_a_sum_says_that_it_is_one(self, tmp_path):
        goal, observed = {"target": "1000", "kind": "cumulative_sum"}, [{"period": "2021", "value": "180"}]
        result = review(audit_plan(tmp_path, [goal], observed), scenario(), n_draws=N_DRAWS)
        assert "累计 180亿元（2021 年）" in cells(result, "zh")
        assert "180 (100 million yuan) so far (2021)" in cells(result, "en")

    def test_moments_are_written_out(self, tmp_path):
        result = review(self.plan(tmp_path, "expected"), scenario(), "2022-12-31", n_draws=N_DRAWS)
        assert review_answer(result)["zh"].startswith("截至 2022 年 12 月 31 日，")
        assert review_answer(result)["en"].startswith("As of 31 December 2022, ")

    def test_the_joint_chance_compares_the_same_targets(self, tmp_path):
        goals = [{"indicator": "services_va", "base": "100", "target": "150"}] + [
            {"indicator": "services_share", "base": "50", "target": "53", "unit": "%"}
        ]
        past = [
            {"indicator": "services_va", "period": str(y), "value": str(60 + 4 * (y - 2010))}
            for y in range(2010, 2020)
        ]
        later = [{"indicator": "services_va", "period": "2022", "value": "110"}]
        result = review(audit_plan(tmp_path, goals, past + later), scenario(), n_draws=N_DRAWS)
        n, then, now = result.chance_of_all
        single = [(s.probability_at_start, s.assessment.probability) for s in result.standings]
        both = [pair for pair in single if None not in pair]
        assert n == len(both)
        assert then <= min(a for a, _ in both) and now <= min(b for _, b in both)


def test_a_finished_row_is_unchanged_by_figures_published_elsewhere():
    """Linhai's finished table is judged by what it prints, whatever else is entered for its rows."""
    plan = load_plan("linhai-14fyp")
    printed = next(o for o in plan.observations if o.target == "T1/1/1")
    more = replace(printed, period="2018", first_year=2018, last_year=2018, value=1.0, vintage="revised")
    result = review(
        replace(plan, observations=(more, *plan.observations)), load_scenario("baseline"), "2021", n_draws=50
    )
    assert result.final[0].outturns[0].met is True
