"""Plans: targets and observations as a document prints them."""

from planmodel.plans.kinds import KINDS, kind_of
from planmodel.plans.loading import load_plan, plan_folder, plan_names, sound_plans
from planmodel.plans.model import CHOICES, DERIVED, ESTIMATE, SPLICED, Node, Observation, Plan, Target
