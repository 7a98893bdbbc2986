"""Count how many growth targets that Chinese cities announced for one year were reached: planmodel/classes/announced.json.

Usage: python tools/make_announced.py china_city_targets_sample.csv
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

SPANS = ((2003, 2008), (2009, 2012))
OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "announced.json"
SOURCE = "Li, Liu, Weng and Zhou 2019, Target Setting in Tournaments, Economic Journal 129, replication file: about half of the cities"


def main(path: Path) -> None:
    table = pd.read_csv(path).dropna(subset=["met"])
    rows = []
    for first, last in SPANS:
        met = table[table["year"].between(first, last)]["met"].astype(float)
        rows.append(
            {"first_year": first, "last_year": last, "n": len(met), "reached": round(float(met.mean()), 3)}
        )
    found = {
        "country": "china",
        "indicator": "gdp",
        "source": SOURCE,
        "command": f"python {Path(__file__).name} {path.name}",
    }
    OUT.write_text(json.dumps({**found, "spans": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
