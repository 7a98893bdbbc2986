"""Evidence: the newest results are found and read, charts draw, sentences carry their figures; classes likewise."""

import pandas as pd
import pytest
from test_charts import check_texts

from planmodel import PlanmodelError, charts
from planmodel.feasibility import assess, assess_plan, class_rate
from planmodel.feasibility.classes import Asked, asked_of, by_class, fitting_classes, reached, readable
from planmodel.forecasts.reference import class_names, load_class
from planmodel.lab.study import check_parameters
from planmodel.tables.calibration import GROWTH, SHARPNESS, SPEED, TARGETS, calibration_answer, reader_answer
from planmodel.tables.evidence import TABLES, load_evidence, named, results_folder
from planmodel.tables.feasibility import BY_CLASS, classes_answer
from planmodel.tables.reading import read
from planmodel.words import LANGS, percent, said

CHARTS = (charts.coverage_chart, charts.sharpness_chart, charts.growth_crps_chart, charts.reliability_chart)
N_DRAWS = 400
PEERS = {"AutoETS": (84.2, 31.5), "AutoTheta": (88.1, 27.3)}


def made_tables():
    """Small made-up results in the columns of the benchmarks; coverage in percent."""
    collections, horizons, growth = [], [], []
    for name, n, h in (("m1", 177, 6), ("tourism", 503, 4)):
        for window in ("full", "3"):
            low = 2.0 if window == "3" else 0.0
            for split, c95 in (("half", 94.3), ("cross", 92.6), ("all", 95.1)):
                own = (name, window, "planmodel", split, n, 79.4, c95 - low, 22.4, 17.1, 3.2, None)
                collections.append(own)
            for method, (c95, msis) in PEERS.items():
                collections.append((name, window, method, "peer", n, 70.0, c95 - low, msis, 18.0, 3.4, 0.05))
        for method in ("planmodel", *PEERS):
            less = 0 if method == "planmodel" else 10
            horizons += [(name, method, k, 80.2 - less, 94.6 - less, 4.0 * k) for k in range(1, h + 1)]
    methods = {"planmodel": 1.2, "extrapolation": 1.8, "extrapolation_mad": 1.6, "class_average": 1.5}
    for group in ("countries", "cities"):
        for origin in (2010, 2011, 2012, "all"):
            worse = 0.5 if (group, origin) == ("cities", 2012) else 0.0
            for method, crps in methods.items():
                growth.append((group, origin, 150, method, crps + worse * (method == "planmodel"), 79.0))
    targets = [("base rate", 551, 0.231, 0.0, 0.0, 0.0), ("engine", 551, 0.187, 0.19, 0.05, 0.28)]
    bins = [(f"{b}", 110, 0.1 + 0.2 * b, 0.12 + 0.2 * b, 0.05 + 0.2 * b, 0.19 + 0.2 * b) for b in range(5)]
    bins[4] = ("4", 110, 0.9, 0.7, 0.6, 0.8)
    reliability = [(model, *row) for model in ("engine", "year effects 1, chosen beforehand") for row in bins]
    speed = [("planmodel", 0.61, 1.0, 181), ("AutoETS", 12.4, 20.3, 402)]
    rows = {
        "collections": collections,
        "horizons": horizons,
        "growth": growth,
        "targets": targets,
        "reliability": reliability,
        "speed": speed,
    }
    return {name: pd.DataFrame(rows[name], columns=list(TABLES[name])) for name in TABLES}


def write(tables, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.fixture
def folder(tmp_path):
    return write(made_tables(), tmp_path / "2026-01-02")


@pytest.fixture
def evidence(folder):
    return load_evidence(folder)


def tables_of(evidence, lang="en"):
    """Every table of evidence as it is read."""
    tables = {
        "sharpness": (evidence.beside_best(), SHARPNESS),
        "growth": (evidence.growth_scores(), GROWTH),
        "targets": (evidence.targets, TARGETS),
        "speed": (evidence.speed, SPEED),
    }
    return {name: read(table, lang, columns).text for name, (table, columns) in tables.items()}


@pytest.fixture(scope="module")
def result():
    study = check_parameters({"n_draws": N_DRAWS})
    return assess_plan(study.plan, study.scenario, **study.options)


@pytest.fixture(scope="module")
def choices(result):
    return by_class(result, n_draws=N_DRAWS)


def test_the_newest_dated_folder_is_read(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("planmodel.tables.evidence.data_folder", lambda: tmp_path / "data")
    results = tmp_path / "benchmarks" / "results"
    for name in ("2026-01-02", "2026-02-01", "2025-12-31", "scratch"):
        write(made_tables(), results / name)
    assert results_folder() == results / "2026-02-01"
    assert load_evidence().date == "2026-02-01"


def test_without_results_one_sentence_says_so(monkeypatch):
    monkeypatch.setattr("planmodel.tables.evidence.results_folder", lambda: None)
    evidence = load_evidence()
    for lang, text in (("en", "No benchmark results were found"), ("zh", "未找到检验结果")):
        answer = calibration_answer(evidence)[lang]
        assert answer.startswith(text) and "\n" not in answer
        assert answer == evidence.card(lang).title
        assert all(table.empty for table in tables_of(evidence, lang).values())
        for chart in CHARTS:
            made = chart(evidence, lang)
            assert made.data.empty and not any(ax.lines for ax in made.figure.axes)
            check_texts(made.figure, made.name)


def test_every_missing_table_and_column_is_named(folder):
    (folder / "growth.csv").unlink()
    targets = pd.read_csv(folder / "targets.csv")
    targets.drop(columns=["skill", "low"]).to_csv(folder / "targets.csv", index=False)
    (folder / "speed.csv").write_text(",".join(TABLES["speed"]) + "\n")
    with pytest.raises(PlanmodelError) as error:
        load_evidence(folder)
    said = str(error.value)
    assert "growth.csv" in said and "no file" in said and "no skill, low" in said and "no rows" in said
    assert len(error.value.faults) == 3


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("collections", "c95", 194.0, "a number from 0 to 100"),
        ("reliability", "stated", 12.0, "a number from 0 to 1"),
        ("growth", "crps", "much", "a number"),
        ("horizons", "method", None, "a word"),
    ],
)
def test_figures_that_cannot_be_are_refused(folder, table, column, value, said):
    content = pd.read_csv(folder / f"{table}.csv").astype({column: object})
    content.loc[1, column] = value
    content.to_csv(folder / f"{table}.csv", index=False)
    with pytest.raises(PlanmodelError, match=said) as error:
        load_evidence(folder)
    fault = error.value.faults[0]
    assert (fault.file, fault.what, fault.row) == (f"{table}.csv", column, 3)


def test_coverage_as_a_fraction_is_refused(folder):
    content = pd.read_csv(folder / "horizons.csv")
    content.assign(c80=content.c80 / 100).to_csv(folder / "horizons.csv", index=False)
    with pytest.raises(PlanmodelError, match="a percentage"):
        load_evidence(folder)


def test_planmodel_is_compared_as_fitted_on_other_series(evidence):
    table = evidence.compared()
    own = table[table.method == "planmodel"]
    assert own.split.tolist() == ["half", "half"] and own.c95.tolist() == pytest.approx([0.943, 0.943])
    assert len(table) == 6 and table.msis.tolist() == [22.4, 27.3, 31.5] * 2


def test_the_better_spread_of_a_rival_counts(evidence):
    gain = evidence.growth_gain().set_index("class")
    assert gain.loc["countries", "gain"] == pytest.approx(1 - 1.2 / 1.6)
    assert gain.loc["countries", ["won", "origins"]].tolist() == [3, 3]
    assert gain.loc["cities", ["won", "origins"]].tolist() == [2, 3]


@pytest.mark.parametrize("size", [(7.2, 4.2), (3.75, 3.6)])
@pytest.mark.parametrize("lang", LANGS)
def test_charts_of_evidence_draw_and_their_text_fits(evidence, lang, size):
    for draw in CHARTS:
        chart = draw(evidence, lang, size=size)
        check_texts(chart.figure, chart.name)
        assert chart.alt.endswith("。" if lang == "zh" else ".")
        assert "nan" not in chart.alt and "None" not in chart.alt
        assert len(chart.data) and charts.svg(chart.figure)
        assert "My title" in draw(evidence, lang, size=size, title="My title").figure.texts[0].get_text()


def test_what_is_drawn_is_the_table(evidence):
    figure = charts.coverage_chart(evidence).figure
    own = [line for ax in figure.axes for line in ax.lines if line.get_gid() == "planmodel"]
    assert len(own) == 4 and {round(float(y), 1) for line in own for y in line.get_ydata()} == {94.6, 80.2}
    figure = charts.sharpness_chart(evidence).figure
    drawn = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_gid() == "msis"]
    assert drawn == [22.4, 27.3, 31.5] * 2
    assert evidence.held() == (4, 5)


def test_the_answer_carries_the_figures(evidence):
    for lang, parts in (
        (
            "en",
            (
                "94.3%",
                "Fitted on the other collection instead: M1 79.4% / 92.6%",
                "3 values",
                "the 80% band held 79.4%",
            ),
        ),
        (
            "zh",
            (
                "94.3%",
                "改在另一组竞赛数据上拟合：M1 竞赛 79.4% / 92.6%",
                "只有 3 个数据",
                "80% 区间实际包含 79.4%",
            ),
        ),
    ):
        text = calibration_answer(evidence)[lang]
        common = ("22.4", "27.3", "AutoTheta", "25%", "551", "0.187", "0.19", "12", "2026-01-02")
        for figure in (*parts, *common):
            assert figure in text, (figure, text)
    assert "in 4 of 5 bins" in calibration_answer(evidence)["en"]


@pytest.mark.parametrize(
    ("shift", "said"), [(0.0, "about right"), (0.3, "too low"), (-0.3, "too high")]
)  # fmt: skip
def test_a_reader_hears_what_was_said_and_what_came_true(folder, shift, said):
    bins = pd.DataFrame({"stated": [0.4, 0.5, 0.6]})
    bins = bins.assign(
        model="engine", bin=[1, 2, 3], n=[10, 20, 10], observed=bins.stated + shift, low=0.0, high=1.0
    )
    bins.to_csv(folder / "reliability.csv", index=False)
    text = reader_answer(load_evidence(folder))["en"]
    assert f"about 40%, {100 * (0.4 + shift):.0f}% came true" in text and said in text
    assert f"Over all 40 the chances said 50% and {100 * (0.5 + shift):.0f}% came true" in text


def test_a_skill_that_may_be_none_is_said_so(folder):
    targets = pd.read_csv(folder / "targets.csv")
    targets.assign(low=-0.6).to_csv(folder / "targets.csv", index=False)
    for lang, text in (("en", "not to be told from zero"), ("zh", "与零无法区分")):
        assert text in calibration_answer(load_evidence(folder))[lang]


def test_tables_of_evidence(evidence):
    tables = tables_of(evidence)
    assert tables["sharpness"].Method.tolist() == ["planmodel", "AutoTheta"] * 4
    assert "straight extrapolation, robust spread" in set(tables["growth"].Method)
    assert tables["targets"].Method.tolist() == ["earlier rate for all", "planmodel"]
    assert tables["speed"].iloc[0].tolist() == ["planmodel", "0.61 s", "1.00", "181"]
    assert evidence.beside_best().window.tolist() == ["full"] * 4 + ["3"] * 4


def test_names_for_reading():
    assert said(named("year effects 1, chosen beforehand"), "zh") == "含年份效应 1，事先选定"
    assert said(named("gdp_shares"), "en") == load_class("gdp_shares").name_en


@pytest.mark.parametrize("size", [(7.2, 4.2), (3.75, 3.6)])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", class_names())
def test_charts_of_classes_draw_and_their_text_fits(name, lang, size):
    group = load_class(name)
    asked = {"log": Asked(0.084, 5), "logit": Asked(0.02, 5, 53.0)}.get(group.transform)
    for each in (asked, None):
        chart = charts.class_chart(group, lang, until=2025, asked=each, size=size)
        check_texts(chart.figure, name)
        assert chart.alt and "nan" not in chart.alt and "NA" not in chart.alt


def test_a_class_chart_holds_the_class():
    group = load_class("prefectures_real_gdp")
    table = charts.class_chart(group, until=2030).data
    assert (table.series == "median").sum() == len(group.medians)
    path = table[table.series == "expected"]
    assert path.year.tolist() == list(range(max(group.medians) + 1, 2031))
    low, high = (table[(table.series == f"band_{end}") & (table.coverage == 0.8)] for end in ("low", "high"))
    assert (low.growth.to_numpy() < path.growth.to_numpy()).all()
    assert (path.growth.to_numpy() < high.growth.to_numpy()).all()
    assert round(100 * reached(group, Asked(0.085, 5))) == 57
    assert "57%" in charts.class_chart(group, asked=Asked(0.085, 5)).alt
    assert charts.class_chart(load_class("annual_series")).data.empty


def test_growth_of_shares_reads_in_points():
    shares = load_class("prefectures_services_share")
    assert float(readable(shares, 0.0, 53.0)) == pytest.approx(0)
    assert float(readable(shares, 4.0, 50.0)) == pytest.approx(1.0, abs=0.01)


def test_the_choice_of_the_class_is_told(result, choices):
    used, each = choices.used, choices.assessments
    assert used.target.indicator.id == result.plan.headline and next(iter(each)) == used.reference
    alone = assess(result.plan, used.target, result.scenario, n_draws=N_DRAWS, reference="countries_real_gdp")
    assert each["countries_real_gdp"].probability == pytest.approx(alone.probability)
    rate = class_rate(load_class(used.reference), used.required, used.target.n_years, used.base)
    assert rate == used.required.value == asked_of(load_class(used.reference), used).rate
    assert [group.id for group in fitting_classes(used)] == list(each)
    for lang in LANGS:
        text = classes_answer(choices, result.plan.catalogue)[lang]
        table = read(choices.table, lang, BY_CLASS).text
        assert percent(used.probability) in text and load_class(used.reference).name(lang) in text
        assert len(table) == len(each) == 5 and "●" in table.iloc[0, 0]


def test_the_class_of_the_parameters_is_the_one_in_use():
    study = check_parameters({"reference": "prefectures_nominal_gdp", "n_draws": N_DRAWS})
    result = assess_plan(study.plan, study.scenario, **study.options)
    choices = by_class(result, **study.options)
    assert "nominal GDP ●" in read(choices.table, "en", BY_CLASS).text.iloc[0, 0]
