"""The World Bank's table fetched again: pages, aggregates, faults, with answers made here."""

import importlib.util
import io
import json
import urllib.error
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "tools" / "fetch_wdi.py"
_spec = importlib.util.spec_from_file_location("fetch_wdi", SCRIPT)
fetch_wdi = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fetch_wdi)


def country(code, region, income="High income"):
    return {"id": code, "region": {"id": region[:3], "value": region}, "incomeLevel": {"value": income}}


COUNTRIES = [
    country("AAA", "Europe & Central Asia "),
    country("BBB", "South Asia", "Low income"),
    {"id": "WLD", "region": {"id": "NA", "value": "Aggregates"}, "incomeLevel": {"value": "Aggregates"}},
]
FIGURES = [
    ("BBB", "2020", -3.25),
    ("WLD", "2020", 1.0),
    ("AAA", "2021", None),
    ("AAA", "2020", 1.234567),
    ("", "2020", 2),
]
ENTRIES = [{"countryiso3code": code, "date": date, "value": value} for code, date, value in FIGURES]


class Faked:
    """An opener that serves lists in pages of two, or raises."""

    def __init__(self, *failures):
        self.failures, self.asked = list(failures), []

    def __call__(self, request, timeout):
        self.asked.append(request.full_url)
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return io.BytesIO(failure)
        address = urlsplit(request.full_url)
        page = int(parse_qs(address.query)["page"][0])
        every = ENTRIES if address.path.endswith(fetch_wdi.INDICATOR) else COUNTRIES
        part = every[2 * page - 2 : 2 * page]
        return io.BytesIO(json.dumps([{"page": page, "pages": (len(every) + 1) // 2}, part]).encode())


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(fetch_wdi, "WAIT", 0)


def test_every_page_is_read_and_aggregates_and_gaps_are_left_out(tmp_path, capsys):
    out, opener = tmp_path / "wdi.csv", Faked()
    assert fetch_wdi.main([str(out)], opener) == 0
    assert out.read_text(encoding="utf-8").splitlines() == [
        "country_code,year,real_gdp_growth_pct,region,income_group",
        "AAA,2020,1.2346,Europe & Central Asia,High income",
        "BBB,2020,-3.25,South Asia,Low income",
    ]
    assert "2 rows, 2 countries, 2020-2020" in capsys.readouterr().out
    assert len(opener.asked) == 5 and all("format=json" in address for address in opener.asked)


def test_a_host_out_of_reach_is_named_and_the_old_file_stays(tmp_path, capsys):
    out = tmp_path / "wdi.csv"
    out.write_text("old", encoding="utf-8")
    opener = Faked(*[urllib.error.URLError("no route")] * 3)
    assert fetch_wdi.main([str(out)], opener) == 1
    said = capsys.readouterr().err
    assert "api.worldbank.org" in said and "could not be reached (no route)" in said and "not changed" in said
    assert out.read_text(encoding="utf-8") == "old" and [p.name for p in tmp_path.iterdir()] == ["wdi.csv"]


def test_a_passing_failure_is_tried_again(tmp_path):
    opener = Faked(TimeoutError("slow"))
    assert fetch_wdi.main([str(tmp_path / "wdi.csv")], opener) == 0
    assert len(opener.asked) == 6


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>proxy</html>", "did not answer with JSON"),
        (b'[{"message": [{"value": "The indicator was not found"}]}]', "indicator was not found"),
    ],
)
def test_an_answer_that_is_not_the_table_is_refused(answer, words, tmp_path, capsys):
    assert fetch_wdi.main([str(tmp_path / "wdi.csv")], Faked(answer)) == 1
    assert words in capsys.readouterr().err


def test_a_missing_argument_or_folder_is_said_before_anything_is_fetched(tmp_path, capsys):
    opener = Faked()
    assert fetch_wdi.main([], opener) == 2 and "Usage" in capsys.readouterr().err
    assert fetch_wdi.main([str(tmp_path / "none" / "wdi.csv")], opener) == 2
    assert not opener.asked
