"""docs/extending.md is true: its Python blocks run, one after the other within a section, each section by itself."""

import re
from pathlib import Path

import pytest
from test_charts import check_texts

from planmodel.charts import Chart

DOCUMENT = Path(__file__).parent.parent / "docs" / "extending.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sections():
    """Map the heading of each section that holds code to its blocks."""
    parts = re.split(r"^## (.+)\n", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {head: BLOCK.findall(body) for head, body in zip(parts[1::2], parts[2::2], strict=True)}
    return {head: blocks for head, blocks in found.items() if blocks}


SECTIONS = sections()


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_code_of_a_section_runs(heading, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    namespace: dict = {}
    for block in SECTIONS[heading]:
        exec(compile(block, f"docs/extending.md, {heading}", "exec"), namespace)  # noqa: S102
    for made in namespace.values():
        if isinstance(made, Chart) and not hasattr(made.figure, "number"):
            check_texts(made.figure, made.name)
