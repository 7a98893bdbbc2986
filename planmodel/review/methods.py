"""Tracking methods side by side: each with its figure and class."""

from __future__ import annotations

from collections.abc import Mapping

from planmodel.arithmetic.tracking import (
    five_changes_class,
    five_changes_miss,
    growth_ratio,
    growth_ratio_class,
    progress,
    projected_share,
    projected_share_class,
)
from planmodel.errors import UndefinedGrowth
from planmodel.plans.series import History
from planmodel.review.standings import Method, Standing

METHODS: Mapping[str, Mapping[str, str]] = {
    "growth_ratio": {
        "en": "growth since the base over growth required from it",
        "zh": "基期以来增速与全程所需增速之比",
    },
    "five_changes": {
        "en": "the last five yearly changes, some before the plan, go on in a straight line; the miss at the end as a share of what is left, negative where it passes the target",
        "zh": "最近五年的年变化（含规划前）按直线延伸，期末缺口占剩余差距的比例，负数为超过目标",
    },
    "projected_share": {
        "en": "growth since the base goes on; share of the way it covers",
        "zh": "基期以来的增速延续到期末所走过的比例",
    },
    "time_progress": {
        "en": "the way covered over the time gone, as if progress were even",
        "zh": "目标进度与时间进度之比，假定均匀推进",
    },
    "class_speed": {
        "en": "the rate that is left, as a percentile of what others achieved",
        "zh": "剩余所需增速在参照类中的百分位",
    },
}
"""The methods and what each assumes."""
N_CHANGES = 5


def methods_of(
    here: Standing, history: History, base: float, end: float, done: bool, pace: Mapping
) -> tuple[Method, ...]:
    """Return every method's view of a standing; sources in planmodel.arithmetic.tracking, cut-offs of the labels in `pace`."""
    value, n_years = here.value, int(here.path.years[-1] - here.path.years[0])
    elapsed = here.year - int(here.path.years[0])
    left = n_years - elapsed
    found = []
    for name, count in (
        ("growth_ratio", lambda: growth_ratio(base, value, end, elapsed, n_years)),
        ("five_changes", lambda: five_changes_miss(_recent(here, history), end, left)),
        ("projected_share", lambda: projected_share(base, value, end, elapsed, n_years)),
        ("time_progress", lambda: progress(base, value, end) / here.elapsed),
        ("class_speed", lambda: _percentile(here)),
    ):
        try:
            figure = count()
        except UndefinedGrowth as error:
            found.append(Method(name, None, reason=str(error)))
            continue
        if figure is None:
            found.append(Method(name, None, reason="no figure to count it from"))
        else:
            found.append(Method(name, figure, _class(name, figure, done, pace)))
    return tuple(found)


def _class(name: str, figure: float, done: bool, pace: Mapping) -> str:
    if name == "growth_ratio":
        return growth_ratio_class(figure, done)
    if name == "five_changes":
        return "met" if done else five_changes_class(figure)
    if name == "projected_share":
        return "met" if done else projected_share_class(figure)
    if name == "class_speed":
        return "met" if done else "usual" if figure <= 50 else "demanding" if figure <= 90 else "rare"
    return pace_label(figure, done, pace)


def pace_label(way: float, done: bool, pace: Mapping) -> str:
    """Return the label of China's mid-term evaluations for the way covered over the way due.

    >>> rules = {"faster": 1.05, "on_pace": 0.9}
    >>> [pace_label(way, done, rules) for way, done in ((1.2, True), (1.2, False), (0.95, False), (0.5, False))]
    ['ahead', 'faster', 'on_pace', 'lagging']
    """
    if done:
        return "ahead"
    return "faster" if way >= pace["faster"] else "on_pace" if way >= pace["on_pace"] else "lagging"


def _recent(here: Standing, history: History) -> list[float]:
    """The last five changes' values in the standing's measure; years without a figure on a straight line between."""
    if here.measure == "cumulated":
        raise UndefinedGrowth("a sum has no yearly changes to extend")
    values = history.values[history.values.index <= here.year]
    values = values[values.index >= here.year - N_CHANGES]
    if len(values) < 2:
        raise UndefinedGrowth("fewer than two figures in the last five years")
    last = float(values.iloc[-1])
    scale = here.value / last if last else 1.0
    whole = values.reindex(range(int(values.index[0]), here.year + 1)).interpolate()
    return [float(value) * scale for value in whole]


def _percentile(here: Standing) -> float | None:
    return here.assessment.percentile_from_latest
