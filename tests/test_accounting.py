"""Growth accounting: the known answer, inverses, the years of a plan, contributions, what cannot be."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel import PlanmodelError
from planmodel.arithmetic.accounting import (
    FACTORS,
    TERMS,
    Assumptions,
    capital_path,
    contributions,
    needed,
    solve,
    total_growth,
    trade_off,
)
from planmodel.errors import UndefinedGrowth

KNOWN = Assumptions(
    labour_share=0.5, depreciation=0.05, capital_output=3, investment_share=0.40, productivity=0.01,
    human_capital=0.005, participation=0.0, working_age=-0.005, population=0.002,
)  # fmt: skip
PER_HEAD = 0.050179

rate = st.floats(-0.03, 0.06)
economies = st.builds(
    Assumptions,
    labour_share=st.floats(0.3, 0.8),
    depreciation=st.floats(0.02, 0.1),
    capital_output=st.floats(1.5, 6),
    investment_share=st.floats(0.05, 0.6),
    productivity=rate,
    human_capital=rate,
    participation=rate,
    working_age=rate,
    population=rate,
)


def having(assumptions, term):
    """The value a term has."""
    return getattr(assumptions, term)


def test_the_known_answer_both_ways_and_not_per_head():
    assert (1 + total_growth(KNOWN)) / 1.002 - 1 == pytest.approx(PER_HEAD, abs=5e-7)
    growth = (1 + PER_HEAD) * 1.002 - 1
    assert solve(growth, replace(KNOWN, investment_share=0.1), "investment_share") == pytest.approx(
        0.4, abs=1e-5
    )


@pytest.mark.parametrize("term", TERMS)
def test_each_term_of_the_known_answer_is_found_again(term):
    growth = (1 + PER_HEAD) * (1 + KNOWN.population) - 1
    assert solve(growth, KNOWN, term) == pytest.approx(having(KNOWN, term), abs=1e-5)


@given(economies, st.sampled_from(TERMS))
def test_the_closed_form_inverts_growth(economy, term):
    growth = total_growth(economy)
    other = economy.having(term, having(economy, term) + 0.01)
    assert solve(growth, other, term) == pytest.approx(having(economy, term), abs=1e-9)
    assert total_growth(other) > growth


@given(economies, st.sampled_from(TERMS), st.integers(2, 15))
def test_the_years_of_a_plan_are_inverted_too(economy, term, n_years):
    growth = capital_path(economy, n_years).mean
    found = needed(growth, economy.having(term, having(economy, term) + 0.01), term, n_years)
    assert found.attainable and found.value == pytest.approx(having(economy, term), abs=1e-8)


@given(economies, st.integers(1, 15))
def test_contributions_add_up_to_growth(economy, n_years):
    parts = contributions(economy, n_years)
    assert tuple(parts) == FACTORS
    assert sum(parts.values()) == pytest.approx(capital_path(economy, n_years).mean, abs=1e-12)


def test_contributions_have_the_sign_of_their_factor_and_nothing_adds_nothing():
    parts = contributions(replace(KNOWN, human_capital=0.0, population=0.0))
    assert parts["human_capital"] == 0 and parts["labour"] < 0 < parts["capital"]
    still = Assumptions(0.5, 0.05, 3, 0.15)
    assert contributions(still, 5) == pytest.approx(dict.fromkeys(FACTORS, 0.0), abs=1e-12)


def test_two_years_by_hand():
    path = capital_path(KNOWN, 2)
    first_capital = 0.95 + 0.40 / 3
    first = 1.01 * (1.005 * 0.995 * 1.002) ** 0.5 * first_capital**0.5
    ratio = 3 * first_capital / first
    second_capital = 0.95 + 0.40 / ratio
    second = 1.01 * (1.005 * 0.995 * 1.002) ** 0.5 * second_capital**0.5
    assert path.growth + 1 == pytest.approx([first, second])
    assert path.capital_output == pytest.approx([3, ratio, ratio * second_capital / second])


@given(economies, st.integers(2, 20))
def test_at_the_steady_state_every_year_is_the_one_year_formula(economy, n_years):
    growth = ((1 + economy.productivity) ** (1 / economy.labour_share)) * (1 + economy.human_capital) * (
        1 + economy.labour
    ) - 1
    if growth + economy.depreciation <= 0.01:
        return
    steady = replace(economy, capital_output=economy.investment_share / (growth + economy.depreciation))
    path = capital_path(steady, n_years)
    assert path.growth == pytest.approx(np.full(n_years, growth), abs=1e-10)
    assert path.growth[0] == pytest.approx(total_growth(steady), abs=1e-12)
    assert path.capital_output == pytest.approx(np.full(n_years + 1, steady.capital_output))
    assert needed(growth, steady, "investment_share", n_years).value == pytest.approx(
        solve(growth, steady, "investment_share"), abs=1e-8
    )


def test_the_ratio_tends_to_the_steady_state():
    path = capital_path(KNOWN, 400)
    growth = 1.01**2 * 1.005 * 0.995 * 1.002 - 1
    assert path.growth[-1] == pytest.approx(growth, abs=1e-6)
    assert path.capital_output[-1] == pytest.approx(0.40 / (growth + 0.05), rel=1e-4)


def test_the_trade_off_is_met_by_its_pairs_and_falls():
    productivity = np.linspace(0, 0.03, 7)
    shares = trade_off(0.055, KNOWN, 5, productivity)
    assert (np.diff(shares) < 0).all()
    for x, share in zip(productivity, shares, strict=True):
        met = KNOWN.having("productivity", float(x)).having("investment_share", float(share))
        assert capital_path(met, 5).mean == pytest.approx(0.055)


@pytest.mark.parametrize("n_years", [1, 5])
def test_what_no_share_of_output_meets_is_said_not_returned(n_years):
    above = needed(0.15, KNOWN, "investment_share", n_years)
    assert not above.attainable and above.why == "above_output" and above.value > 1
    without = needed(-0.10, KNOWN, "investment_share", n_years)
    assert not without.attainable and without.why == "met_without" and without.value is None
    beyond = needed(0.9, KNOWN, "labour", n_years)
    assert not beyond.attainable and beyond.why == "out_of_reach" and beyond.value is None
    assert np.isnan(trade_off(0.15, KNOWN, n_years, np.array([0.0]))).all()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("labour_share", 1.0, "labour_share: expected a share of income between 0 and 100 %, found 100 %"),
        ("labour_share", -0.1, "found -10 %"),
        ("investment_share", -0.01, "investment_share: expected from 0 to 100 %, found -1 %"),
        ("investment_share", 1.2, "found 120 %"),
        ("depreciation", 1.5, "depreciation"),
        ("capital_output", 0, "more than 0 years of output"),
        ("population", -1.0, "growth above -100 % a year"),
        ("productivity", float("nan"), "productivity: expected a number, found nan"),
    ],
)
def test_assumptions_that_cannot_be_are_refused(name, value, said):
    wrong = replace(KNOWN, **{name: value})
    for call in (
        total_growth,
        lambda a: capital_path(a, 5),
        contributions,
        lambda a: needed(0.05, a, "productivity", 5),
    ):
        with pytest.raises(PlanmodelError) as caught:
            call(wrong)
        assert said in str(caught.value)


def test_all_faults_come_at_once_and_unknown_terms_are_named():
    with pytest.raises(PlanmodelError) as caught:
        total_growth(replace(KNOWN, labour_share=2, capital_output=-1))
    assert len(caught.value.faults) == 2
    with pytest.raises(PlanmodelError, match="investment_share, productivity"):
        needed(0.05, KNOWN, "capital")
    with pytest.raises(PlanmodelError, match="growth above -100 %"):
        needed(-1.0, KNOWN, "productivity")
    with pytest.raises(UndefinedGrowth):
        capital_path(KNOWN, 0)
