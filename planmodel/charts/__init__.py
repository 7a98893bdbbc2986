"""Charts: each a function that returns a Chart: the picture, the figures drawn, and a sentence that says it."""

from planmodel.charts.audit import audit_chart
from planmodel.charts.calibration import coverage_chart, sharpness_chart
from planmodel.charts.chart import Chart
from planmodel.charts.classes import class_chart
from planmodel.charts.comparison import plans_chart, scenarios_chart
from planmodel.charts.contributions import contributions_chart
from planmodel.charts.fan import fan_chart
from planmodel.charts.feasibility import probability_chart
from planmodel.charts.lights import lights_chart
from planmodel.charts.multiples import fan_multiples
from planmodel.charts.reliability import growth_crps_chart, reliability_chart
from planmodel.charts.required import required_chart
from planmodel.charts.scenario_fans import mixed_fan, scenario_fans
from planmodel.charts.sectors import sectors_chart
from planmodel.charts.sparkline import sparkline
from planmodel.charts.split import split_chart
from planmodel.charts.standing import standing_chart
from planmodel.charts.style import png, svg, use_style
from planmodel.charts.tornado import tornado_chart
from planmodel.charts.tradeoff import trade_off_chart
from planmodel.charts.trajectory import trajectory_chart

__all__ = [
    "Chart",
    "audit_chart",
    "class_chart",
    "contributions_chart",
    "coverage_chart",
    "fan_chart",
    "fan_multiples",
    "growth_crps_chart",
    "lights_chart",
    "mixed_fan",
    "plans_chart",
    "png",
    "probability_chart",
    "reliability_chart",
    "required_chart",
    "scenario_fans",
    "scenarios_chart",
    "sectors_chart",
    "sharpness_chart",
    "sparkline",
    "split_chart",
    "standing_chart",
    "svg",
    "tornado_chart",
    "trade_off_chart",
    "trajectory_chart",
    "use_style",
]
