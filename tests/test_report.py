"""The HTML pages: what must show, what must not, and what a browser makes of them."""

from __future__ import annotations

import base64
import html as html_module
import io
import os
import re
import sys
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from accessible import contrast, faults_of, foreign
from browser import SAME_GLYPHS, in_browser
from docx import Document as Word

from planmodel import charts
from planmodel.audit import audit
from planmodel.charts.style import RC, new_figure
from planmodel.errors import PlanmodelError
from planmodel.feasibility import assess_plan
from planmodel.feasibility.trajectories import plan_trajectories
from planmodel.plans import load_plan
from planmodel.plans.promises import promises
from planmodel.plans.scenarios import load_scenario
from planmodel.report import (
    Link,
    PlanEntry,
    PlanPart,
    SiteIndex,
    index_html,
    page_html,
    plan_html,
    promise_htmls,
)
from planmodel.report.document import review_document
from planmodel.report.pages import TEMPLATES, _script
from planmodel.report.pictures import on_paper, with_letters
from planmodel.report.sanitize import clean
from planmodel.report.tabular import boxed, with_files
from planmodel.review import review
from planmodel.review.flips import FLIP_COLUMNS
from planmodel.tables.reading import data_links
from planmodel.words import phrase

sys.modules.setdefault("rfc3987_syntax", None)
nbformat = pytest.importorskip("nbformat")

HOME, ADMIN = "/" + "home/", "/" + "root/"  # in parts: no file may hold such a path
EVIL = "<script>alert(1)</script>"
DRAWS = 400
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'


class Document(HTMLParser):
    """Elements of a page with their attributes, and its text outside style and script."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.inside: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside += [tag] if tag in ("style", "script") else []

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]


def loaded_addresses(text: str) -> list[str]:
    """Everything in a page that a browser would fetch by itself, data: and fragments left out."""
    found = []
    for tag, attributes in Document(text).elements:
        for name, value in attributes.items():
            if name in ("src", "srcset", "poster", "data", "action", "background", "xlink:href") or (
                name == "href" and tag not in ("a",)
            ):
                found.append(value or "")
            if name in ("style", "fill", "clip-path", "filter", "mask"):
                found += re.findall(r"url\(([^)]*)\)", value or "")
    for sheet in re.findall(r"<style>(.*?)</style>", text, re.DOTALL):
        found += re.findall(r"url\(([^)]*)\)", sheet) + re.findall(r"@import[^;]*", sheet)
    return [address for address in found if not address.strip("'\" ").startswith(("data:", "#"))]


def code(source: str, *outputs: dict, tags: tuple[str, ...] = ()):
    cell = nbformat.v4.new_code_cell(source, outputs=[nbformat.from_dict(o) for o in outputs])
    cell.metadata["tags"] = list(tags)
    return cell


def text_cell(source: str, *tags: str):
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def shown(data: dict, **metadata) -> dict:
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def error(name: str, value: str) -> dict:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"\x1b[31m{value}"]}


def notebook(*more):
    table = (
        "<style scoped>\n.dataframe {color: red}</style><table border='1' class='dataframe'><thead><tr style='text-align: "
        f"right;'><th>name</th><th>x</th></tr></thead><tbody><tr><td>{html_module.escape(EVIL)}</td><td>1,200.5</td></tr>"
        "<tr><td>b</td><td>–</td></tr></tbody></table>"
    )
    return nbformat.v4.new_notebook(
        cells=[
            text_cell(
                "# Can the targets be met?\n\nSee [the source](https://example.org/plan) and $x_T/x_0$."
            ),
            code('plan = "a"  # HIDDEN-DEFAULT', tags=("parameters",)),
            code('plan = "b"  # HIDDEN-INJECTED', tags=("injected-parameters",)),
            code("secret = 1  # HIDDEN-CELL", tags=("hide",)),
            code("x = 2  # HIDDEN-INPUT", shown({"text/html": table}), tags=("hide-input",)),
            text_cell(
                f"# Second heading\n\n{EVIL}<b onclick='evil()'>bold</b>\n\n![x](http://example.org/a.png)"
            ),
            code(
                "chart()  # VISIBLE-CODE",
                shown({"image/png": PNG}, **{"image/png": {"alt": 'Floor "4,000"'}}),
            ),
            code("chart()", shown({"image/svg+xml": SVG}, **{"image/svg+xml": {"alt": "Fan"}})),
            code("chart()", shown({"image/png": PNG}, alt="Plain alt")),
            code("chart()", shown({"image/png": PNG})),
            *more,
        ]
    )


def page(*more, lang: str = "en", **given) -> str:
    links = (Link("../index.html", "Index"), Link("../zh/page.html", "中文", "zh"))
    return page_html(notebook(*more), lang=lang, title="Feasibility", links=given.get("links", links))


@pytest.fixture(scope="module")
def results():
    plan = load_plan("taizhou-services-14fyp")
    return {
        name: assess_plan(plan, load_scenario(name), n_draws=DRAWS) for name in ("baseline", "low", "high")
    }


def entry_of(results, lang: str = "en") -> PlanEntry:
    plan = load_plan("taizhou-services-14fyp")
    pages = {
        (book, s): f"pages/{lang}/{s}/{book}.html" for book in ("2_feasibility", "3_fans") for s in results
    }
    return PlanEntry(plan, results, pages, lang)


def quotes(plan) -> set[str]:
    """What a plan's data say in their own words: places in the document, printed figures, names of sources."""
    named = {getattr(t, name) for t in plan.targets for name in ("source", "target_printed", "base_printed")}
    return named | {o.source for o in plan.observations} | {plan.title["zh"], plan.name}


def site(results, lang: str = "en", **changes) -> SiteIndex:
    given = {
        "title": "Targets", "created": "2026-05-05", "version": "0.1.0", "seed": 7, "n_draws": DRAWS, "plans": changes.get("plans") or (PlanPart.of(entry_of(results, lang)),),
        "failures": (
            {"plan": "Taizhou", "notebook": "3_fans", "scenario": "low", "error": "PlanmodelError",
             "message": f"row 7: {EVIL}", "log": "logs/a.log"},
        ),
        "n_runs": 6, "languages": (Link("index.zh.html", "中文", "zh"),),
        "downloads": (Link("results/targets.csv", "Targets"),),
    }  # fmt: skip
    return SiteIndex(**{**given, **changes})


def test_page_keeps_the_frame():
    found = Document(page())
    assert found.all("html") == [{"lang": "en"}]
    assert Document(page(lang="zh")).all("html") == [{"lang": "zh-CN"}]
    assert len(found.all("h1")) == 1
    assert len(found.all("h2")) == 1
    assert len(found.all("script")) == 1
    assert {"href": "../zh/page.html", "hreflang": "zh", "lang": "zh"} in found.all("a")


def test_page_without_heading_shows_its_title_once():
    alone = nbformat.v4.new_notebook(cells=[text_cell("No heading.")])
    text = page_html(alone, lang="en", title="A & B", links=())
    assert text.count("<h1") == 1
    assert "<h1>A &amp; B</h1>" in text


def test_page_refuses_an_unknown_language():
    with pytest.raises(PlanmodelError, match="lang"):
        page(lang="fr")


def test_code_is_folded_and_marked_cells_show_none():
    text = page()
    assert "HIDDEN" not in text
    folded = re.findall(r'<details class="code"><summary>(.*?)</summary>(.*?)</details>', text, re.DOTALL)
    assert any("VISIBLE-CODE" in body for _, body in folded)
    assert {summary for summary, _ in folded} == {"Code"}
    assert text.count("VISIBLE-CODE") == 1
    assert "<summary>代码</summary>" in page(lang="zh")
    assert "1,200.5" in text


def test_outputs_of_hidden_cells_stay_hidden_but_not_their_errors():
    text = page(
        code("a", shown({"text/plain": "QUIET"}), tags=("hide",)),
        code("b", error("E", "LOUD"), tags=("hide",)),
    )
    assert "QUIET" not in text
    assert "LOUD" in text


def test_markup_in_data_shows_as_text():
    text = page()
    assert EVIL not in text
    assert html_module.escape(EVIL) in text
    assert "onclick" not in text
    assert "<b>bold</b>" in text


@pytest.mark.parametrize(
    "evil",
    [
        EVIL,
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><use href='http://a.example/x.svg#y'/></svg>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href=' java\nscript:alert(1)'>a</a>",
        "<a href='data:text/html;base64,AAAA' download>a</a>",
        "<iframe src='https://a.example'></iframe>",
        "<p style='background:url(https://a.example/a.png)'>a</p>",
        "<style>@import 'https://a.example';</style>",
        "<style>p{background:u\\72l(https://a.example)}</style>",
        "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
        "<form action='https://a.example'><button formaction='javascript:alert(1)'>a</button></form>",
        "<meta http-equiv=refresh content='0;url=https://a.example'><base href='https://a.example'>",
        "<link rel=stylesheet href='https://a.example/a.css'>",
        '<p title="<script>alert(1)</script>">a</p><noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<object data='a.swf'></object><embed src='a'><video src='https://a.example'></video>",
    ],
)
def test_active_markup_is_inert_in_cells_and_outputs(evil):
    text = page(text_cell(evil), code("x", shown({"text/html": evil}), shown({"text/markdown": evil})))
    assert loaded_addresses(text) == []
    found = Document(text)
    names = {name for _, attributes in found.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")}
    assert {tag for tag, _ in found.elements}.isdisjoint(
        {"iframe", "object", "embed", "form", "base", "use", "video", "button"}
    )
    assert re.findall(r"<script.*?</script>", text, re.DOTALL) == [
        f"<script>{_script('figures')[0]}</script>"
    ]
    assert len(found.all("meta")) == 3
    assert all(
        a.get("href", "").startswith(("#", "..", "https://example.org/", "pages"))
        for a in found.all("a")
        if a.get("href")
    )


def test_clean_closes_what_is_left_open():
    assert clean("<div><table><tr><td>1") == "<div><table><tr><td>1</td></tr></table></div>"
    assert clean("</div></main>a") == "a"
    assert clean("1 < 2 &amp; <unknown>3</unknown>") == "1 &lt; 2 &amp; 3"


def test_download_of_own_figures_stays():
    link = '<a download="fan.csv" href="data:text/csv;base64,YSxiCg==">Data (CSV)</a>'
    assert clean(link) == link
    assert "href" not in clean(link.replace(' download="fan.csv"', ""))


def test_page_asks_no_server():
    text = page()
    assert loaded_addresses(text) == []
    assert 'href="https://example.org/plan"' in text  # a citation stays a link
    assert "example.org/a.png" not in text
    assert "default-src 'none'" in text
    assert loaded_addresses("<img src='http://a.example/x'>") == ["http://a.example/x"]


def test_images_have_their_alt_texts():
    alts = [image["alt"] for image in Document(page()).all("img")]
    assert alts == ['Floor "4,000"', "Fan", "Plain alt", "Chart: Feasibility"]


def chart(lang="en", title="Growth <of> 8.4%", name="a"):
    """A picture as the package draws it: text, marks used again, a clip."""
    figure = new_figure((3, 2))
    with mpl.rc_context(RC):
        ax = figure.add_subplot()
        ax.plot([1, 2, 3], [1.23456, 2, 3], marker="o")
        ax.set_title(title, weight="bold")
        ax.set_xlabel({"en": "years", "zh": "年份"}[lang])
    return charts.svg(figure)


def test_charts_are_elements_of_the_page_in_its_letters():
    text = page(
        *(
            code("c", shown({"image/svg+xml": chart()}, **{"image/svg+xml": {"alt": "One <fan>"}}))
            for _ in "ab"
        )
    )
    found = Document(text)
    pictures = re.findall(r"<figure><svg.*?</figure>", text, re.DOTALL)
    assert len(pictures) == 2 and all('role="img" aria-label="One &lt;fan&gt;"' in each for each in pictures)
    assert all("Growth &lt;of&gt; 8.4%</text>" in each and "years</text>" in each for each in pictures)
    ids = [each["id"] for _, each in found.elements if "id" in each]
    assert len(set(ids)) == len(ids), "two charts share no id"
    used = [*re.findall(r"url\(#([^)]+)\)", text), *(each["href"].lstrip("#") for each in found.all("use"))]
    assert used and set(used) <= set(ids)
    faces = re.findall(r"font-family: (\S+); font-weight: (\d+)", text)
    assert faces == [("planmodel", "400"), ("planmodel-charts", "400"), ("planmodel-charts", "700")]
    assert "chart-letters" not in text and "<metadata" not in text and "image/svg+xml" not in pictures[0]
    assert len(pictures[0]) < 5_000 and loaded_addresses(text) == []


def test_a_chart_drawn_for_a_phone_too_stands_beside_the_wide_one():
    """Its title and note are text; a part is a drawing of its own or a piece of the chart's own picture."""
    own = '<svg viewBox="0 0 360 200" onload="x()"><text>at most</text></svg>'
    narrow = {"texts": ["Growth <of> 8.4%", "", "a note"], "parts": [own, [0, 12.5, 200, 90], [0, 0, 60, 9]]}
    output = shown({"image/svg+xml": chart()}, **{"image/svg+xml": {"alt": "A", "narrow": narrow}})
    text = page(
        code("c", output), code("d", shown({"image/svg+xml": chart()}, **{"image/svg+xml": {"alt": "B"}}))
    )
    first, second = re.findall(r"<figure><svg.*?</figure>", text, re.DOTALL)
    assert "<b>Growth &lt;of&gt; 8.4%</b>" in first and "<p>a note</p>" in first and "narrow" not in second
    assert "onload" not in text and "at most" in first
    pieces = re.findall(r'<svg [^>]*viewBox="([^"]*)" width="([^"]*)"><use href="#(\w+)"', first)
    assert pieces == [("0 12.5 200 90", "100%", "c1"), ("0 0 60 9", "60pt", "c1")]
    assert re.search('<g id="?c1"?>', first.split("narrow")[0]), "what the pieces are of"
    assert text.count('aria-label="A"') == text.count('aria-label="B"') == 1


def test_hatched_bars_keep_their_hatches():
    figure = new_figure((3, 2))
    with mpl.rc_context(RC):
        figure.add_subplot().bar([1, 2], [1, 2], hatch="//", color="#e0a458", edgecolor="white")
    text = page(code("c", shown({"image/svg+xml": charts.svg(figure)})))
    hatches = [each for each in Document(text).all("pattern") if each["patternunits"] == "userSpaceOnUse"]
    assert len(hatches) == 1 and text.count(f"fill:url(#{hatches[0]['id']})") >= 1
    assert loaded_addresses(text) == []


def test_a_page_weighs_no_more_than_it_must():
    """A chart, a table and its CSV, a hundred Chinese characters: each in the bytes that it needs, and the page in theirs."""
    table = pd.DataFrame(
        {"name": [f"row {i}" for i in range(200)], "x": np.arange(200.0), "y": np.arange(200.0)}
    )
    links = data_links(table, "zh", "a-table")
    chinese = "".join(chr(code) for code in range(0x56FD, 0x56FD + 100))
    outputs = {
        "chart": {"image/svg+xml": chart("zh")},
        "table": {"text/html": table.to_html(index=False) + links},
    }
    cells = [code(name, shown(data)) for name, data in outputs.items()]
    book = nbformat.v4.new_notebook(cells=[text_cell(chinese), *cells])
    text = page_html(book, lang="zh", title="t", workbook="a.xlsx")
    (fonts, _, bold), pictures = (
        re.findall(r"base64,([^)]*)", text),
        re.findall(r"<svg.*?</svg>", text, re.DOTALL),
    )
    rows = "".join(re.findall(r"<table.*?</table>", text, re.DOTALL))
    texts = sum(len(part) for part in re.findall(r">([^<]+)", rows))
    assert len(fonts) < 90 * len(chinese) and len(bold) < 1_500 and len(pictures[0]) < 2_200
    assert len(rows) < texts + 17 * len(table) + 100, "three cells and a row begin, and nothing ends"
    assert "  " not in re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL) and links.count("</a>") == 2
    assert len(text.encode()) < 34_000


def test_a_chart_may_use_nothing_from_elsewhere():
    evil = (
        '<svg viewBox="0 0 1 1" onload="alert(1)"><text>a</text><script>alert(1)</script><use xlink:href="http://a.example/x#y"/>'
        '<foreignObject><img src="x" onerror="alert(1)"/></foreignObject><a href="javascript:alert(1)">b</a>'
        '<style>@import "http://a.example"</style><image href="http://a.example/a.png"/></svg>'
    )
    text = page(code("c", shown({"image/svg+xml": evil})))
    (picture,) = re.findall(r"<figure><svg.*?</figure>", text, re.DOTALL)
    assert loaded_addresses(text) == [] and "alert" not in picture and "a.example" not in picture
    assert Document(text).all("use") == [] and "<text>a</text>" in picture


def test_formulas_are_mathml_and_bad_ones_are_text():
    text = page(text_cell("$$ g = \\frac{1}{n} $$ and $\\frac{$"))
    assert text.count("<math") == 2
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">' in text
    assert "<mfrac>" in text
    assert "<code>\\frac{</code>" in text


def test_cells_of_the_other_language_are_left_out():
    more = text_cell("## 结论", "zh"), text_cell("## Answer", "en")
    assert "结论" not in page(*more)
    assert "Answer" in page(*more)
    assert "Answer" not in page(*more, lang="zh")
    assert "结论" in page(*more, lang="zh")


def test_tables_scroll_by_themselves_and_figures_are_marked():
    text = page()
    assert text.count("<table") == text.count('<div class="scroll') == 1
    assert '<table class="n2 ' in text and ".n2 tr>:nth-child(2){text-align:right;" in text
    assert "<th>x<tbody>" in text and "<td>1,200.5<tr>" in text and "<td>–</table>" in text
    assert "<th>name<th>x" in text
    assert "text-align" not in text.split("<main")[1]
    assert "color: red" not in text


def test_column_with_a_word_is_no_column_of_figures():
    assert (
        "class"
        not in boxed("<table><tr><td>1</td></tr><tr><td>about 2</td></tr></table>", "en").partition("<table")[
            2
        ]
    )
    assert "nth-child(1)" not in page(text_cell("| a |\n|---|\n| 1 |\n| about 2 |"))


def test_link_whose_text_is_its_address_is_printed_once():
    found = page(text_cell("<https://a.org/b_c?d=1&e=2> and [named](https://a.org/)"))
    assert found.count('<a class="bare" href="https://a.org/b_c') == found.count('class="bare"') == 1


def test_error_shows_without_colours_and_paths():
    value = f"\x1b[0;31mno file {os.getcwd()}/data/plans/a.csv\x1b[0m, '{HOME}someone/x y/b.csv', C:\\Users\\me\\c.csv {EVIL}"
    text = page(code("f()", error("PlanmodelError", value)))
    shown_text = Document(text).text
    assert "PlanmodelError: no file a.csv" in shown_text
    assert "b.csv" in shown_text
    assert "c.csv" in shown_text
    assert "\x1b" not in text
    assert "[0;31m" not in text
    for path in (os.getcwd(), HOME, "C:\\", "Users"):
        assert path not in text
    assert 'id="error"' in text
    assert 'href="#error"' in text
    assert "#error" not in page()


def test_no_local_path_address_or_papermill_trace_leaks():
    book = notebook(
        code(f"open('{HOME}me/secret/a.csv')  # code", {"output_type": "stream", "name": "stdout", "text": "/tmp/run1/b.csv\n"}),
        code("x", {"output_type": "stream", "name": "stderr", "text": f"{ADMIN}lib/warn.py:3: UserWarning"}),
        code("x", shown({"text/plain": "<Plan at 0x7f12ab34cd56>"}), shown({"text/html": "<p>/var/folders/x/c.csv</p>"})),
        text_cell("<span>An Exception was encountered</span>", "papermill-error-cell-tag"),
    )  # fmt: skip
    book.metadata["papermill"] = {"output_path": f"{HOME}me/out.ipynb", "duration": 12.5}
    book.cells[0].metadata["papermill"] = {"start_time": "2026-01-01"}
    text = page_html(book, lang="en", title="t", links=())
    for leak in (HOME, "/tmp/", ADMIN, "/var/", "0x7f", "papermill", "2026-01-01", "Exception was"):
        assert leak not in text
    for kept in ("a.csv", "b.csv", "c.csv", "warn.py", "https://example.org/plan"):
        assert kept in text


def test_same_notebook_gives_same_page():
    first, second = notebook(), notebook()
    styler = '<style>#T_{0}_row0 {{color: red}}</style><table id="T_{0}"><tr><td id="T_{0}_row0">1</td></tr></table>'
    for book, run in ((first, "1a2b3"), (second, "9f8e7")):
        book.cells.append(code("s", shown({"text/html": styler.format(run)})))
        book.cells[6].execution_count = 4 if book is first else 9
        parts = ["ab\n"] if book is first else ["a", "b\n"]
        streams = [{"output_type": "stream", "name": "stdout", "text": part} for part in parts]
        book.cells.append(code("print", *streams))
    assert [cell.id for cell in first.cells] != [cell.id for cell in second.cells]
    before = nbformat.writes(first)
    pages = {page_html(book, lang="en", title="t", links=()) for book in (first, second, first)}
    assert len(pages) == 1
    assert nbformat.writes(first) == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_index_finds_every_promise(results, lang):
    text = index_html(site(results, lang), lang)
    found, plan = Document(text), load_plan("taizhou-services-14fyp")
    assert text.count("<tr data-verdict=") == len(promises(plan.targets))
    assert text.count('data-verdict="not_assessable"') == len(promises(plan.targets)) - len(
        promises(results["baseline"].assessable)
    )
    assert found.all("html") == [{"lang": "zh-CN" if lang == "zh" else "en"}]
    assert len(found.all("h1")) == 1
    for assessment in results["baseline"].assessments:
        assert assessment.target.indicator.name(lang) in found.text
        assert assessment.reason.get(lang, "") in found.text
    assert loaded_addresses(text) == []


def test_index_states_chance_and_leads_to_the_promise(results):
    text = index_html(site(results), "en")
    row = text[text.index("#T2-1-1") :]
    row = row[: row.index("<tr")]
    chance = results["baseline"]["T2/1/1"].probability
    assert re.search(r'data-sort="([\d.]+)">', row)[1] == str(chance)
    assert f"{100 * chance:.0f}%" in row and "4,000" in row and "Services value added" in row
    assert 'href="plans/en/taizhou-services-14fyp-growth.html#T2-1-1"' in text


def test_index_counts_and_ranks(results):
    entry = entry_of(results)
    baseline = results["baseline"]
    assert (len(entry.assessable), len(entry.rows)) == tuple(
        len(promises(each)) for each in (baseline.assessable, [a.target for a in baseline.assessments])
    )
    assert len(entry.own) == 71
    lowest = min(a.probability for a in baseline.assessable)
    risks = [row.chance for row in entry.risks]
    assert risks[0] == lowest
    assert risks == sorted(risks)
    assert len({row.name for row in entry.risks}) == len(risks) >= 3
    assert entry.plan.draft
    assert "Consultation draft" in index_html(site(results), "en")
    final = replace(entry, plan=replace(entry.plan, draft=False))
    assert "Consultation draft" not in index_html(site(results, plans=(PlanPart.of(final),)), "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_answers_first_and_ends_with_its_parameters(lang):
    raw = "<div><style scoped>\n</style><table class='dataframe'><tr><td>1</td></tr></table></div>"
    cells = [
        text_cell("# Title"), code("study", shown({"text/html": "<p>PARAMETERS</p>"}), tags=("about",)),
        text_cell("## First"), text_cell("ANSWER"), code("x", shown({"text/html": raw})),
        code("y", shown({"text/html": "<table><tr><td>T2\u00a01</td><td>T2\u00a012</td></tr></table>"})),
        text_cell("## Second"), text_cell("## Third"), text_cell("LAST"),
    ]  # fmt: skip
    scenarios = (Link("", "Baseline"), Link("low.html", "Low"))
    given = {"of": "Plan <p> · Baseline", "scenarios": scenarios, "places": {"T2\u00a01": "a.html#T2-1-1"}}
    text = page_html(nbformat.v4.new_notebook(cells=cells), lang=lang, title="t", **given)
    order = [
        text.index(each)
        for each in ("Plan &lt;p&gt;", "<h1", "<nav aria-label", "ANSWER", "LAST", "PARAMETERS")
    ]
    assert order == sorted(order)
    contents = re.findall(r'<li><a href="#(s\d)">(.*?)</a>', text)
    assert [title for _, title in contents][:3] == ["First", "Second", "Third"] and len(contents) == 4
    assert all(f'<h2 id="{name}">{title}</h2>' in text for name, title in contents)
    assert (
        '<details class="log">' in text
        and '<a href="a.html#T2-1-1">T2\u00a01</a>' in text
        and "T2\u00a012<" in text
    )
    assert '<a href="low.html">Low</a>' in text and "<b>Baseline</b>" in text


def test_a_longer_table_stands_in_a_file_beside_its_page():
    table = pd.DataFrame({"name": [f"row {i}, \u6570" for i in range(400)], "x": np.arange(400.0)})
    short = table.head(3)
    text = page(*(code("t", shown({"text/html": data_links(each, "en", "a")})) for each in (table, short)))
    lighter, files = with_files(text, "2_x")
    (name,) = files
    assert (
        f'href="{name}"' in lighter
        and len(lighter) < len(text) - 4000
        and lighter.count("data:text/csv") == 1
    )
    assert pd.read_csv(io.BytesIO(files[name]), dtype={"x": float}).equals(table)


def test_pages_stand_in_the_order_of_the_scenarios(results):
    plan = load_plan("taizhou-services-14fyp")
    pages = {("3_fans", s): f"a/{s}.html" for s in sorted(results)} | {("4_comparison", ""): "b.html"}
    entry = PlanEntry(plan, results, pages, "en")
    assert [title for title, _ in entry.links] == ["Fan charts", "Comparison"]
    assert [link.text for link in entry.links[0][1]] == ["Baseline", "Low", "High"]
    text = plan_html(entry)
    assert '<li> <a href="../../b.html">Comparison</a></li>' in text
    assert "<span>Fan charts</span>" in text


def test_a_promise_that_only_another_scenario_judges_is_judged(results):
    plan = load_plan("taizhou-services-14fyp")
    stated = assess_plan(plan, load_scenario("plan-as-stated"), n_draws=DRAWS)
    entry = PlanEntry(plan, {"plan-as-stated": stated, "low": results["low"]}, {}, "en")
    row = entry.assessable[0]
    assert row.chances[0].probability is None
    assert row.chances[0].text == "–"
    assert row.chance == row.chances[1].probability is not None
    assert "circular" in row.reason


def test_markup_in_names_shows_as_text(results):
    entry = entry_of(results)
    entry = replace(entry, plan=replace(entry.plan, title={"en": EVIL}))
    for row in entry.rows:
        vars(row).update(name=EVIL, label=EVIL, promise=EVIL, asks=EVIL, reason=EVIL, notes=(EVIL,))
    for text in (index_html(site(results, title=EVIL, plans=(PlanPart.of(entry),)), "en"), plan_html(entry)):
        assert EVIL not in text
        assert text.count("<script") == 1
        assert EVIL in Document(text).text


def test_failures_do_not_hide_the_rest(results):
    text = index_html(site(results), "en")
    assert "1 of 6 pages could not be made." in text
    assert 'href="logs/a.log"' in text
    assert html_module.escape(EVIL) in text
    assert "<tr data-verdict=" in text
    good = index_html(site(results, failures=()), "en")
    assert "All 6 pages were made." in good
    assert 'id="failures"' not in good


def test_a_plan_of_which_nothing_can_be_judged_still_shows_its_promises():
    plan = load_plan("taizhou-services-14fyp")
    stated = assess_plan(plan, load_scenario("plan-as-stated"), n_draws=DRAWS)
    entry = PlanEntry(plan, {"plan-as-stated": stated}, {}, "zh")
    text = plan_html(entry)
    assert "本规划没有可评估的目标" in text and '<details class="quiet" open>' in text
    assert len(set(re.findall(r'href="(taizhou[^"]+#[^"]+)"', text))) == len(promises(plan.targets))
    index = index_html(SiteIndex("t", "c", "v", 1, DRAWS, (PlanPart.of(entry),)), "zh")
    assert index.count("<tr data-verdict=") == len(promises(plan.targets)) and "<script>" in index


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_promise_has_one_place_and_every_chance_leads_there(results, lang):
    plan, scenario = load_plan("taizhou-services-14fyp"), load_scenario("baseline")
    entry = PlanEntry(plan, results, {}, lang, audit=audit(plan))
    pages = promise_htmls(entry, plan_trajectories(plan, scenario), pd.DataFrame(columns=list(FLIP_COLUMNS)))
    places = [
        f"{name.rpartition('/')[2]}#{anchor}"
        for name, page in pages.items()
        if name.endswith(".html")
        for anchor in re.findall(r'<section class="promise" id="([^"]+)"', page)
    ]
    assert len(set(places)) == len(places) == len(promises(plan.targets))
    one = plan_html(entry)
    links = {
        each["href"] for each in Document(one).all("a") if "#" in each["href"] and "main" not in each["href"]
    }
    assert links == set(places), "the page of the plan leads to each promise, judged or not"
    for name, page in pages.items():
        if name.endswith(".html"):
            assert loaded_addresses(page) == [] and len(page.encode()) < 150_000
            assert page.count("<figure>") == page.count("</figure>") <= len(Document(page).all("section"))
    figures = pd.concat(
        pd.read_csv(io.BytesIO(each)) for name, each in pages.items() if name.endswith(".csv")
    )
    drawn = [row for row in entry.rows if row.fan]
    assert set(figures.target) == {row.id for row in drawn} and len(drawn) >= len(entry.assessable)
    told = Document("".join(page for name, page in pages.items() if name.endswith(".html"))).text
    for row in entry.rows:
        assert row.number in told or "\u00a0" in row.number
        assert all(chance.text in told for chance in row.chances)


def test_a_target_year_that_is_over_asks_for_its_figure(results):
    plan = load_plan("taizhou-services-14fyp")
    before, after = (PlanEntry(plan, results, {}, "en", today=date(year, 6, 1)) for year in (2025, 2026))
    assert before.due["en"] == "" and "Due 2025, and the outturns" in after.due["en"]
    late = [row for row in after.rows if row.year == 2025 and row.assessment.target.target_value is not None]
    unknown = [row for row in late if not row.assessment.outturn_known]
    assert {row.id for row in after.rows if row.due} >= {row.id for row in unknown} and len(unknown) > 20
    assert not any(row.due for row in (*before.own, *(row for row in after.rows if row.year >= 2026)))
    judged = [row for row in unknown if row.chance is not None]
    assert judged and [row.chance for row in after.rows] == [row.chance for row in before.rows]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_due_and_unknown_bears_no_chance_and_no_light_but_what_was_seen(results, lang):
    plan, scenario = load_plan("taizhou-services-14fyp"), load_scenario("baseline")
    looked = review(plan, scenario, strict=False, n_draws=DRAWS)
    given = {"review": looked, "review_page": "r.html", "today": date(2026, 6, 1)}
    entry, before = (
        PlanEntry(plan, results, {}, lang, **given | more) for more in ({}, {"today": date(2025, 6, 1)})
    )
    judged = [row for row in entry.rows if row.due and row.chance is not None]
    assert judged and any(row.light for row in before.rows) and not any(row.light for row in judged)
    assert sum(entry.lights.values()) < sum(before.lights.values())
    paths, empty = plan_trajectories(plan, scenario), pd.DataFrame(columns=list(FLIP_COLUMNS))
    whole = {
        "plan": plan_html(entry),
        "index": index_html(SiteIndex("t", "c", "v", 1, DRAWS, (PlanPart.of(entry),)), lang),
    }
    made = promise_htmls(entry, paths, empty).items()
    pages_of = {**whole, **{name: str(page) for name, page in made if name.endswith("html")}}
    whole["promises"] = "".join(str(page) for name, page in made if name.endswith("html"))
    due = phrase("report.due_row", lang, year=2025)
    still = sorted(html_module.escape(row.chance_text) for row in entry.assessable if not row.due)
    for name, text in whole.items():
        if name != "index":
            assert sorted(re.findall(r"</span><b>(.*?)</b></li>", text)) == still, name
        assert text.count('class="seen"') >= len(judged), name
    assert whole["plan"].count(due) >= len(judged) and whole["index"].count(due) >= len(judged)
    assert whole["plan"].count('class="dot hollow"') == len(judged)
    assert phrase("report.due_add", lang, year=2025, plan=plan.name) in whole["promises"]
    assert phrase("report.due_row", lang, year=2025) not in plan_html(before)
    for name, text in pages_of.items():
        assert faults_of(text) == [], name
        assert foreign(text, lang, quotes(plan)) == [], name
    document = Word(io.BytesIO(review_document(looked, lang, empty, due=entry.due)))
    assert entry.due[lang] in [paragraph.text for paragraph in document.paragraphs]


@pytest.mark.parametrize(
    ("page_of", "fault"),
    [
        ("<html lang=en><title>t</title><main><h1>a</h1><h3>b</h3></main>", "h1 then h3"),
        ("<html lang=en><title>t</title><main><h1>a</h1><a href=x><svg aria-hidden=true></svg></a></main>", "a without a name"),
        ("<html lang=en><title>t</title><main><h1>a</h1><p id=b><p id=b></main>", "id twice: b"),
        ("<html lang=en><title>t</title><main><h1>a</h1><img src=x></main>", "img without alt"),
        ("<html lang=en><title>t</title><main><h1>a</h1><table><th></th></table></main>", "a head of a table"),
        ("<html><title>t</title><main><h1>a</h1></main>", "lang of the page"),
    ],
)  # fmt: skip
def test_the_checks_of_pages_can_fail(page_of, fault):
    assert len(faults_of(page_of)) == 1 and faults_of(page_of)[0].startswith(fault)
    assert foreign("<p>目标 target</p>", "en", set()) == ["目标"] and foreign(
        "<p>目标,年份</p>", "zh", set()
    ) == ["标,年"]
    assert foreign("<p>更 more likely than not</p>", "zh", set()) and not foreign(
        "<p>“目标”</p>", "en", {"目标"}
    )


def test_colours_of_text_stand_out_from_what_is_behind_them():
    css = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.css"))
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})", css[: css.index("@media print")]))
    behind = [
        colours["page"],
        colours["faint"],
        *re.findall(r"\.notice[^{]*{[^}]*background: (#[0-9a-f]{3,6})", css),
    ]
    for name in ("ink", "soft", "link", "good", "mid", "bad"):
        for ground in behind:
            assert contrast(colours[name], ground) >= 4.5, (name, ground)


def test_index_script_is_the_one_its_policy_allows(results):
    import hashlib

    text = index_html(site(results), "en")
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html_module.unescape(text)
    assert index_html(site(results), "en") == text


WIDE = "<table><tr>" + "<td>wide wide wide wide</td>" * 30 + "</tr></table>"
LONG_ERROR = "x" * 400
SCROLL_WIDTH = "page.documentElement.scrollWidth"


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_fits_a_phone(tmp_path, lang):
    more = (
        code("y = '" + "long " * 60 + "'", shown({"text/html": WIDE}), error("E", LONG_ERROR)),
        code(
            "z", shown({"text/plain": LONG_ERROR}), shown({"image/png": PNG}, **{"image/png": {"width": 900}})
        ),
        text_cell(
            "$$ "
            + " + ".join(f"a_{{{i}}}" for i in range(60))
            + " $$\n\n"
            + "https://example.org/"
            + "a" * 200
        ),
    )
    text = page(*more, lang=lang).replace("<details ", "<details open ")
    assert in_browser(tmp_path, text, SCROLL_WIDTH)[0] == "390"


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 768])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_index_fits_its_window(tmp_path, results, lang, width):
    text = index_html(site(results, lang), lang).replace("<details ", "<details open ")
    assert in_browser(tmp_path, text, SCROLL_WIDTH, width)[0] == str(width)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_charts_bring_their_letters_and_fit(tmp_path, width):
    book = nbformat.v4.new_notebook(cells=[code("c", shown({"image/svg+xml": chart(title="增长目标")}))])
    text = page_html(book, lang="en", title="t")
    bold = SAME_GLYPHS.replace("40px planmodel", "700 40px planmodel-charts, planmodel")
    fits = "page.querySelector('figure').getBoundingClientRect().right <= page.documentElement.clientWidth"
    assert in_browser(tmp_path, text, f"[{bold}, {fits}].join()", width)[0] == "false,true"
    lost = text.replace("planmodel; font-weight: 400", "lost; font-weight: 400")
    assert in_browser(tmp_path, lost, bold, width)[0] == "true", "without its letters they are boxes"


@pytest.mark.browser
def test_phone_check_can_fail(tmp_path):
    text = page().replace("overflow-x: auto", "overflow: visible").replace("</main>", WIDE + "</main>")
    assert int(in_browser(tmp_path, text, SCROLL_WIDTH)[0]) > 390


@pytest.mark.browser
def test_browser_is_refused_nothing_and_runs_nothing(tmp_path, results):
    policy = "Content Security Policy"
    for name, text in (("page", page(text_cell(EVIL))), ("index", index_html(site(results), "en"))):
        folder = tmp_path / name
        folder.mkdir()
        _, log = in_browser(folder, text, SCROLL_WIDTH)
        assert policy not in log, log[-2000:]
        assert "CONSOLE" not in log
    bad = page().replace("</main>", '<img alt="" src="https://example.org/a.png"></main>')
    assert policy in in_browser(tmp_path, bad, SCROLL_WIDTH)[1]


@pytest.mark.browser
def test_search_and_sort_work(tmp_path, results):
    text = index_html(site(results), "en")
    rows = "[...page.querySelectorAll('table.main tbody tr')]"
    sort = f"(page.querySelectorAll('table.main th button')[1].click(), {rows}.map((r) => r.cells[2].dataset.sort).filter(Boolean).join())"
    found = [float(p) for p in in_browser(tmp_path, text, sort, 1280)[0].split(",")]
    assert found == sorted(a.probability for a in promises(results["baseline"].assessable))
    word = (
        "(() => { const box = page.querySelector('.controls input'); box.value = 'tourism revenue'; "
        f"box.dispatchEvent(new Event('input')); return [page.querySelector('.search details').open, "
        f"...{rows}.filter((r) => !r.hidden).map((r) => r.cells[0].dataset.sort)].join('|'); }})()"
    )
    opened, *names = in_browser(tmp_path, text, word, 1280)[0].split("|")
    assert opened == "true" and names and all("Tourism revenue" in name for name in names)


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_a_plan_fits_its_window_and_a_touch_says_the_figures(tmp_path, results, lang, width):
    entry = entry_of(results, lang)
    say = (
        "(() => { const place = page.querySelector('figure svg rect'); "
        "place.dispatchEvent(new PointerEvent('pointerover', { bubbles: true })); "
        "return page.documentElement.scrollWidth + ' ' + page.querySelector('figure output').value; })()"
    )
    wide, _, said = in_browser(tmp_path, plan_html(entry), say, width)[0].partition(" ")
    assert wide == str(width) and re.match(r"20\d\d", said)


@pytest.mark.parametrize("attribute", ["placeholder", "data-text"])
def test_letters_of_what_a_reader_sees_in_an_attribute_are_in_the_page(attribute):
    page = "<style>/* letters */</style><input {}>"
    assert "@font-face" in with_letters(page.format(f'{attribute}="筛选"'))
    assert "@font-face" not in with_letters(page.format('class="筛选"'))


def _rows_chart(n: int, width: float = 500.0) -> str:
    """A picture of n rows of 30 points below a title, each a name with a finer line under it and a figure at the right."""
    texts = [(8.6, 20.0), (8.6, 35.0)]
    for row in range(n):
        y = 60.0 + 30 * row
        texts += [(8.6, y), (8.6, y + 12.6), (400.0, y + 6)]
    drawn = "".join(f'<text style="a" x="{x}" y="{y}">t</text>' for x, y in texts)
    return f'<svg role="img" viewBox="0 0 {width:g} {60 + 30 * n}">{drawn}</svg>'


@pytest.mark.parametrize("n", [1, 10, 20, 45, 120])
def test_paper_has_a_high_chart_in_pieces_that_end_between_rows(n):
    chart, height = _rows_chart(n), 60.0 + 30 * n
    pieces = [(float(a), float(b)) for a, b in re.findall(r'viewBox="0 (\S+) 500 (\S+)"', on_paper(chart, 3))]
    if height <= 0.93 * 500:
        assert not pieces
        return
    ends = [round(top + high, 1) for top, high in pieces]
    assert [top for top, _ in pieces] == [0.0, *ends[:-1]] and ends[-1] == height, (
        "nothing is lost or doubled"
    )
    assert max(high for _, high in pieces) < 265, "each finds room on a sheet"
    letters = [float(y) for y in re.findall(r' y="(\S+)"', chart)]
    assert not [end for end in ends[:-1] for y in letters if y - 9 < end < y + 3], "no letter is cut"


@pytest.mark.parametrize(
    ("cell", "turned"),
    [
        ("ten thousand persons", False),
        ("1,234.5", False),
        ("\u89c4\u5212\u671f\u5185\u5e73\u5747", False),
        ("x" * 15, True),
    ],
)
def test_a_table_is_turned_on_paper_where_its_words_do_not_fit(cell, turned):
    cells = f"<td>{cell}</td>" * 12
    assert ("turned" in boxed(f"<table><tr>{cells}</tr></table>", "en")) == turned
