"""The benchmark of batches: its bars follow from its tables."""

import pandas as pd
import pytest

from benchmarks.batches import Bars, bars_of_size, bars_of_ways
from benchmarks.ways import BatchUsage


def ways_table(batch_wall, batch_cpu):
    rows = []
    for number in (1, 2, 3):
        for way, wall, cpu in (
            ("command line", 7.0 * number, 3.0),
            ("API", 4.0 * number, 2.0),
            ("function", 0.3 * number, 0.3),
            ("batch", batch_wall * number, batch_cpu + 0.1),
            ("batch without pages", batch_wall, batch_cpu),
            ("page alone", 0.05, 0.05),
        ):
            rows.append({"round": number, "way": way, "wall": wall, "cpu": cpu})
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("wall", "cpu", "met"), [(0.99, 0.89, "yes"), (1.01, 0.91, "**no**")])
def test_ratios_and_overhead_are_held_to_the_bars(wall, cpu, met):
    bars = Bars()
    bars_of_ways(bars, ways_table(wall, cpu), [], 4)
    assert [row[2] for row in bars.rows] == [met, met, met, "no bar", "no bar", "yes"]


def test_another_output_or_no_comparison_misses_the_bar():
    for different, compared in ((["API 1000"], 4), ([], 0)):
        bars = Bars()
        bars_of_ways(bars, ways_table(0.5, 0.5), different, compared)
        assert bars.rows[-1][2] == "**no**"


def size_table(**large):
    small = {
        "runs": 60, "wall": 0.4, "cpu": 0.6, "coordinator_mb": 200.0, "growth_mb": 0.0, "all_mb": 900.0, "exit": 0,
        "left": "",
    }  # fmt: skip
    return pd.DataFrame([small, {**small, "runs": 1000, **large}])


@pytest.mark.parametrize(
    ("large", "missed"),
    [
        ({}, []),
        ({"wall": 0.461}, [0]),
        ({"cpu": 0.691}, [1]),
        ({"coordinator_mb": 400.0}, [2]),
        ({"growth_mb": 41.0}, [3]),
        ({"left": "pm-b1-x"}, [4]),
        ({"exit": 1}, [4]),
    ],
)
def test_a_large_batch_is_held_to_the_bars(large, missed):
    bars = Bars()
    bars_of_size(bars, size_table(**large))
    assert [i for i, row in enumerate(bars.rows) if row[2] != "yes"] == missed


def test_growth_of_the_coordinator_leaves_its_start_and_its_index_out():
    start, end = [(0.0, 50.0, 60.0, 0)], [(99.0, 300.0, 300.0, 1)]
    flat = [(float(i), 120.0, 900.0, 6) for i in range(50)]
    grown = [(float(i), 120.0 + i, 900.0, 6) for i in range(50)]
    growths = [
        BatchUsage(1, 1, 0, (*start, *at_work, *end)).coordinator_growth() for at_work in (flat, grown)
    ]
    assert growths == [0.0, 40.0]
