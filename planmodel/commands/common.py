"""What the commands share: exit codes, the language of messages, tables and files that they write."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from planmodel.errors import Fault, PlanmodelError, Say
from planmodel.words import LANGS, Phrase

if TYPE_CHECKING:
    import pandas as pd

EXIT_OK, EXIT_FAILED, EXIT_MISTAKE, EXIT_CRASH, EXIT_STOPPED = 0, 1, 2, 3, 130
LANG_VARIABLE = "PLANMODEL_LANG"


def language(arguments: Iterable[str] = ()) -> str:
    """Return the language of messages: that of --lang, else of PLANMODEL_LANG, else English.

    >>> language(["assess", "linhai", "--lang", "zh"]), language(["--lang=zh"]), language(["--lang", "fr"])
    ('zh', 'zh', 'en')
    """
    words = [word for argument in arguments for word in argument.split("=", 1)]
    asked = [after for word, after in pairwise(words) if word == "--lang"]
    return next((lang for lang in (*asked, os.environ.get(LANG_VARIABLE, "")) if lang in LANGS), "en")


def mistake(what: Say, wanted: str, found: Say = "", do: Say = "", **fields: object) -> PlanmodelError:
    """Return the error for one mistake in a call; wanted: a key of commands.yaml, fields: those of that text."""
    return PlanmodelError(faults=[Fault(what, Phrase(f"commands.{wanted}", **fields), found, do=do)])


def unmarked(text: str) -> str:
    """Return an answer without the marks of markdown."""
    return text.replace("\\", "").replace("**", "")


def table_text(table: pd.DataFrame, form: str) -> str:
    """Return a table as csv, json or text, with a line end."""
    if form == "csv":
        return table.to_csv(index=False, lineterminator="\n")
    if form == "json":
        return table.to_json(orient="records", force_ascii=False, indent=1) + "\n"
    return table.to_string(index=False, na_rep="-", max_colwidth=40) + "\n"


def print_table(table: pd.DataFrame, form: str) -> None:
    """Print a table as csv, json or text."""
    sys.stdout.write(table_text(table, form))


def write_file(name: str | Path, content: str | bytes, ending: str = "") -> Path:
    """Write a file whole or not at all and return its path.

    Errors: PlanmodelError for a name with another ending, a folder that is not there, or a place that is no file.
    """
    from planmodel.files.folders import write_atomically

    path = Path(name)
    if ending and path.suffix.lower() != ending:
        raise mistake("file", "file.ending", repr(str(name)), ending=ending)
    if not path.parent.is_dir():
        raise mistake("file", "file.folder", repr(str(path.parent)))
    if path.exists() and not path.is_file():
        raise mistake("file", "file.file", Phrase("commands.file.is_none", name=repr(str(path))))
    write_atomically(path, content)
    return path
