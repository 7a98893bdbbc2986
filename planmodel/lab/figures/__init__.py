"""The figures of the notebooks: each draws a chart, with its data and its text alternative, and shows it."""

from planmodel.lab.figures.breakdown import show_sectors, show_split

__all__ = ["show_sectors", "show_split"]
