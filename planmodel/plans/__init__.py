"""Plans: targets and observations as a document prints them."""

from planmodel.plans.kinds import KINDS, kind_of
from planmodel.plans.loading import load_plan, plan_folder, plan_names
from planmodel.plans.model import (
    DERIVED,
    ESTIMATE,
    MEASURES,
    SPLICED,
    STATUSES,
    VINTAGES,
    Observation,
    Plan,
    Target,
)
