"""Charts of what happened: errors of five-year growth by origin, and how often stated probabilities came true."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.frame import framed, value_ticks, year_ticks
from planmodel.charts.lettering import lines_height
from planmodel.charts.panels import head, name_of, panel_axes, panel_boxes, panels_height
from planmodel.charts.rows import key_line, key_lines
from planmodel.charts.style import GREY, MEDIAN, SERIES, SIZE, SMALL, TARGET, styled
from planmodel.errors import check_lang
from planmodel.tables.evidence import CLASS_AVERAGE, EXTRAPOLATION, OWN, OWN_MODEL, Evidence

METHODS = (OWN, EXTRAPOLATION, CLASS_AVERAGE)
N_RELIABILITY = 2
CHOSEN = "chosen beforehand"


def growth_crps_data(evidence: Evidence, lang: str) -> pd.DataFrame:
    """Return one row a class, origin and method: mean CRPS of five-year growth, and what the 80 % band held."""
    table = evidence.five_years()
    table.insert(1, "class_name", [name_of(key, lang) for key in table["class"]])
    return table


def growth_gain(evidence: Evidence) -> pd.DataFrame:
    """Return by class: planmodel's and the extrapolation's mean CRPS over members, gain (1 - ratio), origins won."""
    rows = []
    for name, part in evidence.five_years().groupby("class", sort=False):
        wide = part.pivot_table(index="origin", columns="method", values="crps")
        if OWN not in wide or EXTRAPOLATION not in wide:
            continue
        wide = wide.dropna(subset=[OWN, EXTRAPOLATION])
        n = part[part.method == OWN].set_index("origin").n.reindex(wide.index)
        own, other = ((wide[m] * n).sum() / n.sum() for m in (OWN, EXTRAPOLATION))
        won = int((wide[OWN] < wide[EXTRAPOLATION]).sum())
        rows.append((name, float(own), float(other), 1 - float(own / other), won, len(wide)))
    return pd.DataFrame(rows, columns=["class", "own", "extrapolation", "gain", "won", "origins"])


def _growth_title(evidence: Evidence, lang: str) -> str:
    zh, found = lang == "zh", growth_gain(evidence)
    if found.empty:
        return "没有五年增速的检验结果" if zh else "Five-year growth was not compared"
    won, origins = int(found.won.sum()), int(found.origins.sum())
    if zh:
        return f"五年增速：{origins} 个起点中 {won} 个误差小于直线外推"
    return f"Five-year growth: closer than straight extrapolation at {won} of {origins} origins"


@styled
def growth_crps_chart(evidence: Evidence, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return the mean CRPS of five-year growth by origin, a panel a class; size: only the width is used."""
    zh, table = check_lang(lang) == "zh", evidence.five_years()
    groups = list(table.groupby("class", sort=False))
    columns = 2 if size[0] >= 5 and len(groups) > 1 else 1
    drawn = [m for m in METHODS if m in set(table.method)]
    drawn += [m for m in dict.fromkeys(table.method) if m not in METHODS][: len(SERIES) - len(drawn)]
    looks = dict(zip(drawn, SERIES, strict=False))
    names = [name_of(method, lang) for method in drawn]
    key = key_lines(names, SMALL, size[0] - 0.24) * lines_height(1, SMALL) + 0.16
    where = (
        "连续排序概率评分（CRPS），越小越好；横轴为预测起点"
        if zh
        else "CRPS, lower is better, by the year the forecast starts from"
    )
    body = key + panels_height(len(groups), columns)
    figure, box = framed(_growth_title(evidence, lang), where, "", size, body=body)
    figure.set_label(growth_crps_alt(evidence, lang))
    marks = [{"color": looks[m][0], "marker": looks[m][1], "ms": 6} for m in drawn]
    key_line(figure, box.left, box.top - 0.1, list(zip(marks, names, strict=True)), SMALL, box.width)
    below = type(box)(box.left, box.bottom, box.right, box.top - key)
    for (name, part), place in zip(groups, panel_boxes(below, len(groups), columns), strict=True):
        inner = head(figure, place, name_of(name, lang))
        first, last = int(part.origin.min()), int(part.origin.max())
        years = year_ticks(first, last, (last, first), inner.width - 0.5)
        top = 1.08 * float(part.crps.max())
        ticks, texts = value_ticks(0, top, 4)
        ax = panel_axes(
            figure,
            inner,
            (years, [str(y) for y in years], (first - 0.5, last + 0.5)),
            (list(ticks), texts, (0, top)),
            [],
        )
        for method in reversed(drawn):
            line = part[part.method == method].sort_values("origin")
            colour, mark, dash = looks[method]
            width = 2 if method == OWN else 1.3
            ax.plot(line.origin, line.crps, color=colour, marker=mark, ms=3.5, ls=dash, lw=width, gid=method)
    return figure


def growth_crps_alt(evidence: Evidence, lang: str) -> str:
    """Return one sentence that says what the chart of growth errors shows."""
    zh, found = lang == "zh", growth_gain(evidence)
    parts = [
        f"{name_of(r[1], lang)}{'误差变化' if zh else ': CRPS changed by'} {_signed(-100 * r.gain)}%"
        for r in found.itertuples()
    ]
    text = ("；" if zh else "; ").join([_growth_title(evidence, lang), *parts])
    return text + ("。" if zh else ".")


def _signed(value: float) -> str:
    return f"{value:+.0f}".replace("-", "−")


def reliability_data(evidence: Evidence, lang: str) -> pd.DataFrame:
    """Return one row a model and bin: stated probability, share that came true with its interval (0-1), count."""
    table = evidence.reliability.copy()
    table.insert(1, "model_name", [name_of(key, lang) for key in table.model])
    return table


def held(evidence: Evidence, model: str = OWN_MODEL) -> tuple[int, int]:
    """Return in how many bins of a model the interval of what came true holds the stated one, and how many bins."""
    part = evidence.reliability[evidence.reliability.model == model]
    return int(((part.low <= part.stated) & (part.stated <= part.high)).sum()), len(part)


def shown_models(evidence: Evidence) -> list[str]:
    """Return the models drawn: planmodel's own, and the one fitted to such targets that was chosen beforehand."""
    names = list(dict.fromkeys(evidence.reliability.model))
    return sorted(names, key=lambda m: (m != OWN_MODEL, CHOSEN not in m))[:N_RELIABILITY]


def _reliability_title(evidence: Evidence, lang: str) -> str:
    inside, n = held(evidence)
    if not n:
        return "没有 planmodel 的概率检验" if lang == "zh" else "No probability of planmodel was checked"
    if lang == "zh":
        return f"{n} 组概率中，{inside} 组与实际频率相符"
    return f"What was stated lies within the interval of what came true in {inside} of {n} bins"


@styled
def reliability_chart(evidence: Evidence, lang: str, *, size: tuple[float, float] = SIZE) -> Figure:
    """Return stated probabilities against the share that came true, with intervals, a panel a model.

    size: only the width is used.
    """
    zh, table = check_lang(lang) == "zh", evidence.reliability
    models = shown_models(evidence)
    columns = 2 if size[0] >= 5 and len(models) > 1 else 1
    height = 2.9
    where = (
        "横轴：给出的实现概率；纵轴：实际实现的比例与其区间"
        if zh
        else "Across: the probability stated; up: the share that came true, with its interval"
    )
    note = (
        "在虚线上，给出的概率与实际相符；圆点越大，目标越多。"
        if zh
        else "On the dashed line what was stated is what came true; larger dots hold more targets."
    )
    body = panels_height(len(models), columns, height)
    figure, box = framed(_reliability_title(evidence, lang), where, note, size, body=body)
    figure.set_label(reliability_alt(evidence, lang))
    ticks = [0, 20, 40, 60, 80, 100]
    texts = [f"{t}%" for t in ticks]
    for model, place in zip(models, panel_boxes(box, len(models), columns, height), strict=True):
        part = table[table.model == model]
        inner = head(figure, place, name_of(model, lang))
        ax = panel_axes(figure, inner, (ticks, texts, (-3, 103)), (ticks, texts, (-3, 103)), [])
        ax.grid(axis="both")
        ax.plot([0, 100], [0, 100], color=TARGET, lw=1.2, ls=(0, (5, 2)), zorder=2)
        colour = MEDIAN if model == OWN_MODEL else GREY
        ax.vlines(100 * part.stated, 100 * part.low, 100 * part.high, color=colour, lw=1.6, zorder=3)
        sizes = 14 + 70 * part.n / table.n.max()
        ax.scatter(
            100 * part.stated, 100 * part.observed, s=sizes, color=colour, zorder=4, clip_on=False, gid=model
        )
    return figure


def reliability_alt(evidence: Evidence, lang: str) -> str:
    """Return one sentence that says what the chart of reliability shows."""
    return _reliability_title(evidence, lang) + ("。" if lang == "zh" else ".")
