"""Verdicts: what a probability, the record and the class say together; cut-offs are data."""

from __future__ import annotations

from collections.abc import Mapping

from planmodel.feasibility.assessments import Assessment
from planmodel.plans.kinds import measured_falls

VERDICTS = ("within_record", "stretch", "beyond_record", "not_assessable")


def verdict(assessment: Assessment, rules: Mapping) -> str:
    """Return the verdict of an assessment; cut-offs from the rules, stricter for binding targets.

    within_record: likely enough, and within the region's record or the usual part of its class.
    beyond_record: unlikely, and beyond the region's best window. stretch: all else.
    """
    if assessment.probability is None:
        return "not_assessable"
    attribute = "binding" if assessment.target.binding else "expected"
    sign = -1 if assessment.target.kind != "relative" and measured_falls(assessment.target) else 1
    asked = None if assessment.required is None else sign * assessment.required.value
    best = None
    if assessment.record is not None:
        best = sign * (assessment.record.mean if assessment.record.best is None else assessment.record.best)
    has_done = asked is not None and best is not None and asked <= best
    usual = assessment.percentile is None or assessment.percentile <= rules["within_record"]["percentile"]
    if assessment.probability >= rules["within_record"]["probability"][attribute] and (has_done or usual):
        return "within_record"
    if assessment.probability < rules["beyond_record"]["probability"][attribute] and not has_done:
        return "beyond_record"
    return "stretch"
