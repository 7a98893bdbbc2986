"""What became of an earlier plan's table, row by row, beside what the text says of it."""

from __future__ import annotations

import pandas as pd

from planmodel.plans.outturns import Outturn
from planmodel.review import FinalRow, Review
from planmodel.tables.cells import promise
from planmodel.words import figure, plain, with_unit, word


def final_answer(result: Review, lang: str) -> str:
    """Return what became of the earlier plan's targets, and where the text says otherwise."""
    zh, rows = lang == "zh", result.final
    if not rows:
        return "本规划没有上期目标完成情况表。" if zh else "The plan prints no review of earlier targets."
    met, missed = (sum(row.met is state for row in rows) for state in (True, False))
    open_rows, said = len(rows) - met - missed, [row for row in rows if row.said is not None]
    differ = [row for row in rows if row.differs]
    text = (
        f"上期规划 {len(rows)} 行目标：按表内数字实现 {met} 行，未实现 {missed} 行，无法判断 {open_rows} 行。"
        if zh
        else f"Of the {len(rows)} rows of the earlier plan {met} were met by the table's figures, {missed} were missed, "
        f"{open_rows} cannot be judged."
    )
    if not said:
        return text + ("正文没有逐项说明完成情况。" if zh else " The text does not say which rows were met.")
    if not differ:
        return text + ("与正文所述一致。" if zh else " The text says the same of every row.")
    listed = ("、" if zh else ", ").join(
        f"{row.table} {row.number} {plain(row.outturns[0].target.indicator.name(lang))}" for row in differ
    )
    return text + (f"与正文所述不一致的是：{listed}。" if zh else f" The text says otherwise of {listed}.")


def final_view(result: Review, lang: str) -> pd.DataFrame:
    """Return each row of the earlier plan's table: target and outturn, met or not, what the text says, any difference."""
    units, zh = result.plan.catalogue.units, lang == "zh"
    rows = []
    for row in result.final:
        first = row.outturns[0].target
        rows.append(
            {
                word("number", lang): f"{row.table}\u00a0{row.number}",
                word("indicator", lang): ("、" if zh else "; ").join(
                    dict.fromkeys(o.target.indicator.name(lang) for o in row.outturns)
                ),
                word("binding_short", lang): "●" if first.binding else "",
                ("目标 → 实际" if zh else "Target → outturn"): ("；" if zh else "; ").join(
                    f"{promise(o.target, units, lang)} → {_value(o, units, lang)}" for o in row.outturns
                ),
                ("按表计算" if zh else "By the table"): _met(row.met, lang),
                ("正文所述" if zh else "The text says"): _met(row.said, lang)
                if row.said is not None
                else "–",
                ("差异" if zh else "Differs"): _difference(row, lang),
            }
        )
    return pd.DataFrame(rows)


def _value(found: Outturn, units, lang: str) -> str:
    """The outturn in the target's unit, as many decimals as a reader needs."""
    if found.value is None:
        return "–"
    unit = units[found.target.unit].name(lang) if found.target.unit in units else ""
    return with_unit(figure(found.value), unit, lang)


def _met(met: bool | None, lang: str) -> str:
    return word("not_assessable" if met is None else "met" if met else "missed", lang)


def _difference(row: FinalRow, lang: str) -> str:
    if row.differs:
        parts = sum(o.met is False for o in row.outturns)
        if row.met is False and parts < len(row.outturns):
            return (
                f"● {parts} 项分目标未达到"
                if lang == "zh"
                else f"● {parts} of {len(row.outturns)} parts missed"
            )
        return "●"
    reasons = dict.fromkeys(o.reason[lang] for o in row.outturns if o.reason)
    return "; ".join(reasons) if row.met is None else ""
