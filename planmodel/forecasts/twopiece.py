"""Two-piece normal distribution, the form of central banks' fan charts.

Source: Wallis, K. F. (2014), The two-piece normal, binormal, or double Gaussian distribution,
Statistical Science 29(1), doi:10.1214/13-STS417.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from planmodel.errors import PlanmodelError
from planmodel.words import Phrase


@dataclass(frozen=True)
class TwoPieceNormal:
    """Mode m with spreads s1 below and s2 above it (all in the units of the variable)."""

    mode: float
    s1: float
    s2: float

    def __post_init__(self):
        if not (self.s1 > 0 and self.s2 > 0):
            raise PlanmodelError(Phrase("forecasts.fault.spreads", s1=f"{self.s1:g}", s2=f"{self.s2:g}"))

    @property
    def below_mode(self) -> float:
        """P(X <= mode) = s1 / (s1 + s2)."""
        return self.s1 / (self.s1 + self.s2)

    @property
    def mean(self) -> float:
        """mode + sqrt(2/pi) (s2 - s1)."""
        return self.mode + np.sqrt(2 / np.pi) * (self.s2 - self.s1)

    @property
    def variance(self) -> float:
        """(1 - 2/pi) (s2 - s1)^2 + s1 s2."""
        return (1 - 2 / np.pi) * (self.s2 - self.s1) ** 2 + self.s1 * self.s2

    def cdf(self, x):
        """Return P(X <= x); any shape."""
        x = np.asarray(x, dtype=float)
        total = self.s1 + self.s2
        below = 2 * self.s1 / total * ndtr((x - self.mode) / self.s1)
        above = 1 - 2 * self.s2 / total * ndtr((self.mode - x) / self.s2)
        return np.where(x <= self.mode, below, above)

    def quantile(self, q):
        """Return the value not exceeded with probability q; any shape."""
        q = np.asarray(q, dtype=float)
        total = self.s1 + self.s2
        with np.errstate(invalid="ignore"):
            below = self.mode + self.s1 * ndtri(q * total / (2 * self.s1))
            above = self.mode - self.s2 * ndtri((1 - q) * total / (2 * self.s2))
        return np.where(q <= self.below_mode, below, above)

    def shortest_band(self, coverage: float) -> tuple[float, float]:
        """Return the shortest (highest-density) band that holds `coverage`: mode -+ z s.

        z: the quantile (1+c)/2 of the normal.

        >>> low, high = from_bank_of_england(9.53, 1.68, 1.0).shortest_band(0.9)
        >>> round(low, 4), round(high, 4)
        (7.3311, 13.7904)
        """
        z = float(ndtri((1 + coverage) / 2))
        return self.mode - z * self.s1, self.mode + z * self.s2


def from_bank_of_england(mode: float, uncertainty: float, skew: float) -> TwoPieceNormal:
    """Return the distribution for the inputs a central bank publishes; skew is mean minus mode.

    Formulas: k = skew/uncertainty; g = sign(k) sqrt(1 - 4 ((sqrt(1 + pi k^2) - 1) / (pi k^2))^2);
    s1 = uncertainty / sqrt(1 + g), s2 = uncertainty / sqrt(1 - g). Skew 0 is the normal.

    >>> fan = from_bank_of_england(9.53, 1.68, 1.0)
    >>> round(fan.s1, 6), round(fan.s2, 6)
    (1.336831, 2.590146)
    """
    if not uncertainty > 0:
        raise PlanmodelError(Phrase("forecasts.fault.uncertainty", value=f"{uncertainty:g}"))
    if skew == 0:
        return TwoPieceNormal(mode, uncertainty, uncertainty)
    k = skew / uncertainty
    root = np.sqrt(1 + np.pi * k**2)
    g = (
        k * np.sqrt(np.pi * (root + 3) / (root + 1)) / (root + 1)
    )  # the formula above without its cancellation near 0
    return TwoPieceNormal(mode, float(uncertainty / np.sqrt(1 + g)), float(uncertainty / np.sqrt(1 - g)))
