"""2,000 mutations of files, workbooks, parameters and calls: no traceback, no message longer than a page, nothing slow or large."""

import resource

import pytest
from fuzzing import Fuzzer
from handmade import write_data

FIRST, CASES = 20_261_128, 2000
MOST_MB = 1000


@pytest.mark.slow
def test_nothing_from_outside_breaks_a_command(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANMODEL_DATA", str(tmp_path / "fuzzed" / "data"))
    (tmp_path / "fuzzed").mkdir()
    fuzzer = Fuzzer(write_data(tmp_path / "sound"), tmp_path / "fuzzed", "example")
    found = [finding for seed in range(FIRST, FIRST + CASES) if (finding := fuzzer.run(seed))]
    assert not found, "\n".join(map(str, found[:20]))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3 < MOST_MB
