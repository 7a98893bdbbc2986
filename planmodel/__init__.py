"""planmodel: development-plan targets projected, tested and charted."""

import os
import signal
import sys

COMMANDED = "planmodel" in (os.path.basename(sys.argv[0] if sys.argv else ""), *sys.orig_argv[2:3])
if COMMANDED and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Ctrl-C while the command line imports ends it without a word; then its `main` answers
    signal.signal(signal.SIGINT, signal.SIG_DFL)

EPOCH = os.environ.get("SOURCE_DATE_EPOCH", "")
if not EPOCH.isdigit():
    # numpy takes it for a number where it is imported; the command line says what is wrong with it
    os.environ.pop("SOURCE_DATE_EPOCH", None)

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
