"""Joint chances: success of several targets in the same draws, under a stated dependence."""

from __future__ import annotations

import numpy as np

from planmodel.assessments import Assessment
from planmodel.forecasts import stream
from planmodel.semantics import FLOW_KINDS


def joint_success(assessments: tuple[Assessment, ...], dependence: float, seed: int) -> np.ndarray:
    """Return success by draw and assessable target, shape (n_draws, n_targets), under a stated dependence.

    A Gaussian copula with one common factor: each indicator's draws are put in the order of a score
    sqrt(d) F + sqrt(1-d) Z (better outcomes with higher scores), so that single chances stay exactly as they are.
    """
    chosen = [a for a in assessments if a.success is not None]
    if not chosen:
        return np.empty((0, 0), dtype=bool)
    n_draws = len(chosen[0].success)
    common = stream(seed, "common factor").standard_normal(n_draws)
    columns = []
    for found in chosen:
        own = stream(seed, f"score/{found.outlook.key}").standard_normal(n_draws)
        score = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own
        better = found.outlook.values[:, -1]
        if found.target.kind not in FLOW_KINDS and found.target.indicator.direction == "lower":
            better = -better
        column = np.empty(n_draws, dtype=bool)
        column[np.argsort(score, kind="stable")] = found.success[np.argsort(better, kind="stable")]
        columns.append(column)
    return np.column_stack(columns)
