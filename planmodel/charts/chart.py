"""A chart: its picture, the figures drawn, and one sentence that says it, made together in one call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from planmodel.charts.frame import EDGE, canvas, put
from planmodel.charts.lettering import lines_height, wrap
from planmodel.charts.style import GREY, SMALL, picture, styled, svg
from planmodel.errors import Fault, PlanmodelError
from planmodel.tables.reading import data_links
from planmodel.words import Phrase, phrase

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
        source = self.source if source is None else source
        with self._with_source(source) as options:
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
        room = lines_height(text.count("\n") + 1, SMALL) + EDGE
        line = styled(put)(self.figure, EDGE, -0.04, text, SMALL, color=GREY, va="top")
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
            display(
                {"image/svg+xml": drawn[drawn.index("<svg") :], "text/plain": self.alt},
                raw=True,
                metadata={"image/svg+xml": {"alt": self.alt}},
            )
        display(HTML(data_links(self.data, self.lang, f"{self.name}-chart")))


@styled
def without_figures(
    name: str,
    why: Mapping[str, str],
    lang: str,
    columns: Sequence[str],
    size: tuple[float, float],
    ax: Axes | None = None,
) -> Chart:
    """Return a chart that says why there is nothing to draw; its table has the columns and no rows."""
    figure, _ = canvas(phrase("charts.heading", lang, text=why), "", "", size, body=0.2, ax=ax)
    return Chart(
        name, figure, pd.DataFrame(columns=list(columns)), phrase("charts.sentence", lang, text=why), lang
    )
