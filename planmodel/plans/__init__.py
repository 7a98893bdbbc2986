"""Plans: targets and observations as a document prints them."""

from planmodel.plans.kinds import KINDS, Kind, kind_of
from planmodel.plans.loading import load_plan, plan_folder, plan_names
from planmodel.plans.model import (
    ATTRIBUTES,
    COMPARATORS,
    DERIVED,
    ESTIMATE,
    MEASURES,
    SPLICED,
    STATUSES,
    VINTAGES,
    Claim,
    Node,
    Observation,
    Plan,
    Target,
)

__all__ = [
    "ATTRIBUTES",
    "COMPARATORS",
    "DERIVED",
    "ESTIMATE",
    "KINDS",
    "MEASURES",
    "SPLICED",
    "STATUSES",
    "VINTAGES",
    "Claim",
    "Kind",
    "Node",
    "Observation",
    "Plan",
    "Target",
    "kind_of",
    "load_plan",
    "plan_folder",
    "plan_names",
]
