"""What the notebooks say: tables and sentences made from results, in both languages."""

from functools import wraps

from planmodel.feasibility.selection import featured
from planmodel.lab.views.comparison import (
    assess_plans,
    assess_scenarios,
    comparison_answer,
    comparison_table,
    plans_answer,
    plans_table,
    shared_table,
)
from planmodel.lab.views.feasibility import (
    classes_table,
    fan_table,
    feasibility_answer,
    feasibility_table,
    not_assessable_table,
)
from planmodel.lab.views.trajectories import (
    milestones_table,
    real_nominal_table,
    shapes_of,
    shapes_table,
    trajectories_answer,
)
from planmodel.tables.cells import number_of, rate, record_text

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
    "plans_answer",
    "plans_table",
    "rate",
    "real_nominal_table",
    "record_text",
    "shapes_of",
    "shapes_table",
    "shared_table",
    "trajectories_answer",
]


def _named(view):
    """Return a view whose tables know their name: downloads are called by it."""

    @wraps(view)
    def named(*arguments, **options):
        data = view(*arguments, **options)
        data.attrs["name"] = view.__name__.removesuffix("_table").removesuffix("_view").replace("_", "-")
        return data

    return named


for _name in __all__:
    if _name.endswith(("_table", "_view")):
        globals()[_name] = _named(globals()[_name])
