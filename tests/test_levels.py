"""Change from a level: the table, the engine, known answers."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri

from planmodel.errors import NotAssessable, PlanmodelError
from planmodel.feasibility.classes import LIBRARY_COLUMNS, classes_table
from planmodel.files.reading import shipped
from planmodel.forecasts import BOUNDS, TRANSFORMS, forecast
from planmodel.forecasts.levels import Record, hats, momentum_at, restored, through, transformed
from planmodel.forecasts.reference import beside, class_for, class_names, families, level_names, load_class
from planmodel.plans.catalogue import LEVELS, load_catalogue

NAMES = level_names()
GRID = (np.arange(199) + 1) / 200
START = {"logit": 40.0, "log": 5.0, "unit": 75.0}
SCALE = {"logit": "share", "log": "density", "unit": "index"}


def quantiles(name, history, n_years=5):
    """Quantiles of z some years ahead, (n_grid,), from the engine's centre, scale and errors."""
    change = load_class(name).change
    years, values = np.array(list(history)), np.array(list(history.values()), dtype=float)
    record = Record.of(years, transformed(values, change.transform))
    centre, scale, errors = change.quantiles(record, int(years[-1]), n_years)
    return centre[-1] + scale[-1] * through(ndtri(GRID), ndtri(change.grid), errors[-1])


def test_at_least_45_families_and_every_kind_has_a_pool():
    assert len(families()) >= 45
    assert {
        "any_share",
        "any_count",
        "any_count_china",
        "any_density",
        "any_amount",
        "any_index",
        "any_rate",
    } <= set(NAMES)


def test_each_class_states_what_it_is_and_how_it_scored():
    for name in NAMES:
        group, about = load_class(name), load_class(name).about
        assert group.name("zh") and group.name("en") and group.source and about["panel"], name
        assert (
            group.transform in ("log", "logit", "unit") and about["grade"] in "ABC" and group.n_series >= 15
        ), name
        assert group.years[0] < group.years[1] <= 2026, name
        for key, least in (("coverage80", 40), ("coverage95", 55)):
            assert about[key] is None or least <= about[key] <= 100, name
        assert about["met"] in (True, False, None), name


@pytest.mark.parametrize("n", [1, 2, 3, 8])
def test_quantiles_rise_and_spread_with_the_years(n):
    for name in NAMES:
        transform = load_class(name).transform
        history = {2016 + year: START[transform] * 1.01**year for year in range(n)}
        widths = []
        for ahead in (1, 5, 10, 15):
            z = quantiles(name, history, ahead)
            assert np.isfinite(z).all() and (np.diff(z) >= 0).all(), name
            widths.append(z[179] - z[19])
        returns = load_class(name).about["kind"] == "rate"  # rates of growth return: theirs hardly widen
        assert widths[-1] > 0 and (returns or 0.8 * widths[0] < widths[1]), name


def test_a_longer_record_weighs_no_less_and_one_figure_nothing():
    for name in NAMES:
        change = load_class(name).change
        weights = [change.weights(span, np.arange(1, 6)) for span in (0, 1, 2, 4, 7)]
        assert (weights[0] == 0).all(), name
        assert all(((0 <= weight) & (weight <= 1)).all() for weight in weights), name


def test_one_figure_is_enough_and_bounds_hold():
    for name in NAMES:
        transform = load_class(name).transform
        scale, value = SCALE[transform], START[transform]
        found = forecast(pd.Series({2020: value}), 5, scale=scale, reference=name, n_draws=200, seed=3)
        assert found.reference == name and found.own_weight == 0 and found.n_record_years == 0, name
        low, high = BOUNDS[scale]
        assert ((found.draws >= low) & (found.draws <= high)).all() and found.draws.shape == (200, 5), name
        again = forecast(pd.Series({2020: value}), 5, scale=scale, reference=name, n_draws=200, seed=3)
        other = forecast(pd.Series({2020: value}), 5, scale=scale, reference=name, n_draws=200, seed=4)
        assert (found.draws == again.draws).all() and (found.draws != other.draws).any(), name


def test_gaps_count_as_changes_between_two_levels():
    record = Record.of(np.array([2010, 2015, 2020]), np.array([0.0, 1.0, 2.0]))
    assert (record.span, record.change, record.steps) == (5, 0.2, ((5, 1.0),))
    found = forecast(
        pd.Series({2015: 50.0, 2020: 55.0}), 5, scale="share", reference="any_share", n_draws=500
    )
    assert 0 < found.own_weight < 1 and found.n_record_years == 5


def test_full_coverage_is_within_reach_from_just_below():
    for name in ("any_share", "any_coverage"):
        found = forecast(pd.Series({2020: 99.5}), 5, scale="share", reference=name, n_draws=4000)
        chance = (found.draws[:, -1] >= 100).mean()
        assert 0.02 < chance < 0.98
        low = forecast(pd.Series({2020: 60.0}), 5, scale="share", reference=name, n_draws=4000)
        assert (low.draws[:, -1] >= 100).mean() < 0.03 < chance + 0.01


def test_a_share_that_rose_every_year_has_a_trend():
    """R&D share of 1.9 in 2015 and 2.95 in 2025: it goes on rising."""
    history = pd.Series({2015 + year: 1.9 + 0.105 * year for year in range(11)})
    name = class_for("rd_intensity", "share", False, "county", "china")
    found = forecast(history, 5, scale="share", reference=name)
    assert np.median(found.draws[:, -1]) > 3.15
    assert np.median(forecast(history, 5, scale="share", reference="any_share").draws[:, -1]) > 3.1


def test_known_answers_of_five_year_changes():
    """The changes that METHODS 14 states, at the middle of the panel, from one figure."""

    def yearly(name, level):
        return 100 * np.expm1((quantiles(name, {2015: level})[[19, 99, 179]] - np.log(level)) / 5)

    def points(name, level):
        z = quantiles(name, {2016: level})[[19, 99, 179]]
        return restored(z, load_class(name).transform) - level

    assert yearly("countries_energy_per_gdp", 5.0) == pytest.approx([-5.4, -1.7, 1.8], abs=0.7)
    assert yearly("provinces_energy_per_gdp", 1.0) == pytest.approx([-6.8, -4.3, 0.4], abs=1.5)
    assert points("provinces_rd_intensity", 1.6) == pytest.approx([-0.01, 0.30, 0.62], abs=0.16)
    assert points("countries_rd_intensity", 0.7) == pytest.approx([-0.13, 0.04, 0.39], abs=0.15)
    assert points("provinces_doctors", 2.2) == pytest.approx([0.38, 0.61, 0.88], abs=0.12)


def test_a_class_follows_its_own_pace_as_known_at_the_origin():
    assert (
        momentum_at({2010: 1.0, 2012: 3.0}, 2011) == 1.0
        and momentum_at({2010: 1.0}, 2000) == 1.0
        and momentum_at({}, 2000) == 0.0
    )
    fast, slow = (quantiles("provinces_gdp", {year: 5.0})[99] for year in (2011, 2022))
    assert fast > slow + 0.05


def test_every_indicator_has_a_class_in_every_region_that_fits_its_scale():
    catalogue = load_catalogue()
    for indicator in catalogue.indicators.values():
        for level in LEVELS:
            for country in ("china", "rwanda", ""):
                name = class_for(
                    indicator.reference, indicator.scale, indicator.price_basis == "nominal", level, country
                )
                group = load_class(name)
                fit = group.transform == TRANSFORMS[indicator.scale] or (
                    group.transform == "unit" and indicator.scale in ("index", "rate", "density")
                )
                assert fit, (indicator.id, level, country, name)
                assert group.change is None or not group.about["nation"] or group.about["nation"] == country


def test_nearest_first():
    assert class_for("urbanisation", "share", False, "prefecture", "china") == "provinces_urbanisation"
    assert class_for("urbanisation", "share", False, "country", "rwanda") == "countries_urbanisation"
    assert class_for("secondary_share", "share", False, "county", "china") == "cities_secondary_share"
    assert class_for("technology_contracts", "amount", True, "country", "rwanda") == "any_amount_usd"
    assert class_for("annual_series", "amount", True, "county", "china") == "annual_series"
    assert beside("provinces_doctors") == ("provinces_doctors", "any_density")
    assert beside("gdp_shares") == class_names()


def test_counts_of_nothing_and_scales_that_do_not_fit():
    found = forecast(pd.Series({2020: 0.0}), 5, reference="any_count_china", n_draws=2000)
    assert (found.draws >= 0).all() and 0 < (found.draws[:, -1] >= 1).mean() < 1
    with pytest.raises(PlanmodelError, match="share"):
        forecast(pd.Series({2020: 5.0}), 5, reference="any_share")
    with pytest.raises(PlanmodelError, match="positive"):
        forecast(pd.Series({2020: 0.0}), 5, scale="density", reference="any_density")
    with pytest.raises(NotAssessable):
        forecast(pd.Series({2020: np.nan}), 5, reference="any_count")


def test_a_level_in_another_unit_counts_as_the_middle():
    knots = np.array([0.0, 1.0])
    assert (
        hats(np.array([40.0]), knots).tolist() == [[0.5, 0.5]]
        and hats(np.array([40.0]), knots, False)[0, 1] == 1
    )


def test_the_table_lists_every_class_and_every_indicator():
    catalogue = load_catalogue()
    table = classes_table(catalogue)
    assert tuple(table.columns) == LIBRARY_COLUMNS and set(NAMES) | set(class_names()) == set(table["class"])
    assert set(" ".join(table["indicators"]).split()) == set(catalogue.indicators)
    assert shipped("levels")["command"].startswith("python -m tools.make_levels")


def test_errors_between_quantiles_lie_on_a_line_and_beyond_the_last_on_its_slope():
    z, errors = np.array([-2.0, 0.0, 2.0]), np.array([-3.0, 0.0, 1.0])
    scores = np.array([-5.0, -2.0, 0.5, 2.0, 5.0])
    assert through(scores, z, errors).tolist() == pytest.approx([-7.5, -3.0, 0.25, 1.0, 2.5])


@pytest.mark.parametrize("name", ["provinces_urbanisation", "countries_doctors", "any_amount", "any_index"])
def test_the_share_of_regions_below_a_change_is_that_of_the_draws(name):
    change, n_years = load_class(name).change, 5
    start = float(transformed(np.array([START[change.transform]]), change.transform)[0])
    drawn = change.draws(Record(start, 0, 0.0, ()), None, n_years, 40_000, np.random.default_rng(1))
    changes = transformed(drawn[:, -1], change.transform) - start
    for share in (0.002, 0.02, 0.3, 0.5, 0.9, 0.998):
        below = change.below(start, float(np.quantile(changes, share)), n_years)
        assert below == pytest.approx(share, abs=4 * (share * (1 - share) / 40_000) ** 0.5), share


@pytest.mark.parametrize("name", ["any_amount", "any_index"])
def test_years_of_a_path_go_together_as_the_class_says(name):
    change = load_class(name).change
    drawn = change.draws(Record(1.0, 0, 0.0, ()), None, 5, 40_000, np.random.default_rng(1))
    scores = ndtri((drawn.argsort(axis=0).argsort(axis=0) + 0.5) / len(drawn))
    expected = [(1 / 2) ** change.path, (1 / 5) ** change.path, (4 / 5) ** change.path]
    found = [np.corrcoef(scores[:, a], scores[:, b])[0, 1] for a, b in ((0, 1), (0, 4), (3, 4))]
    assert found == pytest.approx(expected, abs=0.02)


def test_a_lead_counts_up_to_three_usual_ones_and_without_a_record_not_at_all():
    change = load_class("any_amount").change
    lead = float(np.interp(5, change.spans, change.usual[:, 0]))
    pace = float(change.rates(Record(1.0, 0, 0.0, ()), None, np.array([1]))[0])

    def centre(span, leads):
        record = Record(1.0, span, pace + leads * lead, ((1, pace),) * span)
        return float(change.quantiles(record, None, 5)[0][-1])

    assert centre(5, 1) < centre(5, 3) == pytest.approx(centre(5, 9))
    assert centre(5, -1) > centre(5, -3) == pytest.approx(centre(5, -9))
    assert centre(0, 0) == centre(0, 9)
