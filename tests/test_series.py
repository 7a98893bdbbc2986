"""Histories out of printed figures: preferences, derived years, chains, gaps, records."""

import numpy as np
import pandas as pd
import pytest
from handmade import TARGET, indicator, observed, small_plan

from planmodel.plans.series import History, growth_history, level_history, record

NO_BASE = TARGET | {"base_printed": "", "base_value": "", "base_unit": ""}


def levels(folder, *rows, targets=(NO_BASE,), indicator="services_va", **options):
    return level_history(small_plan(folder, targets, rows), indicator, "example", **options)


def growth(value, period, **cells):
    return observed(measure="growth", value=value, unit="%", period=period, price_basis="nominal", **cells)


def real(value, period, measure="growth", **cells):
    return observed(measure=measure, value=value, unit="%", period=period, **cells)


PREFERENCES = {
    "revised before final": ([("revised", "1.1", ""), ("final", "2.2", "")], 1.1),
    "final before the plan's": ([("plan", "1.1", ""), ("final", "2.2", "")], 2.2),
    "the plan's before preliminary": ([("preliminary", "1.1", ""), ("plan", "2.2", "")], 2.2),
    "preliminary before unknown": ([("unknown", "1.1", ""), ("preliminary", "2.2", "")], 2.2),
    "the latest published of one vintage": ([("final", "2.2", "2019-05"), ("final", "1.1", "2019-01")], 2.2),
    "a vintage before a later date": ([("preliminary", "2.2", "2030"), ("final", "1.1", "2018")], 1.1),
}


@pytest.mark.parametrize("rows, expected", PREFERENCES.values(), ids=PREFERENCES)
@pytest.mark.parametrize("order", [1, -1])
def test_of_several_figures_of_a_year(tmp_path, rows, expected, order):
    rows = [observed(period=2018, vintage=v, value=x, published=date) for v, x, date in rows][::order]
    history = levels(tmp_path, *rows)
    assert history.values.to_dict() == {2018: expected}
    assert history.origins[2018].value == expected


@pytest.mark.parametrize("vintage", ["revised", "final", "preliminary"])
def test_in_the_base_year_the_plans_own_figure_stands(tmp_path, vintage):
    history = levels(tmp_path, observed(period=2020, vintage=vintage, value=99), targets=(TARGET,))
    assert history.values.to_dict() == {2020: 100.0}


def test_a_plain_figure_stands_before_more_than(tmp_path):
    rows = observed(period=2018, value=50, comparator="gt"), observed(period=2018, value=51.2)
    assert levels(tmp_path, *rows).values.to_dict() == {2018: 51.2}


def test_levels_come_in_the_unit_that_is_asked(tmp_path):
    rows = observed(period=2018, value=123456, unit="万元"), observed(period=2019, value=13)
    plan = small_plan(tmp_path, (NO_BASE,), rows)
    assert level_history(plan, "services_va", "example").values.to_dict() == pytest.approx(
        {2018: 12.3456, 2019: 13}
    )
    assert level_history(plan, "services_va", "example", unit="万元").values[2019] == pytest.approx(130_000)


def test_what_does_not_belong_is_left_out(tmp_path):
    rows = (
        observed(period="2017Q3", value=1),
        observed(period="2017-01..2017-09", value=2),
        observed(period=2017, value=3, region="china"),
        observed(period=2017, value=4, definition="another"),
        observed(period=2017, value=5, indicator="investment"),
        observed(period=2021, value=6),
        observed(period="2016..2017", measure="sum", value=7),
        observed(period=2016, value=50),
    )
    assert levels(tmp_path, *rows, as_of=2020).values.to_dict() == {2016: 50.0}


def test_another_definition_is_a_history_of_its_own(tmp_path):
    rows = observed(period=2017, value=4, definition="another"), observed(period=2017, value=5)
    assert levels(tmp_path, *rows, definition="another").values.to_dict() == {2017: 4.0}


def test_nominal_growth_carries_a_level_forwards_and_backwards_and_is_marked_derived(tmp_path):
    history = levels(tmp_path, observed(period=2018, value=110), growth(10, 2018), growth(20, 2019))
    assert history.values.to_dict() == pytest.approx({2017: 100, 2018: 110, 2019: 132})
    assert history.derived == (2017, 2019)
    assert history.origins[2019].measure == "growth"


@pytest.mark.parametrize("measure, value", [("total_growth", 46.41), ("mean_growth", 10)])
def test_growth_over_several_years_leaves_the_years_between_open(tmp_path, measure, value):
    statement = observed(period="2016..2019", measure=measure, value=value, unit="%", price_basis="nominal")
    history = levels(tmp_path, observed(period=2019, value=146.41), statement)
    assert history.values.to_dict() == pytest.approx({2015: 100, 2019: 146.41})
    assert history.derived == (2015,)


def test_real_growth_does_not_carry_a_level(tmp_path):
    assert levels(tmp_path, observed(period=2018, value=110), real(10, 2018)).values.to_dict() == {2018: 110}


def test_a_printed_level_stands_before_a_derived_one(tmp_path):
    rows = observed(period=2017, value=99), observed(period=2018, value=110), growth(10, 2018)
    history = levels(tmp_path, *rows)
    assert history.values.to_dict() == {2017: 99.0, 2018: 110.0} and history.derived == ()


def test_the_short_span_derives_before_the_long_one(tmp_path):
    long = observed(period="2018..2019", measure="total_growth", value=50, unit="%", price_basis="nominal")
    history = levels(tmp_path, observed(period=2017, value=100), long, growth(10, 2018), growth(10, 2019))
    assert history.values.to_dict() == pytest.approx({2017: 100, 2018: 110, 2019: 121})


def test_bases_of_the_table_are_observations(tmp_path):
    history = levels(tmp_path, observed(period=2015, value=70), targets=(TARGET,))
    assert history.values.to_dict() == {2015: 70.0, 2020: 100.0}


def test_without_a_figure_the_history_is_empty(tmp_path):
    assert len(levels(tmp_path)) == 0


def chained(folder, *rows, **options):
    return growth_history(small_plan(folder, (NO_BASE,), rows), "services_va", "example", **options)


def test_real_growth_is_chained_to_100_in_the_last_year(tmp_path):
    history = chained(tmp_path, real(5, 2019), real(10, 2020))
    assert history.values.to_dict() == pytest.approx({2018: 100 / 1.155, 2019: 100 / 1.1, 2020: 100})
    assert history.real and history.last_year == 2020


def test_mean_growth_chains_over_its_years(tmp_path):
    history = chained(tmp_path, real(8.3, "2016..2020", "mean_growth"))
    assert history.values.to_dict() == pytest.approx({2015: 100 / 1.083**5, 2020: 100})


def test_of_two_chains_the_one_that_reaches_the_base_year_is_taken(tmp_path):
    old = [real(7, year) for year in (2010, 2011, 2012, 2013)]
    history = chained(tmp_path, *old, real(5, 2020))
    assert list(history.values.index) == [2019, 2020]


def test_of_two_chains_before_the_base_year_the_longest_is_taken(tmp_path):
    history = chained(tmp_path, *[real(7, year) for year in (2010, 2011, 2012)], real(5, 2018))
    assert list(history.values.index) == [2009, 2010, 2011, 2012]


def test_a_gap_is_bridged_by_a_statement_over_it(tmp_path):
    history = chained(tmp_path, real(10, 2016), real(21, "2017..2018", "total_growth"), real(10, 2019))
    assert history.values.to_dict() == pytest.approx(
        {2015: 100 / 1.1**4, 2016: 100 / 1.1**3, 2018: 100 / 1.1, 2019: 100}
    )


def test_statements_after_as_of_are_not_known_yet(tmp_path):
    history = chained(tmp_path, real(5, 2019), real(10, 2020), real(90, 2021), as_of=2020)
    assert history.last_year == 2020


def test_nominal_growth_is_not_chained_as_real(tmp_path):
    assert len(chained(tmp_path, growth(10, 2020))) == 0


def test_the_scale_of_a_growth_statement_is_the_catalogues_unless_it_says_otherwise(tmp_path):
    plan = small_plan(
        tmp_path, (NO_BASE,), (observed(measure="growth", value=5, unit="%", period=2019), growth(6, 2019))
    )
    assert [o.price_basis for o in plan.observations] == ["real_by_convention", "nominal"]
    assert indicator().growth_basis == "real_by_convention"


def history_of(values):
    return History(pd.Series(values, dtype=float), {})


def test_the_record_is_the_latest_window_and_the_best_of_that_length():
    values = {2010 + i: 100 * 1.1**i for i in range(6)}
    values |= {2015 + i: values[2015] * 1.05**i for i in range(1, 6)}
    found = record(history_of(values), 5)
    assert (found.first_year, found.last_year) == (2015, 2020)
    assert found.mean == pytest.approx(0.05)
    assert found.best == pytest.approx(0.10) and found.best_last_year == 2015


def test_the_record_ends_where_the_plan_starts():
    """An outturn within the plan is no record to hold its target against."""
    values = history_of({2015: 100, 2020: 100 * 1.05**5, 2022: 500})
    found = record(values, 5, until=2020)
    assert (found.first_year, found.last_year, found.mean) == (2015, 2020, pytest.approx(0.05))
    assert record(values, 5).last_year == 2022
    assert record(history_of({2019: 100, 2022: 133.1}), 5, until=2020) is None


def test_one_year_is_no_record_of_several():
    """Online sales of Taizhou: 97.1 % in 2013, for a promise over five years."""
    assert record(history_of({2012: 106.1, 2013: 209.13}), 5) is None
    assert record(history_of({2012: 106.1, 2013: 209.13}), 1).mean == pytest.approx(0.9711, abs=1e-4)
    assert record(history_of({2010: 50, 2019: 90, 2020: 100}), 5).first_year == 2010


def test_the_best_window_of_what_should_fall_is_the_steepest_fall():
    values = history_of({2010: 50, 2015: 30, 2020: 28})
    assert record(values, 5, down=True).best == pytest.approx((30 / 50) ** 0.2 - 1)
    assert record(values, 5).best == pytest.approx((28 / 30) ** 0.2 - 1)


def test_the_record_of_a_share_is_in_points_a_year():
    found = record(history_of({2015: 47.9, 2020: 50.7}), 5, share=True)
    assert found.mean == pytest.approx(0.56) and found.best == pytest.approx(0.56)


@pytest.mark.parametrize(
    ("values", "best", "shorter"),
    [
        ({2012: 100, 2020: 100 * 1.08**8}, (0.08, 2012, 2020), None),
        ({2015: 100, 2019: 100 * 1.2**4, 2020: 100}, (0.0, 2015, 2020), (0.2, 2015, 2019)),
        ({2016: 100, 2018: 100 * 1.3**2, 2020: 100 * 1.1**4}, None, None),
        ({2016: 100, 2017: 60, 2020: 60 * 1.1**3}, None, (0.1, 2017, 2020)),
        ({2015: 100, 2019: 300, 2020: 100 * 1.5**5}, (0.5, 2015, 2020), None),
    ],
)
def test_spans_as_long_as_asked_or_longer_are_precedents_and_shorter_ones_are_told(values, best, shorter):
    found = record(history_of(values), 5)
    known = None if found.best is None else (found.best, found.best_first_year, found.best_last_year)
    assert known == (None if best is None else pytest.approx(best))
    assert found.shorter == (None if shorter is None else pytest.approx(shorter))


def test_a_short_history_gives_a_shorter_window_and_no_best():
    found = record(history_of({2018: 100, 2020: 121}), 5)
    assert (found.first_year, found.mean) == (2018, pytest.approx(0.1))
    assert found.best is None and found.best_last_year is None


def test_a_gap_wider_than_the_window_uses_the_two_last_values():
    found = record(history_of({2005: 50, 2010: 100, 2020: 100 * 1.03**10}), 5)
    assert (found.first_year, found.mean) == (2010, pytest.approx(0.03))
    assert found.best == pytest.approx(2**0.2 - 1)


@pytest.mark.parametrize("values", [{}, {2020: 1.0}, {2019: 0.0, 2020: 1.0}, {2019: -1.0, 2020: 1.0}])
def test_without_two_positive_values_there_is_no_record(values):
    assert record(history_of(values), 5) is None


def test_a_share_of_zero_has_a_record_in_points():
    assert record(history_of({2015: 0.0, 2020: 1.0}), 5, share=True).mean == pytest.approx(0.2)


def test_histories_rise_by_year(tmp_path):
    rows = [observed(period=year, value=year - 1900) for year in (2019, 2011, 2015)]
    assert list(levels(tmp_path, *rows).values.index) == [2011, 2015, 2019]
    assert np.all(np.diff(levels(tmp_path / "again", *rows).values) > 0)
