"""CSV that people open in a spreadsheet: a text that it would take for a formula has an apostrophe before it.

Tables of a report (results/*.csv, the links of a page) are for reading and have it; data files, exports and what commands print
are read by programs and hold every text as it is.
"""

from __future__ import annotations

import re

import pandas as pd

FORMULA = re.compile(r"\s*[=+\-@\t\r](?!$)")
PLAIN_NUMBER = re.compile(r"[+-]?\d[\d,. ]*(e[+-]?\d+)?%?", re.IGNORECASE)


def as_text(value: object) -> object:
    """Return a cell with an apostrophe before a text that a spreadsheet would take for a formula.

    >>> [as_text(value) for value in ("=1+1", "@x", "-5.2%", "+3", "-", "-a", 5, "a=1")]
    ["'=1+1", "'@x", '-5.2%', '+3', '-', "'-a", 5, 'a=1']
    """
    formula = isinstance(value, str) and FORMULA.match(value) and not PLAIN_NUMBER.fullmatch(value)
    return f"'{value}" if formula else value


def as_it_was(value: object) -> object:
    """Return a cell without the apostrophe that `as_text` puts.

    >>> as_it_was("'=1+1"), as_it_was("'tis")
    ('=1+1', "'tis")
    """
    return value[1:] if isinstance(value, str) and value[:1] == "'" and as_text(value[1:]) == value else value


def spreadsheet_csv(table: pd.DataFrame, header: bool = True, float_format: str | None = None) -> str:
    """Return a table as CSV for a spreadsheet, without the byte order mark."""
    safe = table.rename(columns=as_text)
    for position, name in enumerate(table.columns):
        if not pd.api.types.is_numeric_dtype(table[name]):
            safe.isetitem(position, [as_text(value) for value in table[name]])
    return safe.to_csv(index=False, header=header, float_format=float_format, lineterminator="\n")
