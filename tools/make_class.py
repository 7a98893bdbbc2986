"""Define a reference class of your own from a table of members' growth.

Usage: python tools/make_class.py TABLE.csv NAME "English name" "中文名" [SOURCE]
TABLE.csv has the columns member, year, growth_pct (growth over the year before, %). Writes data/classes/NAME.json:
statistics only. Use it as `reference` of an indicator, or as the notebooks' parameter.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
from make_reference import MIN_COUNT, calendar_class, log_growth

from planmodel.files.reading import check_name, data_folder

COLUMNS = ["member", "year", "growth_pct"]
MIN_YEARS = 10


def main(table: Path, name: str, name_en: str, name_zh: str, source: str = "user's table") -> None:
    check_name("class", name)
    rows = pd.read_csv(table)
    if not set(COLUMNS) <= set(rows.columns):
        sys.exit(f"{table.name}: expected the columns {', '.join(COLUMNS)}, found {', '.join(rows.columns)}.")
    if rows.duplicated(["member", "year"]).any():
        sys.exit(f"{table.name}: a member has two rows for one year.")
    wide = rows.pivot(index="year", columns="member", values="growth_pct")
    if (wide.count(axis=1) >= MIN_COUNT).sum() < MIN_YEARS:
        sys.exit(f"{table.name}: a class needs {MIN_YEARS} years with {MIN_COUNT} members or more.")
    words = {
        "name_en": name_en,
        "name_zh": name_zh,
        "measure": "growth",
        "source": source,
        "sample": table.name,
    }
    entry = calendar_class(log_growth(wide), "log", None, **words)
    entry["command"] = f"python tools/make_class.py {table.name} {name}"
    folder = data_folder() / "classes"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(
        json.dumps(entry, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(
        f"Wrote data/classes/{name}.json: {entry['n_series']} members, {entry['years'][0]}-{entry['years'][1]}."
    )


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), *sys.argv[2:])
