"""Breakdowns: a plan by year, a target by districts or sectors, growth by what contributes to it."""

from planmodel.breakdown.annual import Breakdown, Line, YearFigure, break_down

__all__ = ["Breakdown", "Line", "YearFigure", "break_down"]
