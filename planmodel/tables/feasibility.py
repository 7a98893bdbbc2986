"""What a reader sees of feasibility: targets, trajectories, classes, places in the fan, scenarios and plans; the answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from planmodel.feasibility.assessments import PRECEDENTS, Assessment, PlanAssessment, risks
from planmodel.feasibility.classes import ByClass
from planmodel.feasibility.comparing import shared_table
from planmodel.feasibility.milestones import Milestones
from planmodel.feasibility.trajectories import PlanTrajectories
from planmodel.forecasts.reference import load_class
from planmodel.plans import load_plan
from planmodel.plans.catalogue import THEMES, Catalogue, Indicator
from planmodel.plans.model import called, grouped
from planmodel.plans.promises import promises
from planmodel.tables.promises import promise, promise_text, unit_text
from planmodel.tables.reading import NONE, Cell, Cells, Reading, amount_text, in_unit, read
from planmodel.words import (
    Joined,
    Phrase,
    Text,
    by_language,
    figure,
    join,
    percent,
    phrase,
    probability_words,
    word,
)

Results = Mapping[str, PlanAssessment]
KEY = ["table", "number", "part"]
OF_PATHS = ["plan", "table", "number", "part", "indicator", "path_shape", "measure", "unit"]
BY_TARGET = ("number", "indicator", "unit")
BY_SHAPE = ("path_shape",)
FEASIBILITY = (
    "number", "indicator", "base", "target", "binding", "required", "required_from_latest", "record", "record_best",
    "reference_percentile", "probability", "verdict", "remark",
)  # fmt: skip
"""The columns of the table of feasibility, as read."""
IN_SHORT: Cells = {
    "number": None, "indicator": None, "target": None, "required": None, "record": in_unit("record", "record_unit"),
    "probability": "{probability:percent}", "verdict": None,
}  # fmt: skip
"""Of that table in a terminal."""


def _class(name: str, used: str) -> Cell:
    """The cell of a reference class; ● marks the one in use."""
    return lambda row, lang, _: load_class(row[name]).name(lang) + (" ●" if row[used] else "")


def _plan(row: Mapping, lang: str, _: Catalogue) -> str:
    return load_plan(row["plan"]).short[lang]


CLASSES: Cells = {
    "reference": _class("reference", "chosen"), "n_series": None, "own_weight": "{own_weight:rate.0}",
    "percentile": "{percentile:whole}", "probability": "{probability:percent}", "verdict": None,
}  # fmt: skip
"""Of the table of reference classes."""
BY_CLASS: Cells = {
    "reference": _class("class", "used"), "n_series": "{n_series}", "years": "{first_year:whole}–{last_year:whole}",
    "class_expected": in_unit("expected", "expected_unit", "{known_until:whole}"), "reached": "{reached:percent}",
    "own_weight": "{own_weight:percent}", "probability": "{probability:percent}", "verdict": None,
}  # fmt: skip
"""Of `ByClass.table`: what each class says of the plan's headline target."""
PLACES: Cells = {
    "number": None, "indicator": None, "target": None, **{q: f"{{{q}:significant.4}}" for q in ("q10", "q50", "q90")},
    "percentile_in_fan": "{percentile:whole}", "probability": None,
}  # fmt: skip
"""Of the table of places in the fan."""
PLANS: Cells = {
    "plan": _plan, "n_targets": None, "n_assessable": None, **dict.fromkeys(PRECEDENTS),
    "joint": "{joint:percent}", "joint_binding": "{joint_binding:percent}",
}  # fmt: skip
"""Of the table of plans side by side."""


def judged(result: PlanAssessment) -> pd.DataFrame:
    """Return the table's rows of the plan's own period of which something can be said, each promise once."""
    return _once(result, "feasibility", "ahead and (probability.notna() or required.notna())")


def not_assessable(result: PlanAssessment) -> pd.DataFrame:
    """Return the table's rows of what has no chance, each promise once and with its reason."""
    return _once(result, "not-assessable", "probability.isna()")


def _once(result: PlanAssessment, what: str, condition: str) -> pd.DataFrame:
    """The table's rows that meet a condition, each promise once, under a name of their own."""
    table = result.table.query(f"repeats == '' and {condition}")
    return called(table, f"{result.plan.name}-{result.scenario.id}-{what}")


def feasibility_answer(result: PlanAssessment) -> Text:
    """Return the answer in words: how many can be assessed, the joint chance, and what carries the risk."""
    own = promises(result.ahead)
    good, rules, joint = promises(result.assessable), result.plan.catalogue.rules, result.joint
    if not good or joint is None:
        reasons = sorted({str(a.reason["en"]): a.reason for a in own if a.reason}.items())[:3]
        return Phrase("feasibility.answer.none", reasons=[reason for _, reason in reasons])
    counts = [(verdict, sum(a.verdict == verdict for a in good)) for verdict in PRECEDENTS]
    verdicts = [Phrase("feasibility.answer.count", n=n, name=Phrase(f"terms.{v}")) for v, n in counts if n]
    words = by_language(lambda lang: probability_words(joint, rules, lang))
    years = sorted({a.known_to for a in good if a.known_to is not None})
    parts = [
        Phrase(
            "feasibility.answer.chance", scenario=result.scenario.name, n=len(own), good=len(good), joint=joint,
            product=result.product, verdicts=verdicts, words=words,
        ),
        Phrase(f"feasibility.answer.known{'_one' * (len(years) == 1)}", first=years[0], last=years[-1]),
    ]  # fmt: skip
    binding = [a.probability is not None for a in promises(own) if a.target.binding]
    if result.joint_binding is not None:
        fields = {"joint": result.joint_binding, "n": len(binding), "good": sum(binding)}
        parts.append(Phrase("feasibility.answer.binding", **fields))
    elif binding:
        parts.append(Phrase("feasibility.answer.no_binding"))
    key = "feasibility.answer.risk"
    each = [Phrase(key, name=a.target.indicator, chance=a.probability) for a in risks(result)]
    return Joined([*parts, Phrase("feasibility.answer.risks", risks=each)], "sentences")


def places_answer(table: pd.DataFrame, catalogue: Catalogue) -> Text:
    """Return in words where the targets lie in their fans: how many inside the middle half, the one furthest out."""
    if table.empty:
        return Phrase("feasibility.places.none")
    row, places = table.iloc[0], table["percentile"]
    return Phrase(
        "feasibility.places.answer",
        n=len(table), inside=places.between(25, 75).sum(), beyond=(~places.between(10, 90)).sum(),
        name=catalogue.indicators[row.indicator], share=float(row.percentile) / 100,
        kept=Phrase(f"feasibility.places.{'below' if row.falls else 'above'}"), chance=float(row.probability),
    )  # fmt: skip


def classes_answer(choices: ByClass, catalogue: Catalogue) -> Text:
    """Return in words how the choice of the class changes the verdict of the plan's headline target."""
    used = choices.used
    known = {name: one for name, one in choices.assessments.items() if one.probability is not None}
    if used is None or used.probability is None or not known:
        return Phrase("calibration.class.no_target")
    target = used.target
    value, unit = (None, "") if used.required is None else used.required.in_unit(target.unit)
    needs: Mapping[str, str] = by_language(lambda lang: amount_text(value, unit, lang, catalogue))
    others = [(one.probability or 0.0, load_class(n)) for n, one in known.items() if n != used.reference]
    others.sort(key=lambda other: (other[0], other[1].name("en"), other[1].id))
    between: Text | str = ""
    if others:
        (low, lowest), (high, highest) = others[0], others[-1]
        between = Phrase("calibration.class.between", low=low, high=high, low_name=lowest, high_name=highest)
    verdicts = [Phrase(f"terms.{name}") for name in dict.fromkeys(one.verdict for one in known.values())]
    change = "calibration.class.depends" if len(verdicts) > 1 else "calibration.class.same"
    if needs["en"].endswith(("%", "pp")):
        needs = Phrase("calibration.class.a_year", needs=needs)
    return Phrase(
        "calibration.class.answer",
        name=target.indicator, goal=promise(target, catalogue), needs=needs, chance=used.probability, between=between,
        own=load_class(used.reference) if used.reference else NONE, verdict=Phrase(f"terms.{used.verdict}"),
        change=Phrase(change, verdicts=verdicts),
    )  # fmt: skip


def read_scenarios(table: pd.DataFrame, results: Results, lang: str) -> Reading:
    """Return the chances of targets as read, a column a scenario; table: see comparing.scenarios_table."""
    first = table.drop_duplicates(KEY).reset_index(drop=True)
    for key, result in results.items():
        own = first[KEY].merge(table[table.scenario == key], how="left").astype({"probability": object})
        chances = [None if pd.isna(chance) else chance for chance in own.probability]
        texts = [f"{percent(p)} {word(v, lang)}" for p, v in zip(chances, own.verdict, strict=True)]
        first[result.scenario.name[lang]] = texts
    columns = ("number", "indicator", "target", *(result.scenario.name[lang] for result in results.values()))
    plan = next(iter(results.values())).plan
    return read(first, lang, columns, name=f"{plan.name}-scenarios", catalogue=plan.catalogue)


def read_beside(results: Results, lang: str) -> Reading:
    """Return several plans beside each other, a column a plan, by theme: its promises, then each that two of them share."""
    shared, rows = shared_table(results), []
    names = {plan: result.plan.short[lang] for plan, result in results.items()}
    catalogue = next(iter(results.values())).plan.catalogue
    ahead = {
        plan: grouped(promises(result.ahead), lambda a: a.target.indicator.theme)
        for plan, result in results.items()
    }
    for theme in THEMES:
        own = {plan: themes.get(theme, []) for plan, themes in ahead.items()}
        if not any(own.values()):
            continue
        row = {names[plan]: _counted(each, lang) for plan, each in own.items()}
        row |= {"theme": phrase(f"report.themes.{theme}", lang)}
        rows.append(row | {"indicator": phrase("compared.together", lang)})
        of_theme = shared[shared.indicator.map(lambda name: catalogue.indicators[name].theme) == theme]
        for (indicator, _), group in of_theme.groupby(["indicator", "kind"], sort=False):
            row = {"theme": "", "indicator": catalogue.indicators[indicator].name(lang)}
            for plan, part in group.groupby("plan", sort=False):
                told = [_promised(each, lang, catalogue) for each in read(part, lang).rows]
                row[names[plan]] = join(told, lang, "clauses")
            rows.append(row)
    table = pd.DataFrame(rows, columns=["theme", "indicator", *names.values()]).fillna(NONE)
    cells: Cells = {"theme": None, "indicator": "{indicator}", **dict.fromkeys(names.values())}
    return read(table, lang, cells, name="plans-by-theme", catalogue=catalogue)


def _counted(promised: Sequence[Assessment], lang: str) -> str:
    """How many promises, how many can be judged, and how many are more likely met than not."""
    good = [a.probability for a in promised if a.probability is not None]
    fields = {"n": len(promised), "good": len(good), "likely": sum(chance >= 0.5 for chance in good)}
    return phrase("compared.counted", lang, **fields) if promised else NONE


def _promised(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    """A promise with its year and chance."""
    text = phrase("review.in_year", lang, year=row["target_year"], mark="")
    return f"{promise_text(row, lang, catalogue)}{text} {percent(row['probability'])}"


def plans_answer(results: Results) -> Text:
    """Return in words how the plans stand side by side, empty where there is only one."""
    if len(results) < 2:
        return Joined([])
    given = list(results.values())
    each = [Phrase("compared.plan", name=r.plan.short, n=len(r.assessable), joint=r.joint) for r in given]
    return Phrase("compared.plans", scenario=given[0].scenario.name, each=Joined(each, "commas"))


def comparison_answer(results: Results) -> Text:
    """Return in words how much the scenario matters: joint chances, and the target that moves most."""
    listed = [Phrase("compared.joint", name=r.scenario.name, joint=r.joint) for r in results.values()]
    first = next(iter(results.values()))
    once = {a.target.id for a in promises(first.assessments)}
    beside = zip(*(r.assessments for r in results.values()), strict=True)
    shown = (each for each in beside if each[0].target.id in once)
    most = widest((each[0].target.indicator, [a.probability for a in each]) for each in shown)
    if most is None and not any(result.assessable for result in results.values()):
        return Phrase("compared.none")
    all_met = Phrase("compared.all_met", plan=first.plan.short, each=Joined(listed, "commas"))
    return Joined([all_met, Phrase("compared.most", **most) if most else ""], "sentences")


def widest(chances: Iterable[tuple[Indicator, Sequence[float | None]]]) -> dict[str, Any] | None:
    """Return the name of what has the chances furthest apart, with the lowest and the highest; None: nothing has two."""
    known = ((name, [p for p in each if p is not None]) for name, each in chances)
    spans: Iterable[dict[str, Any]] = (
        {"name": name, "low": min(each), "high": max(each)} for name, each in known if len(each) > 1
    )
    return max(spans, key=lambda span: span["high"] - span["low"], default=None)


def _unit(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    unit: Text | str = unit_text(row["unit"], lang, catalogue)
    unit = Phrase("trajectories.base_100") if unit == "index" else unit
    return join([unit, Phrase(f"trajectories.measure.{row['measure']}")], lang, "commas")


PRICES: Cells = {
    "number": None, "indicator": None, "price_basis": "{price_basis:term}", "nominal": "{nominal:in_percent.1}",
    "deflator": "{deflator:in_percent.1}", "real": "{real:in_percent.1}", "nominal_end": "{nominal_end:figure.1}",
    "past_deflator": "{past_deflator:in_percent.1}",
}  # fmt: skip
"""Of the table of growth at current and at comparable prices."""
OWN: Cells = {"unit": _unit, "path_shape": "{path_shape:term}"}


def by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of milestones with a column a year, and the growth of the first and of the last year in %."""
    wide = table.pivot(index=OF_PATHS, columns="year", values="value").reset_index()
    order = table[OF_PATHS].drop_duplicates()
    wide = order.merge(wide, on=OF_PATHS, how="left")
    years = sorted(name for name in wide.columns if not isinstance(name, str))
    for name, pair in {"first_growth": years[:2], "last_growth": years[-2:]}.items():
        before, after = (wide[year].where(wide[year] > 0) for year in pair)
        wide[name] = 100 * (after / before - 1)
    wide.columns = [str(name) for name in wide.columns]
    return called(wide, table.attrs.get("name", "milestones"))


def read_by_year(table: pd.DataFrame, lang: str, columns: tuple[str, ...], catalogue: Catalogue) -> Reading:
    """Return milestones as read: the columns named, then a column a year; of path shapes the growth at both ends too."""
    if table.empty:
        return read(table, lang, columns)
    wide = by_year(table)
    cells = {name: OWN.get(name) for name in columns}
    cells |= {year: _year(year) for year in wide.columns if year.isdigit()}
    if columns == BY_SHAPE:
        cells |= {name: f"{{{name}:in_percent.1}}" for name in ("first_growth", "last_growth")}
    return read(wide, lang, cells, catalogue=catalogue)


def _year(year: str) -> Cell:
    def cell(row: Mapping, lang: str, _: Catalogue) -> str:
        values = (value for name, value in row.items() if name.isdigit() and value is not None)
        return NONE if row[year] is None else _beside(row[year], values)

    return cell


def _beside(value: float, values: Iterable[float]) -> str:
    """A figure with the decimals of the row it stands in."""
    return figure(round(float(value), 2 if max(map(abs, values)) < 1000 else 1))


def trajectories_answer(result: PlanTrajectories) -> Text:
    """Return the answer in a sentence: what the first target asks for, and how many have a path."""
    if not result.milestones:
        return Phrase("trajectories.none")
    (first,) = result.first()
    values, years = first.path.values, [int(year) for year in first.path.years]
    shown = [_beside(value, values) for value in values]
    between = list(zip(years, shown, strict=True))[1:-1]
    way = [Phrase("charts.at.year", year=year, text=value) for year, value in between]
    goal = promise(first.target, result.plan.catalogue) if first.measure == "level" else shown[-1]
    index = Phrase("trajectories.index", year=years[0]) if first.measure == "index" else ""
    fields = {"first": years[0], "last": years[-1], "start": figure(values[0]), "goal": goal, "index": index}
    fields |= {"shape": Phrase(f"terms.{result.shape}"), "way": way, "growth": _growth_of(first) or ""}
    parts = [
        Phrase("trajectories.way", name=first.target.indicator, **fields),
        Phrase("trajectories.count", n=len(result.targets), with_path=len(result.milestones)),
    ]
    return Joined(parts, "sentences")


def _growth_of(goal: Milestones) -> Phrase | None:
    values = goal.path.values
    n_years = len(values) - 1
    if goal.target.indicator.scale == "share":
        return Phrase("trajectories.points", change=float((values[-1] - values[0]) / n_years))
    if n_years < 1 or not (values[0] > 0 and values[-1] > 0):
        return None
    return Phrase("trajectories.growth", rate=float((values[-1] / values[0]) ** (1 / n_years) - 1))
