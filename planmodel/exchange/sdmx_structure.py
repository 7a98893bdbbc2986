"""SDMX-JSON 2.0: the structure of the data that `planmodel.exchange.sdmx` writes: concepts and code lists with their names."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial

from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.exchange import INDEX, quantile_name
from planmodel.exchange.sdmx import (
    AGENCY,
    COMPONENTS,
    NOT_APPLICABLE,
    REPRESENTATIONS,
    STRUCTURE,
    UNIT_CODES,
    VERSION,
    Names,
    quantile_code,
    unit_code,
)
from planmodel.forecasts.fans import QUANTILES
from planmodel.plans import CHOICES, KINDS, Plan
from planmodel.plans.catalogue import BASES, Catalogue, Unit
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase, by_language, group, phrase

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)


def code_lists(
    catalogue: Catalogue, plans: Iterable[Plan], scenarios: Iterable[Scenario]
) -> dict[str, Mapping[str, Names]]:
    """Return the code lists: list id -> code -> its names."""
    none: dict[str, Names] = {NOT_APPLICABLE: Phrase("exchange.not_applicable")}
    quantile_names = {
        quantile_code(name): Phrase("exchange.quantile", q={"zh": f"{100 * float(name):g}%", "en": name})
        for name in map(quantile_name, QUANTILES)
    }
    measures = (*CHOICES["measures"], *KINDS, "index", "cumulated", "flow", "change")
    return {
        "CL_FREQ": group("exchange.FREQ."),
        "CL_AREA": {r.id: by_language(r.name) for r in catalogue.regions.values()},
        "CL_INDICATOR": {i.id: by_language(i.name) for i in catalogue.indicators.values()},
        "CL_MEASURE": _terms(measures, "measures"),
        "CL_PLAN": {plan.name: plan.title for plan in plans},
        "CL_FIGURE": group("exchange.FIGURE."),
        "CL_SCENARIO": none | {s.id: s.name for s in scenarios},
        "CL_PATH_SHAPE": none | _terms(PATH_SHAPES),
        "CL_QUANTILE": none | quantile_names,
        "CL_OBS_STATUS": group("exchange.OBS_STATUS."),
        "CL_UNIT_MEASURE": _unit_measures(catalogue),
        "CL_PRICE_BASIS": _terms(BASES) | {"none": Phrase("exchange.no_prices")},
        "CL_COMPARATOR": _terms(CHOICES["comparators"], "comparators"),
        "CL_TARGET_ATTRIBUTE": _terms(CHOICES["attributes"]),
        "CL_TARGET_STATUS": _terms(CHOICES["statuses"]),
        "CL_VINTAGE": _terms(CHOICES["vintages"], "vintages"),
    }


def _terms(codes: Iterable[str], kind: str = "") -> dict[str, Names]:
    """Return codes with what they are called: of a kind here, of a kind among the terms, or as a term."""
    known = group("terms.") | group(f"terms.{kind}.") | group(f"exchange.{kind}.")
    return {code: known[code] for code in codes}


def _unit_measures(catalogue: Catalogue) -> dict[str, Names]:
    """Each code with the names of its unit without multiplier: yuan for 100 million yuan."""

    def bare(unit: Unit, lang: str) -> str:
        return re.sub(phrase("exchange.powers", lang), "", unit.name(lang)) or unit.dimension

    known = dict[str, Names]({UNIT_CODES[INDEX]: Phrase("exchange.index")})
    for unit in sorted(catalogue.units.values(), key=lambda u: abs(math.log10(u.factor))):
        known.setdefault(unit_code(unit)[0], by_language(partial(bare, unit)))
    return dict(sorted(known.items()))


def structure_message(catalogue: Catalogue, plans: Iterable[Plan], scenarios: Iterable[Scenario]) -> dict:
    """Return the data structure definition with concepts and code lists, as an SDMX-JSON 2.0 structure message.

    plans, scenarios: those whose codes the data use.
    """
    of_role: dict[str, list[dict]] = {role: [] for role in REPRESENTATIONS}
    for component in COMPONENTS:
        coded = {"enumeration": _urn("codelist.Codelist", component.codelist)}
        typed = {"format": {"dataType": component.representation}}
        concept = _urn("conceptscheme.Concept", "CONCEPTS", component.id)
        made = {"id": component.id, "conceptIdentity": concept}
        of_role[component.role].append(made | {"localRepresentation": coded if component.codelist else typed})
    attribute = {"usage": "optional", "attributeRelationship": {"observation": {}}}
    dimensions = [dimension | {"position": number} for number, dimension in enumerate(of_role["dimension"])]
    parts = {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": dimensions,
            "timeDimension": of_role["time"][0],
        },
        "measureList": {"id": "MeasureDescriptor", "measures": of_role["measure"]},
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": [a | attribute for a in of_role["attribute"]],
        },
    }
    names = {component.codelist: component.names for component in reversed(COMPONENTS)}
    concepts = [_named(c.id, c.names) for c in COMPONENTS]

    def code(of: str, id: str, called: Names) -> dict:
        parent = catalogue.regions[id].parent if of == "CL_AREA" else ""
        return _named(id, called) | ({"parent": parent} if parent else {})

    lists = [
        _maintained(of, names[of]) | {"codes": [code(of, id, called) for id, called in codes.items()]}
        for of, codes in code_lists(catalogue, plans, scenarios).items()
    ]
    return {
        "meta": {
            "schema": SCHEMA,
            "id": f"{STRUCTURE}_STRUCTURE",
            "test": False,
            "prepared": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "contentLanguages": ["en", "zh"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "conceptSchemes": [_maintained("CONCEPTS", Phrase("exchange.concepts")) | {"concepts": concepts}],
            "codelists": lists,
            "dataStructures": [
                _maintained(STRUCTURE, Phrase("exchange.plans")) | {"dataStructureComponents": parts}
            ],
        },
    }


def _named(id: str, names: Names) -> dict:
    return {"id": id, "name": names["en"], "names": {"en": names["en"], "zh": names["zh"]}}


def _maintained(id: str, names: Names) -> dict:
    return _named(id, names) | {"agencyID": AGENCY, "version": VERSION}


def _urn(kind: str, of: str, item: str = "") -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{of}({VERSION}){'.' * bool(item)}{item}"
