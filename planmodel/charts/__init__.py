"""Charts: each a function that returns a figure, one that returns its figures as a table, and one that says it."""

from planmodel.charts.fan import fan_alt, fan_chart, fan_data
from planmodel.charts.feasibility import (
    probability_alt,
    probability_chart,
    probability_data,
    required_alt,
    required_chart,
    required_data,
)
from planmodel.charts.multiples import fan_multiples, multiples_alt, multiples_data
from planmodel.charts.style import png, svg, use_style
from planmodel.charts.trajectory import trajectory_alt, trajectory_chart, trajectory_data

__all__ = [name for name in globals() if name.endswith(("_alt", "_chart", "_data"))] + [
    "fan_multiples",
    "png",
    "svg",
    "use_style",
]
