"""A printed rate is real only where the levels beside it leave room for prices."""

import pytest
from handmade import TARGET, observed, small_plan

from planmodel import load_plan
from planmodel.feasibility import assess
from planmodel.feasibility.quantities import quantity_of
from planmodel.plans.scenarios import load_scenario

LEVELS = (
    observed(period=2015, value=100, vintage="plan"),
    observed(period=2020, value="150", vintage="plan"),
)


def with_rate(folder, rate, **cells):
    """A plan with a target of growth, and a rate of the past beside the levels 100 and 150: 8.45 % a year."""
    target = TARGET | {
        "kind": "annual_growth",
        "unit": "%",
        "target_value": "7",
        "target_printed": "7",
        "price_basis": "",
    }
    past = observed(period="2016..2020", measure="mean_growth", value=rate, unit="%", vintage="plan", **cells)
    return small_plan(folder, (target,), (*LEVELS, past))


@pytest.mark.parametrize(
    ("rate", "cells", "basis"),
    [
        ("8.4", {}, "nominal"),  # what the levels say, rounded
        ("8.5", {}, "nominal"),
        ("7.1", {}, "real_by_convention"),  # 1.3 points are left for prices
        ("9.0", {}, "real_by_convention"),  # falling prices
        ("8.4", {"price_basis": "real"}, "real_by_convention"),  # the plan says so: nothing is read off
    ],
)
def test_a_rate_beside_levels_that_say_the_same_is_nominal(tmp_path, rate, cells, basis):
    plan = with_rate(tmp_path, rate, **cells)
    assert plan.targets[0].price_basis == basis
    assert quantity_of(plan, plan.targets[0]).real == (basis != "nominal")


def test_two_years_are_too_few(tmp_path):
    short = (
        observed(period=2018, value=100, vintage="plan"), observed(period=2020, value=110, vintage="plan"),
        observed(period="2019..2020", measure="mean_growth", value="4.9", unit="%", vintage="plan"),
    )  # fmt: skip
    target = TARGET | {"kind": "annual_growth", "unit": "%", "target_value": "7", "price_basis": ""}
    assert small_plan(tmp_path, (target,), short).targets[0].price_basis == "real_by_convention"


def test_linhai_income_and_productivity_are_nominal_and_gdp_is_real():
    plan = load_plan("linhai-14fyp")
    basis = {key: plan.target(key).price_basis for key in ("T2/1/1", "T2/3/1", "T1/10/2", "text/2/3")}
    assert basis == {
        "T2/1/1": "real_by_convention", "T2/3/1": "nominal", "T1/10/2": "nominal", "text/2/3": "real_by_convention",
    }  # fmt: skip
    note = assess(plan, plan.target("T2/3/1"), load_scenario("baseline"), n_draws=200).notes[0]
    assert "at current prices" in note["en"]
