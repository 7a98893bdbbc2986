"""The figures of the notebooks: each draws a chart, with its data and its text alternative, and shows it."""

from planmodel.lab.figures.scenarios import show_mixed_fans, show_plans, show_scenario_fans, show_scenarios
from planmodel.lab.figures.targets import (
    show_fans,
    show_multiples,
    show_probabilities,
    show_required,
    show_trajectories,
)

__all__ = [
    "show_fans", "show_mixed_fans", "show_multiples", "show_plans", "show_probabilities", "show_required",
    "show_scenario_fans", "show_scenarios",
    "show_trajectories",
]  # fmt: skip
