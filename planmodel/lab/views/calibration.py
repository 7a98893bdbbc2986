"""What the calibration notebook says of the evidence: how well such forecasts held, in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planmodel.charts.calibration import own_rows, ranks
from planmodel.charts.panels import name_of
from planmodel.charts.reliability import growth_gain, held, shown_models
from planmodel.lab.study import Study
from planmodel.tables.evidence import ALL_ORIGINS, OWN, OWN_MODEL, Evidence
from planmodel.words import figure, percent

NONE_FOUND = (
    "未找到检验结果：benchmarks/results 中没有以日期命名的文件夹，因此本页不能说明概率的准确程度。",
    "No benchmark results were found: benchmarks/results holds no dated folder, so this page cannot say how well the "
    + "probabilities hold.",
)
SPLITS: Mapping[str, tuple[str, str]] = {
    "cross": ("在另一组竞赛数据上拟合", "fitted on the other collection"),
    "half": ("在另一半序列上拟合", "fitted on the other half of the series"),
    "all": ("所附参数，全部序列拟合", "as shipped, fitted on all series"),
    "peer": ("逐个序列拟合", "fitted series by series"),
}
WINDOWS = {"full": ("全部", "all"), "8": ("8", "8"), "5": ("5", "5"), "3": ("3", "3")}


def calibration_answer(study: Study, evidence: Evidence | None) -> str:
    """Return the answer in words, a line a question; one sentence where there is no evidence."""
    pick = 0 if study.lang == "zh" else 1
    if evidence is None:
        return NONE_FOUND[pick]
    parts = (coverage_words, sharpness_words, growth_words, reliability_words, speed_words)
    said = [part(evidence, study.lang) for part in parts]
    when = f"检验日期：{evidence.date}。" if study.lang == "zh" else f"Benchmarks of {evidence.date}."
    return "\n".join(f"- {text}" for text in said if text) + f"\n\n{when}"


def coverage_words(evidence: Evidence, lang: str) -> str:
    """Return how many outcomes the bands held, by collection, and the 80 % band of short histories that is furthest off."""
    zh, own = lang == "zh", own_rows(evidence)
    if own.empty:
        return ""
    said = [
        f"{name_of(r.collection, lang)} {100 * r.c80:.1f}% / {100 * r.c95:.1f}%"
        + (
            f"（{r.n_series:.0f} 个序列，{split_words(r.split, lang)}）"
            if zh
            else f" ({r.n_series:.0f} series, {split_words(r.split, lang)})"
        )
        for r in own.itertuples()
    ]
    other = evidence.collections
    other = other[(other.method == OWN) & (other.window == "full") & (other.split == "cross")]
    moved = [
        f"{name_of(r.collection, lang)} {100 * r.c80:.1f}% / {100 * r.c95:.1f}%" for r in other.itertuples()
    ]
    text = (
        f"80% 与 95% 区间实际包含：{'；'.join(said)}。"
        if zh
        else f"The 80% and 95% bands held: {'; '.join(said)}."
    )
    if moved and "cross" not in set(own.split):
        text += (
            f"改在另一组竞赛数据上拟合：{'；'.join(moved)}。"
            if zh
            else f" Fitted on the other collection instead: {'; '.join(moved)}."
        )
    short = evidence.collections
    short = short[(short.method == OWN) & (short.window != "full") & short.split.isin(["half", "cross"])]
    if len(short):
        r = short.loc[(short.c80 - 0.8).abs().idxmax()]
        where, split = name_of(r.collection, lang), split_words(r.split, lang)
        text += (
            f"短历史中偏差最大的是{where}只有 {r.window} 个数据时（{split}）：80% 区间实际包含 {100 * r.c80:.1f}%。"
            if zh
            else f" With short histories the worst is {where} with {r.window} values, {split}: "
            f"the 80% band held {100 * r.c80:.1f}%."
        )
    return text


def split_words(split: str, lang: str) -> str:
    return SPLITS[split][0 if lang == "zh" else 1] if split in SPLITS else split


def sharpness_words(evidence: Evidence, lang: str) -> str:
    """Return planmodel's interval score beside the best peer's, by collection."""
    zh, said = lang == "zh", []
    for collection, score, place, n in ranks(evidence):
        table = evidence.compared()
        peers = table[(table.collection == collection) & (table.method != OWN)]
        if peers.empty:
            continue
        best = peers.loc[peers.msis.idxmin()]
        where = name_of(collection, lang)
        said.append(
            f"{where} {figure(score, 1)}，其他方法最好为 {figure(best.msis, 1)}（{best.method}），{n} 种中第 {place}"
            if zh
            else f"{where} {figure(score, 1)}, the best peer {figure(best.msis, 1)} ({best.method}), rank {place} of {n}"
        )
    if not said:
        return ""
    head = "区间得分 MSIS（越小越好）：" if zh else "Interval score MSIS (lower is better): "
    return head + ("；" if zh else "; ").join(said) + ("。" if zh else ".")


def growth_words(evidence: Evidence, lang: str) -> str:
    """Return how five-year growth compares with straight extrapolation, by class."""
    zh, said = lang == "zh", []
    for r in growth_gain(evidence).itertuples():
        less = f"{abs(100 * r.gain):.0f}%"
        if zh:
            verb = "低" if r.gain >= 0 else "高"
            said.append(
                f"{name_of(r[1], lang)}的误差（CRPS）比直线外推{verb} {less}，{r.origins} 个起点中 {r.won} 个更准"
            )
        else:
            verb = "lower" if r.gain >= 0 else "higher"
            said.append(f"{name_of(r[1], lang)} {less} {verb} (closer at {r.won} of {r.origins} origins)")
    if not said:
        return ""
    text = "；".join(said) if zh else "; ".join(said)
    return f"五年增速：{text}。" if zh else f"Five-year growth, CRPS against straight extrapolation: {text}."


def reliability_words(evidence: Evidence, lang: str) -> str:
    """Return how well chances of announced growth targets held: skill over the earlier rate, and bins."""
    zh, table = lang == "zh", evidence.targets.set_index("model")
    inside, n = held(evidence)
    if OWN_MODEL not in table.index:
        return ""

    def skill(model: str) -> str:
        one = table.loc[model]
        span = f"{figure(one.low, 2)}{' 至 ' if zh else ' to '}{figure(one.high, 2)}"
        if one.low < 0 < one.high:
            span += "，与零无法区分" if zh else ", not to be told from zero"
        return f"{figure(one.skill, 2)}（{span}）" if zh else f"{figure(one.skill, 2)} ({span})"

    other = "".join(
        f"，{name_of(m, lang)}为 {skill(m)}" if zh else f"; {name_of(m, lang)}: {skill(m)}"
        for m in shown_models(evidence)
        if m != OWN_MODEL and m in table.index
    )
    own = table.loc[OWN_MODEL]
    if zh:
        bins = f"；{n} 组概率中 {inside} 组与实际频率相符" if n else ""
        return (
            f"地级市公布的年度增长目标（{figure(float(own.n), 0)} 个）：Brier 得分 {figure(own.brier, 3)}，"
            f"技能得分 {skill(OWN_MODEL)}{other}{bins}。"
        )
    bins = (
        f"; in {inside} of {n} bins what was stated lies within the interval of what came true" if n else ""
    )
    return (
        f"Chances of {figure(float(own.n), 0)} announced yearly growth targets of prefectures: Brier score "
        f"{figure(own.brier, 3)}, skill {skill(OWN_MODEL)}{other}{bins}."
    )


def speed_words(evidence: Evidence, lang: str) -> str:
    """Return how long planmodel takes beside its peers."""
    zh, table = lang == "zh", evidence.speed.dropna(subset="seconds")
    own, peers = table[table.method == OWN], table[~table.method.str.startswith(OWN)]
    if own.empty or peers.empty:
        return ""
    said = [f"{r.method} {seconds(r.seconds, lang)}" for r in peers.sort_values("seconds").itertuples()]
    said = said if len(said) < 3 else [said[0], said[-1]]
    own_time = seconds(float(own.seconds.iloc[0]), lang)
    if zh:
        return f"用时：planmodel {own_time}，{'，'.join(said)}。"
    return f"Time: planmodel {own_time}, {', '.join(said)}."


def seconds(value: float, lang: str) -> str:
    """Return a time for reading.

    >>> seconds(0.0021, "en"), seconds(12.3, "zh")
    ('2.1 ms', '12 秒')
    """
    short = value < 0.1
    text = f"{1000 * value if short else value:.2g}"
    return f"{text} {('毫秒' if short else '秒') if lang == 'zh' else ('ms' if short else 's')}"


def no_evidence(lang: str) -> pd.DataFrame:
    zh = lang == "zh"
    return pd.DataFrame({"检验结果" if zh else "Results": ["尚无" if zh else "none yet"]})


def sharpness_table(study: Study, evidence: Evidence | None) -> pd.DataFrame:
    """Return planmodel and the peer with the best MSIS by length of history and collection: coverage and scores."""
    zh, rows = study.lang == "zh", []
    if evidence is None:
        return no_evidence(study.lang)
    for window in [w for w in WINDOWS if w in set(evidence.collections.window)]:
        table = evidence.compared(window)
        best = table[table.method != OWN].groupby("collection").head(1)
        shown = pd.concat([own_rows(evidence, window), best]).sort_values("collection", kind="stable")
        for r in shown.itertuples():
            rows.append(
                {
                    "数据" if zh else "Collection": name_of(r.collection, study.lang),
                    "历史长度" if zh else "History": WINDOWS[window][0 if zh else 1],
                    "方法" if zh else "Method": r.method,
                    "拟合" if zh else "Fitted": split_words(r.split, study.lang),
                    "序列数" if zh else "Series": str(int(r.n_series)),
                    "80%": f"{100 * r.c80:.1f}%",
                    "95%": f"{100 * r.c95:.1f}%",
                    "MSIS": figure(r.msis, 1),
                    "sMAPE": figure(r.smape, 2),
                    "MASE": figure(r.mase, 2),
                }
            )
    return pd.DataFrame(rows)


def growth_table(study: Study, evidence: Evidence | None) -> pd.DataFrame:
    """Return one row a class and method: origins, members, mean CRPS, and what the 80 % band held."""
    zh, rows = study.lang == "zh", []
    if evidence is None:
        return no_evidence(study.lang)
    table = evidence.growth[evidence.growth.origin != ALL_ORIGINS]
    for (name, method), part in table.groupby(["class", "method"], sort=False):
        total = part.n.sum()
        rows.append(
            {
                "参照类" if zh else "Reference class": name_of(name, study.lang),
                "方法" if zh else "Method": name_of(method, study.lang),
                "起点" if zh else "Origins": f"{part.origin.min()}–{part.origin.max()}",
                "预测数" if zh else "Forecasts": figure(float(total), 0),
                "CRPS": figure(float((part.crps * part.n).sum() / total), 2),
                "80%": percent(float((part.cover80 * part.n).sum() / total)),
            }
        )
    return pd.DataFrame(rows)


def reliability_table(study: Study, evidence: Evidence | None) -> pd.DataFrame:
    """Return one row a model: targets, Brier score, skill with its interval."""
    zh = study.lang == "zh"
    if evidence is None:
        return no_evidence(study.lang)
    return pd.DataFrame(
        [
            {
                "方法" if zh else "Method": name_of(r.model, study.lang),
                "目标数" if zh else "Targets": figure(float(r.n), 0),
                "Brier": figure(r.brier, 3),
                "技能得分" if zh else "Skill": figure(r.skill, 3),
                "区间" if zh else "Interval": f"{figure(r.low, 3)}–{figure(r.high, 3)}",
            }
            for r in evidence.targets.itertuples()
        ]
    )


def speed_table(study: Study, evidence: Evidence | None) -> pd.DataFrame:
    """Return one row a method: time, its ratio, and memory."""
    zh = study.lang == "zh"
    if evidence is None:
        return no_evidence(study.lang)
    one = evidence.speed.loc[evidence.speed.ratio == 1, "method"]
    unit = (f"（{one.iloc[0]} 为 1）" if zh else f" to {one.iloc[0]}") if len(one) else ""
    return pd.DataFrame(
        [
            {
                "方法" if zh else "Method": r.method,
                "用时" if zh else "Time": "–" if pd.isna(r.seconds) else seconds(r.seconds, study.lang),
                ("倍数" if zh else "Ratio") + unit: figure(r.ratio, 2),
                "峰值内存（MB）" if zh else "Peak memory (MB)": figure(r.peak_mb, 0),
            }
            for r in evidence.speed.itertuples()
        ]
    )


def key_evidence(evidence: Evidence | None) -> pd.DataFrame:
    """Return planmodel's own scores by collection and length of history, as compared; empty without evidence."""
    if evidence is None:
        return pd.DataFrame(columns=["collection", "window", "split", "n_series", "c80", "c95", "msis"])
    table = pd.concat([own_rows(evidence, w) for w in WINDOWS], ignore_index=True)
    return table[["collection", "window", "split", "n_series", "c80", "c95", "msis"]].round(4)
