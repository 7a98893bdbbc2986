"""Estimate the classes of change from a level from panels that stay outside the project: `make reference`.

Usage: python -m tools.make_levels PANEL_FOLDER [--aside | --trial]
Reads tools/levels.csv (what each class is) and PANEL_FOLDER/<panel>.csv (region_id, year, value); writes
planmodel/classes/levels.json: statistics only, no rows. Scores: each third of the regions by a fit to the other two. What is shipped
is fitted to all. --trial: print such scores within the seven of ten regions that designs are chosen on. --aside: print those of the other
three, by a fit to the seven. What each number means: docs/reference.md.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from hashlib import blake2b
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

from benchmarks import levels as bench
from planmodel.forecasts.levels import FELT, LONG_RECORD, STEADIEST, at_end, change_of, hats, transformed

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "planmodel" / "classes" / "levels.json"
COMMAND = "python -m tools.make_levels PANEL_FOLDER"
HORIZONS = (1, 2, 3, 5, 7, 10, 15)
SPANS = (1, 2, 4, 7)
GRID = np.array([0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99])
SCALED_AT, WIDE_AT = 0.75, 0.8
FOLDS, PANEL_FOLDS, KEPT_ASIDE = 3, 6, 0.3
"""Folds of regions, and of the panels of a pool; the share of regions that designs are not chosen on."""
MOST_WINDOWS = 90
"""Of a class, a third of the regions and a number of figures."""
MOST_ROWS, POOL_ROWS = 4000, 400
MOMENTUM_YEARS, FEWEST_MOMENTA = 5, 12
SHRINK = 15.0
"""Error quantiles of a class count as many regions as it has, beside this many of the classes of its kind."""
DEFAULT_PATH = 0.5
LEAST_GROWTH = 0.2
"""Least exponent of the horizon in the spread."""
FEWEST_ROWS, STEPS = 60, 100
OUTLIER = {"log": 2.0, "logit": 3.0}
MODELLED = "C"


def share_of(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / 2**32


def definitions() -> list[dict]:
    with open(HERE / "levels.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def notes(folder: Path) -> dict[str, tuple[str, str]]:
    """Return grade and source of each panel, as the README of the panels states them."""
    found, group = {}, ""
    for line in (folder / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = line[3:].split(":")[0]
        if match := re.match(r"- `([^`]+)\.csv` \[(.)\] (.*)", line):
            provider = [part.strip() for part in match[3].split(";")][4]
            found[f"{group}/{match[1]}"] = (match[2], re.sub(r":\s*`.*", "", provider))
    return found


def load(folder: Path, one: dict) -> pd.DataFrame:
    """Return z by year and region; growth indices as growth, productivities as what is used up."""
    rows = pd.read_csv(folder / f"{one['panel']}.csv")
    if one["as"] == "index":
        rows["value"] -= 100
    if one["transform"] == "log":
        rows = rows[rows["value"] > 0]
    if one["as"] == "inverse":
        rows["value"] = 1 / rows["value"]
    rows = rows.drop_duplicates(["region_id", "year"])
    wide = rows.pivot(index="year", columns="region_id", values="value")
    wide = wide.reindex(range(wide.index.min(), wide.index.max() + 1))
    return pd.DataFrame(transformed(wide.to_numpy(), one["transform"]), wide.index, wide.columns)


def windows(z: pd.DataFrame, first_year: int, momentum: dict[int, float]) -> pd.DataFrame:
    """Return one row by region, origin and horizon: z, y (the change), momentum, and for each span change and steps."""
    steps = z.diff()
    parts = []
    base = pd.DataFrame({"z": z.stack()})
    for span in SPANS:
        whole = z.notna().rolling(span + 1, min_periods=span + 1).sum() == span + 1
        base[f"change{span}"] = ((z - z.shift(span)) / span).where(whole).stack()
    for back in range(max(SPANS)):
        base[f"step{back}"] = steps.shift(back).stack()
    for horizon in HORIZONS:
        ahead = (z.shift(-horizon) - z).stack().rename("y")
        parts.append(base.join(ahead, how="inner").dropna(subset=["y"]).assign(h=horizon))
    rows = pd.concat(parts)
    rows.index.names = ["year", "region"]
    rows = rows.reset_index()
    rows["momentum"] = (
        rows["year"].map(lambda year: momentum.get(year, np.nan)).fillna(0.0) if momentum else 0.0
    )
    return rows[rows["year"] >= first_year].reset_index(drop=True)


def momenta(z: pd.DataFrame, first_year: int) -> dict[int, float]:
    """Return the class's median yearly change, mean of five years, less its own mean; none for a short panel."""
    steps = z.diff()
    medians = steps.median(axis=1).where(steps.count(axis=1) >= 8)
    mean = medians.rolling(MOMENTUM_YEARS, min_periods=3).mean().loc[first_year:].dropna()
    return dict((mean - mean.mean()).items()) if len(mean) >= FEWEST_MOMENTA else {}


def quantreg(y, x, q=0.5, weights=None) -> np.ndarray:
    """Return the coefficients of a quantile regression, by reweighted least squares (tests compare it with statsmodels)."""
    weights = np.ones(len(y)) if weights is None else weights
    ridge = 1e-9 * np.diag((weights[:, None] * x * x).sum(axis=0) + 1e-12)
    found = np.linalg.lstsq(x * weights[:, None], y * weights, rcond=None)[0]
    least = 1e-3 * np.median(np.abs(y - x @ found)) + 1e-12
    for _ in range(STEPS):
        rest = y - x @ found
        pull = weights * np.where(rest > 0, q, 1 - q) / np.maximum(np.abs(rest), least)
        before, found = found, np.linalg.solve((x.T * pull) @ x + ridge * pull.mean(), (x.T * pull) @ y)
        if np.abs(found - before).max() <= 1e-5 * (1e-3 + np.abs(found).max()):
            break
    return found


def thin(rows: pd.DataFrame, most: int = MOST_ROWS) -> pd.DataFrame:
    return rows if len(rows) <= most else rows.sample(most, random_state=1)


def known(rows: pd.DataFrame, span: int) -> pd.DataFrame:
    return rows if span == 0 else rows[rows[f"change{span}"].notna()]


class Fit:
    """Stages of the estimate: location, own record, scale, errors."""

    def __init__(self, rows: pd.DataFrame, transform: str, n_knots: int, knots=None):
        self.transform = transform
        low, high = (0.05, 0.95) if n_knots > 1 else (0.5, 0.5)
        start = rows.loc[rows["h"] == rows["h"].min(), "z"]
        self.knots = np.quantile(start, np.linspace(low, high, n_knots)) if knots is None else knots
        if n_knots > 1 and np.diff(self.knots).min() < 1e-6:
            self.knots = np.unique(self.knots.round(6))
        self.reach = int(rows["h"].max())
        self.spans = [0]
        """The spans with rows enough; longer records count as the longest of them."""

    def hats(self, z):
        return hats(np.asarray(z), self.knots, far=False)

    def fit_rate(self, rows: pd.DataFrame) -> Fit:
        rows = thin(rows)
        h, level = rows["h"].to_numpy(), self.hats(rows["z"])
        y, weights, logs = rows["y"].to_numpy() / h, h**0.5, np.log(h)[:, None]
        design, momentum = np.hstack([level, level * logs]), rows["momentum"].to_numpy()
        self.follow = 0.0
        if np.ptp(momentum) > 0:
            found = quantreg(y, np.column_stack([design, momentum]), weights=weights)
            self.follow = float(np.clip(found[-1], 0, 1))
        found = quantreg(y - self.follow * momentum, design, weights=weights)
        self.rate = found.reshape(2, -1)
        return self

    def rates(self, rows: pd.DataFrame, h) -> np.ndarray:
        level = self.hats(rows["z"])
        logs = np.log(np.minimum(h, self.reach))
        return (
            level @ self.rate[0] + logs * (level @ self.rate[1]) + self.follow * rows["momentum"].to_numpy()
        )

    def lead(self, rows: pd.DataFrame, span: int) -> np.ndarray:
        return rows[f"change{span}"].to_numpy() - self.rates(rows, 1)

    def noise(self, rows: pd.DataFrame, span: int) -> np.ndarray:
        steps = rows[[f"step{back}" for back in range(span)]].to_numpy()
        return np.abs(steps - self.rates(rows, 1)[:, None]).mean(axis=1)

    def relative_noise(self, rows: pd.DataFrame, span: int) -> np.ndarray:
        part = np.log(np.maximum(self.noise(rows, span) / self.usual[span][1], STEADIEST))
        return np.minimum(part, -np.log(STEADIEST))

    def fit_own(self, rows: pd.DataFrame) -> Fit:
        self.own, self.usual = {0: np.zeros(2)}, {0: (1.0, 1.0)}
        for span in SPANS:
            some = thin(known(rows, span))
            if len(some) < FEWEST_ROWS:
                self.own[span], self.usual[span] = self.own[self.spans[-1]], self.usual[self.spans[-1]]
                continue
            self.spans.append(span)
            lead = self.lead(some, span)
            self.usual[span] = (
                1.4826 * float(np.median(np.abs(lead))) + 1e-9,
                float(np.median(self.noise(some, span))) + 1e-9,
            )
            lead = np.clip(lead, -FELT * self.usual[span][0], FELT * self.usual[span][0])
            h = some["h"].to_numpy()
            rest = some["y"].to_numpy() / h - self.rates(some, h)
            self.own[span] = quantreg(rest, np.column_stack([lead, lead * np.log(h)]), weights=h**0.5)
        return self

    def residuals(self, rows: pd.DataFrame, span: int) -> np.ndarray:
        h = rows["h"].to_numpy()
        rates = self.rates(rows, h)
        if span:
            usual = self.usual[span][0]
            weight = np.clip(
                self.own[span] @ np.stack([np.ones(len(h)), np.log(np.minimum(h, self.reach))]), 0, 1
            )
            rates = rates + weight * np.clip(self.lead(rows, span), -FELT * usual, FELT * usual)
        return rows["y"].to_numpy() - h * rates

    def design(self, rows: pd.DataFrame, span: int) -> np.ndarray:
        noise = self.relative_noise(rows, span) if span else np.zeros(len(rows))
        return np.column_stack([self.hats(rows["z"]), np.log(rows["h"]), noise])

    def fit_scale(self, rows: pd.DataFrame) -> Fit:
        self.scale = {}
        for span in (0, *SPANS):
            if span not in self.spans:
                self.scale[span] = self.scale[self.spans[-1]]
                continue
            some = thin(known(rows, span))
            size = np.abs(self.residuals(some, span))
            logs = np.log(size + 0.01 * np.median(size) + 1e-9)
            design = self.design(some, span)[:, : None if span else -1]
            found, growth = quantreg(logs, design, SCALED_AT), len(self.knots)
            if (
                self.transform != "unit" and found[growth] < LEAST_GROWTH
            ):  # rates return; of all else a short panel may say so by chance
                rest = quantreg(
                    logs - LEAST_GROWTH * design[:, growth], np.delete(design, growth, axis=1), SCALED_AT
                )
                found = np.insert(rest, growth, LEAST_GROWTH)
            self.scale[span] = found if span else np.r_[found, 0.0]
        return self

    def scaled(self, rows: pd.DataFrame, span: int) -> pd.DataFrame:
        """Return scaled errors of rows that were not used for the fit."""
        some = known(rows, span)
        error = self.residuals(some, span) / np.exp(self.design(some, span) @ self.scale[span])
        return some[["region", "year", "h"]].assign(error=error, span=span)


def folds(names, salt: str, n_folds: int = FOLDS) -> dict[str, int]:
    """Return the fold of each name: as many in each, by hash."""
    ordered = sorted(names, key=lambda name: share_of(f"{salt} {name}"))
    return {name: place % n_folds for place, name in enumerate(ordered)}


def fitted(rows: pd.DataFrame, transform: str, n_knots: int, by: str = "region") -> tuple[Fit, pd.DataFrame]:
    """Return a fit, and scaled errors of each fold by a fit without it."""

    def once(part):
        return Fit(part, transform, n_knots).fit_rate(part).fit_own(part).fit_scale(part)

    n_folds = FOLDS if by == "region" else PANEL_FOLDS
    fold = rows[by].astype(str).map(folds(rows[by].astype(str).unique(), "fold", n_folds))
    parts = []
    for number in range(n_folds):
        inside, outside = rows[fold != number], rows[fold == number]
        if len(outside) and len(inside):
            made = once(inside)
            parts += [made.scaled(outside, span) for span in (0, *SPANS)]
    return once(rows), pd.concat(parts)


def error_quantiles(errors: pd.DataFrame) -> np.ndarray:
    """Return quantiles by record (none, short, long) and horizon (short, five years, long): (3, 3, n_grid)."""
    out = np.empty((3, 3, len(GRID)))
    for i, record in enumerate(
        (errors["span"] == 0, errors["span"].between(1, LONG_RECORD - 1), errors["span"] >= LONG_RECORD)
    ):
        for j, horizon in enumerate((errors["h"] <= 2, errors["h"] == 5, errors["h"] >= 7)):
            some = errors.loc[record & horizon, "error"]
            some = some if len(some) > 30 else errors.loc[record, "error"]
            out[i, j] = np.quantile(some, GRID) if len(some) > 30 else out[i - 1, j]
    return out


def path_of(errors: pd.DataFrame) -> float:
    """Return the exponent p of the correlation (h/k)**p between horizons of one origin."""
    wide = errors[errors["span"] == 0].pivot_table(index=["region", "year"], columns="h", values="error")
    found = []
    for h, k in ((1, 3), (2, 5), (5, 10)):
        if h in wide and k in wide and len(both := wide[[h, k]].dropna()) > 60:
            correlation = np.clip(both.corr("spearman").iloc[0, 1], 0.05, 0.99)
            found.append(np.log(correlation) / np.log(h / k))
    return float(np.clip(np.mean(found), 0.15, 1.2)) if found else DEFAULT_PATH


def bounds_of(panels: list[pd.DataFrame]) -> list[list[float]]:
    """Return logits of the chance to be at 100 and at 0: constant, z, log of the horizon, there already."""
    found = []
    for sign in (1, -1):
        parts = []
        for z in panels:
            rows = windows(sign * z, 2000, {})
            rows = rows[rows["z"] > 0]
            if at_end(rows["z"] + rows["y"]).mean() > 0.005:
                parts.append(thin(rows[["z", "y", "h"]], 1500))
        rows = pd.concat(parts)
        z = rows["z"].to_numpy()
        design = np.column_stack([np.ones(len(z)), z, np.log(rows["h"]), at_end(z)])
        model = sm.GLM(at_end(z + rows["y"].to_numpy()), design, family=sm.families.Binomial())
        found.append(model.fit_regularized(alpha=1e-4, L1_wt=0.0).params.tolist())
    return found


def entry_of(fit: Fit, quantiles, path, bound, momentum) -> dict:
    def short(values, digits=4):
        return np.round(np.asarray(values, dtype=float), digits).tolist()

    scale = np.array([fit.scale[span] for span in (0, *SPANS)])
    return {
        "transform": fit.transform,
        "knots": short(fit.knots),
        "rate": short(fit.rate, 5),
        "follow": round(fit.follow, 3),
        "momentum": {str(year): round(value, 5) for year, value in momentum.items()}
        if fit.follow > 0
        else {},
        "own": short([fit.own[span] for span in (0, *SPANS)]),
        "scale": short(scale),
        "usual": [[float(f"{part:.4g}") for part in fit.usual[span]] for span in (0, *SPANS)],
        "errors": short(quantiles, 3),
        "path": round(path, 3),
        "bound": None if bound is None else short(bound, 3),
        "reach": fit.reach,
    }


def as_change(entry: dict):
    return change_of(entry, GRID, np.array([0, *SPANS], dtype=float))


POOLS = {
    "share": ("logit", 4, ("share", "coverage"), "任何占比（按起点水平）", "any share from such a level"),
    "coverage": (
        "logit",
        4,
        ("coverage",),
        "任何覆盖率或普及率（按起点水平）",
        "any coverage from such a level",
    ),
    "count_china": ("log", 1, ("count_china",), "中国各地任何数量", "any count in Chinese regions"),
    "count": ("log", 1, ("count",), "任何数量", "any count"),
    "density": ("log", 1, ("density",), "任何人均或单位量", "any density"),
    "amount": (
        "log",
        1,
        ("amount",),
        "中国各地任何现价金额",
        "any amount at current prices in Chinese regions",
    ),
    "amount_usd": (
        "log",
        1,
        ("amount_usd",),
        "各国任何现价金额",
        "any amount at current prices in countries",
    ),
    "index": ("log", 1, ("index",), "任何指数或计量", "any index or measure"),
    "rate": ("unit", 3, ("rate",), "任何增速", "any rate of growth"),
}
"""Kinds: transform, knots, the kinds of classes whose panels are pooled, names."""
FAMILIES = {"coverage": "coverage"}
"""Pools that are a family of their own, to be named in the catalogue."""


def kept_aside(region: str) -> bool:
    return share_of(f"region {region}") < KEPT_ASIDE


def part_of(z: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return some regions: all, design, aside; "design -0": two thirds of those, "design +0": the third that these leave."""
    whole, _, third = part.partition(" ")
    if whole != "all":
        z = z.loc[:, [kept_aside(str(region)) == (whole == "aside") for region in z.columns]]
    if third:
        of = folds(map(str, z.columns), "third")
        z = z.loc[:, [(of[str(region)] == int(third[1:])) == (third[0] == "+") for region in z.columns]]
    return z


LIBRARY: Library
ENTRIES: dict[str, dict]
"""What the workers fit: set before they are forked."""


def _pool(kind: str):
    return LIBRARY.pool(kind)


def _class(one: dict):
    return LIBRARY.fit_class(one)


def _scores(task: tuple[dict, str]) -> pd.DataFrame:
    """Score a class and its kind's pool on the regions of its panel."""
    one, part = task
    z = part_of(LIBRARY.panels[one["class"]], part)
    found = []
    for name in (one["class"], f"any_{one['kind']}"):
        if ENTRIES[name]["transform"] == one["transform"]:
            rows = bench.score(as_change(ENTRIES[name]), z, int(one["first_year"]), MOST_WINDOWS)
            found.append(rows.assign(**{"class": name, "panel": one["panel"]}))
    return pd.concat(found)


class Library:
    """All classes and pools, fitted to one part of the regions: all, or those that designs are chosen on."""

    def __init__(self, folder: Path, part: str):
        self.part, self.notes, self.all = part, notes(folder), definitions()
        self.panels = {one["class"]: load(folder, one) for one in self.all}
        self.good = [one for one in self.all if self.grade(one) != MODELLED]

    def grade(self, one: dict) -> str:
        return self.notes[one["panel"]][0]

    def rows(self, one: dict, part: str, transform: str = "") -> tuple[pd.DataFrame, dict[int, float]]:
        """Return a class's windows and momenta; transform: of the pool they are for."""
        z, first = self.panels[one["class"]], int(one["first_year"])
        if transform == "log" != one["transform"]:
            z, one = np.log(z), {**one, "transform": "log"}
        momentum = momenta(part_of(z, self.part), first)
        rows = windows(part_of(z, part), first, momentum)
        limit = OUTLIER.get(one["transform"], np.inf)
        breaks = rows["y"].abs() > limit * rows["h"] ** 0.5 if limit < np.inf else np.zeros(len(rows), bool)
        return rows[~breaks], momentum

    def members(self, kind: str) -> list[dict]:
        transform, _, kinds, *_ = POOLS[kind]
        fit = {transform, "unit"} if transform == "log" else {transform}
        return [one for one in self.good if one["kind"] in kinds and one["transform"] in fit]

    def pool(self, kind: str) -> tuple[Fit, pd.DataFrame, dict]:
        transform, n_knots, *_ = POOLS[kind]
        members = self.members(kind)
        momentum = {}
        if kind in ("amount", "count_china"):
            steps = [part_of(self.panels[one["class"]], self.part).diff().median(axis=1) for one in members]
            table = pd.concat(steps, axis=1).loc[2000:]
            mean = table.median(axis=1).rolling(MOMENTUM_YEARS, min_periods=3).mean().dropna()
            momentum = dict((mean - mean.mean()).items())
        parts = []
        for one in members:
            rows, _ = self.rows(one, self.part, transform)
            some = pd.concat([thin(group, POOL_ROWS) for _, group in rows.groupby("h")])
            parts.append(
                some.assign(panel=one["class"], region=one["class"] + ":" + some["region"].astype(str))
            )
        rows = pd.concat(parts)
        rows["momentum"] = rows["year"].map(lambda year: momentum.get(year, 0.0)) if momentum else 0.0
        fit, errors = fitted(rows, transform, n_knots, by="panel")
        return fit, errors, momentum

    def fit_pools(self, pool) -> None:
        made = pool.map(_pool, POOLS, chunksize=1)
        self.pools = dict(zip(POOLS, made, strict=True))
        shares = [self.panels[one["class"]] for one in self.all if one["transform"] == "logit"]
        self.bound = bounds_of([part_of(z, self.part) for z in shares])

    def borrows(self, one: dict, rows: pd.DataFrame) -> bool:
        """A modelled panel, or one too thin for a spread, takes all but the median from its kind's pool."""
        return self.grade(one) == MODELLED or len(known(rows, SPANS[1])) < 2 * FEWEST_ROWS

    def touches(self, z: pd.DataFrame) -> bool:
        return float(at_end(np.abs(z.stack().to_numpy())).mean()) > 0.005

    def fit_class(self, one: dict) -> tuple[Fit, pd.DataFrame, dict]:
        rows, momentum = self.rows(one, self.part)
        if not self.borrows(one, rows):
            fit, errors = fitted(rows, one["transform"], int(one["knots"]))
            return fit, errors, momentum
        fit = Fit(rows, one["transform"], int(one["knots"])).fit_rate(rows)
        wide, errors, _ = self.donor(one)
        level = hats(fit.knots, wide.knots, far=False)
        pooled, _, _ = self.pools[one["kind"]]
        fit.own, fit.usual = pooled.own, pooled.usual
        fit.scale = {  # a smooth record of a modelled panel is no sign of a steady course
            span: np.r_[level @ found[: len(wide.knots)], found[len(wide.knots)], 0.0]
            for span, found in wide.scale.items()
        }
        for (
            span,
            found,
        ) in fit.scale.items():  # nor are its errors, but where they are larger they are a least
            own = fit.scaled(rows, span)["error"].abs()
            if len(own) >= FEWEST_ROWS:
                lent = errors.loc[errors["span"] == span, "error"].abs()
                room = np.log(own.quantile(WIDE_AT) / lent.quantile(WIDE_AT)) if len(lent) else 0.0
                found[: len(fit.knots)] += max(0.0, room)
        return fit, errors, momentum

    def donor(self, one: dict) -> tuple[Fit, pd.DataFrame, dict]:
        """Return the fit that a modelled or thin panel takes its spread from: the class it names, else its kind's pool."""
        if not one["spread"]:
            return self.pools[one["kind"]]
        return self.fit_class(next(other for other in self.all if other["class"] == one["spread"]))

    def entries(self) -> dict[str, dict]:
        global LIBRARY
        LIBRARY = self
        with Pool(2) as pool:
            self.fit_pools(pool)
        with Pool(2) as pool:
            made = dict(
                zip((one["class"] for one in self.all), pool.map(_class, self.all, chunksize=1), strict=True)
            )
        quantiles = {name: error_quantiles(errors) for name, (_, errors, _) in made.items()}
        kinds = {kind: error_quantiles(errors) for kind, (_, errors, _) in self.pools.items()}
        entries = {}
        for one in self.all:
            name, kind = one["class"], one["kind"]
            fit, errors, momentum = made[name]
            like = [quantiles[other["class"]] for other in self.good if other["kind"] == kind]
            z = self.panels[name]
            n_regions = part_of(z, self.part).shape[1]
            weight = n_regions / (n_regions + SHRINK)
            found = weight * quantiles[name] + (1 - weight) * np.median(like, axis=0)
            if self.grade(one) == MODELLED:  # another class lends the size of its errors, not their shape
                found = (found - found[..., ::-1]) / 2
            path = path_of(errors)
            bound = self.bound if one["transform"] == "logit" and self.touches(z) else None
            years = [max(int(z.index.min()), int(one["first_year"])), int(z.index.max())]
            head = {
                key: one[key] for key in ("family", "level", "nation", "kind", "unit", "name_zh", "name_en")
            }
            about = {"panel": one["panel"], "n_regions": z.shape[1], "years": years, "grade": self.grade(one)}
            entries[name] = {
                **head,
                **about,
                "source": self.notes[one["panel"]][1],
                **entry_of(fit, found, path, bound, momentum),
            }
        for kind, (fit, errors, momentum) in self.pools.items():
            *_, name_zh, name_en = POOLS[kind]
            members = self.members(kind)
            spans = [entries[one["class"]]["years"] for one in members]
            nation = "china" if kind in ("amount", "count_china") else ""
            head = {
                "family": FAMILIES.get(kind, ""),
                "level": "any",
                "nation": nation,
                "kind": kind,
                "unit": "",
                "name_zh": name_zh,
                "name_en": name_en,
            }
            about = {
                "panel": f"{len(members)} panels",
                "n_regions": sum(entries[one["class"]]["n_regions"] for one in members),
                "years": [min(s[0] for s in spans), max(s[1] for s in spans)],
                "grade": "B",
            }
            bound = self.bound if kind in ("share", "coverage") else None
            found = entry_of(fit, kinds[kind], path_of(errors), bound, momentum)
            entries[f"any_{kind}"] = {**head, **about, "source": "panels of the classes above", **found}
        return entries


def scored(library: Library, entries: dict[str, dict], part: str) -> pd.DataFrame:
    """Return the scores of classes and pools on a part of the regions, one row by window."""
    global LIBRARY, ENTRIES
    LIBRARY, ENTRIES = library, entries
    with Pool(2) as pool:
        tasks = [(one, part) for one in library.all]
        return pd.concat(pool.map(_scores, tasks, chunksize=2), ignore_index=True)


def crossed(folder: Path, whole: str) -> pd.DataFrame:
    """Return scores of each third of the regions of a part by a fit to the other two."""
    parts = []
    for third in range(FOLDS):
        library = Library(folder, f"{whole} -{third}")
        parts.append(scored(library, library.entries(), f"{whole} +{third}"))
    return pd.concat(parts, ignore_index=True)


def main(folder: Path, options: list[str]) -> None:
    if "--aside" in options:
        library = Library(folder, "design")
        print(bench.summary(scored(library, library.entries(), "aside")).to_csv(index=False))
        return
    rows = crossed(folder, "design" if "--trial" in options else "all")
    table = bench.summary(rows)
    print(table.to_csv(index=False))
    if "--trial" in options:
        return
    entries = Library(folder, "all").entries()
    for name, entry in entries.items():
        entry |= bench.figures(table[table["class"] == name])
    words = {"command": COMMAND, "kept_aside": KEPT_ASIDE, "grid": GRID.tolist(), "spans": [0, *SPANS]}
    OUT.write_text(compact({**words, "classes": entries}), encoding="utf-8")


def compact(table: dict) -> str:
    """Return JSON with one class a line."""
    lines = [f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in table["classes"].items()]
    head = json.dumps({key: value for key, value in table.items() if key != "classes"})[:-1]
    return head + ', "classes": {\n' + ",\n".join(lines) + "\n}}\n"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
