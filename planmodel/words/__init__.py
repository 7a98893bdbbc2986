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
)
from planmodel.words.names import id_of, ids_of, names_of, same
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
