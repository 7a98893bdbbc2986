"""Two-piece normal: inverses, moments against numerical integration, the normal as its limit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from planmodel.errors import PlanmodelError
from planmodel.forecasts.fans import TwoPieceNormal, from_bank_of_england

modes = st.floats(-10, 10)
spreads = st.floats(0.1, 10)
chances = st.floats(0.001, 0.999)


def density(x, fan):
    """The density by its definition: two half normals with one height at the mode."""
    spread = fan.s1 if x <= fan.mode else fan.s2
    return np.sqrt(2 / np.pi) / (fan.s1 + fan.s2) * np.exp(-0.5 * ((x - fan.mode) / spread) ** 2)


def cdf(x, fan):
    """P(X <= x), of the two halves."""
    if x <= fan.mode:
        return 2 * fan.s1 / (fan.s1 + fan.s2) * norm.cdf((x - fan.mode) / fan.s1)
    return 1 - 2 * fan.s2 / (fan.s1 + fan.s2) * norm.cdf((fan.mode - x) / fan.s2)


def mean(fan):
    return fan.mode + np.sqrt(2 / np.pi) * (fan.s2 - fan.s1)


def integral(function, fan, to=np.inf):
    low, high = fan.mode - 12 * fan.s1, min(fan.mode + 12 * fan.s2, to)
    total = quad(function, low, min(fan.mode, high))[0]
    return total + (quad(function, fan.mode, high)[0] if high > fan.mode else 0.0)


@given(modes, spreads, spreads, chances)
def test_quantile_and_cdf_are_inverse(mode, s1, s2, q):
    fan = TwoPieceNormal(mode, s1, s2)
    assert cdf(fan.quantile(q), fan) == pytest.approx(q, abs=1e-9)


@pytest.mark.parametrize("s1, s2", [(1, 1), (1, 3), (3, 1), (0.2, 5)])
def test_quantiles_agree_with_numerical_integration(s1, s2):
    fan = TwoPieceNormal(2.0, s1, s2)
    assert integral(lambda x: density(x, fan), fan) == pytest.approx(1)
    assert mean(fan) == pytest.approx(integral(lambda x: x * density(x, fan), fan))
    for q in (0.05, s1 / (s1 + s2), 0.9):
        assert integral(lambda y: density(y, fan), fan, to=float(fan.quantile(q))) == pytest.approx(q)
    assert float(fan.quantile(s1 / (s1 + s2))) == pytest.approx(fan.mode, abs=1e-9)


@given(modes, spreads, spreads, st.floats(0.05, 0.99))
def test_the_shortest_band_holds_its_coverage_between_points_of_equal_density(mode, s1, s2, coverage):
    fan = TwoPieceNormal(mode, s1, s2)
    low, high = fan.shortest_band(coverage)
    assert cdf(high, fan) - cdf(low, fan) == pytest.approx(coverage)
    assert density(low, fan) == pytest.approx(density(high, fan))
    central = fan.quantile([(1 - coverage) / 2, (1 + coverage) / 2])
    assert high - low <= central[1] - central[0] + 1e-9


@given(modes, spreads, chances)
def test_without_skew_it_is_the_normal(mode, uncertainty, q):
    fan = from_bank_of_england(mode, uncertainty, 0)
    assert (fan.s1, fan.s2) == (uncertainty, uncertainty)
    assert float(fan.quantile(q)) == pytest.approx(norm.ppf(q, mode, uncertainty))


@given(modes, spreads, st.floats(0.01, 3), st.sampled_from([-1, 1]))
def test_skew_is_mean_minus_mode(mode, uncertainty, ratio, sign):
    skew = sign * ratio * uncertainty
    fan = from_bank_of_england(mode, uncertainty, skew)
    assert mean(fan) - fan.mode == pytest.approx(skew, rel=1e-6)
    mirrored = from_bank_of_england(mode, uncertainty, -skew)
    assert (mirrored.s1, mirrored.s2) == pytest.approx((fan.s2, fan.s1))


@pytest.mark.parametrize("skew", [1e-3, 1e-5, 1e-7, 1e-9, 1e-12, -1e-9])
def test_a_slight_skew_is_nearly_the_normal(skew):
    fan = from_bank_of_england(0.0, 1.0, skew)
    assert (fan.s1, fan.s2) == pytest.approx((1, 1), abs=abs(skew))
    assert mean(fan) == pytest.approx(skew, rel=1e-3)


@pytest.mark.parametrize("uncertainty", [0, -1])
@pytest.mark.parametrize("skew", [0, 1.0])
def test_uncertainty_is_positive(uncertainty, skew):
    with pytest.raises(PlanmodelError):
        from_bank_of_england(9.53, uncertainty, skew)
