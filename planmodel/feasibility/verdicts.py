"""Verdicts: whether what a target asks was done before, here or elsewhere. How likely it is now, is another fact."""

from __future__ import annotations

from collections.abc import Mapping

from planmodel.feasibility.assessments import Assessment
from planmodel.words import Phrase

VERDICTS = ("done_here", "done_elsewhere", "rare", "without_precedent", "not_assessable")
PRECEDENTS = VERDICTS[:-1]


def verdict(assessment: Assessment, rules: Mapping) -> str:
    """Return the precedent of a target that has a chance; cut-offs from the rules (data/rules.yaml, verdict).

    done_here: the region itself did as much over as many years before the base year. Else by the share of its class's
    episodes that did: done_elsewhere, rare, without_precedent. Of a promise to grow in step with another, or above it, no
    episodes are counted: others do.
    """
    if assessment.probability is None:
        return "not_assessable"
    if assessment.done_here:
        return "done_here"
    share = assessment.precedent_share
    if share is None:
        return "done_elsewhere" if assessment.target.kind == "relative" else "rare"
    if share >= rules["elsewhere"]:
        return "done_elsewhere"
    return "rare" if share >= rules["rare"] else "without_precedent"


def apart(assessment: Assessment, rules: Mapping) -> Phrase | None:
    """Return why precedent and chance point apart, None where they do not."""
    chance, precedent = assessment.probability, verdict(assessment, rules)
    if chance is None:
        return None
    if precedent in ("done_here", "done_elsewhere") and chance < rules["apart"]["unlikely"]:
        return Phrase(f"feasibility.apart.{precedent}")
    if precedent in ("rare", "without_precedent") and chance >= rules["apart"]["likely"]:
        return Phrase("feasibility.apart.likely")
    return None
