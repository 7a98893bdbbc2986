"""Outlooks of nations: what was known when, how they are corrected, and what a user's own file does."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planmodel import NotAssessable, PlanmodelError, load_plan, load_scenario
from planmodel.arithmetic.periods import parse_moment
from planmodel.feasibility import assess
from planmodel.feasibility.outlooks import known_on, nation_of
from planmodel.feasibility.quantities import class_of_real_growth
from planmodel.files.reading import data_folder
from planmodel.forecasts import forecast
from planmodel.forecasts.nations import LEADS, Nation, load_nation, load_prices, own_error, price_draws
from planmodel.forecasts.reference import load_class
from planmodel.plans.scenarios import Scenario

SEED = 5


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The data folder, to be changed."""
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    return folder


def add(path, line):
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


def draws(nation, origin, n_years):
    return nation.draws(origin, n_years, 20_000, np.random.default_rng(SEED))


@pytest.mark.parametrize(
    ("known", "vintage", "base_year"),
    [
        ("2021-03", "2020-10", 2020),
        ("2021-04", "2021-04", 2020),
        ("2021-11", "2021-10", 2021),
        ("1990-03", None, None),
    ],
)
def test_the_newest_outlook_known_at_a_date(known, vintage, base_year):
    nation = load_nation("china", known)
    assert (nation and nation.vintage, nation and nation.base_year) == (vintage, base_year)


def test_later_figures_do_not_change_what_was_expected(data):
    before = load_nation("china", "2015-12").expected(range(2016, 2021), 2015)
    path = data / "nations.csv"
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("china,202")
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert load_nation("china", "2015-12").expected(range(2016, 2021), 2015).tolist() == before.tolist()


def test_the_mean_of_five_years_errs_as_such_outlooks_did():
    nation = load_nation("china", "2020-12")
    paths, expected = draws(nation, 2020, 5), nation.expected(range(2021, 2026), 2020)
    assert np.median(paths.mean(axis=1)) == pytest.approx(expected.mean(), abs=0.05)
    published = np.mean([nation.outlook[2020 + lead] for lead in LEADS])
    assert expected.mean() < published, "outlooks of five years are too high on average"


def test_a_known_year_is_in_every_draw_and_a_year_under_way_nearly():
    nation = load_nation("china", "2021-11")
    paths = draws(nation, 2019, 4)  # 2020 is known by then, 2021 is under way
    assert set(paths[:, 0].tolist()) == {nation.record[2020]}
    assert 0 < paths[:, 1].std() < paths[:, 2].std() / 2
    assert np.median(paths[:, 1]) == pytest.approx(nation.outlook[2021], abs=0.05)


def test_longer_horizons_go_on_from_the_fifth_year():
    nation = load_nation("china", "2020-12")
    assert draws(nation, 2020, 15).shape == (20_000, 15)
    expected = nation.expected(range(2021, 2036), 2020)
    assert len(set(expected[4:].round(9).tolist())) == 1


def test_a_country_whose_outlooks_missed_more_has_wider_draws():
    record = {year: 3.0 for year in range(2000, 2021)}
    outlook = {year: 3.0 for year in range(2020, 2026)}
    calm, wild = (Nation("x", "IMF", "2020-10", record, outlook, error) for error in (0.5, 5.0))
    assert draws(wild, 2020, 5).std() > 1.5 * draws(calm, 2020, 5).std()
    assert own_error({}, 2020) == 2.5


def test_an_outlook_of_ones_own_serves_from_its_date(data):
    (data / "outlooks" / "own.csv").write_text(
        "region,publisher,vintage,year,growth_pct,source\n"
        + "".join(f"china,Own,2021-02,{year},3,own estimate\n" for year in range(2021, 2026)),
        encoding="utf-8",
    )
    assert load_nation("china", "2021-03").publisher == "Own"
    assert load_nation("china", "2021-01").publisher == "IMF"
    assert load_nation("china", "2021-03", publisher="IMF").vintage == "2020-10"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("china,IMF,2020,2021,3,x", "vintage"),
        ("china,IMF,2020-10,2021,3,x", "year"),
        ("china,Own,2021-02,2021,three,x", "growth_pct"),
        ("china,Own,2021-02,2021,1e9,x", "growth_pct"),
        ("china,Own,2021-02,next,3,x", "year"),
    ],
)
def test_a_fault_of_a_file_is_one_clear_message(data, line, what):
    path = data / "outlooks" / "imf-weo-china.csv"
    add(path, line)
    with pytest.raises(PlanmodelError) as caught:
        load_nation("china", "2021-03")
    (fault,) = caught.value.faults
    assert (fault.file, fault.what) == (path.name, what) and fault.row


def test_a_region_follows_its_own_country():
    plan = load_plan("linhai-14fyp")
    assert class_of_real_growth("china") == "prefectures_real_gdp"
    assert class_of_real_growth("rwanda") == "countries_real_gdp"
    baseline = load_scenario("baseline")
    assert nation_of(plan, "china", "prefectures_real_gdp", baseline, 2020).vintage == "2021-10"
    assert nation_of(plan, "china", "prefectures_nominal_gdp", baseline, 2020).prices.record.keys() == set(
        range(2014, 2021)
    )
    assert nation_of(plan, "china", "gdp_shares", baseline, 2020) is None
    with pytest.raises(NotAssessable, match="of another country's regions"):
        nation_of(plan, "rwanda", "prefectures_real_gdp", baseline, 2020)


def test_a_scenario_names_its_outlook():
    plan, baseline = load_plan("linhai-14fyp"), load_scenario("baseline")
    target = plan.target("T2/1/1")
    chances = {
        name: assess(plan, target, replace(baseline, outlook=name), n_draws=2000, as_of=plan.date)
        for name in ("", "IMF", "none", "OECD")
    }
    assert chances[""].probability == chances["IMF"].probability != chances["none"].probability
    assert chances["IMF"].outlook.published == "IMF 2021-10" and not chances["none"].outlook.published
    assert chances["OECD"].probability is None and "OECD" in chances["OECD"].reason["en"]
    with pytest.raises(PlanmodelError, match="outlook"):
        Scenario.of("Mine", outlook=3)


def test_as_of_moves_the_outlook():
    plan = load_plan("linhai-14fyp")
    assert known_on(plan, 2020) == plan.date[:7]
    assert known_on(plan, 2023) == "2024-03"
    of_2020, of_2023 = (replace(plan, moment=parse_moment(moment, 6)) for moment in ("2020", "2023-09"))
    assert known_on(of_2020, 2020) == "2021-03", "before the plan's date"
    assert known_on(of_2023, 2020) == plan.date[:7]
    assert known_on(of_2023, 2023, estimated=True) == "2024-03", "what was out of a year under way"


def test_a_class_follows_its_nation_at_an_offset():
    group, nation = load_class("prefectures_real_gdp"), load_nation("china", "2020-12")
    rng = np.random.default_rng(SEED)
    path = group.growth(2020, 5, 20_000, rng, nation).mean()
    expected = nation.expected(range(2021, 2026), 2020).mean()
    assert expected < path < expected + 1.5, "prefectures grew by about a point more than the nation, fading"
    assert group.past(2018, 2020, 2020, nation) == pytest.approx(
        sum(group.medians[year] for year in (2018, 2019, 2020))
    )


def test_after_its_last_median_a_class_is_carried_on_by_the_nation():
    group, nation = load_class("prefectures_real_gdp"), load_nation("china", "2025-03")
    past = group.past(2022, 2024, 2024, nation)
    assert past == pytest.approx(sum(nation.record[year] for year in (2022, 2023, 2024)), abs=1.5)


def test_one_extraordinary_year_is_no_level():
    """Linhai's real growth over 2021-25 was expected at 2.4 % a year; it came to about 5."""
    plan = load_plan("linhai-14fyp")
    found = assess(plan, plan.target("T2/1/1"), load_scenario("baseline"), n_draws=4000, as_of=2020)
    paths = found.outlook.values
    growth = 100 * (np.median(paths[:, -1] / paths[:, 0]) ** (1 / 5) - 1)
    assert 4.5 < growth < 7


def test_without_an_outlook_the_class_goes_its_own_way(data):
    import pandas as pd

    shutil.rmtree(data / "outlooks")
    assert load_nation("china", "2021-03") is None
    history = pd.Series({2019: 100.0, 2020: 103.0})
    own = forecast(history, 5, reference="prefectures_real_gdp", n_draws=200)
    assert np.isfinite(own.draws).all()


def test_a_history_before_both_class_and_nation_is_not_assessable():
    nation = Nation("china", "IMF", "1985-10", {1995: 9.0, 1996: 9.0}, {1986: 9.0}, 2.0)
    with pytest.raises(NotAssessable, match="1995"):
        load_class("prefectures_real_gdp").offsets(1992, nation)


def test_prices_are_known_as_they_were_and_then_drawn_once_for_all():
    prices = load_prices("china", "2021-03")
    longer, shorter = price_draws(prices, 2018, 7, 500, SEED), price_draws(prices, 2020, 3, 500, SEED)
    np.testing.assert_allclose(longer[:, 0], 100 * np.log(1.013))
    np.testing.assert_allclose(longer[:, 1], 100 * np.log(1.005))
    np.testing.assert_array_equal(longer[:, 2:5], shorter)
    assert load_prices("china", "2014-12") is None
    assert load_prices("rwanda", "2021-03") is None


def test_prices_vary_by_about_two_points_about_a_slowly_moving_mean():
    for known, last in (("2021-03", 2020), ("2026-04", 2025)):
        paths = price_draws(load_prices("china", known), last, 5, 20_000, SEED)
        assert 1.5 < paths.std(axis=0).mean() < 3.0
        assert 1.0 < np.median(paths.mean(axis=1)) < 2.5


def test_a_fault_in_prices_names_its_column(data):
    add(data / "prices.csv", "china,2026,much,nobody")
    with pytest.raises(PlanmodelError, match="deflator_pct"):
        load_prices("china", "2027-03")


@pytest.mark.parametrize(
    "name", ["prefectures_nominal_gdp", "provinces_nominal_retail", "provinces_nominal_trade"]
)
def test_yuan_amounts_are_drawn_to_the_nations_nominal_growth(name):
    def growth(last, nation):
        history = pd.Series({year: 100 * 1.07 ** (year - last) for year in range(last - 4, last + 1)})
        made = forecast(history, 5, reference=name, nation=nation, key="a", n_draws=4000)
        return 20 * np.log(made.draws[:, -1] / history.iloc[-1])

    nation = load_nation("china", "2024-03")
    calm, boom = (
        growth(2023, nation),
        growth(2023, replace(nation, outlook={y: v + 5 for y, v in nation.outlook.items()})),
    )
    assert np.median(boom) > np.median(calm) + 0.5
    assert 3.0 < np.median(calm) < 7.0
    own = load_class(name)
    past = [own.past(year, year, 2023, nation) for year in (2022, 2023)]
    expected = [nation.record[year] + nation.prices.record[year] for year in (2022, 2023)]
    assert past == pytest.approx(expected, abs=0.01)  # beyond the class's last median: the nation's


def test_without_a_nation_a_follower_goes_along_nominal_gdp():
    follower, gdp = load_class("provinces_nominal_income"), load_class("prefectures_nominal_gdp")
    assert follower.past(2017, 2020, 2020) == gdp.past(2017, 2020, 2020)
    both = [each.growth(2020, 5, 500, np.random.default_rng(SEED)) for each in (follower, gdp)]
    np.testing.assert_array_equal(*both)
