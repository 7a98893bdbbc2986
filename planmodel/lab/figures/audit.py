"""Figures of an audit."""

from __future__ import annotations

from planmodel import charts
from planmodel.audit import Audit
from planmodel.lab.notebook import csv_link, show, table
from planmodel.lab.study import Study
from planmodel.lab.views import findings_view
from planmodel.tables.results import findings_table


def show_findings(study: Study, result: Audit) -> None:
    """Show the findings as a table, and with their ids as files to download."""
    table(findings_view(study, result.findings))
    if result.findings:
        from IPython.display import HTML, display

        data = findings_table(result.plan, result.findings, study.lang)
        display(HTML(csv_link(data, study.lang, "findings-with-ids")))


def show_disagreements(study: Study, result: Audit) -> None:
    """Show the figures that should be one figure and are not."""
    if not any(len(found.sides) > 1 and not found.accepted for found in result.findings):
        return
    lang = study.lang
    figure, data = charts.audit_chart(result, lang), charts.audit_data(result, lang)
    show(figure, data, charts.audit_alt(result, lang), lang, "audit")
