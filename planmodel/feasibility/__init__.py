"""Feasibility: required growth against the record and the reference class, probability and verdict."""

from planmodel.feasibility.asked import class_rate
from planmodel.feasibility.assessing import (
    N_COMPARED,
    assess,
    assess_by_class,
    assess_in,
    assess_plan,
    assess_series,
    chance,
    chances,
    uncertain,
)
from planmodel.feasibility.assessments import Assessment, PlanAssessment
from planmodel.feasibility.outlooks import N_DRAWS, SEED, Outlook

__all__ = [
    "N_COMPARED", "N_DRAWS", "SEED", "Assessment", "Outlook", "PlanAssessment", "assess", "assess_by_class", "assess_in", "assess_plan",
    "assess_series", "chance", "chances", "class_rate", "uncertain",
]  # fmt: skip
