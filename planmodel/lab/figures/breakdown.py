"""Figures of the breakdown."""

from __future__ import annotations

from planmodel import charts
from planmodel.breakdown import Split
from planmodel.lab.figures.targets import nothing, show
from planmodel.lab.study import Study
from planmodel.lab.views import growth_by_sector


def show_sectors(study: Study) -> None:
    """Show what the sectors contribute to growth, past and planned, of each whole with figures."""
    found = growth_by_sector(study)
    if not found:
        return nothing(study)
    lang = study.lang
    for whole, growths in found.items():
        figure = charts.sectors_chart(growths, study.plan, lang)
        data = charts.sectors_data(growths, study.plan, lang)
        alt = charts.sectors_alt(growths, study.plan, lang)
        show(figure, data, alt, lang, f"sectors-{whole}")
    return None


def show_split(study: Study, found: Split | None) -> None:
    """Show the parts of a target; nothing where there are none (the text says why)."""
    if found is None:
        return
    lang, plan = study.lang, study.plan
    figure, data = charts.split_chart(found, plan, lang), charts.split_data(found, plan, lang)
    show(figure, data, charts.split_alt(found, plan, lang), lang, "parts")
