"""Contributions of sectors to the growth of a whole, in percentage points: the results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from planmodel.plans.catalogue import load_catalogue
from planmodel.words import Phrase, figure, in_percent
from planmodel.words.cards import Card, Rows

COLUMNS = (
    "plan", "whole", "base_year", "last_year", "prices", "planned", "growth", "sector", "share", "sector_growth",
    "contribution", "targets", "formula",
)  # fmt: skip
"""Of the table of contributions; those before `formula` are those that others script against."""
REST, GAP = "rest", "gap"
"""What stands for the parts that are not named, and for what the parts leave of the growth."""
NOISE = 1e-12


@dataclass(frozen=True)
class Slice:
    """A sector's part in the growth of the whole: contribution = share before * growth (fractions a year)."""

    id: str
    share: float
    growth: float | None
    contribution: float


@dataclass(frozen=True, repr=False)
class SectorGrowth(Card):
    """The growth of a whole by sector over first_year..last_year (mean a year).

    prices: nominal (levels at current prices, shares of the first year) or real (published rates at comparable prices,
    weights: shares of the year before). growth: of the whole, None where only some sectors are known. gap: what the
    sectors leave of it, from rounding; with it they add up to the growth exactly. formula: how an end that the plan
    does not print follows from its targets.
    """

    plan: str
    whole: str
    base_year: int
    last_year: int
    prices: str
    planned: bool
    growth: float | None
    slices: tuple[Slice, ...]
    targets: tuple[str, ...] = ()
    formula: str = ""

    @property
    def gap(self) -> float:
        """The growth that no sector explains; 0 where the growth of the whole is not known."""
        left = 0.0 if self.growth is None else self.growth - sum(s.contribution for s in self.slices)
        return left if abs(left) > NOISE else 0.0

    @property
    def n_years(self) -> int:
        return self.last_year - self.base_year

    @property
    def years(self) -> str:
        """The years of the growth: 2021, or 2021–2025."""
        return str(self.last_year) if self.n_years == 1 else f"{self.base_year + 1}–{self.last_year}"

    @property
    def table(self) -> pd.DataFrame:
        """One row a sector: share (0-1) before, growth in % a year, contribution in points; with the row `gap` they add up."""
        return contributions_table([self])

    def _card(self, lang: str) -> tuple[object, Rows]:
        names = load_catalogue().indicators
        kind, prices = ("target" if self.planned else "outturn"), Phrase(f"breakdown.prices.{self.prices}")
        title = Phrase(
            "breakdown.card.growth",
            plan=self.plan,
            whole=names.get(self.whole, self.whole),
            years=self.years,
            kind=Phrase(f"terms.{kind}"),
            prices=prices,
        )
        total = None if self.growth is None else in_percent(100 * self.growth, 2)
        points = [(part.id, part.contribution) for part in self.slices]
        rows = [
            (
                names.get(name) or Phrase(f"breakdown.part.{name}"),
                Phrase("columns.points", figure=figure(100 * value, 2)),
            )
            for name, value in points
        ]
        return title, [(Phrase("columns.heads.growth_a_year"), total), *rows]


def contributions_table(growths: Iterable[SectorGrowth]) -> pd.DataFrame:
    """Return one row a span and sector: share (0-1) before, growth in % a year, contribution in points.

    The contributions of a span, the row `gap` among them, add up to the growth of the whole.
    """
    rows: list[dict[str, object]] = []
    for growth in growths:
        row = {name: getattr(growth, name) for name in COLUMNS if hasattr(growth, name)}
        row |= {"growth": _percent(growth.growth), "targets": "; ".join(growth.targets)}
        rows += [
            row
            | {
                "sector": part.id,
                "share": part.share,
                "sector_growth": _percent(part.growth),
                "contribution": 100 * part.contribution,
            }
            for part in growth.slices
        ]
        if growth.growth is not None:
            rows.append(row | {"sector": GAP, "contribution": 100 * growth.gap})
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype(dict.fromkeys(("growth", "share", "sector_growth", "contribution"), float))


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
