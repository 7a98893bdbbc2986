"""Every worked answer of METHODS.md (cases/known_answers.yaml)."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import yaml

from planmodel.arithmetic import growth, tracking
from planmodel.arithmetic.accounting import Assumptions, solve, total_growth
from planmodel.errors import UndefinedGrowth
from planmodel.forecasts import fans
from planmodel.forecasts.reference import load_class


def growth_of_printed(base, end, n_years):
    return growth.growth(growth.printed(base), growth.printed(end), n_years)


def ends(interval):
    return interval.low, interval.high


CASES = yaml.safe_load((Path(__file__).parent / "cases" / "known_answers.yaml").read_text(encoding="utf-8"))


def boe(mode, uncertainty, skew):
    return fans.from_bank_of_england(mode, uncertainty, skew)


CALLS = {
    "cagr": growth.cagr,
    "printed": lambda digits: ends(growth.printed(digits)),
    "cagr_interval": lambda base, end, n: ends(growth_of_printed(base, end, n)),
    "deflator_of_levels": lambda base, target, n, real: growth.implied_deflator(
        growth.cagr(base, target, n), real
    ),
    "growth_ratio_of_line": lambda base, target, n, years: [
        tracking.growth_ratio(base, base + (target - base) / n * year, target, year, n) for year in years
    ],
    "boe_g": lambda mode, s, skew: (s / boe(mode, s, skew).s1) ** 2 - 1,
    "boe_spreads": lambda *inputs: (boe(*inputs).s1, boe(*inputs).s2),
    "boe_quantiles": lambda mode, s, skew, q: boe(mode, s, skew).quantile(q),
    "boe_shortest_band": lambda mode, s, skew, coverage: boe(mode, s, skew).shortest_band(coverage),
    "growth_per_head": lambda share, population, **known: (
        (1 + total_growth(Assumptions(investment_share=share, population=population, **known)))
        / (1 + population)
        - 1
    ),
    "investment_needed": lambda per_head, population, **known: solve(
        (1 + per_head) * (1 + population) - 1,
        Assumptions(investment_share=0, population=population, **known),
        "investment_share",
    ),
    "share_of_episodes": lambda name, rate, n: 100 - load_class(name).percentile(rate, n),
}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_known_answer(case):
    found = CALLS[case["call"]](*case["given"], **case.get("options", {}))
    found = np.atleast_1d(found) * (100 if case.get("percent") else 1)
    expected = np.atleast_1d(case["expected"])
    assert found.shape == expected.shape
    for one, printed in zip(found, expected, strict=True):
        half_a_digit = 0.5 * 10.0 ** Decimal(str(printed)).as_tuple().exponent
        assert abs(one - float(printed)) <= case.get("within", half_a_digit) + 1e-12, (one, printed)


def test_every_known_answer_has_a_source():
    assert all(case["source"].startswith("METHODS ") for case in CASES)
    assert len({case["name"] for case in CASES}) == len(CASES)


def test_stated_growth_within_the_rounding_is_consistent_and_beyond_it_is_not():
    low, high = ends(growth_of_printed("0.1", "1.72", 5))
    assert low < 0.7508 < high
    low, high = ends(growth_of_printed("0.100", "1.72", 5))
    assert not low < 0.7508 < high


def test_retail_sales_of_jiaojiang_grow_about_7_percent_as_printed():
    low, high = ends(growth.printed("7"))
    assert low <= 100 * growth.cagr(290.5, 407, 5) < high


def test_progress_is_undefined_when_the_target_is_the_base():
    with pytest.raises(UndefinedGrowth, match="target equals the base"):
        tracking.progress(93.3, 94.0, 93.3)


@pytest.mark.parametrize("base, target", [(0, 5), (-1, 5), (5, 0), (5, -1), (-1, -2)])
def test_no_growth_rate_through_zero(base, target):
    with pytest.raises(UndefinedGrowth, match="both must be positive"):
        growth.cagr(base, target, 5)
