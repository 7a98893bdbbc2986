"""A reference class from a user's own table."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
TOOL = ROOT / "tools" / "make_class.py"


def table(path, n_members=20, n_years=15):
    rng = np.random.default_rng(0)
    lead = rng.normal(0, 1, n_members)
    rows = [
        (f"m{m}", 2000 + y, round(5 + lead[m] + rng.normal(0, 1), 2))
        for m in range(n_members)
        for y in range(n_years)
    ]
    pd.DataFrame(rows, columns=["member", "year", "growth_pct"]).to_csv(path, index=False)
    return path


def make(tmp_path, monkeypatch, **size):
    (tmp_path / "data").mkdir()
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "data"))
    command = [
        sys.executable,
        str(TOOL),
        str(table(tmp_path / "t.csv", **size)),
        "mine",
        "My class",
        "我的类",
        "made up",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_class_of_ones_own_is_known_by_its_name(tmp_path, monkeypatch):
    from planmodel.forecasts.class_paths import own_path
    from planmodel.forecasts.reference import class_names, load_class

    done = make(tmp_path, monkeypatch)
    assert done.returncode == 0, done.stderr
    assert "mine" in class_names()
    found = load_class("mine")
    assert found.n_series == 20 and found.years == (2000, 2014)
    assert np.mean(list(found.medians.values())) == pytest.approx(100 * np.log(1.05), abs=0.6)
    assert 0 < own_path(found.deviation, [(year, year, 0.0) for year in range(-4, 1)], 0, 5).own_weight < 1
    load_class.cache_clear()


def test_too_few_members_are_refused(tmp_path, monkeypatch):
    done = make(tmp_path, monkeypatch, n_members=5)
    assert done.returncode == 1 and "15 members" in done.stderr
    assert not (tmp_path / "data" / "classes").exists()
