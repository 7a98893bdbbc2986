"""The chart of an audit: every disagreement drawn and said, its text fits, its table holds what is drawn."""

import math
import re
from dataclasses import replace
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.ft2font import FT2Font

from planmodel import PlanmodelError, load_plan
from planmodel.arithmetic.growth import Interval
from planmodel.audit import Audit, Side, audit
from planmodel.charts.audit import COLUMNS, MOST, audit_chart, disagreements
from planmodel.charts.letters import BOLD, REGULAR
from planmodel.charts.style import SIZE, svg
from planmodel.plans import plan_names
from planmodel.words import LANGS

WIDTHS = (SIZE, (3.6, 3.6))
PLAN, EMPTY = "jiaojiang-commerce-14fyp", "quzhou-services-2023-2027"
LONG = "一(五) 建设民营经济高质量发展示范市 (三) 专栏二 主要指标"
INF = math.inf


@pytest.fixture(scope="module")
def audits():
    """Every plan's audit."""
    return {name: audit(load_plan(name)) for name in plan_names()}


def made(found, *figures, unit="亿元", label="{}"):
    """An audit of findings, each with sides of the given (low, high)."""
    first = found.findings[0]
    findings = []
    for i, ends in enumerate(figures):
        labels = (label.format(j + 1) for j in range(len(ends)))
        sides = tuple(Side({"zh": t, "en": t}, Interval(*e)) for t, e in zip(labels, ends, strict=True))
        severity = ("contradiction", "tension")[i % 2]
        findings.append(replace(first, rule=f"rule{i}", sides=sides, sides_unit=unit, severity=severity))
    return replace(found, findings=tuple(findings))


HARD = {
    "three": [[(1, 2), (4, 5), (8, 8)]],
    "three close": [[(1, 1), (1.01, 1.01), (9, 9)]],
    "five": [[(1, 2), (2.5, 3), (4, 5), (8, 8), (8.1, 8.2)]],
    "open ends": [[(-INF, 3), (4, 4.5)], [(1, 1.1), (5, INF)], [(-INF, 1), (3, INF)]],
    "no ends": [[(-INF, INF), (3, 4)]],
    "meeting": [[(1, 5), (3, 8)], [(2, 2), (2, 2)]],
    "far apart": [[(0.2, 0.2), (123456, 123457)], [(-5, -4.9), (1e-4, 2e-4)]],
    "many": [[(i, i + 0.1), (i + 1, i + 1.2)] for i in range(MOST + 3)],
}


def check_texts(figure, name):
    """Fail where texts overlap or leave the canvas, as for the other charts."""
    figure.draw_without_rendering()
    width, height = figure.get_size_inches() * figure.dpi
    found = list(figure.texts)
    for ax in figure.axes:
        found += [*ax.texts, *ax.get_xticklabels()]
    texts = [(t, t.get_window_extent()) for t in found if t.get_visible() and t.get_text().strip()]
    assert texts, name
    for text, box in texts:
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
        assert inside, f"{name}: {text.get_text()!r} leaves the canvas: {box}"
    for (a, one), (b, other) in combinations(texts, 2):
        x = min(one.x1, other.x1) - max(one.x0, other.x0)
        y = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert x <= 2 or y <= 5, f"{name}: {a.get_text()!r} overlaps {b.get_text()!r}"


def texts(figure, gid):
    return [t.get_text() for t in figure.texts if t.get_gid() == gid]


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_plan_draws_and_its_text_fits(audits, lang, size):
    has = set(FT2Font(str(REGULAR)).get_charmap()) & set(FT2Font(str(BOLD)).get_charmap())
    for name, result in audits.items():
        chart = audit_chart(result, lang, size=size)
        figure = chart.figure
        check_texts(figure, f"{name} {lang} {size}")
        assert figure.get_size_inches()[0] == size[0]
        assert chart.alt.endswith("。" if lang == "zh" else ".")
        assert not re.search(r"\b(nan|inf|None)\b|\n", chart.alt)
        used = {c for t in figure.texts for c in t.get_text() if not c.isspace()}
        assert not {c for c in used if ord(c) not in has}, name
    assert not plt.get_fignums(), "charts leave no figure in pyplot"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("case", HARD)
def test_hard_figures_fit(audits, case, lang):
    for size in WIDTHS:
        for label in ("{}", LONG + " {}"):
            for unit in ("人/亿元", "%"):
                result = made(audits[PLAN], *HARD[case], unit=unit, label=label)
                chart = audit_chart(result, lang, size=size)
                figure = chart.figure
                check_texts(figure, f"{case} {lang} {size} {unit}")
                n_sides = sum(len(f.sides) for f in disagreements(result)[:MOST])
                assert len(texts(figure, "value")) == len(texts(figure, "side")) == n_sides
                assert not re.search(r"\b(nan|inf|None)\b", chart.alt)


def test_each_disagreement_is_a_row_contradictions_first(audits):
    for result in audits.values():
        found = disagreements(result)
        figure = audit_chart(result, "en").figure
        assert [ax.get_gid() for ax in figure.axes] == [f.id for f in found]
        at_right = [text for text in texts(figure, "right") if text in ("contradiction", "tension")]
        assert at_right == [f.severity for f in found] == sorted(f.severity for f in found)
        assert " ".join(texts(figure, "right")).count("apart") == len(found)


def test_bars_are_the_sides(audits):
    result = audits[PLAN]
    figure = audit_chart(result, "zh").figure
    for found, ax in zip(disagreements(result), figure.axes, strict=True):
        drawn = sorted(tuple(line.get_xdata()) for line in ax.lines if line.get_gid() == "bar")
        np.testing.assert_allclose(drawn, sorted((s.figure.low, s.figure.high) for s in found.sides))
        low, high = ax.get_xlim()
        assert low < min(min(drawn)) and max(max(drawn)) < high
        # an exact figure has a bar without width: its dot shows it
        assert sum(line.get_gid() == "dot" for line in ax.lines) == len(found.sides)


def told(result, lang="en"):
    """What each disagreement says: its figures, lowest first, and how far they are apart."""
    table = audit_chart(result, lang).data.sort_values(["low", "high"])
    return {key: (list(group.text), set(group.apart)) for key, group in table.groupby("finding")}


def test_figures_stand_as_printed_and_gaps_are_those_of_the_figures(audits):
    for key, figures, zh, en in [
        ("past_growth/trade/2016-2020", ["1.70%", "2.58%"], "相差 0.88个百分点", "0.88 points apart"),
        ("versions/trade/2025", ["277.48", ">280"], "相差 2.52亿元", "2.52 (100 million yuan) apart"),
        (
            "versions/outbound_investment/2025",
            ["0.2", "1"],
            "相差 0.8亿美元",
            "0.8 (100 million US dollars) apart",
        ),
        ("versions/exports/2020", ["153.76", "153.9"], "相差 0.14亿元", "0.14 (100 million yuan) apart"),
    ]:
        assert told(audits[PLAN])[key] == (figures, {en})
        assert told(audits[PLAN], "zh")[key] == (figures, {zh})


def test_a_range_is_measured_from_its_nearer_end(audits):
    result = made(audits[PLAN], [(-1.8, 5.0), (-3.45, -3.37)], unit="%/year")
    ((figures, apart),) = told(result).values()
    assert (figures, apart) == (["−3.41%", "−1.8 to 5.0%"], {"at least 1.57 points apart"})
    assert [words for _, words in told(result, "zh").values()] == [{"至少相差 1.57个百分点"}]


def test_titles_count_what_is_found(audits):
    def title(result, lang):
        return audit_chart(result, lang).figure.texts[0].get_text().replace("\n", " ")

    one, both = [(1, 1), (2, 2)], [(1, 1), (2, 2), (3, 3)]
    assert (
        title(made(audits[PLAN], one), "en") == "Jiaojiang commerce: 1 place where one figure has two values"
    )
    assert title(made(audits[PLAN], one), "zh") == "椒江商务：1 处同一数字出现两个值"
    assert "several values, 1 more in doubt" in title(made(audits[PLAN], both, one), "en")
    doubt = replace(made(audits[PLAN], one), findings=made(audits[PLAN], one, one).findings[1:])
    assert title(doubt, "en") == "Jiaojiang commerce: 1 place where one figure may have two values"


def test_rows_past_the_last_are_counted(audits):
    result = made(audits[PLAN], *HARD["many"])
    figure = audit_chart(result, "en").figure
    assert len(figure.axes) == MOST
    assert any("3 more not drawn." in t.get_text() for t in figure.texts)
    assert len(audit_chart(result, "en").data) == 2 * (MOST + 3)


def test_notes_and_accepted_findings_are_not_drawn(audits):
    result = made(audits[PLAN], [(1, 1), (2, 2)])
    first = result.findings[0]
    kept = replace(result, findings=(replace(first, accepted="known"), replace(first, severity="note")))
    assert not disagreements(kept) and not audit_chart(kept, "en").figure.axes


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有可画的数据"), ("en", "No figures to draw")])
def test_nothing_to_draw_is_said(audits, lang, said):
    bare = Audit(audits[PLAN].plan, ())
    for result in (audits[EMPTY], bare):
        for size in WIDTHS:
            figure = audit_chart(result, lang, size=size).figure
            assert not figure.axes and figure.get_size_inches()[1] < 2
            assert said in [t.get_text() for t in figure.texts]
        table = audit_chart(result, lang).data
        assert table.empty and tuple(table.columns) == COLUMNS


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_has_a_row_a_side(audits, lang):
    for result in audits.values():
        table, found = audit_chart(result, lang).data, disagreements(result)
        assert tuple(table.columns) == COLUMNS
        assert not table.drop(columns="value").isna().any().any()
        sides = [(f, side) for f in found for side in f.sides]
        assert list(table.finding) == [f.id for f, _ in sides]
        assert list(table.side) == [side.label[lang] for _, side in sides]
        assert list(table.low) == [side.figure.low for _, side in sides]
        assert list(table.unit) == [f.sides_unit for f, _ in sides]
        assert (table.low <= table.high).all()


def test_the_same_audit_gives_the_same_picture(audits):
    assert svg(audit_chart(audits[PLAN], "zh").figure) == svg(audit_chart(audits[PLAN], "zh").figure)


def test_an_unknown_language_is_named(audits):
    with pytest.raises(PlanmodelError, match="lang"):
        audit_chart(audits[PLAN], "fr")


def test_a_title_of_ones_own(audits):
    chart = audit_chart(audits[PLAN], "en", title="Figures to check")
    assert chart.figure.texts[0].get_text() == "Figures to check"
    assert chart.alt.startswith("Figures to check. ")
