"""The figures of the notebooks: each draws a chart, with its data and its text alternative, and shows it."""

<<<<<<< HEAD
from planmodel.lab.figures.evidence import (
    show_classes,
    show_coverage,
    show_growth_crps,
    show_reliability,
    show_sharpness,
)
=======
from planmodel.lab.figures.breakdown import show_sectors, show_split
>>>>>>> main
from planmodel.lab.figures.scenarios import show_mixed_fans, show_plans, show_scenario_fans, show_scenarios
from planmodel.lab.figures.targets import (
    show_fans,
    show_multiples,
    show_probabilities,
    show_required,
    show_trajectories,
)

__all__ = [
<<<<<<< HEAD
    "show_classes", "show_coverage", "show_fans", "show_growth_crps", "show_mixed_fans", "show_multiples", "show_plans",
    "show_probabilities", "show_reliability", "show_required", "show_scenario_fans", "show_scenarios",
    "show_sharpness",
=======
    "show_fans", "show_mixed_fans", "show_multiples", "show_plans", "show_probabilities", "show_required",
    "show_scenario_fans", "show_scenarios", "show_sectors", "show_split",
>>>>>>> main
    "show_trajectories",
]  # fmt: skip
