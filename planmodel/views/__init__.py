"""What the notebooks say: tables and sentences made from results, in both languages."""

from planmodel.views.cells import number_of, rate, record_text
from planmodel.views.comparison import (
    assess_plans,
    assess_scenarios,
    comparison_answer,
    comparison_table,
    plans_table,
    shared_table,
)
from planmodel.views.feasibility import (
    classes_table,
    fan_table,
    feasibility_answer,
    feasibility_table,
    not_assessable_table,
)
from planmodel.views.selection import featured, plan_targets, risks, unique
from planmodel.views.trajectories import (
    milestones_table,
    real_nominal_table,
    shapes_of,
    shapes_table,
    trajectories_answer,
)

__all__ = [
    "assess_plans",
    "assess_scenarios",
    "classes_table",
    "comparison_answer",
    "comparison_table",
    "fan_table",
    "feasibility_answer",
    "feasibility_table",
    "featured",
    "milestones_table",
    "not_assessable_table",
    "number_of",
    "plan_targets",
    "plans_table",
    "rate",
    "real_nominal_table",
    "record_text",
    "risks",
    "shapes_of",
    "shapes_table",
    "shared_table",
    "trajectories_answer",
    "unique",
]
