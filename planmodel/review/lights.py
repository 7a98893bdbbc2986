"""Lights: met, on pace, at risk, off or not assessable; the cut-offs are data (rules.yaml, review)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planmodel.plans import kind_of
from planmodel.review.methods import pace_label
from planmodel.review.standings import Standing

LIGHTS = ("met", "on_pace", "at_risk", "off", "not_assessable")


def lit(standing: Standing, rules: Mapping) -> Standing:
    """Return a standing with its label and its light, and the rule that gave it.

    In this order: the outturn of a target year that is over; a broken promise of every year; a final figure reached
    already; the probability with the pace; the pace alone. Binding targets have the stricter cut-offs.
    """
    light, rule = _light(standing, rules)
    return replace(standing, label=_label(standing, rules["pace"]), light=light, rule=rule)


def _label(standing: Standing, pace: Mapping[str, float]) -> str:
    if standing.year is None or standing.outturn is not None:
        return ""
    if kind_of(standing.target).every_year:
        return "on_pace" if standing.kept_so_far else "lagging"
    done = standing.reached_now and not standing.estimated
    if standing.pace is None:
        return "ahead" if done else "on_pace" if standing.milestone_reached else "lagging"
    return pace_label(standing.pace, done, pace)


def near_path(standing: Standing, pace: Mapping[str, float]) -> bool:
    """Return True where the latest figure is at its milestone or beyond, or the pace near enough to one."""
    return bool(
        standing.milestone_reached or (standing.pace is not None and standing.pace >= pace["on_pace"])
    )


def wanted(standing: Standing, rules: Mapping) -> float:
    """Return the probability that on pace takes: less near the path, more behind it."""
    cut_offs = rules["on_pace" if near_path(standing, rules["pace"]) else "likely"]
    return cut_offs[_strictness(standing)]


def _strictness(standing: Standing) -> str:
    return "binding" if standing.target.binding else "expected"


def _light(standing: Standing, rules: Mapping) -> tuple[str, str]:
    """The light and the rule that gave it (review.yaml says each in words)."""
    if standing.outturn is not None:
        if standing.outturn.met is None:
            return "not_assessable", "no_outturn"
        return ("met" if standing.outturn.met else "off"), "ended"
    if standing.year is None:
        return "not_assessable", "no_outturn"
    if not standing.kept_so_far:
        return "off", "exceeded" if kind_of(standing.target).path == "cumulated" else "broken"
    if standing.reached_now and not standing.estimated:
        return "met", "reached"
    near, chance = near_path(standing, rules["pace"]), standing.assessment.probability
    if chance is None:
        far = standing.pace is not None and standing.pace < rules["pace"]["far_behind"]
        return ("on_pace" if near else "off" if far else "at_risk"), "pace_only"
    strictness = _strictness(standing)
    if chance < rules["unlikely"][strictness]:
        return "off", "unlikely"
    if chance >= rules["likely"][strictness]:
        return "on_pace", "likely"
    if near and chance >= rules["on_pace"][strictness]:
        return "on_pace", "pace_and_likely"
    return "at_risk", "not_likely" if near else "behind"
