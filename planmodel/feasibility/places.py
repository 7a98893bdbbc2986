"""Where each target lies in its fan: the share of the paths that fall short of its figure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.forecasts.fans import quantiles
from planmodel.plans.kinds import falling, is_reduction, kind_of
from planmodel.plans.promises import promises

KEY = ("plan", "table", "number", "part")
PROMISED = (
    "target_value", "target_upper", "target_printed", "target_year", "comparator", "kind", "status", "unit", "relative_to",
)  # fmt: skip
PLACE_COLUMNS = (
    *KEY,
    "indicator",
    *PROMISED,
    "q10",
    "q50",
    "q90",
    "percentile",
    "falls",
    "probability",
    "known_to",
)


def promised_figures(assessment: Assessment) -> np.ndarray | None:
    """Return what each path makes of the figure promised, in the target's own terms: shape (n_draws,).

    The level, the mean growth, the sum, ... as the kind of the target reads a path; of promises about every year, the last.
    None where there is no chance.
    """
    target, kind = assessment.target, kind_of(assessment.target)
    if (
        assessment.probability is None
        or assessment.outlook is None
        or kind.reads is None
        or target.target_value is None
    ):
        return None
    figures = kind.reads(assessment.outlook.values) * (-1 if is_reduction(target) else 1)
    return figures[:, -1] if kind.every_year else figures


def places_table(result: PlanAssessment) -> pd.DataFrame:
    """Return one row a target that has a chance, each promise once: where its figure lies among the paths.

    q10, q50, q90: the 10 %, 50 % and 90 % quantiles of what is promised, in the target's unit. percentile: the share of
    paths below the target's figure, 0-100. falls: the promise is kept at or below it. The hardest stand first.

    >>> from planmodel import load_plan, load_scenario
    >>> from planmodel.feasibility import assess_plan
    >>> table = places_table(assess_plan(load_plan("taizhou-services-14fyp"), load_scenario("baseline"), n_draws=500))
    >>> bool(((table.q10 <= table.q50) & (table.q50 <= table.q90)).all())
    True
    """
    rows = []
    for assessment in promises(result.assessable):
        target, figures = assessment.target, promised_figures(assessment)
        if figures is None or target.target_value is None:
            continue
        low, median, high = (float(value) for value in quantiles(figures[:, None], [0.1, 0.5, 0.9])[:, 0])
        row = {name: getattr(target, name) for name in (*KEY, *PROMISED)} | {"indicator": target.indicator.id}
        below = float(np.mean(figures < target.target_value) + np.mean(figures == target.target_value) / 2)
        row |= {"q10": low, "q50": median, "q90": high, "percentile": 100 * below}
        rows.append(
            row
            | {
                "falls": falling(target),
                "probability": assessment.probability,
                "known_to": assessment.known_to,
            }
        )
    table = pd.DataFrame(rows, columns=list(PLACE_COLUMNS)).sort_values("probability", kind="stable")
    table.attrs["name"] = f"{result.plan.name}-{result.scenario.id}-places"
    return table.reset_index(drop=True)
