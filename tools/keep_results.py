"""Execute the notebooks with their defaults and keep only the outputs that tests compare: `make notebooks`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.modules.setdefault("rfc3987_syntax", None)

import nbformat
from nbclient import NotebookClient

KEPT = "NBVAL_CHECK_OUTPUT"
FOLDER = Path(__file__).resolve().parent.parent / "notebooks"


def keep_results(path: Path) -> None:
    """Write a notebook back with its compared results and nothing else that running leaves."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": path.parent}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            kept = cell.source.startswith(f"# {KEPT}")
            said = [o for o in cell.outputs if o.output_type == "stream" and o.name == "stdout"]
            cell.outputs = said if kept else []
            cell.execution_count = 1 if kept else None  # nbval compares a cell only if it looks run
    name = "Python 3 (ipykernel)"  # as JupyterLab writes it: nothing is unsaved at opening
    notebook.metadata = {
        **{key: notebook.metadata[key] for key in ("planmodel",) if key in notebook.metadata},
        "kernelspec": {"display_name": name, "language": "python", "name": "python3"},
        "language_info": notebook.metadata["language_info"],
    }
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for each in sorted(FOLDER.glob("*/*.ipynb")):
        keep_results(each)
        print(each.relative_to(FOLDER))
