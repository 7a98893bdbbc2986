"""The years under way that a review estimated from their months."""

from __future__ import annotations

import pandas as pd

from planmodel.review import Review
from planmodel.review.underway import YearEstimate
from planmodel.words import figure, word


def estimates_view(result: Review, lang: str) -> pd.DataFrame:
    """Return the years under way that were estimated from their months."""
    zh = lang == "zh"
    if not result.estimates:
        none = "没有可用以推算的月度、季度数" if zh else "no months or quarters to estimate a year from"
        return pd.DataFrame([{word("reason", lang): none}])
    return pd.DataFrame(
        [
            {
                word("indicator", lang): found.target.indicator.name(lang),
                word("year", lang): str(found.year),
                "已知月份" if zh else "Months known": str(found.months),
                "占全年" if zh else "Share of a year": f"{100 * found.known_share:.0f}%",
                "全年增速（估计）"
                if zh
                else "Growth of the year, estimate": f"{figure(100 * found.growth, 1)}%"
                + _inflated(found, zh),
                "标准差" if zh else "Standard deviation": "–"
                if found.spread is None
                else f"{figure(100 * found.spread, 1)}{'个百分点' if zh else ' points'}",
            }
            for found in result.estimates
        ]
    )


def _inflated(found: YearEstimate, zh: bool) -> str:
    if not found.inflated:
        return ""
    return "（实际增速加情景价格涨幅）" if zh else " (real growth and the scenario's price rise)"
