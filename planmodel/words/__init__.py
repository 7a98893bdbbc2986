"""Words: sentences and terms in both languages, kept as data, and figures set for reading."""

from planmodel.words.figures import (
    COMPARATOR_SIGNS,
    figure,
    in_percent,
    percent,
    plain,
    probability_words,
    thousands,
)
from planmodel.words.phrases import (
    LANGS,
    Joined,
    Phrase,
    Text,
    by_language,
    join,
    moment_words,
    phrase,
    said,
    with_unit,
    word,
    yearly,
)

__all__ = [
    "COMPARATOR_SIGNS", "LANGS", "Joined", "Phrase", "Text", "by_language", "figure", "in_percent", "join", "moment_words", "percent",
    "phrase", "plain", "probability_words", "said", "thousands", "with_unit", "word", "yearly",
]  # fmt: skip
