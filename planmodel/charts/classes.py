"""The chart of a reference class: its growth by year with the path expected now, and what its members reached."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.arithmetic.streams import stream
from planmodel.charts.frame import Box, framed, halo, value_ticks, year_ticks
from planmodel.charts.lettering import text_width
from planmodel.charts.panels import GAP, head, panel_axes
from planmodel.charts.style import FAN, GREY, MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.forecasts.class_paths import CLASS_YEARS
from planmodel.forecasts.reference import ReferenceClass
from planmodel.words import figure as number

N_DRAWS = 4000
BANDS = (0.8, 0.5)
HEIGHT = 2.3
HALF = 50.0
SHARE_UNIT = ("个百分点/年", "points a year")


@dataclass(frozen=True)
class Asked:
    """What a target asks of a class: mean growth in its own terms (fraction of a log or logit class), over n_years.

    base: the share it starts from, in percent, for classes of shares.
    """

    rate: float
    n_years: int
    base: float = HALF


def readable(group: ReferenceClass, hundredths, base: float = HALF):
    """Return growth in hundredths of logs as % a year, of logits as points a year at a share of `base` percent.

    >>> from planmodel.forecasts.reference import load_class
    >>> round(float(readable(load_class("countries_real_gdp"), 100 * np.log(1.05))), 2)
    5.0
    """
    x = np.asarray(hundredths, dtype=float) / 100
    if group.transform != "logit":
        return 100 * np.expm1(x)
    return 100 / (1 + np.exp(-(np.log(base / (100 - base)) + x))) - base


def unit_of(group: ReferenceClass, lang: str) -> str:
    if group.transform == "logit":
        return SHARE_UNIT[0 if lang == "zh" else 1]
    return "%/年" if lang == "zh" else "% a year"


def amount(group: ReferenceClass, value: float, lang: str) -> str:
    """Return readable growth with its unit, short: 8.4%, 0.46 pp."""
    if group.transform == "logit":
        return f"{number(value, 2)}{'个百分点' if lang == 'zh' else ' pp'}"
    return f"{number(value, 1)}%"


def ahead(group: ReferenceClass, until: int) -> np.ndarray:
    """Return the years from the class's newest median to `until`, five at least."""
    newest = max(group.medians)
    return np.arange(newest + 1, max(until, newest + 5) + 1)


def class_data(group: ReferenceClass, lang: str, until: int = 0, base: float = HALF) -> pd.DataFrame:
    """Return the class's figures: median growth by year, expected path and bands, and shares of episodes by rate.

    Columns: series (median, expected, band_low, band_high, episodes), year, coverage, n_years, growth, share.
    """
    check_lang(lang)
    rows: list[dict] = []
    if group.medians:
        for year, value in sorted(group.medians.items()):
            rows.append({"series": "median", "year": year, "growth": float(readable(group, value, base))})
        years, newest = ahead(group, until), max(group.medians)
        for year, value in zip(years, group.state(newest).mean(len(years)), strict=True):
            rows.append(
                {"series": "expected", "year": int(year), "growth": float(readable(group, value, base))}
            )
        draws = readable(group, group.growth(newest, len(years), N_DRAWS, stream(0, group.id)), base)
        for coverage in BANDS:
            ends = np.quantile(draws, [0.5 - coverage / 2, 0.5 + coverage / 2], axis=0)
            for name, line in zip(("band_low", "band_high"), ends, strict=True):
                rows += [
                    {"series": name, "year": int(year), "coverage": coverage, "growth": float(value)}
                    for year, value in zip(years, line, strict=True)
                ]
    if group.episodes:
        for n_years, entry in group.episodes["horizons"].items():
            rates = np.array(entry["quantiles"])
            shown = 100 * rates if group.transform != "logit" else readable(group, 100 * rates, base)
            rows += [
                {"series": "episodes", "n_years": int(n_years), "growth": float(x), "share": 1 - q}
                for x, q in zip(shown, group.episodes["grid"], strict=True)
            ]
    columns = ["series", "year", "coverage", "n_years", "growth", "share"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"year": "Int64", "n_years": "Int64", "growth": float, "share": float, "coverage": float}
    )


def reached(group: ReferenceClass, asked: Asked) -> float | None:
    """Return the share of the class's episodes that grew at least as asked; None where it keeps none."""
    found = group.percentile(asked.rate, asked.n_years)
    return None if found is None else 1 - found / 100


def _title(group: ReferenceClass, lang: str, until: int, base: float) -> str:
    if not group.medians:
        return (
            f"{group.name_zh}：无逐年增速"
            if lang == "zh"
            else f"{_capital(group.name_en)}: no growth by year"
        )
    newest, years = max(group.medians), ahead(group, until)
    last = amount(group, float(readable(group, group.medians[newest], base)), lang)
    mean = float(readable(group, group.state(newest).mean(len(years)).mean(), base))
    coming = amount(group, mean, lang)
    if lang == "zh":
        return f"{group.name_zh}：{newest} 年中位数 {last}，预计 {years[0]}–{years[-1]} 年平均每年 {coming}"
    return (
        f"{_capital(group.name_en)}: median {last} in {newest}, {coming} a year expected for "
        f"{years[0]}–{years[-1]}"
    )


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


@styled
def class_chart(
    group: ReferenceClass,
    lang: str,
    *,
    until: int = 0,
    asked: Asked | None = None,
    size: tuple[float, float] = SIZE,
) -> Figure:
    """Return a class: median growth by year with the expected path, and the share of episodes by growth reached.

    until: last year of the path. asked: a target's growth, marked in both. size: only the width is used; below five
    inches the two parts stand one under the other.
    """
    zh = check_lang(lang) == "zh"
    base = asked.base if asked else HALF
    data = class_data(group, lang, until, base)
    parts = [draw for draw, key in ((_path, "median"), (_episodes, "episodes")) if (data.series == key).any()]
    wide = size[0] >= 5
    n_rows = 1 if wide else len(parts)
    note = f"{'出处' if zh else 'Source'}: {group.source}".replace(": ", "：" if zh else ": ")
    figure, box = framed(
        _title(group, lang, until, base),
        f"{group.n_series} {'个序列' if zh else 'series'}; {unit_of(group, lang)}".replace(
            "; ", "；" if zh else "; "
        ),
        note,
        size,
        body=n_rows * (HEIGHT + GAP) - GAP if parts else 0.2,
    )
    figure.set_label(class_alt(group, lang, until=until, asked=asked))
    share = 0.56 * box.width
    for i, draw in enumerate(parts):
        if wide:
            left = box.left if i == 0 else box.left + share + GAP
            right = box.right if i == len(parts) - 1 else box.left + share
            place = Box(left, box.top - HEIGHT, right, box.top)
        else:
            top = box.top - i * (HEIGHT + GAP)
            place = Box(box.left, top - HEIGHT, box.right, top)
        draw(figure, place, group, data, asked, lang)
    return figure


def _path(figure: Figure, box: Box, group, data: pd.DataFrame, asked: Asked | None, lang: str) -> None:
    zh = lang == "zh"
    inner = head(figure, box, "历年中位数与预计路径" if zh else "Median by year, and the path expected")
    past = data[data.series == "median"].tail(CLASS_YEARS)
    line = data[data.series == "expected"]
    bands = data[data.series.isin(["band_low", "band_high"])]
    wanted = float(readable(group, _hundredths(group, asked), asked.base)) if asked else None
    values = [*past.growth, *bands.growth, *([wanted] if asked else [])]
    low, high = min(0.0, *values), max(values)
    pad = 0.06 * (high - low)
    low, high = low - pad * (low < 0), high + pad
    first, last = int(past.year.iloc[0]), int(line.year.iloc[-1])
    newest = int(past.year.iloc[-1])
    ticks, texts = value_ticks(low, high, 4)
    years = year_ticks(first, last, (last, newest), inner.width - 0.8)
    end = float(line.growth.iloc[-1])
    labels = [(end, amount(group, end, lang), MEDIAN, SMALL, True)]
    if asked:
        labels.append(
            (wanted, ("需 " if zh else "needs ") + amount(group, wanted, lang), TARGET, SMALL, True)
        )
    ax = panel_axes(
        figure,
        inner,
        (years, [str(y) for y in years], (first - 0.5, last + 0.2)),
        (list(ticks), texts, (low, high)),
        labels,
    )
    for coverage in BANDS:
        part = bands[bands.coverage == coverage]
        ends = [part[part.series == name] for name in ("band_low", "band_high")]
        ax.fill_between(
            ends[0].year.astype(int), ends[0].growth, ends[1].growth, color=FAN[coverage], lw=0, zorder=2
        )
    ax.plot(past.year.astype(int), past.growth, color=GREY, marker="o", ms=3, lw=1, zorder=4, gid="median")
    joined = [newest, *line.year.astype(int)], [past.growth.iloc[-1], *line.growth]
    ax.plot(*joined, color=MEDIAN, lw=1.8, zorder=5, gid="expected")
    if asked:
        ax.axhline(wanted, color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=3)


def _hundredths(group: ReferenceClass, asked: Asked) -> float:
    return 100 * (asked.rate if group.transform == "logit" else float(np.log1p(asked.rate)))


def _episodes(figure: Figure, box: Box, group, data: pd.DataFrame, asked: Asked | None, lang: str) -> None:
    zh = lang == "zh"
    part = data[data.series == "episodes"]
    wanted = asked.n_years if asked else 5
    n_years = min(part.n_years.unique(), key=lambda n: (abs(int(n) - wanted), int(n)))
    curve = part[part.n_years == n_years].sort_values("growth")
    title = f"{n_years} 年平均达到此增速的比例" if zh else f"Share that reached it over {n_years} years"
    inner = head(figure, box, title)
    rate = float(readable(group, _hundredths(group, asked), asked.base)) if asked else None
    values = [*curve.growth, *([rate] if asked else [])]
    pad = 0.04 * (max(values) - min(values))
    low, high = min(values) - pad, max(values) + pad
    ticks, texts = value_ticks(low, high, 4)
    shares = [0, 25, 50, 75, 100]
    ax = panel_axes(
        figure, inner, (list(ticks), texts, (low, high)), (shares, [f"{s}%" for s in shares], (0, 104)), []
    )
    ax.grid(axis="both")
    ax.fill_between(curve.growth, 0, 100 * curve.share, color=FAN[0.95], lw=0, zorder=1)
    ax.plot(curve.growth, 100 * curve.share, color=MEDIAN, lw=1.8, zorder=4, gid="episodes")
    if not asked:
        return
    share = 100 * reached(group, asked)
    ax.plot([rate, rate], [0, share], color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=5)
    ax.plot([rate], [share], marker="D", ms=6, color=TARGET, zorder=6, clip_on=False, gid="asked")
    text = f"{share:.0f}%" if share >= 1 else "<1%"
    room = text_width(text, SMALL, True) + 0.12
    full = ax.get_window_extent().width / figure.dpi
    late = (rate - low) / (high - low) * full + room > full
    ax.annotate(
        text,
        (rate, share),
        (0 if late else 7, 9 if late else 7),
        textcoords="offset points",
        color=TARGET,
        size=SMALL,
        weight="bold",
        ha="right" if late else "left",
        path_effects=halo(),
        zorder=7,
    )


def class_alt(group: ReferenceClass, lang: str, *, until: int = 0, asked: Asked | None = None) -> str:
    """Return one sentence that says what the chart of a class shows."""
    zh = check_lang(lang) == "zh"
    text = _title(group, lang, until, asked.base if asked else HALF)
    share = reached(group, asked) if asked else None
    if share is None:
        return text + ("。" if zh else ".")
    rate = amount(group, float(readable(group, _hundredths(group, asked), asked.base)), lang)
    said = f"{100 * share:.0f}%" if share >= 0.01 else "<1%"
    if zh:
        return f"{text}；{asked.n_years} 年平均达到每年 {rate} 的占 {said}。"
    return f"{text}; {said} of its {asked.n_years}-year episodes reached {rate} a year."
