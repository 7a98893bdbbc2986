"""Live formulas of workbooks: what a target asks for a year, counted by the spreadsheet itself."""

from __future__ import annotations

from collections.abc import Mapping

from planmodel.plans.kinds import KINDS


def growth_formula(base: str, target: str, base_year: str, target_year: str) -> str:
    """Return the template of a compound annual growth rate, a fraction; the arguments are columns.

    >>> growth_formula("D", "F", "C", "E")
    '=({F}/{D})^(1/({E}-{C}))-1'
    """
    return f"=({{{target}}}/{{{base}}})^(1/({{{target_year}}}-{{{base_year}}}))-1"


def required_formula(
    kind: str,
    *,
    share: bool = False,
    base: float | None = None,
    falling: bool = False,
    reduction: bool = False,
    columns: Mapping[str, str] | None = None,
) -> str:
    """Return the template of what a target asks for a year, "" where it asks for no figure: as `kinds.required`.

    Growth is a fraction; points, units and flows are in the target's unit. share: a level of a share. base: None where
    there is none. falling: at or below the figure. reduction: a "decrease of ...". columns: the table's names for base,
    target, base_year and target_year.

    >>> required_formula("level", base=100.0)
    '=({target}/{base})^(1/({target_year}-{base_year}))-1'
    >>> required_formula("level", base=49.42, share=True), required_formula("cumulative_sum")
    ('=({target}-{base})/({target_year}-{base_year})', '={target}/({target_year}-{base_year})')
    """
    row = KINDS[kind]
    if not row.formula or row.needs_base and base is None:
        return ""
    formula = row.formula
    if kind == "level" and (share or base == 0):
        formula = "({target}-{base})/{n}" if share else "{target}/{n}"
    elif kind == "keep" and falling:
        formula = "{target}-{base}"
    names = {name: f"{{{name}}}" for name in ("base", "target", "base_year", "target_year")}
    names |= {name: f"{{{column}}}" for name, column in (columns or {}).items()}
    years = f"({names['target_year']}-{names['base_year']})"
    sign, plus = ("-", "-") if reduction else ("", "+")
    return "=" + formula.format(**names, n=years, sign=sign, plus=plus)
