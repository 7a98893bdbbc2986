"""Breakdowns: a plan by year, a target by districts or sectors, growth by what contributes to it."""

from planmodel.breakdown.annual import Breakdown, Line, YearFigure, break_down, line_of
from planmodel.breakdown.sectors import (
    SectorGrowth,
    Slice,
    contributions_table,
    growth_by_sector,
    sector_growth,
    wholes_of,
)
from planmodel.breakdown.split import (
    DIMENSIONS,
    NoParts,
    Part,
    Shares,
    Split,
    first_divisible,
    first_split,
    given_shares,
    published_shares,
    split,
)

__all__ = [
    "DIMENSIONS", "Breakdown", "Line", "NoParts", "Part", "SectorGrowth", "Shares", "Slice", "Split", "YearFigure",
    "break_down", "contributions_table", "first_divisible", "first_split", "given_shares", "growth_by_sector", "line_of",
    "published_shares", "sector_growth", "split", "wholes_of",
]  # fmt: skip
