"""Charts: they draw without warnings, their text fits, their tables hold what is drawn."""

import re
from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from matplotlib.ft2font import FT2Font

from planmodel import PlanmodelError, charts, load_plan, load_scenario
from planmodel.charts.fan import mixture
from planmodel.charts.inline import chances_strip, page_fan
from planmodel.charts.letters import BOLD, REGULAR, font_faces, spread, text_width, wrap
from planmodel.charts.sentences import labels
from planmodel.charts.shown import Shown, shown
from planmodel.charts.style import scenario_looks
from planmodel.charts.targets import ahead
from planmodel.feasibility import assess, assess_plan
from planmodel.feasibility.trajectories import path_shapes
from planmodel.forecasts import forecast
from planmodel.forecasts.fans import central_band
from planmodel.plans import plan_names
from planmodel.plans.kinds import kept
from planmodel.words import LANGS, said

N_DRAWS = 500
PLAN = "taizhou-services-14fyp"
SCENARIOS = ("baseline", "low", "plan-as-stated")


@pytest.fixture(scope="module")
def results():
    """Every plan in the baseline."""
    return {n: assess_plan(load_plan(n), load_scenario("baseline"), n_draws=N_DRAWS) for n in plan_names()}


@pytest.fixture(scope="module")
def by_scenario():
    """One plan in several scenarios."""
    return {s: assess_plan(load_plan(PLAN), load_scenario(s), n_draws=N_DRAWS) for s in SCENARIOS}


def one(by_scenario, key="T2/1/1"):
    """One target in each scenario."""
    return {s: next(a for a in r.assessments if a.target.id == key) for s, r in by_scenario.items()}


def every_chart(results, by_scenario, lang):
    """Yield each kind of chart."""
    result, each = by_scenario["baseline"], one(by_scenario)
    found, weights = each["baseline"], {"baseline": 0.5, "low": 0.5}
    paths = path_shapes(result.plan, found.target, result.scenario, "linear")
    real = paths["linear"].at_base_prices(result.scenario)
    yield charts.fan_chart(found, lang)
    yield charts.fan_chart(each["plan-as-stated"], lang)
    yield charts.fan_multiples(result, lang)
    yield charts.fan_multiples(by_scenario["plan-as-stated"], lang)
    yield charts.scenario_fans(each, lang)
    yield charts.mixed_fan(each, weights, lang, seed=1)
    yield charts.trajectory_chart(paths, lang, shape="linear", real=real)
    yield charts.required_chart(result, lang)
    yield charts.probability_chart(result, lang)
    yield charts.scenarios_chart(by_scenario, lang)
    yield charts.plans_chart(results, lang)


def texts_of(figure):
    """The visible text artists of a figure with their boxes in pixels."""
    figure.draw_without_rendering()
    found = list(figure.texts)
    for ax in figure.axes:
        found += [*ax.texts, ax.title, ax._left_title, ax._right_title]
        found += [t for t in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return [(t, t.get_window_extent()) for t in found if t.get_visible() and t.get_text().strip()]


def check_texts(figure, name):
    """Fail where texts overlap by more than two pixels or leave the canvas."""
    width, height = figure.get_size_inches() * figure.dpi
    texts = texts_of(figure)
    assert texts, name
    for text, box in texts:
        inside = box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1
        assert inside, f"{name}: {text.get_text()!r} leaves the canvas: {box}"
    for (a, one_box), (b, other) in combinations(texts, 2):
        x = min(one_box.x1, other.x1) - max(one_box.x0, other.x0)
        y = min(one_box.y1, other.y1) - max(one_box.y0, other.y0)
        # a text's box is taller than its letters: lines that touch by a few pixels do not collide
        assert x <= 2 or y <= 5, f"{name}: {a.get_text()!r} overlaps {b.get_text()!r}"


def check_narrow(chart):
    """Fail where a phone loses a text of the chart: texts as text, all others whole in one part, or drawn for its width."""
    narrow = chart.narrow()
    as_text = {"".join(text.split()) for text in narrow.texts}
    assert narrow.texts[0] and narrow.parts, chart.name
    if isinstance(narrow.parts[0], str):
        width = float(re.search(r'width="([\d.]+)', narrow.parts[0])[1])
        assert width <= 360 and len(narrow.parts) == 1, chart.name
        return
    width, height = chart.figure.get_size_inches() * 72
    assert all(w <= 275 and x >= -8 and x + w <= width + 8 for x, _, w, _ in narrow.parts), chart.name
    for text, box in texts_of(chart.figure):
        x, y, right = box.x0 * 0.72, height - box.y1 * 0.72, box.x1 * 0.72
        inside = [a - 1 <= x and right <= a + w + 1 and b - 4 <= y <= b + h for a, b, w, h in narrow.parts]
        apart = "".join(text.get_text().split()) in as_text
        assert any(inside) or apart, f"{chart.name}: {text.get_text()!r} is cut"


@pytest.mark.parametrize("lang", LANGS)
def test_every_chart_draws_and_its_text_fits(results, by_scenario, lang):
    for chart in every_chart(results, by_scenario, lang):
        check_texts(chart.figure, chart.name)
        assert chart.alt.endswith("。" if lang == "zh" else "."), chart.name
        assert not re.search(r"\bnan\b", chart.alt) and "None" not in chart.alt, chart.alt
        assert not chart.data.empty and chart.source and chart.lang == lang
        assert not any("…" in text.get_text() for text, _ in texts_of(chart.figure)), chart.name
        check_narrow(chart)
    assert not plt.get_fignums(), "charts leave no figure in pyplot"


@pytest.mark.parametrize(("lang", "size"), [("zh", (7.2, 4.2)), ("en", (3.75, 3.6))])
def test_fans_of_every_kind_fit(results, lang, size):
    seen = set()
    for result in results.values():
        for found in result.assessments:
            kind = (
                found.target.kind,
                found.target.comparator,
                found.probability is None,
                len(found.history or ()),
            )
            if kind not in seen:
                seen.add(kind)
                chart = charts.fan_chart(found, lang, size=size)
                check_texts(chart.figure, f"{result.plan.name} {found.target.id}")
    assert len(seen) > 8


@pytest.mark.parametrize("lang", LANGS)
def test_all_characters_have_glyphs(results, by_scenario, lang):
    has = set(FT2Font(str(REGULAR)).get_charmap()) & set(FT2Font(str(BOLD)).get_charmap())
    for chart in every_chart(results, by_scenario, lang):
        used = {c for text, _ in texts_of(chart.figure) for c in text.get_text() if not c.isspace()}
        assert not {c for c in used if ord(c) not in has}, chart.name


def test_fan_data_is_what_is_drawn(by_scenario):
    found = one(by_scenario)["baseline"]
    chart = charts.fan_chart(found, "en")
    table, ax = chart.data, chart.figure.axes[0]
    bands = {float(c.get_gid()[5:]): c for c in ax.collections if (c.get_gid() or "").startswith("band-")}
    assert set(bands) == {0.5, 0.8, 0.95}
    for coverage, drawn in bands.items():
        vertices = drawn.get_paths()[0].vertices
        part = table[(table.coverage == coverage) & (table.year == 2025)].set_index("series").value
        heights = vertices[vertices[:, 0] == 2025, 1]
        assert heights.min() == pytest.approx(part["band_low"])
        assert heights.max() == pytest.approx(part["band_high"])
        low, high = central_band(found.outlook.values[:, -1:], coverage)
        assert part["band_low"] == pytest.approx(low[0]) and part["band_high"] == pytest.approx(high[0])
    lines = {line.get_gid(): line for line in ax.lines}
    for name in ("median", "history", "required_path"):
        part = table[table.series == name]
        np.testing.assert_allclose(lines[name].get_ydata(), part.value)
        np.testing.assert_array_equal(lines[name].get_xdata(), part.year)
    path = table[table.series == "required_path"].value
    assert path.iloc[0] == 2669.73 and path.iloc[-1] == 4000


def test_growth_on_an_index_starts_at_100(results):
    result = results["linhai-14fyp"]
    found = next(a for a in result.assessable if a.target.id == "T2/1/1")
    table = charts.fan_chart(found, "en").data.set_index("series")
    assert set(table.unit) == {"index"} and table.value["base"] == pytest.approx(100)
    assert table.value["target"] == pytest.approx(100 * 1.068**5)


def test_units_stay_as_they_are(by_scenario):
    found = one(by_scenario)["baseline"]
    subtitles = {lang: charts.fan_chart(found, lang).figure.texts[1].get_text() for lang in LANGS}
    assert "亿元" in subtitles["zh"] and "100 million yuan" in subtitles["en"]


def test_a_scenario_that_follows_the_plan_has_no_fan(by_scenario):
    found = one(by_scenario)["plan-as-stated"]
    chart = charts.fan_chart(found, "en")
    assert set(chart.data.series) == {"history", "base", "required_path", "target"}
    assert any("circular" in t.get_text() for t in chart.figure.texts) and "circular" in chart.alt


def test_probabilities_drawn_are_those_of_the_result(by_scenario):
    result = by_scenario["baseline"]
    chart = charts.probability_chart(result, "en")
    table = chart.data
    assert table.probability.is_monotonic_decreasing
    by_id = {a.target.id: a.probability for a in result.assessable}
    assert all(by_id[row.target] == row.probability for row in table.itertuples())
    ax = chart.figure.axes[0]
    drawn = [line.get_xdata()[0] for line in ax.lines if line.get_gid() == "probability"]
    np.testing.assert_allclose(drawn, 100 * table.probability)


def test_each_promise_stands_once(by_scenario):
    table = charts.probability_chart(by_scenario["baseline"], "en").data
    assert not table.duplicated(["indicator", "promise"]).any() or not table.duplicated(["target"]).any()
    assert "text/15/1" not in set(table.target), "the prose repeats the table's services value added"
    assert "T2/1/1" in set(table.target)


def test_required_gap_is_turned_so_that_more_is_harder(results):
    for result in results.values():
        table = charts.required_chart(result, "zh").data.set_index("target")
        for found in (a for a in ahead(result) if a.record or a.probability is not None):
            row = table.loc[found.target.id]
            if found.record is not None and found.target.comparator in ("ge", "gt"):
                assert row.gap == pytest.approx(row.required - row.record)
            if found.record is not None and found.target.comparator in ("le", "lt"):
                assert row.gap == pytest.approx(row.record - row.required)


def test_plans_share_indicators(results):
    table = charts.plans_chart(results, "en").data
    assert (table.groupby(["indicator", "basis", "measure"]).plan.nunique() >= 2).all()
    alone = {PLAN: results[PLAN]}
    chart = charts.plans_chart(alone, "en")
    assert chart.data.empty
    check_texts(chart.figure, "one plan")


@pytest.mark.parametrize("comparator", ["", "gt", "le"])
def test_what_is_to_grow_in_step_is_drawn_as_its_lead(results, comparator):
    """The share of paths on the right side of 0 is the chance; the chart says which side."""
    goal = results["linhai-14fyp"]["T2/23/1"].target
    a = assess(
        results["linhai-14fyp"].plan,
        replace(goal, comparator=comparator),
        load_scenario("baseline"),
        n_draws=2000,
    )
    chart = charts.fan_chart(a, "en")
    lead = a.outlook.values / a.outlook.values[:, :1] / (a.beside.values / a.beside.values[:, :1]) - 1
    ahead = (lead[:, -1] >= 0).mean()
    assert a.probability == pytest.approx(1 - ahead if comparator == "le" else ahead, abs=1e-3)
    drawn = chart.data.set_index("series")
    assert drawn.loc["target", "value"] == 0 and drawn.loc["base", "value"] == 0
    assert drawn.loc["median"].iloc[-1].value == pytest.approx(100 * np.median(lead[:, -1]))
    words = {"": "in step with", "gt": "faster than", "le": "no faster than"}[comparator]
    assert f"to grow {words} Gross domestic product" in chart.alt and "over that of Gross" in said(
        shown(a).unit_name, "en"
    )
    mixed = mixture({"baseline": a, "again": a}, {"baseline": 1, "again": 1}, 3)
    assert mixed.beside.values.shape == mixed.outlook.values.shape


def test_mixture_lies_between_its_scenarios(by_scenario):
    each = one(by_scenario)
    mixed = mixture(each, {"baseline": 1, "low": 1}, seed=3)
    low, high = sorted((each["low"].probability, each["baseline"].probability))
    assert low - 0.05 <= mixed.probability <= high + 0.05
    assert mixed.probability == kept(mixed.target, mixed.outlook.values, 0.02).mean()
    alone = mixture(each, {"low": 1}, seed=3)
    assert alone.probability == each["low"].probability
    with pytest.raises(PlanmodelError, match="lowest"):
        mixture(each, {"lowest": 1}, seed=3)


def test_scenario_data_holds_every_scenario(by_scenario):
    table = charts.scenarios_chart(by_scenario, "en").data
    assert set(table.scenario) == {"baseline", "low"}
    each = one(by_scenario)
    fans = charts.scenario_fans(each, "en").data
    ends = fans[(fans.series == "band_high") & (fans.scenario == "low")]
    assert ends.year.tolist() == [2025]
    assert ends.value.item() == pytest.approx(np.quantile(each["low"].outlook.values[:, -1], 0.9))


def test_scenario_fans_of_past_years_show_the_past_alone(by_scenario):
    data = charts.scenario_fans(one(by_scenario), "en", years=(2010, 2019)).data
    assert set(data.series) == {"history"} and data.year.max() <= 2019


def test_a_fan_in_a_page_says_its_figures_year_by_year_and_escapes_markup(by_scenario):
    seen = shown(one(by_scenario)["baseline"])
    text = page_fan(seen, "en", '<b onload="x">R&D</b>')
    root = ElementTree.fromstring(text)
    assert (
        root.get("role") == "img" and "<b" not in text and root.get("aria-label") == '<b onload="x">R&D</b>'
    )
    titles = [each.text for each in root.iter("{http://www.w3.org/2000/svg}title")]
    known = {int(year) for year in seen.history.index}
    assert {int(title[:4]) for title in titles} == known | {int(year) for year in seen.fan.years}
    last = next(title for title in titles if title.startswith(str(seen.year)))
    low, high = (seen.value_text(float(f"{value:.4g}")) for value in seen.band(0.8))
    assert f"80% band {low} to {high}" in last
    places = [float(x) for x in re.findall(r'\b(?:x|cx)="([\d.-]+)"', text)]
    assert min(places) >= 0 and max(places) <= 360 and len(text) < 6000


def test_a_fan_in_a_page_of_nothing_is_empty_and_of_a_way_alone_is_drawn(results):
    assert page_fan(Shown("", pd.Series(dtype=float), 2025), "zh", "") == ""
    bare = [a for a in results[PLAN].assessments if a.history is None or a.history.values.empty]
    drawn = [text for a in bare if (text := page_fan(shown(a), "zh", ""))]
    assert drawn and all(min(map(float, re.findall(r'\bx="([\d.-]+)"', text))) >= -1 for text in drawn)


def test_dots_of_like_chances_are_piled_and_none_is_lost():
    dots = [
        (0.5, "rare", False, False, "a", "x.html#a"),
        (0.501, "rare", True, False, "b", ""),
        (0.999, "done_here", False, True, "<c>", ""),
    ]
    root = ElementTree.fromstring(chances_strip(dots, "alt"))
    circles = [each for each in root.iter("{http://www.w3.org/2000/svg}circle")]
    assert len({(each.get("cx"), each.get("cy")) for each in circles}) == len(dots)
    assert [each.find("{http://www.w3.org/2000/svg}title").text for each in circles] == ["a", "b", "<c>"]
    assert [each.get("stroke") is not None for each in circles] == [False, True, True]
    assert [each.get("fill") == "#fff" for each in circles] == [False, False, True], "what is due is hollow"
    assert chances_strip([], "alt") == ""
    root = ElementTree.fromstring(
        chances_strip([(0.5, "rare", False, False, str(n), "") for n in range(3000)], "alt")
    )
    places = {each.get("cy") for each in root.iter("{http://www.w3.org/2000/svg}circle")}
    assert float(root.get("height")) < 320 and len(places) > 2000, "a pile of thousands is a bar"


def test_a_scenario_has_one_colour_and_mark_on_all_charts(by_scenario):
    reordered = dict(reversed(by_scenario.items()))
    for chart in (charts.scenarios_chart(by_scenario, "en"), charts.scenarios_chart(reordered, "en")):
        drawn = {
            (line.get_color(), line.get_marker())
            for line in chart.figure.axes[0].lines
            if line.get_ls() == "None"
        }
        assert drawn <= {look[:2] for look in scenario_looks(by_scenario).values()}
    first, again = (scenario_looks(each) for each in (by_scenario, reordered))
    assert first == again and len(set(first.values())) == len(first)


def test_a_name_that_stands_twice_says_its_price_basis(results):
    chosen = results["linhai-14fyp"].assessable
    names = labels(chosen, "en")
    of_gdp = {name for name, a in zip(names, chosen, strict=True) if a.target.indicator.id == "gdp"}
    assert of_gdp == {"Gross domestic product, comparable prices", "Gross domestic product, current prices"}
    alone = [name for name, a in zip(names, chosen, strict=True) if a.target.indicator.id == "trade"]
    assert set(alone) == {"Goods trade (exports plus imports)"}


def test_svg_is_the_same_each_time(by_scenario):
    found = one(by_scenario)["baseline"]
    first, second = (charts.svg(charts.fan_chart(found, "zh").figure) for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first


@pytest.mark.parametrize("lang", LANGS)
def test_letters_of_a_picture_are_text_with_their_shapes(by_scenario, lang):
    text = charts.svg(charts.fan_chart(one(by_scenario)["baseline"], lang).figure)
    assert len(text) < 40_000
    root = ElementTree.fromstring(text)
    style = root.find("{http://www.w3.org/2000/svg}style")
    assert style.get("class") == "chart-letters" and root.get("style").startswith("font-family: planmodel,")
    fonts = {
        w: TTFont(BytesIO(b64decode(c))) for w, c in re.findall(r"weight: (\d+).*?base64,([^)]*)", style.text)
    }
    used = {"400": set(), "700": set()}
    for item in root.iter("{http://www.w3.org/2000/svg}text"):
        assert "font-family" not in item.get("style")
        used["700" if "700" in item.get("style") else "400"] |= set(item.text)
    assert used["700"] and {w for w in used if used[w]} == set(fonts)
    for weight, font in fonts.items():
        assert {ord(c) for c in used[weight]} <= set(font.getBestCmap())
        for c in used[weight]:
            width = font["hmtx"][font.getBestCmap()[ord(c)]][0] / font["head"].unitsPerEm
            assert width == pytest.approx(text_width(c, 72, weight == "700"), abs=2e-3)


def test_a_character_without_a_shape_is_left_to_the_machine():
    assert font_faces(["a\U0001f600"]) == font_faces(["a"]) != font_faces(["b"])
    assert font_faces([]) == "" and font_faces(["a"], ["b"]).count("@font-face") == 2


def test_dollar_signs_are_letters(by_scenario):
    found = one(by_scenario)["baseline"]
    indicator = replace(found.target.indicator, name_en="Trade in $ and $")
    figure = charts.fan_chart(replace(found, target=replace(found.target, indicator=indicator)), "en").figure
    assert not any(text.get_parse_math() for text in figure.texts)
    charts.dots(figure, 150)


def test_settings_of_matplotlib_stay(by_scenario):
    before = dict(plt.rcParams)
    charts.probability_chart(by_scenario["baseline"], "zh")
    assert dict(plt.rcParams) == before


def test_unknown_words_are_refused(by_scenario):
    found = one(by_scenario)["baseline"]
    wrong = [
        {"x": by_scenario},
        {"x": found, "years": "2020"},
        {"x": found, "size": 5},
        {"x": found, "target": "9"},
    ]
    for given in wrong:
        with pytest.raises(PlanmodelError, match=f"^{list(given)[-1]}: expected"):
            charts.fan_chart(**given)
    with pytest.raises(PlanmodelError, match="central"):
        charts.fan_chart(found, "en", bands="centre")
    with pytest.raises(PlanmodelError, match="linear"):
        charts.fan_chart(found, "en", path_shape="lineal")
    with pytest.raises(PlanmodelError, match="zh"):
        charts.probability_chart(by_scenario["baseline"], "de")


def test_a_target_without_history_draws(results):
    result = results[PLAN]
    for found in result.assessments:
        if found.history is None or found.history.values.empty:
            check_texts(charts.fan_chart(found, "zh").figure, found.target.id)
            break
    lone = assess(
        result.plan, result.plan.target("T2/1/1"), load_scenario("baseline"), as_of=2016, n_draws=50
    )
    check_texts(charts.fan_chart(lone, "en").figure, "as of 2016")


def test_lettering():
    assert wrap("地区生产总值增长", 1.02 * text_width("地区生产", 10), 10).split("\n") == [
        "地区生产",
        "总值增长",
    ]
    assert all(
        text_width(line, 10) <= 1.0 for line in wrap("needs 8.4% a year; " * 4, 1.0, 10, lines=2).split("\n")
    )
    assert not re.search(r"\n[，。]", wrap("需年均增长，历史为，增长。", 0.5, 10, lines=9))
    placed = np.sort(spread([1, 1, 1, 5], [1, 1, 1, 1], 0, 10))
    assert (np.diff(placed) >= 1 - 1e-9).all() and placed[-1] == 5


# One object from one call: figure, data and text cannot differ, whatever is asked for.


def said_band(alt):
    """The 80 % band that a text alternative names."""
    low, high = re.search(r"80% band for \d+ runs from ([\d,.]+) to ([\d,.]+)", alt).groups()
    return float(low.replace(",", "")), float(high.replace(",", ""))


@pytest.mark.parametrize("bands", ["central", "shortest"])
def test_the_band_said_is_the_band_drawn(by_scenario, bands):
    each = one(by_scenario)
    mixed = charts.mixed_fan(each, {"baseline": 1, "low": 1}, "en", bands=bands)
    for chart in (charts.fan_chart(each["baseline"], "en", bands=bands), mixed):
        last = chart.data[(chart.data.coverage == 0.8) & (chart.data.year == 2025)]
        assert said_band(chart.alt) == pytest.approx(last.value.to_list(), abs=0.51)
    assert mixed.data.equals(charts.mixed_fan(each, {"baseline": 1, "low": 1}, "zh", bands=bands).data)


def test_bands_of_a_kind_differ(by_scenario):
    found = one(by_scenario)["baseline"]
    central, shortest = (charts.fan_chart(found, "en", bands=b) for b in ("central", "shortest"))
    assert said_band(central.alt) != said_band(shortest.alt)


@pytest.mark.parametrize(("shape", "said"), [("back_loaded", "back-loaded"), ("linear", "linear")])
def test_the_path_drawn_is_the_path_said(by_scenario, shape, said):
    result = by_scenario["baseline"]
    paths = path_shapes(result.plan, result.plan.target("T2/1/1"), result.scenario, shape)
    chart = charts.trajectory_chart(paths, "en", shape=shape)
    assert f"a {said} path asks" in chart.alt and f"a {said} path asks" in " ".join(
        chart.figure.texts[0].get_text().split()
    )
    bold = next(line for line in chart.figure.axes[0].lines if line.get_gid() == f"path-{shape}")
    np.testing.assert_allclose(bold.get_ydata(), chart.data[chart.data.series == shape].value)


def test_every_line_of_the_trajectory_is_in_its_data(by_scenario):
    result = by_scenario["baseline"]
    paths = path_shapes(result.plan, result.plan.target("T2/1/1"), result.scenario)
    chart = charts.trajectory_chart(
        paths, "en", real=paths["constant_growth"].at_base_prices(result.scenario)
    )
    lines = {
        g.removeprefix("path-"): i for i in chart.figure.axes[0].lines if (g := i.get_gid()) and g != "base"
    }
    assert set(lines) == set(chart.data.series) >= {"real", "history"}
    for name, line in lines.items():
        np.testing.assert_allclose(line.get_ydata(), chart.data[chart.data.series == name].value)


QUANTILES = pd.DataFrame(
    {"year": [2021, 2022], "q2.5": [1, 0], "q10": [2, 1], "q50": [3, 4], "q90": [4, 7], "q975": [5, 8]}
)


def test_a_fan_of_anyones_quantiles():
    chart = charts.fan_chart(QUANTILES, "en", target=5, title="Mine", unit="cases", comparator="le")
    bands = chart.data[chart.data.year == 2022].dropna(subset="coverage")
    assert bands.set_index(["coverage", "series"]).value.to_dict() == {
        (0.8, "band_low"): 1, (0.8, "band_high"): 7, (0.95, "band_low"): 0, (0.95, "band_high"): 8,
    }  # fmt: skip
    assert chart.figure.texts[0].get_text() == "Mine" and "≤5" in chart.alt and "1.00 to 7.00" in chart.alt
    check_texts(chart.figure, "quantiles")
    by_share = QUANTILES.set_index("year").rename(
        columns=dict(zip(QUANTILES.columns[1:], (0.025, 0.1, 0.5, 0.9, 0.975)))
    )
    assert charts.fan_chart(by_share, "en").data.equals(charts.fan_chart(QUANTILES, "en").data)
    with pytest.raises(PlanmodelError, match="quantile"):
        charts.fan_chart(QUANTILES[["year", "q10"]])


def test_a_fan_of_a_series_says_how_likely_its_target_is():
    past = pd.Series({2019: 1.2, 2020: 1.3, 2021: 1.25}, name="Cases")
    ahead = forecast(past, 4, n_draws=N_DRAWS)
    chart = charts.fan_chart(ahead, "zh", history=past, target=1.4, size=(3.75, 3.6))
    check_texts(chart.figure, "series")
    share = (ahead.draws[:, -1] >= 1.4).mean()
    assert (
        f"{100 * share:.0f}%" in chart.alt
        and chart.name == "cases-fan"
        and "Cases" in chart.figure.texts[0].get_text()
    )
    assert chart.data[chart.data.series == "history"].value.to_list() == past.to_list()


def test_charts_go_into_axes_that_are_there(by_scenario):
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    try:
        place = right.get_position()
        found = one(by_scenario)["baseline"]
        chart = charts.fan_chart(
            found, "en", ax=left, title="Fan", years=(2018, 2025), colours={"target": "#00755a"}
        )
        charts.probability_chart(by_scenario["baseline"], "en", ax=right, title="")
        assert chart.figure is figure and len(figure.axes) == 2 and chart.data.year.min() == 2020
        assert place.x0 <= right.get_position().x0 and right.get_position().x1 <= place.x1
        assert "#00755a" in {line.get_color() for line in left.lines}
        assert "Fan" in [text.get_text() for text in figure.texts]
    finally:
        plt.close(figure)
    with pytest.raises(PlanmodelError, match="Did you mean 'target'"):
        charts.fan_chart(found, "en", colours={"targt": "red"})


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_a_picture_for_a_paper_has_its_source_and_its_fonts(by_scenario, tmp_path, form):
    chart = charts.fan_chart(one(by_scenario)["baseline"], "en")
    before = charts.svg(chart.figure)
    first = chart.save(tmp_path / f"a.{form}").read_bytes()
    assert (
        first
        == chart.save(tmp_path / f"b.{form}").read_bytes()
        != chart.save(tmp_path / f"c.{form}", source="").read_bytes()
    )
    if form == "svg":
        assert "Source: " in first.decode() and "Source: " not in before
    if form == "pdf":
        assert b"FontFile2" in first and b"/Type3" not in first
    assert charts.svg(chart.figure) == before
    with pytest.raises(PlanmodelError, match="ends in"):
        chart.save(tmp_path / "a.jpg")
    with pytest.raises(PlanmodelError, match="folder"):
        chart.save(tmp_path / "none" / "a.png")


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_characters_that_no_font_has_are_no_reason_to_stop(form, by_scenario, tmp_path):
    rare = "\u52d9\u7e23\u56cd\u6c39\u3d72\U00020bb7\U0001f600"
    found = by_scenario["baseline"].assessments[0]
    named = replace(found.target, indicator=replace(found.target.indicator, name_zh=rare, name_en=rare))
    file = charts.fan_chart(replace(found, target=named), "zh").save(tmp_path / f"rare.{form}")
    assert form != "svg" or rare in file.read_text(encoding="utf-8")
    assert text_width(rare[:6], 72) == pytest.approx(6.0), "a character of a fallback font is as wide as any"


def test_charts_have_their_text_alternative_where_nbconvert_looks_for_it(by_scenario, monkeypatch):
    import nbformat
    from lxml import html
    from nbconvert import HTMLExporter

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **form: shown.append((data, form)))
    chart = replace(charts.fan_chart(one(by_scenario)["baseline"], "en"), alt='A "fan" of <two> & more')
    chart._ipython_display_()
    data, form = shown[0]
    output = nbformat.v4.new_output("display_data", data, metadata=form["metadata"])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("chart", outputs=[output])])
    page = HTMLExporter(template_name="lab").from_notebook_node(notebook)[0]
    assert [image.get("alt") for image in html.fromstring(page).iter("img")] == [chart.alt]
