"""What the review's tracking methods say of each target, side by side, and what each assumes."""

from __future__ import annotations

import pandas as pd

from planmodel.lab.views.review import judged
from planmodel.review import METHODS, Review, Standing
from planmodel.tables.cells import number_of
from planmodel.words import figure, word


def methods_view(result: Review, lang: str) -> pd.DataFrame:
    """Return what each tracking method says of each target, and, where they disagree, why."""
    rows = []
    for here in judged(result):
        if not here.methods:
            continue
        row = {
            word("number", lang): number_of(here.target, lang),
            word("indicator", lang): here.target.indicator.name(lang),
        }
        for method in here.methods:
            row[word(method.name, lang)] = (
                "–"
                if not method.verdict
                else f"{_score(method.name, method.figure)} {word(method.verdict, lang)}"
            )
        row["判断是否一致" if lang == "zh" else "Do they agree?"] = _agreement(here, lang)
        rows.append(row)
    return pd.DataFrame(rows)


SENSES = {"good": ("有利", "favourable"), "mixed": ("居中", "in between"), "bad": ("不利", "unfavourable")}


def _agreement(here: Standing, lang: str) -> str:
    """Which methods say what, where they disagree; what each assumes stands in methods_text."""
    zh = lang == "zh"
    if not here.methods_disagree:
        return "一致" if zh else "agree"
    said = []
    for sense, words in SENSES.items():
        names = [word(m.name, lang) for m in here.methods if m.sense == sense]
        if names:
            said.append(words[not zh] + ("：" if zh else ": ") + ("、" if zh else ", ").join(names))
    return ("；" if zh else "; ").join(said)


def _score(name: str, value: float) -> str:
    if name == "class_speed":
        return f"P{value:.0f}"
    return f"{figure(100 * value, 0)}%"


def methods_text(lang: str) -> str:
    """Return what each method counts and assumes, one line a method."""
    zh = lang == "zh"
    return "\n".join(
        f"- {word(name, lang)}{'：' if zh else ': '}{text[lang]}" for name, text in METHODS.items()
    )
