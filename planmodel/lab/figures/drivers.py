"""Figures of the growth accounting."""

from __future__ import annotations

from planmodel import charts
from planmodel.drivers import Drivers
from planmodel.lab.figures.targets import show_result
from planmodel.lab.study import Study


def show_trade_off(study: Study, result: Drivers) -> None:
    """Show the pairs of investment share and productivity growth that meet the target."""
    if result.goal is None:
        return None
    return show_result(
        study, result, charts.trade_off_chart, charts.trade_off_data, charts.trade_off_alt, "trade-off"
    )


def show_contributions(study: Study, result: Drivers) -> None:
    """Show what each factor adds to growth: record, as assumed, and the target met one way or another."""
    if result.goal is None:
        return None
    parts = charts.contributions_chart, charts.contributions_data, charts.contributions_alt
    return show_result(study, result, *parts, "contributions")
