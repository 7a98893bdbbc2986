"""A chart: its picture, the figures drawn, and one sentence that says it, made together in one call.

A chart's function draws on a sheet, which holds what every call may ask for: language, title, years, colours, size, axes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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

from planmodel.charts.frame import BETWEEN, EDGE, PANEL, Box, framed, panels_height, within
from planmodel.charts.letters import text_height, wrap
from planmodel.charts.rows import MOST_DRAWN, ZERO, Key, Row, draw_key, key_height, row_axes, rows_height
from planmodel.charts.style import GREY, SIZE, SMALL, TEXT, picture, styled, svg
from planmodel.errors import Fault, PlanmodelError, check_lang, unknown
from planmodel.tables.reading import data_links
from planmodel.words import Joined, Phrase, phrase, said

FORMS = (".svg", ".png", ".pdf")


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
    text alternative. source: of the figures, for a picture that stands alone.
    """

    name: str
    figure: Figure = field(repr=False)
    data: pd.DataFrame = field(repr=False)
    alt: str
    lang: str = "en"
    source: str = ""

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
            forms = {"image/svg+xml": drawn, "text/plain": self.alt, "text/html": _image(drawn, self.alt)}
            display(forms, raw=True, metadata={"image/svg+xml": {"alt": self.alt}})
        display(HTML(data_links(self.data, self.lang, f"{self.name}-chart", self.source)))


def _image(drawn: str, alt: str) -> str:
    """An SVG as an image of a page: nbconvert knows no text alternative of an SVG by itself."""
    source = base64.b64encode(drawn.encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}">'


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
        rows, texts = rows[:MOST_DRAWN], with_left_out(texts, len(rows))
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


def with_left_out(texts: Sequence[object], n: int) -> tuple[object, ...]:
    """Return title, subtitle and note of a chart of n things; the note says how many past the first ones are not drawn."""
    if n <= MOST_DRAWN:
        return tuple(texts)
    title, subtitle, note = (*texts, "", "", "")[:3]
    more = Phrase("charts.not_drawn", n=n - MOST_DRAWN)
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
