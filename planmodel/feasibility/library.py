"""The library of reference classes as a table: what each is, how it scored on regions that a fit left out, and who uses it."""

from __future__ import annotations

import pandas as pd

from planmodel.feasibility.outlooks import class_of
from planmodel.forecasts.reference import load_class, reference_names
from planmodel.plans.catalogue import Catalogue

COLUMNS = (
    "class", "family", "level", "scale", "panel", "n_regions", "years", "grade", "coverage80", "coverage95", "crps_ratio",
    "met", "name_zh", "name_en", "indicators", "error80",
)  # fmt: skip
SCORES = ("coverage80", "error80", "coverage95", "crps_ratio", "met")


def classes_table(catalogue: Catalogue) -> pd.DataFrame:
    """Return one row a class: coverage in percent, five years ahead, of regions by a fit without them; error80: its standard error, as
    few regions have; met: the bars.

    crps_ratio: CRPS over that of the better of no change and own trend. indicators: those that a region of the catalogue is
    judged by this class on, other than for real growth.
    """
    users: dict[str, dict[str, None]] = {}
    places = {
        (region.level, catalogue.country_of(region.id)): region.id for region in catalogue.regions.values()
    }
    for indicator in catalogue.indicators.values():
        for region in places.values():
            users.setdefault(class_of(catalogue, indicator, region, real=False), {})[indicator.id] = None
    rows = []
    for name in reference_names():
        group = load_class(name)
        about, grown = group.about, group.change is None
        rows.append({
            "class": name, "family": about.get("family", ""), "level": about.get("level", ""), "scale": group.transform,
            "panel": group.sample if grown else about["panel"], "n_regions": group.n_series,
            "years": "-".join(map(str, group.years or ())), "grade": about.get("grade", ""),
            **{key: about.get(key) for key in SCORES}, "name_zh": group.name_zh, "name_en": group.name_en,
            "indicators": " ".join(users.get(name, ())),
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.attrs["name"] = "classes"
    return table
