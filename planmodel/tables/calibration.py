"""The evidence as it is read: its columns, and what it says in sentences."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planmodel.plans.catalogue import Catalogue
from planmodel.tables.evidence import OWN, OWN_MODEL, Evidence, named
from planmodel.tables.reading import NONE, Cell, Cells, coded
from planmodel.words import Joined, Phrase, Text, phrase, said

RIGHT = 0.05
"""How near the share that came true is to the chances said for these to be about right."""


def _name(column: str) -> Cell:
    return lambda row, lang, _: said(named(row[column]), lang)


def _history(row: Mapping, lang: str, _: Catalogue) -> str:
    return phrase("calibration.full", lang) if row["window"] == "full" else row["window"]


SHARPNESS: Cells = {
    "collection": _name("collection"), "history": _history, "method": None,
    "fitted": coded("split", "calibration.split."), "n_series": "{n_series:figure.0}",
    "c80": "{c80:rate}", "c95": "{c95:rate}", "msis": "{msis:figure.1}", "smape": "{smape:figure.2}",
    "mase": "{mase:figure.2}",
}  # fmt: skip
"""Of `Evidence.beside_best`."""
GROWTH: Cells = {
    "reference": _name("class"), "method": _name("method"), "origins": "{first_origin}–{last_origin}",
    "forecasts": "{n:figure.0}", "crps": "{crps:figure.2}", "c80": "{cover80:percent}",
}  # fmt: skip
"""Of `Evidence.growth_scores`."""
TARGETS: Cells = {
    "method": _name("model"), "scored": "{n:figure.0}", "brier": "{brier:figure.3}", "skill": "{skill:figure.3}",
    "interval": "{low:figure.3}–{high:figure.3}",
}  # fmt: skip
"""Of `Evidence.targets`."""
SPEED: Cells = {
    "method": None, "time": lambda row, lang, _: NONE if row["seconds"] is None else seconds(row["seconds"])[lang],
    "ratio": "{ratio:figure.2}", "peak_mb": "{peak_mb:figure.0}",
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


def reader_answer(evidence: Evidence) -> Text:
    """Return in four sentences how far chances and bands can be trusted: what was said beside what came true."""
    bins = evidence.reliability[evidence.reliability.model == OWN_MODEL].sort_values("stated")
    sentences: list[Text] = []
    if len(bins):
        shown = bins.iloc[[0, len(bins) // 2, -1]].drop_duplicates("bin").to_dict("records")
        given = [Phrase("calibration.reader.given", **row) for row in shown]
        said, came = ((bins[name] * bins.n).sum() / bins.n.sum() for name in ("stated", "observed"))
        side = "about" if abs(came - said) < RIGHT else "low" if came > said else "high"
        means = {"said": said, "came": came, "n": int(bins.n.sum())}
        sentences.append(Phrase("calibration.reader.bins", given=given))
        sentences.append(
            Phrase("calibration.reader.mean", **means, side=Phrase(f"calibration.reader.{side}"))
        )
    own = evidence.own()
    if len(own):
        sentences.append(Phrase("calibration.reader.bands", held=_held("calibration.reader.held", own)))
    sentences += _held("calibration.reader.short", evidence.worst_short())
    return Joined(sentences) if sentences else Phrase("calibration.none")


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
    return Joined([*texts, *_held("calibration.answer.short", evidence.worst_short())])


def _held(key: str, table: pd.DataFrame) -> list[Phrase]:
    """Return a sentence for each row of the comparison."""
    return [
        Phrase(key, **row, name=named(row["collection"]), fitted=Phrase(f"calibration.split.{row['split']}"))
        for row in table.to_dict("records")
    ]


def sharpness_answer(evidence: Evidence) -> Text | None:
    """Return planmodel's interval score beside the best peer's, by collection."""
    key, rows = "calibration.answer.score", evidence.ranks().to_dict("records")
    scores = [Phrase(key, name=named(row["collection"]), **row) for row in rows]
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
    own = models[OWN_MODEL]
    skills = [_skill(own)]
    for name in evidence.shown_models():
        if name != OWN_MODEL and name in models:
            skills.append(Phrase("calibration.answer.other", name=named(name), skill=_skill(models[name])))
    inside, n = evidence.held()
    bins = Phrase("calibration.answer.bins", inside=inside, n=n) if n else ""
    return Phrase("calibration.answer.reliability", n=own["n"], brier=own["brier"], skills=skills, bins=bins)


def _skill(row: Mapping[str, Any]) -> Phrase:
    key = "skill_or_none" if row["low"] < 0 < row["high"] else "skill"
    return Phrase(f"calibration.answer.{key}", skill=row["skill"], low=row["low"], high=row["high"])


def speed_answer(evidence: Evidence) -> Text | None:
    """Return how long planmodel takes beside the fastest and the slowest of its peers."""
    table = evidence.speed.dropna(subset="seconds")
    own, peers = table[table.method == OWN], table[~table.method.astype(str).str.startswith(OWN)]
    if own.empty or peers.empty:
        return None
    ends = peers.sort_values("seconds").iloc[[0, -1]].drop_duplicates()
    key = "calibration.answer.peer"
    texts = [Phrase(key, name=r.method, time=seconds(r.seconds)) for r in ends.itertuples()]
    return Phrase("calibration.answer.speed", own=seconds(float(own.seconds.iloc[0])), peers=texts)
