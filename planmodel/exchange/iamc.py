"""IAMC layout: one row a series (model, scenario, region, variable, unit) and a column a year, as pyam reads it."""

from collections.abc import Iterable

import pandas as pd

from planmodel import __version__
from planmodel.exchange import INDEX, Series, significant
from planmodel.feasibility.assessments import PlanAssessment
from planmodel.plans.catalogue import Catalogue, load_catalogue

INDEX_COLUMNS = ("Model", "Scenario", "Region", "Variable", "Unit")
SMALL_WORDS = frozenset(
    ["a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "with"]
)


def model_name(plan: str) -> str:
    """Return the model column of a plan: program, version and plan, as each plan has results of its own.

    >>> model_name("linhai-14fyp").endswith(" linhai-14fyp")
    True
    """
    return f"planmodel {__version__} {plan}"


def title_case(name: str) -> str:
    """Return a name as the variables of the IAMC layout are written.

    >>> title_case("R&D expenditure as a share of GDP"), title_case("constant_growth")
    ('R&D Expenditure as a Share of GDP', 'Constant Growth')
    """
    first, *words = name.replace("_", " ").replace("|", "/").split(" ")
    large = (word if word in SMALL_WORDS else word[:1].upper() + word[1:] for word in words)
    return " ".join((first[:1].upper() + first[1:], *large))


def distinct_names(names: dict[str, str]) -> dict[str, str]:
    """Return names by id; where two share one, the id is added, so that a name leads back to its id.

    >>> distinct_names({"pc": "items", "each": "items", "firm": "firms"})
    {'pc': 'items (pc)', 'each': 'items (each)', 'firm': 'firms'}
    """
    listed = list(names.values())
    return {key: name if listed.count(name) == 1 else f"{name} ({key})" for key, name in names.items()}


def titles_of(catalogue: Catalogue) -> dict[str, str]:
    """Return what each indicator is called in a variable."""
    return distinct_names({i.id: title_case(i.name_en) for i in catalogue.indicators.values()})


def units_of(catalogue: Catalogue) -> dict[str, str]:
    """Return what each unit is called."""
    return distinct_names({unit.id: unit.name_en for unit in catalogue.units.values()})


def to_iamc(series: Iterable[Series], catalogue: Catalogue | None = None) -> pd.DataFrame:
    """Return series in the IAMC layout: Model, Scenario, Region, Variable, Unit, and the years as columns.

    Variables: indicator, target key, figure, measure, and path shape or quantile, joined by |. Units by their English
    names. Years without a figure are missing.

    >>> from planmodel.exchange import Series
    >>> path = Series("p", "T1/1/1", "gdp", "linhai", "low", "trajectory", "level", "linear", "%", None, ((2020, 1.5),))
    >>> to_iamc([path]).iloc[0, 1:5].tolist()
    ['low', 'linhai', 'Gross Domestic Product|T1/1/1|Trajectory|Level|Linear', '%']
    """
    catalogue = catalogue or load_catalogue()
    titles, units = titles_of(catalogue), units_of(catalogue)
    rows, keys = [], []
    for item in series:
        unit = f"index ({item.base_period} = 100)" if item.unit == INDEX else units[item.unit]
        variant = f"Quantile {item.variant}" if item.figure == "fan" else title_case(item.variant)
        what = (title_case(item.figure), title_case(item.measure), variant)
        variable = "|".join(filter(None, (titles[item.indicator], item.target, *what)))
        keys.append((model_name(item.plan), item.scenario, item.region, variable, unit))
        rows.append(dict(item.values))
    years = sorted({year for row in rows for year in row})
    index = pd.DataFrame(keys, columns=list(INDEX_COLUMNS), dtype=str)
    return index.join(pd.DataFrame(rows, columns=years, index=index.index, dtype=float))


def meta_table(results: Iterable[PlanAssessment], n_draws: int, seed: int) -> pd.DataFrame:
    """Return the meta indicators, one row a model and scenario, as pyam's load_meta reads them.

    Of the plan: its name, title, region, years, draws, seed, joint probabilities. Of each target, with the first
    levels of its variables in the name: verdict, probability, comparator, attribute, price basis.
    """

    def rounded(value: float | None) -> float | None:
        return None if value is None else significant(value)

    rows = []
    for result in results:
        plan = result.plan
        titles = titles_of(plan.catalogue)
        row = {
            "Model": model_name(plan.name),
            "Scenario": result.scenario.id,
            "Plan": plan.name,
            "Title": plan.title["en"],
            "Plan Region": plan.region,
            "First Year": plan.period[0],
            "Last Year": plan.period[1],
            "Version": __version__,
            "Draws": n_draws,
            "Seed": seed,
            "Joint Probability": rounded(result.joint),
            "Joint Probability|Binding": rounded(result.joint_binding),
        }
        for assessed in result.assessments:
            target = assessed.target
            known = {
                "Verdict": assessed.verdict,
                "Probability": rounded(assessed.probability),
                "Comparator": target.comparator or None,
                "Attribute": target.attribute,
                "Price Basis": target.price_basis or None,
                "Known To": None if assessed.probability is None else assessed.known_to,
            }
            stem = f"{titles[target.indicator.id]}|{target.id}"
            row |= {f"{name}|{stem}": value for name, value in known.items()}
        rows.append(row)
    return pd.DataFrame(rows).dropna(axis=1, how="all")
