"""Words: sentences and terms in both languages, kept as data, and figures set for reading."""

from planmodel.words.figures import (
    COMPARATOR_SIGNS,
    figure,
    in_percent,
    link,
    percent,
    plain,
    probability_words,
    thousands,
    unmarked,
)
from planmodel.words.phrases import (
    LANGS,
    Joined,
    Phrase,
    Text,
    by_language,
    id_of,
    ids_of,
    join,
    names_of,
    phrase,
    said,
    with_more,
    with_unit,
    word,
    yearly,
)
