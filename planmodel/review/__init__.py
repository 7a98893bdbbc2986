"""The review of a plan under way or finished: where each target stands, its light, and what would flip it."""

from planmodel.review.flips import Swing, Tornado, extra_growth, flips, shifted, swings, tornado
from planmodel.review.lights import LIGHTS
from planmodel.review.methods import METHODS, SENSES
from planmodel.review.reviews import Review, review
from planmodel.review.standings import Standing, Tracked

__all__ = [
    "LIGHTS", "METHODS", "SENSES", "Review", "Standing", "Swing", "Tornado", "Tracked",
    "extra_growth", "flips", "review", "shifted", "swings", "tornado",
]  # fmt: skip
