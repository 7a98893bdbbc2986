"""Publications: the same bytes from the same inputs, only what a reader can reach, one clear message otherwise."""

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest

from planmodel.batch.publish import SUMS, _without_local_paths, is_publication, publish
from planmodel.commands.cli import main
from planmodel.errors import PlanmodelError
from planmodel.files.folders import claim
from planmodel.files.reading import data_folder

HOME, ADMIN = "/" + "home/", "/" + "root/"  # in parts: no file may hold such a path
PLAN = "quzhou-services-2023-2027"
ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def no_time_given(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The same small batch run twice, at different times; one notebook prints a local path and fails."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(data_folder(), root / "data")
    (root / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "en" / "2_feasibility.ipynb", root / "notebooks")
    broken = nbformat.read(root / "notebooks" / "2_feasibility.ipynb", as_version=4)
    broken.cells.insert(4, nbformat.v4.new_code_cell(f"print('{HOME}someone/secret.csv')\n1 / 0"))
    nbformat.write(broken, root / "notebooks" / "3_broken.ipynb")
    made = []
    for name, epoch in (("first", "1700000000"), ("second", "1750000000")):
        command = [sys.executable, "-m", "planmodel", "run", "--plans", PLAN, "--scenarios", "baseline"]
        command += ["--lang", "en", "zh", "--draws", "500", "--out", str(root / name)]
        environment = {"PLANMODEL_DATA": str(root / "data"), "SOURCE_DATE_EPOCH": epoch}
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=500,
            env={**os.environ, **environment},
            cwd=root,
            check=False,
        )
        assert done.returncode == 1, done.stderr[-3000:]
        made.append(root / name)
    return made


@pytest.fixture(scope="module")
def packed(reports, tmp_path_factory):
    """The zip of the first report, and the same unpacked."""
    out = tmp_path_factory.mktemp("packed")
    path = publish(reports[0], out / "site.zip", partial=True).path
    with zipfile.ZipFile(path) as file:
        file.extractall(out / "site")
    return path, out / "site"


def handmade(folder, link="pages/en/p/1.html", text="", **manifest):
    """Write the least that is a report: an index, a page, a notebook, a table."""
    content = {
        "batch": "abc", "state": "finished", "created": "2026-02-03 04:05 UTC", "seconds": 1.5, "languages": ["en"],
        "runs": [{"run": "en/p/1", "ok": True, "seconds": 1.4, "error": ""}], **manifest,
    }  # fmt: skip
    index = '<div class="when"><dt>Run</dt><dd>2026-02-03 04:05 UTC</dd></div>\n'
    files = {
        "manifest.json": json.dumps(content),
        "index.html": f'<!DOCTYPE html><dl>{index}</dl><a href="{link}">1</a> <a href="manifest.json">2</a>',
        "pages/en/p/1.html": f'<!DOCTYPE html><a href="../../../index.html">Index</a><p>{text}</p>',
        "notebooks/en/p/1.ipynb": '{"cells": []}',
        "results/targets.csv": "plan\np\n",
        "runs/abc.json": "{}",
    }
    for name, content in files.items():
        write(folder / name, content)
    return folder


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refused(report, out=None):
    """The message of a refusal, which leaves nothing behind."""
    before = contents(report.parent)
    with pytest.raises(PlanmodelError) as error:
        publish(report, out)
    assert contents(report.parent) == before
    return str(error.value)


def test_the_same_report_gives_the_same_bytes(reports, packed, tmp_path):
    assert (
        publish(reports[0], tmp_path / "again.zip", partial=True).path.read_bytes() == packed[0].read_bytes()
    )


def test_the_same_batch_at_another_time_gives_the_same_bytes(reports, packed, tmp_path):
    one, two = ((folder / "index.html").read_text(encoding="utf-8") for folder in reports)
    assert "2023-11-14" in one and "2025-06-15" in two
    assert (
        publish(reports[1], tmp_path / "second.zip", partial=True).path.read_bytes() == packed[0].read_bytes()
    )


def test_the_zip_opens_and_tells_nothing_of_the_machine(packed):
    with zipfile.ZipFile(packed[0]) as file:
        assert file.testzip() is None
        members = file.infolist()
    names = [member.filename for member in members]
    assert names == sorted(names) and len(set(names)) == len(names)
    for member in members:
        assert member.date_time == (1980, 1, 1, 0, 0, 0) and member.compress_type == zipfile.ZIP_DEFLATED
        assert member.external_attr >> 16 == stat.S_IFREG | 0o644 and member.create_system == 3
        assert not member.is_dir() and not member.extra and not member.comment


def test_what_a_reader_can_reach_is_in_and_nothing_else(reports, packed):
    names = set(contents(packed[1]))
    wanted = {f"{part}/{lang}/{PLAN}/baseline/2_feasibility.{end}" for lang in ("en", "zh")
              for part, end in (("pages", "html"), ("notebooks", "ipynb"))}  # fmt: skip
    assert wanted | {"index.html", "index.zh.html", "manifest.json", "results/targets.csv", SUMS} <= names
    assert f"logs/en/{PLAN}/baseline/3_broken.ipynb" in names  # the index links to it
    assert not any(part.startswith(".") for name in names for part in name.split("/"))
    assert (reports[0] / "runs").is_dir() and not any(name.startswith("runs/") for name in names)


def test_links_lead_somewhere_within_the_site(packed):
    pages = [path for path in packed[1].rglob("*.html")]
    plans = [path for path in pages if path.parent.parent.name == "plans"]
    assert len(pages) - len(plans) == 2 + 2 * 2 and len(plans) == 2 * 5
    for page in pages:
        for link in re.findall(r'(?:href|src)="([^":#]+)"', page.read_text(encoding="utf-8")):
            target = (page.parent / unquote(link)).resolve()
            assert target.is_file() and target.is_relative_to(packed[1].resolve()), f"{page.name}: {link}"


def test_no_file_bears_a_time_or_a_local_path(reports, packed):
    manifest = json.loads((packed[1] / "manifest.json").read_text(encoding="utf-8"))
    assert "created" not in manifest and "seconds" not in manifest
    assert manifest["runs"] and not any("seconds" in run for run in manifest["runs"])
    assert manifest["inputs"] and manifest["versions"]
    kept = f"logs/en/{PLAN}/baseline/3_broken.ipynb"
    assert f"{HOME}someone" in (reports[0] / kept).read_text(encoding="utf-8")
    for name, content in contents(packed[1]).items():
        for text in ("2023-11-14", str(reports[0].parent), str(ROOT), f"{HOME}someone"):
            assert text.encode() not in content, f"{name}: {text}"
    assert nbformat.read(packed[1] / kept, as_version=4).cells


def test_the_hashes_are_those_of_the_files(packed):
    files = contents(packed[1])
    lines = files.pop(SUMS).decode().splitlines()
    assert lines == [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]


def test_a_folder_holds_the_same_files_as_the_zip(reports, packed, tmp_path):
    found = publish(reports[0], tmp_path / "site", partial=True)
    assert contents(tmp_path / "site") == contents(packed[1])
    assert sorted(found.files) == sorted(contents(packed[1]))


def test_the_index_bears_the_time_that_is_given(tmp_path, monkeypatch):
    report = handmade(tmp_path / "report")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    publish(report, tmp_path / "site")
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "<dd>2026-01-01 00:00 UTC</dd>" in index and "2026-02-03" not in index
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert "SOURCE_DATE_EPOCH: expected seconds since 1970" in refused(report)


def test_a_list_of_runs_loses_its_seconds(tmp_path):
    report = handmade(tmp_path / "report", link="runs.en.html")
    row = '<tr><td>done</td>\n<td class="when" data-sort="2.35">2.35</td>\n</tr>'
    write(report / "runs.en.html", f'<tr><th class="when" scope="col">Seconds</th>\n</tr>{row}')
    publish(report, tmp_path / "site")
    assert (tmp_path / "site" / "runs.en.html").read_text() == "<tr></tr><tr><td>done</td>\n</tr>"


def test_the_templates_mark_what_differs_from_run_to_run():
    templates = ROOT / "planmodel" / "report" / "templates"
    for name, marked in (
        ("index.html.j2", ["site.created"]),
        ("runs.html.j2", ["label('seconds')", "row.seconds"]),
    ):
        lines = (templates / name).read_text(encoding="utf-8").splitlines()
        for text in marked:
            assert all('class="when"' in line for line in lines if text in line), f"{name}: {text}"


def test_linked_files_join_and_the_rest_stays(tmp_path):
    report = handmade(tmp_path / "report", link="extra/%E5%9B%BE.svg?v=1#a")
    for name in (
        "extra/图.svg",
        "extra/other.svg",
        "results/.t.csv.77",
        "results/t.csv~",
        "logs/a.ipynb",
        ".lock",
    ):
        write(report / name, "x")
    files = set(publish(report).files)
    assert "extra/图.svg" in files
    assert files == {
        "index.html", "manifest.json", "pages/en/p/1.html", "notebooks/en/p/1.ipynb", "results/targets.csv",
        "extra/图.svg", SUMS,
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "report.zip") as file:
        assert file.read("extra/图.svg") == b"x"


def test_an_earlier_publication_is_replaced_and_other_files_stay(tmp_path):
    report, site = handmade(tmp_path / "report"), tmp_path / "site"
    write(report / "results" / "old" / "a.csv", "x")
    publish(report, site)
    publish(report)
    write(site / "CNAME", "plans.example.org")
    shutil.rmtree(report / "results" / "old")
    files = publish(report, site).files
    assert set(contents(site)) == {*files, "CNAME"} and not (site / "results" / "old").exists()
    with zipfile.ZipFile(publish(report).path) as file:
        assert sorted(file.namelist()) == sorted(files)
    assert not list(tmp_path.glob(".*"))


def test_a_publication_that_was_stopped_can_be_given_again(tmp_path, monkeypatch):
    report, site = handmade(tmp_path / "report"), tmp_path / "site"
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("planmodel.batch.publish._content", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        publish(report, site)
    assert is_publication(site) and not (site / SUMS).exists()
    publish(report, site)
    publish(report, tmp_path / "whole")
    assert contents(site) == contents(tmp_path / "whole")


def test_the_list_of_an_earlier_publication_reaches_no_other_files(tmp_path):
    report, site, other = handmade(tmp_path / "report"), tmp_path / "site", tmp_path / "thesis.txt"
    publish(report, site)
    write(other, "x")
    (site / SUMS).write_text(f"0  ../thesis.txt\n0  {other}\n")
    publish(report, site)
    assert other.is_file()


def test_a_folder_that_is_no_report_is_refused(tmp_path):
    report = handmade(tmp_path / "report")
    assert "found no folder reprot. Did you mean 'report'?" in refused(tmp_path / "reprot")
    assert "found a file index.html" in refused(report / "index.html")
    write(tmp_path / "thesis" / "a.docx", "x")
    assert "found thesis without manifest.json" in refused(tmp_path / "thesis")
    for name, text, found in (
        ("broken", "{", "no JSON"),
        ("app", '{"name": "an app", "icons": []}', "another program's"),
        ("list", "[]", "another program's"),
    ):
        write(tmp_path / name / "manifest.json", text)
        assert found in refused(tmp_path / name)
    publish(report, tmp_path / "site")
    assert "a publication of one" in refused(tmp_path / "site")


def test_a_batch_at_work_or_unfinished_is_refused(tmp_path):
    report = handmade(tmp_path / "report", state="running")
    assert "found report, which is running or was stopped" in refused(report)
    handmade(report)
    with claim(report):
        assert "which a batch is writing" in refused(report)
    publish(report)


def test_an_output_that_is_anything_else_is_refused(tmp_path):
    report = handmade(tmp_path / "report")
    write(tmp_path / "notes", "x")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as file:
        file.writestr("a.jpg", b"x")
    write(tmp_path / "text.zip", "x")
    write(tmp_path / "other" / "a.docx", "x")
    handmade(tmp_path / "second")
    for name in ("notes", "photos.zip", "text.zip"):
        assert f"found {name}, which is another file" in refused(report, tmp_path / name)
    for name in ("other", "second"):
        assert f"found {name}, which holds other files" in refused(report, tmp_path / name)
    for name in (".", "site", "results/site.zip"):
        assert "a place outside of the report" in refused(report, report / name)
    (tmp_path / "empty").mkdir()
    assert publish(report, tmp_path / "empty").files


@pytest.mark.parametrize(
    "link",
    [
        "lost.html",
        "../report/index.html",
        "/index.html",
        "pages/",
        "runs/abc.json",
        "results/.t.csv",
        "http://[a",
        "%00",
    ],
)
def test_a_link_that_leads_nowhere_in_the_site_is_refused(tmp_path, link):
    report = handmade(tmp_path / "report", link=link)
    write(report / "results" / ".t.csv", "x")
    assert f"index.html, link {link!r}: expected a file of the site" in refused(report)


def test_links_that_leave_the_site_or_stay_on_the_page_are_fine(tmp_path):
    for i, link in enumerate(
        ["https://example.org/home/a", "//example.org/a", "mailto:a@example.org", "#a", "data:,"]
    ):
        assert publish(handmade(tmp_path / f"report-{i}", link=link)).path.is_file()


def test_a_link_out_of_the_report_through_the_file_system_is_not_followed(tmp_path):
    report = handmade(tmp_path / "report", link="results/secret.csv")
    write(tmp_path / "secret.csv", "x")
    (report / "results" / "secret.csv").symlink_to(tmp_path / "secret.csv")
    assert "link 'results/secret.csv'" in refused(report)


def test_five_of_many_dead_links_are_listed(tmp_path):
    text = "".join(f'<a href="no-{i}.html">{i}</a>' for i in range(7))
    message = refused(handmade(tmp_path / "report", text=text))
    assert message.startswith("report cannot be published (7 faults):\n")
    assert message.count("expected a file of the site") == 5 and "... and 2 more" in message


@pytest.mark.parametrize(
    "text",
    [f"{HOME}someone/a.csv", '<b title="/Users/someone/a">x</b>', "path=/tmp/a", r"C:\Users\someone\a.csv",
     '<a href="file:///data/a.csv">x</a>', "file://server/share", f"<!-- {ADMIN}a -->", "here"],
)  # fmt: skip
def test_a_local_path_in_a_page_is_refused(tmp_path, text):
    text = str(tmp_path / "report" / "results") if text == "here" else text
    message = refused(handmade(tmp_path / "report", text=text))
    assert "pages/en/p/1.html, text or link: expected no path of this machine" in message


def test_text_that_only_looks_like_a_path_is_fine(tmp_path):
    text = (
        "T2/1/1, t/km, 人/年, https://example.org/home/a, and/or <script>"
        + HOME
        + ".test(1)</script><code>f'{x}:\\n'</code>"
    )
    assert publish(handmade(tmp_path / "report", text=text)).path.is_file()


RUNS = [{"run": "en/p/low/3_fans", "ok": True}, {"run": "en/p/low/2_feasibility", "ok": False}]


@pytest.mark.parametrize(
    ("made", "missing"),
    [
        (("3_fans", "2_feasibility"), ["2_feasibility"]),  # one failed, its page says where
        (("3_fans",), ["2_feasibility"]),  # one failed before it had a page
        (("2_feasibility",), ["2_feasibility", "3_fans"]),  # the page of a run that went well is gone
        ((), ["2_feasibility", "3_fans"]),
    ],
)
def test_missing_and_failed_pages_are_refused_by_name_and_partly_published_loudly(tmp_path, made, missing):
    report = handmade(tmp_path / "report", link="pages/en/p/low/3_fans.html", runs=RUNS)
    for name in made:
        write(report / "pages" / "en" / "p" / "low" / f"{name}.html", "<!DOCTYPE html><p>x</p>")
    write(report / "notebooks" / "en" / "p" / "low" / "3_fans.ipynb", '{"cells": []}')
    pages = [f"pages/en/p/low/{name}.html" for name in missing]
    message = refused(report)
    assert "\n" not in message and ", ".join(pages) in message and "--partial" in message
    out = publish(report, tmp_path / "site", partial=True)
    assert list(out.missing) == pages and set(out.files) >= {f"pages/en/p/low/{name}.html" for name in made}
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    gone = "3_fans" not in made
    assert ("it lacks 1 page: Fan charts (p / low)." in index) == gone
    assert ("<a href=" in index.partition("manifest.json")[0].rpartition("<a")[0]) != gone
    assert publish(report, tmp_path / "again", partial=True).files == out.files


def test_a_page_beside_those_of_runs_that_is_not_there_counts_as_missing(tmp_path):
    report = handmade(tmp_path / "report", link="plans/en/p.html#T2-1-1")
    assert "1 page (or files beside them) missing or failed: plans/en/p.html." in refused(report)
    publish(report, tmp_path / "site", partial=True)
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "it lacks 1 page: p" in index and "plans/en" not in index


def test_an_index_without_its_mark_is_refused(tmp_path):
    report = handmade(tmp_path / "report")
    write(report / "index.html", "<dt>Run</dt><dd>2026-02-03 04:05 UTC</dd>")
    assert "an earlier version wrote it" in refused(report)


def test_the_command(tmp_path, capsys, monkeypatch):
    handmade(tmp_path / "outputs" / "report")
    monkeypatch.chdir(tmp_path)
    assert main(["publish", "outputs/report"]) == 0
    assert capsys.readouterr().out == f"{Path('outputs') / 'report.zip'}\n"
    assert main(["publish", "outputs/report", "--out", "www/plans"]) == 0
    assert (tmp_path / "www" / "plans" / "index.html").is_file()
    capsys.readouterr()
    runs = [{"run": "en/p/1", "ok": True}, {"run": "en/p/2", "ok": False}]
    handmade(tmp_path / "outputs" / "lacking", runs=runs)
    assert main(["publish", "outputs/lacking"]) == 2
    assert "pages/en/p/2.html" in capsys.readouterr().err and not Path("outputs/lacking.zip").exists()
    assert main(["publish", "outputs/lacking", "--partial"]) == 0
    assert "incomplete" in capsys.readouterr().err and Path("outputs/lacking.zip").exists()
    assert main(["publish", "outputs/nothing"]) == 2
    assert capsys.readouterr().err.startswith(
        "planmodel: report: expected a folder that `planmodel run` wrote"
    )


def test_a_published_notebook_keeps_a_chart_once():
    """What only its page shows of it, the form for a phone, stays out; its text alternative stays."""
    about = {"image/svg+xml": {"alt": "A", "narrow": {"texts": ["T"], "parts": ["<svg/>"]}}}
    output = {"data": {"image/svg+xml": "<svg/>", "text/html": "<img>"}, "metadata": about}
    kept = {"data": {"image/svg+xml": "<svg/>"}, "metadata": {"image/svg+xml": {"alt": "A"}}}
    assert _without_local_paths({"outputs": [output]}) == {"outputs": [kept]}
