"""Growth accounting: what would have to be true for a growth target, in one year and over the years of a plan.

Source: World Bank, Long Term Growth Model (Loayza and Pennings 2022): Y = A K^(1-b) (hL)^b. The investment of a year is
capital of the next: growth of the first plan year comes from the base year's capital-output ratio and share. Numbers only,
fractions a year.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from planmodel.arithmetic.growth import mean_growth
from planmodel.errors import Fault, PlanmodelError, UndefinedGrowth, refuse
from planmodel.words import Phrase

SHARES = ("investment_share", "depreciation")
LABOUR = ("participation", "working_age", "population")
TERMS = ("investment_share", "productivity", "human_capital", "labour", *LABOUR)
"""What can be solved for; `labour` is the growth of persons employed, all three parts of it."""
FACTORS = ("capital", "labour", "human_capital", "productivity")
WIDEST = 0.5  # growth a year within which a term is looked for
MOST_INVESTED = 10.0


@dataclass(frozen=True)
class Assumptions:
    """What the accounting takes: shares of output (0-1), capital_output in years of output, growth in fractions a year.

    labour_share: b, labour's share of income. participation: growth of employed persons over those of working age.
    working_age: growth of the share of working age in the population. Labour is the product of the last three.
    """

    labour_share: float
    depreciation: float
    capital_output: float
    investment_share: float
    productivity: float = 0.0
    human_capital: float = 0.0
    participation: float = 0.0
    working_age: float = 0.0
    population: float = 0.0

    @property
    def labour(self) -> float:
        """Return the growth of labour: participation, working age and population together."""
        return math.prod(1 + getattr(self, name) for name in LABOUR) - 1

    def having(self, term: str, value: float) -> Assumptions:
        """Return the same with another value; for `labour` the participation changes."""
        if term == "labour":
            others = (1 + self.working_age) * (1 + self.population)
            return replace(self, participation=(1 + value) / others - 1)
        return replace(self, **{term: value})


@dataclass(frozen=True)
class Needed:
    """What one term would have to be, all others as assumed; value None where no figure meets the target.

    why: "" attainable; above_output: more than all output would have to be invested (the value says how much);
    met_without: the target is exceeded without any investment; out_of_reach: no growth within 50 % a year meets it.
    """

    term: str
    value: float | None
    why: str = ""

    @property
    def attainable(self) -> bool:
        return not self.why


def check_assumptions(assumptions: Assumptions, growth: float = 0.0) -> Assumptions:
    """Return the assumptions, or raise PlanmodelError with every fault; growth: of output, asked for.

    >>> check_assumptions(Assumptions(1.2, .05, 3, .4))
    Traceback (most recent call last):
    ...
    planmodel.errors.PlanmodelError: labour_share: expected a share of income between 0 and 100 %, found 120 %.
    """
    checked = [_fault(name, value) for name, value in (*vars(assumptions).items(), ("growth", growth))]
    refuse(filter(None, checked), Phrase("drivers.fault.several"))
    return assumptions


def _fault(name: str, value: float) -> Fault | None:
    """Return what is wrong with a number: no number, a share outside 0-1, no capital, growth of -100 % or less."""
    percent = f"{100 * value:g} %"
    if not math.isfinite(value):
        return Fault(name, Phrase("drivers.fault.number"), repr(value))
    if name == "capital_output":
        return None if value > 0 else Fault(name, Phrase("drivers.fault.capital"), f"{value:g}")
    if name == "labour_share":
        return None if 0 < value < 1 else Fault(name, Phrase("drivers.fault.income_share"), percent)
    if name in SHARES:
        return None if 0 <= value <= 1 else Fault(name, Phrase("drivers.fault.share"), percent)
    return None if value > -1 else Fault(name, Phrase("drivers.fault.growth"), percent)


def _others(a: Assumptions) -> float:
    """Return the factor by which output grows with unchanged capital: (1+gA)[(1+gh)(1+gL)]^b."""
    return (1 + a.productivity) * ((1 + a.human_capital) * (1 + a.labour)) ** a.labour_share


def growth_factors(a: Assumptions) -> tuple[float, float]:
    """Return the factors by which output and capital grow in a year: K'/K = 1-d + (I/Y)/(K/Y), unchecked.

    Formula: 1+g = (1+gA) [(1+gh)(1+gL)]^b (K'/K)^(1-b).
    """
    capital = 1 - a.depreciation + a.investment_share / a.capital_output
    return _others(a) * capital ** (1 - a.labour_share), capital


def total_growth(assumptions: Assumptions) -> float:
    """Return growth of output in a year; per head it is (1+g)/(1+gN) - 1.

    Errors: PlanmodelError for shares outside 0-1, no capital, or growth of -100 % and less.

    >>> known = Assumptions(.5, .05, 3, .4, productivity=.01, human_capital=.005, working_age=-.005, population=.002)
    >>> round(100 * total_growth(known), 4), round(100 * ((1 + total_growth(known)) / 1.002 - 1), 4)
    (5.2279, 5.0179)
    """
    return growth_factors(check_assumptions(assumptions))[0] - 1


def solve(growth: float, assumptions: Assumptions, term: str) -> float:
    """Return what one term must be for a growth of output (not per head) in a year, in closed form.

    A share of investment may come out above 1 or below 0: `needed` says which of that can be.

    Errors: PlanmodelError for an unknown term and for assumptions that cannot be.

    >>> known = Assumptions(.5, .05, 3, .4, human_capital=.005, working_age=-.005, population=.002)
    >>> round(solve(0.052279, known, "productivity"), 4)
    0.01
    """
    if term not in TERMS:
        raise PlanmodelError(faults=[Fault("term", Phrase("drivers.fault.one_of", names=TERMS), repr(term))])
    a = check_assumptions(assumptions, growth)
    if term == "investment_share":
        capital = ((1 + growth) / _others(a)) ** (1 / (1 - a.labour_share))
        return a.capital_output * (capital - 1 + a.depreciation)
    gap = (1 + growth) / growth_factors(a)[0]
    if term == "productivity":
        return (1 + a.productivity) * gap - 1
    return (1 + getattr(a, term)) * gap ** (1 / a.labour_share) - 1


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

    Each year grows by `growth_factors`, then (K/Y)' = (K/Y) (K'/K) / (1+g).

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
