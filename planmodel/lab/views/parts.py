"""What the breakdown says of parts: contributions of sectors to growth, and a target by districts or sectors."""

from __future__ import annotations

import pandas as pd

from planmodel.breakdown import NoParts, SectorGrowth, Split, first_divisible, sector_growth, split, wholes_of
from planmodel.lab.study import Study
from planmodel.lab.views.breakdown import known_of
from planmodel.plans import Plan
from planmodel.words import figure, plain, thousands, with_unit, word


def growth_by_sector(study: Study) -> dict[str, tuple[SectorGrowth, ...]]:
    """Return the contributions to GDP, and to each other whole whose parts have targets."""
    plan = known_of(study)
    found = {whole: sector_growth(plan, whole) for whole in wholes_of(plan)}
    return {
        whole: growths
        for whole, growths in found.items()
        if growths and (whole == "gdp" or any(g.planned for g in growths))
    }


def sector_name(plan: Plan, name: str, lang: str) -> str:
    """Return the name of a sector; the rest is a part of its own."""
    if name in plan.catalogue.indicators:
        return plan.catalogue.indicators[name].name(lang)
    return {"rest": ("其余", "the rest"), "gap": ("误差", "rounding")}[name][0 if lang == "zh" else 1]


def sectors_view(study: Study) -> pd.DataFrame:
    """Return one row a span and whole: growth and each sector's contribution in points; they add up."""
    lang, plan, rows = study.lang, study.plan, []
    zh = lang == "zh"
    prices = {"nominal": ("现价", "current prices"), "real": ("可比价", "comparable prices")}
    for whole, growths in growth_by_sector(study).items():
        for g in growths:
            span = str(g.last_year) if g.n_years == 1 else f"{g.base_year + 1}–{g.last_year}"
            parts = [*((s.id, s.contribution) for s in g.slices)]
            if abs(g.gap) >= 0.00005:
                parts.append(("gap", g.gap))
            rows.append(
                {
                    "总量" if zh else "Whole": plan.catalogue.indicators[whole].name(lang),
                    "年份" if zh else "Years": span,
                    "性质" if zh else "What": word("target" if g.planned else "outturn", lang),
                    "口径" if zh else "Prices": prices[g.prices][0 if zh else 1],
                    "年均增长" if zh else "Growth a year": "–"
                    if g.growth is None
                    else f"{figure(100 * g.growth, 2)}%",
                    "拉动（百分点）" if zh else "Contributions (points)": ("；" if zh else "; ").join(
                        f"{sector_name(plan, name, lang)} {figure(100 * value, 2)}" for name, value in parts
                    ),
                    "依据" if zh else "From": g.formula.get(lang, "") or ", ".join(g.targets),
                }
            )
    return pd.DataFrame(rows)


def sectors_answer(study: Study) -> str:
    """Return in words what drove growth and what the plan asks of each sector; what is missing, plainly."""
    zh, lang, plan = study.lang == "zh", study.lang, study.plan
    found = growth_by_sector(study)
    if not found:
        return "没有可分行业的数据。" if zh else "No figures by sector are published for this plan's region."
    said = []
    for whole, growths in found.items():
        name = _inside(plan.catalogue.indicators[whole].name(lang))
        past = [g for g in growths if not g.planned]
        planned = [g for g in growths if g.planned]
        for g in (past[-1:] or []) + planned:
            top = max(g.slices, key=lambda s: s.contribution)
            sector = _inside(sector_name(plan, top.id, lang))
            points, share = figure(100 * top.contribution, 1), ""
            if g.growth and g.growth > 0:
                share = f"{figure(100 * top.contribution / g.growth, 0)}%"
            said.append(_drove(g, name, sector, points, share, zh))
        if not planned:
            said.append(
                f"规划没有{name}各部分的目标，期内的拉动无从计算。"
                if zh
                else f"The plan sets no targets for the parts of {name}: what they are to contribute cannot be said."
            )
    return (" " if not zh else "").join(said)


def _inside(name: str) -> str:
    """Return a name as it stands within a sentence: its first letter small, but for abbreviations."""
    return name if name[:2].isupper() or not name.isascii() else plain(name[0].lower() + name[1:])


def _drove(g: SectorGrowth, name: str, sector: str, points: str, share: str, zh: bool) -> str:
    span = str(g.last_year) if g.n_years == 1 else f"{g.base_year + 1}–{g.last_year}"
    if g.growth is None:
        return (
            f"按规划目标，{g.last_year}年{sector}拉动{name} {points} 个百分点（可比价，按{g.base_year}年比重）；其余部分没有目标，总增速未定。"
            if zh
            else f"By the plan's targets {sector} adds {points} points to the growth of {name} in {g.last_year} (comparable prices, weights "
            f"of {g.base_year}); the "
            "rest has no target, so the whole's growth is open."
        )
    growth = figure(100 * g.growth, 1)
    prices = ("可比价" if g.prices == "real" else "现价") if zh else (
        "comparable prices" if g.prices == "real" else "current prices"
    )  # fmt: skip
    rate = "年均" if g.n_years > 1 else ""
    if zh:
        head = f"按规划目标，{span}年" if g.planned else f"{span}年"
        return f"{head}{name}{rate}增长{growth}%（{prices}），其中{sector}拉动 {points} 个百分点，贡献率 {share}。"
    span = span if g.n_years == 1 else f"the years {span}"
    head = f"By the plan's targets, in {span}" if g.planned else f"In {span}"
    verb = "grows" if g.planned else "grew"
    year = " a year" if g.n_years > 1 else ""
    return f"{head} {name} {verb} {growth}%{year} ({prices}); {sector} gives {points} points of it, {share}."


def split_of(study: Study) -> tuple[Split | None, str]:
    """Return the chosen or first target by districts, else by sectors, with the rest as a part; else why there is none."""
    plan = study.plan
    own = {target.indicator.id for target in plan.targets}
    names = study.indicators or (plan.headline if plan.headline in own else "",)
    reasons = []
    for name in names:
        for by in ("districts", "sectors"):
            try:
                target = first_divisible(plan, name, study.scenario, study.path_shape)
                return split(plan, target, study.scenario, study.path_shape, by, rest=True), ""
            except NoParts as error:
                reasons.append(error.reason[study.lang])
    return None, ("；" if study.lang == "zh" else "; ").join(dict.fromkeys(reasons))


def split_view(study: Study, found: Split | None) -> pd.DataFrame:
    """Return a target's parts by year with their shares and the growth each needs; the last row is the whole."""
    if found is None:
        return pd.DataFrame()
    return split_rows(found, study.lang)


def split_rows(found: Split, lang: str) -> pd.DataFrame:
    """Return the parts of a target, one row each, and their total."""
    zh = lang == "zh"
    first, last = found.years[0], found.years[-1]
    rows = []
    for part in found.parts:
        shares = [f"{figure(100 * part.shares[year], 1)}%" for year in (first, last)]
        rows.append(
            {
                "部分" if zh else "Part": part.name[lang],
                "比重" if zh else "Share": shares[0] if shares[0] == shares[1] else " → ".join(shares),
                **{str(year): thousands(value) for year, value in part.figures.items()},
                "年均增长" if zh else "Growth a year": "–"
                if part.growth is None
                else f"{figure(100 * part.growth, 1)}%",
            }
        )
    total = {"部分" if zh else "Part": "合计" if zh else "Total", "比重" if zh else "Share": "100%"}
    rows.append(total | {str(year): thousands(value) for year, value in found.whole.items()})
    return pd.DataFrame(rows).fillna("")


def split_text(study: Study, found: Split | None, why: str) -> str:
    """Return in words what the parts of a target are, or plainly what is missing."""
    zh, lang, plan = study.lang == "zh", study.lang, study.plan
    if found is None:
        own = f"planmodel breakdown {plan.name} --by districts --shares PART=SHARE ..."
        if zh:
            return f"未按县（市、区）或行业分解：{plain(why)}。有自定比重时可用 `{own}`。"
        return f"No breakdown by districts or sectors: {plain(why)}. With shares of your own: `{own}`."
    target = found.line.target
    name, unit = plain(target.indicator.name(lang)), plan.catalogue.units[found.line.unit].name(lang)
    last = found.years[-1]
    parts = ("、" if zh else ", ").join(
        f"{part.name[lang]} {thousands(part.figures[last])}" for part in found.parts
    )
    goal = with_unit(thousands(found.whole[last]), unit, lang)
    rest = any(part.id == "rest" for part in found.parts)
    if zh:
        by = "县（市、区）" if found.by == "districts" else "行业"
        text = f"**{name}** {last}年的 {goal} 按{found.shares.year}年比重分解到{by}：{parts}，各部分相加等于总数。"
        return text + (
            "“其余”为没有公布数的部分；有了各地数据或自定比重即可分全（--shares）。" if rest else ""
        )
    by = "districts" if found.by == "districts" else "sectors"
    text = f"**{name}**: the {goal} of {last} by {by}, with the shares of {found.shares.year}: {parts}; they add up to the whole."
    return text + (
        " “Rest” stands for those without a published figure; with figures, or shares of your own (--shares), it goes."
        if rest
        else ""
    )
