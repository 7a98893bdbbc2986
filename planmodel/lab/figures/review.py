"""Figures of a review."""

from __future__ import annotations

from planmodel import charts
from planmodel.lab.figures.targets import nothing
from planmodel.lab.notebook import show
from planmodel.lab.study import Study
from planmodel.lab.views import closest, number_of, tornado_of
from planmodel.review import Review


def show_review(study: Study, result: Review) -> None:
    """Show how far each judged target is on its way, with its light."""
    lang = study.lang
    figure, data = charts.lights_chart(result, lang), charts.lights_data(result, lang)
    show(figure, data, charts.lights_alt(result, lang), lang, "review")


def show_standing(study: Study, result: Review) -> None:
    """Show the target that matters most: the plan's headline where it has a light, else the one most in danger."""
    here = closest(result)
    if here is None:
        return nothing(study)
    lang = study.lang
    figure = charts.standing_chart(here, result.known, lang)
    data = charts.standing_data(here, result.known, lang)
    show(
        figure,
        data,
        charts.standing_alt(here, result.known, lang),
        lang,
        f"standing-{number_of(here.target, 'en')}",
    )
    return None


def show_swings(study: Study, result: Review) -> None:
    """Show how far each assumption moves the probability of the target most in danger."""
    here, swings = tornado_of(result, n_draws=study.n_draws, seed=study.seed)
    if here is None:
        return nothing(study)
    charts.tornado_chart(here, swings, study.lang)._ipython_display_()
    return None
