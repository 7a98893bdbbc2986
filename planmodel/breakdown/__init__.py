"""Breakdowns: a plan by year, a target by districts or sectors, growth by what contributes to it."""

from planmodel.breakdown.annual import Breakdown, break_down
from planmodel.breakdown.sectors import (
    SectorGrowth,
    contributions_table,
    growth_by_sector,
    sector_growth,
    wholes_of,
)
from planmodel.breakdown.split import (
    Part,
    Shares,
    Split,
    first_divisible,
    first_split,
    given_shares,
    published_shares,
    split,
)
