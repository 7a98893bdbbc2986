"""Growth accounting: what would have to be true for a growth target, one year at a time.

Source: World Bank, Long Term Growth Model (Loayza and Pennings 2022): Y = A K^(1-b) (hL)^b. Numbers only, fractions a
year; the years of a plan are in planmodel.arithmetic.capital_paths.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from planmodel.errors import Fault, PlanmodelError
from planmodel.words import Phrase

SHARES = ("investment_share", "depreciation")
LABOUR = ("participation", "working_age", "population")
TERMS = ("investment_share", "productivity", "human_capital", "labour", *LABOUR)
"""What can be solved for; `labour` is the growth of persons employed, all three parts of it."""


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
    faults = [fault for fault in checked if fault]
    if faults:
        raise PlanmodelError("" if len(faults) == 1 else Phrase("drivers.fault.several"), faults)
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

    A share of investment may come out above 1 or below 0: `capital_paths.needed` says which of that can be.

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
