"""The year under way, estimated from months and quarters whose answers are known."""

import numpy as np
import pytest
from handmade import audit_plan, scenario

from planmodel.arithmetic.periods import parse_moment
from planmodel.review import review

GOAL = {"base": "100", "target": "150"}
YEARS = [{"period": str(y), "value": str(v)} for y, v in ((2018, 86), (2019, 93), (2021, 104), (2022, 110))]


def estimated(folder, *months, goal=None, years=YEARS, as_of="2023-09", n_draws=500):
    """The estimates of a plan with one target, years known, and months of 2022 and 2023."""
    name = (goal or {}).get("indicator", "trade")
    observed = [{"indicator": name} | row for row in (*years, *months)]
    return review(audit_plan(folder, [goal or GOAL], observed), scenario(), as_of, n_draws=n_draws)


def run(period, value, **cells):
    return {"period": period, "value": value, **cells}


class TestGrowth:
    def test_months_over_the_same_months_of_the_year_before(self, tmp_path):
        result = estimated(tmp_path, run("2022-01..2022-09", "80"), run("2023-01..2023-09", "86.4"))
        estimate = result.estimates[0]
        assert (estimate.year, estimate.months) == (2023, 9)
        assert estimate.growth == pytest.approx(0.08)
        assert estimate.known_share == pytest.approx(80 / 110)
        assert estimate.value == pytest.approx(110 * 1.08)

    def test_published_growth_needs_no_levels(self, tmp_path):
        result = estimated(tmp_path, run("2023-01..2023-09", "8", measure="growth"))
        estimate = result.estimates[0]
        assert estimate.growth == pytest.approx(0.08) and estimate.known_share == pytest.approx(9 / 12)

    def test_january_and_february_come_together_and_months_add_up(self, tmp_path):
        months = [
            run("2022-01..2022-02", "15"),
            run("2022-03", "9"),
            run("2023-01..2023-02", "16"),
            run("2023-03", "10.4"),
        ]
        estimate = estimated(tmp_path, *months).estimates[0]
        assert estimate.months == 3 and estimate.growth == pytest.approx(26.4 / 24 - 1)

    def test_quarters_add_up(self, tmp_path):
        quarters = [
            run(f"{y}Q{q}", v)
            for y, q, v in ((2022, 1, "25"), (2022, 2, "27"), (2023, 1, "26"), (2023, 2, "31.2"))
        ]
        estimate = estimated(tmp_path, *quarters).estimates[0]
        assert estimate.months == 6 and estimate.growth == pytest.approx(57.2 / 52 - 1)

    def test_the_most_months_win(self, tmp_path):
        months = [
            run("2023-01..2023-03", "2", measure="growth"),
            run("2023-01..2023-06", "5", measure="growth"),
        ]
        estimate = estimated(tmp_path, *months).estimates[0]
        assert estimate.months == 6 and estimate.growth == pytest.approx(0.05)

    def test_a_middle_quarter_alone_says_nothing_of_the_year(self, tmp_path):
        assert estimated(tmp_path, run("2023Q2", "9", measure="growth")).estimates == ()

    def test_real_growth_moves_the_real_index(self, tmp_path):
        goal = {"indicator": "gdp", "target": "6", "kind": "annual_growth"}
        years = [run(str(y), "6", measure="growth") for y in (2019, 2020, 2021, 2022)]
        result = estimated(tmp_path, run("2023-01..2023-09", "5", measure="growth"), goal=goal, years=years)
        standing = result.standings[0]
        assert standing.estimated and standing.year == 2023
        assert standing.value == pytest.approx(106**2 * 1.05 / 100)

    def test_a_stock_is_its_latest_figure(self, tmp_path):
        goal = {"indicator": "parks", "base": "100", "target": "150"}
        months = [run("2022-09", "108"), run("2023-09", "114")]
        estimate = estimated(tmp_path, *months, goal=goal).estimates[0]
        assert estimate.growth == pytest.approx(114 / 108 - 1)

    def test_a_share_of_some_months_is_not_one_of_the_year(self, tmp_path):
        goal = {"indicator": "finance_share", "base": "50", "target": "55"}
        years = [run("2022", "51")]
        assert estimated(tmp_path, run("2023-01..2023-09", "53"), goal=goal, years=years).estimates == ()

    def test_real_growth_of_a_nominal_level_takes_the_price_path(self, tmp_path):
        goal = {"indicator": "services_va", **GOAL}
        real = run("2023-01..2023-06", "6", measure="growth")
        estimate = estimated(tmp_path, real, goal=goal).estimates[0]
        assert estimate.inflated and estimate.growth == pytest.approx(1.06 * 1.015 - 1)
        (tmp_path / "more").mkdir()
        months = [real, run("2022-01..2022-06", "50"), run("2023-01..2023-06", "54")]
        own = estimated(tmp_path / "more", *months, goal=goal).estimates[0]
        assert not own.inflated and own.growth == pytest.approx(0.08)

    def test_after_the_year_its_own_figure_counts(self, tmp_path):
        months = run("2023-01..2023-09", "8", measure="growth")
        result = estimated(tmp_path, months, run("2023", "120"), as_of="2023")
        assert result.estimates == () and result.standings[0].value == 120


class TestUncertainty:
    def test_it_shrinks_as_months_come_in(self, tmp_path):
        spreads = []
        for months in (2, 6, 11):
            folder = tmp_path / str(months)
            folder.mkdir()
            observed = run(f"2023-01..2023-{months:02d}", "8", measure="growth")
            goal = {"indicator": "services_va", **GOAL}
            estimate = estimated(folder, observed, goal=goal, as_of=f"2023-{months:02d}").estimates[0]
            spreads.append(estimate.spread)
        assert all(spread > 0 for spread in spreads) and spreads == sorted(spreads, reverse=True)
        assert spreads[0] / spreads[2] == pytest.approx(10, rel=0.05)  # (1 - 2/12) / (1 - 11/12)

    def test_it_reaches_the_draws(self, tmp_path):
        goal = {"indicator": "services_va", **GOAL}
        result = estimated(
            tmp_path, run("2023-01..2023-06", "8", measure="growth"), goal=goal, as_of="2023-06", n_draws=4000
        )
        estimate, standing = result.estimates[0], result.standings[0]
        outlook = standing.assessment.outlook
        drawn = np.log(outlook.values[:, list(outlook.years).index(2023)])
        assert drawn.std() == pytest.approx(estimate.spread, rel=0.05)
        assert drawn.mean() == pytest.approx(np.log(estimate.value), abs=0.01)

    def test_an_estimate_meets_nothing(self, tmp_path):
        goal = {"indicator": "services_va", "base": "100", "target": "112"}
        result = estimated(tmp_path, run("2023-01..2023-09", "8", measure="growth"), goal=goal)
        standing = result.standings[0]
        assert standing.value > 112 and standing.light != "met"


@pytest.mark.parametrize(
    ("text", "year", "last_full_year"),
    [
        ("2023", 2023, 2023),
        ("2023Q3", 2023, 2022),
        ("2023-12", 2023, 2023),
        ("2024-01-31", 2024, 2023),
        ("2024-02-29", 2024, 2023),
    ],
)
def test_moments(text, year, last_full_year):
    moment = parse_moment(text, 6)
    assert (moment.year, moment.last_full_year) == (year, last_full_year)
