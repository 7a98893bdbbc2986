"""The charts of the drivers: they draw, their text fits, and what is drawn is what was found."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.ft2font import FT2Font
from test_charts import check_texts, texts_of

from planmodel import charts, load_plan, load_scenario
from planmodel.charts.letters import BOLD, REGULAR
from planmodel.drivers import assumptions_in, drivers
from planmodel.words import LANGS

PLANS = ("linhai-14fyp", "taizhou-services-14fyp", "quzhou-services-2023-2027", "xiangtan-services-14fyp")
ASSUMED = (
    "",
    "capital_output=12",
    "investment_share=90, productivity=6",
    "productivity=-8, human_capital=-3",
    "labour=-4",
)
SIZES = ((7.2, 4.2), (3.75, 3.6))
KINDS = {
    "trade-off": charts.trade_off_chart,
    "contributions": charts.contributions_chart,
}


def found(plan="linhai-14fyp", text=""):
    return drivers(load_plan(plan), load_scenario("baseline"), assumptions_in(text))


def cases():
    yield from ((plan, "") for plan in PLANS)
    yield from (("linhai-14fyp", text) for text in ASSUMED[1:])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_charts_draw_and_their_text_fits(kind, size, lang):
    has = set(FT2Font(str(REGULAR)).get_charmap()) & set(FT2Font(str(BOLD)).get_charmap())
    for plan, text in cases():
        chart = KINDS[kind](found(plan, text), lang, size=size)
        check_texts(chart.figure, f"{kind} {plan} {text}")
        used = {c for words, _ in texts_of(chart.figure) for c in words.get_text() if not c.isspace()}
        assert not {c for c in used if ord(c) not in has}
        said = chart.alt
        assert said.endswith("。" if lang == "zh" else ".") and "nan" not in said and "None" not in said
        assert chart.name == f"{plan}-baseline-{kind}" and not chart.data.empty
    assert not plt.get_fignums()


def test_the_curve_and_the_points_are_those_of_the_result():
    result = found()
    chart = charts.trade_off_chart(result)
    table, ax = chart.data, chart.figure.axes[0]
    lines = {line.get_gid(): line for line in ax.lines if line.get_gid()}
    drawn = dict(zip(*lines["target"].get_data(), strict=True))
    curve = table[table.series == "target"].set_index("productivity_pct").investment_pct
    for x, y in drawn.items():
        assert y == pytest.approx(curve[x])
    need = result.need("investment_share").value, result.need("productivity").value
    assert lines["by_investment"].get_xydata()[0] == pytest.approx([0.8, 100 * need[0]])
    assert lines["by_productivity"].get_xydata()[0] == pytest.approx([100 * need[1], 42.6])
    for x, y in (lines["by_investment"].get_xydata()[0], lines["by_productivity"].get_xydata()[0]):
        assert y == pytest.approx(float(np.interp(x, curve.index, curve)), abs=0.1)
    zones = {patch.get_gid(): patch.get_bbox().extents for patch in ax.patches if patch.get_gid()}
    assert zones["zone-china"][[1, 3]] == pytest.approx([39.7, 46.3])


def test_what_is_not_attainable_is_not_marked_and_said():
    result = found(text="capital_output=12")
    chart = charts.trade_off_chart(result)
    assert "by_investment" not in set(chart.data.series)
    assert "investment alone cannot do it" in chart.alt
    assert "by_investment" not in set(charts.contributions_chart(result).data.case)


@pytest.mark.parametrize("plan", PLANS)
def test_bars_add_up_to_the_growth_beside_them(plan):
    result = found(plan)
    chart = charts.contributions_chart(result)
    table = chart.data
    for _, rows in table.groupby("case"):
        assert rows.points.sum() == pytest.approx(rows.growth_pct.iloc[0])
    ax = chart.figure.axes[0]
    widths = sorted(patch.get_width() for bars in ax.containers for patch in bars)
    assert widths == pytest.approx(sorted(table.points))


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_goes_into_axes_of_ones_own_and_takes_a_title(kind):
    figure, axes = plt.subplots(1, 2, figsize=(12, 5))
    chart = KINDS[kind](found(), ax=axes[1], title="My own title")
    assert chart.figure is figure and axes[1].lines and not axes[0].lines
    assert "My own title" in [text.get_text() for text in figure.texts]
    plt.close(figure)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_target_of_output_the_chart_says_why(kind):
    chart = KINDS[kind](found("jiaojiang-commerce-14fyp"))
    assert "turnover" in chart.alt and chart.data.empty and not chart.figure.axes
    check_texts(chart.figure, kind)
