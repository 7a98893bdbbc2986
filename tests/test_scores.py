"""Scores: closed forms, brute force, and observations that differ from the forecast's median."""

import doctest
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import scores, speed

numbers = st.floats(-1e3, 1e3)
samples = st.lists(numbers, min_size=2, max_size=12)
OFF_MEDIAN = (-2.5, -0.3, 0.4, 3.0)
"""Observations on both sides of a median of 0, within the usual bands and outside them."""


def pinball(actual, quantile, probability):
    return max(probability * (actual - quantile), (probability - 1) * (actual - quantile))


def integrated(actual, cdf, low=-30.0, high=30.0, n=600_001):
    """CRPS by its definition: the integral of (F(x) - 1[x >= y])^2."""
    x = np.linspace(low, high, n)
    return np.trapezoid((cdf(x) - (x >= actual)) ** 2, x)


def test_coverage_counts_the_ends():
    assert scores.coverage([1, 2, 3, 4], 2, 3) == 0.5
    assert scores.coverage([5.0], 5, 5) == 1


@pytest.mark.parametrize("actual", OFF_MEDIAN)
@pytest.mark.parametrize("alpha", [0.05, 0.2, 0.5])
def test_the_interval_score_is_two_over_alpha_times_the_pinball_losses_of_its_ends(actual, alpha):
    low, high = -1.2, 1.7
    losses = pinball(actual, low, alpha / 2) + pinball(actual, high, 1 - alpha / 2)
    assert scores.interval_score(actual, low, high, alpha) == pytest.approx(2 / alpha * losses)


@given(numbers, numbers, st.floats(0, 1e3), st.sampled_from([0.05, 0.2]))
def test_the_interval_score_by_cases(actual, low, width, alpha):
    high = low + width
    expected = high - low
    if actual < low:
        expected += 2 / alpha * (low - actual)
    if actual > high:
        expected += 2 / alpha * (actual - high)
    assert scores.interval_score(actual, low, high, alpha) == pytest.approx(expected)


def test_the_interval_score_is_proper():
    """On normal draws the true quantiles score better than narrower and wider ones."""
    y = np.random.default_rng(0).standard_normal(200_000)
    end = NormalDist().inv_cdf(0.975)
    by_width = [scores.interval_score(y, -k * end, k * end, 0.05).mean() for k in (0.8, 1, 1.25)]
    assert by_width[1] < min(by_width[0], by_width[2])


def test_msis_and_mase_scale_each_series_by_its_own_changes():
    actual, low, high = (
        np.array([[1.0, 5.0], [80.0, 130.0]]),
        np.array([[2.0], [90.0]]),
        np.array([[4.0], [120.0]]),
    )
    scale = np.array([1.5, 15])  # the mean absolute changes of 1, 2, 4 and 100, 80, 90
    by_hand = (((2 + 40 * 1) + (2 + 40 * 1)) / 2 / 1.5 + ((30 + 40 * 10) + (30 + 40 * 10)) / 2 / 15) / 2
    assert scores.msis(actual, low, high, scale) == pytest.approx(by_hand)
    errors = ((2 + 2) / 2 / 1.5 + (25 + 25) / 2 / 15) / 2
    assert scores.mase(actual, np.array([[3.0], [105.0]]), scale) == pytest.approx(errors)


def test_msis_of_series_of_other_sizes_is_the_same():
    rng = np.random.default_rng(1)
    actual, low, scale = rng.normal(size=(5, 4)), -rng.random((5, 4)), rng.random(5) + 0.5
    size = np.array([1, 10, 100, 1000, 1e4])
    plain = scores.msis(actual, low, low + 1, scale)
    times = size[:, None]
    assert scores.msis(actual * times, low * times, (low + 1) * times, scale * size) == pytest.approx(plain)


def test_smape_by_hand_and_at_zero():
    assert scores.smape([100.0], [150.0]) == pytest.approx(40)
    assert scores.smape([-1.0, 0.0], [1.0, 3.0]) == pytest.approx(200)
    assert scores.smape([0.0], [0.0]) == 0


@given(st.floats(0.1, 1e3), st.floats(0.1, 1e3))
def test_smape_is_symmetric_and_bounded(first, second):
    assert scores.smape([first], [second]) == pytest.approx(scores.smape([second], [first]))
    assert 0 <= scores.smape([first], [second]) <= 200


@given(numbers, samples)
def test_crps_of_draws_agrees_with_all_pairs(actual, draws):
    n = len(draws)
    distance = sum(abs(x - actual) for x in draws) / n
    pairs = sum(abs(a - b) for a, b in product(draws, draws))
    plain, fair = distance - pairs / (2 * n * n), distance - pairs / (2 * n * (n - 1))
    assert scores.crps_draws(actual, draws) == pytest.approx(plain, abs=1e-8)
    assert scores.crps_draws(actual, draws, fair=True) == pytest.approx(fair, abs=1e-8)


@pytest.mark.parametrize("actual", OFF_MEDIAN)
def test_crps_of_draws_is_the_integral_over_their_step_function(actual):
    draws = np.array([-1.0, -0.5, 0.0, 0.25, 2.0])
    expected = integrated(actual, lambda x: (x[:, None] >= draws).mean(axis=1))
    assert scores.crps_draws(actual, draws) == pytest.approx(expected, abs=1e-3)


def test_crps_of_one_draw_is_the_absolute_error():
    assert scores.crps_draws(3.0, [1.0]) == 2


def test_crps_takes_many_observations_at_once():
    draws = np.random.default_rng(0).normal(size=(3, 2, 50))
    actual = np.arange(6.0).reshape(3, 2)
    found = scores.crps_draws(actual, draws)
    assert found.shape == (3, 2)
    assert found[2, 1] == pytest.approx(scores.crps_draws(5.0, draws[2, 1]))


@pytest.mark.parametrize("actual", OFF_MEDIAN)
@pytest.mark.parametrize("sd", [0.4, 1.0, 2.5])
def test_crps_of_a_normal_is_the_integral(actual, sd):
    cdf = np.vectorize(NormalDist(0.2, sd).cdf)
    assert scores.crps_normal(actual, 0.2, sd) == pytest.approx(integrated(actual, cdf, n=60_001), abs=1e-3)


def test_crps_of_a_normal_without_spread_is_the_absolute_error():
    assert scores.crps_normal([1.0, 4.0], 2.0, [0.0, 1e-9]) == pytest.approx([1, 2])


@pytest.mark.parametrize("actual", OFF_MEDIAN)
def test_crps_of_many_normal_draws_nears_that_of_the_normal(actual):
    draws = np.random.default_rng(2).standard_normal(100_000)
    assert scores.crps_draws(actual, draws) == pytest.approx(
        float(scores.crps_normal(actual, 0, 1)), abs=0.01
    )


def test_fair_crps_does_not_depend_on_the_number_of_draws():
    rng = np.random.default_rng(3)
    expected = float(scores.crps_normal(0.7, 0, 1))
    few = rng.standard_normal((200_000, 3))
    actual = np.full(len(few), 0.7)
    assert scores.crps_draws(actual, few, fair=True).mean() == pytest.approx(expected, abs=0.005)
    assert scores.crps_draws(actual, few).mean() > expected + 0.1


def test_crps_is_the_mean_of_pinball_losses():
    """2 x the pinball loss, averaged over probabilities, each against the observation and not the median."""
    draws = np.sort(np.random.default_rng(4).gamma(2.0, size=4000))
    probabilities = (np.arange(len(draws)) + 0.5) / len(draws)
    for actual in (0.1, 5.0):
        losses = [2 * pinball(actual, q, p) for q, p in zip(draws, probabilities, strict=True)]
        assert scores.crps_draws(actual, draws) == pytest.approx(np.mean(losses), rel=1e-6)


def test_brier_and_skill():
    outcome, probability = np.array([1, 0, 1, 1]), np.array([0.9, 0.2, 0.4, 1.0])
    assert scores.brier(outcome, probability) == pytest.approx((0.01 + 0.04 + 0.36) / 4)
    assert scores.brier_skill(outcome, outcome, 0.75) == 1
    assert scores.brier_skill(outcome, np.full(4, 0.6), 0.6) == 0
    assert scores.brier_skill(outcome, 1 - outcome, 0.75) < 0


def test_blocks_enter_a_sample_whole():
    block = np.array(["a", "a", "b", "c", "c", "c"])
    counts = scores.block_counts(block, n_samples=500, seed=1)
    assert counts.shape == (500, 6)
    assert (counts[:, 0] == counts[:, 1]).all() and (counts[:, 3] == counts[:, 5]).all()
    assert (counts[:, 0] + counts[:, 2] + counts[:, 3] == 3).all()
    assert counts.mean(axis=0) == pytest.approx(np.ones(6), abs=0.15)


def test_the_interval_of_skill_holds_the_skill_and_widens_with_blocks_that_differ():
    rng = np.random.default_rng(5)
    year = np.repeat(np.arange(10), 50)
    probability = rng.random(500)
    outcome = (rng.random(500) < probability).astype(float)
    low, high = scores.skill_interval(outcome, probability, 0.5, year)
    assert low < scores.brier_skill(outcome, probability, 0.5) < high
    shifted = np.where(year % 2 == 0, outcome, 1.0)
    wide = scores.skill_interval(shifted, probability, 0.5, year)
    assert wide[1] - wide[0] > high - low


def test_reliability_of_right_and_of_bold_probabilities():
    rng = np.random.default_rng(6)
    probability = rng.random(5000)
    outcome = (rng.random(5000) < probability).astype(float)
    block = rng.integers(40, size=5000)
    rows = scores.reliability(outcome, probability, block)
    assert [row["bin"] for row in rows] == [1, 2, 3, 4, 5] and sum(row["n"] for row in rows) == 5000
    for number, row in enumerate(rows):
        at = (probability > number / 5) & (probability <= (number + 1) / 5)
        assert row["stated"] == pytest.approx(probability[at].mean(), abs=0.02)
        assert row["observed"] == pytest.approx(outcome[at].mean(), abs=0.02)
        assert row["low"] <= row["observed"] <= row["high"]
    bold = scores.reliability(outcome, np.clip(2 * probability - 0.5, 0.01, 0.99), block)
    assert bold[0]["stated"] < bold[0]["low"] and bold[-1]["stated"] > bold[-1]["high"]


def test_reliability_keeps_ties_together():
    rows = scores.reliability([1, 0, 1, 0], [0.5] * 4, block=[1, 1, 2, 2])
    assert [(row["n"], row["stated"], row["observed"]) for row in rows] == [(4, 0.5, 0.5)]


def test_the_examples_of_the_scores_hold():
    failed, tried = doctest.testmod(scores)
    assert failed == 0 and tried >= 10


def test_what_is_timed_forecasts_each_series():
    forecasts = speed.planmodel_run(speed.made_series()[:2], with_bands=True)()
    assert [bands.shape for bands in forecasts] == [(5, speed.N_YEARS)] * 2
