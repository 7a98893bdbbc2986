"""The chart of path shapes: year-by-year ways from base to target, and the figures of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.arithmetic.paths import Trajectory
from planmodel.charts.frame import axes, end_labels, framed, halo, label_room, value_ticks, year_ticks
from planmodel.charts.lettering import spread, text_width
from planmodel.charts.shown import region_name
from planmodel.charts.style import GREY, INK, SERIES, SIZE, SMALL, TARGET, TEXT, styled
from planmodel.charts.ways import FLAT, digits_of, distinct, history_of, path_sentence, plain, unit_of
from planmodel.errors import check_lang
from planmodel.plans import Plan, Target
from planmodel.plans.series import History
from planmodel.words import COMPARATOR_SIGNS, word
from planmodel.words import figure as number


def trajectory_data(
    target: Target,
    trajectories: Mapping[str, Trajectory],
    history: History | None,
    plan: Plan,
    lang: str,
    real: Trajectory | None = None,
) -> pd.DataFrame:
    """Return the figures drawn: series (history, a path shape, or real), year, value, unit."""
    first = next(iter(trajectories.values()))
    unit = unit_of(target, first, history, plan, lang)
    rows = [("history", int(y), float(v), unit) for y, v in history_of(target, first, history).items()]
    paths = dict(trajectories) | ({} if real is None else {"real": real})
    for name, path in paths.items():
        rows += [(name, int(y), float(v), unit) for y, v in zip(path.years, path.values, strict=True)]
    return pd.DataFrame(rows, columns=["series", "year", "value", "unit"])


def trajectory_alt(
    target: Target,
    trajectories: Mapping[str, Trajectory],
    history: History | None,
    plan: Plan,
    lang: str,
    shape: str | None = None,
) -> str:
    """Return one sentence that says what the chart of path shapes shows."""
    shape = shape if shape in trajectories else next(iter(trajectories))
    text = path_sentence(target, trajectories[shape], lang)
    names = [word(path.shape, lang) for path in distinct(trajectories, shape).values()]
    if lang == "zh":
        return f"{text}；所画路径：{'、'.join(names)}。"
    return f"{text}; paths drawn: {', '.join(names)}."


@styled
def trajectory_chart(
    target: Target,
    trajectories: Mapping[str, Trajectory],
    history: History | None,
    plan: Plan,
    lang: str,
    *,
    shape: str | None = None,
    real: Trajectory | None = None,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return the path shapes of a target, with the annual figures of the chosen shape (default: the first).

    trajectories: by name of path shape, one base and one target. history: drawn where its scale is the paths'.
    real: the chosen path in the base year's prices, drawn beside it.
    """
    check_lang(lang)
    shape = shape if shape in trajectories else next(iter(trajectories))
    trajectories, chosen = distinct(trajectories, shape), trajectories[shape]
    past = history_of(target, chosen, history)
    past = past[past.index >= int(chosen.years[0]) - (len(chosen.years) - 1)]
    unit = unit_of(target, chosen, history, plan, lang)
    note = (
        f"横轴下方为{word(chosen.shape, lang)}路径的年度数。"
        if lang == "zh"
        else f"Under the years: the figures of the {word(chosen.shape, lang)} path."
    )
    subtitle = ("，" if lang == "zh" else ", ").join(
        [target.indicator.name(lang), unit, region_name(target, plan, lang), plan.short[lang]]
    )
    figure, box = framed(path_sentence(target, chosen, lang), subtitle, note, size)
    labels = [(float(chosen.values[-1]), _end_text(target, chosen), TARGET, TEXT, True)]
    if real is not None:
        text = f"{int(real.years[0])} 年价格" if lang == "zh" else f"in {int(real.years[0])} prices"
        value = number(float(real.values[-1]), digits_of(real.values))
        labels.append((float(real.values[-1]), f"{value}\n{text}", GREY, SMALL, False))
    everything = np.concatenate([p.values for p in trajectories.values()] + [past.to_numpy()])
    if real is not None:
        everything = np.concatenate([everything, real.values])
    low, high = float(everything.min()), float(everything.max())
    span = (high - low) or abs(high) or 1.0
    low, high = (0.0 if 0 <= low < 0.45 * high else low - 0.12 * span), high + 0.12 * span
    ticks, names = value_ticks(low, high)
    left = max(text_width(n, SMALL) for n in names) + 0.12
    inner = replace(box, left=box.left + left, right=box.right - label_room(labels), bottom=box.bottom + 0.42)
    ax = axes(figure, inner)
    first = min([int(chosen.years[0]), *(int(y) for y in past.index)])
    last = int(chosen.years[-1])
    ax.set_xlim(first - 0.35, last + 0.2)
    ax.set_ylim(low, high)
    ax.set_yticks(ticks, names)
    _year_axis(ax, chosen, first, last, inner.width)
    ax.tick_params(length=2.5, pad=2)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    _draw(ax, trajectories, shape, past, real)
    _name_paths(ax, trajectories, shape, lang)
    end_labels(ax, labels)
    figure.set_label(trajectory_alt(target, trajectories, history, plan, lang, shape))
    return figure


def _end_text(target: Target, path: Trajectory) -> str:
    sign = COMPARATOR_SIGNS.get(target.comparator, "") if target.kind != "annual_growth" else ""
    return sign + plain(float(path.values[-1]), path)


def _year_axis(ax: Axes, path: Trajectory, first: int, last: int, width: float) -> None:
    """Write the years, and under those of the chosen path its figures; as many as fit."""
    texts = {
        int(y): number(float(v), digits_of(path.values)) for y, v in zip(path.years, path.values, strict=True)
    }
    size = SMALL - 0.5
    room = max(text_width(t, size) for t in texts.values()) / text_width("2020", SMALL) * SMALL
    own = year_ticks(
        int(path.years[0]),
        last,
        (last, int(path.years[0])),
        width * (last - path.years[0]) / (last - first + 0.55),
        max(room, SMALL),
    )
    years = [
        y for y in year_ticks(first, last, (last, int(path.years[0])), width) if y < path.years[0] or y in own
    ]
    years = sorted({*own, *years})
    ax.set_xticks(years, [f"{y}\n{texts[y]}" if y in texts else str(y) for y in years])
    for label, year in zip(ax.get_xticklabels(), years, strict=True):
        label.set_linespacing(1.3)
        if year in texts:
            label.set_color(TARGET)


def _draw(ax: Axes, trajectories, shape: str, past: pd.Series, real: Trajectory | None) -> None:
    for (name, path), (colour, _, dash) in zip(trajectories.items(), _looks(trajectories), strict=True):
        bold = name == shape
        ax.plot(
            path.years,
            path.values,
            color=TARGET if bold else colour,
            lw=2.2 if bold else 1.2,
            ls="-" if bold else dash,
            marker="o" if bold else None,
            ms=4,
            zorder=4 if bold else 3,
            gid=f"path-{name}",
        )
    ax.plot(past.index, past, color=INK, lw=1.2, marker="o", ms=4, zorder=5, gid="history")
    if real is not None:
        ax.plot(real.years, real.values, color=GREY, lw=1.2, ls=(0, (1, 1.5)), zorder=3, gid="real")
    start = next(iter(trajectories.values()))
    ax.plot(
        [start.years[0]],
        [start.values[0]],
        ls="",
        marker="o",
        ms=7,
        mfc="white",
        mec=INK,
        mew=1.4,
        zorder=6,
        gid="base",
    )


def _looks(trajectories) -> list:
    others = [s for s in SERIES if s[0] != TARGET]
    return [others[i % len(others)] for i in range(len(trajectories))]


def _name_paths(ax: Axes, trajectories: Mapping[str, Trajectory], shape: str, lang: str) -> None:
    """Name the paths where they differ: those above the straight line at the upper left, the others below."""
    paths = list(trajectories.items())
    start, end = paths[0][1].values[[0, -1]]
    n = len(paths[0][1].years) - 1
    if abs(end - start) < FLAT * max(abs(end), 1) or n < 2:
        return
    line = np.linspace(start, end, n + 1)
    dpi, box = ax.figure.dpi, ax.get_window_extent()
    up, down = [], []
    for (name, path), (colour, _, _) in zip(paths, _looks(trajectories), strict=True):
        gap = (path.values - line)[1:-1]
        where = int(np.argmax(np.abs(gap))) + 1 if np.abs(gap).max() > FLAT else (n + 1) // 2
        if name == "logistic":
            where = int(np.argmax(gap)) + 1
        entry = (name, TARGET if name == shape else colour, path.years[where], path.values[where])
        (up if path.values[where] >= line[where] else down).append(entry)
    height = text_width("国", SMALL) * 1.5
    for side, entries in (("up", up), ("down", down)):
        if not entries:
            continue
        points = [ax.transData.transform((x, y)) / dpi for _, _, x, y in entries]
        shift = 0.28 if side == "up" else -0.28
        wanted = [p[1] + shift for p in points]
        placed = spread(wanted, [height] * len(entries), box.y0 / dpi + 0.02, box.y1 / dpi)
        for (name, colour, x, y), point, at in zip(entries, points, placed, strict=True):
            text = word(trajectories[name].shape, lang)
            left = (side == "up") == (end > start)
            dx = -0.3 if left else 0.3
            ax.annotate(
                text,
                (x, y),
                xytext=(dx * 72, (at - point[1]) * 72),
                textcoords="offset points",
                color=colour,
                size=SMALL,
                weight="bold" if name == shape else "normal",
                ha="right" if left else "left",
                va="center",
                arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.7, "shrinkA": 1, "shrinkB": 1},
                path_effects=halo(),
                zorder=8,
            )
