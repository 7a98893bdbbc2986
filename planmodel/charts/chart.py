"""A chart: its picture, the figures drawn, and one sentence that says it, made together in one call."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure

from planmodel.charts.style import RC, register_fonts, svg
from planmodel.errors import Fault, PlanmodelError
from planmodel.tables.links import data_links
from planmodel.words import Phrase

FORMS = (".svg", ".png", ".pdf")


@dataclass(frozen=True)
class Chart:
    """A chart of a result. It shows itself in a notebook, with links to its data.

    name: of its files. figure: matplotlib's, to be changed before it is shown. data: every figure drawn, tidy. alt: the
    text alternative.
    """

    name: str
    figure: Figure = field(repr=False)
    data: pd.DataFrame = field(repr=False)
    alt: str
    lang: str = "en"

    def save(self, path: str | Path, dpi: int = 300) -> Path:
        """Write the picture for a paper (.svg, .png or .pdf; fonts embedded as TrueType) and return its path.

        Errors: PlanmodelError for another ending, or a folder that is not there.
        """
        path = Path(path)
        if path.suffix.lower() not in FORMS:
            raise PlanmodelError(faults=[Fault("file", Phrase("charts.forms", forms=FORMS), repr(path.name))])
        if not path.parent.is_dir():
            raise PlanmodelError(faults=[Fault("file", Phrase("charts.folder"), repr(str(path.parent)))])
        register_fonts()
        with mpl.rc_context({**RC, "pdf.fonttype": 42, "ps.fonttype": 42}):
            if path.suffix.lower() == ".svg":
                path.write_text(svg(self.figure), encoding="utf-8")
            else:
                self.figure.savefig(path, dpi=dpi)
        return path

    def _ipython_display_(self) -> None:
        """Show the picture with its text alternative, and the figures behind it as files."""
        from IPython.display import HTML, display

        picture = svg(self.figure)
        display(
            {"image/svg+xml": picture[picture.index("<svg") :], "text/plain": self.alt},
            raw=True,
            metadata={"image/svg+xml": {"alt": self.alt}},
        )
        display(HTML(data_links(self.data, self.lang, f"{self.name}-chart")))
