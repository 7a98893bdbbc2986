"""Dependence: how what is left after the forecast hangs together, by pair of kinds of indicator.

The table, planmodel/classes/dependence.json, is estimated from Chinese provinces and prefectures and from countries
(tools/make_dependence.py): correlations of normal scores within an origin, a higher value with a higher value.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from planmodel.files.reading import shipped


def kinds() -> tuple[str, ...]:
    """Return the kinds of the table.

    >>> "tourism_receipts" in kinds()
    True
    """
    return tuple(shipped("dependence")["kinds"])


@cache
def loadings(kind: str) -> np.ndarray:
    """Return how far the outcome of an indicator of a kind follows each of the common factors, one a kind; squares add up to 1 at most.

    With factors f and a number of its own e, both standard normal: score = loadings . f + sqrt(1 - loadings . loadings) e. Scores of
    two indicators correlate as their kinds do, whichever others there are.

    >>> float(np.round(loadings("gdp") @ loadings("services"), 1))
    0.6
    """
    table = shipped("dependence")
    values, vectors = np.linalg.eigh([[pair(table, one, other) for other in kinds()] for one in kinds()])
    made = (vectors * np.sqrt(np.maximum(values, 0.0)))[kinds().index(kind)]
    return made / max(1.0, np.sqrt(made @ made))


def pair(table: Mapping, first: str, second: str) -> float:
    """Return how the outcomes of two indicators of some kinds correlate; of a kind that is not in the table, as pairs do on average."""
    if first == second:
        return table["within"].get(first, table["default_within"])
    known = table["kinds"]
    if first not in known or second not in known:
        return table["default"]
    low, high = sorted((known.index(first), known.index(second)))
    return table["correlation"][known[high]][low]
