"""The chart of a reference class: its growth by year with the path expected now, and what its members reached."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.arithmetic.streams import stream
from planmodel.charts.chart import Chart
from planmodel.charts.frame import Box, canvas, halo, value_ticks, year_ticks
from planmodel.charts.lettering import text_width
from planmodel.charts.panels import GAP, head, panel_axes
from planmodel.charts.style import FAN, GREY, MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.feasibility.by_class import HALF, Asked, reached, readable, unit_of
from planmodel.forecasts.class_paths import CLASS_YEARS
from planmodel.forecasts.reference import ReferenceClass
from planmodel.words import Phrase, phrase, said, yearly

N_DRAWS = 4000
BANDS = (0.8, 0.5)
HEIGHT = 2.3
COLUMNS = {
    "series": object, "year": "Int64", "coverage": float, "n_years": "Int64", "growth": float, "share": float,
}  # fmt: skip


@styled
def class_chart(
    group: ReferenceClass,
    lang: str = "en",
    *,
    until: int = 0,
    asked: Asked | None = None,
    title: str | None = None,
    size: tuple[float, float] = SIZE,
) -> Chart:
    """Return a class: median growth by year with the expected path, and the share of episodes by growth reached.

    until: last year of the path. asked: a target's growth, marked in both. size: inches; only the width is used; below
    five the two parts stand one under the other. Data: series (median, expected, band_low, band_high, episodes, asked),
    year, coverage, n_years, growth (% or points a year), share (0-1).
    """
    check_lang(lang)
    data = _data(group, until, asked)
    says = _says(group, data, HALF if asked is None else asked.base)
    figure = _draw(group, data, says[lang] if title is None else title, lang, size)
    alt = phrase("charts.sentence", lang, text=says)
    wanted = data[(data.series == "asked") & data.share.notna()]
    for row in wanted.itertuples():
        fields = {
            "n_years": row.n_years,
            "rate": yearly(row.growth, unit_of(group)),
            "share": _share(row.share),
        }
        alt = phrase("calibration.class.reached", lang, title=says, **fields)
    return Chart(f"class-{group.id}", figure, data, alt, lang)


def _data(group: ReferenceClass, until: int, asked: Asked | None) -> pd.DataFrame:
    base = HALF if asked is None else asked.base
    parts = []
    if group.medians:
        newest = max(group.medians)
        years = np.arange(newest + 1, max(until, newest + 5) + 1)
        past = sorted(group.medians)
        medians = readable(group, [group.medians[year] for year in past], base)
        parts.append(pd.DataFrame({"series": "median", "year": past, "growth": medians}))
        mean = readable(group, group.state(newest).mean(len(years)), base)
        parts.append(pd.DataFrame({"series": "expected", "year": years, "growth": mean}))
        draws = readable(group, group.growth(newest, len(years), N_DRAWS, stream(0, group.id)), base)
        for coverage in BANDS:
            ends = np.quantile(draws, [0.5 - coverage / 2, 0.5 + coverage / 2], axis=0)
            for name, line in zip(("band_low", "band_high"), ends, strict=True):
                parts.append(
                    pd.DataFrame({"series": name, "year": years, "coverage": coverage, "growth": line})
                )
    if group.episodes:
        share = 1 - np.array(group.episodes["grid"])
        for n_years, entry in group.episodes["horizons"].items():
            rates = 100 * np.array(entry["quantiles"])
            growth = rates if group.transform != "logit" else readable(group, rates, base)
            parts.append(
                pd.DataFrame(
                    {"series": "episodes", "n_years": int(n_years), "growth": growth, "share": share}
                )
            )
    if asked is not None and parts:
        rate = asked.rate if group.transform == "logit" else np.log1p(asked.rate)
        row = {
            "series": "asked",
            "n_years": asked.n_years,
            "growth": float(readable(group, 100 * rate, base)),
        }
        parts.append(pd.DataFrame([row | {"share": reached(group, asked)}]))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return table.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _share(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.01 else "<1%"


def _says(group: ReferenceClass, data: pd.DataFrame, base: float) -> Phrase:
    if not group.medians:
        return Phrase("calibration.class.no_path", name=group)
    newest, coming = data[data.series == "median"].iloc[-1], data[data.series == "expected"]
    mean = float(readable(group, group.state(int(newest.year)).mean(len(coming)).mean(), base))
    return Phrase(
        "calibration.class.title",
        name=group,
        newest=newest.year,
        last=yearly(newest.growth, unit_of(group)),
        first=coming.year.iloc[0],
        until=coming.year.iloc[-1],
        coming=yearly(mean, unit_of(group)),
    )


def _draw(
    group: ReferenceClass, data: pd.DataFrame, title: str, lang: str, size: tuple[float, float]
) -> Figure:
    draws = {"median": _path, "episodes": _episodes}
    parts = [draw for series, draw in draws.items() if (data.series == series).any()]
    wide = size[0] >= 5
    unit = Phrase(
        "calibration.class.unit_points" if unit_of(group) == "pp/year" else "calibration.class.unit_percent"
    )
    where = phrase("calibration.class.series", lang, n=group.n_series, unit=unit)
    note = phrase("calibration.class.source", lang, source=group.source)
    n_rows = 1 if wide else len(parts)
    body = n_rows * (HEIGHT + GAP) - GAP if parts else 0.2
    figure, box = canvas(title, where, note, size, body=body)
    middle = box.left + 0.56 * box.width
    for i, draw in enumerate(parts):
        top = box.top - (0 if wide else i * (HEIGHT + GAP))
        place = replace(box, top=top, bottom=top - HEIGHT)
        if wide and len(parts) > 1:
            place = replace(place, right=middle) if i == 0 else replace(place, left=middle + GAP)
        draw(figure, place, group, data, lang)
    return figure


def _path(figure: Figure, box: Box, group: ReferenceClass, data: pd.DataFrame, lang: str) -> None:
    inner = head(figure, box, phrase("calibration.class.path", lang))
    past, line = data[data.series == "median"].tail(CLASS_YEARS), data[data.series == "expected"]
    bands = data[data.series.isin(["band_low", "band_high"])]
    wanted = data.loc[data.series == "asked", "growth"].tolist()
    values = [*past.growth, *bands.growth, *wanted]
    low, high = min(0.0, *values), max(values)
    pad = 0.06 * (high - low)
    low, high = low - pad * (low < 0), high + pad
    first, newest, last = int(past.year.iloc[0]), int(past.year.iloc[-1]), int(line.year.iloc[-1])
    ticks, texts = value_ticks(low, high, 4)
    years = year_ticks(first, last, (last, newest), inner.width - 0.8)
    end = float(line.growth.iloc[-1])
    labels = [(end, said(yearly(end, unit_of(group)), lang), MEDIAN, SMALL, True)]
    for x in wanted:
        needs = phrase("calibration.class.needs", lang, rate=yearly(x, unit_of(group)))
        labels.append((x, needs, TARGET, SMALL, True))
    across = (years, [str(y) for y in years], (first - 0.5, last + 0.2))
    ax = panel_axes(figure, inner, across, (list(ticks), texts, (low, high)), labels)
    for coverage in BANDS:
        ends = bands[bands.coverage == coverage].pivot(index="year", columns="series", values="growth")
        years_ahead = ends.index.astype(int)
        ax.fill_between(years_ahead, ends.band_low, ends.band_high, color=FAN[coverage], lw=0, zorder=2)
    ax.plot(past.year.astype(int), past.growth, color=GREY, marker="o", ms=3, lw=1, zorder=4, gid="median")
    joined = [newest, *line.year.astype(int)], [past.growth.iloc[-1], *line.growth]
    ax.plot(*joined, color=MEDIAN, lw=1.8, zorder=5, gid="expected")
    for x in wanted:
        ax.axhline(x, color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=3)


def _episodes(figure: Figure, box: Box, group: ReferenceClass, data: pd.DataFrame, lang: str) -> None:
    part, wanted = data[data.series == "episodes"], data[data.series == "asked"]
    near = int(wanted.n_years.iloc[0]) if len(wanted) else 5
    n_years = min(part.n_years.unique(), key=lambda n: (abs(int(n) - near), int(n)))
    curve = part[part.n_years == n_years].sort_values("growth")
    inner = head(figure, box, phrase("calibration.class.episodes", lang, n_years=n_years))
    values = [*curve.growth, *wanted.growth]
    pad = 0.04 * (max(values) - min(values))
    low, high = min(values) - pad, max(values) + pad
    ticks, texts = value_ticks(low, high, 4)
    shares = [0, 25, 50, 75, 100]
    up = (shares, [f"{s}%" for s in shares], (0, 104))
    ax = panel_axes(figure, inner, (list(ticks), texts, (low, high)), up, [])
    ax.grid(axis="both")
    ax.fill_between(curve.growth, 0, 100 * curve.share, color=FAN[0.95], lw=0, zorder=1)
    ax.plot(curve.growth, 100 * curve.share, color=MEDIAN, lw=1.8, zorder=4, gid="episodes")
    for rate, share in zip(wanted.growth, 100 * wanted.share, strict=True):
        ax.plot([rate, rate], [0, share], color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=5)
        ax.plot([rate], [share], marker="D", ms=6, color=TARGET, zorder=6, clip_on=False, gid="asked")
        text = _share(share / 100)
        full = ax.get_window_extent().width / figure.dpi
        late = (rate - low) / (high - low) * full + text_width(text, SMALL, True) + 0.12 > full
        ax.annotate(
            text, (rate, share), (0 if late else 7, 9 if late else 7), textcoords="offset points", color=TARGET,
            size=SMALL, weight="bold", ha="right" if late else "left", path_effects=halo(), zorder=7,
        )  # fmt: skip
