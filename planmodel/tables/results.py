"""The table of assessments as files hold it."""

from __future__ import annotations

import pandas as pd

from planmodel.feasibility.assessments import PlanAssessment
from planmodel.tables.links import in_language

RATE_DIGITS = 4


def assessments_table(result: PlanAssessment, lang: str = "en") -> pd.DataFrame:
    """Return the table of assessments with texts in one language and figures with four decimals."""
    return in_language(result.table, lang, RATE_DIGITS)
