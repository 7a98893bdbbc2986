"""Growth accounting: what would have to be true for a growth target, one year at a time.

Source: World Bank, Long Term Growth Model (Loayza and Pennings 2022): Y = A K^(1-b) (hL)^b. Numbers only, fractions a
year; the years of a plan are in planmodel.arithmetic.capital_paths.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from planmodel.errors import Fault, PlanmodelError

SHARES = ("labour_share", "investment_share", "depreciation")
LABOUR = ("participation", "working_age", "population")
GROWTH = ("productivity", "human_capital", *LABOUR)
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


def assumption_faults(values: Mapping[str, float]) -> tuple[Fault, ...]:
    """Return what is wrong with some numbers: shares outside 0-1, no capital, growth of -100 % or less."""
    faults = []
    for name, value in values.items():
        if not (isinstance(value, int | float) and math.isfinite(value)):
            faults.append(Fault(name, "a number", repr(value)))
        elif name == "labour_share" and not 0 < value < 1:
            faults.append(Fault(name, "a share of income between 0 and 100 %", f"{100 * value:g} %"))
        elif name in SHARES and not 0 <= value <= 1:
            faults.append(Fault(name, "from 0 to 100 %", f"{100 * value:g} %"))
        elif name == "capital_output" and not 0 < value:
            faults.append(Fault(name, "more than 0 years of output", f"{value:g}"))
        elif name in (*GROWTH, "growth", "labour") and not -1 < value:
            faults.append(Fault(name, "growth above -100 % a year", f"{100 * value:g} %"))
    return tuple(faults)


def check_assumptions(assumptions: Assumptions) -> Assumptions:
    """Return the assumptions, or raise PlanmodelError with every fault.

    >>> check_assumptions(Assumptions(1.2, .05, 3, .4))
    Traceback (most recent call last):
    ...
    planmodel.errors.PlanmodelError: labour_share: expected a share of income between 0 and 100 %, found 120 %.
    """
    return _sound(**vars(assumptions)) and assumptions


def _sound(**values: float) -> bool:
    faults = assumption_faults(values)
    if faults:
        raise PlanmodelError("" if len(faults) == 1 else "The assumptions have faults:", faults)
    return True


def growth_per_head(
    investment_share: float,
    *,
    labour_share: float,
    depreciation: float,
    capital_output: float,
    population: float = 0.0,
    productivity: float = 0.0,
    human_capital: float = 0.0,
    participation: float = 0.0,
    working_age: float = 0.0,
) -> float:
    """Return growth of output per head (fractions a year; shares 0-1; capital_output in years).

    Formula: 1+g = (1+gA)[(1+gh)(1+gr)(1+gw)]^b [((1-d) + (I/Y)/(K/Y)) / (1+gN)]^(1-b).

    Errors: PlanmodelError for shares outside 0-1, no capital, or growth of -100 % and less.

    >>> known = dict(labour_share=.5, depreciation=.05, capital_output=3, population=.002, productivity=.01,
    ...              human_capital=.005, participation=0, working_age=-.005)
    >>> round(100 * growth_per_head(0.40, **known), 4)
    5.0179
    """
    _sound(**locals())
    labour = ((1 + human_capital) * (1 + participation) * (1 + working_age)) ** labour_share
    capital = ((1 - depreciation + investment_share / capital_output) / (1 + population)) ** (
        1 - labour_share
    )
    return (1 + productivity) * labour * capital - 1


def investment_needed(
    growth: float,
    *,
    labour_share: float,
    depreciation: float,
    capital_output: float,
    population: float = 0.0,
    productivity: float = 0.0,
    human_capital: float = 0.0,
    participation: float = 0.0,
    working_age: float = 0.0,
) -> float:
    """Return the investment share of output that gives a growth of output per head: the inverse.

    It may come out above 1 or below 0: `needed` says which of that can be.

    Errors: as growth_per_head.

    >>> known = dict(labour_share=.5, depreciation=.05, capital_output=3, population=.002, productivity=.01,
    ...              human_capital=.005, participation=0, working_age=-.005)
    >>> round(investment_needed(0.050179, **known), 4)
    0.4
    """
    _sound(**locals())
    labour = ((1 + human_capital) * (1 + participation) * (1 + working_age)) ** labour_share
    capital = ((1 + growth) / ((1 + productivity) * labour)) ** (1 / (1 - labour_share))
    return capital_output * (capital * (1 + population) - 1 + depreciation)


def total_growth(assumptions: Assumptions) -> float:
    """Return growth of output, not per head: (1+g)(1+gN) - 1.

    >>> known = Assumptions(.5, .05, 3, .4, productivity=.01, human_capital=.005, working_age=-.005, population=.002)
    >>> round(100 * total_growth(known), 4)
    5.2279
    """
    values = vars(assumptions)
    per_head = growth_per_head(**values)
    return (1 + per_head) * (1 + assumptions.population) - 1


def solve(growth: float, assumptions: Assumptions, term: str) -> float:
    """Return what one term must be for a growth of output (not per head), in closed form.

    1+g = (1+gA) [(1+gh)(1+gL)]^b [(1-d) + (I/Y)/(K/Y)]^(1-b), solved for the term.

    Errors: PlanmodelError for an unknown term and for assumptions that cannot be.

    >>> known = Assumptions(.5, .05, 3, .4, human_capital=.005, working_age=-.005, population=.002)
    >>> round(solve(0.052279, known, "productivity"), 4)
    0.01
    """
    if term not in TERMS:
        raise PlanmodelError(faults=[Fault("term", f"one of {', '.join(TERMS)}", repr(term))])
    check_assumptions(assumptions)
    _sound(growth=growth)
    b = assumptions.labour_share
    if term == "investment_share":
        values = {name: value for name, value in vars(assumptions).items() if name != term}
        return investment_needed((1 + growth) / (1 + assumptions.population) - 1, **values)
    reached = total_growth(assumptions)
    gap = (1 + growth) / (1 + reached)
    if term == "productivity":
        return (1 + assumptions.productivity) * gap - 1
    return (1 + getattr(assumptions, term)) * gap ** (1 / b) - 1
