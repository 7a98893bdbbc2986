"""A chart: its picture, the figures drawn, and one sentence that says it, made together in one call.

A chart's function draws on a sheet, which holds what every call may ask for: language, title, years, colours, size, axes;
and which lays out panels, keys of marks, and rows. Where the figure has no parts that a phone shows one under the other, the
same function draws it anew on a sheet of a phone's width: no chart has a narrow form of its own.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from functools import wraps
from html import escape
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from planmodel.arguments import checked
from planmodel.charts.frame import BETWEEN, EDGE, PANEL, Box, framed, panels_height, within
from planmodel.charts.letters import lines_height, shorten, text_height, text_width, wrap
from planmodel.charts.rows import Drawn, Row, Rows
from planmodel.charts.style import GREY, INK, SIZE, SMALL, TEXT, Look, picture, styled, svg
from planmodel.errors import Fault, PlanmodelError, check_known, check_lang
from planmodel.feasibility.assessments import Assessment
from planmodel.plans.promises import promises
from planmodel.tables.reading import data_links
from planmodel.words import Joined, Phrase, phrase, said, word

FORMS = (".svg", ".png", ".pdf")
PHONE = (3.75, 3.2)  # inches of a chart drawn for a phone
BESIDE = 0.11  # inches beside a block that belong to it: what is written at the ends of an axis
MOST_DRAWN = 120  # rows or small charts of one picture: more are not looked at
Key = Sequence[tuple[Mapping, str]]  # marks with their names: options of a marker, name
Limits = tuple[float, float]


def file_name(*parts: object) -> str:
    """Return the name of a chart's files: plan, scenario, chart, number.

    >>> file_name("linhai-14fyp", "fan", "T2 1")
    'linhai-14fyp-fan-T2-1'
    """
    return re.sub(r"[^\w.]+", "-", "-".join(str(part) for part in parts if part)).strip("-")


class Narrow(NamedTuple):
    """A chart on a screen as wide as a phone: its texts as text, its parts under one another.

    texts: title, subtitle and note. parts: each an SVG drawn for that width, or left, top, width and height of a part of the
    chart's own picture in its units.
    """

    texts: tuple[str, ...]
    parts: tuple[str | tuple[float, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart of a result. It shows itself in a notebook, with links to its data.

    name: of its files. figure: matplotlib's, to be changed before it is shown. data: every figure drawn, tidy. alt: the
    text alternative. source: of the figures, for a picture that stands alone. narrow: makes its form for a phone.
    """

    name: str
    figure: Figure = field(repr=False)
    data: pd.DataFrame = field(repr=False)
    alt: str
    lang: str = "en"
    source: str = ""
    narrow: Callable[[], Narrow] | None = field(default=None, repr=False, compare=False)

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
            about = {"alt": self.alt} | ({"narrow": self.narrow()._asdict()} if self.narrow else {})
            display(forms, raw=True, metadata={"image/svg+xml": about})
        display(HTML(data_links(self.data, self.lang, f"{self.name}-chart", self.source)))


def image_of(drawn: str, alt: str) -> str:
    """Return an SVG as an image of a page: nbconvert knows no text alternative of an SVG by itself."""
    source = base64.b64encode(drawn.encode()).decode()
    return f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{source}">'


@dataclass
class Sheet:
    """What one chart is drawn on: the language and the look that its call asks for, then a figure with a box to fill.

    title: in place of the one made from the figures. years: first and last to show. colours: by name, in place of the
    chart's own. size: inches. ax: axes to draw in, in place of a figure of its own. bare: without title, subtitle and note.
    blocks: parts of the figure that a phone shows one under the other. marks: those of its key. texts: title, subtitle, note.
    """

    lang: str
    title: str | None = None
    years: tuple[int, int] | None = None
    colours: Mapping[str, str] | None = None
    size: tuple[float, float] = SIZE
    ax: Axes | None = None
    bare: bool = False
    figure: Figure = field(init=False)
    blocks: list[Box] = field(default_factory=list, init=False)
    marks: list[Box] = field(default_factory=list, init=False)
    texts: tuple[str, ...] = field(default=(), init=False)

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
        check_known("colours", given, known)
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
            self.texts = title, said(subtitle, self.lang), said(note, self.lang)
            box = framed(*(("", "", "") if self.bare else self.texts), self.size, body)
        self.figure = box.figure
        rest, self.marks = draw_key(box, key)
        return rest

    def narrow(self) -> Narrow:
        """Return the form of a drawn sheet for a phone: its blocks, marks of the key first, else the whole as it is."""
        if not self.blocks:
            return Narrow(self.texts, (svg(self.figure, letters=False),))
        boxes = *self.marks, *(box.inset(left=-BESIDE, right=-BESIDE) for box in self.blocks)
        top = float(self.figure.get_size_inches()[1])
        places = [(box.left, top - box.top, box.width, box.height) for box in boxes]
        return Narrow(self.texts, tuple(tuple(round(72 * each, 1) for each in place) for place in places))

    def panels(
        self, n: int, *texts: object, columns: int = 2, height: float = PANEL, gap: float = BETWEEN, key: Key = ()
    ) -> list[Box]:  # fmt: skip
        """Return the boxes of n panels, in one column on a narrow sheet; texts, key: see `open`."""
        columns = max(1, min(n, columns)) if self.size[0] >= 5 else 1
        box = self.open(*texts, body=panels_height(n, columns, height, gap), key=key)
        boxes = box.panels(n, columns, height, gap)
        self.blocks += boxes if columns > 1 else []
        return boxes

    def rows(self, rows: Sequence[Row], limits: Limits, *texts: object, **look: Any) -> list[Drawn]:
        """Return where the marks of rows belong, one after the other; for the rest see `row_panels`."""
        return self.row_panels({"": (rows, limits)} if rows else {}, *texts, **look)

    def row_panels(
        self, panels: Mapping[str, tuple[Sequence[Row], Limits]], *texts: object, key: Key = (), percent: bool = False,
        lines: Sequence[float] = (), nothing: str = "",
    ) -> list[Drawn]:  # fmt: skip
        """Write rows by heading, each panel with the limits of its axis, and return where their marks belong.

        texts, key: see `open`. lines: across all rows. nothing: said where there are no rows. Of very many rows the first are
        drawn, and the note says how many are not; into given axes goes the first panel alone.
        """
        longest = max((len(rows) for rows, _ in panels.values()), default=0)
        texts = with_left_out(texts, longest, MOST_DRAWN)
        every = [row for rows, _ in panels.values() for row in rows[:MOST_DRAWN]]
        if not every:
            self.nothing(nothing, self.open(*texts, body=0.5))
            return []
        look: Look = {"of": every, "most": 2 if self.ax is None else 1}
        laid = {name: Rows(rows[:MOST_DRAWN], self.width, **look) for name, (rows, _) in panels.items()}
        heads = {name: wrap(name, each.width, TEXT, True) for name, each in laid.items()}
        rooms = {name: text_height(head, TEXT) + 0.1 * bool(head) for name, head in heads.items()}
        box = self.open(*texts, body=sum(each.height + rooms[name] for name, each in laid.items()), key=key)
        drawn: list[Drawn] = []
        for name, each in list(laid.items())[: None if self.ax is None else 1]:
            place = box.inset(top=rooms[name])
            if name:
                box.put(box.left, box.top - 0.04, heads[name], TEXT, va="top", weight="bold", color=GREY)
            drawn += each.draw(place, panels[name][1], percent, lines)
            if each.n_columns > 1:
                first, *others = each.places(place)
                self.blocks += [first.inset(top=-rooms[name]), *others]
            box = place.inset(top=each.height)
        return drawn

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
        public, careful = Signature([*own, *look]), checked(draw)

        @wraps(draw)
        def called(*args, **kwargs) -> Chart:
            given = public.bind(*args, **kwargs)
            given.apply_defaults()
            sheet = checked(Sheet)(**{each.name: given.arguments.pop(each.name) for each in (lang, *look)})
            chart = careful(sheet=sheet, **given.arguments)
            if sheet.ax is not None or sheet.size[0] <= PHONE[0] or chart.narrow is not None:
                return chart

            def narrow() -> Narrow:
                if sheet.blocks:
                    return sheet.narrow()
                small = replace(sheet, size=PHONE, bare=True)
                styled(draw)(sheet=small, **given.arguments)
                return small.narrow()

            return replace(chart, narrow=narrow)

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


def draw_key(box: Box, entries: Key) -> tuple[Box, list[Box]]:
    """Write marks with their names in lines at the top of a box; return what is left under them, and the box of each."""
    line, boxes = lines_height(1, SMALL), []
    for (options, name), (row, left, need) in zip(entries, _places(entries, box.width), strict=True):
        x, y = box.left + left, box.top - 0.1 - row * line
        at: Look = {"transform": box.figure.dpi_scale_trans, **options, "ls": ""}
        box.figure.add_artist(Line2D([x + 0.08], [y], **at))
        box.put(x + 0.2, y, shorten(name, box.width - 0.22, SMALL), SMALL, va="center", color=INK)
        boxes.append(Box(box.figure, x, y - line / 2, x + need, y + line / 2))
    return box.inset(top=key_height(entries, box.width)), boxes


def key_height(entries: Key, width: float) -> float:
    """Return the inches that a key takes."""
    places = _places(entries, width)
    return (places[-1][0] + 1) * lines_height(1, SMALL) + 0.12 if places else 0.0


def _places(entries: Key, width: float) -> list[tuple[int, float, float]]:
    """The line, the left end and the width of each mark of a key."""
    places, line, left = [], 0, 0.0
    for _, name in entries:
        need = text_width(name, SMALL) + 0.25
        if left and left + need > width:
            line, left = line + 1, 0.0
        places.append((line, left, need))
        left += need + 0.19
    return places
