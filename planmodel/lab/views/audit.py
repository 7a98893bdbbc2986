"""What the audit says: findings and implied figures as tables, sentences and plain text."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from planmodel.audit import SEVERITIES, Audit, Comparison, Finding, audit, compare
from planmodel.audit.statements import TARGET
from planmodel.audit.texts import bare, gap_text, implied_text, shown
from planmodel.audit.texts import percent as rate_percent
from planmodel.lab.study import Study
from planmodel.words import plain, word

COUNTS = {
    "contradiction": ("处矛盾", "contradiction"),
    "tension": ("处存疑", "tension"),
    "note": ("条提示", "note"),
}


def audited(study: Study) -> Audit:
    """Return the audit of the study's plan, of the chosen indicators where some are chosen."""
    return chosen(audit(study.plan), study.indicators)


def tried(study: Study) -> Comparison | None:
    """Return what the study's changes do to the findings, None without changes."""
    return compare(study.plan, study.changes) if study.changes else None


def chosen(result: Audit, indicators: tuple[str, ...]) -> Audit:
    """Return the findings and implied figures of some indicators, or all."""
    if not indicators:
        return result
    return replace(
        result,
        findings=tuple(f for f in result.findings if set(f.indicators) & set(indicators)),
        implied=tuple(i for i in result.implied if i.indicator in indicators),
        deflators=tuple(d for d in result.deflators if d.indicator in indicators),
    )


def counts_text(result: Audit, lang: str) -> str:
    """Return how many findings there are by severity: 4 contradictions, 2 tensions, 3 notes."""
    parts = []
    for severity in SEVERITIES:
        n, (zh, en) = len(result.of(severity)), COUNTS[severity]
        parts.append(f"{n} {zh}" if lang == "zh" else f"{n} {en}{'' if n == 1 else 's'}")
    if result.accepted:
        parts.append(
            f"{len(result.accepted)} 项已认可" if lang == "zh" else f"{len(result.accepted)} accepted"
        )
    return ("，" if lang == "zh" else ", ").join(parts)


def audit_answer(study: Study, result: Audit) -> str:
    """Return in words what the audit found, the first contradiction with its arithmetic."""
    lang, zh = study.lang, study.lang == "zh"
    short = plain(result.plan.short[lang])
    if not result.findings:
        return (
            f"**{short}：未发现自相矛盾之处。** 已按印出的小数位与“以上”“左右”等表述核对。"
            if zh
            else f"**{short}: nothing found.** Printed decimals and words such as “about” and “above” were allowed for."
        )
    first = next((f for f in result.findings if not f.accepted), result.findings[0])
    name = first.statements[0].indicator.name(lang)
    line = plain(bare(first.arithmetic[lang], name))
    counted = counts_text(result, lang)
    if zh:
        return f"**{short}：{counted}。** 例如{plain(name)}：{line}。"
    return f"**{short}: {counted}.** For one, {plain(name)}: {line}."


def findings_view(study: Study, findings: tuple[Finding, ...]) -> pd.DataFrame:
    """Return findings as a table for reading."""
    lang, catalogue = study.lang, study.plan.catalogue
    gap, stop = ("差", "；") if lang == "zh" else ("gap", "; ")
    rows = []
    for found in findings:
        name, size = found.statements[0].indicator.name(lang), gap_text(found, catalogue, lang)
        line = bare(found.arithmetic[lang], name)
        rows.append(
            {
                word("severity", lang): severity_text(found, lang),
                word("indicator", lang): name,
                word("arithmetic", lang): line if size == "–" else f"{line}{stop}{gap} {size}",
                word("reconcile", lang): found.reconcile.get(lang, "") or "–",
                word("source", lang): stop.join(found.places),
            }
        )
    return pd.DataFrame(rows)


def severity_text(found: Finding, lang: str) -> str:
    text = word(found.severity, lang)
    if not found.accepted:
        return text
    return (
        f"{text}（{word('accepted', lang)}：{found.accepted}）"
        if lang == "zh"
        else f"{text} (accepted: {found.accepted})"
    )


def implied_view(study: Study, result: Audit) -> pd.DataFrame:
    """Return the figures a plan implies as a table for reading, those of blank and masked rows first."""
    lang, catalogue, zh = study.lang, study.plan.catalogue, study.lang == "zh"
    rows = []
    for found in result.implied:
        region = "" if found.region == study.plan.region else catalogue.regions[found.region].name(lang)
        name = catalogue.indicators[found.indicator].name(lang)
        kind = (
            ("目标" if found.world == TARGET else "基期")
            if zh
            else ("target" if found.world == TARGET else "base")
        )
        rows.append(
            {
                word("indicator", lang): f"{name} ({region})" if region else name,
                word("year", lang): f"{found.year} {kind}",
                "推算值" if zh else "Implied": implied_text(found, catalogue, lang),
                "依据" if zh else "From": found.formula[lang],
                "所填空白" if zh else "Fills the blank of": ", ".join(found.targets) or "–",
            }
        )
    return pd.DataFrame(rows)


def deflators_view(study: Study, result: Audit) -> pd.DataFrame:
    """Return the price changes that reconcile real rates with the nominal levels beside them, those of promises first."""
    lang, catalogue, zh = study.lang, study.plan.catalogue, study.lang == "zh"
    rows = []
    for found in result.deflators:
        rate, base, end = found.statements
        name = catalogue.indicators[found.indicator].name(lang)
        region = "" if found.region == study.plan.region else catalogue.regions[found.region].name(lang)
        rows.append(
            {
                word("indicator", lang): f"{name} ({region})" if region else name,
                "年份" if zh else "Years": f"{found.first}–{found.last}",
                "水平" if zh else "Levels": f"{shown(base)} → {shown(end)}",
                "现价年均增长" if zh else "Nominal, a year": rate_percent(found.nominal),
                "所列实际增速" if zh else "Real rate stated": shown(rate),
                "隐含价格涨幅" if zh else "Implied deflator": rate_percent(found.deflator),
                "以往" if zh else "Its past": "–" if found.past is None else rate_percent(found.past),
            }
        )
    return pd.DataFrame(rows)


def whatif_answer(study: Study, comparison: Comparison | None) -> str:
    """Return in words what the changes do, or how to try one."""
    zh = study.lang == "zh"
    if comparison is None:
        return (
            '未作改动。可在参数格中试改数字，例如 `changes = "services_va.target=4100"`，看哪些发现随之消失。'
            if zh
            else 'Nothing was changed. Try a figure in the parameters cell, such as `changes = "services_va.target=4100"`, '
            "and see which findings go."
        )
    changed = ", ".join(f"`{place} = {value}`" for place, value in study.changes.items())
    n = [len(found) for found in (comparison.gone, comparison.new, comparison.changed, comparison.kept)]
    if zh:
        return f"改为 {changed} 后：{n[0]} 项消失，{n[1]} 项新增，{n[2]} 项数字有变，{n[3]} 项不变。"
    return f"With {changed}: {n[0]} gone, {n[1]} new, {n[2]} with other figures, {n[3]} as before."


def whatif_view(study: Study, comparison: Comparison | None) -> pd.DataFrame:
    """Return the findings that go, come and stay as a table for reading."""
    lang, zh = study.lang, study.lang == "zh"
    if comparison is None:
        return pd.DataFrame()
    states = (("消失", "gone"), ("新增", "new"), ("数字有变", "other figures"), ("不变", "as before"))
    groups = (comparison.gone, comparison.new, comparison.changed, comparison.kept)
    rows = [
        {
            "改动后" if zh else "After": state[0 if zh else 1],
            word("severity", lang): word(found.severity, lang),
            word("indicator", lang): found.statements[0].indicator.name(lang),
            word("arithmetic", lang): bare(found.arithmetic[lang], found.statements[0].indicator.name(lang)),
        }
        for state, findings in zip(states, groups, strict=True)
        for found in findings
    ]
    return pd.DataFrame(rows)


def audit_text(result: Audit, lang: str, comparison: Comparison | None = None) -> str:
    """Return an audit as plain text for a terminal: a block a finding, what changed first."""
    zh, catalogue = lang == "zh", result.plan.catalogue
    lines = [f"{result.plan.short[lang]}{'：' if zh else ': '}{counts_text(result, lang)}"]
    if comparison is not None:
        for mark, findings in (("-", comparison.gone), ("+", comparison.new), ("~", comparison.changed)):
            lines += [f"{mark} {word(f.severity, lang)}  {f.id}  {f.arithmetic[lang]}" for f in findings]
    for found in result.findings:
        state = f" ({word('accepted', lang)}: {found.accepted})" if found.accepted else ""
        gap = gap_text(found, catalogue, lang)
        name = found.statements[0].indicator.name(lang)
        lines += [
            "",
            f"{word(found.severity, lang)}  {found.id}{state}",
            f"  {name}  [{'; '.join(found.places)}]",
            f"  {bare(found.arithmetic[lang], name)}"
            + ("" if gap == "–" else f"  ({'差' if zh else 'gap'} {gap})"),
        ]
        if found.reconcile:
            lines.append(f"  {found.reconcile[lang]}")
    for unused in result.unused:
        lines += ["", f"{'已认可但未再出现' if zh else 'accepted, but no longer found'}: {unused}"]
    return "\n".join(lines)
