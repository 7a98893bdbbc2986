"""The data structure of the SDMX export: dimensions, attributes, code lists, and the message a registry loads."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from planmodel.arithmetic.paths import PATH_SHAPES
from planmodel.exchange import INDEX, quantile_name
from planmodel.forecasts.fans import QUANTILES
from planmodel.plans import CHOICES, KINDS, Plan
from planmodel.plans.catalogue import BASES, Catalogue, Unit
from planmodel.plans.scenarios import Scenario
from planmodel.words import Phrase, by_language, phrase
from planmodel.words.phrases import group

AGENCY, STRUCTURE, VERSION = "PLANMODEL", "PLANS", "1.0.0"
STRUCTURE_ID = f"{AGENCY}:{STRUCTURE}({VERSION})"
NOT_APPLICABLE = "_Z"
SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)
UNIT_CODES = {"percent": "PT", "pp": "PP", "person": "PS", INDEX: "IX"}
"""Codes of dimensions whose own name is no code; currencies have their ISO 4217 code."""
Names = Mapping[str, str]
"""What something is called, by language."""


@dataclass(frozen=True)
class Component:
    """A column of the data: a dimension, the measure or an attribute; coded by a list (CL_...), or of a data type."""

    id: str
    role: str
    representation: str

    @property
    def codelist(self) -> str:
        return self.representation if self.representation.startswith("CL_") else ""

    @property
    def names(self) -> Names:
        return Phrase(f"exchange.components.{self.id}")


REPRESENTATIONS = {
    "dimension": {"FREQ": "CL_FREQ", "REF_AREA": "CL_AREA", "INDICATOR": "CL_INDICATOR", "MEASURE": "CL_MEASURE", "PLAN": "CL_PLAN", "FIGURE": "CL_FIGURE", "TARGET": "String", "SCENARIO": "CL_SCENARIO", "PATH_SHAPE": "CL_PATH_SHAPE", "QUANTILE": "CL_QUANTILE", "OBS_NO": "Integer"},
    "time": {"TIME_PERIOD": "ObservationalTimePeriod"},
    "measure": {"OBS_VALUE": "Double"},
    "attribute": {"OBS_STATUS": "CL_OBS_STATUS", "UNIT_MEASURE": "CL_UNIT_MEASURE", "UNIT_MULT": "Integer", "UNIT": "String", "DECIMALS": "Integer", "BASE_PER": "String", "PRICE_BASIS": "CL_PRICE_BASIS", "COMPARATOR": "CL_COMPARATOR", "UPPER_VALUE": "Double", "TARGET_ATTRIBUTE": "CL_TARGET_ATTRIBUTE", "TARGET_STATUS": "CL_TARGET_STATUS", "RELATIVE_TO": "CL_INDICATOR", "DEFINITION": "String", "VINTAGE": "CL_VINTAGE", "PUBLISHED": "String", "SOURCE": "String", "SOURCE_URL": "String", "OUTTURN_OF": "String", "PRINTED": "String", "COMMENT_OBS": "String"},
}  # fmt: skip
"""By role, each component with its code list or data type, in the order of the columns."""
COMPONENTS = tuple(
    Component(id, role, representation)
    for role, of in REPRESENTATIONS.items()
    for id, representation in of.items()
)
DIMENSIONS = tuple(c.id for c in COMPONENTS if c.role in ("dimension", "time"))
COLUMNS = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in COMPONENTS))


def quantile_code(name: str) -> str:
    """Return the code of a quantile: its percentile, with _ for the decimal point.

    >>> quantile_code("0.025"), quantile_code("0.5"), quantile_of("P2_5")
    ('P2_5', 'P50', '0.025')
    """
    return f"P{100 * float(name):.6g}".replace(".", "_")


def quantile_of(code: str) -> str:
    """Return the quantile behind a code."""
    return quantile_name(float(code[1:].replace("_", ".")) / 100)


def unit_code(unit: Unit) -> tuple[str, int]:
    """Return UNIT_MEASURE and UNIT_MULT of a unit: the code of its dimension, and the power of ten of its factor.

    A factor that is no power of ten (hours, in minutes) gives the unit a code of its own.

    >>> unit_code(Unit("e8", "100 million yuan", "CNY", 1e8)), unit_code(Unit("h", "hours", "time", 60))
    (('CNY', 8), ('HOURS', 0))
    """
    power = round(math.log10(unit.factor))
    if not math.isclose(10.0**power, unit.factor):
        return _code(unit.name_en), 0
    return UNIT_CODES.get(unit.dimension) or _code(unit.dimension), power


def _code(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper().replace("/", " per ".upper())).strip("_")


def code_lists(
    catalogue: Catalogue, plans: Iterable[Plan], scenarios: Iterable[Scenario]
) -> dict[str, Mapping[str, Names]]:
    """Return the code lists: list id -> code -> its names."""
    none: dict[str, Names] = {NOT_APPLICABLE: Phrase("exchange.not_applicable")}
    quantile_names = {
        name: Phrase("exchange.quantile", q={"zh": f"{100 * float(name):g}%", "en": name})
        for name in map(quantile_name, QUANTILES)
    }
    return {
        "CL_FREQ": group("exchange.FREQ."),
        "CL_AREA": {r.id: by_language(r.name) for r in catalogue.regions.values()},
        "CL_INDICATOR": {i.id: by_language(i.name) for i in catalogue.indicators.values()},
        "CL_MEASURE": _terms(
            (*CHOICES["measures"], *KINDS, "index", "cumulated", "flow", "change"), "measures"
        ),
        "CL_PLAN": {plan.name: plan.title for plan in plans},
        "CL_FIGURE": group("exchange.FIGURE."),
        "CL_SCENARIO": none | {s.id: s.name for s in scenarios},
        "CL_PATH_SHAPE": none | _terms(PATH_SHAPES),
        "CL_QUANTILE": none | {quantile_code(name): text for name, text in quantile_names.items()},
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
    components: dict[str, list[dict]] = {role: [] for role in REPRESENTATIONS}
    for component in COMPONENTS:
        representation: dict = {"format": {"dataType": component.representation}}
        if component.codelist:
            representation = {"enumeration": _urn("codelist.Codelist", component.codelist)}
        made = {
            "id": component.id,
            "conceptIdentity": _urn("conceptscheme.Concept", "CONCEPTS", component.id),
        }
        components[component.role].append(made | {"localRepresentation": representation})
    for number, dimension in enumerate(components["dimension"]):
        dimension["position"] = number
    for attribute in components["attribute"]:
        attribute |= {"usage": "optional", "attributeRelationship": {"observation": {}}}
    (time,) = components["time"]
    parts = {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": components["dimension"],
            "timeDimension": time,
        },
        "measureList": {"id": "MeasureDescriptor", "measures": components["measure"]},
        "attributeList": {"id": "AttributeDescriptor", "attributes": components["attribute"]},
    }
    names = {component.codelist: component.names for component in reversed(COMPONENTS)}
    concepts, regions = [_named(c.id, c.names) for c in COMPONENTS], catalogue.regions

    def code(of: str, id: str, called: Names) -> dict:
        parent = regions[id].parent if of == "CL_AREA" else ""
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
