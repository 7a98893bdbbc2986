"""Charts of calibration: how many outcomes the bands held by year ahead, and how sharp the bands are."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed
from planmodel.charts.panels import head, name_of, panel_axes, panel_boxes, panels_height
from planmodel.charts.rows import Row, row_axes, rows_height
from planmodel.charts.style import FAINT, GREY, MEDIAN, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.tables.evidence import OWN, Evidence
from planmodel.words import figure as number
from planmodel.words import percent

LEVELS = {"c95": 0.95, "c80": 0.80}
CUT = 2.5
"""Scores beyond this many times the middle one are drawn at the edge, with their figure beside them."""


def coverage_data(evidence: Evidence, lang: str) -> pd.DataFrame:
    """Return one row a collection, method, band and year ahead: the share of outcomes within the band (0-1)."""
    table = evidence.horizons.melt(
        ["collection", "method", "horizon"], list(LEVELS), var_name="band", value_name="share"
    )
    table["band"] = table.band.map(LEVELS)
    table.insert(1, "collection_name", [name_of(key, lang) for key in table.collection])
    order = ["collection", "band", "method", "horizon"]
    return table.sort_values(order, ascending=[True, False, True, True]).reset_index(drop=True)


def own_rows(evidence: Evidence, window: str = "full") -> pd.DataFrame:
    """Return planmodel's rows of the comparison for a length of history, one a collection."""
    table = evidence.compared(window)
    return table[table.method == OWN]


def _coverage_title(evidence: Evidence, lang: str) -> str:
    zh, own = lang == "zh", own_rows(evidence)
    if own.empty:
        return "没有 planmodel 的覆盖率" if zh else "No coverage of planmodel was measured"
    if zh:
        said = "，".join(f"{name_of(r.collection, lang)} {100 * r.c95:.1f}%" for r in own.itertuples())
        return f"95% 区间实际包含：{said}"
    said = " and ".join(f"{100 * r.c95:.1f}% ({name_of(r.collection, lang)})" for r in own.itertuples())
    return f"Of what happened the 95% bands held {said}"


@styled
def coverage_chart(evidence: Evidence, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the share of outcomes within the 95 and 80 % bands by year ahead, planmodel among its peers.

    size: only the width is used.
    """
    zh, table = check_lang(lang) == "zh", coverage_data(evidence, lang)
    groups = list(table.groupby(["band", "collection"], sort=False))
    groups.sort(key=lambda g: -g[0][0])
    columns = min(table.collection.nunique(), 2) if size[0] >= 5 else 1
    note = (
        "蓝线为 planmodel，灰线为其他方法，虚线为名义覆盖率。"
        if zh
        else "Blue: planmodel; grey: the peers; dashed: what the band promises."
    )
    where = "落入区间的实际值占比，按预测年数（横轴）" if zh else "Outcomes within the band, by years ahead"
    figure, box = framed(
        _coverage_title(evidence, lang), where, note, size, body=panels_height(len(groups), columns)
    )
    figure.set_label(coverage_alt(evidence, lang))
    boxes = panel_boxes(box, len(groups), columns)
    for (key, part), place in zip(groups, boxes, strict=True):
        _coverage_panel(figure, place, key, part, lang)
    return figure


def _coverage_panel(figure: Figure, box, key: tuple[float, str], part: pd.DataFrame, lang: str) -> None:
    band, collection = key
    zh = lang == "zh"
    title = f"{name_of(collection, lang)}{'：' if zh else ': '}{100 * band:.0f}%{'区间' if zh else ' band'}"
    inner = head(figure, box, title)
    low = 100 * min(part.share.min(), band) - 4
    years = sorted(part.horizon.unique())
    own = part[part.method == OWN]
    labels = [(100 * r.share, f"{100 * r.share:.0f}%", MEDIAN, SMALL, True) for r in own.tail(1).itertuples()]
    ticks = (
        [t for t in range(0, 101, 10) if t > low]
        if 100 - low > 25
        else [t for t in (85, 90, 95, 100) if t > low]
    )
    ax = panel_axes(
        figure,
        inner,
        (years, [str(y) for y in years], (min(years) - 0.2, max(years) + 0.15)),
        (ticks, [f"{t}%" for t in ticks], (low, 101)),
        labels,
    )
    ax.axhline(100 * band, color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=3)
    for method, line in part.groupby("method"):
        mine = method == OWN
        look = (
            {"color": MEDIAN, "lw": 2, "marker": "o", "ms": 4.5, "zorder": 5, "gid": OWN}
            if mine
            else {"color": "#b8b8b8", "lw": 1, "zorder": 2}
        )
        ax.plot(line.horizon, 100 * line.share, **look)


def coverage_alt(evidence: Evidence, lang: str) -> str:
    """Return one sentence that says what the chart of coverage shows."""
    return _coverage_title(evidence, lang) + ("。" if lang == "zh" else ".")


def sharpness_data(evidence: Evidence, lang: str) -> pd.DataFrame:
    """Return one row a collection and method: MSIS, coverage, and mean band width over the years ahead."""
    widths = evidence.horizons.groupby(["collection", "method"], as_index=False).width.mean()
    table = evidence.compared().merge(widths, how="left", on=["collection", "method"])
    table.insert(1, "collection_name", [name_of(key, lang) for key in table.collection])
    chosen = ["collection", "collection_name", "method", "split", "n_series", "msis", "width", "c80", "c95"]
    return table[chosen]


def ranks(evidence: Evidence, window: str = "full") -> list[tuple[str, float, int, int]]:
    """Return by collection: planmodel's MSIS, its place among the methods (1 is best), and how many there are.

    A collection that no other method was scored on has no places.
    """
    found = []
    for collection, part in evidence.compared(window).groupby("collection", sort=False):
        own = part.loc[part.method == OWN, "msis"]
        if len(own) and len(part) > 1:
            found.append(
                (collection, float(own.iloc[0]), 1 + int((part.msis < own.iloc[0]).sum()), len(part))
            )
    return found


def _sharpness_title(evidence: Evidence, lang: str) -> str:
    found = ranks(evidence)
    if lang == "zh":
        said = "，".join(
            f"{name_of(c, lang)} {number(m, 1)}（{n} 种方法中第 {place}）" for c, m, place, n in found
        )
        return f"区间得分 MSIS：{said}" if found else "没有 planmodel 的区间得分"
    said = ", ".join(f"{name_of(c, lang)} {number(m, 1)} (rank {place} of {n})" for c, m, place, n in found)
    return f"Interval score MSIS: {said}" if found else "No interval score of planmodel was measured"


@styled
def sharpness_chart(evidence: Evidence, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the interval score of each method by collection: narrow bands that hold score low.

    size: only the width is used.
    """
    zh, table = check_lang(lang) == "zh", sharpness_data(evidence, lang)
    rows, entries, right = [], [], []
    top = min(table.msis.max(), CUT * table.msis.median())
    for _, part in table.groupby("collection", sort=False):
        rows.append(Row(part.collection_name.iloc[0], bold=True))
        entries.append(None)
        right.append("")
        for entry in part.itertuples():
            rows.append(Row(entry.method, bold=entry.method == OWN))
            entries.append(entry)
            right.append(f"{number(entry.msis, 1)} · {percent(entry.c95)}")
    where = (
        "越小越好：区间越窄、漏出越少，得分越低；右侧为得分与 95% 区间的实际覆盖率"
        if zh
        else "Lower is better: narrow bands that still hold. At the right: the score, and what the 95% band held"
    )
    note = "超出横轴的得分画在边缘。" if zh else "Scores beyond the axis are drawn at its edge."
    figure, box = framed(
        _sharpness_title(evidence, lang),
        where,
        note if table.msis.max() > top else "",
        size,
        body=rows_height(rows),
    )
    figure.set_label(sharpness_alt(evidence, lang))
    ax, at = row_axes(figure, box, rows, right, (0, 1.04 * top))
    for entry, y in zip(entries, at, strict=True):
        if entry is None:
            continue
        mine, score = entry.method == OWN, min(entry.msis, 1.04 * top)
        ax.plot([0, score], [y, y], color=FAINT, lw=2, zorder=2, solid_capstyle="butt")
        look = (
            {"marker": "o", "ms": 9, "color": MEDIAN} if mine else {"marker": "s", "ms": 5.5, "color": GREY}
        )
        ax.plot([score], [y], ls="", clip_on=False, zorder=3, gid="msis", **look)
    return figure


def sharpness_alt(evidence: Evidence, lang: str) -> str:
    """Return one sentence that says what the chart of sharpness shows."""
    return _sharpness_title(evidence, lang) + ("。" if lang == "zh" else ".")
