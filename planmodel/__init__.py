"""planmodel: development-plan targets projected, tested and charted."""

from planmodel.errors import NotAssessable, PlanmodelError, UndefinedGrowth
from planmodel.feasibility import assess_plan, assess_series
from planmodel.forecasts import Forecast, forecast
from planmodel.plans import Plan, Target, load_plan, plan_names
from planmodel.plans.scenarios import Scenario, load_scenario, scenario_names

__version__ = "0.1.0"
__all__ = [
    "Forecast",
    "NotAssessable",
    "Plan",
    "PlanmodelError",
    "Scenario",
    "Target",
    "UndefinedGrowth",
    "assess_plan",
    "assess_series",
    "forecast",
    "load_plan",
    "load_scenario",
    "plan_names",
    "scenario_names",
]
