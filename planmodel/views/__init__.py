"""What the notebooks say: tables and sentences made from results, in both languages."""

from planmodel.views.calibration import (
    calibration_answer,
    growth_table,
    key_evidence,
    reliability_table,
    sharpness_table,
    speed_table,
)
from planmodel.views.cells import number_of, rate, record_text
from planmodel.views.classes import (
    asked_of,
    class_choices,
    class_table,
    classes_answer,
    fitting_classes,
    headline,
    key_choices,
)
from planmodel.views.comparison import (
    assess_plans,
    assess_scenarios,
    comparison_answer,
    comparison_table,
    plans_answer,
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
    "asked_of",
    "assess_plans",
    "assess_scenarios",
    "calibration_answer",
    "class_choices",
    "class_table",
    "classes_answer",
    "classes_table",
    "comparison_answer",
    "comparison_table",
    "fan_table",
    "feasibility_answer",
    "feasibility_table",
    "featured",
    "fitting_classes",
    "growth_table",
    "headline",
    "key_choices",
    "key_evidence",
    "milestones_table",
    "not_assessable_table",
    "number_of",
    "plan_targets",
    "plans_answer",
    "plans_table",
    "rate",
    "real_nominal_table",
    "record_text",
    "reliability_table",
    "risks",
    "shapes_of",
    "shapes_table",
    "shared_table",
    "sharpness_table",
    "speed_table",
    "trajectories_answer",
    "unique",
]
