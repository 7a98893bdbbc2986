"""A chart: its picture, the figures drawn, and one sentence that says it, made together in one call.

A chart's function draws on a sheet, which holds what every call may ask for: language, title, years, colours, size, axes;
and which lays out panels, keys of marks, and rows: a name and a promise at the left, marks on a common scale, words at the right.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import wraps
from html import escape
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from planmodel.charts.frame import BETWEEN, EDGE, PANEL, Box, framed, panels_height, value_ticks, within
from planmodel.charts.letters import lines_height, shorten, text_height, text_width, wrap
from planmodel.charts.style import GREY, INK, SIZE, SMALL, TEXT, Look, picture, styled, svg
from planmodel.errors import Fault, PlanmodelError, check_lang, unknown
from planmodel.feasibility.assessments import Assessment
from planmodel.plans.promises import promises
from planmodel.tables.reading import data_links
from planmodel.words import Joined, Phrase, phrase, said, word

FORMS = (".svg", ".png", ".pdf")
ROW, PLAIN_ROW = 0.42, 0.28
MOST_DRAWN = 120
"""Rows or small charts of one picture: more are not looked at."""
NAME_SHARE, AT_RIGHT = 0.4, 0.4
"""Shares of a chart's width that names and the texts at the right may take."""
FOOT = 0.25
NAME, DETAIL = TEXT - 0.5, SMALL - 0.5
"""Font sizes of a row's name and of the text under it."""
ZERO: Look = {"color": "#8c8c8c", "lw": 0.8, "zorder": 1}
"""The look of a line across all rows."""
Key = Sequence[tuple[Mapping, str]]
"""Marks with their names: options of a marker, name."""


def file_name(*parts: object) -> str:
    """Return the name of a chart's files: plan, scenario, chart, number.

    >>> file_name("linhai-14fyp", "fan", "T2 1")
    'linhai-14fyp-fan-T2-1'
    """
    return re.sub(r"[^\w.]+", "-", "-".join(str(part) for part in parts if part)).strip("-")


@dataclass(frozen=True)
class Chart:
    """A chart of a result. It shows itself in a notebook, with links to its data.

    name: of its files. figure: matplotlib's, to be changed before it is shown. data: every figure drawn, tidy. alt: the
    text alternative. source: of the figures, for a picture that stands alone. narrow: title and SVG of the same drawn for a
    phone's width, which pages show there; empty: the picture scrolls in its frame.
    """

    name: str
    figure: Figure = field(repr=False)
    data: pd.DataFrame = field(repr=False)
    alt: str
    lang: str = "en"
    source: str = ""
    narrow: tuple[str, ...] = field(default=(), repr=False)

    def save(self, path: str | Path, dpi: int = 300, source: str | None = None) -> Path:
        """Write the picture for a paper (.svg, .png or .pdf; fonts embedded as TrueType) and return its path.

        source: the line under the picture (default: the chart's own; empty: none).
        Errors: PlanmodelError for another ending, or a folder that is not there.
        """
        path = Path(path)
        if path.suffix.lower() not in FORMS:
            raise PlanmodelError(faults=[Fault("file", Phrase("charts.forms", forms=FORMS), repr(path.name))])
        if not path.parent.is_dir():
            raise PlanmodelError(faults=[Fault("file", Phrase("charts.folder"), repr(str(path.parent)))])
        with self._with_source(self.source if source is None else source) as options:
            path.write_bytes(picture(self.figure, path.suffix.lower()[1:], dpi=dpi, **options))
        return path

    @contextmanager
    def _with_source(self, source: str) -> Iterator[dict]:
        """Put a line under the picture for as long as it is written; yield the options that make room for it."""
        if not source:
            yield {}
            return
        width, height = self.figure.get_size_inches()
        text = wrap(phrase("charts.source", self.lang, source=source), width - 2 * EDGE, SMALL)
        room = text_height(text, SMALL) + EDGE
        line = styled(Box(self.figure, 0, 0, width, height).put)(
            EDGE, -0.04, text, SMALL, color=GREY, va="top"
        )
        self.figure.patch.set_bounds(0, -room / height, 1, 1 + room / height)
        try:
            yield {"bbox_inches": Bbox([[0, -room], [width, height]])}
        finally:
            line.remove()
            self.figure.patch.set_bounds(0, 0, 1, 1)

    def _ipython_display_(self) -> None:
        """Show the picture with its text alternative, and the figures behind it as files."""
        from IPython.display import HTML, display

        if not hasattr(self.figure, "number"):  # what pyplot made is shown by the notebook itself
            drawn = svg(self.figure)
            drawn = drawn[drawn.index("<svg") :]
            forms = {"image/svg+xml": drawn, "text/plain": self.alt, "text/html": image_of(drawn, self.alt)}
            about = {"alt": self.alt} | ({"narrow": list(self.narrow)} if self.narrow else {})
            display(forms, raw=True, metadata={"image/svg+xml": about})
        display(HTML(data_links(self.data, self.lang, f"{self.name}-chart", self.source)))


def image_of(drawn: str, alt: str) -> str:
    """Return an SVG as an image of a page: nbconvert knows no text alternative of an SVG by itself."""
    source = base64.b64encode(drawn.encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}">'


@dataclass(frozen=True)
class Row:
    """A row: its name, the fainter text under it (empty: one line), and the texts at its right, the second in `colour`.

    entry: what is drawn in it; None: nothing, the row is a heading.
    """

    name: str
    detail: str = ""
    bold: bool = False
    right: str = ""
    colour: str = GREY
    entry: Any = None

    @property
    def height(self) -> float:
        return ROW if self.detail else PLAIN_ROW


@dataclass
class Sheet:
    """What one chart is drawn on: the language and the look that its call asks for, then a figure with a box to fill.

    title: in place of the one made from the figures. years: first and last to show. colours: by name, in place of the
    chart's own. size: inches. ax: axes to draw in, in place of a figure of its own.
    """

    lang: str
    title: str | None = None
    years: tuple[int, int] | None = None
    colours: Mapping[str, str] | None = None
    size: tuple[float, float] = SIZE
    ax: Axes | None = None
    figure: Figure = field(init=False)

    def __post_init__(self) -> None:
        check_lang(self.lang)

    @property
    def width(self) -> float:
        """Inches for what is drawn."""
        return self.size[0] - 2 * EDGE if self.ax is None else within(self.ax, "").width

    def say(self, key: str, **fields: object) -> str:
        """Return a phrase in the language of the sheet."""
        return phrase(key, self.lang, **fields)

    def colours_of(self, known: Mapping[str, str]) -> dict[str, str]:
        """Return the known colours with those asked for in their place; raise for a name that is not known."""
        given = self.colours or {}
        faults = [unknown("colours", name, known) for name in given if name not in known]
        if faults:
            raise PlanmodelError(faults=faults)
        return {**known, **given}

    def open(
        self, title: object, subtitle: object = "", note: object = "", *, body: float | None = None,
        key: Key = (),
    ) -> Box:  # fmt: skip
        """Return the box to fill, in a new figure between title, subtitle and note or in the place of the axes given.

        Into given axes goes the title alone. body: height of what is to come; the figure then grows to fit, and `size`
        gives the width only. key: marks with their names, in lines above all.
        """
        title = said(title if self.title is None else self.title, self.lang)
        if self.ax is not None:
            box = within(self.ax, title)
        else:
            if body is not None:
                body += key_height(key, self.width)
            box = framed(title, said(subtitle, self.lang), said(note, self.lang), self.size, body)
        self.figure = box.figure
        return draw_key(box, key)

    def panels(
        self, n: int, *texts: object, columns: int = 2, height: float = PANEL, gap: float = BETWEEN, key: Key = ()
    ) -> list[Box]:  # fmt: skip
        """Return the boxes of n panels, in one column on a narrow sheet; texts, key: see `open`."""
        columns = max(1, min(n, columns)) if self.size[0] >= 5 else 1
        box = self.open(*texts, body=panels_height(n, columns, height, gap), key=key)
        return box.panels(n, columns, height, gap)

    def rows(
        self, rows: Sequence[Row], limits: tuple[float, float], *texts: object, key: Key = (), percent: bool = False,
        lines: Sequence[float] = (), nothing: str = "",
    ) -> tuple[Axes, list[tuple[Any, float]]]:  # fmt: skip
        """Return axes with rows beside them, and of each row that is drawn its entry and its height.

        limits: of the axis. texts, key: see `open`. lines: across all rows. nothing: said where there are no rows.
        Of very many rows the first are drawn, and the note says how many are not.
        """
        rows, texts = rows[:MOST_DRAWN], with_left_out(texts, len(rows), MOST_DRAWN)
        box = self.open(*texts, body=rows_height(rows) if rows else 0.5, key=key if rows else ())
        if not rows:
            self.nothing(nothing, box)
            ax = box.axes()
            ax.set(frame_on=False, xticks=[], yticks=[])
            return ax, []
        ax, entries = row_axes(box, rows, limits, percent=percent)
        for x in lines:
            ax.axvline(x, **ZERO)
        return ax, entries

    def nothing(self, text: str, box: Box) -> None:
        """Write in a box why there is nothing in it."""
        box.put(box.left, box.top - 0.2, text or self.say("charts.nothing"), TEXT, color=GREY)

    def chart(self, name: str, data: pd.DataFrame, *sentences: object, source: object = "") -> Chart:
        """Return the chart of what was drawn: its figures, and the sentences of its text alternative without their ends."""
        alt = Joined([Phrase("charts.sentence", text=text) for text in sentences])[self.lang]
        return Chart(name, self.figure, data, alt, self.lang, said(source, self.lang))

    def without_figures(self, name: str, why: Mapping[str, str], columns: Sequence[str]) -> Chart:
        """Return a chart that says why there is nothing to draw; its table has the columns and no rows."""
        self.title = None
        self.open(Phrase("charts.heading", text=why), body=0.2)
        return self.chart(name, pd.DataFrame(columns=list(columns)), why)


def with_left_out(texts: Sequence[object], n: int, most: int) -> tuple[object, ...]:
    """Return title, subtitle and note of a chart of n things; the note says how many past the first ones are not drawn."""
    if n <= most:
        return tuple(texts)
    title, subtitle, note = (*texts, "", "", "")[:3]
    more = Phrase("charts.not_drawn", n=n - most)
    return title, subtitle, Joined([note, more], "sentences") if note else more


def drawn(*options: str) -> Callable[[Callable[..., Chart]], Callable[..., Chart]]:
    """Make a chart's function of one that draws on a sheet, in the style of the package.

    The call names a language in the place of the `sheet`; besides its own parameters it takes a title and a size, and of
    years, colours and ax those among the options.
    """
    asked = [each for each in fields(Sheet) if each.name in ("title", "size", *options)]

    def make(draw: Callable[..., Chart]) -> Callable[..., Chart]:
        lang = Parameter("lang", Parameter.POSITIONAL_OR_KEYWORD, default="en")
        own = [lang if each.name == "sheet" else each for each in signature(draw).parameters.values()]
        look = [Parameter(each.name, Parameter.KEYWORD_ONLY, default=each.default) for each in asked]
        public = Signature([*own, *look])

        @wraps(draw)
        def called(*args, **kwargs) -> Chart:
            given = public.bind(*args, **kwargs)
            given.apply_defaults()
            sheet = Sheet(**{each.name: given.arguments.pop(each.name) for each in (lang, *look)})
            return draw(sheet=sheet, **given.arguments)

        vars(called)["__signature__"] = public
        return styled(called)

    return make


def bound_row(entry: Any, right: str, colour: str, lang: str) -> Row:
    """Return the row of an entry with name and promise, bold and named so where it binds."""
    promise = f"{word('binding', lang)} · {entry.promise}" if entry.binding else entry.promise
    return Row(entry.name, promise, entry.binding, right, colour, entry)


def unique(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Return assessments, each promise once, table rows before prose."""
    return promises(sorted(assessments, key=lambda a: a.target.table == "text"))


def rows_height(rows: Sequence[Row]) -> float:
    """Return the inches that rows and the axis under them take."""
    return sum(row.height for row in rows) + FOOT


def row_axes(
    box: Box, rows: Sequence[Row], limits: tuple[float, float], *, percent: bool = False, names_width: float | None = None
) -> tuple[Axes, list[tuple[Any, float]]]:  # fmt: skip
    """Return axes with the rows written beside them, and of each row that is drawn its entry and its height.

    Row heights are in inches from the top of the axes (the value axis points down).
    """
    width = names_width or names_room(rows, box.width)
    rights = [[shorten(line, AT_RIGHT * box.width, SMALL) for line in row.right.split("\n")] for row in rows]
    room = max((text_width(line, SMALL) for lines in rights for line in lines), default=0.0)
    inner = box.inset(width + 0.15, FOOT, room + 0.15 * bool(room))
    ax = inner.axes()
    ax.set_xlim(*limits)
    ax.set_ylim(inner.height, 0)
    ax.set_yticks([])
    ticks, names = value_ticks(*limits, max(1, min(6, int(inner.width / 0.7))))
    ax.set_xticks(ticks, [f"{name}%" if percent else name for name in names])
    ax.tick_params(axis="x", length=2.5, pad=2)
    ax.grid(axis="x")
    ax.spines["left"].set_visible(False)
    squeeze = min(1.0, inner.height / sum(row.height for row in rows)) if rows else 1.0
    entries, end, line = [], 0.0, lines_height(1, SMALL)
    for row, right in zip(rows, rights, strict=True):
        at = end + squeeze * row.height / 2
        end += squeeze * row.height
        y, shift = inner.top - at, line / 2 if row.detail else 0.0
        name, weight = shorten(row.name, width, NAME, row.bold), "bold" if row.bold else "normal"
        box.put(box.left, y + shift, name, NAME, va="center", color=INK, weight=weight)
        if row.detail:
            box.put(box.left, y - shift, shorten(row.detail, width, DETAIL), DETAIL, va="center", color=GREY)
        for i, text in enumerate(right):
            at_right = inner.right + 0.15, y + ((len(right) - 1) / 2 - i) * line
            box.put(*at_right, text, SMALL, va="center", color=row.colour if i else INK)
        if row.entry is not None:
            entries.append((row.entry, at))
    return ax, entries


def names_room(rows: Sequence[Row], width: float) -> float:
    """Return the width of the column of names: as wide as they are, up to a share of the chart."""
    widths = [max(text_width(row.name, NAME, row.bold), text_width(row.detail, DETAIL)) for row in rows]
    return min(max(widths, default=0.0), NAME_SHARE * width) + 0.02


def draw_key(box: Box, entries: Key) -> Box:
    """Write marks with their names in lines at the top of a box; return what is left under them."""
    for (options, name), (line, left) in zip(entries, _places(entries, box.width), strict=True):
        x, y = box.left + left, box.top - 0.1 - line * lines_height(1, SMALL)
        box.line([x + 0.08], [y], **{**options, "ls": ""})
        box.put(x + 0.2, y, shorten(name, box.width - 0.22, SMALL), SMALL, va="center", color=INK)
    return box.inset(top=key_height(entries, box.width))


def key_height(entries: Key, width: float) -> float:
    """Return the inches that a key takes."""
    places = _places(entries, width)
    return (places[-1][0] + 1) * lines_height(1, SMALL) + 0.12 if places else 0.0


def _places(entries: Key, width: float) -> list[tuple[int, float]]:
    """The line and the left end of each mark of a key."""
    places, line, left = [], 0, 0.0
    for _, name in entries:
        need = text_width(name, SMALL) + 0.22
        if left and left + need > width:
            line, left = line + 1, 0.0
        places.append((line, left))
        left += need + 0.22
    return places
