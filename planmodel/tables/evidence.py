"""Evidence: how well such forecasts held on data not used for fitting, read from the newest benchmark results."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from planmodel.errors import Fault, PlanmodelError, Say
from planmodel.files.reading import data_folder
from planmodel.forecasts.reference import ReferenceClass, class_names, load_class
from planmodel.words import Phrase, Text, texts_of
from planmodel.words.cards import Card, Rows

OWN, OWN_MODEL = "planmodel", "engine"
EXTRAPOLATION, CLASS_AVERAGE = "extrapolation", "class_average"
MAD = "_mad"
"""Ends the name of a rival whose spread is a robust one; the better of the two is compared."""
ALL_ORIGINS = "all"
PLACE = {"half": 0, "cross": 1, "all": 2}
"""How planmodel was fitted: on the other half of the series, on the other collection, on all (what it ships with)."""
TABLES: Mapping[str, tuple[str, ...]] = {
    "collections": (
        "collection", "window", "method", "split", "n_series", "c80", "c95", "msis", "smape", "mase",
        "seconds_per_series",
    ),
    "horizons": ("collection", "method", "horizon", "c80", "c95", "width"),
    "growth": ("class", "origin", "n", "method", "crps", "cover80"),
    "targets": ("model", "n", "brier", "skill", "low", "high"),
    "reliability": ("model", "bin", "n", "stated", "observed", "low", "high"),
    "speed": ("method", "seconds", "ratio", "peak_mb"),
}  # fmt: skip
"""The columns of each table. In the files coverage (c80, c95, cover80) is in percent, probabilities are fractions."""
WORDS = ("collection", "window", "method", "split", "class", "origin", "model", "bin")
PERCENT = ("c80", "c95", "cover80")
MAY_BE_EMPTY = ("seconds_per_series", "peak_mb", "ratio", "smape", "mase")
WINDOWS = ("full", "8", "5", "3")  # lengths of history, in the order shown
N_MODELS, CHOSEN = 2, "chosen beforehand"
YEAR_EFFECTS = re.compile(r"year effects (?P<scale>[\d.]+)(?:, (?P<how>.+))?")
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, repr=False)
class Evidence(Card):
    """The tables of one day's benchmarks; see TABLES for their columns. All coverage here is a fraction.

    date: empty where there are no results; the tables are then empty too.
    """

    date: str
    collections: pd.DataFrame
    horizons: pd.DataFrame
    growth: pd.DataFrame
    targets: pd.DataFrame
    reliability: pd.DataFrame
    speed: pd.DataFrame

    def _card(self, lang: str) -> tuple[object, Rows]:
        if not self.date:
            return Phrase("calibration.none"), []
        rows = {name: Phrase("calibration.card.rows", n=len(getattr(self, name))) for name in TABLES}
        return Phrase("calibration.card.title", date=self.date), [*rows.items()]

    def compared(self, window: str = "full") -> pd.DataFrame:
        """Return one row a collection and method for a length of history, planmodel as fitted on other series."""
        table = self.collections[self.collections.window == window]
        table = table.sort_values("split", kind="stable", key=lambda split: split.map(PLACE))
        table = table.drop_duplicates(["collection", "method"])
        return table.sort_values(["collection", "msis"], kind="stable").reset_index(drop=True)

    def five_years(self) -> pd.DataFrame:
        """Return the growth errors by class, origin and method; of a rival's two spreads the better one of the class."""
        table = self.growth[self.growth.origin != ALL_ORIGINS]
        if table.empty:
            return table
        table = table.assign(origin=table.origin.astype(int), loss=table.crps * table.n)
        sums = table.groupby(["class", "method"], sort=False)[["loss", "n"]].sum()
        table = table.assign(kept=table.method.str.removesuffix(MAD)).drop(columns="loss")
        mean = (sums.loss / sums.n).rename("mean").reset_index()
        mean["kept"] = mean.method.str.removesuffix(MAD)
        best = mean.loc[mean.groupby(["class", "kept"])["mean"].idxmin(), ["class", "method"]]
        table = table.merge(best, on=["class", "method"])
        return table.assign(method=table.kept).drop(columns="kept")

    def own(self, window: str = "full") -> pd.DataFrame:
        """Return planmodel's rows of the comparison for a length of history, one a collection."""
        table = self.compared(window)
        return table[table.method == OWN]

    def worst_short(self) -> pd.DataFrame:
        """Return planmodel's row of a short history, fitted on other series, whose 80 % band is furthest off."""
        table = self.collections[self.collections.method == OWN]
        table = table[(table.window != "full") & table.split.isin(["half", "cross"])]
        return table.loc[(table.c80 - 0.8).abs().sort_values(ascending=False, kind="stable").index[:1]]

    def sharpness(self) -> pd.DataFrame:
        """Return one row a collection and method: MSIS, coverage, and mean band width over the years ahead."""
        widths = self.horizons.groupby(["collection", "method"], as_index=False).width.mean()
        table = self.compared().merge(widths, how="left", on=["collection", "method"])
        return table[["collection", "method", "split", "n_series", "msis", "width", "c80", "c95"]]

    def ranks(self) -> pd.DataFrame:
        """Return by collection: planmodel's MSIS, its place among n methods (1 is best), and the best peer's.

        A collection that no other method was scored on has no places.
        """
        rows = []
        for collection, part in self.compared().groupby("collection", sort=False):
            own, peers = part.loc[part.method == OWN, "msis"], part[part.method != OWN]
            if len(own) and len(peers):
                best, msis = peers.loc[peers.msis.idxmin()], float(own.iloc[0])
                place = 1 + int((part.msis < msis).sum())
                rows.append((collection, msis, place, len(part), best.method, float(best.msis)))
        return pd.DataFrame(rows, columns=["collection", "msis", "place", "n", "best", "best_msis"])

    def beside_best(self) -> pd.DataFrame:
        """Return planmodel and the peer with the best MSIS by length of history and collection: coverage and scores."""
        shown = [self.collections.iloc[:0]]
        for window in (name for name in WINDOWS if name in set(self.collections.window)):
            table = self.compared(window)
            best = table[table.method != OWN].groupby("collection").head(1)
            shown.append(pd.concat([self.own(window), best]).sort_values("collection", kind="stable"))
        return pd.concat(shown, ignore_index=True).drop(columns="seconds_per_series")

    def growth_scores(self) -> pd.DataFrame:
        """Return one row a class and method: origins, forecasts, mean CRPS (points), and what the 80 % band held."""
        rows = []
        table = self.growth[self.growth.origin != ALL_ORIGINS]
        for (name, method), part in table.groupby(["class", "method"], sort=False):
            scores = [float((part[score] * part.n).sum() / part.n.sum()) for score in ("crps", "cover80")]
            rows.append((name, method, part.origin.min(), part.origin.max(), int(part.n.sum()), *scores))
        columns = ["class", "method", "first_origin", "last_origin", "n", "crps", "cover80"]
        return pd.DataFrame(rows, columns=columns)

    def growth_gain(self) -> pd.DataFrame:
        """Return by class: planmodel's and the extrapolation's mean CRPS over members, gain (1 - ratio), origins won."""
        rows = []
        for name, part in self.five_years().groupby("class", sort=False):
            wide = part.pivot_table(index="origin", columns="method", values="crps")
            if OWN not in wide or EXTRAPOLATION not in wide:
                continue
            wide = wide.dropna(subset=[OWN, EXTRAPOLATION])
            n = part[part.method == OWN].set_index("origin").n.reindex(wide.index)
            own, other = (float((wide[m] * n).sum() / n.sum()) for m in (OWN, EXTRAPOLATION))
            won = int((wide[OWN] < wide[EXTRAPOLATION]).sum())
            rows.append((name, own, other, 1 - own / other, won, len(wide)))
        return pd.DataFrame(rows, columns=["class", "own", "extrapolation", "gain", "won", "origins"])

    def held(self) -> tuple[int, int]:
        """Return in how many bins the interval of what came true holds the stated one, and how many bins there are."""
        part = self.reliability[self.reliability.model == OWN_MODEL]
        return int(((part.low <= part.stated) & (part.stated <= part.high)).sum()), len(part)

    def shown_models(self) -> list[str]:
        """Return the models drawn: planmodel's own, and the one fitted to such targets that was chosen beforehand."""
        names = list(dict.fromkeys(self.reliability.model))
        return sorted(names, key=lambda m: (m != OWN_MODEL, CHOSEN not in m))[:N_MODELS]


def results_folder() -> Path | None:
    """Return the newest folder of benchmark results: beside the data folder, else in the checkout; None: no such."""
    for root in (data_folder().parent, Path(__file__).resolve().parents[2]):
        folder = root / "benchmarks" / "results"
        dated = [p for p in folder.glob("*") if p.is_dir() and DATED.fullmatch(p.name)]
        if dated:
            return max(dated, key=lambda p: p.name)
    return None


def named(key: str) -> Text | ReferenceClass | str:
    """Return the name of a method, a collection, a class or a model for reading; what has none keeps its own.

    >>> str(named("extrapolation")), named("AutoETS"), str(named("year effects 1, chosen beforehand"))
    ('straight extrapolation', 'AutoETS', 'year effects 1, chosen beforehand')
    """
    if key.endswith(MAD):
        return Phrase("calibration.robust", name=named(key.removesuffix(MAD)))
    if year_effects := YEAR_EFFECTS.fullmatch(key):
        how = year_effects["how"]
        how = Phrase(f"calibration.year_effects.{how.replace(' ', '_')}") if how else ""
        return Phrase("calibration.year_effects.name", scale=year_effects["scale"], how=how)
    if key in class_names():
        return load_class(key)
    known = f"names.{key.replace(' ', '_')}"
    return Phrase(f"calibration.{known}") if known in texts_of("calibration") else key


def load_evidence(folder: Path | None = None) -> Evidence:
    """Return the evidence in a folder, by default the newest results; without rows and date where there are none.

    Errors: PlanmodelError with every table and column that is missing, and figures that cannot be.
    """
    folder = folder or results_folder()
    if folder is None:
        return Evidence("", **{name: pd.DataFrame(columns=list(columns)) for name, columns in TABLES.items()})
    faults: list[Fault] = []
    tables = {name: _read(folder / f"{name}.csv", name, faults) for name in TABLES}
    if faults:
        raise PlanmodelError(Phrase("calibration.fault.several", folder=folder.name), faults)
    return Evidence(folder.name, **tables)


def _read(path: Path, name: str, faults: list[Fault]) -> pd.DataFrame:
    """Return one table, its coverage as fractions; what is wrong with it goes to the faults."""
    columns = list(TABLES[name])

    def fault(what: str, expected: Say, found: Say) -> pd.DataFrame:
        faults.append(Fault(what, expected, found, path.name, do=Phrase("calibration.fault.again")))
        return pd.DataFrame(columns=columns)

    if not path.is_file():
        expected, none = Phrase("calibration.fault.file", names=columns), Phrase("calibration.fault.no_file")
        return fault("table", expected, none)
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", dtype=dict.fromkeys(WORDS, str))
    except (ValueError, OSError) as error:
        return fault("table", Phrase("calibration.fault.commas"), str(error))
    missing = [column for column in columns if column not in table]
    if missing:
        return fault("columns", ", ".join(columns), Phrase("calibration.fault.no_columns", names=missing))
    if table.empty:
        return fault("columns", ", ".join(columns), Phrase("calibration.fault.no_rows"))
    table = table[columns].copy()
    for column in columns:
        most = 100.0 if column in PERCENT else 1.0 if name == "reliability" and column != "n" else None
        _check(table[column], path.name, most, faults)
        if column in PERCENT and pd.api.types.is_numeric_dtype(table[column]):
            table[column] /= 100
    return table


def _check(values: pd.Series, file: str, most: float | None, faults: list[Fault]) -> None:
    expected = Phrase("calibration.fault.number")
    if values.name in WORDS:
        wrong, expected = values.isna(), Phrase("calibration.fault.word")
    elif not pd.api.types.is_numeric_dtype(values):
        wrong = pd.to_numeric(values, errors="coerce").isna()
    elif most == 100 and values.max() <= 1:
        wrong, expected = values <= 1, Phrase("calibration.fault.percentage")
    elif most is not None:
        wrong, expected = ~values.between(0, most), Phrase("calibration.fault.from_0", most=f"{most:g}")
    elif values.name in MAY_BE_EMPTY:
        return
    else:
        wrong = values.isna()
    if wrong.any():
        row = int(wrong.to_numpy().argmax())
        value = values.iloc[row]
        shown = repr(value) if isinstance(value, str) else str(value)
        faults.append(Fault(str(values.name), expected, shown, file, row + 2))
