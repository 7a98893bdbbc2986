"""Scenarios: every file loads, shocks fall on their years, faults of a file are named."""

from dataclasses import replace

import numpy as np
import pytest
import yaml
from handmade import SCENARIO, scenario, shock, small_plan, write_data

from planmodel import PlanmodelError, load_scenario, scenario_names
from planmodel.feasibility.outlooks import felt
from planmodel.files.reading import check_name
from planmodel.forecasts import Forecast

YEARS = np.arange(2021, 2026)


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_file_loads(name):
    found = load_scenario(name)
    assert found.id == name and found.author
    assert all(found.name[lang] and found.rationale[lang] for lang in ("zh", "en"))
    assert 0 <= found.weight <= 1 and found.dependence is None and found.volatility >= 0
    assert np.isfinite(found.deflator(YEARS)).all()


def test_the_scenarios_of_the_project():
    assert {"baseline", "high", "low", "plan-as-stated"} <= set(scenario_names())
    assert [name for name in scenario_names() if load_scenario(name).follows_plan] == ["plan-as-stated"]
    assert sum(load_scenario(name).weight for name in scenario_names()) == pytest.approx(1)
    assert not load_scenario("baseline").shocks


def test_high_lies_above_the_baseline_and_low_below(tmp_path):
    plan = small_plan(tmp_path)
    for scale in ("amount", "share"):
        added = {
            name: load_scenario(name).shocks_for(plan, "services_va", scale, YEARS)
            for name in ("high", "low", "baseline")
        }
        assert (added["high"] > 0).all() and (added["low"] < 0).all() and (added["baseline"] == 0).all()


SHOCKS = {
    "plan years": (shock(-4, 2, 2), [0, -4, 0, 0, 0]),
    "several plan years": (shock(2, 3, 4), [0, 0, 2, 2, 0]),
    "to the end": (shock(1, 1, 99), [1, 1, 1, 1, 1]),
    "absolute years": (shock(-4, 2022, 2023), [0, -4, -4, 0, 0]),
    "before the plan": (shock(-4, 2019, 2020), [0, 0, 0, 0, 0]),
    "another scale": (shock(1, 1, 99, scales=("share",)), [0, 0, 0, 0, 0]),
    "another indicator": (shock(1, 1, 99, indicators=("investment",)), [0, 0, 0, 0, 0]),
    "this indicator": (shock(1, 1, 1, indicators=("services_va",)), [1, 0, 0, 0, 0]),
}


@pytest.mark.parametrize("one, expected", SHOCKS.values(), ids=SHOCKS)
def test_shocks_fall_on_their_years(tmp_path, one, expected):
    found = scenario([one]).shocks_for(small_plan(tmp_path), "services_va", "amount", YEARS)
    assert found.tolist() == expected


def test_plan_years_count_from_the_plans_first_year(tmp_path):
    plan = small_plan(tmp_path, period=[2023, 2027])
    found = scenario([shock(5, 1, 1)]).shocks_for(plan, "services_va", "amount", YEARS)
    assert found.tolist() == [0, 0, 5, 0, 0]


Z = np.linspace(-1, 1, 2001)[:, None] / 0.68  # 68 of 100 draws lie within one on either side


@pytest.mark.parametrize(
    ("scale", "value", "draws", "expected"),
    [
        ("amount", 100.0, 100 * np.exp(5 * 0.015 * Z), 0.5),  # 1.5 points a year of the usual 3
        ("amount", 100.0, 100 * np.exp(5 * 0.06 * Z), 1.0),  # at most all
        ("share", 50.0, 50 + 5 * 0.3 * Z, 0.5),  # 0.3 points a year, half of the usual 0.6
        ("share", 90.0, 90 + 5 * 0.3 * 0.36 * Z, 0.5),  # a share of 90 % moves by 4 x 0.9 x 0.1 of that
        ("share", 10.0, 10 + 5 * 0.15 * 0.36 * Z, 0.25),
        ("share", 100.0, 100 + 0 * Z, 1.0),
        ("rate", 1.0, 1 + 2 * Z, 1.0),  # from below zero no growth can be told
    ],
)
def test_what_has_no_price_feels_a_shock_by_its_own_spread(scale, value, draws, expected):
    years = np.arange(2021, 2026)
    forecast = Forecast(years, np.repeat(draws, 5, axis=1), 2020, value, "gdp_shares", 0.5, 5, "class")
    assert felt(forecast, scale) == pytest.approx(expected, rel=1e-3)


def test_the_deflator_has_a_default_for_years_without_one():
    found = scenario(deflator_pct={0: 1.5, 2022: -0.5}).deflator([2021, 2022, 2050])
    assert found == pytest.approx([0.015, -0.005, 0.015])


def loaded(folder, **entries):
    """Write a scenario file with these entries (None: left out) and load it."""
    content = {key: value for key, value in (SCENARIO | entries).items() if value is not None}
    write_data(folder)
    (folder / "scenarios" / "test.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return load_scenario("test", folder)


def test_what_a_file_does_not_say(tmp_path):
    found = loaded(tmp_path, deflator_pct=None)
    assert found.deflator_pct == {0: 0.0}
    assert (found.volatility, found.weight, found.dependence, found.follows_plan) == (1.0, 0.0, None, False)


def test_a_deflator_by_year(tmp_path):
    found = loaded(tmp_path, deflator_pct={"default": 2, 2021: 0.9})
    assert found.deflator([2021, 2022]) == pytest.approx([0.009, 0.02])


YEARLY = {"pp": 1.0, "first_year": 1, "last_year": 2}
FAULTS = {
    "name in no language": ({"name": {"zh": " "}}, "name", "a text in zh, in en or in both"),
    "no rationale": ({"rationale": None}, "rationale", "a text in zh, in en or in both"),
    "no author": ({"author": None}, "author", "who wrote it"),
    "unknown entry": ({"volatilty": 2}, "volatilty", "Did you mean 'volatility'"),
    "text for a number": ({"volatility": "high"}, "volatility", "a number from 0.05 to 5, found 'high'"),
    "true for a number": ({"weight": True}, "weight", "found True"),
    "weight above one": ({"weight": 1.5}, "weight", "a number from 0 to 1, found 1.5"),
    "dependence of one": ({"dependence": 1.0}, "dependence", "from 0 to 0.99"),
    "negative volatility": ({"volatility": -1}, "volatility", "found -1"),
    "NaN": ({"weight": float("nan")}, "weight", "found nan"),
    "yes for true": ({"follows_plan": "ja"}, "follows_plan", "true or false"),
    "deflator as text": ({"deflator_pct": "1.5%"}, "deflator_pct", "found '1.5%'"),
    "deflator without a default": ({"deflator_pct": {2021: 2.0}}, "deflator_pct", "a default"),
    "deflator NaN": ({"deflator_pct": float("nan")}, "deflator_pct", "found nan"),
    "deflator of a year NaN": ({"deflator_pct": {"default": 1.5, 2022: float("nan")}}, "deflator_pct", "nan"),
    "shock without years": ({"shocks": [{"pp": 1}]}, "shock 1", "pp, first_year and last_year"),
    "shock as text": ({"shocks": [YEARLY | {"pp": "1"}]}, "shock 1", "as numbers"),
    "shock NaN": ({"shocks": [YEARLY | {"pp": float("nan")}]}, "shock 1", "nan"),
    "shock backwards": ({"shocks": [YEARLY | {"first_year": 3}]}, "shock 1", "not after last_year"),
    "shock with an unknown key": ({"shocks": [YEARLY | {"scale": []}]}, "scale", "Did you mean 'scales'"),
    "shock on an unknown scale": ({"shocks": [YEARLY | {"scales": ["shares"]}]}, "scales", "'share'"),
    "shock on an unknown indicator": (
        {"shocks": [YEARLY | {"indicators": ["service_va"]}]},
        "indicators",
        "Did you mean 'services_va'",
    ),
    "indicators as one word": ({"shocks": [YEARLY | {"indicators": "services_va"}]}, "indicators", "list"),
    "shocks as a number": ({"shocks": 5}, "shocks", "found 5"),
}


@pytest.mark.parametrize("entries, what, says", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_file(tmp_path, entries, what, says):
    with pytest.raises(PlanmodelError) as caught:
        loaded(tmp_path, **entries)
    (fault,) = caught.value.faults
    assert fault.file == "test.yaml" and fault.what == what
    assert says in str(caught.value)


def test_all_faults_are_named_at_once(tmp_path):
    with pytest.raises(PlanmodelError) as caught:
        loaded(tmp_path, author=None, weight=2, shocks=[{"pp": 1}])
    assert {fault.what for fault in caught.value.faults} == {"author", "weight", "shock 1"}


def test_shocks_add_up(tmp_path):
    both = scenario([shock(1, 1, 99), shock(-4, 2022, 2022)])
    found = both.shocks_for(small_plan(tmp_path), "services_va", "amount", YEARS)
    assert found.tolist() == [1, -3, 1, 1, 1]


def test_a_changed_scenario_says_so_in_its_name_in_both_languages_and_has_an_id_of_its_own():
    base = load_scenario("baseline")
    lower = base.with_shock(-2, 2021, 2022)
    assert dict(lower.name) == {"zh": "基准情景，−2个百分点，2021–2022 年", "en": "Baseline, −2 pp 2021–2022"}
    assert lower.shocks[:-1] == base.shocks and lower.shocks[-1].pp == -2
    prices = base.with_deflator({2021: 3})
    assert prices.deflator([2021, 2022]) == pytest.approx([0.03, 0.015])
    assert prices.name["en"] == "Baseline, prices 2021: 3%"
    changed = [lower, base.with_shock(2, 2021, 2022), base.with_shock(-2, 2021), base.with_deflator(3), prices,
               lower.with_deflator(3), base.with_shock(-2, 2021, 2022, indicators=("services_va",))]  # fmt: skip
    ids = [scenario.id for scenario in (base, *changed)]
    assert len(set(ids)) == len(ids) and all(check_name("scenario", name) for name in ids)


@pytest.mark.parametrize(
    "change, what",
    [
        (lambda base: base.with_shock(99, 2021), "pp"),
        (lambda base: base.with_shock(1, 2022, 2021), "shock 1"),
        (lambda base: base.with_shock(1, 2021, indicators=("service_va",)), "indicators"),
        (lambda base: base.with_deflator(200), "deflator_pct"),
        (lambda base: base.with_deflator({2021: float("nan")}), "deflator_pct"),
        (lambda base: type(base).of("Mine", volatilty=2), "volatilty"),
        (lambda base: type(base).of("Mine", shocks=[{"pp": 1}]), "shock 1"),
    ],
)
def test_a_change_that_cannot_be_names_the_fault(change, what):
    with pytest.raises(PlanmodelError) as caught:
        change(load_scenario("baseline"))
    assert [fault.what for fault in caught.value.faults] == [what]


def test_a_scenario_made_in_code_is_as_one_of_a_file():
    base = load_scenario("baseline")
    made = type(base).of(base.name, deflator_pct=1.5, weight=0.5)
    assert made == replace(base, author="", rationale=dict(base.name))
