"""Equations: an identity of a plan as arithmetic with intervals, each term in its own unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from planmodel.arithmetic.intervals import Interval
from planmodel.audit.statements import Statement
from planmodel.plans.catalogue import Catalogue, Indicator
from planmodel.plans.identities import Identity, Term
from planmodel.words import Phrase

Figures = Sequence[Interval | None]


@dataclass(frozen=True)
class Equation:
    """An identity with its terms' indicators, left side first; factors: from each unit to the base unit of its dimension,
    percent and per mille to fractions."""

    terms: tuple[Term, ...]
    ratio: bool
    indicators: tuple[Indicator, ...]
    factors: tuple[float, ...]

    def right(self, *parts: Interval) -> Interval:
        """Return the left side that the parts give."""
        left, *factors = self.factors
        if self.ratio:
            top, bottom = parts
            return (top / bottom).times(factors[0] / factors[1] / left)
        return _total([part.times(factor / left) for part, factor in zip(parts, factors, strict=True)])

    def against_left(self, left: Interval, *parts: Interval) -> tuple[Interval, Interval]:
        """Return what must meet: the left side that the parts give, and the printed one."""
        return self.right(*parts), left

    def whole(self, share: Interval, part: Interval) -> Interval:
        """Return the whole that a share and its part give, where the identity is a ratio."""
        left, top, bottom = self.factors
        return (part / share).times(top / left / bottom)

    def rest(self, figures: Figures) -> Interval:
        """Return what the printed parts leave of a sum, in the unit of the left side; None: not printed."""
        left, *factors = self.factors
        total, *parts = figures
        assert total is not None, "the rest is what is left of the left side"
        printed = _total([p.times(f / left) for p, f in zip(parts, factors, strict=True) if p is not None])
        return total - printed

    def solve(self, figures: Figures) -> tuple[int, Interval] | None:
        """Return the place and the value of the one figure that is not known; None where it has no meaning.

        Errors: UndefinedGrowth where a figure of zero leaves it open.
        """
        unknown = [at for at, figure in enumerate(figures) if figure is None]
        if len(unknown) != 1:
            return None
        at, known = unknown[0], [figure for figure in figures if figure is not None]
        if at == 0:
            return at, self.right(*known)
        if self.ratio and at == 2:
            return (at, self.whole(*known)) if known[0].low > 0 else None
        if self.ratio:
            unit = self.factors[0] * self.factors[2] / self.factors[1]
            return at, (known[0] * known[1]).times(unit)
        left = self.rest(figures).times(self.factors[0] / self.factors[at])
        return (at, left) if left.low > 0 else None

    def words(self, figures: Sequence[Statement | None] = ()) -> Phrase:
        """Return the equation with the names of its terms, and the figures of those that are known."""
        left, *parts = (
            Phrase("audit.name_figure", name=name, figure=figure)
            if figure
            else Phrase("audit.name", name=name)
            for name, figure in zip_longest(self.indicators, figures)
        )
        return Phrase("audit.ratio" if self.ratio else "audit.sum", left=left, parts=parts)


def equation_of(line: Identity, catalogue: Catalogue) -> Equation:
    """Return an identity as an equation in the units of the catalogue."""
    indicators = tuple(catalogue.indicators[term.indicator] for term in line.terms)
    units = [catalogue.units[indicator.unit] for indicator in indicators]
    factors = tuple(unit.factor * (0.01 if unit.dimension == "percent" else 1.0) for unit in units)
    return Equation(line.terms, line.ratio, indicators, factors)


def _total(figures: Sequence[Interval]) -> Interval:
    return Interval(sum(figure.low for figure in figures), sum(figure.high for figure in figures))
