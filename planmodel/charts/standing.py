"""The chart of one target under way: outturns beside its milestones, the outlook, and the rate that is left."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.fan import draw_target
from planmodel.charts.frame import framed, halo
from planmodel.charts.lettering import text_width
from planmodel.charts.sentences import note, subtitle
from planmodel.charts.shown import Shown, shown
from planmodel.charts.style import INK, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.plans import Plan
from planmodel.review import Standing
from planmodel.words import figure as number
from planmodel.words import word

YEARS_BEFORE = 3
"""How many years before the base year the chart begins."""


def standing_shown(here: Standing, plan: Plan, bands: str = "central") -> Shown:
    """Return what the chart shows: history from shortly before the base, the path with its milestones, the outlook."""
    seen = shown(here.assessment, bands)
    first = max((y for y in seen.history.index if y <= here.target.base_year - YEARS_BEFORE), default=None)
    if first is not None:
        seen = replace(seen, history=seen.history[seen.history.index >= first])
    if here.path is None:
        return seen
    path = pd.Series(here.path.values, index=here.path.years)
    if here.measure != "cumulated":
        return replace(seen, path=path)
    values = here.assessment.history.values
    flows = values[(values.index > here.target.base_year) & (values.index <= here.year)]
    total = pd.concat([pd.Series({here.target.base_year: 0.0}), flows.cumsum()])
    mark, year = here.target.target_value, here.target.target_year
    return replace(
        seen,
        unit=here.unit,
        history=total,
        base=None,
        mark=mark,
        mark_years=(year, year),
        path=path,
        fan=None,
    )


def standing_title(here: Standing, lang: str) -> str:
    """Return what the chart says: the latest figure beside the one due, and the rate left."""
    name, zh = here.target.indicator.name(lang), lang == "zh"
    if here.milestone is None or here.value is None:
        return name
    digits = 1 if here.unit == "index" else None
    value, due = number(_rounded(here.value), digits), number(_rounded(here.milestone), digits)
    if here.measure == "cumulated":
        value = f"累计 {value}" if zh else f"{value} in total"
    if zh:
        gap = "" if here.measure == "cumulated" else " "
        sign = "不低于" if here.value >= here.milestone else "低于"
        said = f"{name}：{here.year} 年{gap}{value}，{sign}当年应达到的 {due}"
    else:
        sign = "at or above" if here.value >= here.milestone else "below"
        when = "by the end of" if here.measure == "cumulated" else "in"
        said = f"{name}: {value} {when} {here.year}, {sign} the {due} due"
    left = here.left
    if left is None or left.measure not in ("growth", "pp"):
        return said
    rate = f"{number(100 * left.value, 1)}%" if left.measure == "growth" else number(left.value, 2)
    if zh:
        unit = "" if left.measure == "growth" else " 个百分点"
        return f"{said}，剩余年份年均需 {rate}{unit}"
    return f"{said}; {rate}{'' if left.measure == 'growth' else ' points'} a year needed from here"


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


@styled
def standing_chart(
    here: Standing, plan: Plan, lang: str, *, bands: str = "central", size: tuple[float, float] = SIZE
) -> Figure:
    """Return the chart of a target under way; milestones are open marks on the dashed path. size: inches."""
    seen, found = standing_shown(here, plan, bands), here.assessment
    below = subtitle(found, seen)[lang]
    if here.measure == "cumulated":  # the chart shows the sum so far, not the flow
        below = below.replace(
            "/年" if lang == "zh" else " a year", "，累计" if lang == "zh" else " in total", 1
        )
    figure, box = framed(standing_title(here, check_lang(lang)), below, note(found)[lang], size)
    ax = draw_target(figure, box, seen, lang, path_named=here.path is None)
    figure.set_label(standing_alt(here, plan, lang))
    if ax is not None and here.path is not None:
        _draw_milestones(ax, here, seen, lang)
    return figure


def _draw_milestones(ax: Axes, here: Standing, seen: Shown, lang: str) -> None:
    path = seen.path
    ax.plot(
        path.index, path, ls="", marker="o", ms=4, mfc="white", mec=TARGET, mew=1, zorder=5, gid="milestones"
    )
    if here.milestone is None or here.measure not in ("level", "index", "cumulated"):
        return
    if here.value is None or here.year not in path.index:
        return
    ax.plot([here.year] * 2, [here.value, here.milestone], color=TARGET, lw=1, zorder=4)
    above, due = here.value >= here.milestone, seen.value_text(_rounded(here.milestone))
    due = f"应达到 {due}" if lang == "zh" else f"due {due}"
    first, last = ax.get_xlim()
    room = (last - here.year) / (last - first) * ax.get_window_extent().width / ax.figure.dpi
    rising = path.iloc[-1] >= path.iloc[0]
    late = room < text_width(due, SMALL) + 0.15 or rising != above  # beside the path, not on it
    ax.annotate(
        due, (here.year, here.milestone),
        xytext=(-5 if late else 5, -10 if above else 10), textcoords="offset points", size=SMALL - 0.5, color=TARGET,
        va="center", ha="right" if late else "left", path_effects=halo(2), zorder=9,
    )  # fmt: skip
    ax.annotate(
        seen.value_text(_rounded(here.value)), (here.year, here.value), xytext=(-3, 10 if above else -11),
        textcoords="offset points", size=SMALL - 0.5, color=INK, va="center", ha="center", path_effects=halo(2), zorder=9,
    )  # fmt: skip


def standing_data(here: Standing, plan: Plan, lang: str, *, bands: str = "central") -> pd.DataFrame:
    """Return the figures of the chart: series, year, coverage (bands only), value, unit."""
    check_lang(lang)
    return standing_shown(here, plan, bands).table


def standing_alt(here: Standing, plan: Plan, lang: str) -> str:
    """Return one sentence that says what the chart of a target under way shows."""
    end = "。" if check_lang(lang) == "zh" else "."
    light = word(here.light, lang)
    said = standing_title(here, lang)
    return f"{said}；信号：{light}{end}" if lang == "zh" else f"{said}; light: {light}{end}"
