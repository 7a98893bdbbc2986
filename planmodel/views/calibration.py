"""What the calibration notebook says of the evidence: how well such forecasts held, in sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from planmodel.charts.calibration import own_rows, ranks
from planmodel.charts.panels import name_of
from planmodel.charts.reliability import growth_gain, held
from planmodel.evidence import EXTRAPOLATION, OWN, Evidence
from planmodel.notebook import Study
from planmodel.words import figure, percent

NONE_FOUND = (
    "未找到检验结果：benchmarks/results 中没有以日期命名的文件夹，因此本页不能说明概率的准确程度。",
    "No benchmark results were found: benchmarks/results holds no dated folder, so this page cannot say how well the "
    + "probabilities hold.",
)
SPLITS: Mapping[str, tuple[str, str]] = {
    "cross": ("在另一组竞赛数据上拟合", "fitted on the other collection"),
    "half": ("在另一半序列上拟合", "fitted on the other half of the series"),
    "all": ("在各序列较早年份上拟合", "fitted on the earlier years of the series"),
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
    """Return how many outcomes the bands held, by collection, and the worst of the short histories."""
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
    text = (
        f"80% 与 95% 区间实际包含：{'；'.join(said)}。"
        if zh
        else f"The 80% and 95% bands held: {'; '.join(said)}."
    )
    short = [
        (r.c95, w, r.collection) for w in WINDOWS if w != "full" for r in own_rows(evidence, w).itertuples()
    ]
    if short:
        worst, window, collection = min(short)
        where = name_of(collection, lang)
        text += (
            f"短历史中最差的是{where}只有 {window} 个数据时：95% 区间包含 {100 * worst:.1f}%。"
            if zh
            else f" With short histories the worst is {where} with {window} values: the 95% band held {100 * worst:.1f}%."
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
    """Return how often stated probabilities came true: skill and bins."""
    zh, table = lang == "zh", evidence.targets.set_index("model")
    inside, n = held(evidence)
    if OWN not in table.index:
        return ""
    own = table.loc[OWN]
    skill = figure(own.skill, 2)
    low, high = figure(own.low, 2), figure(own.high, 2)
    other = ""
    if EXTRAPOLATION in table.index:
        theirs = figure(table.loc[EXTRAPOLATION].skill, 2)
        other = f"，直线外推为 {theirs}" if zh else f"; straight extrapolation has {theirs}"
    if zh:
        bins = f"；{n} 组概率中 {inside} 组与实际频率相符" if n else ""
        return (
            f"{figure(own.n)} 个目标的实现概率：Brier 得分 {figure(own.brier, 3)}，"
            f"技能得分 {skill}（{low} 至 {high}）{other}{bins}。"
        )
    bins = f"; in {inside} of {n} bins what was stated lies within the interval of what came true" if n else ""
    return (
        f"Chances of {figure(own.n)} targets: Brier score {figure(own.brier, 3)}, skill {skill} "
        f"({low} to {high}){other}{bins}."
    )


def speed_words(evidence: Evidence, lang: str) -> str:
    """Return how long planmodel takes beside the fastest and the slowest peer."""
    zh, table = lang == "zh", evidence.speed.dropna(subset="seconds")
    own, peers = table[table.method == OWN], table[table.method != OWN]
    if own.empty or peers.empty:
        return ""
    own_time = seconds(float(own.seconds.iloc[0]), lang)
    ends = [peers.loc[peers.seconds.idxmin()], peers.loc[peers.seconds.idxmax()]]
    said = [f"{end.method} {seconds(float(end.seconds), lang)}" for end in ends]
    if zh:
        return f"用时：planmodel {own_time}，最快的其他方法 {said[0]}，最慢的 {said[1]}。"
    return f"Time: planmodel {own_time}, the fastest peer {said[0]}, the slowest {said[1]}."


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
    """Return one row a collection, length of history and method: coverage, MSIS, sMAPE and MASE."""
    zh, rows = study.lang == "zh", []
    if evidence is None:
        return no_evidence(study.lang)
    for window in [w for w in WINDOWS if w in set(evidence.collections.window)]:
        for r in evidence.compared(window).itertuples():
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
    for (name, method), part in evidence.growth.groupby(["class", "method"], sort=False):
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
    return pd.DataFrame(
        [
            {
                "方法" if zh else "Method": r.method,
                "用时" if zh else "Time": "–" if pd.isna(r.seconds) else seconds(r.seconds, study.lang),
                "倍数" if zh else "Ratio": figure(r.ratio, 2),
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
