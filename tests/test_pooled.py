"""Forecasts of any series by pooled errors: bending, the table, paths."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planmodel.forecasts import pooled
from planmodel.forecasts.pooled import bend, load_table, path_tables, paths, prepare, spread, unbend

inf = np.inf
TABLE = load_table()


def rows_of(*series):
    width = max(map(len, series))
    return np.array([[np.nan] * (width - len(each)) + list(each) for each in series], dtype=float)


def draws_of(values, n_years=6, low=0.0, high=inf, n_draws=2000, seed=0):
    rows = rows_of(values)
    limits = np.array([low]), np.array([high])
    number, table, path, kept = next(path_tables(rows, np.array([len(values)]), *limits, n_years))
    return number, paths(table, path, np.random.default_rng(seed), n_draws), kept


limits = st.sampled_from([(-inf, inf), (0.0, inf), (0.0, 100.0), (-inf, 100.0)])


@given(limits, st.floats(1, 99), st.floats(-200, 200))
def test_unbend_undoes_bend(bounds, centre, error):
    room = min(centre - bounds[0] if error < 0 else bounds[1] - centre, 1e9)
    assume(abs(error) < 15 * room)  # beyond, the value is the bound to the last digits
    value = bend(np.array(centre + error), centre, *bounds)
    assert unbend(value, centre, *bounds) == pytest.approx(error, abs=1e-6 * max(1, room), rel=1e-6)


@given(limits, st.floats(1, 99), st.floats(-1e6, 1e6))
def test_bend_keeps_the_bounds(bounds, centre, x):
    value = float(bend(np.array(x), centre, *bounds))
    assert bounds[0] <= value <= bounds[1]
    assert (value - centre) * (x - centre) >= 0  # the same side
    assert abs(value - centre) <= abs(x - centre) + 1e-9 * abs(x)


@given(limits, st.floats(1, 99), st.lists(st.floats(-300, 300), min_size=2, max_size=10))
def test_bend_keeps_the_order(bounds, centre, values):
    bent = bend(np.sort(values), centre, *bounds)
    assert (np.diff(bent) >= 0).all()


@pytest.mark.parametrize("bounds", [(-inf, inf), (0.0, inf), (0.0, 100.0)])
def test_bend_leaves_the_centre_and_what_lies_far_from_a_bound(bounds):
    assert bend(np.array(40.0), 40.0, *bounds) == 40.0
    assert bend(np.array(40.01), 40.0, *bounds) == pytest.approx(40.01, abs=1e-5)
    if bounds[0] == -inf:
        assert bend(np.array(-1e5), 40.0, *bounds) == -1e5


@pytest.mark.parametrize("length", range(2, pooled.FULL + 1))
def test_the_table_is_whole(length):
    part = TABLE["lengths"][length]
    assert part["up"].shape == part["down"].shape == (3 + len(pooled.COLUMNS),)
    assert part["low"].shape == part["high"].shape == (len(pooled.COLUMNS),)
    assert (part["low"] <= part["high"]).all()
    assert part["quantiles"].shape[1] == len(TABLE["z"]) and (np.diff(TABLE["z"]) > 0).all()
    assert (np.diff(part["quantiles"], axis=1) >= 0).all(), "quantiles rise with their probability"
    assert (part["quantiles"][:, 0] < 0).all() and (part["quantiles"][:, -1] > 0).all()
    assert 0 < part["path"] < 2 and 0 <= part["trend_kept"] <= 1
    assert set(TABLE["lengths"]) == set(range(2, pooled.FULL + 1))


@pytest.mark.parametrize("length", range(2, pooled.FULL + 1))
def test_the_scale_goes_on_growing_beyond_the_fitted_years_and_quantiles_stay(length):
    _, scale, features = prepare(rows_of(100 * 1.05 ** np.arange(length)), np.zeros(1), np.full(1, inf), 15)
    down, up, quantiles = spread(TABLE, length, scale, features)
    fitted = len(TABLE["lengths"][length]["quantiles"])
    for side in (down, up):
        assert (np.diff(side[0, fitted - 1 :]) > 0).all()
        beyond = side[0, fitted:] / side[0, fitted - 1] / (np.arange(fitted, 15) + 1) * fitted
        assert (beyond <= 1 + 1e-9).all(), "never faster than in proportion to the years"
    assert (quantiles[fitted:] == quantiles[fitted - 1]).all()


@given(st.integers(2, 14), st.integers(0, 99))
def test_nothing_before_the_history_matters(n, seed):
    values = 50 * np.exp(np.random.default_rng(seed).normal(0, 0.2, n))
    tight = prepare(values[None], np.zeros(1), np.full(1, inf), 4)
    wide = prepare(rows_of(values, np.ones(20))[:1], np.zeros(1), np.full(1, inf), 4)
    for one, other in zip(tight, wide, strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12)


def test_backtests_tell_a_series_that_errs_more_than_usual():
    rng = np.random.default_rng(1)
    calm = 100 + np.arange(16) + rng.normal(0, 0.01, 16)
    jumpy = np.where(np.arange(16) % 5 == 4, 300.0, 100.0 + np.arange(16))
    _, _, features = prepare(rows_of(calm, jumpy), np.zeros(2), np.full(2, inf), 2)
    first = features[:, 0, pooled.COLUMNS.index("own first")]
    assert first[0] < 0 and first[0] < first[1]
    _, _, features = prepare(rows_of([1, 2, 4]), np.zeros(1), np.full(1, inf), 2)
    assert (features[0, :, -2:] == 0).all(), "three values leave nothing to test on"


@given(st.lists(st.floats(1, 1e4), min_size=2, max_size=15), st.integers(0, 99))
def test_paths_are_rough_but_joined(values, seed):
    _, draws, kept = draws_of(values, seed=seed)
    assert draws.shape == (2000, 6) and 0 <= kept <= 1
    ranks = np.argsort(np.argsort(draws, axis=0), axis=0)
    correlation = np.corrcoef(ranks.T)
    assert (np.diag(correlation, 1) > 0.3).all() and (correlation > 0.1).all()
    assert (np.diag(correlation, 1) < 0.999).all()


@pytest.mark.parametrize("n", [2, 3, 5, 9, 12])
def test_the_correlation_of_two_years_is_the_table_s(n):
    """Normal scores of horizons h < k correlate as (h/k)^path."""
    _, draws, _ = draws_of(100 + 3 * np.sin(np.arange(n) * 2.0), n_draws=40_000)
    scores = np.argsort(np.argsort(draws, axis=0), axis=0) / 40_000
    path = float(TABLE["lengths"][min(n, pooled.FULL)]["path"])
    for h, k in ((1, 2), (1, 6), (3, 4)):
        normal = (h / k) ** path
        rank = 6 / np.pi * np.arcsin(normal / 2)
        assert np.corrcoef(scores[:, h - 1], scores[:, k - 1])[0, 1] == pytest.approx(rank, abs=0.02)


@pytest.mark.parametrize("n", [2, 3, 5, 9, 12])
def test_quantiles_of_the_draws_are_those_of_the_table(n):
    values = 100 * 1.04 ** np.arange(n) + np.sin(np.arange(n))
    _, draws, kept = draws_of(values, n_draws=100_000)
    length = min(n, pooled.FULL)
    centre, scale, features = prepare(rows_of(values), np.zeros(1), np.full(1, inf), 6)
    down, up, quantiles = spread(TABLE, length, scale, features)
    middle = values[-1] + kept * (centre[0] - values[-1])
    for at, probability in ((2, 0.025), (7, 0.25), (12, 0.5), (17, 0.75), (22, 0.975)):
        error = quantiles[:, at]
        expected = bend(middle + np.where(error > 0, up[0], down[0]) * error, middle, 0.0, inf)
        below = (draws < expected).mean(axis=0)
        assert below == pytest.approx(probability, abs=0.012)


def test_a_steadier_history_gives_a_narrower_band():
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 1, 12)
    widths = []
    for size in (0.01, 0.05, 0.2):
        _, draws, _ = draws_of(100 * np.exp(0.03 * np.arange(12) + size * noise))
        low, high = np.quantile(draws[:, 0], [0.1, 0.9])
        widths.append((high - low) / np.median(draws[:, 0]))
    assert widths[0] < widths[1] / 2 < widths[2] / 4


@pytest.mark.parametrize("unit", [1e-6, 1e9])
def test_the_unit_does_not_matter(unit):
    values = np.array([100, 110, 115, 130, 128, 140.0])
    _, plain, _ = draws_of(values)
    _, moved, _ = draws_of(unit * values)
    assert moved / unit == pytest.approx(plain, rel=1e-6)
