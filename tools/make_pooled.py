"""Fit the pooled error table of planmodel.forecasts.pooled from benchmark series: `make reference`.

Usage: python tools/make_pooled.py BENCHMARK_FOLDER
Writes planmodel/classes/pooled.json. Errors come from rolling origins of every series; each origin uses its past only.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import norm

from planmodel.forecasts import pooled

OUT = Path(__file__).resolve().parent.parent / "planmodel" / "classes" / "pooled.json"
N_YEARS = 6
PROBABILITIES = np.array([0.005, 0.01, 0.025, *np.round(np.arange(0.05, 0.951, 0.05), 2), 0.975, 0.99, 0.995])
WEIGHT_POWER = {2: 2, 3: 2, 4: 2, 5: 2, 6: 4, 7: 4, 8: 6, 9: 6}
"""An origin's weight: (origin / length of the training part) to this power, by length of history."""
RIDGE = {2: 0.1, 3: 0.1, 4: 0.1, 5: 0.1, 6: 0.05, 7: 0.05, 8: 0.03, 9: 0.03}
PRIOR_SLOPES = np.array([np.log(3), 0.8, 0, 0, 0.5, 0, -0.05, 0, 0.3, 0.2, 0.4])
LOWER_SIDE = 0.5
MEDIAN_KEPT = 0.5
LIGHTEST = 0.04
WORDS = {
    "name_en": "annual series of the M1 and tourism forecasting competitions",
    "name_zh": "M1 与旅游预测竞赛年度序列",
    "transform": "any",
    "source": "M1 competition (Makridakis et al. 1982) and tourism competition (Athanasopoulos et al. 2011)",
    "sample": "all annual series, errors of rolling origins",
    "years": None,
    "episodes": None,
}


def load_series(folder: Path) -> list[dict]:
    """Return every series: values, length of its training part, mean absolute change there, its collection."""
    found = []
    for collection, n_test in (("m1", 6), ("tourism", 4)):
        table = pd.read_csv(folder / f"{collection}_yearly.csv")
        for name, rows in table.groupby("unique_id", sort=True):
            rows = rows.sort_values("t")
            values = rows["y"].to_numpy(float)
            n_train = int((rows["split"] == "train").sum())
            scale = float(np.abs(np.diff(values[:n_train])).mean())
            found.append(
                {
                    "name": name,
                    "collection": collection,
                    "y": values,
                    "n_train": n_train,
                    "n_test": n_test,
                    "scale": scale,
                }
            )
    return found


def rolling_origins(series: list[dict]) -> dict[int, dict]:
    """Return, by length of history, centres, scales and features at every origin with what came after it."""
    found = {}
    width = max(len(each["y"]) for each in series)
    for length in range(2, pooled.FULL + 1):
        rows, after, weights, who, is_test = [], [], [], [], []
        for number, each in enumerate(series):
            y, n_train = each["y"], each["n_train"]
            power = WEIGHT_POWER[length]
            origins = [t for t in range(length, len(y)) if (t / n_train) ** power > LIGHTEST]
            for origin in origins:
                row = np.full(width, np.nan)
                past = y[:origin] if length == pooled.FULL else y[origin - length : origin]
                row[width - len(past) :] = past
                ahead = np.full(N_YEARS, np.nan)
                known = min(N_YEARS, len(y) - origin, each["n_test"] if origin == n_train else N_YEARS)
                ahead[:known] = y[origin : origin + known]
                rows.append(row)
                after.append(ahead)
                weights.append((origin / n_train) ** power / len(origins))
                who.append(number)
                is_test.append(origin == n_train)
        rows = np.array(rows) if length == pooled.FULL else np.array(rows)[:, -length:]
        low = np.where(np.nanmin(rows, axis=1) > 0, 0.0, -np.inf)
        high = np.full(len(rows), np.inf)
        parts = [
            pooled.prepare(rows[k : k + 4000], low[k : k + 4000], high[k : k + 4000], N_YEARS)
            for k in range(0, len(rows), 4000)
        ]
        centre, scale, features = (np.concatenate(part) for part in zip(*parts, strict=True))
        found[length] = {
            "after": np.array(after), "weight": np.array(weights), "who": np.array(who), "is_test": np.array(is_test),
            "low": low, "centre": centre, "scale": scale, "features": features, "last": rows[:, -1:],
            "mean_change": np.array([series[i]["scale"] for i in who]),
        }  # fmt: skip
    return found


def fit_side(X, z, weights, probability: float, prior, ridge: float) -> np.ndarray:
    """Fit the log scale of one tail by smoothed pinball loss, drawn to prior slopes."""
    sign = 1 if probability > 0.5 else -1
    penalty = np.r_[0, 0, 0, np.ones(X.shape[1] - 3)] * ridge
    weights = weights / weights.sum()
    soft = 0.1

    def loss(slopes):
        quantile = sign * np.exp(np.clip(X @ slopes, -6, 5))
        rest = z - quantile
        steep = probability - 1 / (1 + np.exp(np.clip(rest / soft, -50, 50)))
        value = (weights * (probability * rest + soft * np.logaddexp(0, -rest / soft))).sum()
        value += (penalty * (slopes - prior) ** 2).sum()
        return value, -(X.T @ (weights * steep * quantile)) + 2 * penalty * (slopes - prior)

    return minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 60}).x


def weighted_quantiles(x, weights, probabilities):
    order = np.argsort(x)
    x, cumulated = x[order], np.cumsum(weights[order])
    return np.interp(probabilities, (cumulated - 0.5 * weights[order]) / cumulated[-1], x)


def fit_length(data: dict, keep: np.ndarray, length: int) -> dict[str, np.ndarray]:
    """Return the table of one length from the origins to keep: slopes, quantiles, joint decay, trend kept."""
    scale, weight, after, last, centre, low, change = (
        data[name][keep] for name in ("scale", "weight", "after", "last", "centre", "low", "mean_change")
    )
    shares = np.arange(0, 1.01, 0.1) if length <= 7 else [1.0]
    losses = [
        np.nansum(weight[:, None] * np.abs(last + share * (centre - last) - after) / change[:, None])
        for share in shares
    ]
    kept = shares[int(np.argmin(losses))]
    error = pooled.unbend(after, last + kept * (centre - last), low[:, None], np.full((len(low), 1), np.inf))
    features, known = data["features"][keep], ~np.isnan(error)
    bounds = np.quantile(features, 0.005, axis=(0, 1)), np.quantile(features, 0.995, axis=(0, 1))
    features = np.clip(features, *bounds)
    n, logs = len(error), np.log(np.arange(1, N_YEARS + 1))
    columns = [
        np.ones((n, N_YEARS, 1)),
        np.tile(logs[None, :, None], (n, 1, 1)),
        np.tile(logs[None, :, None] ** 2, (n, 1, 1)),
    ]
    X = np.concatenate([*columns, features], axis=2)
    z = np.clip(error / scale[:, None], -60, 60)
    weights = np.repeat(weight[:, None], N_YEARS, 1)
    below = PRIOR_SLOPES - np.r_[LOWER_SIDE, np.zeros(10)]
    up = fit_side(X[known], z[known], weights[known], 0.975, PRIOR_SLOPES, RIDGE[length])
    down = fit_side(X[known], z[known], weights[known], 0.025, below, RIDGE[length])
    scaled = np.where(z > 0, z * np.exp(-(X @ up)), z * np.exp(-(X @ down)))
    raw = np.array(
        [
            weighted_quantiles(scaled[known[:, h], h], weight[known[:, h]], PROBABILITIES)
            for h in range(N_YEARS)
        ]
    )
    fade = np.maximum(0, 1 - np.abs(norm.ppf(PROBABILITIES)) / norm.ppf(0.9))
    middle = raw[:, [len(PROBABILITIES) // 2]]
    quantiles = np.maximum.accumulate(raw - (1 - MEDIAN_KEPT) * middle * fade, axis=1)
    return {
        "up": up, "down": down, "low": bounds[0], "high": bounds[1], "quantiles": quantiles,
        "path": np.array(_joint_decay(scaled, known, raw, weight)), "trend_kept": np.array(kept),
    }  # fmt: skip


def _joint_decay(scaled, known, quantiles, weight) -> float:
    """Return a where normal scores at horizons h < k correlate as (h/k)**a."""
    scores = np.full(scaled.shape, np.nan)
    for h in range(N_YEARS):
        rows, rising = known[:, h], quantiles[h] + 1e-9 * np.arange(len(PROBABILITIES))
        scores[rows, h] = np.interp(scaled[rows, h], rising, norm.ppf(PROBABILITIES))
    top = bottom = 0.0
    for h in range(N_YEARS):
        for k in range(h + 1, N_YEARS):
            both = known[:, h] & known[:, k]
            moments = np.cov(scores[both][:, [h, k]].T, aweights=weight[both])
            correlation = moments[0, 1] / np.sqrt(moments[0, 0] * moments[1, 1])
            ratio = np.log((h + 1) / (k + 1))
            top += ratio * np.log(max(correlation, 0.05))
            bottom += ratio * ratio
    return top / bottom


def main(folder: Path) -> None:
    warnings.simplefilter("ignore", RuntimeWarning)
    series = load_series(folder)
    origins = rolling_origins(series)
    parts = {
        length: fit_length(data, np.ones(len(data["who"]), bool), length) for length, data in origins.items()
    }
    table = {
        "class": {**WORDS, "n_series": len(series)},
        "command": "python tools/make_pooled.py BENCHMARK_FOLDER",
        "columns": pooled.COLUMNS,
        "z": np.round(norm.ppf(PROBABILITIES), 5).tolist(),
        "lengths": {
            str(n): {k: np.round(v, 4).tolist() for k, v in part.items()} for n, part in parts.items()
        },
    }
    OUT.write_text(json.dumps(table, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    for length, part in parts.items():
        print(length, "trend kept", part["trend_kept"], "joint decay", part["path"].round(2))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
