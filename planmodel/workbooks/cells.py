"""A cell of a workbook as the text that the CSV files hold: figures with the decimals that the cell shows."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from planmodel.words import Phrase

ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
YEARS = (1900, 2200)
DECIMALS_KEPT = 15
FIRST_DAY = datetime(1899, 12, 30)
USES = {"number": "number", "year": "a_year", "date": "a_date", "code": "code", "text": "a_text"}
"""By what a column holds, how a fault calls that."""


class Refused(Exception):
    """A cell that cannot be read: what was expected, found, and what to do; each a key of words, with its fields."""

    def __init__(self, expected: str, found: str, do: str, **fields: object):
        super().__init__(found)
        self.expected = Phrase(f"workbooks.cell.{expected}", **fields)
        self.found = Phrase(f"workbooks.found.{found}", **fields)
        self.do = Phrase(f"workbooks.do.{do}", **fields)


def form_of(cell) -> str:
    """Return a cell's number format, the general one where the workbook has lost it."""
    try:
        return cell.number_format or "General"
    except (IndexError, KeyError, AttributeError, TypeError):
        return "General"


def shown(cell) -> str:
    """Return a cell as it is read in a sheet of someone's own: figures as they are shown, dates as days."""
    value = cell.value
    return str(value)[:10] if isinstance(value, date) else text_of(value, form_of(cell), "text")


def text_of(value, form: str, use: str, unit: str | None = None, counted: bool = False) -> str:
    """Return a cell's text.

    value: as openpyxl reads it. form: its number format. use: what the column holds: "number", "year", "date",
    "code" or "text". unit: of the row's figure, for a number shown as percent. counted: by a formula, so that decimals end where the
    cell's do.

    Errors: Refused, with the reason.

    >>> text_of(164.8, "0.00", "number"), text_of(2669.7300000000001, "General", "number")
    ('164.80', '2669.73')
    >>> text_of(0.068, "0.0%", "number", "%"), text_of("１６４．８０", "General", "number"), text_of(2025.0, "General", "year")
    ('6.8', '164.80', '2025')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, form, use, unit, counted)
    if isinstance(value, datetime | date | time | timedelta):
        return _date(value, form, use)
    text = ESCAPE.sub(lambda code: chr(int(code[1], 16)), str(value)).replace("\r\n", "\n").strip()
    if use == "text":
        return text
    text = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if use == "number" and re.fullmatch(r"-?\d+(\.\d+)?\s*%", text):
        if unit != "%":
            raise _percent(text, unit)
        return text.rstrip("% ")
    return text


def _number(value: float, form: str, use: str, unit: str | None, counted: bool) -> str:
    if not math.isfinite(value):
        raise Refused("number", "value", "cell", value=value)
    shown = QUOTED.sub("", (form or "General").split(";")[0])
    percent = "%" in shown and use in ("number", "text")
    places = re.search(r"\.([0#?]+)", shown)
    least = len(places[1].replace("#", "").replace("?", "")) if places else 0
    if percent:
        value *= 100
    digits = f"{value:.{DECIMALS_KEPT}g}"
    if "e" in digits:
        digits = f"{Decimal(digits):f}"
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    own = len(digits.partition(".")[2])
    if counted and shown not in ("General", "@"):
        text = f"{Decimal(digits):.{len(places[1]) if places else 0}f}"
    else:
        text = f"{Decimal(digits):.{least}f}" if least > own else digits
    text = text.removeprefix("-") if not float(text) else text
    if not percent:
        return text
    if use == "text":
        return f"{text}%"
    if unit != "%":
        raise _percent(f"{text}%", unit)
    return text


def _percent(shown: str, unit: str | None) -> Refused:
    if unit is None:
        return Refused("plain", "formatted_percent", "number", shown=shown)
    return Refused("in_unit" if unit else "beside", "percentage", "percent", shown=shown, unit=unit)


def _date(value, form: str, use: str) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    shown = QUOTED.sub("", form or "").lower()
    days = (value - FIRST_DAY) / timedelta(days=1) if isinstance(value, datetime) else None
    if isinstance(value, datetime) and use in ("date", "text", "code"):
        if use == "date":
            parts = "%Y-%m-%d" if "d" in shown else "%Y-%m" if "m" in shown else "%Y"
            return value.strftime(parts)
        raise Refused("text", "date", "text", value=f"{value:%Y-%m-%d}")
    if use == "year" and days is not None:
        if days == int(days) and YEARS[0] <= days <= YEARS[1]:
            return str(int(days))  # 2025 in a cell that was formatted as a date
        if "y" in shown and "d" not in shown and "m" not in shown:
            return str(value.year)
        raise Refused("year", "date", "year", value=f"{value:%Y-%m-%d}")
    if isinstance(value, datetime):
        raise Refused(USES[use], "date", "format", value=f"{value:%Y-%m-%d}")
    raise Refused(USES[use], "time", "format", value=value)
