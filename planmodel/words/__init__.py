"""Words: sentences and terms in both languages, kept as data, and figures set for reading."""

from planmodel.words.figures import (
    COMPARATOR_SIGNS,
    figure,
    moment_words,
    percent,
    plain,
    probability_words,
    thousands,
    with_unit,
)
from planmodel.words.phrases import LANGS, Joined, Phrase, Text, join, phrase, said, word

__all__ = [
    "COMPARATOR_SIGNS", "LANGS", "Joined", "Phrase", "Text", "figure", "join", "moment_words", "percent",
    "phrase", "plain", "probability_words", "said", "thousands", "with_unit", "word",
]  # fmt: skip
