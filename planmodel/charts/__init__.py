"""Charts: each a function that returns a figure, one that returns its figures as a table, and one that says it."""

from planmodel.charts.comparison import (
    plans_alt,
    plans_chart,
    plans_data,
    scenarios_alt,
    scenarios_chart,
    scenarios_data,
)
from planmodel.charts.fan import fan_alt, fan_chart, fan_data
from planmodel.charts.feasibility import probability_alt, probability_chart, probability_data
from planmodel.charts.multiples import fan_multiples, multiples_alt, multiples_data
from planmodel.charts.required import required_alt, required_chart, required_data
from planmodel.charts.scenario_fans import (
    mixed_fan,
    mixed_fan_alt,
    mixed_fan_data,
    scenario_fans,
    scenario_fans_alt,
    scenario_fans_data,
)
from planmodel.charts.sparkline import sparkline
from planmodel.charts.style import png, svg, use_style
from planmodel.charts.trajectory import trajectory_alt, trajectory_chart, trajectory_data

__all__ = [
    "fan_alt", "fan_chart", "fan_data", "fan_multiples", "mixed_fan", "mixed_fan_alt", "mixed_fan_data",
    "multiples_alt", "multiples_data", "plans_alt", "plans_chart", "plans_data", "png", "probability_alt",
    "probability_chart", "probability_data", "required_alt", "required_chart", "required_data",
    "scenario_fans", "scenario_fans_alt", "scenario_fans_data", "scenarios_alt", "scenarios_chart",
    "scenarios_data", "sparkline", "svg", "trajectory_alt", "trajectory_chart", "trajectory_data",
    "use_style",
]  # fmt: skip
