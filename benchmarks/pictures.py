"""Charts of the measured figures: coverage by year ahead, CRPS by origin, reliability."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planmodel.charts import svg, use_style
from planmodel.charts.style import GREY, SERIES, SMALL, new_figure

NAMES = {"m1": "M1", "tourism": "Tourism", "countries": "Countries", "cities": "Chinese cities"}
METHODS = {"planmodel": "planmodel", "extrapolation": "extrapolation", "class_average": "class average"}


def _clean(axes, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=SMALL + 1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y")


def _line(axes, x, y, number: int, label: str) -> None:
    colour, marker, dash = SERIES[number % len(SERIES)]
    axes.plot(x, y, color=colour, marker=marker, linestyle=dash, markersize=4.5, linewidth=1.6, label=label)


def coverage(horizons: pd.DataFrame):
    """Return the coverage of the 80 and 95 % bands by year ahead, this model against its peers."""
    figure = new_figure((8.4, 6.4))
    grid = figure.subplots(2, 2, sharex="col", sharey="row")
    peers = ["planmodel", "AutoETS", "AutoARIMA", "AutoTheta", "RandomWalkWithDrift"]
    for column, collection in enumerate(("m1", "tourism")):
        for row, level in enumerate((80, 95)):
            axes = grid[row, column]
            for number, method in enumerate(peers):
                found = horizons[(horizons["collection"] == collection) & (horizons["method"] == method)]
                _line(axes, found["horizon"], found[f"c{level}"], number, method)
            axes.axhline(level, color=GREY, linewidth=0.9)
            _clean(axes, f"{NAMES[collection]}: {level} % band")
            axes.xaxis.get_major_locator().set_params(integer=True)
    grid[0, 0].set_ylabel("observed within, %")
    grid[1, 0].set_ylabel("observed within, %")
    for axes in grid[1]:
        axes.set_xlabel("year ahead")
    figure.legend(*grid[0, 0].get_legend_handles_labels(), loc="lower center", ncols=3, frameon=False)
    figure.subplots_adjust(left=0.08, right=0.98, top=0.95, bottom=0.17, hspace=0.2, wspace=0.06)
    return figure


def crps(growth: pd.DataFrame):
    """Return the CRPS of five-year growth by origin."""
    figure = new_figure((8.4, 3.8))
    for axes, group in zip(figure.subplots(1, 2), ("countries", "cities"), strict=True):
        for number, (method, label) in enumerate(METHODS.items()):
            at = (growth["class"] == group) & (growth["method"] == method) & (growth["origin"] != "all")
            _line(axes, growth[at]["origin"].astype(int), growth[at]["crps"], number, label)
        axes.set_ylim(bottom=0)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlabel("origin")
        _clean(axes, f"{NAMES[group]}: CRPS, points a year")
    figure.legend(*axes.get_legend_handles_labels(), loc="lower center", ncols=3, frameon=False)
    figure.subplots_adjust(left=0.06, right=0.98, top=0.91, bottom=0.25, wspace=0.12)
    return figure


def reliability(bins: pd.DataFrame, names: list[str]):
    """Return stated against observed success, with the intervals that draw whole years."""
    figure = new_figure((8.4, 4.4))
    for number, (axes, name) in enumerate(
        zip(figure.subplots(1, len(names), sharey=True), names, strict=True)
    ):
        found = bins[bins["model"] == name]
        axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.9)
        colour, marker, _ = SERIES[number]
        axes.vlines(found["stated"], found["low"], found["high"], color=colour, linewidth=2, alpha=0.45)
        axes.plot(found["stated"], found["observed"], color=colour, marker=marker, linestyle="none")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_xticks([0.2, 0.4, 0.6, 0.8])
        axes.set_xlabel("stated")
        _clean(axes, name.replace(", ", ",\n"))
    figure.axes[0].set_ylabel("observed share")
    figure.subplots_adjust(left=0.07, right=0.98, top=0.85, bottom=0.12, wspace=0.08)
    return figure


def save(folder: Path, horizons, growth, bins, names) -> None:
    """Write the charts as SVG: the same figures give the same bytes."""
    use_style()
    for name, figure in (
        ("coverage_by_horizon", coverage(horizons)),
        ("crps_by_origin", crps(growth)),
        ("reliability", reliability(bins, names)),
    ):
        (folder / f"{name}.svg").write_text(svg(figure), encoding="utf-8")
