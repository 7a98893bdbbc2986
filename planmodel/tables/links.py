"""A table as files: its texts in one language, and the links by which a page holds it as CSV and as a workbook."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from html import escape

import pandas as pd

from planmodel.words import phrase

DIGITS = 8
"""Significant digits of numbers in a CSV within a page."""
IN_ADDRESS = str.maketrans({c: f"%{ord(c):02X}" for c in '%#"\n\r\t'})
"""Characters that an address would not keep; all others stand in it as they are."""


def in_language(table: pd.DataFrame, lang: str = "en", digits: int | None = 4) -> pd.DataFrame:
    """Return a table to be written to a file: texts in one language, floats rounded (None: as they are)."""
    table = table.copy()
    for name in table.columns:
        column = table[name]
        if column.dtype == object:
            table[name] = [value[lang] if isinstance(value, Mapping) else value for value in column]
        elif digits is not None and pd.api.types.is_float_dtype(column):
            table[name] = column.round(digits)
    return table


def data_links(data: pd.DataFrame, lang: str, name: str) -> str:
    """Return a line of links that hold a table: as CSV (UTF-8 with BOM, as spreadsheets expect) and as a workbook."""
    name, data = re.sub(r"[^\w.]+", "-", name), in_language(data, lang, None)
    text = "\ufeff" + data.to_csv(index=False, float_format=f"%.{DIGITS}g", lineterminator="\n")
    links = [_link(f"{name}.csv", f"data:text/csv;charset=utf-8,{escape(text.translate(IN_ADDRESS))}")]
    try:
        from planmodel.workbooks.sheets import XLSX_MIME, Sheet, workbook_bytes

        content = base64.b64encode(workbook_bytes([Sheet(name, data)])).decode()
        links.append(_link(f"{name}.xlsx", f"data:{XLSX_MIME};base64,{content}"))
    except ImportError:
        pass
    return f'<p class="data-link">{phrase("columns.data", lang)} {" ".join(links)}</p>'


def _link(file: str, address: str) -> str:
    return f'<a download="{file}" href="{address}">{file.rpartition(".")[2].upper()}</a>'
