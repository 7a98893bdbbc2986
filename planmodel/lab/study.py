"""Studies: the checked parameters of a notebook or a command, with what they name loaded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.arithmetic.periods import parse_moment
from planmodel.audit import change_figures, changes_in
from planmodel.drivers import Given, assumptions_in
from planmodel.errors import Fault, PlanmodelError, did_you_mean, unknown
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.forecasts.fans import BAND_KINDS
from planmodel.forecasts.reference import reference_names
from planmodel.plans import Plan, load_plan, plan_names
from planmodel.plans.scenarios import Scenario, load_scenario, scenario_names
from planmodel.words import LANGS, Joined, Phrase
from planmodel.words.cards import Card, Rows

DRAWS_RANGE = (100, 1_000_000)
DEFAULTS: Mapping[str, object] = {
    "plan": "taizhou-services-14fyp",
    "plans": "",
    "scenario": "baseline",
    "scenarios": "baseline, low, high",
    "indicators": "",
    "path_shape": "constant_growth",
    "bands": "central",
    "reference": "",
    "changes": "",
    "assumptions": "",
    "as_of": 0,
    "n_draws": N_DRAWS,
    "seed": SEED,
    "lang": "en",
}
"""Every parameter a notebook may have, with its default; a notebook's own cell holds those it uses."""
EXAMPLES = {"assumptions": "investment_share=43, productivity=0.8", "changes": "services_va.target=1434"}
IN_YEARS = ("capital_output",)
"""Assumptions that are no shares."""


@dataclass(frozen=True, repr=False)
class Study(Card):
    """The checked parameters of a notebook, with what they name loaded; `given` are the names it has itself.

    as_of: the moment of which it is known what was published: a year, or a period or a day as text (`as_at`).
    """

    plan: Plan
    plans: tuple[Plan, ...]
    scenario: Scenario
    scenarios: tuple[Scenario, ...]
    indicators: tuple[str, ...]
    path_shape: str
    bands: str
    reference: str | None
    changes: Mapping[str, str]
    assumptions: Given
    as_of: str | int | None
    as_at: str
    n_draws: int
    seed: int
    lang: str
    given: tuple[str, ...]

    @property
    def options(self) -> dict:
        """The arguments that assess_plan takes."""
        return {"n_draws": self.n_draws, "seed": self.seed, "as_of": self.as_of, "reference": self.reference}

    def _card(self, lang: str) -> tuple[object, Rows]:
        rows = {
            "plan": self.plan.title,
            "plans": Joined([plan.short for plan in self.plans]),
            "scenario": self.scenario.name,
            "scenarios": Joined([scenario.name for scenario in self.scenarios], "list"),
            "indicators": ", ".join(self.indicators) or Phrase("lab.all"),
            "path_shape": Phrase(f"terms.{self.path_shape}"),
            "bands": Phrase(f"terms.{self.bands}"),
            "reference": self.reference or Phrase("lab.by_indicator"),
            "changes": ", ".join(f"{k} = {v}" for k, v in self.changes.items()) or Phrase("lab.none"),
            "assumptions": _given_text(self.assumptions) or Phrase("lab.as_in_file"),
            "as_of": self.as_at or Phrase("lab.everything"),
            "n_draws": self.n_draws,
            "seed": self.seed,
        }
        shown = [(Phrase(f"lab.given.{name}"), rows[name]) for name in self.given if name in rows]
        return Phrase("lab.study"), shown


def _given_text(given: Given) -> str:
    said = [
        f"{name} = {value:g}" if name in IN_YEARS else f"{name} = {100 * value:g}%"
        for name, value in given.values.items()
    ]
    return ", ".join([*said, *([f"reading = {given.reading}"] if given.reading != "economy" else [])])


def names_in(value: object) -> tuple[str, ...]:
    """Return the names in a list, or in a text that separates them by commas or spaces.

    >>> names_in("low, high"), names_in(["low"]), names_in("")
    (('low', 'high'), ('low',), ())
    """
    if isinstance(value, str):
        return tuple(value.replace(",", " ").replace("，", " ").split())
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def check_parameters(parameters: Mapping[str, object]) -> Study:
    """Return the study of some parameters (the rest by default); raise with every fault at once.

    Errors: PlanmodelError for unknown names (with the nearest known) and values of the wrong type, in the language of
    the parameters.
    """
    faults: list[Fault] = []
    for name in parameters:
        if name not in DEFAULTS:
            do = Phrase("lab.own_below", hint=did_you_mean(name, DEFAULTS))
            faults.append(Fault("parameter", Phrase("lab.known_name"), repr(name), do=do))
    given = {**DEFAULTS, **{name: value for name, value in parameters.items() if name in DEFAULTS}}

    def whole(name: str, low: int, high: int) -> int:
        value = given[name]
        if type(value) is not int or not low <= value <= high:
            faults.append(Fault(name, Phrase("lab.whole", low=low, high=high), repr(value)))
            return low
        return value

    def chosen(name: str, known: Collection[str], optional: bool = False) -> str:
        value = given[name]
        if not (isinstance(value, str) and (value in known or (optional and not value))):
            faults.append(unknown(name, str(value), known))
            return str(DEFAULTS[name])
        return value

    def several(name: str, known: Collection[str]) -> tuple[str, ...]:
        values = names_in(given[name])
        faults.extend(unknown(name, str(value), known) for value in values if value not in known)
        return tuple(value for value in values if value in known)

    def text(name: str) -> str:
        value = given[name]
        if isinstance(value, str):
            return value
        faults.append(Fault(name, Phrase("lab.text_such_as", example=EXAMPLES[name]), repr(value)))
        return ""

    plan_name = chosen("plan", plan_names())
    names = several("plans", plan_names())
    scenario_name = chosen("scenario", scenario_names())
    if "scenarios" not in parameters:
        given["scenarios"] = scenario_name
    scenario_list = several("scenarios", scenario_names())
    shape, bands = chosen("path_shape", PATH_SHAPES), chosen("bands", BAND_KINDS)
    reference = chosen("reference", reference_names(), optional=True)
    lang = chosen("lang", LANGS)
    moment, as_of = given["as_of"], 0
    if isinstance(moment, str) and moment and not moment.isdigit():
        try:
            parse_moment(moment, 0)
        except PlanmodelError as error:
            faults += error.faults
    else:
        given["as_of"] = int(moment or 0) if isinstance(moment, str) else moment
        as_of = whole("as_of", 0, 2200)
        if 0 < as_of < 1900:
            faults.append(Fault("as_of", Phrase("lab.year"), repr(moment)))
    n_draws, seed = whole("n_draws", *DRAWS_RANGE), whole("seed", 0, 2**63 - 1)
    assumptions = assumptions_in("")
    try:
        assumptions = assumptions_in(text("assumptions"))
    except PlanmodelError as error:
        faults += error.faults
    changed = text("changes")
    if faults:
        raise _in(lang, PlanmodelError(Phrase("lab.faults"), faults))
    try:
        plan, indicators = load_plan(plan_name), names_in(given["indicators"])
        plan.select(indicators)
        changes = changes_in(changed)
        change_figures(plan, changes)
        return Study(
            plan=plan,
            plans=tuple(load_plan(name) for name in names) or (plan,),
            scenario=load_scenario(scenario_name),
            scenarios=tuple(load_scenario(name) for name in scenario_list),
            indicators=indicators,
            path_shape=shape,
            bands=bands,
            reference=reference or None,
            changes=changes,
            assumptions=assumptions,
            as_of=as_of or str(moment or "") or None,
            as_at=str(moment or ""),
            n_draws=n_draws,
            seed=seed,
            lang=lang,
            given=tuple(name for name in DEFAULTS if name in parameters),
        )
    except PlanmodelError as error:
        raise _in(lang, error) from None


def _in(lang: str, error: PlanmodelError) -> PlanmodelError:
    error.lang = lang
    return error


def parameters_problem(parameters: Mapping[str, object]) -> tuple[Fault, ...]:
    """Return the faults of some parameters, none where a study can be opened with them."""
    try:
        check_parameters(parameters)
    except PlanmodelError as error:
        return error.faults or (Fault("parameters", Phrase("lab.fitting"), str(error)),)
    return ()
