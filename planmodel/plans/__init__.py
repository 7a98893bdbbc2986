"""Plans: targets and observations as a document prints them, checked, and what follows from them.

To read, from the bottom: catalogue, model (the objects), numerals and as_printed (figures of texts), kinds (of target),
scenarios, series (one value a year), known (at a moment), promises, columns, rows, prices and loading (files), own (without
files), derived and unprinted (what nobody printed).
"""

from planmodel.plans.kinds import KINDS, kind_of
from planmodel.plans.loading import load_plan, plan_folder, plan_names, sound_plans
from planmodel.plans.model import CHOICES, DERIVED, ESTIMATE, SPLICED, Node, Observation, Plan, Target
