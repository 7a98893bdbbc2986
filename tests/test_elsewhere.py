"""Plans of other countries: their names, levels, fiscal years and money; what does not fit is refused with a sentence."""

import shutil

import pytest
import yaml

from planmodel import PlanmodelError, load_plan, load_scenario
from planmodel.arithmetic.periods import calendar, parse_moment
from planmodel.commands.cli import main
from planmodel.drivers import drivers
from planmodel.feasibility import assess_plan
from planmodel.files.reading import data_folder
from planmodel.plans.catalogue import load_catalogue

REGIONS = """rwanda,,Rwanda,country,,RWF
musanze,,Musanze,district,rwanda,
eu,,European Union,union,,EUR
germany,,Germany,country,eu,
bavaria,,Bavaria,nuts1,germany,
munich,,Munich,municipality,bavaria,
india,,India,country,,
kerala,,Kerala,state,india,
"""
HEAD = """title: {en: National Strategy for Transformation}
short: NST
issuer: Government of Rwanda
date: 2017-09
draft: false
period: [2018/19, 2023/24]
base_year: 2017/18
region: rwanda
headline: gdp
"""
TARGETS = """T1,1,1,gdp,,2017/18,8000,8000,bn RWF,2023/24,14000,14000,,bn RWF,ge,level,printed,expected,,,,"Table 1, row 1",
T1,2,1,gdp,,2017/18,8000,8000,bn RWF,2023/24,9.1,9.1,,%,ge,annual_growth,printed,expected,,,,"Table 1, row 2",
T1,3,1,gdp_per_capita,,2017/18,680000,680000,RWF,2023/24,1000000,1000000,,RWF,ge,level,printed,expected,,,,"Table 1, row 3",
"""
OBSERVATIONS = """gdp,,2012/13,value,4700,bn RWF,4700,,,,final,,Chapter 1,,,
gdp,,2013/14,value,5300,bn RWF,5300,,,,final,,Chapter 1,,,
gdp,,2015/16,value,6500,bn RWF,6500,,,,final,,Chapter 1,,,
gdp,,2013/14..2017/18,mean_growth,6.5,%,6.5,,,,final,,Chapter 1,,,
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    with (folder / "regions.csv").open("a", encoding="utf-8") as file:
        file.write(REGIONS)
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    return folder


@pytest.fixture
def rwanda(data):
    assert main(["new", "nst", "--region", "rwanda"]) == 0
    folder = data / "plans" / "nst"
    (folder / "plan.yaml").write_text(HEAD, encoding="utf-8")
    for name, rows in (("targets", TARGETS), ("observations", OBSERVATIONS)):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text("utf-8").splitlines()[0] + "\n" + rows, encoding="utf-8")
    return load_plan("nst")


@pytest.mark.parametrize("region", ["rwanda", "musanze", "bavaria", "munich", "kerala", "linhai"])
def test_a_new_plan_is_valid_anywhere(region, data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine", "--region", region]) == 0 == main(["check", "mine"])
    assert main(["new", "other", "--region", region, "--xlsx"]) == 0 == main(["import", "other.xlsx"])
    plan = load_plan("mine")
    unit = {"rwanda": "bn RWF", "musanze": "bn RWF", "bavaria": "bn EUR", "munich": "bn EUR"}.get(
        region, "亿元"
    )
    assert plan.targets[1].unit == unit == plan.catalogue.indicators["gdp"].unit
    assert ("Table 1" in plan.targets[0].source) == (region != "linhai")
    assert main(["audit", "mine"]) == 0 == main(["assess", "mine", "--draws", "100"])


def test_levels_are_data_and_unions_have_no_country(data):
    catalogue = load_catalogue()
    assert [catalogue.regions[name].level for name in ("kerala", "bavaria", "munich", "eu")] == [
        "province",
        "province",
        "county",
        "union",
    ]
    assert [catalogue.country_of(name) for name in ("kerala", "munich", "eu", "linhai")] == [
        "india",
        "germany",
        "",
        "china",
    ]
    assert [catalogue.currency_of(name) for name in ("kerala", "munich", "eu", "linhai")] == [
        "",
        "EUR",
        "EUR",
        "CNY",
    ]
    assert catalogue.regions["kerala"].name_zh == "Kerala"


def test_fiscal_years_are_the_years_they_end_in(rwanda):
    assert (rwanda.base_year, rwanda.period) == (2018, (2019, 2024))
    assert {(t.base_year, t.target_year) for t in rwanda.targets} == {(2018, 2024)}
    assert [o.period for o in rwanda.observations if o.vintage == "final"] == [
        "2013",
        "2014",
        "2016",
        "2014..2018",
    ]
    assert calendar("2017/19") == "2017/19" and parse_moment("2019/20", 6).last_full_year == 2020


def test_money_is_counted_in_the_currency_of_the_region(rwanda, capsys):
    assert (
        rwanda.catalogue.indicators["gdp"].unit == "bn RWF"
        and rwanda.catalogue.indicators["gdp_per_capita"].unit == "RWF"
    )
    assert load_plan("linhai-14fyp").catalogue.indicators["gdp"].unit == "亿元"
    result = assess_plan(rwanda, load_scenario("baseline"), n_draws=500)
    level, growth, _ = result.assessments
    assert (
        growth.probability is not None
        and 0 < growth.probability < 0.5
        and growth.required.value == pytest.approx(0.091)
    )
    assert level.required.value == pytest.approx((14000 / 8000) ** (1 / 6) - 1)
    assert level.reference == "any_amount_usd" and level.probability is not None, (
        "yuan classes do not speak of francs"
    )
    assert main(["breakdown", "nst"]) == 0 and "billion Rwandan francs" in capsys.readouterr().out


def test_assumptions_of_another_country_are_refused_with_a_sentence(rwanda, capsys):
    result = drivers(rwanda, load_scenario("baseline"))
    assert (
        not result.goals
        and "are figures of China" in result.reason["en"]
        and "add those of Rwanda" in result.reason["en"]
    )
    assert main(["drivers", "nst"]) == 0 and "figures of China" in capsys.readouterr().out
    own = "labour_share=45 depreciation=5 capital_output=3 investment_share=25 productivity=1 population=2 working_age=1 participation=0 employment=0 human_capital=1"
    known = [name for name in own.split() if name.split("=")[0] in result.assumed]
    assert main(["drivers", "nst", "--set", *known]) == 0 and "9.1%" in capsys.readouterr().out


def test_money_of_another_currency_is_refused(rwanda, data):
    path = data / "plans" / "nst" / "targets.csv"
    path.write_text(
        path.read_text("utf-8").replace("14000,14000,,bn RWF", "14000,14000,,亿元"), encoding="utf-8"
    )
    with pytest.raises(PlanmodelError, match="expected a unit of RWF, like bn RWF of gdp, found '亿元'"):
        load_plan("nst")


def test_indicators_units_and_regions_come_with_the_workbook(data, tmp_path, monkeypatch, capsys):
    import openpyxl

    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine", "--region", "linhai", "--xlsx"]) == 0
    book = openpyxl.load_workbook("mine.xlsx")
    sheets = {ws.title.split()[0]: ws for ws in book.worksheets}

    def add(name, **cells):
        heads = [cell.value for cell in sheets[name][1]]
        row = sheets[name].max_row + 1
        for column, value in cells.items():
            sheets[name].cell(row, heads.index(column) + 1).value = value

    add("units", unit="千升", name_en="thousand litres", dimension="litre", factor=1000)
    add("regions", region="my-town", name_en="My Town", level="district", parent="linhai")
    add(
        "indicators",
        indicator="beer",
        name_zh="啤酒产量",
        name_en="Beer brewed",
        unit="千升",
        scale="amount",
        direction="higher",
        price_basis="none",
        growth_basis="none",
        flow="flow",
    )
    targets = sheets["targets"]
    heads = [str(cell.value).split()[0] for cell in targets[1]]
    for column, value in {
        "indicator": "啤酒产量",
        "region": "My Town",
        "unit": "千升",
        "base_unit": "千升",
        "part": 7,
    }.items():
        targets.cell(3, heads.index(column) + 1).value = value
    book.save("mine.xlsx")
    assert main(["import", "mine.xlsx", "--dry-run"]) == 0 and "beer" not in (
        data / "indicators.csv"
    ).read_text("utf-8")
    assert main(["import", "mine.xlsx"]) == 0
    target = load_plan("mine").targets[1]
    assert (target.indicator.id, target.region, target.unit) == ("beer", "my-town", "千升")
    before = (data / "indicators.csv").read_bytes()
    assert main(["import", "mine.xlsx"]) == 0 and (data / "indicators.csv").read_bytes() == before
    sheets["units"].cell(2, 2).value = "kilolitres"
    book.save("mine.xlsx")
    assert main(["import", "mine.xlsx"]) == 2
    assert "expected 'thousand litres', as in the catalogue, found 'kilolitres'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        {"title": "{zh: 规划}", "short": "{zh: 规划}", "issuer": "{zh: 政府}"},
        {"title": "Plan", "short": "Kerala 14th", "issuer": "Board"},
        {"title": "{en: Plan}", "short": "{en: Plan, zh: ''}", "issuer": "{en: Board}"},
    ],
)
def test_one_language_is_enough_and_goes_through_a_workbook(given, rwanda, data, tmp_path, capsys):
    folder, texts = data / "plans" / "nst", yaml.safe_load(HEAD)
    texts |= {key: yaml.safe_load(text) for key, text in given.items()}
    (folder / "plan.yaml").write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
    plan = load_plan("nst")
    assert all(plan.title.values()) and plan.short["zh"] and plan.short["en"] and plan.issuer["en"]
    book = tmp_path / "nst.xlsx"
    assert main(["workbook", "nst", str(book)]) == 0
    capsys.readouterr()
    assert main(["import", str(book), "--dry-run"]) == 0
    assert "says the same already" in capsys.readouterr().out


def test_names_of_the_catalogue_may_be_in_one_language(data):
    with (data / "regions.csv").open("a", encoding="utf-8") as file:
        file.write("sanmen_x,三门县,,county,taizhou,\n")
    assert load_catalogue(data).regions["sanmen_x"].name("en") == "三门县"
    with (data / "regions.csv").open("a", encoding="utf-8") as file:
        file.write("nowhere,,,county,taizhou,\n")
    with pytest.raises(PlanmodelError, match="name_en"):
        load_catalogue(data)


@pytest.mark.parametrize("year", [2024, 2026, 2031, 2049])
@pytest.mark.parametrize("plan", ["linhai-14fyp", "taizhou-services-14fyp"])
def test_a_figure_of_any_later_year_stops_nothing(plan, year, data, capsys):
    """2031 typed for 2021: the audit says so, everything else goes on."""
    row = f"gdp,,{year},value,5900,亿元,5900,,,,final,,x,,,\n"
    row += f"services_va,,{year},value,2900,亿元,2900,,,,final,,x,,,\n"
    path = data / "plans" / plan / "observations.csv"
    path.write_text(path.read_text("utf-8") + row, encoding="utf-8")
    for command in ("review", "assess"):
        code = main(
            [
                command,
                plan,
                "--draws",
                "100",
                "--indicators",
                *(["services_va"] if "t" == plan[0] else ["gdp"]),
            ]
        )
        assert code == 0, capsys.readouterr().err
    assert "Empty DataFrame" not in capsys.readouterr().out


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有错误"), ("en", "no faults")])
def test_every_command_speaks_the_language_asked_for(lang, said, data, capsys):
    assert main(["check", "linhai-14fyp", "--lang", lang]) == 0
    assert said in capsys.readouterr().out
