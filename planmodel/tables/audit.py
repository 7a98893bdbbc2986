"""What a reader sees of an audit: findings, implied figures, deflators and changes as tables, and answers in words."""

from collections.abc import Mapping

from planmodel.arithmetic.growth import Interval
from planmodel.audit import Audit, Comparison, Finding
from planmodel.audit.statements import amount_of
from planmodel.plans.catalogue import Catalogue
from planmodel.tables.reading import Cells, coded
from planmodel.words import Joined, Phrase, Text, phrase, said, word

MARKS = {"gone": "-", "new": "+", "changed": "~"}
"""Before the findings that changed figures make go, come or change, in a terminal."""


def _severity(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    text = word(row["severity"], lang)
    if not row["accepted"]:
        return text
    return phrase("audit.table.accepted", lang, severity=text, reason=row["accepted"])


def _arithmetic(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    if row["gap"] is None:
        return said(row["line"], lang)
    gap = amount_of(row["gap"], row["gap_unit"], catalogue)
    return phrase("audit.table.with_gap", lang, line=row["line"], gap=gap)


def _places(row: Mapping, lang: str, catalogue: Catalogue) -> str:
    return (
        phrase("audit.places", lang, places=row["places"].split("; "))
        if isinstance(row["places"], str)
        else row["places"][lang]
    )


FINDINGS: Cells = {
    "severity": _severity, "indicator": None, "arithmetic": _arithmetic, "reconcile": "{reconcile}", "source": _places,
}  # fmt: skip
"""Columns of `Audit.table` for reading."""
CHANGES: Cells = {
    "change": coded("change", "audit.change."), "severity": "{severity:term}",
    "indicator": None, "arithmetic": "{line}",
}  # fmt: skip
"""Columns of `Comparison.table` for reading."""
IMPLIED: Cells = {
    "indicator": "{name}",
    "year": lambda row, lang, catalogue: phrase(f"audit.table.{row['world']}_year", lang, year=row["year"]),
    "implied": lambda row, lang, catalogue: amount_of(Interval(row["low"], row["high"]), row["unit"], catalogue)[lang],
    "formula": None, "fills": "{targets}",
}  # fmt: skip
"""Columns of `Audit.implied_table` for reading."""
DEFLATORS: Cells = {
    "indicator": "{name}", "years": "{first}–{last}", "levels": None, "nominal_pct": "{nominal_pct:in_percent.2}",
    "stated": None, "deflator_pct": "{deflator_pct:in_percent.2}", "past_pct": "{past_pct:in_percent.2}",
}  # fmt: skip
"""Columns of `Audit.deflators_table` for reading."""


def audit_answer(result: Audit) -> Text:
    """Return in words what the audit found, the first contradiction with its arithmetic."""
    unheard = [Phrase("audit.answer.unheard", text=each.text) for each in result.unheard]
    if not result.findings:
        return Joined([Phrase("audit.answer.nothing", plan=result.plan.short), *unheard])
    first = next((f for f in result.findings if not f.accepted), result.findings[0])
    about = {"plan": result.plan.short, "counts": result.counts, "name": first.about, "line": first.line}
    return Joined([Phrase("audit.answer.found", **about), *unheard])


def whatif_answer(comparison: Comparison | None) -> Text:
    """Return in words what the changes do, or how to try one."""
    if comparison is None:
        return Phrase("audit.answer.no_changes")
    changed = ", ".join(f"`{place} = {value}`" for place, value in comparison.changes.items())
    counts = {name: len(getattr(comparison, name)) for name in ("gone", "new", "changed", "kept")}
    return Phrase("audit.answer.changes", changes=changed, **counts)


def audit_text(result: Audit, lang: str, comparison: Comparison | None = None) -> str:
    """Return an audit as plain text for a terminal: a block a finding, what changed first."""
    lines = [phrase("audit.text.head", lang, plan=result.plan.short, counts=result.counts)]
    for name, mark in MARKS.items():
        findings = [] if comparison is None else getattr(comparison, name)
        lines += [f"{mark} {word(f.severity, lang)}  {f.id}  {f.arithmetic[lang]}" for f in findings]
    for finding in result.findings:
        lines += ["", *_block(finding, result.plan.catalogue, lang)]
    lines += [*[""] * bool(result.deflators), *(each.text[lang] for each in result.deflators)]
    ends = [phrase("audit.text.unused", lang, id=unused) for unused in result.unused]
    for text in (*ends, *(unheard.text[lang] for unheard in result.unheard)):
        lines += ["", text]
    return "\n".join(lines)


def _block(finding: Finding, catalogue: Catalogue, lang: str) -> list[str]:
    state = phrase("audit.text.accepted", lang, reason=finding.accepted) if finding.accepted else ""
    line = finding.line[lang]
    if finding.gap is not None:
        gap = amount_of(finding.gap, finding.gap_unit, catalogue)
        line = phrase("audit.text.with_gap", lang, line=line, gap=gap)
    lines = [f"{finding.about.name(lang)}  [{phrase('audit.places', lang, places=finding.places)}]", line]
    lines += [finding.reconcile[lang]] if finding.reconcile else []
    return [f"{word(finding.severity, lang)}  {finding.id}{state}", *(f"  {each}" for each in lines)]
