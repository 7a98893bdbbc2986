"""What the commands share: exit codes, options of the draws, printed tables."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError

EXIT_OK, EXIT_FAILED, EXIT_MISTAKE, EXIT_STOPPED = 0, 1, 2, 130


def add_numbers(command: argparse.ArgumentParser) -> None:
    """Add the options --draws and --seed."""
    from planmodel.feasibility.outlooks import N_DRAWS, SEED

    command.add_argument(
        "--draws", type=int, default=N_DRAWS, dest="n_draws", help=f"number of draws (default: {N_DRAWS})"
    )
    command.add_argument(
        "--seed", type=int, default=SEED, help=f"seed of the random numbers (default: {SEED})"
    )


def table_text(table, form: str) -> str:
    """Return a table as csv, json or text, with a line end."""
    if form == "csv":
        return table.to_csv(index=False, lineterminator="\n")
    if form == "json":
        return table.to_json(orient="records", force_ascii=False, indent=1) + "\n"
    return table.to_string(index=False, na_rep="-", max_colwidth=40) + "\n"


def print_table(table, form: str) -> None:
    """Print a table as csv, json or text."""
    sys.stdout.write(table_text(table, form))


def write_file(name: str | Path, content: str | bytes, ending: str = "") -> Path:
    """Write a file whole or not at all and return its path.

    Errors: PlanmodelError for a name with another ending, a folder that is not there, or a place that is no file.
    """
    from planmodel.files.folders import write_atomically

    path = Path(name)
    if ending and path.suffix.lower() != ending:
        raise PlanmodelError(faults=[Fault("file", f"a name that ends in {ending}", repr(str(name)))])
    if not path.parent.is_dir():
        raise PlanmodelError(faults=[Fault("file", "a folder that exists", repr(str(path.parent)))])
    if path.exists() and not path.is_file():
        raise PlanmodelError(faults=[Fault("file", "a file", f"{str(path)!r}, which is none")])
    write_atomically(path, content)
    return path
