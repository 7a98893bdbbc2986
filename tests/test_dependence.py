"""Dependence by kind: signs and sizes of METHODS' facts, matrices that can be drawn from, kinds of indicators."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.joint import correlation
from planmodel.files.reading import shipped
from planmodel.forecasts.dependence import kinds, pair
from planmodel.plans.catalogue import dependence_kind, load_catalogue
from tools.make_dependence import nearest


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ("gdp", "gdp_per_head", 0.8, 1.0),  # nearly one
        ("gdp", "services", 0.45, 0.65),  # about half
        ("gdp", "services_share", -0.6, -0.3),
        ("services_share", "industry_share", -1.0, -0.7),  # shares of one whole
        ("tourism_receipts", "tourism_arrivals", 0.45, 0.75),
        ("real_gdp", "gdp", 0.6, 0.8),
        ("population", "prices", -0.2, 0.2),
    ],
)
def test_pairs_hang_together_as_outcomes_do(first, second, low, high):
    table = shipped("dependence")
    assert low <= pair(table, first, second) == pair(table, second, first) <= high


@given(st.lists(st.sampled_from([*kinds(), "unheard of"]), min_size=1, max_size=30))
def test_every_choice_of_indicators_can_be_drawn(chosen):
    made = correlation(chosen, shipped("dependence"))
    np.testing.assert_allclose(np.diag(made), 1.0)
    np.testing.assert_array_equal(made, made.T)
    np.linalg.cholesky(made)
    assert (np.abs(made) <= 1 + 1e-12).all()


def test_nearest_leaves_a_good_matrix_alone():
    good = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert nearest(good) is good
    bad = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    assert np.linalg.eigvalsh(nearest(bad))[0] > 0


def test_kinds_of_indicators_are_of_the_table():
    indicators = load_catalogue().indicators
    for indicator in indicators.values():
        assert {dependence_kind(indicator), dependence_kind(indicator, real=True)} <= set(kinds())
    assert dependence_kind(indicators["services_va"], real=True) == "real_services"
    assert dependence_kind(indicators["income_per_capita"], real=True) == "income"
    assert dependence_kind(indicators["headquarters"]) == "count"
    assert dependence_kind(indicators["operating_revenue"]) == "other_amount"
    assert dependence_kind(indicators["finance_share"]) == "other_share"
