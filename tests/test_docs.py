"""What the documents say of the code is so."""

import re
from pathlib import Path

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
