"""What a reader sees of a review: its tables' columns, and the answers in sentences."""

from collections import Counter
from collections.abc import Mapping
from functools import partial

import pandas as pd

from planmodel.plans import DERIVED, ESTIMATE
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.kinds import KINDS
from planmodel.plans.model import called
from planmodel.review import LIGHTS, METHODS, SENSES, Review, Standing
from planmodel.tables.promises import promise_from, promise_text, unit_text
from planmodel.tables.reading import NONE, Cell, Cells, Reading, bare_amount, head, in_unit, read, with_known
from planmodel.words import (
    Joined,
    Phrase,
    Text,
    by_language,
    figure,
    in_percent,
    join,
    percent,
    phrase,
    said,
    with_unit,
    word,
)

MARKS = {ESTIMATE: "review.estimate", DERIVED: "review.derived_mark"}


def in_year(row: Mapping, name: str, lang: str, mark: str = "") -> str:
    """Return the year of a column in brackets, as each language sets it."""
    return phrase("review.in_year", lang, year=int(row[name]), mark=mark)


promised = promise_from(target_value="promised", unit="promised_unit")
"""The promise of a row of a review's table."""


def _target(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The promise with its target year; without a figure what stands in its place, which names the year itself."""
    text = promised(row, lang, catalogue)
    if row["light"] == "not_assessable" and row["promised"] is None:
        return text
    return text + in_year(row, "target_year", lang)


def _figure(name: str, row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """A figure in the standing's measure; an index counts from 100 in the base year."""
    value, unit = row[name], row["unit"]
    if value is None:
        return NONE
    if unit == "index":
        return phrase("review.base_100", lang, text=figure(value, 1))
    return with_unit(figure(float(f"{value:.6g}")), unit_text(unit, lang, catalogue), lang)


def _latest(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    text, kind = _figure("value", row, lang, catalogue), KINDS[row["kind"]]
    if text == NONE:
        return NONE
    mark = phrase(MARKS[row["vintage"]], lang) if row["vintage"] in MARKS else ""
    if kind.flow and not kind.every_year:
        so_far = "review.sum_so_far" if kind.path == "cumulated" else "review.mean_so_far"
        text = phrase(so_far, lang, text=text)
    return text + in_year(row, "year", lang, mark)


def _chances(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The probability of the base year and that of the moment."""
    then, now = row["probability_at_start"], row["probability"]
    if now is None:
        return percent(now)
    text = percent(now) if then is None else phrase("review.then_now", lang, then=then, now=now)
    return with_known(text, row, lang)


def _label(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The progress label; of an old figure with its year."""
    if not row["label"]:
        return NONE
    label = word("label_on_pace" if row["label"] == "on_pace" else row["label"], lang)
    return label + (in_year(row, "year", lang) if row["old"] else "")


def _left(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    left = in_unit("required_from_latest", "required_unit")
    return NONE if row["light"] == "met" else left(row, lang, catalogue)


def _graded(name: str) -> str:
    """What a tracking method says: its figure and the grade."""
    score = f"P{{{name}_figure:whole}}" if METHODS[name].is_percentile else f"{{{name}_figure:rate.0}}"
    return f"{score} {{{name}:term}}"


def _agreement(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """Which methods say what, where they disagree; what each assumes stands in methods_text."""
    if not row["methods_disagree"]:
        return phrase("review.agree", lang)
    by_sense = {
        sense: [head(name, lang) for name, method in METHODS.items() if method.senses.get(row[name]) == sense]
        for sense in SENSES
    }
    clauses = [Phrase(f"review.senses.{sense}", names=names) for sense, names in by_sense.items() if names]
    return join(clauses, lang, "clauses")


def _points(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if row["probability"] is None:
        return NONE
    if row["points"] is None:
        return f">{row['most_points']:g}"
    return f"{'+' if row['points'] > 0 else ''}{figure(row['points'], 1)}"


def _setting(name: str) -> Cell:
    """A setting of an assumption and the probability at it."""
    chance = f"probability_{name}"
    return lambda row, lang, _: phrase("review.setting", lang, text=row[name], chance=row[chance])


def _growth(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    text = in_percent(100 * row["growth"])
    return phrase("review.inflated", lang, text=text) if row["inflated"] else text


def _spread(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    spread = row["spread"]
    return NONE if spread is None else phrase("review.points", lang, figure=figure(100 * spread, 1))


REVIEW: Cells = {
    "number": None, "indicator": None, "binding": None, "target": _target, "latest": _latest,
    "due": partial(_figure, "milestone"), "elapsed": "{elapsed:rate.0}", "progress": "{progress:rate.0}",
    "so_far": in_unit("so_far", "so_far_unit"), "left": _left, "probability": _chances, "label": _label, "light": None,
    "reason": "{why}",
}  # fmt: skip
"""The lights: latest figure beside milestone, progress beside time, the rate left, probability, and why."""
UNJUDGED: Cells = {name: REVIEW[name] for name in ("number", "indicator", "binding", "target")} | {
    "probability": "{probability:percent}", "reason": "{why}",
}  # fmt: skip
TRACKED: Cells = {
    "number": None, "indicator": None, **{name: _graded(name) for name in METHODS}, "agreement": _agreement,
}  # fmt: skip
"""The tracking methods side by side."""
FLIPS: Cells = {
    "number": None, "indicator": None, "light": None, "so_far": in_unit("so_far", "so_far_unit"),
    "breaks_even": in_unit("required_from_latest", "required_unit"), "probability": "{probability:percent}",
    "wanted": "{wanted:percent}", "points": _points,
}  # fmt: skip
SWINGS: Cells = {"assumption": None, "low": _setting("low"), "high": _setting("high")}
ESTIMATES: Cells = {
    "indicator": None, "year": None, "months": None, "known_share": "{known_share:rate.0}", "growth": _growth,
    "spread": _spread,
}  # fmt: skip
"""The years under way."""


def judged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a review's table that have a light, each promise once."""
    return table.query("repeats == '' and light != 'not_assessable'")


def unjudged(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a review's table that cannot be judged, each promise once."""
    return called(table.query("repeats == '' and light == 'not_assessable'"), _name(table, "unjudged"))


def tracked(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a review's table that the tracking methods speak of, each promise once."""
    own = table.query("repeats == ''").dropna(subset=list(METHODS), how="all")
    return called(own, _name(table, "methods"))


def _name(table: pd.DataFrame, name: str) -> str:
    """The name of some rows of a review's table."""
    return table.attrs.get("name", "review").removesuffix("review") + name


def final_reading(result: Review, lang: str) -> Reading:
    """Return each row of the earlier plan's table: targets and outturns, met or not, what the text says, any difference."""
    parts = {key: read(own, lang).rows for key, own in result.parts_table.groupby(["table", "number"])}

    def names(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        ids = dict.fromkeys(part["indicator"] for part in parts[row["table"], row["number"]])
        return join([catalogue.indicators[name] for name in ids], lang, "list")

    def outcome(row: Mapping, lang: str, catalogue: Catalogue) -> str:
        own = parts[row["table"], row["number"]]
        texts = [f"{promise_text(p, lang, catalogue)} → {_outturn(p, lang, catalogue)}" for p in own]
        return join(texts, lang, "clauses")

    columns: Cells = {
        "number": "{table}\u00a0{number}", "indicator": names, "binding": None, "outcome": outcome,
        "met": lambda row, lang, _: _met(row["met"], lang),
        "said": lambda row, lang, _: NONE if row["said"] is None else _met(row["said"], lang), "differs": _difference,
    }  # fmt: skip
    return read(result.final_table, lang, columns, catalogue=result.plan.catalogue)


def _outturn(part: Mapping, lang: str, catalogue: Catalogue) -> str:
    """The outturn in the target's unit."""
    if part["outturn"] is None:
        return NONE
    unit = unit_text(part["unit"], lang, catalogue) if part["unit"] in catalogue.units else ""
    return with_unit(figure(part["outturn"]), unit, lang)


def _met(met: bool | None, lang: str) -> str:
    return word("not_assessable" if met is None else "met" if met else "missed", lang)


def _difference(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if not row["differs"]:
        return said(row["reason"], lang) if row["met"] is None else ""
    if not row["met"] and row["n_missed"] < row["n_parts"]:
        return phrase("review.parts_missed", lang, n=row["n_missed"], parts=row["n_parts"])
    return "●"


def unjudged_counts(result: Review) -> pd.DataFrame:
    """Return the reasons why targets cannot be judged, the most frequent first, and how many (binding) ones have each."""
    silent = [one for one in result.promises if one.light == "not_assessable"]
    all_of = Counter(one.why for one in silent)
    binding = Counter(one.why for one in silent if one.target.binding)
    rows = [(why, n, binding[why]) for why, n in all_of.most_common()]
    return pd.DataFrame(rows, columns=["reason", "n_targets", "n_binding"])


def as_of(result: Review) -> Phrase:
    """Return the moment in words: As of 2024."""
    return Phrase("review.as_of", moment=result.moment.text)


def lights_counted(result: Review) -> list[Phrase]:
    """Return how many targets stand how; without those that cannot be judged."""
    return result.counted(LIGHTS[:-1])


def review_answer(result: Review) -> Text:
    """Return the answer in words: how many stand how, the joint chance, what is lost, and what is most urgent."""
    n, when, key = len(result.promises), as_of(result), "review.answer.doubted"
    good = [s for s in result.promises if s.light != "not_assessable"]
    doubts = [Phrase(key, name=s.target.indicator, why=s.doubt) for s in result.promises if s.doubt]
    if not good:
        return Joined([Phrase("review.answer.nothing", when=when, n=n), *doubts])
    parts = [Phrase("review.answer.judged", when=when, n=n, good=len(good), counts=lights_counted(result))]
    old = sorted(s.year for s in good if s.old and s.year)
    if old:
        parts.append(Phrase("review.answer.old", n=len(old), year=old[-1], earlier=old[0] < old[-1]))
    binding = [s.light != "not_assessable" for s in result.promises if s.target.binding]
    if binding:
        parts.append(Phrase("review.answer.binding", n=len(binding), good=sum(binding)))
    both, then, now = result.chance_of_all
    if both > 1:
        parts.append(Phrase("review.answer.chance", n=both, then=then, now=now))
    lost = dict.fromkeys(s.target.indicator for s in result.promises if s.is_lost)
    if lost:
        parts.append(Phrase("review.answer.lost", names=list(lost)))
    urgent = [_urgent(standing, result.plan.catalogue) for standing in result.in_danger[:3]]
    if urgent:
        parts.append(Phrase("review.answer.urgent", targets=urgent))
    return Joined([*parts, *doubts])


def _urgent(standing: Standing, catalogue: Catalogue) -> Phrase:
    words = {"name": standing.target.indicator, "light": Phrase(f"terms.{standing.light}")}
    if standing.so_far is None or standing.left is None:
        return Phrase("review.answer.target", **words)
    rates = [asked.in_unit(standing.target.unit) for asked in (standing.so_far, standing.left)]
    so_far, left = (by_language(partial(bare_amount, *rate, catalogue=catalogue)) for rate in rates)
    return Phrase("review.answer.target_with_rates", so_far=so_far, left=left, **words)


def estimates_answer(result: Review) -> Text:
    """Return which years under way are estimated, and their growth."""
    key = "review.estimates.each"
    each = [Phrase(key, name=one.target.indicator, **vars(one)) for one in result.estimates]
    return Joined(each) if each else Phrase("review.estimates.none")


def methods_text() -> Text:
    """Return what each method counts and assumes, one line of a list a method."""
    named = {name: by_language(partial(head, name)) for name in METHODS}
    each = [Phrase("review.method", name=n, text=Phrase(f"review.methods.{id}")) for id, n in named.items()]
    return Joined(each, "lines")


def final_answer(result: Review) -> Text:
    """Return what became of the earlier plan's targets, and where the text says otherwise."""
    rows = result.final
    if not rows:
        return Phrase("review.final.none")
    met, missed = (sum(row.met is state for row in rows) for state in (True, False))
    counts = Phrase("review.final.counts", n=len(rows), met=met, missed=missed, open=len(rows) - met - missed)
    if all(row.said is None for row in rows):
        return Joined([counts, Phrase("review.final.unsaid")])
    differ = [(row, row.outturns[0].target.indicator) for row in rows if row.differs]
    named = [Phrase("review.final.row", table=r.table, number=r.number, name=name) for r, name in differ]
    told = Phrase("review.final.differs", rows=named) if named else Phrase("review.final.same")
    return Joined([counts, told])
