"""Breakdowns: a plan by year, a target by districts or sectors, growth by what contributes to it."""

from planmodel.breakdown.annual import Breakdown, break_down
from planmodel.breakdown.contributions import SectorGrowth, Slice, contributions_table
from planmodel.breakdown.lines import Line, YearFigure, line_of
from planmodel.breakdown.sectors import growth_by_sector, sector_growth, wholes_of
from planmodel.breakdown.shares import DIMENSIONS, NoParts, Shares, given_shares, published_shares
from planmodel.breakdown.split import Part, Split, first_divisible, first_split, split

__all__ = [
    "DIMENSIONS", "Breakdown", "Line", "NoParts", "Part", "SectorGrowth", "Shares", "Slice", "Split", "YearFigure",
    "break_down", "contributions_table", "first_divisible", "first_split", "given_shares", "growth_by_sector", "line_of",
    "published_shares", "sector_growth", "split", "wholes_of",
]  # fmt: skip
