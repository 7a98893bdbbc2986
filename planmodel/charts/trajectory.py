"""The chart of path shapes: year-by-year ways from base to target, and the figures of the chosen one."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from planmodel.arithmetic.paths import Trajectory
from planmodel.charts.chart import Chart, Sheet, drawn, file_name
from planmodel.charts.frame import EndLabel, beside, halo, inches, plot_axes, value_scale, year_ticks
from planmodel.charts.letters import spread, text_width
from planmodel.charts.shown import INDEX
from planmodel.charts.style import GREY, INK, SERIES, SMALL, TARGET, TEXT, Look
from planmodel.feasibility.milestones import Milestones
from planmodel.tables.promises import number_of
from planmodel.words import COMPARATOR_SIGNS, Joined, Phrase
from planmodel.words import figure as number

FLAT = 1e-9
OTHERS = [look for look in SERIES if look[0] != TARGET]


@drawn("years", "colours", "ax")
def trajectory_chart(
    paths: Mapping[str, Milestones], sheet: Sheet, *, shape: str = "", real: Trajectory | None = None
) -> Chart:
    """Return the path shapes of a target, with the annual figures of the chosen shape (default: the first).

    paths: by name of path shape, of one target (feasibility.milestones.path_shapes). The history is drawn where its
    scale is the paths'. real: the chosen path in the base year's prices, drawn beside it. years: first and last to show.
    colours: by path shape, target (the chosen path), history or real. Data: series (history, a path shape, or real), year,
    value, unit.
    """
    shape = shape if shape in paths else next(iter(paths))
    main, lines = paths[shape], _distinct(paths, shape)
    target, start, digits = main.target, int(main.path.years[0]), _digits(main.path.values)
    looks = {name: OTHERS[i % len(OTHERS)] for i, name in enumerate(lines)}
    known = {"target": TARGET, "history": INK, "real": GREY}
    own = sheet.colours_of(known | {name: look[0] for name, look in looks.items()})
    own[shape] = own["target"]
    ways = {name: milestones.path for name, milestones in lines.items()}
    ways |= {} if real is None else {"real": real}
    series = {"history": _past(main).loc[start - len(main.path.years) + 1 :]}
    series |= {name: pd.Series(path.values, index=path.years) for name, path in ways.items()}
    if sheet.years is not None:
        series = {name: values.loc[sheet.years[0] : sheet.years[1]] for name, values in series.items()}
    data = pd.concat(series, names=["series", "year"]).rename("value").reset_index()
    unit = _unit(main)
    data["unit"] = unit[sheet.lang]
    region = Phrase("charts.name", name=main.plan.catalogue.regions.get(target.region, target.region))
    below = Joined([Phrase("charts.name", name=target.indicator), unit, region, main.plan.short], "commas")
    heading = _sentence(main)
    box = sheet.open(heading, below, Phrase("charts.trajectory.note", shape=_word(main)))
    end = float(series[shape].iloc[-1])
    labels: list[EndLabel] = [(end, _end_text(main, end), own["target"], TEXT, True)]
    if real is not None:
        text = sheet.say("charts.trajectory.prices", year=int(real.years[0]))
        last = float(series["real"].iloc[-1])
        labels.append((last, f"{number(last, _digits(real.values))}\n{text}", own["real"], SMALL, False))
    ax = plot_axes(box, value_scale(*_limits(data.value)), labels, foot=0.42)
    _year_axis(ax, series[shape], digits, int(data.year.min()), own["target"])
    _draw(ax, series, looks, shape, own)
    names = {name: _word(milestones) for name, milestones in lines.items()}
    texts = {name: text[sheet.lang] for name, text in names.items()}
    _name_paths(ax, {name: series[name] for name in lines}, texts, shape, own)
    listed = Phrase("charts.trajectory.drawn", names=list(names.values()))
    name = file_name(target.plan, "trajectory", number_of(target, "en"))
    return sheet.chart(name, data, Joined([heading, listed], "clauses"), source=main.plan.title)


def _word(milestones: Milestones) -> Phrase:
    """Return the name of a path's shape as it is: shares take equal steps whatever was asked for."""
    return Phrase(f"terms.{milestones.path.shape}")


def _past(milestones: Milestones) -> pd.Series:
    """Return the past on the trajectory's scale, empty where it does not compare."""
    history, empty = milestones.history, pd.Series(dtype=float)
    if milestones.unit == INDEX:
        known = history.values.get(int(milestones.path.years[0]))
        return history.values * (100 / known) if history.chained and known else empty
    return empty if milestones.measure == "cumulated" or history.chained else history.values


def _unit(milestones: Milestones) -> Phrase:
    if milestones.unit == INDEX:
        return Phrase("charts.index", year=int(milestones.path.years[0]))
    units = milestones.plan.catalogue.units
    unit = milestones.history.unit if milestones.history.unit in units else milestones.target.unit
    key = "charts.trajectory.sum" if milestones.measure == "cumulated" else "charts.name"
    return Phrase(key, name=units.get(unit, unit))


def _sentence(milestones: Milestones) -> Phrase:
    target, path = milestones.target, milestones.path
    first, last = int(path.years[0]), int(path.years[-1])
    start, step, end = (_plain(float(path.values[i]), path) for i in (0, 1, -1))
    fields = {"name": target.indicator, "shape": _word(milestones), "kind": Phrase(f"terms.{target.kind}")}
    fields |= {"first": first, "last": last, "next": first + 1, "start": start, "step": step, "end": end}
    if np.ptp(path.values) <= FLAT * abs(path.values[0]):
        return Phrase("charts.trajectory.flat", **fields)
    key = "charts.trajectory.cumulated" if milestones.measure == "cumulated" else "charts.trajectory.title"
    return Phrase(key, **fields)


def _plain(value: float, path: Trajectory) -> str:
    """Return a figure rounded as the path's figures are, without needless decimals."""
    digits = _digits(path.values)
    return number(value if digits is None else round(value, digits))


def _digits(values: np.ndarray) -> int | None:
    largest = float(np.max(np.abs(values)))
    return 0 if largest >= 10_000 else 1 if largest >= 100 else 2 if largest >= 1 else None


def _distinct(paths: Mapping[str, Milestones], shape: str) -> dict[str, Milestones]:
    """Return the paths that differ from one another; of equal ones the chosen shape stays, else the first."""
    kept: list[str] = []
    for name in sorted(paths, key=lambda n: n != shape):
        if not any(np.allclose(paths[name].path.values, paths[other].path.values) for other in kept):
            kept.append(name)
    return {name: paths[name] for name in paths if name in kept}


def _end_text(milestones: Milestones, value: float) -> str:
    target = milestones.target
    sign = COMPARATOR_SIGNS.get(target.comparator, "") if target.kind != "annual_growth" else ""
    return sign + _plain(value, milestones.path)


def _limits(values: pd.Series) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    span = (high - low) or abs(high) or 1.0
    return 0.0 if 0 <= low < 0.45 * high else low - 0.12 * span, high + 0.12 * span


def _year_axis(ax: Axes, path: pd.Series, digits: int | None, first: int, colour: str) -> None:
    """Write the years, and under those of the chosen path its figures; as many as fit."""
    start, last, width = int(path.index[0]), int(path.index[-1]), inches(ax)
    ax.set_xlim(first - 0.35, last + 0.2)
    texts = {int(y): number(float(v), digits) for y, v in path.items()}
    room = max(text_width(t, SMALL - 0.5) for t in texts.values()) / text_width("2020", SMALL) * SMALL
    share = width * (last - start) / (last - first + 0.55)
    own = year_ticks(start, last, (last, start), share, max(room, SMALL))
    others = [y for y in year_ticks(first, last, (last, start), width) if y < start]
    years = sorted({*own, *others})
    ax.set_xticks(years, [f"{y}\n{texts[y]}" if y in texts else str(y) for y in years])
    for label, year in zip(ax.get_xticklabels(), years, strict=True):
        label.set_linespacing(1.3)
        if year in texts:
            label.set_color(colour)


def _draw(
    ax: Axes, series: Mapping[str, pd.Series], looks: Mapping[str, tuple], shape: str, own: Mapping[str, str]
) -> None:
    lines: dict[str, Look] = {name: {"ls": look[2], "gid": f"path-{name}"} for name, look in looks.items()}
    lines[shape] |= {"lw": 2.2, "ls": "-", "marker": "o", "ms": 4, "zorder": 4}
    lines["history"] = {"marker": "o", "ms": 4, "zorder": 5, "gid": "history"}
    lines["real"] = {"ls": (0, (1, 1.5)), "gid": "real"}
    for name in (name for name in lines if name in series):
        own_look: Look = {"color": own[name], "lw": 1.2, "zorder": 3} | lines[name]
        ax.plot(series[name].index, series[name], **own_look)
    ring: Look = {"marker": "o", "ms": 7, "mfc": "white", "mec": own["history"], "mew": 1.4}
    ax.plot(series[shape].index[:1], series[shape].iloc[:1], ls="", zorder=6, gid="base", **ring)


def _name_paths(
    ax: Axes, paths: Mapping[str, pd.Series], texts: Mapping[str, str], shape: str, own: Mapping[str, str]
) -> None:
    """Name the paths where they differ: those above the straight line at the upper left, the others below."""
    values = {name: path.to_numpy() for name, path in paths.items()}
    start, end = values[shape][[0, -1]]
    n = len(values[shape]) - 1
    if n < 2 or abs(end - start) < FLAT * max(abs(end), 1):
        return
    line = np.linspace(start, end, n + 1)
    dpi, box = ax.figure.dpi, ax.get_window_extent()
    sides: dict[bool, list[tuple[str, float, float]]] = {True: [], False: []}
    for name, way in values.items():
        gap = (way - line)[1:-1]
        where = int(np.argmax(np.abs(gap))) + 1 if np.abs(gap).max() > FLAT else (n + 1) // 2
        if name == "logistic":
            where = int(np.argmax(gap)) + 1
        sides[bool(way[where] >= line[where])].append((name, paths[name].index[where], way[where]))
    height = 1.5 * SMALL / 72
    for up, entries in sides.items():
        if not entries:
            continue
        points = [ax.transData.transform((x, y)) / dpi for _, x, y in entries]
        wanted = [p[1] + (0.28 if up else -0.28) for p in points]
        placed = spread(wanted, [height] * len(entries), box.y0 / dpi + 0.02, box.y1 / dpi)
        left = up == (end > start)
        for (name, x, y), point, at in zip(entries, points, placed, strict=True):
            arrow: Look = {"arrowstyle": "-", "color": own[name], "lw": 0.7, "shrinkA": 1, "shrinkB": 1}
            weight = "bold" if name == shape else "normal"
            look: Look = {"color": own[name], "weight": weight, "path_effects": halo(), "zorder": 8}
            offset = -21.6 if left else 21.6, (at - point[1]) * 72
            beside(ax, x, y, texts[name], offset, arrowprops=arrow, **look)
