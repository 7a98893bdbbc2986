"""The evidence as it is read: its columns, and what it says in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planmodel.plans.catalogue import Catalogue
from planmodel.tables.cells import NONE, Cell, missing
from planmodel.tables.evidence import OWN, OWN_MODEL, Evidence, named
from planmodel.words import Joined, Phrase, Text, figure, percent, phrase, said


def _name(column: str) -> Cell:
    return lambda row, lang, _: said(named(row[column]), lang)


def _rounded(column: str, digits: int) -> Cell:
    return lambda row, lang, _: NONE if missing(row[column]) else figure(float(row[column]), digits)


def _share(column: str) -> Cell:
    return lambda row, lang, _: f"{100 * row[column]:.1f}%"


def _history(row: Mapping, lang: str, _: Catalogue) -> str:
    return phrase("calibration.full", lang) if row["window"] == "full" else row["window"]


SHARPNESS: Mapping[str, Cell | None] = {
    "collection": _name("collection"), "history": _history, "method": None,
    "fitted": lambda row, lang, _: phrase(f"calibration.split.{row['split']}", lang), "n_series": _rounded("n_series", 0),
    "c80": _share("c80"), "c95": _share("c95"), "msis": _rounded("msis", 1), "smape": _rounded("smape", 2),
    "mase": _rounded("mase", 2),
}  # fmt: skip
"""Of `Evidence.beside_best`."""
GROWTH: Mapping[str, Cell | None] = {
    "reference": _name("class"), "method": _name("method"),
    "origins": lambda row, lang, _: f"{row['first_origin']}–{row['last_origin']}", "forecasts": _rounded("n", 0),
    "crps": _rounded("crps", 2), "c80": lambda row, lang, _: percent(row["cover80"]),
}  # fmt: skip
"""Of `Evidence.growth_scores`."""
TARGETS: Mapping[str, Cell | None] = {
    "method": _name("model"), "scored": _rounded("n", 0), "brier": _rounded("brier", 3), "skill": _rounded("skill", 3),
    "interval": lambda row, lang, _: f"{figure(row['low'], 3)}–{figure(row['high'], 3)}",
}  # fmt: skip
"""Of `Evidence.targets`."""
SPEED: Mapping[str, Cell | None] = {
    "method": None, "time": lambda row, lang, _: NONE if missing(row["seconds"]) else seconds(row["seconds"])[lang],
    "ratio": _rounded("ratio", 2), "peak_mb": _rounded("peak_mb", 0),
}  # fmt: skip
"""Of `Evidence.speed`."""


def seconds(value: float) -> Phrase:
    """Return a time for reading.

    >>> str(seconds(0.0021)), str(seconds(12.3))
    ('2.1 ms', '12 s')
    """
    if value < 0.1:
        return Phrase("calibration.ms", figure=f"{1000 * value:.2g}")
    return Phrase("calibration.s", figure=f"{value:.2g}")


def calibration_answer(evidence: Evidence) -> Text:
    """Return the answer in words, a line a question; one sentence where there is no evidence."""
    if not evidence.date:
        return Phrase("calibration.none")
    parts = (coverage_answer, sharpness_answer, growth_answer, reliability_answer, speed_answer)
    texts = [part(evidence) for part in parts]
    lines = Joined([Phrase("calibration.answer.item", text=text) for text in texts if text], "lines")
    return Joined([lines, Phrase("calibration.answer.date", date=evidence.date)], "paragraphs")


def coverage_answer(evidence: Evidence) -> Text | None:
    """Return how many outcomes the bands held, by collection, and the 80 % band of short histories that is furthest off."""
    own, every = evidence.own(), evidence.collections[evidence.collections.method == OWN]
    if own.empty:
        return None
    texts = [Phrase("calibration.answer.coverage", held=_held("calibration.answer.held", own))]
    other = every[(every.window == "full") & (every.split == "cross")]
    if len(other) and "cross" not in set(own.split):
        texts.append(Phrase("calibration.answer.cross", held=_held("calibration.answer.held_bare", other)))
    short = every[(every.window != "full") & every.split.isin(["half", "cross"])]
    if len(short):
        worst = short.loc[[(short.c80 - 0.8).abs().idxmax()]]
        texts += _held("calibration.answer.short", worst)
    return Joined(texts)


def _held(key: str, table: pd.DataFrame) -> list[Phrase]:
    """Return a sentence for each row of the comparison."""
    return [
        Phrase(
            key,
            name=named(r.collection),
            c80=r.c80,
            c95=r.c95,
            n=int(r.n_series),
            window=r.window,
            split=Phrase(f"calibration.split.{r.split}"),
        )
        for r in table.itertuples()
    ]


def sharpness_answer(evidence: Evidence) -> Text | None:
    """Return planmodel's interval score beside the best peer's, by collection."""
    scores = [
        Phrase("calibration.answer.score", name=named(row["collection"]), **row)
        for row in evidence.ranks().to_dict("records")
    ]
    return Phrase("calibration.answer.sharpness", scores=scores) if scores else None


def growth_answer(evidence: Evidence) -> Text | None:
    """Return how five-year growth compares with straight extrapolation, by class."""
    classes = []
    for row in evidence.growth_gain().to_dict("records"):
        way = "lower" if row["gain"] >= 0 else "higher"
        less = f"{abs(100 * row['gain']):.0f}"
        classes.append(Phrase(f"calibration.answer.{way}", name=named(row["class"]), less=less, **row))
    return Phrase("calibration.answer.growth", classes=classes) if classes else None


def reliability_answer(evidence: Evidence) -> Text | None:
    """Return how well chances of announced growth targets held: skill over the earlier rate, and bins."""
    models: dict[str, dict[str, Any]] = {row["model"]: row for row in evidence.targets.to_dict("records")}
    if OWN_MODEL not in models:
        return None
    skills: list[Text] = [_skill(models[OWN_MODEL])]
    for name in evidence.shown_models():
        if name != OWN_MODEL and name in models:
            skills.append(Phrase("calibration.answer.other", name=named(name), skill=_skill(models[name])))
    inside, n = evidence.held()
    own = models[OWN_MODEL]
    return Phrase(
        "calibration.answer.reliability",
        n=own["n"],
        brier=own["brier"],
        skills=skills,
        bins=Phrase("calibration.answer.bins", inside=inside, n=n) if n else "",
    )


def _skill(row: Mapping[str, Any]) -> Phrase:
    key = "skill_or_none" if row["low"] < 0 < row["high"] else "skill"
    return Phrase(f"calibration.answer.{key}", skill=row["skill"], low=row["low"], high=row["high"])


def speed_answer(evidence: Evidence) -> Text | None:
    """Return how long planmodel takes beside the fastest and the slowest of its peers."""
    table = evidence.speed.dropna(subset="seconds")
    own, peers = table[table.method == OWN], table[~table.method.astype(str).str.startswith(OWN)]
    if own.empty or peers.empty:
        return None
    peers = peers.sort_values("seconds")
    ends = peers if len(peers) < 3 else peers.iloc[[0, -1]]
    texts = [
        Phrase("calibration.answer.peer", name=r.method, time=seconds(r.seconds)) for r in ends.itertuples()
    ]
    return Phrase("calibration.answer.speed", own=seconds(float(own.seconds.iloc[0])), peers=texts)
