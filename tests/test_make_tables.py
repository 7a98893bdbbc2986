"""The tools that estimate the tables, on series made up for the purpose."""

import importlib.util
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planmodel.forecasts import pooled
from planmodel.forecasts.class_paths import Deviation

TOOLS = Path(__file__).resolve().parent.parent / "tools"


def tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make_pooled, make_reference = tool("make_pooled"), tool("make_reference")


def made_up(n_series=60, n=18, n_test=4):
    """Random walks of logs with a drift of their own."""
    rng = np.random.default_rng(7)
    found = []
    for number in range(n_series):
        growth = rng.normal(0.04, 0.03) + rng.normal(0, 0.06, n)
        y = 100 * np.exp(np.cumsum(growth))
        scale = float(np.abs(np.diff(y[: n - n_test])).mean())
        found.append({"name": str(number), "y": y, "n_train": n - n_test, "n_test": n_test, "scale": scale})
    return found


@pytest.fixture(scope="module")
def origins():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # as the tool's main does
        return make_pooled.rolling_origins(made_up())


@pytest.fixture(scope="module")
def parts(origins):
    keep = {n: np.ones(len(origins[n]["who"]), bool) for n in (3, 9)}
    return {n: make_pooled.fit_length(origins[n], keep[n], n) for n in keep}


def test_origins_know_only_what_came_before(origins):
    series = made_up()
    assert set(origins) == set(range(2, pooled.FULL + 1))
    for length in (2, 5, 9):
        data = origins[length]
        for at in (0, 7, len(data["who"]) - 1):
            y = series[data["who"][at]]["y"]
            origin = int(np.flatnonzero(y == data["last"][at, 0])[0]) + 1
            known = y[origin : origin + make_pooled.N_YEARS]
            after = data["after"][at]
            if data["is_test"][at]:
                known = known[:4]
            assert after[: len(known)] == pytest.approx(known) and np.isnan(after[len(known) :]).all()
            past = y[:origin] if length == pooled.FULL else y[origin - length : origin]
            limit = np.zeros(1), np.full(1, np.inf)
            centre, scale, _ = pooled.prepare(past[None], *limit, make_pooled.N_YEARS)
            assert data["centre"][at] == pytest.approx(centre[0])
            assert data["scale"][at] == pytest.approx(scale[0])


@pytest.mark.parametrize("length", [3, 9])
def test_a_fitted_length_is_finite_and_whole(parts, length):
    part = parts[length]
    assert set(part) == set(pooled.load_table()["lengths"][length])
    assert all(np.isfinite(value).all() for value in part.values())
    assert (np.diff(part["quantiles"], axis=1) >= 0).all()
    assert 0.25 < part["path"] < 0.8, "a random walk has sqrt(h/k)"
    assert 0 <= part["trend_kept"] <= 1


@pytest.mark.parametrize("length", [3, 9])
def test_bands_cover_the_sample_they_were_fitted_on(origins, parts, length):
    data, part, table = origins[length], parts[length], {"lengths": parts}
    down, up, quantiles = pooled.spread(table, length, data["scale"], data["features"])
    middle = data["last"] + part["trend_kept"] * (data["centre"] - data["last"])
    n_years = make_pooled.N_YEARS
    low, weight = data["low"][:, None], np.repeat(data["weight"][:, None], n_years, 1)
    known = ~np.isnan(data["after"])

    def below(at):
        error = quantiles[:, at]
        edge = pooled.bend(middle + np.where(error > 0, up, down) * error, middle, low, np.inf)
        return [
            np.average((data["after"] < edge)[known[:, h], h], weights=weight[known[:, h], h])
            for h in range(n_years)
        ]

    for probability in (0.05, 0.1, 0.9, 0.95):
        at = int(np.argmin(abs(make_pooled.PROBABILITIES - probability)))
        assert below(at) == pytest.approx([probability] * n_years, abs=0.025)


def test_a_side_has_the_quantile_it_is_fitted_for():
    rng = np.random.default_rng(2)
    size = rng.normal(0, 0.5, 3000)
    X = np.zeros((3000, 11))
    X[:, 0], X[:, 4] = 1, size
    z = 2 * np.exp(0.8 * size) * rng.standard_normal(3000)
    for probability, prior in ((0.975, make_pooled.PRIOR_SLOPES), (0.025, make_pooled.PRIOR_SLOPES)):
        slopes = make_pooled.fit_side(X, z, np.ones(3000), probability, prior, 0.001)
        edge = np.exp(X @ slopes) * (1 if probability > 0.5 else -1)
        assert (z < edge).mean() == pytest.approx(probability, abs=0.012)
        assert slopes[4] == pytest.approx(0.8, abs=0.2)


def test_weighted_quantiles():
    x, even = np.array([3.0, 1.0, 2.0, 4.0]), np.ones(4)
    assert make_pooled.weighted_quantiles(x, even, [0.125, 0.5, 0.875]) == pytest.approx([1, 2.5, 4])
    heavy = np.array([1.0, 1.0, 1.0, 97.0])
    assert make_pooled.weighted_quantiles(x, heavy, [0.5])[0] == pytest.approx(4, abs=0.05)


def made_up_members(true, n_members=150, n_years=15):
    rng = np.random.default_rng(3)
    years = np.arange(2006, 2006 + n_years)
    root = true.scale * np.linalg.cholesky(true.kernel(years, years))
    heavy = np.sqrt(true.nu / rng.chisquare(true.nu, n_members))
    return pd.DataFrame(root @ rng.standard_normal((n_years, n_members)) * heavy, index=years)


def test_the_fit_finds_the_deviation_that_made_the_sample():
    true = Deviation(A=0.6, rho=0.8, N=0.6, nu=6.0, scale=3.0)
    table = made_up_members(true)
    table.iloc[:5, :40] = np.nan  # a record that begins later
    table.iloc[:13, 0] = np.nan  # too short: left out
    found = Deviation(**make_reference.fit_deviation(table))
    assert found.rho == pytest.approx(0.8, abs=0.1)
    assert 3 < found.nu < 12
    for name in ("A", "N"):
        fitted, made = (getattr(d, name) * d.scale**2 for d in (found, true))
        assert fitted == pytest.approx(made, rel=0.35), name


def test_block_means_need_every_year():
    growth = pd.DataFrame({"a": [1.0, 2.0, 6.0, np.nan, 1.0]}, index=range(2010, 2015))
    assert make_reference.block_means(growth, 2)["a"].dropna().to_dict() == {2011: 1.5, 2012: 4.0}


def test_a_class_of_a_made_up_panel():
    true = Deviation(A=0.5, rho=0.7, N=0.4, nu=8.0, scale=2.0)
    deviation = made_up_members(true, n_members=40, n_years=18) / 100
    path = pd.Series(np.linspace(0.1, 0.05, 18), index=deviation.index)
    growth = deviation.add(path, axis=0)
    growth.iloc[3, 0] = 2.0  # a break of the record
    growth.iloc[0, 10:] = np.nan  # too few for a median
    words = {"name_en": "made up", "name_zh": "x"}
    found = make_reference.calendar_class(growth, "log", None, **words)
    assert found["years"] == [2007, 2023] and found["n_series"] == 40
    medians = pd.Series({int(year): value for year, value in found["medians"].items()})
    assert medians.to_numpy() == pytest.approx(100 * path[1:].to_numpy(), abs=1.5)
    expected = 100 * growth[growth < 0.6].loc[2015].median()
    assert found["medians"]["2015"] == pytest.approx(expected, abs=0.001)
    five = found["episodes"]["horizons"]["5"]
    assert found["episodes"]["first_growth_year"] == 2010
    assert five["n"] == 40 * len(range(2014, 2024)), "episodes whose first year is 2010 or later"
    blocks = np.expm1(growth.rolling(5).mean().loc[2014:].to_numpy().ravel())
    middle = found["episodes"]["grid"].index(0.5)
    assert five["quantiles"][middle] == pytest.approx(np.median(blocks), abs=1e-5)
