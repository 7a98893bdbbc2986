"""Joint chances: the draws of several targets put side by side, under a stated dependence and the plan's identities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planmodel.arithmetic.streams import stream
from planmodel.feasibility.assessments import Assessment
from planmodel.feasibility.outlooks import Outlook
from planmodel.plans.identities import Identity
from planmodel.plans.kinds import kept, kind_of
from planmodel.words import Phrase


def couple(assessments: tuple[Assessment, ...], dependence: float, seed: int) -> tuple[Assessment, ...]:
    """Return the assessments with their draws in one order, so that row i of each is one joint outcome.

    A Gaussian copula with one common factor: each indicator's draws are put in the order of a score
    sqrt(d) F + sqrt(1-d) Z (better outcomes with higher scores), so that single chances stay exactly as they are.
    """
    coupled = []
    for assessment in assessments:
        if assessment.success is None or assessment.outlook is None:
            coupled.append(assessment)
            continue
        n_draws = len(assessment.success)
        common = stream(seed, "common factor").standard_normal(n_draws)
        own = stream(seed, f"score/{assessment.outlook.key}").standard_normal(n_draws)
        score = np.sqrt(dependence) * common + np.sqrt(1 - dependence) * own
        better = assessment.outlook.values[:, -1]
        if not kind_of(assessment.target).flow and assessment.target.indicator.direction == "lower":
            better = -better
        rows = np.empty(n_draws, dtype=int)
        rows[np.argsort(score, kind="stable")] = np.argsort(better, kind="stable")
        outlook = replace(assessment.outlook, values=assessment.outlook.values[rows])
        coupled.append(replace(assessment, success=assessment.success[rows], outlook=outlook))
    return tuple(coupled)


def agree(
    assessments: tuple[Assessment, ...], identities: tuple[Identity, ...], about_tolerance: float
) -> tuple[Assessment, ...]:
    """Return coupled assessments in which wholes follow from their parts in every draw.

    share = part / whole gives whole = 100 part / share; whole = a + b adds up. It applies where all indicators of
    an identity have draws of levels over the same years; the whole's chance is counted anew, with a note.
    """
    agreed = list(assessments)
    for identity in identities:
        if any(term.region for term in identity.terms):
            continue
        names = [term.indicator for term in identity.terms]
        levels: dict[str, Outlook] = {}
        for a in agreed:
            if (
                a.success is not None
                and a.outlook
                and not a.outlook.history.chained
                and a.target.indicator.id in names
            ):
                levels.setdefault(a.target.indicator.id, a.outlook)
        if set(levels) != set(names) or len({tuple(o.years) for o in levels.values()}) > 1:
            continue
        if identity.ratio:
            share, part, whole = names
            if levels[share].unit != "%":
                continue
            parts, values = [part, share], 100 * levels[part].values / levels[share].values
        else:
            whole, *parts = names
            values = np.sum([levels[part].values for part in parts], axis=0)
        units = {levels[name].unit for name in names if name != (names[0] if identity.ratio else "")}
        if len(units) > 1:
            continue
        values[:, 0] = levels[whole].values[:, 0]
        for i, a in enumerate(agreed):
            if (
                a.success is None
                or not a.outlook
                or a.outlook.history.chained
                or a.target.indicator.id != whole
            ):
                continue
            success = kept(a.target, values, about_tolerance)
            note = Phrase("feasibility.follows", parts=", ".join(parts), identity=str(identity))
            outlook = replace(a.outlook, values=values)
            agreed[i] = replace(
                a, outlook=outlook, success=success, probability=float(success.mean()), notes=(*a.notes, note)
            )
    return tuple(agreed)


def chances(assessments) -> tuple[float | None, float | None]:
    """Return the chance that all of some coupled assessments succeed, and the product of their single chances."""
    success = [a.success for a in assessments if a.success is not None]
    if not success:
        return None, None
    table = np.column_stack(success)
    return float(table.all(axis=1).mean()), float(table.mean(axis=0).prod())
