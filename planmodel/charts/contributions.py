"""The chart of contributions: what capital, labour, human capital and productivity add to growth, case by case."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planmodel.charts.frame import framed
from planmodel.charts.lettering import lines_height, text_width
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height
from planmodel.charts.style import SIZE, SMALL, styled
from planmodel.drivers import Case, Drivers
from planmodel.errors import check_lang
from planmodel.words import figure as number

PARTS = {
    "capital": ("资本", "capital", "#0d3f6e", "white", ""),
    "labour": ("劳动（就业人员）", "labour (persons)", "#e0a458", "#1c1c1c", "//"),
    "human_capital": ("人力资本", "human capital", "#c9b3d6", "#1c1c1c", ".."),
    "productivity": ("全要素生产率", "productivity", "#00755a", "white", ""),
}
"""Chinese and English name, colour, colour of its figures, hatch."""
BAR = 0.13


def case_name(case: Case, result: Drivers, lang: str) -> tuple[str, str]:
    """Return a case's name and a detail."""
    zh, n = lang == "zh", case.assumptions
    past = result.past
    years = f"{past.first_year + 1}–{past.last_year}" if past else ""
    text = {
        "past": (f"历史 {years}", f"Record {years}"),
        "assumed": ("按假定", "As assumed"),
        "by_productivity": ("目标：靠生产率", "Target, by productivity"),
        "by_investment": ("目标：靠投资", "Target, by investment"),
        "by_labour": ("目标：靠就业", "Target, by labour"),
    }[case.name][0 if zh else 1]
    held = {
        "by_investment": (
            f"投资率 {_pct(n.investment_share)}",
            f"investment {_pct(n.investment_share)} of output",
        ),
        "by_labour": (f"就业年均 {_pct(n.labour)}", f"employment {_pct(n.labour)} a year"),
    }.get(case.name, (f"生产率年均 {_pct(n.productivity)}", f"productivity {_pct(n.productivity)} a year"))
    return text, held[0 if zh else 1]


def _pct(value: float) -> str:
    return f"{number(100 * value, 1)}%"


def contributions_data(result: Drivers, lang: str) -> pd.DataFrame:
    """Return one row a case and factor: points of growth a year, which add up to the case's growth, %."""
    check_lang(lang)
    rows = [
        (case.name, case_name(case, result, lang)[0], name, 100 * case.parts[name], 100 * case.growth)
        for case in result.cases
        for name in PARTS
    ]
    return pd.DataFrame(rows, columns=["case", "name", "factor", "points", "growth_pct"])


def _title(result: Drivers, lang: str) -> str:
    asked, reached = result.goal.growth, result.reached
    gap = 100 * (asked - reached)
    if abs(gap) < 0.05:
        return (
            f"按假定恰好达到年均 {_pct(asked)}"
            if lang == "zh"
            else f"As assumed growth comes to the {_pct(asked)} asked for"
        )
    points = number(abs(gap), 1)
    if lang == "zh":
        return f"按假定年均增长 {_pct(reached)}，比目标 {_pct(asked)} {'低' if gap > 0 else '高'} {points} 个百分点"
    return f"As assumed growth is {_pct(reached)} a year, {points} points {'short of' if gap > 0 else 'above'} the {_pct(asked)} asked for"


@styled
def contributions_chart(result: Drivers, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return stacked bars, a row a case: record, as assumed, and the target met by one term alone.

    size: only the width is used.
    """
    zh = check_lang(lang) == "zh"
    rows = [Row(*case_name(case, result, lang), case.name.startswith("by_")) for case in result.cases]
    where = (
        f"{result.plan.short[lang]}：各要素对年均增长的贡献，百分点"
        if zh
        else f"{result.plan.short[lang]}: what each factor adds, points a year"
    )
    note = (
        "历史一行的生产率为余项：投资率、就业等取与假定相同的数。"
        if zh
        else "In the record productivity is what is left: investment and labour are taken as assumed."
    )
    names = [part[0 if zh else 1] for part in PARTS.values()]
    key = key_lines(names, SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.12
    figure, box = framed(_title(result, lang), where, note, size, body=key + rows_height(rows))
    figure.set_label(contributions_alt(result, lang))
    looks = [{"marker": "s", "ms": 8, "color": part[2]} for part in PARTS.values()]
    key_line(figure, box.left, box.top - 0.1, list(zip(looks, names, strict=True)), SMALL, box.width)
    low = min(0.0, *(sum(min(v, 0) for v in c.parts.values()) for c in result.cases))
    high = max(sum(max(v, 0) for v in c.parts.values()) for c in result.cases)
    limits = (100 * low * 1.1, 100 * high * 1.03 or 1.0)
    right = [_pct(case.growth) for case in result.cases]
    panel = type(box)(box.left, box.top - key - rows_height(rows), box.right, box.top - key)
    ax, at = row_axes(figure, panel, rows, right, limits)
    ax.axvline(0, color="#8c8c8c", lw=0.8, zorder=4)
    for case, y in zip(result.cases, at, strict=True):
        _bars(ax, case, y)
    return figure


def _bars(ax: Axes, case: Case, y: float) -> None:
    ends = {True: 0.0, False: 0.0}
    scale = ax.get_window_extent().width / ax.figure.dpi / (ax.get_xlim()[1] - ax.get_xlim()[0])
    for name, (_, _, colour, ink, hatch) in PARTS.items():
        value = 100 * case.parts[name]
        start = ends[value >= 0]
        ax.barh(
            y,
            value,
            left=start,
            height=2 * BAR,
            color=colour,
            edgecolor="white",
            lw=0.6,
            hatch=hatch,
            zorder=3,
            gid=name,
        )
        ends[value >= 0] = start + value
        text = number(value, 1)
        if abs(value) * scale > text_width(text, SMALL - 0.5) + 0.06:
            box = {"facecolor": colour, "edgecolor": "none", "pad": 0.6} if hatch else None
            ax.text(
                start + value / 2,
                y,
                text,
                size=SMALL - 0.5,
                color=ink,
                ha="center",
                va="center",
                zorder=5,
                bbox=box,
            )


def contributions_alt(result: Drivers, lang: str) -> str:
    """Return one sentence that says what the chart of contributions shows."""
    zh, case = check_lang(lang) == "zh", next(c for c in result.cases if c.name == "assumed")
    parts = [f"{part[0 if zh else 1]} {number(100 * case.parts[name], 1)}" for name, part in PARTS.items()]
    if zh:
        return f"{_title(result, lang)}；按假定的贡献（百分点）：{'，'.join(parts)}。"
    return f"{_title(result, lang)}; as assumed the points are {', '.join(parts)}."
