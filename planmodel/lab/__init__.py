"""What notebooks call. Loading it makes IPython say in one line where a parameter's quotes are missing."""

from planmodel.lab.notebook import (
    keep_results,
    open_study,
    parameters_table,
    say,
    show,
    sources_text,
    watch_quotes,
)
from planmodel.tables.reading import read

__all__ = ["keep_results", "open_study", "parameters_table", "read", "say", "show", "sources_text"]

watch_quotes()
