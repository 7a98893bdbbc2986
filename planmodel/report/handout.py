"""The annual breakdown as a workbook to hand out: one sheet for all, what each year asks, one sheet a body."""

from __future__ import annotations

from collections.abc import Iterable

from planmodel.breakdown import Breakdown, SectorGrowth, Split, contributions_table
from planmodel.lab.views import asked_view, breakdown_notes, breakdown_view, split_rows
from planmodel.plans import Plan
from planmodel.words import word
from planmodel.workbooks.sheets import Sheet, workbook_bytes

WIDTHS = {
    "number": 10, "role": 8, "indicator": 28, "owner": 24, "attribute": 9, "unit": 11, "measure": 14, "base": 12, "target": 20,
    "asked": 14, "latest": 14, "remarks": 26,
}  # fmt: skip
YEAR_WIDTH = 9.5


def breakdown_sheets(result: Breakdown, lang: str) -> tuple[Sheet, ...]:
    """Return the sheets of a breakdown: all targets, what each year asks, and one sheet for each body named."""
    zh = lang == "zh"
    made = [
        _sheet(result, "年度分解" if zh else "Annual breakdown", _title(result, lang), lang),
        Sheet(
            "各年增速与增量" if zh else "Asked each year",
            asked_view(result, lang),
            title=_title(result, lang)
            + ("：各年所需增速与增量" if zh else ": growth and amounts asked each year"),
            notes=breakdown_notes(result, lang)[:1],
            widths=_widths(result, lang),
            figures=_years(result),
            ruled=True,
        ),
    ]
    for owner in result.owners:
        name = result.plan.catalogue.owner_name(owner, lang)
        title = f"{_title(result, lang)}{'：' if zh else ': '}{name}"
        made.append(_sheet(result, name, title, lang, owner))
    return tuple(made)


def breakdown_workbook(result: Breakdown, lang: str) -> bytes:
    """Return the workbook of a breakdown, ruled and ready to print, the same bytes for the same breakdown."""
    return workbook_bytes(breakdown_sheets(result, lang))


def split_sheet(plan: Plan, found: Split, lang: str) -> Sheet:
    """Return a target by districts or sectors as a sheet."""
    zh, target = lang == "zh", found.line.target
    unit = plan.catalogue.units[found.line.unit].name(lang)
    by = {"districts": ("分县（市、区）", "by district"), "sectors": ("分行业", "by sector")}[found.by]
    title = f"{plan.title[lang]}{'：' if zh else ': '}{target.indicator.name(lang)}"
    title += f"{by[0]}（{unit}）" if zh else f" {by[1]} ({unit})"
    years = tuple(str(year) for year in found.years)
    if found.shares.year is None:
        source = "比重由使用者给定。" if zh else "Shares as given by the user."
    else:
        cited = "; ".join(found.shares.sources)
        source = f"{found.shares.year}年比重：{cited}" if zh else f"Shares of {found.shares.year}: {cited}"
    exact = (
        "各部分按最大余数法取整，相加等于总数。"
        if zh
        else "Parts are rounded by largest remainder: they add up to the whole."
    )
    return Sheet(
        by[0 if zh else 1], split_rows(found, lang), title=title, notes=(source, exact), figures=years
    )


def contributions_sheet(plan: Plan, growths: Iterable[SectorGrowth], lang: str) -> Sheet:
    """Return the contributions to growth as a sheet, one row a span and sector."""
    zh = lang == "zh"
    title = f"{plan.title[lang]}{'：对增长的拉动' if zh else ': contributions to growth'}"
    return Sheet("拉动" if zh else "Contributions", contributions_table(plan, growths), title=title)


def _title(result: Breakdown, lang: str) -> str:
    plan, shape = result.plan, word(result.shape, lang)
    known = [f.year for line in result.lines for f in line.years if f.outturn is not None]
    draft = (
        (f"（{word('draft', lang)}）" if lang == "zh" else f" ({word('draft', lang)})") if plan.draft else ""
    )
    if lang == "zh":
        as_of = f"，实际数截至{max(known)}年" if known else ""
        return f"{plan.title['zh']}{draft} 目标年度分解（{shape}路径{as_of}）"
    as_of = f", outturns up to {max(known)}" if known else ""
    return f"{plan.title['en']}{draft}: annual breakdown of targets (path: {shape}{as_of})"


def _sheet(result: Breakdown, name: str, title: str, lang: str, owner: str = "") -> Sheet:
    notes, view = breakdown_notes(result, lang), breakdown_view(result, lang, owner)
    binding = word("binding", lang)
    return Sheet(
        name,
        view,
        title=title,
        notes=notes[:-1] if owner else notes,
        widths=_widths(result, lang),
        figures=(*_years(result), *(word(key, lang) for key in ("base", "asked", "latest"))),
        ruled=True,
        marked=[n for n, row in enumerate(view.to_numpy().tolist()) if binding in row],
    )


def _years(result: Breakdown) -> tuple[str, ...]:
    return tuple(str(year) for year in result.years)


def _widths(result: Breakdown, lang: str) -> dict[str, float]:
    return {word(key, lang): width for key, width in WIDTHS.items()} | dict.fromkeys(
        _years(result), YEAR_WIDTH
    )
