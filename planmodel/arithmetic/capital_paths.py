"""Growth accounting over the years of a plan: capital accumulates, and the capital-output ratio moves with it.

The investment of a year is capital of the next: growth of the first plan year comes from the base year's ratio and
share. Fractions a year; numbers and arrays only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from planmodel.arithmetic.accounting import Assumptions, Needed, check_assumptions, growth_factors, solve
from planmodel.arithmetic.growth import mean_growth
from planmodel.errors import UndefinedGrowth
from planmodel.words import Phrase

FACTORS = ("capital", "labour", "human_capital", "productivity")
WIDEST = 0.5
"""Growth a year within which a term is looked for."""
MOST_INVESTED = 10.0


@dataclass(frozen=True)
class CapitalPath:
    """Growth of output by plan year, growth of capital, and the capital-output ratio from the base year on.

    growth, capital: shape (n_years,); capital_output: shape (n_years + 1,), base year first.
    """

    growth: np.ndarray
    capital: np.ndarray
    capital_output: np.ndarray

    @property
    def mean(self) -> float:
        return float(mean_growth(self.growth))


def capital_path(assumptions: Assumptions, n_years: int) -> CapitalPath:
    """Return growth and capital-output ratio over n_years with constant shares and constant growth of the other terms.

    Each year grows by `accounting.growth_factors`, then (K/Y)' = (K/Y) (K'/K) / (1+g).

    Errors: PlanmodelError for assumptions that cannot be, UndefinedGrowth for no year.

    >>> path = capital_path(Assumptions(.5, .05, 3, .4, productivity=.01), 5)
    >>> path.growth.round(4).tolist(), path.capital_output[-1].round(3).tolist()
    ([0.0512, 0.0493, 0.0476, 0.046, 0.0445], 3.429)
    """
    check_assumptions(assumptions)
    return _path(assumptions, n_years)


def _path(a: Assumptions, n_years: int) -> CapitalPath:
    if n_years < 1:
        raise UndefinedGrowth(Phrase("arithmetic.no_years", n=n_years))
    ratios, factors = [a.capital_output], []
    for _ in range(n_years):
        factors.append(growth_factors(replace(a, capital_output=ratios[-1])))
        ratios.append(ratios[-1] * factors[-1][1] / factors[-1][0])
    growth, capital = np.array(factors).T - 1
    return CapitalPath(growth, capital, np.array(ratios))


def needed(growth: float, assumptions: Assumptions, term: str, n_years: int = 1) -> Needed:
    """Return what one term must be, constant over n_years, for a mean growth of output; the rest as assumed.

    One year is solved in closed form. Growth rises with every term, so over several years there is one solution or
    none. More than all output invested, or less than nothing, is reported as not attainable.

    Errors: PlanmodelError for an unknown term, a growth of -100 % or less, and assumptions that cannot be.

    >>> known = Assumptions(.5, .05, 3, .4, human_capital=.005, working_age=-.005, population=.002)
    >>> needed(0.052279, known, "productivity").value.__round__(4)
    0.01
    >>> needed(0.15, known, "investment_share", 5).why
    'above_output'
    """
    value = solve(growth, assumptions, term)
    if n_years == 1:
        return _judged(term, value)
    low, high = (0.0, MOST_INVESTED) if term == "investment_share" else (-WIDEST, WIDEST)

    def gap(x: float) -> float:
        return _path(assumptions.having(term, x), n_years).mean - growth

    if gap(low) > 0:
        return Needed(term, None, "met_without" if term == "investment_share" else "out_of_reach")
    if gap(high) < 0:
        return Needed(term, None, "above_output" if term == "investment_share" else "out_of_reach")
    return _judged(term, float(brentq(gap, low, high, xtol=1e-13)))


def _judged(term: str, value: float) -> Needed:
    if term == "investment_share":
        if value < 0:
            return Needed(term, None, "met_without")
        return Needed(term, value, "above_output" if value > 1 else "")
    return Needed(term, value) if abs(value) <= WIDEST else Needed(term, None, "out_of_reach")


def contributions(assumptions: Assumptions, n_years: int = 1) -> dict[str, float]:
    """Return what each factor adds to mean growth, fractions a year; they add up to it exactly.

    Logs add up: ln(1+g) = ln(1+gA) + b ln(1+gh) + b ln(1+gL) + (1-b) ln(K'/K), averaged over the years; each part is
    then scaled by g / ln(1+g).

    >>> parts = contributions(Assumptions(.5, .05, 3, .4, productivity=.01, population=.002))
    >>> {name: round(100 * part, 2) for name, part in parts.items()}
    {'capital': 4.11, 'labour': 0.1, 'human_capital': 0.0, 'productivity': 1.02}
    """
    path = capital_path(assumptions, n_years)
    b, mean = assumptions.labour_share, path.mean
    logs = {
        "productivity": np.log1p(assumptions.productivity),
        "human_capital": b * np.log1p(assumptions.human_capital),
        "labour": b * np.log1p(assumptions.labour),
        "capital": (1 - b) * np.log1p(path.capital).mean(),
    }
    scale = mean / np.log1p(mean) if abs(mean) > 1e-12 else 1.0
    return {name: float(scale * logs[name]) for name in FACTORS}


def trade_off(growth: float, assumptions: Assumptions, n_years: int, productivity: np.ndarray) -> np.ndarray:
    """Return the investment shares that meet a growth at these rates of productivity growth, the same shape.

    NaN where no share from 0 to 1 meets it.

    >>> known = Assumptions(.5, .05, 3, .4, population=.002)
    >>> trade_off(.05, known, 1, np.array([.0, .01, .02])).round(3).tolist()
    [0.451, 0.386, 0.323]
    """
    needs = [
        needed(growth, assumptions.having("productivity", float(x)), "investment_share", n_years)
        for x in productivity
    ]
    return np.array([need.value if need.attainable else np.nan for need in needs], dtype=float)
