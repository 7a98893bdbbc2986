"""The review of a plan under way or finished: where each target stands, its light, and what would flip it."""

from planmodel.review.flips import Swing, Tornado, extra_growth, flips, shifted, swings, tornado
from planmodel.review.methods import LIGHTS, METHODS, SENSES
from planmodel.review.reviews import Review, review
from planmodel.review.standings import Standing, Tracked
