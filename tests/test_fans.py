"""Fans: bands of draws and mixtures of scenarios."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from planmodel.errors import PlanmodelError
from planmodel.forecasts.fans import (
    BANDS,
    COVERAGES,
    Fan,
    central_band,
    fan,
    from_bank_of_england,
    mix,
    quantile_table,
    shortest_band,
)

NORMAL = norm.ppf((np.arange(2000) + 0.5) / 2000)[:, None]


def draws_of(seed, n_draws=200, n_years=3, skew=1.0):
    """Skewed draws, shape (n_draws, n_years)."""
    return np.exp(skew * np.random.default_rng(seed).standard_normal((n_draws, n_years)))


def inside(draws, low, high):
    return ((draws >= low) & (draws <= high)).mean(axis=0)


@given(st.integers(0, 10_000), st.sampled_from(COVERAGES), st.floats(0.1, 2))
def test_the_shortest_band_is_no_wider_than_the_central_one_and_holds_as_much(seed, coverage, skew):
    draws = draws_of(seed, skew=skew)
    (low, high), (central_low, central_high) = shortest_band(draws, coverage), central_band(draws, coverage)
    assert (high - low <= central_high - central_low + 1e-12).all()
    assert (inside(draws, low, high) >= coverage).all()
    assert inside(draws, central_low, central_high) == pytest.approx(coverage, abs=0.01)


@given(st.integers(0, 10_000), st.sampled_from(COVERAGES))
def test_no_interval_between_two_draws_that_holds_as_much_is_shorter(seed, coverage):
    draws = draws_of(seed, n_draws=40, n_years=1)
    low, high = shortest_band(draws, coverage)
    points = np.sort(draws[:, 0])
    n_inside = int(np.ceil(coverage * 40))
    widths = [b - a for i, a in enumerate(points) for j, b in enumerate(points) if j - i + 1 >= n_inside]
    assert (high - low)[0] == pytest.approx(min(widths))


@pytest.mark.parametrize("kind", BANDS)
@pytest.mark.parametrize("coverage", COVERAGES)
def test_bands_of_a_normal_are_the_textbook_ones(kind, coverage):
    low, high = BANDS[kind](NORMAL, coverage)
    z = norm.ppf((1 + coverage) / 2)
    # The shortest band of finitely many draws lies anywhere in a flat valley: only its width is sharp.
    assert (high - low)[0] == pytest.approx(2 * z, abs=0.02)
    if kind == "central":
        assert (low[0], high[0]) == pytest.approx((-z, z), abs=0.01)


def test_shortest_bands_lie_at_the_mode_of_a_skewed_distribution():
    draws = draws_of(1, n_draws=5000, n_years=1)
    assert shortest_band(draws, 0.5)[0] < central_band(draws, 0.5)[0]
    assert shortest_band(draws, 0.5)[1] < central_band(draws, 0.5)[1]


@pytest.mark.parametrize("kind", BANDS)
def test_a_fan_is_nested_around_its_median(kind):
    draws = draws_of(2, n_draws=1000, n_years=4, skew=0.3)
    found = fan(range(2021, 2025), draws, kind=kind)
    assert found.low.shape == found.high.shape == (len(COVERAGES), 4) and found.median.shape == (4,)
    assert found.median == pytest.approx(np.median(draws, axis=0))
    assert found.years.tolist() == [2021, 2022, 2023, 2024] and found.kind == kind
    assert (found.low <= found.high).all()
    if kind == "central":
        assert (np.diff(found.low, axis=0) < 0).all() and (np.diff(found.high, axis=0) > 0).all()
        assert (found.low <= found.median).all() and (found.median <= found.high).all()
    else:
        assert (np.diff(found.high - found.low, axis=0) > 0).all()


def test_an_unknown_kind_of_band_is_named():
    with pytest.raises(PlanmodelError, match="Did you mean 'shortest'"):
        fan([2021], draws_of(0), kind="shortst")


@pytest.mark.parametrize("weights", [[0.5, 0.2, 0.2, 0.1], [1.0, 1.0], [0.0, 1.0], [3, 1]])
def test_a_mixture_takes_of_each_scenario_what_its_weight_says(weights):
    parts = [np.full((1000, 3), float(i)) for i in range(len(weights))]
    mixed = mix(parts, weights)
    assert mixed.shape == (1000, 3)
    shares = [(mixed[:, 0] == i).mean() for i in range(len(weights))]
    assert shares == pytest.approx(np.array(weights) / sum(weights), abs=1e-3)


def test_a_mixture_keeps_whole_paths_each_draw_once():
    paths = np.arange(100.0)[:, None] + np.array([0.0, 1000.0, 2000.0])
    mixed = mix([paths, paths], [0.3, 0.7])
    assert (np.diff(mixed, axis=1) == 1000).all()
    assert sorted(mixed[:, 0]) == list(range(100))


def test_a_mixture_is_the_same_for_a_seed_and_another_for_another():
    parts = [draws_of(1), draws_of(2)]
    assert (mix(parts, [1, 1], seed=5) == mix(parts, [1, 1], seed=5)).all()
    assert (mix(parts, [1, 1], seed=5) != mix(parts, [1, 1], seed=6)).any()


def test_the_mean_of_a_mixture_is_the_weighted_mean():
    parts = [draws_of(1, 20_000, 1, 0.1), 3 + draws_of(2, 20_000, 1, 0.1)]
    expected = 0.25 * parts[0].mean() + 0.75 * parts[1].mean()
    assert mix(parts, [0.25, 0.75]).mean() == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("weights", [[0, 0], [0.0, 0.0]])
def test_weights_that_add_up_to_nothing_are_refused(weights):
    with pytest.raises(PlanmodelError, match="add up to more than 0"):
        mix([draws_of(1), draws_of(2)], weights)


@pytest.mark.parametrize("kind", BANDS)
def test_a_fan_comes_back_from_its_own_table(kind):
    made = fan(range(2021, 2024), draws_of(3), kind=kind)
    back = Fan.of(made.table)
    assert back.coverages == made.coverages
    for name in ("years", "low", "high", "median"):
        assert (getattr(back, name) == getattr(made, name)).all()


def test_a_frame_of_quantiles_makes_the_central_fan_of_the_draws():
    draws = draws_of(4)
    made, back = (
        fan(range(2021, 2024), draws),
        Fan.of(quantile_table(np.arange(2021, 2024), draws).sample(frac=1, random_state=1)),
    )
    assert back.coverages == pytest.approx(made.coverages)
    assert back.low == pytest.approx(made.low) and back.high == pytest.approx(made.high)
    assert back.median == pytest.approx(made.median)


@pytest.mark.parametrize("kind", BANDS)
def test_a_central_banks_inputs_make_its_fan(kind):
    table = pd.DataFrame(
        {"year": [2012, 2013], "mode": [9.53, 8.0], "uncertainty": [1.68, 2.0], "skew": [1.0, 0.0]}
    )
    made = Fan.of(table, coverages=(0.3, 0.9), kind=kind)
    piece = from_bank_of_england(9.53, 1.68, 1.0)
    assert made.median[0] == pytest.approx(float(piece.quantile(0.5)))
    if kind == "shortest":
        assert (made.low[1, 0], made.high[1, 0]) == pytest.approx(piece.shortest_band(0.9))
    else:
        assert (made.low[1, 0], made.high[1, 0]) == pytest.approx(tuple(piece.quantile([0.05, 0.95])))
    z = norm.ppf(0.95)
    assert (made.low[1, 1], made.high[1, 1]) == pytest.approx((8 - 2 * z, 8 + 2 * z))


@pytest.mark.parametrize(
    "columns, says", [(["year", "value"], "year, quantile, value"), (["year", "quantile", "value"], "1-q")]
)
def test_a_table_that_is_no_fan_says_what_would_be(columns, says):
    table = pd.DataFrame({name: [0.1, 0.5] for name in columns})
    with pytest.raises(PlanmodelError, match=says):
        Fan.of(table.assign(year=2025))
