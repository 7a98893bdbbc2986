"""Lights: met, on pace, at risk, off or not assessable; the cut-offs are data (rules.yaml, review)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from planmodel.review.methods import pace_label
from planmodel.review.standings import Standing

LIGHTS = ("met", "on_pace", "at_risk", "off", "not_assessable")
RULES: Mapping[str, Mapping[str, str]] = {
    "ended": {"en": "the target year is over: by the outturn", "zh": "目标年已过，按实际数判断"},
    "broken": {"en": "a promise of every year is broken", "zh": "未能逐年达到"},
    "exceeded": {"en": "the sum has passed its ceiling", "zh": "累计数已超过上限"},
    "reached": {"en": "the final figure is reached already", "zh": "已达到期末目标"},
    "likely": {"en": "likely enough, whatever the milestone", "zh": "实现概率足够高"},
    "pace_and_likely": {
        "en": "near its path or beyond, and likely enough",
        "zh": "接近或快于路径，且实现概率达到要求",
    },
    "behind": {"en": "behind its path", "zh": "落后于路径"},
    "not_likely": {
        "en": "near its path or beyond, but not likely enough",
        "zh": "接近或快于路径，但实现概率不足",
    },
    "unlikely": {"en": "too unlikely", "zh": "实现概率过低"},
    "pace_only": {"en": "no probability: by the way covered alone", "zh": "无概率：仅按进度判断"},
    "no_outturn": {"en": "no outturn to judge by", "zh": "没有可据以判断的实际数"},
}
"""Why a light is what it is, in words."""


def lit(found: Standing, rules: Mapping) -> Standing:
    """Return a standing with its label and its light, and the rule that gave it.

    In this order: the outturn of a target year that is over; a broken promise of every year; a final figure reached
    already; the probability with the pace; the pace alone. Binding targets have the stricter cut-offs.
    """
    label = _label(found, rules["pace"])
    light, rule = _light(found, rules)
    return replace(found, label=label, light=light, rule=rule)


def _label(found: Standing, pace: Mapping) -> str:
    if found.year is None or found.outturn is not None:
        return ""
    if found.target.kind in ("keep", "annual_flow"):
        return "on_pace" if found.kept_so_far else "lagging"
    done = found.reached_now and not found.estimated
    if found.pace is None:
        return "ahead" if done else "on_pace" if found.milestone_reached else "lagging"
    return pace_label(found.pace, done, pace)


def near_path(found: Standing, pace: Mapping) -> bool:
    """Return True where the latest figure is at its milestone or beyond, or the pace near enough to one."""
    return bool(found.milestone_reached or (found.pace is not None and found.pace >= pace["on_pace"]))


def _light(found: Standing, rules: Mapping) -> tuple[str, str]:
    if found.outturn is not None:
        if found.outturn.met is None:
            return "not_assessable", "no_outturn"
        return ("met" if found.outturn.met else "off"), "ended"
    if found.year is None:
        return "not_assessable", "no_outturn"
    if not found.kept_so_far:
        return "off", "exceeded" if found.target.kind == "cumulative_sum" else "broken"
    if found.reached_now and not found.estimated:
        return "met", "reached"
    attribute = "binding" if found.target.binding else "expected"
    near = near_path(found, rules["pace"])
    chance = found.assessment.probability
    if chance is None:
        if found.pace is None:
            return ("on_pace" if near else "at_risk"), "pace_only"
        if near:
            return "on_pace", "pace_only"
        return ("off" if found.pace < rules["pace"]["far_behind"] else "at_risk"), "pace_only"
    if chance < rules["unlikely"][attribute]:
        return "off", "unlikely"
    if chance >= rules["likely"][attribute]:
        return "on_pace", "likely"
    if near and chance >= rules["on_pace"][attribute]:
        return "on_pace", "pace_and_likely"
    return "at_risk", "not_likely" if near else "behind"
