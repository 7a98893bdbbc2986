"""Charts: each a function that returns a Chart: the picture, the figures drawn, and a sentence that says it."""

from planmodel.charts.audit import audit_chart
from planmodel.charts.breakdown import sectors_chart, split_chart
from planmodel.charts.chart import Chart
from planmodel.charts.drivers import contributions_chart, trade_off_chart
from planmodel.charts.evidence import (
    class_chart,
    coverage_chart,
    growth_crps_chart,
    reliability_chart,
    sharpness_chart,
)
from planmodel.charts.fan import fan_chart, fan_multiples, mixed_fan, scenario_fans
from planmodel.charts.review import lights_chart, standing_chart, tornado_chart
from planmodel.charts.style import dots, svg, use_style
from planmodel.charts.targets import plans_chart, probability_chart, required_chart, scenarios_chart
from planmodel.charts.trajectory import trajectory_chart
