"""Charts of the evidence: coverage and sharpness of bands, growth over five years, probabilities, and reference classes."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from planmodel.arithmetic.streams import stream
from planmodel.charts.chart import Chart, Sheet, drawn
from planmodel.charts.frame import Box, beside, halo, inches, percent_scale, plot_axes, value_scale, year_axis
from planmodel.charts.letters import text_width
from planmodel.charts.rows import Row
from planmodel.charts.style import FAINT, FAN, GREY, MEDIAN, SERIES, SMALL, TARGET, Look
from planmodel.feasibility.classes import HALF, Asked, reached, readable, unit_of
from planmodel.forecasts.class_paths import CLASS_YEARS
from planmodel.forecasts.reference import ReferenceClass
from planmodel.tables.evidence import CLASS_AVERAGE, EXTRAPOLATION, OWN, OWN_MODEL, Evidence, named
from planmodel.words import Joined, Phrase, percent, said, yearly
from planmodel.words import figure as number

LEVELS = {"c95": 0.95, "c80": 0.80}
CUT = 2.5
"""Scores beyond this many times the middle one are drawn at the edge, with their figure beside them."""
LINES: Mapping[bool, Look] = {
    True: {"color": MEDIAN, "lw": 2, "marker": "o", "ms": 4.5, "zorder": 5, "gid": OWN},
    False: {"color": "#b8b8b8", "lw": 1, "zorder": 2},
}
DOTS: Mapping[bool, Look] = {
    True: {"marker": "o", "ms": 9, "color": MEDIAN},
    False: {"marker": "s", "ms": 5.5, "color": GREY},
}
"""How planmodel (True) and its peers are drawn."""
WANTED: Look = {"color": TARGET, "lw": 1.2, "ls": (0, (5, 2))}
"""The look of what should be, or is asked for."""
METHODS = (OWN, EXTRAPOLATION, CLASS_AVERAGE)
HEIGHT, CLASS_HEIGHT = 2.9, 2.3  # of the panels of probabilities, and of a class
N_DRAWS = 4000
BANDS = (0.8, 0.5)
CLASS_COLUMNS = {
    "series": object, "year": "Int64", "coverage": float, "n_years": "Int64", "growth": float, "share": float,
}  # fmt: skip


def _with_names(data: pd.DataFrame, column: str, lang: str) -> pd.DataFrame:
    """Put beside a column of keys the names that are read."""
    data = data.reset_index(drop=True)
    data.insert(1, f"{column}_name", [said(named(key), lang) for key in data[column]])
    return data


@drawn()
def coverage_chart(evidence: Evidence, sheet: Sheet) -> Chart:
    """Return the share of outcomes within the 95 and 80 % bands by year ahead, planmodel among its peers.

    Data: one row a collection, method, band and year ahead (horizon), share 0-1.
    """
    keys = ["collection", "method", "horizon"]
    data = evidence.horizons.melt(keys, list(LEVELS), var_name="band", value_name="share")
    data["band"] = data.band.map(LEVELS)
    data = data.sort_values(["collection", "band", *keys[1:]], ascending=[True, False, True, True])
    data, own = _with_names(data, "collection", sheet.lang), evidence.own()
    told = zip(own.collection, own.c95, strict=True)
    held = [Phrase("calibration.coverage.held", name=named(name), c95=c95) for name, c95 in told]
    heading = Phrase(f"calibration.coverage.{'title' if held else 'none'}", held=held)
    if data.empty:
        return sheet.without_figures("coverage", heading, data.columns)
    groups = sorted(data.groupby(["band", "collection"], sort=False), key=lambda group: -group[0][0])
    texts = heading, Phrase("calibration.coverage.where"), Phrase("calibration.coverage.note")
    places = sheet.panels(len(groups), *texts, columns=min(data.collection.nunique(), 2))
    for (_, part), place in zip(groups, places, strict=True):
        band, years = 100 * part.band.iloc[0], sorted(part.horizon.unique())
        low, last = min(100 * part.share.min(), band) - 4, part[part.method == OWN].tail(1)
        labels = [(100 * share, f"{100 * share:.0f}%", MEDIAN, SMALL, True) for share in last.share]
        ticks = [t for t in (range(0, 101, 10) if 100 - low > 25 else (85, 90, 95, 100)) if t > low]
        across = years, [str(year) for year in years], (min(years) - 0.2, max(years) + 0.15)
        fields = {"name": part.collection_name.iloc[0], "band": f"{band:.0f}"}
        inner = place.panel(sheet.say("calibration.coverage.panel", **fields))
        ax = plot_axes(inner, percent_scale(ticks, low, 101), labels, across)
        ax.axhline(band, zorder=3, **WANTED)
        for method, line in part.groupby("method"):
            ax.plot(line.horizon, 100 * line.share, **LINES[method == OWN])
    return sheet.chart("coverage", data, heading)


@drawn("ax")
def sharpness_chart(evidence: Evidence, sheet: Sheet) -> Chart:
    """Return the interval score of each method by collection: narrow bands that hold score low.

    Data: one row a collection and method: MSIS, mean band width, coverage 0-1.
    """
    data = _with_names(evidence.sharpness(), "collection", sheet.lang)
    scores = [
        Phrase("calibration.sharpness.score", name=named(row["collection"]), **row)
        for row in evidence.ranks().to_dict("records")
    ]
    heading = Phrase(f"calibration.sharpness.{'title' if scores else 'none'}", scores=scores)
    if data.empty:
        return sheet.without_figures("sharpness", heading, data.columns)
    rows: list[Row] = []
    for name, part in data.groupby("collection_name", sort=False):
        rows.append(Row(str(name), bold=True))
        for e in part.itertuples():
            rows.append(
                Row(e.method, "", e.method == OWN, f"{number(e.msis, 1)} · {percent(e.c95)}", entry=e)
            )
    top = min(data.msis.max(), CUT * data.msis.median())
    note = Phrase("calibration.sharpness.edge") if (data.msis > top).any() else ""
    texts = heading, Phrase("calibration.sharpness.where"), note
    for ax, entry, y in sheet.rows(rows, (0, 1.04 * top), *texts):
        score = min(entry.msis, 1.04 * top)
        ax.plot([0, score], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
        ax.plot([score], [y], ls="", clip_on=False, zorder=3, gid="msis", **DOTS[entry.method == OWN])
    return sheet.chart("sharpness", data, heading)


@drawn()
def growth_crps_chart(evidence: Evidence, sheet: Sheet) -> Chart:
    """Return the mean CRPS of five-year growth by origin, a panel a class.

    Data: one row a class, origin and method: mean CRPS (points), members (n),
    what the 80 % band held (0-1).
    """
    data = _with_names(evidence.five_years(), "class", sheet.lang)
    gain = evidence.growth_gain()
    counts = {"won": gain.won.sum(), "origins": gain.origins.sum()}
    heading = Phrase(f"calibration.growth.{'title' if len(gain) else 'none'}", **counts)
    if data.empty:
        return sheet.without_figures("growth-crps", heading, data.columns)
    groups, methods = list(data.groupby("class_name", sort=False)), data.method.unique()
    methods = [m for m in METHODS if m in methods] + [m for m in methods if m not in METHODS]
    looks: dict[str, Look] = {
        m: {"color": c, "marker": mark, "ls": dash} for m, (c, mark, dash) in zip(methods, SERIES)
    }
    key = [({**look, "ms": 6}, said(named(method), sheet.lang)) for method, look in looks.items()]
    places = sheet.panels(len(groups), heading, Phrase("calibration.growth.where"), key=key)
    for (name, part), place in zip(groups, places, strict=True):
        first, last = int(part.origin.min()), int(part.origin.max())
        ax = plot_axes(place.panel(str(name)), value_scale(0, 1.08 * float(part.crps.max()), 4))
        year_axis(ax, (first, last), (last, first), (first - 0.5, last + 0.5))
        for method, look in reversed(looks.items()):
            line = part[part.method == method].sort_values("origin")
            ax.plot(line.origin, line.crps, lw=2 if method == OWN else 1.3, ms=3.5, gid=method, **look)
    change = [f"{-100 * value:+.0f}".replace("-", "−") for value in gain.gain]
    changed = zip(gain["class"], change, strict=True)
    changes = [Phrase("calibration.growth.changed", name=named(name), change=text) for name, text in changed]
    return sheet.chart("growth-crps", data, Joined([heading, *changes], "clauses"))


@drawn()
def reliability_chart(evidence: Evidence, sheet: Sheet) -> Chart:
    """Return stated probabilities against the share that came true, with intervals, a panel a model.

    Data: one row a model and bin: stated, observed with its interval (0-1), n.
    """
    data = _with_names(evidence.reliability, "model", sheet.lang)
    inside, n = evidence.held()
    heading = Phrase(f"calibration.reliability.{'title' if n else 'none'}", inside=inside, n=n)
    if data.empty:
        return sheet.without_figures("reliability", heading, data.columns)
    models, across = evidence.shown_models(), percent_scale(range(0, 101, 20), -3, 103)
    texts = heading, Phrase("calibration.reliability.where"), Phrase("calibration.reliability.note")
    for model, place in zip(models, sheet.panels(len(models), *texts, height=HEIGHT), strict=True):
        part = data[data.model == model]
        ax = plot_axes(place.panel(part.model_name.iloc[0]), across, x=across)
        ax.grid(axis="both")
        ax.plot([0, 100], [0, 100], zorder=2, **WANTED)
        colour = MEDIAN if model == OWN_MODEL else GREY
        shares = 100 * part[["stated", "low", "high", "observed"]]
        ax.vlines(shares.stated, shares.low, shares.high, color=colour, lw=1.6, zorder=3)
        look: Look = {"s": 14 + 70 * part.n / data.n.max(), "color": colour, "gid": model}
        ax.scatter(shares.stated, shares.observed, zorder=4, clip_on=False, **look)
    return sheet.chart("reliability", data, heading)


@drawn()
def class_chart(group: ReferenceClass, sheet: Sheet, *, until: int = 0, asked: Asked | None = None) -> Chart:
    """Return a class: median growth by year with the expected path, and the share of episodes by growth reached.

    until: last year of the path. asked: a target's growth, marked in both. size: inches; only the width is used; below
    five the two parts stand one under the other. Data: series (median, expected, band_low, band_high, episodes, asked),
    year, coverage, n_years, growth (% or points a year), share (0-1).
    """
    data, unit = _class_data(group, until, asked), unit_of(group)
    heading = _class_title(group, data, HALF if asked is None else asked.base)
    draws: dict[str, Callable[..., None]] = {"median": _draw_path, "episodes": _draw_episodes}
    parts = [draw for series, draw in draws.items() if (data.series == series).any()]
    points = Phrase(f"calibration.class.{'unit_points' if unit == 'pp/year' else 'unit_percent'}")
    where = Phrase("calibration.class.series", n=group.n_series, unit=points)
    note = Phrase("calibration.class.source", source=group.source)
    places = sheet.panels(len(parts), heading, where, note, height=CLASS_HEIGHT)
    for draw, place in zip(parts, places, strict=True):
        draw(place, group, data, sheet)
    alt: Phrase = heading
    for row in data[(data.series == "asked") & data.share.notna()].itertuples():
        fields = {"rate": yearly(row.growth, unit), "share": _share(row.share)}
        alt = Phrase("calibration.class.reached", title=heading, n_years=row.n_years, **fields)
    return sheet.chart(f"class-{group.id}", data, alt)


def _class_data(group: ReferenceClass, until: int, asked: Asked | None) -> pd.DataFrame:
    base = HALF if asked is None else asked.base
    parts: list[dict[str, Any]] = []
    if group.medians:
        newest = max(group.medians)
        years = np.arange(newest + 1, max(until, newest + 5) + 1)
        past = sorted(group.medians)
        medians = readable(group, [group.medians[year] for year in past], base)
        parts.append({"series": "median", "year": past, "growth": medians})
        mean = readable(group, group.state(newest).mean(len(years)), base)
        parts.append({"series": "expected", "year": years, "growth": mean})
        draws = readable(group, group.growth(newest, len(years), N_DRAWS, stream(0, group.id)), base)
        for coverage in BANDS:
            ends = np.quantile(draws, [0.5 - coverage / 2, 0.5 + coverage / 2], axis=0)
            for name, line in zip(("band_low", "band_high"), ends, strict=True):
                parts.append({"series": name, "year": years, "coverage": coverage, "growth": line})
    if group.episodes:
        share = 1 - np.array(group.episodes["grid"])
        for n_years, entry in group.episodes["horizons"].items():
            rates = 100 * np.array(entry["quantiles"])
            growth = rates if group.transform != "logit" else readable(group, rates, base)
            parts.append({"series": "episodes", "n_years": int(n_years), "growth": growth, "share": share})
    if asked is not None and parts:
        rate = asked.rate if group.transform == "logit" else np.log1p(asked.rate)
        row = {"n_years": asked.n_years, "growth": [float(readable(group, 100 * rate, base))]}
        parts.append({"series": "asked", "share": reached(group, asked)} | row)
    table = pd.concat(map(pd.DataFrame, parts), ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(CLASS_COLUMNS)).astype(CLASS_COLUMNS)


def _share(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.01 else "<1%"


def _class_title(group: ReferenceClass, data: pd.DataFrame, base: float) -> Phrase:
    if not group.medians:
        return Phrase("calibration.class.no_path", name=group)
    newest, coming = data[data.series == "median"].iloc[-1], data[data.series == "expected"]
    mean = float(readable(group, group.state(int(newest.year)).mean(len(coming)).mean(), base))
    years = {"newest": newest.year, "first": coming.year.iloc[0], "until": coming.year.iloc[-1]}
    rates = {"last": yearly(newest.growth, unit_of(group)), "coming": yearly(mean, unit_of(group))}
    return Phrase("calibration.class.title", name=group, **years, **rates)


def _draw_path(box: Box, group: ReferenceClass, data: pd.DataFrame, sheet: Sheet) -> None:
    past, line = data[data.series == "median"].tail(CLASS_YEARS), data[data.series == "expected"]
    bands = data[data.series.isin(["band_low", "band_high"])]
    wanted = data.loc[data.series == "asked", "growth"].tolist()
    values = [0.0, *past.growth, *bands.growth, *wanted]
    low, high = min(values), max(past.growth.max(), bands.growth.max(), *wanted)
    pad, end, unit = 0.06 * (high - low), float(line.growth.iloc[-1]), unit_of(group)
    first, newest, last = int(past.year.iloc[0]), int(past.year.iloc[-1]), int(line.year.iloc[-1])
    labels = [(end, said(yearly(end, unit), sheet.lang), MEDIAN, SMALL, True)]
    for x in wanted:
        labels.append((x, sheet.say("calibration.class.needs", rate=yearly(x, unit)), TARGET, SMALL, True))
    inner = box.panel(sheet.say("calibration.class.path"))
    ax = plot_axes(inner, value_scale(low - pad * (low < 0), high + pad, 4), labels)
    year_axis(ax, (first, last), (last, newest), (first - 0.5, last + 0.2))
    for coverage in BANDS:
        ends = bands[bands.coverage == coverage].pivot(index="year", columns="series", values="growth")
        look: Look = {"color": FAN[coverage], "lw": 0, "zorder": 2}
        ax.fill_between(ends.index.astype(int), ends.band_low, ends.band_high, **look)
    ax.plot(past.year.astype(int), past.growth, color=GREY, marker="o", ms=3, lw=1, zorder=4, gid="median")
    joined = [newest, *line.year.astype(int)], [past.growth.iloc[-1], *line.growth]
    ax.plot(*joined, color=MEDIAN, lw=1.8, zorder=5, gid="expected")
    for x in wanted:
        ax.axhline(x, zorder=3, **WANTED)


def _draw_episodes(box: Box, group: ReferenceClass, data: pd.DataFrame, sheet: Sheet) -> None:
    part, wanted = data[data.series == "episodes"], data[data.series == "asked"]
    near = int(wanted.n_years.iloc[0]) if len(wanted) else 5
    n_years = min(part.n_years.unique(), key=lambda n: (abs(int(n) - near), int(n)))
    curve = part[part.n_years == n_years].sort_values("growth")
    values = [*curve.growth, *wanted.growth]
    pad = 0.04 * (max(values) - min(values))
    low, high = min(values) - pad, max(values) + pad
    inner = box.panel(sheet.say("calibration.class.episodes", n_years=n_years))
    ax = plot_axes(inner, percent_scale(range(0, 101, 25), 0, 104), x=value_scale(low, high, 4))
    ax.grid(axis="both")
    ax.fill_between(curve.growth, 0, 100 * curve.share, color=FAN[0.95], lw=0, zorder=1)
    ax.plot(curve.growth, 100 * curve.share, color=MEDIAN, lw=1.8, zorder=4, gid="episodes")
    for rate, share in zip(wanted.growth, 100 * wanted.share, strict=True):
        ax.plot([rate, rate], [0, share], zorder=5, **WANTED)
        ax.plot([rate], [share], marker="D", ms=6, color=TARGET, zorder=6, clip_on=False, gid="asked")
        text, full = _share(share / 100), inches(ax)
        late = (rate - low) / (high - low) * full + text_width(text, SMALL, True) + 0.12 > full
        look: Look = {"color": TARGET, "weight": "bold", "path_effects": halo(), "va": "baseline"}
        side, offset = ("right", (0, 9)) if late else ("left", (7, 7))
        beside(ax, rate, share, text, offset, ha=side, zorder=7, **look)
