"""Feasibility: required growth against the record and the reference class, probability and verdict.

To read, from the bottom: quantities (what targets are measured on), room (for draws), outlooks (paths of one quantity), ties and system
(all of a plan, drawn together), histories (what is known at a moment), assessments (the results), asked and assessing; milestones and trajectories (the way a target
implies); classes and comparing (side by side).
"""

from planmodel.feasibility.asked import class_rate
from planmodel.feasibility.assessing import assess, assess_in, assess_plan, assess_series, chance, chances
