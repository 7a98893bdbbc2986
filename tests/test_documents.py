"""Rows that documents propose: the grammar of promises on small texts, tables in every form, files of every kind."""

import io
import zipfile
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

import pytest
import yaml

from planmodel.commands.cli import main
from planmodel.documents import differences, plan_from, proposals_workbook
from planmodel.documents import read as read_file
from planmodel.documents.decisions import rows_of, short_title
from planmodel.documents.newcomers import Newcomers
from planmodel.documents.readings import read_document
from planmodel.documents.sources import Document, document
from planmodel.documents.subjects import Names
from planmodel.errors import PlanmodelError
from planmodel.files.texts import is_chinese
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.loading import read_plan

TITLE = "云岭市国民经济和社会发展第十四个五年规划纲要\n\n二、发展目标\n"


def reading_of(text):
    return read_document(Document("x", text))


def targets(text, title=TITLE):
    return reading_of(title + text).targets


def brief(p):
    """What a target says: indicator, comparator, value, unit, kind, year."""
    return [p.indicator, p.comparator, p.value, p.unit, p.kind, p.year]


PROSE = yaml.safe_load(Path("tests/cases/chinese_promises.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", PROSE, ids=list(PROSE))
def test_a_sentence_of_prose_says_what_is_promised(text):
    assert [brief(p) for p in targets(text)] == PROSE[text]


NONE = {
    "a name": "深入实施“百千万”工程,打造“15分钟生活圈”。",
    "a code": "推广5G、PM2.5监测和G20议题,建设3A级景区。",
    "a document": "落实云政发〔2021〕12号文件和《规划2030》。",
    "works under way": "加快推进等14条高速公路项目前期工作。",
    "a slogan": "围绕“五大行动”,抓好第三批3号工程。",
    "past beside a date": "2019年,全市粮食产量达到70万吨。",
    "already": "目前已建成8座水厂。",
    "no figure at all": "\n\nGrowth and exports shall respectively improve.",
    "which ones": "在常住人口1000人以上的行政村设立网点。",
    "what there will be no more of": "消除56人以上大班额。",
    "a name with a number in words": "实施新一轮千亿斤粮食产能提升行动。",
    "those that are praised": "对成效突出的前5名乡镇予以表扬。",
    "how it is run": "成立领导小组,下设8个工作专班。",
    "a lead over others": "增速高于全国平均1.5个百分点。",
    "a lead over others in English": "\n\nGrowth will be 2 percentage points above the national average.\n",
    "how often, how fast": "\n\nStops shall be served at least every 20 minutes; a limit of 80 km/h applies.\n",
}


@pytest.mark.parametrize("text", NONE.values(), ids=list(NONE))
def test_numbers_that_are_no_targets(text):
    assert [p for p in targets(text) if p.value is not None] == []


def test_the_section_tells_the_record_from_the_goals():
    text = "云岭市第十四个五年规划\n一、发展基础\n生产总值达到800亿元,年均增长7%。\n二、主要目标\n生产总值达到1100亿元,年均增长7%。\n"
    reading = reading_of(text)
    assert [(p.value, p.year) for p in reading.targets] == [(1100, 2025), (7, 2025)]
    assert [(p.value, p.period or p.year) for p in reading.observations] == [(800, 2020), (7, 2020)]


def test_two_horizons_in_one_text():
    text = "云岭市2026年政府工作报告\n一、“十五五”主要目标\n生产总值年均增长5%。\n二、2026年工作安排\n生产总值增长6%。\n"
    assert [(p.value, p.year) for p in reading_of(text).targets] == [(5, 2030), (6, 2026)]


def test_roc_years():
    text = "為推動綠能發展,經濟規劃目標:小水力裝置容量於119年達到195MW。\n"
    assert [(p.value, p.unit, p.year) for p in targets(text, "")] == [(195, "MW", 2030)]


def test_assigned_and_relative_targets_have_no_figure():
    found = targets("碳排放强度完成国家下达任务,居民收入增长与经济增长同步。")
    assert [(p.status, p.kind, p.value) for p in found] == [
        ("assigned", "level", None),
        ("printed", "relative", None),
    ]
    assert found[1].relative_to == "经济增长"


def test_the_quote_proves_the_row():
    text = TITLE + "森林覆盖率达到45%以上。"
    (found,) = targets("森林覆盖率达到45%以上。")
    assert text[found.start : found.end] == found.quote == "森林覆盖率达到45%以上"
    assert text[found.figure_start :].startswith(found.printed)


def test_lines_that_the_page_ends_are_joined():
    words = (
        "坚持创新驱动发展塑造发展新优势把科技自立自强作为战略支撑" * 12
        + "培育科技型企业达到300家以上引领未来。"
    )
    lines = "\n".join(words[at : at + 31] for at in range(0, len(words), 31))
    assert "300" not in lines.split("\n") and [(p.value, p.unit, p.comparator) for p in targets(lines)] == [
        (300, "家", "ge")
    ]


HEAD = ["序号", "指标", "单位", "2020年", "2025年", "年均/累计", "属性"]
BODY = [
    ["1", "生产总值", "亿元", "800", "1100", "6.5", "预期性"],
    ["2", "城镇化率", "%", "60", "65", "", "预期性"],
    ["3", "万元产值用水量降低", "%", "", "", "[15]", "约束性"],
    ["4", "优良天数比率", "%", "98", "≥95", "", "约束性"],
    ["5", "单位产值能耗降低", "%", "", "按上级任务", "", "约束性"],
]
WANTED = [
    ("1", "level", 1100, 800, "eq", "expected"),
    ("1", "annual_growth", 6.5, 800, "eq", "expected"),
    ("2", "level", 65, 60, "eq", "expected"),
    ("3", "cumulative_change_pct", 15, None, "eq", "binding"),
    ("4", "keep", 95, 98, "ge", "binding"),
    ("5", "cumulative_change_pct", None, None, "", "binding"),
]


def of_table(reading):
    return [
        (p.number, p.kind, p.value, p.base_value, p.comparator, p.attribute)
        for p in reading.targets
        if p.table
    ]


def cell_a_line():
    return TITLE + "\n\n".join(c for row in [HEAD, *BODY] for c in row if c)


def row_a_line():
    return TITLE + "\n".join(" ".join(c for c in row if c) for row in [HEAD, *BODY])


def with_tabs():
    return TITLE + "\n".join("\t".join(row) for row in [HEAD, *BODY])


@pytest.mark.parametrize("form", [cell_a_line, row_a_line, with_tabs])
def test_a_table_in_every_form_of_text(form):
    assert of_table(reading_of(form())) == WANTED


def test_record_beside_target_columns_rows_below_rows_and_several_figures_in_a_cell():
    cells = """序号 指标名称 2015年 规划目标 完成情况 指标 属性 2020年 年均增幅(%) 2020年 年均增幅(%)
    1 生产总值(亿元) 500 700 7.0 690 6.7 预期性
    2 城镇化率 常住人口城镇化率(%) 53.6 60 61 预期性 户籍人口城镇化率(%) 34.2 38 37 约束性
    3 减排指标(化学需氧量、氨氮)(%) [21.2、20.3] [35.1、32.9] 约束性"""
    reading = reading_of("云岭市第十四个五年规划\n表一 完成情况\n" + "\n".join(cells.split()))
    assert [(p.number, p.part, p.value, p.kind, p.year, p.base_year) for p in reading.targets] == [
        ("1", 1, 700, "level", 2020, 2015), ("1", 2, 7, "annual_growth", 2020, 2015),
        ("2a", 1, 60, "level", 2020, 2015), ("2b", 1, 38, "level", 2020, 2015),
        ("3", 1, 21.2, "cumulative_change_pct", 2020, 2015), ("3", 2, 20.3, "cumulative_change_pct", 2020, 2015),
    ]  # fmt: skip
    assert [p.value for p in reading.observations] == [690, 6.7, 61, 37]


def test_cells_in_even_rows_stand_in_their_order_wherever_they_begin():
    text = """Programme of the Lowland Region 2028-2034

Table 3. Result indicators
ID    Indicator    Measurement unit    Baseline    Reference year    Target (2034)    Source of data
R 03    Firms with new products or processes    firms    0    2027    640    Monitoring system
R 29    Emissions    tons/year    84,300    2026    51,000    Monitoring system
"""
    found = [
        (p.indicator, p.unit, p.base_value, p.base_year, p.value, p.year) for p in reading_of(text).targets
    ]
    assert found == [
        ("Firms with new products or processes", "firms", 0, 2027, 640, 2034),
        ("Emissions", "tons/year", 84300, 2026, 51000, 2034),
    ]


def test_a_paragraph_about_the_plan_before_is_a_record_under_any_heading():
    text = (
        "云岭市第十五个五年规划\n第一篇 站在新起点\n“十四五”期间,生产总值年均增长6%。公路里程达到800公里。\n"
    )
    reading = reading_of(text + "第二篇 目标\n公路里程达到900公里。\n")
    assert [p.value for p in reading.targets] == [900] and [p.value for p in reading.observations] == [6, 800]


def as_html(folder):
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in [HEAD, *BODY])
    body = "".join(f"<p>{line}</p>" for line in TITLE.split("\n"))
    (folder / "a.html").write_text(f"<html><body>{body}<table>{rows}</table></body></html>", encoding="utf-8")
    return folder / "a.html"


def as_word(folder):
    import docx

    word = docx.Document()
    for line in TITLE.split("\n"):
        word.add_paragraph(line)
    table = word.add_table(rows=0, cols=len(HEAD))
    for row in [HEAD, *BODY]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    word.save(folder / "a.docx")
    return folder / "a.docx"


def as_excel(folder):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append([TITLE.split("\n")[0]])
    for row in [HEAD, *BODY]:
        book.active.append([float(c) if c.replace(".", "").isdigit() and c != row[0] else c for c in row])
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def as_markdown(folder):
    rows = [HEAD, ["---"] * len(HEAD), *BODY]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    (folder / "a.md").write_text(f"# {TITLE}\n{table}\n", encoding="utf-8")
    return folder / "a.md"


def as_csv(folder):
    rows = [[TITLE.split("\n")[0]], HEAD, *BODY]
    (folder / "a.csv").write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return folder / "a.csv"


@pytest.mark.parametrize("kind", [as_html, as_word, as_excel, as_markdown, as_csv])
def test_a_table_in_every_kind_of_file(kind, tmp_path):
    assert of_table(read_file(kind(tmp_path))) == WANTED


def test_merged_cells_stand_in_each_row(tmp_path):
    heads = "<tr><th rowspan=2>指标</th><th rowspan=2>单位</th><th colspan=2>年份</th></tr>"
    heads += "<tr><th>2020年</th><th>2025年</th></tr>"
    rows = "<tr><td>水质达标率</td><td rowspan=2>%</td><td>90</td><td>95</td></tr>"
    rows += "<tr><td>供水普及率</td><td>97</td><td>99</td></tr>"
    table = f"<table>{heads}{rows}</table>"
    path = tmp_path / "a.html"
    path.write_text(f"<html><p>云岭市第十四个五年规划</p>{table}</html>", encoding="utf-8")
    found = [(p.indicator, p.unit, p.base_value, p.value) for p in read_file(path).targets]
    assert found == [("水质达标率", "%", 90, 95), ("供水普及率", "%", 97, 99)]


def pdf_of(lines):
    """A small PDF with a page a list of lines, or of texts at places; letters of the standard font only."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    pages = []
    for text in lines:
        placed = [
            line if isinstance(line, tuple) else (40, 780 - 14 * n, line) for n, line in enumerate(text)
        ]
        shown = "".join(f"1 0 0 1 {x} {y} Tm ({line}) Tj " for x, y, line in placed)
        stream = f"BT /F1 10 Tf {shown} ET"
        font = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        box = f"/MediaBox [0 0 595 842] /Contents {len(objects) + 1} 0 R"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} {font} >>")
        pages.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(pages)}] /Count {len(pages)} >>"
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    ).encode()


def test_pages_of_a_pdf(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf_of([["Development Plan 2021-2025"], ["The employment rate will rise to 78 % by 2025."]])
    )
    (found,) = read_file(path).targets
    assert (found.value, found.unit, found.year, found.place) == (78, "%", 2025, "page:2")


def test_columns_of_a_pdf_without_rules(tmp_path):
    """Figures stand in the middle of their columns, a name goes on below, a cell is empty."""
    rows = [
        ["No.", "Indicator", "Unit", "2024", "Target 2027", "Target 2030"],
        ["1", "Employment rate", "%", "73.4", "75.5", "78"],
        ["2", "Early school leavers", "%", "9.8", "", "7.5"],
        ["", "below the age of 24", "", "", "", ""],
        ["3", "Homes built", "", "2,140", "2,400", "2,600"],
    ]
    across = [(40, 0), (70, 0), (230, 0), (300, 30), (380, 30), (470, 30)]
    words = [
        (x + (middle and middle - 2.5 * len(cell)), 700 - 15 * n, cell)
        for n, row in enumerate(rows) for (x, middle), cell in zip(across, row, strict=True) if cell
    ]  # fmt: skip
    prose = [
        (40, 760, "Development Plan 2025-2030"),
        (40, 600, "The jobless rate will fall to 4 % by 2030, which the council reports on."),
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_of([[*prose, *words]]))
    assert [(p.indicator, p.base_value, p.value, p.year) for p in read_file(path).targets] == [
        ("Employment rate", 73.4, 75.5, 2027), ("Employment rate", 73.4, 78, 2030),
        ("Early school leavers below the age of 24", 9.8, 7.5, 2030),
        ("Homes built", 2140, 2400, 2027), ("Homes built", 2140, 2600, 2030), ("jobless rate", None, 4, 2030),
    ]  # fmt: skip


ENGLISH = {
    "The share of renewables will reach at least 65 % by 2030.": ("share of renewables", "ge", 65, "%", "level", 2030),
    "We will cut emissions by 55 % by 2030 compared to 1990.": ("emissions", "eq", 55, "%", "cumulative_change_pct", 2030),
    "The employment rate should rise from 72 % in 2020 to 78 % by 2025.": ("employment rate", "eq", 78, "%", "level", 2025),
    "Youth unemployment is to fall by 10 percentage points by 2025.": ("Youth unemployment", "eq", 10, "percentage points", "change_pp", 2025),
    "Poverty is to be halved by 2030.": ("Poverty", "eq", 0.5, "times", "multiple", 2030),
    "Build 1,500 new schools by 2025.": ("schools", "eq", 1500, "schools", "cumulative_sum", 2025),
    "80 % of households will be connected by 2025.": ("households connected", "eq", 80, "%", "level", 2025),
    "Keep the deficit below 3 % of GDP.": ("deficit", "lt", 3, "% of GDP", "level", 2025),
    "Carbon intensity will be 22 percent lower in 2025 than in 2020.": ("Carbon intensity", "eq", 22, "%", "cumulative_change_pct", 2025),
    "Internet penetration: 80 percent by 2025 (2019: 52 percent).": ("Internet penetration", "eq", 80, "%", "level", 2025),
    "Water losses will be limited to 25 percent.": ("Water losses", "le", 25, "%", "level", 2025),
    "Income per head will rise from $1,850 in 2019 to $2,400 in 2025.": ("Income per head", "eq", 2400, "$", "level", 2025),
    "Travel time to the port will be shortened to three hours.": ("Travel time to the port", "eq", 3, "hours", "level", 2025),
    "Exports are to grow by 9 percent a year and tourism receipts to double by 2025.": [
        ("Exports", "eq", 9, "%", "annual_growth", 2025), ("tourism receipts", "eq", 2, "times", "multiple", 2025)],
    "Capacity will reach 1,800 MW, of which renewables will account for 45 percent.": [
        ("Capacity", "eq", 1800, "MW", "level", 2025), ("renewables", "eq", 45, "%", "level", 2025)],
    "Output per head will rise to $900, with annual growth averaging 5 percent.": [
        ("Output per head", "eq", 900, "$", "level", 2025), ("Output per head", "eq", 5, "%", "annual_growth", 2025)],
    "We will connect 15,000 households to the grid, and 900 jobs will be created each year.": [
        ("households", "eq", 15000, "households", "cumulative_sum", 2025), ("jobs", "eq", 900, "jobs", "annual_flow", 2025)],
    "The share of women on boards will rise to a third by 2025.": ("share of women on boards", "eq", 33.33, "%", "level", 2025),
    "Nine out of ten pupils in Grade 3 will read with comprehension by 2025.": (
        "pupils in Grade 3 read with comprehension", "eq", 90, "%", "level", 2025),
    "Water use per hectare is to fall by a fifth.": ("Water use per hectare", "eq", 20, "%", "cumulative_change_pct", 2025),
    "The State will build 11 lakh homes, at least two fifths of them for women.": [
        ("homes", "eq", 11, "lakh homes", "cumulative_sum", 2025), ("share of homes for women", "ge", 40, "%", "level", 2025)],
    "Spending on health shall be raised from 1.1 per cent to 2.5 per cent of GSDP by 2024-25.": (
        "Spending on health", "eq", 2.5, "% of GSDP", "level", 2025),
    "The number of firms founded each year should increase by 40% compared with 2020.": (
        "number of firms founded", "eq", 40, "%", "cumulative_change_pct", 2025),
    "Stunting will decline by 2 percentage points each year.": ("Stunting", "eq", 2, "percentage points", "change_pp_per_year", 2025),
    "The rate of renovation doubles to 2% a year by 2025.": [
        ("rate of renovation", "eq", 2, "times", "multiple", 2025), ("rate of renovation", "eq", 2, "% a year", "level", 2025)],
    "The recycling rate should be 10 points higher in 2025 than in 2020.": ("recycling rate", "eq", 10, "points", "change_pp", 2025),
    "The deficit will be held at no more than 3 per cent of GDP in every year.": ("deficit", "le", 3, "% of GDP", "keep", 2025),
    "By March 2024 we will complete 500 km of roads; by March 2025, 900 km.": [
        ("roads", "eq", 500, "km", "cumulative_sum", 2024), ("roads", "eq", 900, "km", "cumulative_sum", 2025)],
    "The employment rate is to be at least 80% by 2024 and 82% by 2025.": [
        ("employment rate", "ge", 80, "%", "level", 2024), ("employment rate", "ge", 82, "%", "level", 2025)],
    "Deaths will fall to 20 per 1,000, and those of children to 25 per 1,000.": [
        ("Deaths", "eq", 20, "per 1,000", "level", 2025), ("those of children", "eq", 25, "per 1,000", "level", 2025)],
    "Deaths will be reduced to fewer than 300 a year and, by 2025, to zero.": [
        ("Deaths", "lt", 300, "", "level", 2025), ("Deaths", "eq", 0, "", "level", 2025)],
    "Fares will not rise by more than 2% in any year.": ("Fares", "le", 2, "%", "annual_growth", 2025),
    "Solar capacity is to be four times today's level by 2025.": ("Solar capacity", "eq", 4, "times", "multiple", 2025),
    "Travel time to the coast will be cut to 2 hours 15 minutes at most.": ("Travel time to the coast", "le", 2.25, "hours", "level", 2025),
    "Output per head: 90% of the EU average (2019: 78%).": ("Output per head", "eq", 90, "% of the EU average", "level", 2025),
    "Maize yields will rise from 14 to 22 bags per acre.": ("Maize yields", "eq", 22, "bags per acre", "level", 2025),
    "Twenty-five cattle dips will be rehabilitated.": ("cattle dips", "eq", 25, "dips", "cumulative_sum", 2025),
    "Losses will be cut by two fifths; poverty, minus 30% on 2020 levels.": [
        ("Losses", "eq", 40, "%", "cumulative_change_pct", 2025), ("poverty", "eq", 30, "%", "cumulative_change_pct", 2025)],
    "Research will reach 3% of GDP, of which two thirds from business.": [
        ("Research", "eq", 3, "% of GDP", "level", 2025), ("share of Research from business", "eq", 66.67, "%", "level", 2025)],
    "Unemployment among 16 to 24 year olds is to be below 5% by 2025.": ("Unemployment among 16 to 24 year olds", "lt", 5, "%", "level", 2025),
    "Nobody will wait longer than 12 weeks.": ("Nobody", "le", 12, "weeks", "level", 2025),
    "500 new trees will be planted every winter.": ("trees", "eq", 500, "trees", "annual_flow", 2025),
    "Travel time will be cut by a quarter to 1 hour 30 minutes.": [
        ("Travel time", "eq", 25, "%", "cumulative_change_pct", 2025), ("Travel time", "eq", 1.5, "hour", "level", 2025)],
    "The share landfilled may not exceed 10% from 2024 onwards.": ("share landfilled", "le", 10, "%", "level", 2024),
    "Accidents should be fewer: 600 less than in 2020.": ("Accidents", "eq", 600, "", "change_units", 2025),
    "The plan foresees the construction of 85 health centres.": ("health centres", "eq", 85, "centres", "cumulative_sum", 2025),
    "Payments must not make up more than 25% of spending.": ("Payments", "le", 25, "%", "level", 2025),
    "Two new airports will be opened at a cost of Rs 500 crore.": [
        ("airports", "eq", 2, "airports", "cumulative_sum", 2025), ("cost", "eq", 500, "crore Rs", "cumulative_sum", 2025)],
    "Output should expand at 3.2 percent a year.": ("Output", "eq", 3.2, "%", "annual_growth", 2025),
    "The city will hire 300 community nurses per year.": ("community nurses", "eq", 300, "nurses", "annual_flow", 2025),
    "Enrolment will reach 95 percent and the pupil-teacher ratio will fall to 35:1.": [
        ("Enrolment", "eq", 95, "%", "level", 2025), ("pupil-teacher ratio", "eq", 35, ":1", "level", 2025)],
}  # fmt: skip


@pytest.mark.parametrize("text", ENGLISH, ids=list(ENGLISH))
def test_a_sentence_of_english_says_what_is_promised(text):
    found = targets(text + "\n", "National Development Plan 2021-2025\n\n2. Goals\n\n")
    said = ENGLISH[text] if isinstance(ENGLISH[text], list) else [ENGLISH[text]]
    assert [brief(p) for p in found] == [list(each) for each in said]


def english_cases():
    for plan in yaml.safe_load(Path("tests/cases/english_promises.yaml").read_text(encoding="utf-8")):
        for section in plan["sections"]:
            for case in section["sentences"]:
                yield f"{plan['title']}\n\n{section['heading']}\n\n{case['say']}\n", case["of"]
        for table in plan.get("tables", ()):
            rows = [[cell.strip() for cell in line.split("|")] for line in table["text"].strip().split("\n")]
            yield "\n".join([plan["title"], "", *map("\t".join, rows), ""]), table["of"]


def test_most_that_english_plans_promise_is_found_and_little_else():
    labels = found = false = right = named = 0
    for text, of in english_cases():
        left = [p for p in reading_of(text).targets if p.value is not None]
        labels += len(of)
        for name, comparator, value, unit, kind, year in of:
            if own := next((p for p in left if p.value == value), None):
                left.remove(own)
                found += 1
                right += (own.comparator, own.unit if unit else "", own.kind, own.year) == (
                    comparator,
                    unit,
                    kind,
                    year,
                )
                named += SequenceMatcher(None, name.lower(), own.indicator.lower()).ratio() >= 0.75
        false += len(left)
    assert found / labels >= 0.95 and found / (found + false) >= 0.97, (labels, found, false)
    assert right / found >= 0.9 and named / found >= 0.9, (found, right, named)


def test_fiscal_years_and_a_baseline_in_brackets():
    text = "Health Plan of Riverland 2026/27-2030/31\n\nGoals\n\nAvailability of medicines: 95% (baseline 71%).\nCoverage will reach 80% by 2028/29.\n"
    assert [(p.value, p.year, p.base_value) for p in targets(text, "")] == [(95, 2031, 71), (80, 2029, None)]


def test_what_a_list_of_actions_asks_is_promised():
    """Under headings that say nothing, behind the record, in lines that end with a full stop."""
    text = """Province of Highmoor Plan 2026-2030
Section A – Situation
Unemployment was 6.8 percent in 2024, and output per head stood far below that of the other provinces of the north.
Section B – Targets and strategies
B.1 Growth and jobs
• Reduce the unemployment rate from 6.8 percent in 2024 to 4.5 percent by 2030, as the council has decided this year.
• Achieve 100 percent rice self-sufficiency by 2028; cut post-harvest losses in half.
• Double tourist arrivals to 2.4 million; hold debt service at or below 10 percent of regular income.
• Broadband: 8 in 10 households connected. Local revenue to reach ₱9.2 billion, or 38 percent of total income.
"""
    assert [(p.indicator, p.comparator, p.value, p.unit, p.kind, p.year) for p in targets(text, "")] == [
        ("unemployment rate", "eq", 4.5, "%", "level", 2030), ("rice self-sufficiency", "eq", 100, "%", "level", 2028),
        ("post-harvest losses", "eq", 50, "%", "cumulative_change_pct", 2030), ("tourist arrivals", "eq", 2, "times", "multiple", 2030),
        ("tourist arrivals", "eq", 2.4, "million", "level", 2030), ("debt service", "le", 10, "%", "level", 2030),
        ("Broadband", "eq", 80, "%", "level", 2030), ("Local revenue", "eq", 9.2, "billion ₱", "level", 2030),
        ("Local revenue", "eq", 38, "%", "level", 2030),
    ]  # fmt: skip


def test_the_record_in_english_is_no_target():
    text = "National Plan 2021-2025\n\nLower Riverland lost 6% of its people between 2011 and 2020. GDP grew by 4.5 percent in 2019 and unemployment fell to 9.1 percent.\n"
    assert targets(text, "") == ()


LAID_OUT = """
No.   Area               Indicator                 Goals                                    Status
1a    Energy             Energy productivity       To be doubled between 1990 and 2020      t
1b                       Primary energy use        To be reduced by 20 % by 2020 and        nt
                                                   50 % by 2050 compared to 2008
2     Land               Nitrogen surplus of       To be reduced to 80 kg/hectare by        t
                         farmland                  2010
"""


def test_a_table_laid_out_with_blanks():
    found = [(p.number, p.indicator, p.value, p.year, p.base_year) for p in reading_of(LAID_OUT).targets]
    assert found == [
        ("1a", "Energy productivity", 2, 2020, 1990),
        ("1b", "Primary energy use", 20, 2020, 2008),
        ("1b", "Primary energy use", 50, 2050, 2008),
        ("2", "Nitrogen surplus of farmland", 80, 2010, None),
    ]


BYTES = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "zeros": bytes(5000),
    "noise": bytes(i * 7919 % 256 for i in range(5000)),
    "half a pdf": b"%PDF-1.7\n1 0 obj << /Type /Catalog",
    "half a zip": b"PK\x03\x04" + bytes(100),
    "old office": b"\xd0\xcf\x11\xe0" + bytes(600),
    "a password": b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}


@pytest.mark.parametrize("raw", BYTES.values(), ids=list(BYTES))
@pytest.mark.parametrize("ending", ["txt", "pdf", "docx", "xlsx", "html"])
def test_any_bytes_give_one_clear_error(raw, ending, tmp_path, capsys):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(raw)
    assert main(["read", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("planmodel: a.") and said.count("\n") == 1 and "Traceback" not in said


def test_what_swells_when_it_is_unpacked_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.docx"
    for member, content in (
        ("word/document.xml", b"<w:p/>" * 1_000_001),
        ("word/styles.xml", b" " * 41_000_000),
    ):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
            file.writestr(member, content)
        monkeypatch.setattr("planmodel.documents.sources._word", lambda *_: pytest.fail("it is read"))
        with pytest.raises(PlanmodelError, match="MB when unpacked"):
            document(path)


def test_short_texts_of_other_encodings_are_none_of_china():
    for text, encoding in [
        ("経済の計画", "euc_jp"), ("住宅建設", "shift_jis"), ("再生可能エネルギー", "euc_jp"), ("東京都 大阪府 京都府", "euc_jp"),
        ("계획 목표", "euc_kr"), ("의료 복지", "euc_kr"), ("재생에너지 비율", "euc_kr"),
    ]:  # fmt: skip
        assert not is_chinese(text.encode(encoding)), text
    for text in ("人口", "云岭市", "杜桥 桃渚 括苍", "财政收入 粮食 病床", "教育支出 人均"):
        assert is_chinese(text.encode("gb18030")), text


@pytest.mark.slow
@pytest.mark.parametrize("kind", [as_html, as_word, as_excel, as_markdown, as_csv])
def test_changed_files_give_an_answer_or_one_error(kind, tmp_path):
    whole = kind(tmp_path)
    raw, random = whole.read_bytes(), Random(kind.__name__)
    pieces = [
        "(",
        "“",
        "\t",
        "\n",
        "5%",
        "、",
        "千亿级",
        "from 3 to",
        "9" * 30,
        "1e308",
        "\0",
        "١",
        "½",
        "第一",
        "2030",
    ]
    for _ in range(300):
        changed = bytearray(raw)
        for _ in range(random.choice([1, 5, 30])):
            at = random.randrange(len(changed) + 1)
            other = random.randrange(len(changed) + 1)
            piece = random.choice(
                [random.choice(pieces).encode(), random.randbytes(3), changed[other : other + 40], b""]
            )
            changed[at : at + random.choice([0, 0, 1, 20])] = piece
        whole.write_bytes(changed if random.random() < 0.4 else changed.decode("utf-8", "ignore").encode())
        try:
            read_file(whole)
        except PlanmodelError as error:
            assert "\n" not in str(error)


ENDLESS = [
    "5%、" * 5000,
    "增长" * 9000,
    "(" * 9000,
    "1\n" * 5000,
    "序号 指标 2020年 2025年\n" * 300,
    "cut by 5 % " * 3000,
]


@pytest.mark.parametrize("text", ENDLESS, ids=[text[:6] for text in ENDLESS])
def test_what_never_ends_is_read_at_once(text):
    assert len(targets(text)) < 10


def test_a_unit_that_is_printed_elsewhere():
    found = targets(
        "彩虹谷游客满意分达到90分钟。\n"
        + "\n".join(["\t".join(HEAD), "1\t彩虹谷游客满意分\t\t80\t85\t\t预期性"])
    )
    assert [(p.value, p.unit) for p in found] == [(90, "分钟"), (85, "分钟")]


def test_archives_that_hold_no_document_and_damaged_ones(tmp_path):
    for name in ("word/document.xml", "xl/workbook.xml", "other"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr(name, "<nothing")
        (tmp_path / "a.docx").write_bytes(out.getvalue())
        with pytest.raises(PlanmodelError):
            document(tmp_path / "a.docx")


@pytest.mark.parametrize(
    "name, id",
    [
        ("全市地区生产总值", "gdp"),
        ("GDP", "gdp"),
        ("城镇居民人均可支配收入", "urban_income_per_capita"),
        ("农村居民人均可支配收入", "rural_income_per_capita"),
        ("Goods exports", "exports"),
        ("研究与试验发展经费支出占地区生产总值比重", "rd_intensity"),
        ("彩虹桥梁亮度", ""),
    ],
)
def test_names_of_the_catalogue(name, id):
    found = Names(load_catalogue()).find(name)
    assert (found.id if found.sure >= 0.8 else "") == id


def test_a_later_version_of_a_document(tmp_path):
    old = reading_of(TITLE + "森林覆盖率达到45%。粮食产量达到80万吨。")
    new = reading_of(TITLE + "森林覆盖率达到46%以上。绿道里程达到90公里。")
    table = differences(old, new)
    assert [tuple(row) for row in table[["change", "indicator", "field"]].to_numpy()] == [
        ("changed", "森林覆盖率", "value"), ("changed", "森林覆盖率", "comparator"),
        ("added", "绿道里程", ""), ("dropped", "粮食产量", ""),
    ]  # fmt: skip
    assert differences(new, new).empty


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data folder of one's own: the catalogue without plans."""
    folder = tmp_path / "data"
    (folder / "plans").mkdir(parents=True)
    for file in Path("data").glob("*.*"):
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("PLANMODEL_DATA", str(folder))
    return folder


@pytest.mark.parametrize("city", ["台州", "云岭"])
def test_from_a_text_to_a_plan_that_passes_its_checks(city, data, tmp_path, capsys):
    """Of a region that the catalogue has, and of one that it lacks."""
    text = TITLE.replace("云岭", city) + (
        "森林覆盖率达到68%以上。新能源汽车充电桩达到3万根。新增观景亭900座。\n"
        + "\n".join("\t".join(row) for row in [HEAD, *BODY])
    )
    source, book = tmp_path / "plan.txt", tmp_path / "proposals.xlsx"
    source.write_text(text, encoding="utf-8")
    assert main(["read", str(source), "--out", str(book)]) == 0
    decide(book, "新增观景亭", "accept")
    decide(book, "生产总值", "drop")
    assert main(["new", "again", "--from", str(book)]) == 0
    assert "dropped" in capsys.readouterr().out
    plan, faults = read_plan(data / "plans" / "again", load_catalogue(data))
    assert not faults
    named = {t.indicator.name_zh for t in plan.targets}
    assert {"森林覆盖率", "新增观景亭"} <= named
    assert "新增观景亭" in (data / "indicators.csv").read_text(encoding="utf-8")
    assert main(["check", "again"]) == 0
    assert plan.region == ("taizhou" if city == "台州" else plan.region)
    assert city in (data / "regions.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("title, name, level", [
    ("云岭市国民经济和社会发展第十四个五年规划", "云岭市", "prefecture"), ("青石省云岭县政府工作报告", "云岭县", "county"),
    ("Lakeside County Development Plan 2026-2030", "Lakeside County", "county"), ("Riverland National Strategy 2030", "Riverland", "country"),
    ("Five Year Development Plan of the State of Highmoor, 2026-27 to 2030-31", "State of Highmoor", "province"),
    ("关于印发规划的通知", "", ""), ("What we will do", "", ""),
])  # fmt: skip
def test_the_region_that_a_title_names(title, name, level):
    new = Newcomers(load_catalogue())
    made = new.regions.get(new.region(title))
    assert (made.name_zh if made else "", made.level if made else "") == (name, level)


def decide(path, written, decision):
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = next(ws for ws in book if ws.title.startswith("targets"))
    heads = [str(cell.value) for cell in sheet[1]]
    at, name = (
        next(k for k, h in enumerate(heads) if h.startswith(head)) for head in ("(decision)", "(written)")
    )
    for row in sheet.iter_rows(min_row=2):
        if row[name].value == written:
            row[at].value = decision
    book.save(path)


@pytest.mark.parametrize("text, title", [
    ("云岭市第十四个五年规划和二〇三五年远景目标纲要(草案)\n", "云岭市“十四五”"), ("各县:《云岭市“十四五”茶业发展规划》已经市政府同意,现印发。\n", "云岭市“十四五”茶业"),
    ("Riverland Regional Strategy for Growth and Jobs 2026-2030\n", "Riverland Regional Strategy for Growth…"), ("一句没有题目的话，还有一句。\n", "一句没有题目的话"),
])  # fmt: skip
def test_the_short_title_ends_at_a_word(text, title):
    assert short_title(str(reading_of(text).head["title"])) == title


def test_what_grows_by_times_is_printed_with_its_word():
    """So that the check of prints knows 2.5 times what was."""
    made = rows_of([reading_of(TITLE + "绿电消费量增长1.5倍,能耗减半。")])
    cells = [(row["target_printed"], row["target_value"], row["unit"]) for row in made.source.targets]
    assert cells == [("增长1.5倍", "2.5", "倍"), ("减半", "0.5", "倍")] and not any(made.looks["targets"])


def test_a_lead_over_others_stays_open_with_the_reason():
    """A margin is no kind of target: neither a change nor growth of its own."""
    made = rows_of([reading_of(TITLE + "生产总值增速高于全省平均1个百分点。")])
    (cells,) = (row.cells for row in made.source.targets)
    assert (cells["kind"], cells["target_value"]) == ("relative", "")
    assert made.decisions["targets"] == ("",) and "no kind of target" in made.looks["targets"][0]


def test_a_workbook_without_decisions_is_refused(data, tmp_path, capsys):
    import openpyxl

    reading = reading_of(TITLE.replace("云岭", "台州") + "森林覆盖率达到45%。")
    path = tmp_path / "a.xlsx"
    path.write_bytes(proposals_workbook([reading]))
    book = openpyxl.load_workbook(path)
    next(ws for ws in book if ws.title.startswith("targets")).delete_cols(1)
    book.save(path)
    with pytest.raises(PlanmodelError, match="decision"):
        plan_from(path, "again", folder=data)
    assert not list((data / "plans").iterdir())


def test_a_decision_that_is_no_word_of_the_sheet_is_a_fault_of_its_row(data, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(proposals_workbook([read_document(Document("x", TITLE + "森林覆盖率达到45%。"))]))
    decide(path, "森林覆盖率", "yes")
    with pytest.raises(PlanmodelError, match=r"row 2, \(decision\).*'yes'.*accept, drop"):
        plan_from(path, "again", folder=data)
    assert not list((data / "plans").iterdir())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_marks_each_figure_beside_its_row(lang, tmp_path):
    source, page = tmp_path / "a.txt", tmp_path / "a.html"
    source.write_text(TITLE + "森林覆盖率达到45%以上<b>。城镇化率提高4个百分点。\n", encoding="utf-8")
    assert main(["read", str(source), "--out", str(page), "--lang", lang]) == 0
    html = page.read_text(encoding="utf-8")
    assert html.count('<a class="mark') == html.count('<li id="r') == 2
    assert "&lt;b&gt;" in html and "<script" not in html and "default-src 'none'" in html
