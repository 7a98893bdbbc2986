"""Class paths and own deviations, against the algebra done by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planmodel.forecasts.class_paths import (
    ALPHAS,
    CLASS_YEARS,
    CLIP,
    DAMPING,
    DRIFT_KEPT,
    LARGEST_FELT,
    LARGEST_SEEN,
    MEMORY,
    PRIOR_DF,
    PRIOR_SD,
    TREND_SHARES,
    WARM_UP,
    Deviation,
    class_state,
    own_path,
)

DEVIATION = Deviation(A=0.6, rho=0.75, N=0.5, nu=5.0, scale=3.0)
deviations = st.builds(
    Deviation,
    A=st.floats(0.01, 3),
    rho=st.floats(0.05, 0.99),
    N=st.floats(0.05, 3),
    nu=st.floats(2.5, 30),
    scale=st.floats(0.1, 20),
)
records = st.lists(
    st.tuples(st.integers(1, 6), st.integers(0, 3), st.floats(-30, 30)), min_size=1, max_size=8
)


def covariance(deviation, first, second):
    """scale^2 (A rho^|lag| + N at lag 0), entry by entry."""
    table = np.zeros((len(first), len(second)))
    for i, s in enumerate(first):
        for j, t in enumerate(second):
            same = deviation.N if s == t else 0.0
            table[i, j] = deviation.scale**2 * (deviation.A * deviation.rho ** abs(s - t) + same)
    return table


def conditional(deviation, observe, years, seen, ahead):
    """Mean and covariance of a Gaussian process ahead, given linear observations of it, through the joint matrix."""
    joint = covariance(deviation, [*years, *ahead], [*years, *ahead])
    n, k = len(years), len(ahead)
    maps = np.zeros((len(seen) + k, n + k))
    maps[: len(seen), :n] = observe
    maps[len(seen) :, n:] = np.eye(k)
    joint = maps @ joint @ maps.T
    m = len(seen)
    among, across, prior = joint[:m, :m], joint[m:, :m], joint[m:, m:]
    gain = across @ np.linalg.inv(among)
    return gain @ seen, prior - gain @ across.T, seen @ np.linalg.inv(among) @ seen


def spells_of(record, origin=2020):
    """Spells that end at the origin, from (length, gap before the next, mean deviation)."""
    spells, end = [], origin
    for length, gap, mean in record:
        spells.append((end - length + 1, end, mean * length))
        end -= length + gap
    return spells[::-1]


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_yearly_growth_conditions_as_by_hand(n):
    years, ahead = np.arange(2021 - n, 2021), np.arange(2021, 2026)
    seen = np.random.default_rng(n).normal(0, 2.0, n)
    found = own_path(DEVIATION, [(y, y, s) for y, s in zip(years, seen, strict=True)], 2020, 5)
    mean, cov, squares = conditional(DEVIATION, np.eye(n), years, seen, ahead)
    assert found.mean == pytest.approx(mean, rel=1e-9)
    # Given a scale of its own (inverse gamma), the record says how wide this member is: multivariate t.
    assert found.covariance == pytest.approx(cov * (5.0 + squares) / (5.0 + n), rel=1e-9)
    assert found.df == 5.0 + n


def test_a_spell_of_five_years_is_its_sum():
    total, ahead = 12.0, np.arange(2021, 2024)
    found = own_path(DEVIATION, [(2016, 2020, total)], 2020, 3)
    inside = covariance(DEVIATION, range(2016, 2021), range(2016, 2021)).sum()
    across = covariance(DEVIATION, ahead, range(2016, 2021)).sum(axis=1)
    assert found.mean == pytest.approx(across / inside * total)
    cov = covariance(DEVIATION, ahead, ahead) - np.outer(across, across) / inside
    assert found.covariance == pytest.approx(cov * (5.0 + total**2 / inside) / 6.0)
    assert found.own_weight == pytest.approx((5 * across / inside).mean())


def test_spells_with_gaps_condition_as_by_hand():
    spells = [(2010, 2012, 4.0), (2015, 2015, -3.0), (2017, 2020, 9.0)]
    years = np.arange(2010, 2021)
    observe = np.array([[a <= y <= b for y in years] for a, b, _ in spells], float)
    mean, cov, squares = conditional(DEVIATION, observe, years, np.array([4.0, -3.0, 9.0]), range(2021, 2026))
    found = own_path(DEVIATION, spells, 2020, 5)
    assert found.mean == pytest.approx(mean)
    assert found.covariance == pytest.approx(cov * (5.0 + squares) / 8.0)


def test_without_a_record_the_prior():
    found = own_path(DEVIATION, [], 2020, 4)
    assert (found.mean == 0).all() and found.own_weight == 0 and found.df == 5.0
    years = range(2021, 2025)
    assert found.covariance == pytest.approx(covariance(DEVIATION, years, years))


def test_a_record_long_ago_says_almost_nothing():
    found = own_path(DEVIATION, [(1960, 1960, 10.0)], 2020, 3)
    assert found.mean == pytest.approx(np.zeros(3), abs=1e-5) and found.own_weight < 1e-5


def test_deviations_beyond_four_times_the_usual_are_clipped():
    edge = CLIP * DEVIATION.scale
    at, beyond = (own_path(DEVIATION, [(2020, 2020, s)], 2020, 3).mean for s in (edge, 10 * edge))
    inside = own_path(DEVIATION, [(2020, 2020, edge / 2)], 2020, 3).mean
    assert beyond == pytest.approx(at) and inside == pytest.approx(at / 2)
    edge *= 5**0.5
    at, beyond = (own_path(DEVIATION, [(2016, 2020, s)], 2020, 3).mean for s in (edge, -10 * edge))
    assert beyond == pytest.approx(-at)


@given(deviations, records, st.integers(1, 10))
def test_the_weight_of_a_record_is_a_share(deviation, record, n_years):
    found = own_path(deviation, spells_of(record), 2020, n_years)
    assert -1e-9 <= found.own_weight <= 1 + 1e-9
    assert np.linalg.eigvalsh(found.covariance).min() > 0
    assert np.isfinite(found.mean).all()


@given(st.integers(1, 7), st.integers(1, 8))
def test_a_longer_record_weighs_more_and_a_longer_forecast_leans_on_it_less(n, n_years):
    def weight(length, years):
        return own_path(DEVIATION, spells_of([(1, 0, 1.0)] * length), 2020, years).own_weight

    assert weight(n, n_years) < weight(n + 1, n_years)
    assert weight(n, n_years) > weight(n, n_years + 1)


def test_the_weight_is_the_share_of_a_steady_lead_that_is_expected_to_last():
    lead = 2.0
    found = own_path(DEVIATION, spells_of([(1, 0, lead)] * 6), 2020, 5)
    assert found.mean.mean() == pytest.approx(found.own_weight * lead)


def test_draws_of_a_deviation_have_its_mean_and_covariance():
    found = own_path(DEVIATION, [(2016, 2020, 12.0), (2015, 2015, -2.0)], 2020, 4)
    draws = found.draws(200_000, np.random.default_rng(1))
    wide = found.covariance * found.df / (found.df - 2)
    error = np.sqrt(np.diag(wide) / 200_000)
    assert (np.abs(draws.mean(axis=0) - found.mean) < 4 * error).all()
    assert np.cov(draws.T) == pytest.approx(wide, rel=0.05)


MEDIANS = np.r_[
    np.linspace(8, 12, 12), [10.0, 9.0, 4.0, 8.5, 7.0, 7.5], np.linspace(7, 6, 6), [2.3, 8.1, 5.0, 5.2]
]


def test_weights_of_the_smoothing_constants_add_to_one():
    state = class_state(MEDIANS, 3.0, 0.1)
    assert state.weights.sum() == pytest.approx(1) and (state.weights > 0).all()
    assert len(state.weights) == len(ALPHAS) * len(TREND_SHARES)
    assert set(state.alpha) == set(ALPHAS)
    memory = sum(MEMORY**age for age in range(CLASS_YEARS - WARM_UP))
    assert state.df == pytest.approx(PRIOR_DF + memory), "the variance forgets"


def test_the_state_is_the_recursion_written_out():
    values = [*MEDIANS[-25:-1], MEDIANS[-1] + 30]
    state = class_state(np.array(values), 3.0, 0.1)
    for i in (0, 9, 27):
        level, trend = np.median(values[:5]), 0.0
        seen: list[float] = []
        for t, value in enumerate(values):
            before = level + DRIFT_KEPT * DAMPING * trend - 0.1 * (level - 3.0)
            ages = [MEMORY**age for age in range(len(seen))][::-1]
            squares = PRIOR_DF * PRIOR_SD**2 + sum(m * s**2 for m, s in zip(ages, seen, strict=True))
            sd = np.sqrt(squares / (PRIOR_DF + sum(ages)))
            surprise = value - before
            felt = np.clip(surprise, -LARGEST_FELT * sd, LARGEST_FELT * sd)
            level, trend = before + state.alpha[i] * felt, DAMPING * trend + state.beta[i] * felt
            if t >= WARM_UP:
                seen.append(np.clip(surprise, -LARGEST_SEEN * sd, LARGEST_SEEN * sd))
        assert (state.level[i], state.trend[i]) == pytest.approx((level, trend))


def test_one_extraordinary_year_hardly_moves_the_level():
    """6.8, 3.5, 8.1: the medians of the prefectures of 2019, 2020 and 2021; the first fall is not the new level."""
    steady = np.array([7.0, 6.9, 7.1, 6.8, 7.0, 6.9, 7.0, 7.1, 6.9, 7.0, 6.8])
    before, after = class_state(steady, 5.0, 0.1), class_state(np.append(steady, 1.0), 5.0, 0.1)
    fall = before.mean(5).mean() - after.mean(5).mean()
    assert 0 < fall < 0.4 * 6


def test_a_steady_class_stays_where_it_is_and_a_pull_draws_it_outwards():
    steady = class_state(np.full(25, 7.0), 7.0, 0.2)
    assert steady.mean(10) == pytest.approx(np.full(10, 7.0))
    path = class_state(np.full(25, 7.0), 3.0, 0.2).mean(40)
    assert (np.diff(path) < 0).all() and path[-1] == pytest.approx(3.0, abs=0.1)
    free = class_state(np.full(25, 7.0), 3.0, 0.0)
    assert free.mean(10) == pytest.approx(np.full(10, 7.0))


def test_a_falling_class_goes_on_falling_for_a_while():
    path = class_state(np.linspace(12, 6, 25), 6.0, 0.0).mean(10)
    assert path[0] < 6.3 and (np.diff(path) <= 0).all()
    assert abs(path[-1] - path[-2]) < abs(path[1] - path[0])


def test_only_the_last_years_count():
    longer = np.r_[np.full(10, 40.0), MEDIANS[-CLASS_YEARS:]]
    one, other = class_state(longer, 3.0, 0.1), class_state(MEDIANS[-CLASS_YEARS:], 3.0, 0.1)
    assert one.mean(5) == pytest.approx(other.mean(5), abs=0)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 10, 28])
def test_a_short_class_has_a_state_too(n):
    state = class_state(MEDIANS[-n:], 3.0, 0.1)
    assert np.isfinite(state.mean(10)).all() and state.weights.sum() == pytest.approx(1)
    assert np.isfinite(state.draws(10, 100, np.random.default_rng(0))).all()


def test_draws_of_the_class_have_the_expected_mean():
    state = class_state(MEDIANS, 3.0, 0.1)
    draws = state.draws(8, 200_000, np.random.default_rng(4))
    error = draws.std(axis=0) / 200_000**0.5
    assert (np.abs(draws.mean(axis=0) - state.mean(8)) < 4 * error).all()


def test_the_class_path_spreads_with_the_years_and_its_years_go_together():
    state = class_state(MEDIANS, 3.0, 0.1)
    draws = state.draws(8, 50_000, np.random.default_rng(5))
    spread = draws.std(axis=0)
    assert spread[-1] > spread[0]
    assert (np.diag(np.corrcoef(draws.T), 1) > 0).all()
    assert draws.sum(axis=1).std() > np.sqrt((spread**2).sum())
    surprise = state.weights @ state.variance * state.df / (state.df - 2)
    assert draws[:, 0].var() >= 0.9 * surprise


def test_a_surprise_lasts_by_its_smoothing_constants():
    """Of a surprise, alpha stays in the level (less the pull) and beta goes on as a trend of which half is kept."""
    state = class_state(MEDIANS, 3.0, 0.1)
    at = int(np.argmax(state.alpha * state.beta))
    state = replace(state, weights=np.eye(len(state.weights))[at], df=1e6)
    draws = state.draws(2, 100_000, np.random.default_rng(6))
    slope = np.polyfit(draws[:, 0], draws[:, 1], 1)[0]
    expected = (1 - 0.1) * state.alpha[at] + DAMPING * DRIFT_KEPT * state.beta[at]
    assert slope == pytest.approx(expected, abs=0.02)
