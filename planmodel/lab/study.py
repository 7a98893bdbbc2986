"""Studies: the checked parameters of a notebook or a command, with what they name loaded."""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from planmodel.arguments import is_number
from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.arithmetic.periods import parse_moment
from planmodel.audit import change_figures, changes_in
from planmodel.drafting import chances_in
from planmodel.drivers import Given, assumptions_in
from planmodel.errors import QUOTED, Fault, Hint, PlanmodelError, quoted, unknown
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.forecasts.fans import BAND_KINDS
from planmodel.forecasts.reference import reference_names
from planmodel.plans import Plan, load_plan, plan_names
from planmodel.plans.scenarios import Scenario, load_scenario, scenario_names
from planmodel.words import LANGS, Joined, Phrase, id_of, ids_of
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
    "chance": "0.7",
    "redraft": 1,
    "as_of": 0,
    "n_draws": N_DRAWS,
    "seed": SEED,
    "lang": "en",
}
"""Every parameter a notebook may have, with its default; a notebook's own cell holds those it uses."""
SEVERAL = ("plans", "scenarios", "indicators")  # parameters that name several
EXAMPLES = {
    "chance": "0.7, binding=0.9",
    "assumptions": "investment_share=43, productivity=0.8",
    "changes": "services_va.target=1434",
}
IN_YEARS = ("capital_output",)  # assumptions that are no shares


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
    chances: Mapping[str, float]
    redraft: bool
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
        rows = vars(self) | {
            "plan": self.plan.title,
            "plans": Joined([plan.short for plan in self.plans], "list"),
            "scenario": self.scenario.name,
            "scenarios": Joined([scenario.name for scenario in self.scenarios], "list"),
            "indicators": ", ".join(self.indicators) or Phrase("lab.all"),
            "path_shape": Phrase(f"terms.{self.path_shape}"),
            "bands": Phrase(f"terms.{self.bands}"),
            "reference": self.reference or Phrase("lab.by_indicator"),
            "changes": ", ".join(f"{k} = {v}" for k, v in self.changes.items()) or Phrase("lab.none"),
            "assumptions": _given_text(self.assumptions) or Phrase("lab.as_in_file"),
            "chance": ", ".join(f"{k}={v:g}".removeprefix("=") for k, v in self.chances.items()),
            "redraft": Phrase("lab.all" if self.redraft else "lab.blank"),
            "as_of": self.as_at or Phrase("lab.everything"),
        }
        named = [name for name in self.given if name != "lang"]
        return Phrase("lab.study"), [(Phrase(f"lab.given.{name}"), rows[name]) for name in named]


def _given_text(given: Given) -> str:
    values = given.values.items()
    said = [f"{n} = {v:g}" if n in IN_YEARS else f"{n} = {100 * v:g}%" for n, v in values]
    return ", ".join([*said, *([f"reading = {given.reading}"] if given.reading != "economy" else [])])


def names_in(value: object, known: Mapping[str, object] | Collection[str] = ()) -> tuple[str, ...]:
    """Return the names in a list, or in a text that separates them by commas or spaces; those of known things as their ids.

    >>> names_in("low, high"), names_in(["low"]), names_in(""), names_in(None)
    (('low', 'high'), ('low',), (), ())
    >>> from planmodel.plans.catalogue import load_catalogue
    >>> names_in("Services value added, gdp", load_catalogue().indicators)
    ('services_va', 'gdp')
    """
    parts = re.split("[,，、;；\n]", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple | set | frozenset):
        return () if parts is None else (quoted(parts),)
    whole = ids_of([part if isinstance(part, str) else quoted(part) for part in parts], known)
    if not isinstance(value, str):
        return whole
    return ids_of([word for name in whole for word in ([name] if name in known else name.split())], known)


def _plain(name: str, value: object) -> object:
    """Return a parameter's value in its usual form, where what is meant is plain: nothing is the default, a number may be text.

    >>> _plain("seed", "12"), _plain("seed", 1e3), _plain("plan", ["a"]), _plain("assumptions", {"productivity": 1})
    (12, 1000, 'a', 'productivity=1')
    >>> _plain("chance", 0.9), _plain("redraft", True), _plain("seed", True)
    ('0.9', 1, True)
    """
    default = DEFAULTS[name]
    if value is None:
        return default
    if name in ("assumptions", "changes", "chance"):
        entries = [f"{key}={each}" for key, each in value.items()] if isinstance(value, Mapping) else value
        entries = entries if isinstance(entries, list | tuple) else [value]
        if name == "chance":  # papermill hands over -p chance 0.9 as a number
            entries = [f"{each:g}" if is_number(each) else each for each in entries]
        return ", ".join(map(str, entries)) if all(isinstance(each, str) for each in entries) else value
    if isinstance(value, list | tuple) and len(value) == 1 and name not in SEVERAL:
        value = value[0]
    if isinstance(default, int):
        if name == "redraft" and isinstance(value, bool):
            return int(value)
        if isinstance(value, str):
            text = unicodedata.normalize("NFKC", value[:QUOTED]).strip()
            return int(text) if re.fullmatch("[0-9]{1,18}", text) else value
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
            return int(value)
    return value


def check_parameters(parameters: Mapping[str, object]) -> Study:
    """Return the study of some parameters (the rest by default); raise with every fault at once.

    Errors: PlanmodelError for unknown names (with the nearest known) and values of the wrong type, in the language of
    the parameters.
    """
    faults: list[Fault] = []
    for name in parameters:
        if name not in DEFAULTS:
            do = Phrase("lab.own_below", hint=Hint(str(name), DEFAULTS))
            faults.append(Fault("parameter", Phrase("lab.known_name"), quoted(name), do=do))
    named = {name: value for name, value in parameters.items() if name in DEFAULTS and value is not None}
    given = {**DEFAULTS, **{name: _plain(name, value) for name, value in named.items()}}

    def whole(name: str, low: int, high: int) -> int:
        value = given[name]
        if type(value) is not int or not low <= value <= high:
            faults.append(Fault(name, Phrase("lab.whole", low=low, high=high), quoted(value)))
            return low
        return value

    def chosen(name: str, known: Collection[str], load: Callable[[str], object] | None = None) -> str:
        value = given[name]
        if isinstance(value, str) and load and value not in known:
            value = id_of(value, _loaded(known, load))
        if isinstance(value, str) and (value in known or value == DEFAULTS[name] == ""):
            return value
        faults.append(unknown(name, value if isinstance(value, str) else quoted(value), known))
        return str(DEFAULTS[name])

    def several(name: str, known: Collection[str], load: Callable[[str], object]) -> tuple[str, ...]:
        values = names_in(given[name], known)
        if not set(values) <= set(known):
            values = names_in(given[name], _loaded(known, load))
        faults.extend(unknown(name, value, known) for value in values if value not in known)
        return tuple(value for value in values if value in known)

    def text(name: str) -> str:
        value = given[name]
        if isinstance(value, str):
            return value
        faults.append(Fault(name, Phrase("lab.text_such_as", example=EXAMPLES[name]), quoted(value)))
        return ""

    names = several("plans", plan_names(), load_plan)
    if "plan" not in named and (names or given["plan"] not in plan_names()):  # no shipped plan is needed
        given["plan"] = next(iter(names or plan_names()), given["plan"])
    plan_name = chosen("plan", plan_names(), load_plan)
    scenario_name = chosen("scenario", scenario_names(), load_scenario)
    if "scenarios" not in named:
        given["scenarios"] = scenario_name
    scenario_list = several("scenarios", scenario_names(), load_scenario)
    shape, bands = chosen("path_shape", PATH_SHAPES), chosen("bands", BAND_KINDS)
    reference = chosen("reference", reference_names())
    lang = chosen("lang", LANGS)
    moment, as_of = given["as_of"], 0
    if isinstance(moment, str) and moment.strip():
        try:
            parse_moment(moment, 0)
        except PlanmodelError as error:
            faults += [replace(fault, what="as_of") for fault in error.faults]
    else:
        given["as_of"] = moment = 0 if isinstance(moment, str) else moment
        as_of = whole("as_of", 0, 2200)
        if 0 < as_of < 1900:
            faults.append(Fault("as_of", Phrase("lab.year"), quoted(moment)))
    n_draws, seed = whole("n_draws", *DRAWS_RANGE), whole("seed", 0, 2**63 - 1)
    redraft = whole("redraft", 0, 1)
    assumptions, chances = assumptions_in(""), chances_in("")
    try:
        assumptions, chances = assumptions_in(text("assumptions")), chances_in(text("chance"))
    except PlanmodelError as error:
        faults += error.faults
    changed = text("changes")
    if faults:
        raise PlanmodelError(Phrase("lab.faults") if len(faults) > 1 else "", faults, lang)
    try:
        plan = load_plan(plan_name)
        indicators = names_in(given["indicators"], plan.catalogue.indicators)
        plan.select(indicators)
        changes = changes_in(changed)
        change_figures(plan, changes)
        return Study(
            plan=plan, plans=tuple(load_plan(name) for name in names) or (plan,), scenario=load_scenario(scenario_name),
            scenarios=tuple(load_scenario(name) for name in scenario_list), indicators=indicators, path_shape=shape,
            bands=bands, reference=reference or None, changes=changes, assumptions=assumptions, chances=chances,
            redraft=bool(redraft), as_of=as_of or str(moment or "") or None, as_at=str(moment or ""), n_draws=n_draws,
            seed=seed, lang=lang, given=tuple(name for name in DEFAULTS if name in parameters),
        )  # fmt: skip
    except PlanmodelError as error:
        error.lang = lang
        raise


def _loaded(names: Collection[str], load: Callable[[str], object]) -> dict[str, object]:
    """Return what stands behind some names, as far as it can be loaded; it is asked for its own names."""
    things: dict[str, object] = dict.fromkeys(names)
    for name in names:
        with contextlib.suppress(PlanmodelError):
            things[name] = load(name)
    return things


def parameters_problem(parameters: Mapping[str, object]) -> tuple[Fault, ...]:
    """Return the faults of some parameters, none where a study can be opened with them."""
    try:
        check_parameters(parameters)
    except PlanmodelError as error:
        return error.faults or (Fault("parameters", Phrase("lab.fitting"), str(error)),)
    return ()
