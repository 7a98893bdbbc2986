"""The command on documents: read, which proposes what stands in them."""

from __future__ import annotations

from pathlib import Path

from planmodel.commands.parameters import (
    FORCE,
    FORM,
    LANG,
    argument,
    command,
    mistake,
    option,
    print_table,
    write_file,
)
from planmodel.words import phrase

PROPOSED = ["place", "indicator", "id", "sure", "kind", "comparator", "value", "unit", "year", "status"]
"""Of the table of proposals, where it is printed for reading."""


@command(
    argument("files", "FILE...", nargs=-1, required=True),
    option("--year", type=int, help="read_year"),
    option("--out", metavar="FILE", help="read_out"),
    option("--since", metavar="FILE", help="read_since"),
    FORCE,
    FORM,
    LANG,
)
def read(files, year, out, since, force, form, lang) -> None:
    """Propose targets and figures of the record from a plan's document."""
    import pandas as pd

    from planmodel.documents import differences, proposals_workbook
    from planmodel.documents import read as read_file

    ending = Path(out).suffix.lower() if out else ""
    if ending not in ("", ".xlsx", ".html"):
        raise mistake("--out", "file.ending", repr(out), ending=phrase("documents.ending", lang))
    readings = [read_file(file, year) for file in files]
    if since:
        changes = differences(read_file(since, year), readings[0])
        if form == "text" and changes.empty:
            print(phrase("documents.no_change", lang))
        else:
            print_table(changes, form)
        return
    table = pd.concat([reading.table for reading in readings], ignore_index=True)
    if not out:
        print_table(table[table["row"] == "target"][PROPOSED] if form == "text" else table, form)
    for reading in readings if form == "text" else ():
        counts = {"targets": len(reading.targets), "observations": len(reading.observations)}
        print(phrase("documents.read", lang, name=reading.name, **counts))
        for note in reading.notes:
            print(f"  {note[lang]}")
    if ending == ".xlsx":
        file = write_file(str(out), proposals_workbook(readings), ".xlsx", force)
        print(phrase("documents.written", lang, file=file))
    elif ending == ".html":
        from planmodel.report.reading import reading_html

        file = write_file(str(out), reading_html(readings[0], lang), ".html", force)
        print(phrase("documents.page_written", lang, file=file))
