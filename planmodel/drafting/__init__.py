"""Drafting: which figure to write. The value of each target for a chance, chosen, rounded, and agreed with the others."""

from planmodel.drafting.drafts import CHANCES, Draft, Drafted, chances_in, draft
from planmodel.drafting.values import values_for, with_value

__all__ = ["CHANCES", "Draft", "Drafted", "chances_in", "draft", "values_for", "with_value"]
