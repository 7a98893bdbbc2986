"""What the documents say of the code is so."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent


def test_the_glossary_has_the_words_for_probabilities_of_the_rules():
    rules = yaml.safe_load((ROOT / "data" / "rules.yaml").read_text(encoding="utf-8"))
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    for entry in rules["words"]:
        assert f"| {entry['en']} | {entry['zh']} |" in glossary
        if entry["below"] < 1:
            assert f"| {round(100 * entry['below'])} % | {entry['en']} |" in glossary


def test_the_links_of_the_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_the_scripts_of_the_documents_are_bash():
    for page in PAGES:
        for script in re.findall(
            r"^```(?:bash|sh)?\n(#!.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        ):
            checked = subprocess.run(
                ["bash", "-n"], check=False, input=script, text=True, capture_output=True
            )
            assert not checked.stderr, f"{page.name}: {checked.stderr}"


def test_the_table_columns_are_those_of_the_code():
    from planmodel.plans.columns import OBSERVATIONS, TARGETS, names_of

    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for part, columns in (
        ("## targets.csv", names_of(TARGETS)),
        ("## observations.csv", names_of(OBSERVATIONS)),
    ):
        section = text.split(part)[1].split("\n## ")[0]
        named = [
            n for row in re.findall(r"^\| ([a-z_, ]+) \|", section, re.MULTILINE) for n in row.split(", ")
        ]
        assert [n for n in named if n in columns] or part == "## observations.csv"
        assert set(columns) - set(named) <= {"indicator", "region", "definition"}, set(columns) - set(named)


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8"))):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
MADE = {"data/plans/my-plan", "data/classes/my-class.json"}
"""Files that the reader makes."""


def test_the_files_that_the_documents_name_exist():
    named = re.compile(
        r"(?<![\w/.-])((?:planmodel|tools|benchmarks|tests|data|docs|notebooks)/[\w./-]*\w)(?![\w/]*[<*])"
    )
    for page in PAGES:
        for name in set(named.findall(page.read_text(encoding="utf-8"))) - MADE:
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def test_the_commands_that_the_documents_name_exist():
    """In blocks of calls, with their options."""
    from planmodel.commands.cli import program

    commands = program().commands
    for page in PAGES:
        calls = re.findall(r"^ {4}planmodel (\w+)([^#\n]*)", page.read_text(encoding="utf-8"), re.MULTILINE)
        for name, rest in calls:
            assert name in commands, f"{page.name}: planmodel {name}"
            known = {option for param in commands[name].params for option in param.opts}
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest)) <= known, f"{page.name}: planmodel {name}{rest}"


def test_the_glossary_has_each_term_once():
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    terms = [term.strip() for row in rows for term in row.split(",")]
    assert sorted({term for term in terms if terms.count(term) > 1 and term != "word"}) == []
