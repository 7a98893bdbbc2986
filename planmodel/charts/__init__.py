"""Charts: each a function that returns a figure, one that returns its figures as a table, and one that says it."""

from planmodel.charts.audit import audit_chart
from planmodel.charts.calibration import (
    coverage_alt,
    coverage_chart,
    coverage_data,
    sharpness_alt,
    sharpness_chart,
    sharpness_data,
)
from planmodel.charts.chart import Chart
from planmodel.charts.classes import Asked, class_alt, class_chart, class_data
from planmodel.charts.comparison import (
    plans_alt,
    plans_chart,
    plans_data,
    scenarios_alt,
    scenarios_chart,
    scenarios_data,
)
from planmodel.charts.contributions import contributions_chart
from planmodel.charts.disagreements import audit_alt, audit_data
from planmodel.charts.fan import fan_alt, fan_chart, fan_data
from planmodel.charts.feasibility import probability_alt, probability_chart, probability_data
from planmodel.charts.lights import lights_chart
from planmodel.charts.multiples import fan_multiples, multiples_alt, multiples_data
from planmodel.charts.reliability import (
    growth_crps_alt,
    growth_crps_chart,
    growth_crps_data,
    reliability_alt,
    reliability_chart,
    reliability_data,
)
from planmodel.charts.required import required_alt, required_chart, required_data
from planmodel.charts.scenario_fans import (
    mixed_fan,
    mixed_fan_alt,
    mixed_fan_data,
    scenario_fans,
    scenario_fans_alt,
    scenario_fans_data,
)
from planmodel.charts.sectors import sectors_chart
from planmodel.charts.sparkline import sparkline
from planmodel.charts.split import split_chart
from planmodel.charts.standing import standing_chart
from planmodel.charts.style import png, svg, use_style
from planmodel.charts.tornado import tornado_chart
from planmodel.charts.tradeoff import trade_off_chart
from planmodel.charts.trajectory import trajectory_alt, trajectory_chart, trajectory_data

__all__ = [
    "Asked",
    "Chart",
    "audit_alt",
    "audit_chart",
    "audit_data",
    "class_alt",
    "class_chart",
    "class_data",
    "contributions_chart",
    "coverage_alt",
    "coverage_chart",
    "coverage_data",
    "fan_alt",
    "fan_chart",
    "fan_data",
    "fan_multiples",
    "growth_crps_alt",
    "growth_crps_chart",
    "growth_crps_data",
    "lights_chart",
    "mixed_fan",
    "mixed_fan_alt",
    "mixed_fan_data",
    "multiples_alt",
    "multiples_data",
    "plans_alt",
    "plans_chart",
    "plans_data",
    "png",
    "probability_alt",
    "probability_chart",
    "probability_data",
    "reliability_alt",
    "reliability_chart",
    "reliability_data",
    "required_alt",
    "required_chart",
    "required_data",
    "scenario_fans",
    "scenario_fans_alt",
    "scenario_fans_data",
    "scenarios_alt",
    "scenarios_chart",
    "scenarios_data",
    "sectors_chart",
    "sharpness_alt",
    "sharpness_chart",
    "sharpness_data",
    "sparkline",
    "split_chart",
    "standing_chart",
    "svg",
    "tornado_chart",
    "trade_off_chart",
    "trajectory_alt",
    "trajectory_chart",
    "trajectory_data",
    "use_style",
]  # fmt: skip
