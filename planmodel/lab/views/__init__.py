"""What the notebooks say: tables and sentences made from results, in both languages."""

from functools import wraps

from planmodel.lab.views.breakdown import (
    asked_view,
    breakdown_answer,
    breakdown_notes,
    breakdown_view,
    broken_down,
    owners_view,
    shown_lines,
    undivided_view,
)
from planmodel.lab.views.parts import (
    growth_by_sector,
    sectors_answer,
    sectors_view,
    split_of,
    split_rows,
    split_text,
    split_view,
)

__all__ = [
    "asked_view",
    "breakdown_answer",
    "breakdown_notes",
    "breakdown_view",
    "broken_down",
    "growth_by_sector",
    "owners_view",
    "sectors_answer",
    "sectors_view",
    "shown_lines",
    "split_of",
    "split_rows",
    "split_text",
    "split_view",
    "undivided_view",
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
