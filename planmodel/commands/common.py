"""What the commands share: exit codes, options of the draws, printed tables."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from planmodel.errors import Fault, PlanmodelError

EXIT_OK, EXIT_FAILED, EXIT_MISTAKE, EXIT_STOPPED = 0, 1, 2, 130


def add_numbers(command: argparse.ArgumentParser) -> None:
    """Add the options --draws and --seed."""
    from planmodel.outlooks import N_DRAWS, SEED

    command.add_argument(
        "--draws", type=int, default=N_DRAWS, dest="n_draws", help=f"number of draws (default: {N_DRAWS})"
    )
    command.add_argument(
        "--seed", type=int, default=SEED, help=f"seed of the random numbers (default: {SEED})"
    )


def print_table(table, form: str) -> None:
    """Print a table as csv, json or text."""
    if form == "csv":
        table.to_csv(sys.stdout, index=False, lineterminator="\n")
    elif form == "json":
        print(table.to_json(orient="records", force_ascii=False, indent=1))
    else:
        print(table.to_string(index=False, na_rep="-", max_colwidth=40))


def write_file(name: str, content: bytes, ending: str) -> Path:
    """Write a file whole or not at all and return its path.

    Errors: PlanmodelError for a name with another ending, or a folder that is not there.
    """
    from planmodel.folders import write_atomically

    path = Path(name)
    if path.suffix.lower() != ending:
        raise PlanmodelError(faults=[Fault("file", f"a name that ends in {ending}", repr(name))])
    if not path.parent.is_dir():
        raise PlanmodelError(faults=[Fault("file", "a folder that exists", repr(str(path.parent)))])
    write_atomically(path, content)
    return path
