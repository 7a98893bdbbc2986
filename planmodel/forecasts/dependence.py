"""Dependence: how what is left after the forecast hangs together, by pair of kinds of indicator.

The table, planmodel/classes/dependence.json, is estimated from Chinese provinces and prefectures and from countries
(tools/make_dependence.py): correlations of normal scores within an origin, a higher value with a higher value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from planmodel.files.reading import shipped

LEAST = 1e-6
"""Smallest eigenvalue of a correlation matrix."""


def kinds() -> tuple[str, ...]:
    """Return the kinds of the table.

    >>> "tourism_receipts" in kinds()
    True
    """
    return tuple(shipped("dependence")["kinds"])


def correlation(of: Sequence[str], table: Mapping | None = None) -> np.ndarray:
    """Return the correlation of some indicators' outcomes given their forecasts, by their kinds; positive definite.

    Two indicators of one kind correlate as such do (`within`), those of a kind that is not in the table as pairs do on average.
    table: another estimate than the package's.

    >>> correlation(["gdp", "services", "services_share"]).round(1).tolist()
    [[1.0, 0.6, -0.4], [0.6, 1.0, 0.3], [-0.4, 0.3, 1.0]]
    """
    table = table or shipped("dependence")
    made = np.eye(len(of))
    for i, first in enumerate(of):
        for j, second in enumerate(of[:i]):
            made[i, j] = made[j, i] = _pair(table, first, second)
    return nearest(made)


@cache
def loadings(kind: str) -> np.ndarray:
    """Return how far the outcome of an indicator of a kind follows each of the common factors, one a kind; squares add up to 1 at most.

    With factors f and a number of its own e, both standard normal: score = loadings . f + sqrt(1 - loadings . loadings) e. Scores of
    two indicators correlate as their kinds do, whichever others there are.

    >>> float(np.round(loadings("gdp") @ loadings("services"), 1))
    0.6
    """
    values, vectors = np.linalg.eigh(
        np.array([[_pair(shipped("dependence"), first, second) for second in kinds()] for first in kinds()])
    )
    made = (vectors * np.sqrt(np.maximum(values, 0.0)))[kinds().index(kind)]
    return made / max(1.0, np.sqrt(made @ made))


def _pair(table: Mapping, first: str, second: str) -> float:
    if first == second:
        return table["within"].get(first, table["default_within"])
    known = table["kinds"]
    if first not in known or second not in known:
        return table["default"]
    low, high = sorted((known.index(first), known.index(second)))
    return table["correlation"][known[high]][low]


def nearest(matrix: np.ndarray) -> np.ndarray:
    """Return the matrix with negative eigenvalues set to (almost) nothing, its diagonal 1 again."""
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= LEAST:
        return matrix
    made = (vectors * np.maximum(values, LEAST)) @ vectors.T
    size = np.sqrt(np.diag(made))
    made = (made + made.T) / 2 / np.outer(size, size)
    np.fill_diagonal(made, 1.0)
    return made
