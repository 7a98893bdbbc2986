"""Live formulas of workbooks: what a target asks for a year, counted by the spreadsheet itself."""

from __future__ import annotations

from collections.abc import Mapping


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
    """Return the template of what a target asks for a year, "" where it asks for no figure: as `semantics.required`.

    Growth is a fraction; points, units and flows are in the target's unit. share: a level of a share. base: None where
    there is none. falling: at or below the figure. reduction: a "decrease of ...". columns: the table's names for base,
    target, base_year and target_year.

    >>> required_formula("level", base=100.0)
    '=({target}/{base})^(1/({target_year}-{base_year}))-1'
    >>> required_formula("level", base=49.42, share=True), required_formula("cumulative_sum")
    ('=({target}-{base})/({target_year}-{base_year})', '={target}/({target_year}-{base_year})')
    """
    n = "({target_year}-{base_year})"
    sign = "-" if reduction else ""
    templates = {
        "annual_growth": "={target}/100",
        "cumulative_sum": f"={{target}}/{n}",
        "annual_flow": "={target}",
        "mean_annual_flow": "={target}",
        "cumulative_change_pct": f"={sign}((1{sign or '+'}{{target}}/100)^(1/{n})-1)",
        "multiple": f"={{target}}^(1/{n})-1",
        "change_pp_per_year": "={target}",
        "change_pp": f"={{target}}/{n}",
        "change_units": f"={{target}}/{n}",
    }
    if base is not None:
        templates["keep"] = "={target}-{base}" if falling else "={base}-{target}"
        templates["level"] = growth_formula("base", "target", "base_year", "target_year")
        if share:
            templates["level"] = f"=({{target}}-{{base}})/{n}"
        elif base == 0:
            templates["level"] = f"={{target}}/{n}"
    names = {name: f"{{{name}}}" for name in ("base", "target", "base_year", "target_year")}
    names |= {name: f"{{{column}}}" for name, column in (columns or {}).items()}
    return templates.get(kind, "").format(**names)
