"""A table as files: its texts in one language, and the links by which a page holds it as CSV and as a workbook."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

import pandas as pd

from planmodel.words import phrase


def in_language(table: pd.DataFrame, lang: str, digits: int | None = None) -> pd.DataFrame:
    """Return a table to be written to a file: texts in one language, floats rounded to some digits where asked."""
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
    name, data = re.sub(r"[^\w.]+", "-", name), in_language(data, lang)
    contents = {"csv": ("text/csv", data.to_csv(index=False).encode("utf-8-sig"))}
    try:
        from planmodel.workbooks.sheets import XLSX_MIME, Sheet, workbook_bytes

        contents["xlsx"] = (XLSX_MIME, workbook_bytes([Sheet(name, data)]))
    except ImportError:
        pass
    links = " ".join(
        f'<a download="{name}.{form}" href="data:{mime};base64,{base64.b64encode(content).decode()}">{form.upper()}</a>'
        for form, (mime, content) in contents.items()
    )
    return f'<p class="data-link">{phrase("columns.data", lang)} {links}</p>'
