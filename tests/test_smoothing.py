"""Simple models of annual series, against statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

from planmodel.forecasts import pooled
from planmodel.forecasts.pooled import changes, damped_holt, likelihood_weights

SEEDS = [0, 1, 2, 3, 4]


def walk(seed, n=20):
    rng = np.random.default_rng(seed)
    return 100 + np.cumsum(rng.normal(1, 3, n))


def one(values, width=None):
    """A series as a row, right-aligned."""
    row = np.full((1, width or len(values)), np.nan)
    row[0, row.shape[1] - len(values) :] = values
    return row


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("grid", [(0.3, 0.05, 0.8), (0.6, 0.5, 0.9), (0.85, 0.2, 0.98), (0.99, 0.2, 0.9)])
def test_damped_holt_is_that_of_statsmodels(seed, grid):
    y = walk(seed)
    alpha, beta, phi = grid
    model = Holt(
        y[1:],
        damped_trend=True,
        initialization_method="known",
        initial_level=y[0],
        initial_trend=(y[4] - y[0]) / 4,
    )
    fitted = model.fit(smoothing_level=alpha, smoothing_trend=beta, damping_trend=phi, optimized=False)
    level, trend, squares, lengths = damped_holt(one(y), [grid])
    assert level[0, 0] == pytest.approx(fitted.level[-1], abs=1e-8)
    assert trend[0, 0] == pytest.approx(fitted.trend[-1], abs=1e-8)
    assert squares[0, 0] == pytest.approx(fitted.sse, rel=1e-10)
    ahead = level[0, 0] + trend[0, 0] * np.cumsum(phi ** np.arange(1, 7))
    assert ahead == pytest.approx(fitted.forecast(6), abs=1e-8)
    assert lengths.tolist() == [20]


def simple(y, alpha):
    model = SimpleExpSmoothing(y[1:], initialization_method="known", initial_level=y[0])
    return model.fit(smoothing_level=alpha, optimized=False)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.9])
def test_without_a_trend_it_is_simple_exponential_smoothing(seed, alpha):
    y = walk(seed)
    fitted = simple(y, alpha)
    level, trend, squares, _ = damped_holt(one(y), [(alpha, 0.0, 0.0)])
    assert level[0, 0] == pytest.approx(fitted.level[-1], abs=1e-8)
    assert squares[0, 0] == pytest.approx(fitted.sse, rel=1e-10)
    assert trend[0, 0] == 0


def test_grids_and_rows_do_not_touch_each_other():
    rows = np.concatenate([one(walk(0, 7), 20), one(walk(1), 20), one(walk(2, 2), 20)])
    together = damped_holt(rows, pooled.HOLT)
    for i, n in enumerate((7, 20, 2)):
        for j, point in enumerate(pooled.HOLT[::5]):
            alone = damped_holt(rows[i : i + 1, 20 - n :], [point])
            for got, expected in zip(together[:3], alone[:3], strict=True):
                assert got[i, 5 * j] == pytest.approx(expected[0, 0], abs=1e-10)
        assert together[3][i] == n


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("alpha", [0.35, 0.8, 1.0])
def test_theta_is_that_of_statsmodels(seed, alpha, monkeypatch):
    """The level starts at the first value, where statsmodels fits it: what is left of the start is (1 - alpha)^n."""
    monkeypatch.setattr(pooled, "SES", [(alpha, 0.0, 0.0)])
    y = walk(seed, 60)
    model = ThetaModel(y, period=1, deseasonalize=False).fit()
    slope = model.params["b0"]
    theirs = simple(y, alpha).level[-1]
    theirs = theirs + 0.5 * slope * (np.arange(6) + 1 / alpha - (1 - alpha) ** 60 / alpha)
    found, _ = changes(one(y), 6)
    assert y[-1] + found["theta"][0] == pytest.approx(theirs, abs=1e-8)
    monkeypatch.setattr(pooled, "SES", [(float(model.params["alpha"]), 0.0, 0.0)])
    found, _ = changes(one(y), 6)
    left = (1 - model.params["alpha"]) ** 60 * np.ptp(y)
    assert y[-1] + found["theta"][0] == pytest.approx(np.asarray(model.forecast(6)), abs=1e-7 + left)


def test_drift_and_median_drift():
    found, _ = changes(one([10.0, 11.0, 13.0, 20.0], 9), 3)
    assert found["drift"][0] == pytest.approx([10 / 3, 20 / 3, 10])
    assert found["median drift"][0] == pytest.approx([2, 4, 6])


@given(st.floats(-50, 50), st.floats(-5, 5), st.integers(2, 40))
def test_a_straight_line_is_continued_by_drift_and_not_left_by_the_others(start, slope, n):
    found, _ = changes(one(start + slope * np.arange(n), 41), 6)
    line = slope * np.arange(1, 7)
    tolerance = 1e-6 + 1e-9 * abs(start)
    assert found["drift"][0] == pytest.approx(line, abs=tolerance)
    assert found["median drift"][0] == pytest.approx(line, abs=tolerance)
    for name in ("theta", "damped"):  # both damp or halve a trend, never turn or exceed it by much
        assert (found[name][0] * np.sign(slope) <= abs(line) * 1.2 + tolerance).all()


@given(st.integers(0, 99), st.integers(2, 30), st.floats(0.01, 1000))
def test_models_move_with_the_unit_and_the_zero(seed, n, unit):
    plain, squares = changes(one(walk(seed, n)), 4)
    moved, moved_squares = changes(one(unit * walk(seed, n) + 7 * unit), 4)
    for name, change in plain.items():
        assert moved[name] == pytest.approx(unit * change, rel=1e-6, abs=1e-6 * unit)
    assert moved_squares == pytest.approx(unit**2 * squares, rel=1e-6)


@given(st.integers(0, 99), st.integers(1, 6), st.integers(2, 40))
def test_weights_over_the_grid_add_to_one_and_favour_the_smallest_error(seed, n_rows, n):
    squares = np.random.default_rng(seed).gamma(1.0, 100.0, (n_rows, 9))
    weights = likelihood_weights(squares, np.full(n_rows, n), np.full(n_rows, 2.0))
    assert weights.sum(1) == pytest.approx(1) and (weights >= 0).all()
    assert (weights.argmax(1) == squares.argmin(1)).all()
