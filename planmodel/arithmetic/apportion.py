"""Apportioning: printed figures that add up exactly, and contributions of parts to the growth of a whole."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, localcontext

from planmodel.errors import UndefinedGrowth
from planmodel.words import Phrase

EXACT = Context(prec=700)  # room for the digits of any float


def decimals_of(printed: str) -> int:
    """Return the decimals of a printed number.

    >>> decimals_of("164.80"), decimals_of("4000")
    (2, 0)
    """
    return len(printed.partition(".")[2])


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """Return a figure with so many decimals, halves away from zero.

    >>> str(rounded(2.675, 2)), str(rounded(4000.0, 0))
    ('2.68', '4000')
    """
    return _decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT)


def apportion(whole: Decimal, weights: Sequence[float], decimals: int) -> tuple[Decimal, ...]:
    """Return parts of a whole in proportion to weights, with so many decimals, that add up to it exactly.

    Largest remainder (Hamilton): each part is rounded down and the units left go to the largest remainders, the
    first of equal ones before the others. Weights: not negative, at least one positive.

    Errors: ValueError for other weights, or a whole with more decimals.

    >>> [str(part) for part in apportion(Decimal("100"), [1, 1, 1], 0)]
    ['34', '33', '33']
    """
    exact = [_decimal(weight) for weight in weights]
    if not exact or min(exact) < 0 or not sum(exact):
        raise ValueError("weights must not be negative and not all zero")
    unit = Decimal(1).scaleb(-decimals)
    with localcontext(EXACT):
        if whole != whole.quantize(unit):
            raise ValueError(f"{whole} has more than {decimals} decimals")
        shares = [whole * weight / sum(exact) for weight in exact]
        parts = [share.quantize(unit, ROUND_FLOOR) for share in shares]
        left = int((whole - sum(parts)) / unit)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in order[:left]:
        parts[i] += unit
    return tuple(parts)


def shares_between(first: Sequence[float], last: Sequence[float], n_steps: int) -> list[list[float]]:
    """Return shares that move linearly from first to last: n_steps + 1 rows.

    >>> shares_between([0.5, 0.5], [0.6, 0.4], 2)[1]
    [0.55, 0.45]
    """
    rows = [
        [a + (b - a) * step / n_steps for a, b in zip(first, last, strict=True)] for step in range(n_steps)
    ]
    return [*rows, list(last)]


def contributions(
    before: Sequence[float], after: Sequence[float], whole_before: float, whole_after: float, n_years: int = 1
) -> list[float]:
    """Return each part's contribution to the mean annual growth of the whole (fractions; times 100 gives pp).

    Formula: g * (after_i - before_i) / (W1 - W0), with g the whole's mean annual growth; over one year this is
    share_i(t-1) * growth_i. What the parts do not cover is not in the sum.

    Errors: UndefinedGrowth where the whole is not positive.

    >>> [round(100 * c, 2) for c in contributions([20, 30, 50], [21, 33, 56], 100, 110)]
    [1.0, 3.0, 6.0]
    """
    if not (whole_before > 0 and whole_after > 0):
        ends = {"before": f"{whole_before:g}", "after": f"{whole_after:g}"}
        raise UndefinedGrowth(Phrase("arithmetic.no_contributions", **ends))
    growth = (whole_after / whole_before) ** (1 / n_years) - 1
    change = whole_after - whole_before
    factor = growth / change if change else 1 / (whole_before * n_years)
    return [factor * (b - a) for a, b in zip(before, after, strict=True)]


def _decimal(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))
