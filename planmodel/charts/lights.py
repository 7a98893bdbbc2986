"""The chart of a review: how far each target is on its way, how far it should be, and its light."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, put
from planmodel.charts.lettering import lines_height
from planmodel.charts.rows import Row, key_line, key_lines, row_axes, rows_height
from planmodel.charts.style import FAINT, GREY, INK, SIZE, SMALL, TEXT, styled
from planmodel.errors import check_lang
from planmodel.review import LIGHTS, Review, Standing
from planmodel.tables.cells import promise
from planmodel.words import figure, moment_words, with_unit, word

LIGHT_COLOURS = {
    "met": "#00755a",
    "on_pace": "#00755a",
    "at_risk": "#a66f00",
    "off": "#b3262a",
    "not_assessable": GREY,
}
LIGHT_MARKS = {"met": "*", "on_pace": "o", "at_risk": "D", "off": "v", "not_assessable": "_"}
COLUMNS = (
    "target", "indicator", "name", "promise", "year", "value", "milestone", "unit", "progress", "due", "elapsed", "light",
    "binding",
)  # fmt: skip
LOWEST, HIGHEST = -25.0, 130.0
"""Where the axis ends, in % of the way; what lies beyond is drawn at the end with its figure."""


def lights_data(result: Review, lang: str) -> pd.DataFrame:
    """Return one row a judged target, each promise once: progress, due and elapsed are shares of the way and the time (0-1)."""
    rows, seen = [], set()
    for here in result.standings:
        target = here.target
        key = (target.indicator.id, target.region, target.kind, target.target_value, target.target_year)
        if here.light == "not_assessable" or key in seen:
            continue
        seen.add(key)
        words = promise(target, result.plan.catalogue.units, lang)
        rows.append(
            (target.id, target.indicator.id, target.indicator.name(lang), words, here.year, here.value, here.milestone,
             here.unit, here.progress, due_of(here), here.elapsed, here.light, target.binding)
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = ["value", "milestone", "progress", "due", "elapsed"]
    return table.astype(dict.fromkeys(numbers, float))


def due_of(here: Standing) -> float | None:
    """Return the share of the way that the path has covered by the year of the latest figure."""
    return None if here.progress is None else here.planned


def lights_title(result: Review, lang: str) -> str:
    """Return what the chart says: how many stand how, and as of when."""
    counts = [(word(light, lang), result.count(light)) for light in LIGHTS[:-1]]
    if not any(n for _, n in counts):
        return "尚无可判断的目标" if lang == "zh" else "No target can be judged yet"
    moment = moment_words(result.moment.text, lang)
    if lang == "zh":
        return f"截至 {moment}：" + "，".join(f"{name} {n} 项" for name, n in counts if n)
    return f"As of {moment}: " + ", ".join(f"{n} {name}" for name, n in counts if n)


def _value_text(entry, result: Review, lang: str) -> str:
    if entry.unit == "index":
        return f"{figure(entry.value, 1)} ({entry.year:.0f})"
    units = result.plan.catalogue.units
    name = units[entry.unit].name(lang) if entry.unit in units else entry.unit
    unit = "" if name[:1].isdigit() else name
    return f"{with_unit(figure(entry.value), unit, lang)} ({entry.year:.0f})"


@styled
def lights_chart(result: Review, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return progress on the way from base to target beside what is due, target by target, with lights by shape and word.

    Binding targets are bold and named so. A target without a way (a floor, a yearly flow) has its light only. size: only
    the width is used.
    """
    table, zh = lights_data(result, check_lang(lang)), lang == "zh"
    entries = list(table.rename(columns={"name": "label"}).itertuples())
    rows = [
        Row(e.label, f"{word('binding', lang)} · {e.promise}" if e.binding else e.promise, e.binding)
        for e in entries
    ]
    where = (
        f"{result.plan.short[lang]}，目标进度：从基期到目标已走过的比例"
        if zh
        else f"{result.plan.short[lang]}, share of the way from base to target that is covered"
    )
    n = sum(here.light == "not_assessable" for here in result.standings)
    note = (
        f"{'另有 ' if entries else ''}{n} 项目标尚不能判断，见后表。"
        if zh
        else f"{n} {'more ' if entries else ''}target{'' if n == 1 else 's'} cannot be judged yet: last table."
    )
    key = [
        ({"marker": LIGHT_MARKS[light], "color": LIGHT_COLOURS[light], "ms": 7}, word(light, lang))
        for light in LIGHTS[:-1]
        if (table.light == light).any()
    ]
    key.append(
        ({"marker": "|", "color": INK, "ms": 10, "mew": 2}, "按路径应达到" if zh else "due by the path")
    )
    n_lines = key_lines([name for _, name in key], SMALL, size[0] - 0.24)
    body = rows_height(rows) + n_lines * lines_height(1, SMALL) + 0.1 if rows else 0.4
    figure, box = framed(lights_title(result, lang), where, note if n else "", size, body=body)
    figure.set_label(lights_alt(result, lang))
    if not rows:
        words = "基期以后没有公布数" if zh else "nothing is published after the base year"
        put(figure, box.left, box.top - 0.2, words, TEXT, color=GREY)
        return figure
    key_line(figure, box.left, box.top - lines_height(1, SMALL) / 2, key, SMALL, box.width)
    inner = type(box)(box.left, box.bottom, box.right, box.top - n_lines * lines_height(1, SMALL) - 0.1)
    right = [f"{_value_text(e, result, lang)}\n{word(e.light, lang)}" for e in entries]
    colours = [LIGHT_COLOURS[e.light] for e in entries]
    low, high = _limits(table)
    ax, at = row_axes(figure, inner, rows, right, (low, high), percent=True, colours=colours)
    for x in (0, 100):
        ax.axvline(x, color="#8c8c8c", lw=0.8, zorder=1)
    for entry, y, colour in zip(entries, at, colours, strict=True):
        _draw(ax, entry, y, colour, low, high, "不计进度" if zh else "no progress share")
    return figure


def _limits(table: pd.DataFrame) -> tuple[float, float]:
    shown = 100 * pd.concat([table.progress, table.due]).dropna()
    low = max(LOWEST, min(0.0, shown.min() - 4)) if len(shown) else 0.0
    high = min(HIGHEST, max(104.0, shown.max() + 4)) if len(shown) else 104.0
    return low, high


def _draw(ax, entry, y: float, colour: str, low: float, high: float, none: str) -> None:
    """One row: the way covered as a bar with the light's mark at its end, what is due as a tick; none: words for no way."""
    mark = {"marker": LIGHT_MARKS[entry.light], "ms": 12 if entry.light == "met" else 9, "color": colour}
    edge = {"mec": INK, "mew": 1.6} if entry.binding else {"mec": colour, "mew": 0.5}
    if pd.isna(entry.progress):
        ax.plot([0], [y], ls="", clip_on=False, zorder=4, gid="light", **mark, **edge)
        ax.annotate(
            none, (0, y), xytext=(10, 0), textcoords="offset points", size=SMALL - 1, color=GREY, va="center"
        )
        return
    way = min(max(100 * entry.progress, low), high)
    ax.plot([0, way], [y, y], color=FAINT, lw=5, zorder=2, solid_capstyle="butt")
    if way != 100 * entry.progress:
        side = -1 if way == high else 1
        ax.annotate(
            f"{100 * entry.progress:.0f}%", (way, y), xytext=(8 * side, -9), textcoords="offset points",
            size=SMALL - 1, color=GREY, ha="right" if side < 0 else "left", va="center",
        )  # fmt: skip
    if not pd.isna(entry.due):
        due = min(max(100 * entry.due, low), high)
        ax.plot([due], [y], ls="", marker="|", ms=15, mew=2, color=INK, zorder=3, gid="due")
    ax.plot([way], [y], ls="", clip_on=False, zorder=4, gid="light", **mark, **edge)


def lights_alt(result: Review, lang: str) -> str:
    """Return one sentence that says what the chart of lights shows."""
    table = lights_data(result, check_lang(lang))
    behind = table[(table.progress < table.due) & table.light.isin(["at_risk", "off"])]
    names = list(dict.fromkeys(behind.name))[:3]
    if lang == "zh":
        said = lights_title(result, lang)
        return said + (f"；落后于路径的有：{'、'.join(names)}。" if names else "。")
    return lights_title(result, lang) + (f"; behind their path: {', '.join(names)}." if names else ".")
