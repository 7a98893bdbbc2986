"""Breakdowns: a plan by year, a target by districts or sectors, growth by what contributes to it."""

from planmodel.breakdown.annual import Breakdown, Line, YearFigure, break_down, line_of
from planmodel.breakdown.contributions import SectorGrowth, Slice, sector_growth, wholes_of
from planmodel.breakdown.shares import (
    DIMENSIONS,
    NoParts,
    Part,
    Split,
    first_divisible,
    published_shares,
    split,
)
from planmodel.breakdown.tables import breakdown_table, contributions_table, split_table
from planmodel.breakdown.weights import Shares, given_shares

__all__ = [
    "DIMENSIONS",
    "Breakdown",
    "Line",
    "NoParts",
    "Part",
    "SectorGrowth",
    "Shares",
    "Slice",
    "Split",
    "YearFigure",
    "break_down",
    "breakdown_table",
    "contributions_table",
    "first_divisible",
    "given_shares",
    "line_of",
    "published_shares",
    "sector_growth",
    "split",
    "split_table",
    "wholes_of",
]
