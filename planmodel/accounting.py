"""Growth accounting: what would have to be true for a growth target.

Source: World Bank, Long Term Growth Model (Loayza and Pennings 2022): Y = A K^(1-b) (hL)^b.
"""

from __future__ import annotations


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

    >>> known = dict(labour_share=.5, depreciation=.05, capital_output=3, population=.002, productivity=.01,
    ...              human_capital=.005, participation=0, working_age=-.005)
    >>> round(100 * growth_per_head(0.40, **known), 4)
    5.0179
    """
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

    >>> known = dict(labour_share=.5, depreciation=.05, capital_output=3, population=.002, productivity=.01,
    ...              human_capital=.005, participation=0, working_age=-.005)
    >>> round(investment_needed(0.050179, **known), 4)
    0.4
    """
    labour = ((1 + human_capital) * (1 + participation) * (1 + working_age)) ** labour_share
    capital = ((1 + growth) / ((1 + productivity) * labour)) ** (1 / (1 - labour_share))
    return capital_output * (capital * (1 + population) - 1 + depreciation)
