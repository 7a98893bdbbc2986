"""Figures beside their printed text: what numbers in prose say, and which slips of a digit, sign or decimal are heard."""

import random
from collections import Counter

import pytest
from handmade import OBSERVATION, TARGET, csv_text, write_data

from planmodel import PlanmodelError, load_plan
from planmodel.files.reading import data_folder, read_table
from planmodel.plans import plan_names
from planmodel.plans.as_printed import CHANGE, FALL, LEVEL, REDUCTION, can_say
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.columns import OBSERVATIONS, TARGETS, names_of
from planmodel.plans.numerals import amounts
from planmodel.plans.rows import observation_of, target_of

UNITS = load_catalogue().units
FIGURES = {"targets": ("base_value", "target_value", "target_upper"), "observations": ("value",)}
TEXTS = {
    "base_value": "base_printed",
    "target_value": "target_printed",
    "target_upper": "target_printed",
    "value": "printed",
}
LARGEST_SILENT = 0.1

NUMBERS = {
    "plain": ("2669.73", [2669.73]),
    "full width": ("１２．５％", [12.5]),
    "thousands": ("1,234,567 trips", [1234567]),
    "a continental decimal": ("12,5 %", [12.5]),
    "a continental number": ("1.234,5 t", [1234.5]),
    "blanks group": ("12 500 ha", [12500]),
    "a minus": ("−2.1%", [-2.1]),
    "a range, not a minus": ("1-2家", [1, 2]),
    "a scale of its own": ("3.54万元", [35400]),
    "two scales": ("32.16万亿元", [32.16e12]),
    "a scale and the rest": ("1亿2000万元", [1.2e8]),
    "one scale for a list": ("3、4万人", [30000, 40000]),
    "a word and a scale": ("1000多万元", [1000e4]),
    "western scales": ("103.61 billion yuan, 384,281 Milliarden", [103.61e9, 384281e9]),
    "lakh": ("2.5 lakh houses", [250000]),
    "western words": ("twenty-five thousand people in two hundred and six villages", [25000, 206]),
    "chinese words": ("三百二十家", [320]),
    "chinese words and scales": ("一亿二千万人次", [1.2e8]),
    "a scale alone": ("亿吨大港", [1e8]),
    "chinese decimals": ("三点五倍", [3.5]),
    "an order": ("位居全市第三", [3]),
    "tenths": ("八成以上", [0.8]),
    "a chinese fraction": ("三分之二", [2 / 3]),
    "a chinese percentage": ("百分之三十", [30]),
    "a fraction": ("about two thirds", [2 / 3]),
    "half": ("一半", [0.5]),
    "doubled": ("to be doubled", [2]),
    "doubled in chinese": ("较2020年翻一番", [2]),
    "years are none": ("2025年达到50%", [50]),
    "nor names": ("PM2.5 of 35 and 5G", [35]),
    "nor quotations": ("“十四五”末达到60%", [60]),
    "nor sectors": ("第三产业占比50%", [50]),
    "nothing": ("按上级任务", []),
}  # fmt: skip


@pytest.mark.parametrize("text, values", NUMBERS.values(), ids=NUMBERS)
def test_numbers_of_a_text(text, values):
    assert [amount.value for amount in amounts(text) if amount.certain] == pytest.approx(values)


BESIDE = {
    "超过60%": "gt", "60以上": "ge", "≥80": "ge", "不低于60%": "ge", "60 or more": "ge", "at least 60": "ge", "over 77": "gt",
    "60%左右": "about", "约2亿元": "about", "about 65": "about", "不超过35": "le", "up to 5": "le", "低于5": "lt", "under 12 %": "lt",
    "10余家": "gt", "达到48%": "", "40% to 45%": "",
}  # fmt: skip


@pytest.mark.parametrize("text, comparator", BESIDE.items())
def test_words_beside_a_number(text, comparator):
    assert amounts(text)[0].comparator == comparator


def test_brackets_are_totals_and_a_place_is_kept():
    first, second = amounts("［１０］ and 〔-50％〕")
    assert (first.total, second.total, second.negative, second.mark) == (True, True, True, "%")
    assert "［１０］ and 〔-50％〕"[first.start : first.end] == "１０"


SAID = [
    ("3.54万元", "35400", "元", LEVEL, True), ("3.54万元", "3.54", "元", LEVEL, False),
    ("3.54万元", "3.54", "万元", LEVEL, True), ("57.4万", "57.4", "万人", LEVEL, True), ("57.4万", "574000", "人", LEVEL, True),
    ("103.61 billion yuan", "1036.1", "亿元", LEVEL, True), ("103.61 billion yuan", "10361", "亿元", LEVEL, False),
    ("3 hours", "180", "分钟", LEVEL, True), ("30,000,000人次", "3000", "万人次", LEVEL, True), ("30,000,000人次", "300", "万人次", LEVEL, False),
    ("50.91 million metric tons", "5091", "万吨", LEVEL, True), ("1.72亿美元", "1.27", "亿美元", LEVEL, False),
    ("293.924 billion yuan", "-2939.24", "亿元", LEVEL, False), ("293.924 billion yuan", "29392.4", "亿元", LEVEL, False),
    ("8.3%", "-8.3", "%", CHANGE, False), ("-8.3%", "8.3", "%", CHANGE, False), ("下降8.3%", "-8.3", "%", CHANGE, True),
    ("下降8.3%", "8.3", "%", CHANGE, False), ("下降到13%", "13", "%", LEVEL, True), ("reduce by at least 15 million", "-15000000", "人", FALL, True),
    ("[15]", "-15", "%", FALL, True), ("[15]", "-15", "%", REDUCTION, False), ("降低15%", "15", "%", REDUCTION, True),
    ("[-50%]", "50", "%", FALL, False), ("(5.2)", "-5.2", "%", CHANGE, True), ("降幅收窄3个百分点", "3", "个百分点", CHANGE, True),
    ("三分之二", "66.7", "%", LEVEL, True), ("三分之二", "67.6", "%", LEVEL, False), ("八成", "80", "%", LEVEL, True), ("全覆盖", "100", "%", LEVEL, True),
    ("翻一番", "2", "倍", LEVEL, True), ("翻一番", "100", "%", CHANGE, True), ("翻一番", "3", "倍", LEVEL, False), ("增长一倍", "2", "倍", LEVEL, True),
    ("5‰", "0.5", "%", LEVEL, True), ("5%", "50", "‰", LEVEL, True), ("千亿级", "1000", "亿元", LEVEL, True), ("三大集群", "8", "个", LEVEL, False),
    ("2~3家", "3", "家", LEVEL, True), ("2019年0.546", "0.546", "吨/万元", LEVEL, True), ("2019年0.546", "2019", "吨/万元", LEVEL, True),
    ("按上级任务", "5", "%", LEVEL, None), ("2025年全面建成", "12", "个", LEVEL, None), ("", "5", "%", LEVEL, None), ("150±10", "140", "亿元", LEVEL, None),
    ("国家5A级景区", "3", "个", LEVEL, None), ("“十三五”期间", "3", "个", LEVEL, None),
]  # fmt: skip


@pytest.mark.parametrize("text, digits, unit, sense, can", SAID)
def test_what_a_text_can_say(text, digits, unit, sense, can):
    assert can_say(text, digits, unit, UNITS, sense) is can


def slipped(digits, rng):
    """Return a figure as a hand mistypes it: a digit changed, left out, doubled or swapped, a sign, a decimal point, a power."""
    sign, bare = "-" * digits.startswith("-"), digits.removeprefix("-")
    at = rng.choice([i for i, c in enumerate(bare) if c.isdigit()])
    swap = min(at, len(bare) - 2)
    changes = {
        "digit": bare[:at] + rng.choice("0123456789") + bare[at + 1 :],
        "left out": bare[:at] + bare[at + 1 :],
        "doubled": bare[:at] + bare[at] + bare[at:],
        "swapped": bare[:swap] + bare[swap : swap + 2][::-1] + bare[swap + 2 :] if swap >= 0 else bare,
        "sign": bare,
        "point lost": bare.replace(".", ""),
        "ten times": f"{float(bare) * 10:.6f}".rstrip("0").rstrip("."),
        "a tenth": f"{float(bare) / 10:.6f}".rstrip("0").rstrip("."),
    }
    name = rng.choice(list(changes))
    return name, ("" if sign else "-") + bare if name == "sign" else sign + changes[name]


def cells_with_text():
    """Every figure of the shipped plans with a text beside it: row, column, name of the table, region, whether it is read."""
    found = []
    for name in plan_names():
        region = load_plan(name).region
        for table, columns in (("targets", TARGETS), ("observations", OBSERVATIONS)):
            path = data_folder() / "plans" / name / f"{table}.csv"
            for row in read_table(path, names_of(columns), names_of(columns, optional=True)):
                found += [
                    (row, column, table, region)
                    for column in FIGURES[table]
                    if row[column] and can_say(row[TEXTS[column]], row[column], "%", UNITS) is not None
                ]
    return found


def heard(row, table, region):
    """Return whether a row has a fault."""
    faults = []
    if table == "targets":
        target_of(row, "plan", region, load_catalogue(), faults)
    else:
        observation_of(row, region, load_catalogue(), faults)
    return bool(faults)


@pytest.mark.parametrize("n", [600, pytest.param(6000, marks=pytest.mark.slow)])
def test_few_slips_beside_a_printed_text_are_silent(n):
    rng, cells, counts, silent = random.Random(20260 + n), cells_with_text(), Counter(), []
    while counts["all"] < n:
        row, column, table, region = rng.choice(cells)
        name, figure = slipped(row[column], rng)
        if not figure.strip("-.") or float(figure) == float(row[column]):
            continue
        counts["all"] += 1
        slip = type(row)(row.cells | {column: figure}, row.file, row.line)
        if not heard(slip, table, region):
            silent.append((name, row[TEXTS[column]], row[column], figure))
    assert len(silent) <= LARGEST_SILENT * n, silent


def test_no_shipped_row_is_accused():
    cells = cells_with_text()
    assert len(cells) > 800
    assert [row for row, _, table, region in cells if heard(row, table, region)] == []


def faults_of(folder, **cells):
    """Return what `load_plan` says of a plan with one changed row as it stands."""
    path = write_data(folder) / "plans/example/targets.csv"
    path.write_text(csv_text(tuple(TARGET), [TARGET | cells]), encoding="utf-8")
    with pytest.raises(PlanmodelError) as error:
        load_plan("example", folder)
    return error.value


def test_the_fault_names_both_in_both_languages(tmp_path):
    error = faults_of(tmp_path, target_value="1500")
    assert [(fault.row, fault.what) for fault in error.faults] == [(2, "target_value")]
    assert "'150' (target_printed)" in error.text("en") and "found '1500'" in error.text("en")
    assert "“150”（target_printed）所说的数，以亿元计" in error.text("zh")


@pytest.mark.parametrize("column, other", [("base_value", "target_value"), ("target_value", "base_value")])
def test_base_and_target_are_each_held_against_their_own_text(tmp_path, column, other):
    error = faults_of(tmp_path, **{column: TARGET[other]})
    assert [fault.what for fault in error.faults] == [column]


SAME = OBSERVATION | {"vintage": "final", "period": "2021", "value": "500", "printed": "500"}
TWICE = {
    "another value": ({"value": "505", "printed": "505"}, True),
    "ten times": ({"value": "5000", "printed": "5000"}, True),
    "more decimals of it": ({"value": "500.4", "printed": "500.4"}, False),
    "another size of it": ({"value": "5000000", "printed": "", "unit": "万元"}, False),
    "a bound": ({"value": "450", "printed": "超450", "comparator": "gt"}, False),
    "another year": ({"value": "505", "printed": "505", "period": "2022"}, False),
    "another vintage": ({"value": "505", "printed": "505", "vintage": "revised"}, False),
    "another source": ({"value": "505", "printed": "505", "source": "二"}, False),
    "another definition": ({"value": "505", "printed": "505", "definition": "new"}, False),
}


@pytest.mark.parametrize("cells, wrong", TWICE.values(), ids=TWICE)
def test_two_figures_of_one_fact_are_a_fault(tmp_path, cells, wrong):
    units = "unit,name_en,dimension,factor\n亿元,100 million yuan,CNY,100000000\n万元,10 thousand yuan,CNY,10000\n%,%,percent,1\n"
    folder = write_data(tmp_path)
    (folder / "units.csv").write_text(
        units + "微克/立方米,micrograms per cubic metre,ug/m3,1\n", encoding="utf-8"
    )
    path = folder / "plans/example/observations.csv"
    path.write_text(csv_text(tuple(OBSERVATION), [SAME, SAME | cells]), encoding="utf-8")
    if not wrong:
        assert len(load_plan("example", folder).observations) > 2
        return
    with pytest.raises(PlanmodelError) as error:
        load_plan("example", folder)
    assert [(fault.row, fault.what) for fault in error.value.faults] == [(3, "value")]
    assert "row 2 has 500" in error.value.text("en") and "第 2 行为 500" in error.value.text("zh")
