"""What notebooks call."""

from planmodel.lab.notebook import keep_results, open_study, parameters_table, say, sources_text
from planmodel.tables.reading import read

__all__ = ["keep_results", "open_study", "parameters_table", "read", "say", "sources_text"]
