"""Fetch the source of the class of countries again, from the World Bank's API: `make fetch-wdi OUT=file.csv`.

Usage: python tools/fetch_wdi.py OUT.csv
Annual real GDP growth (NY.GDP.MKTP.KD.ZG, percent, CC BY 4.0), country by year, without the aggregates (regions, income
groups, the world). Columns: country_code, year, real_gdp_growth_pct, region, income_group. The file stays outside the
project; `make reference` turns it into statistics. Standard library only.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

API = "https://api.worldbank.org/v2"
INDICATOR = "NY.GDP.MKTP.KD.ZG"
COLUMNS = ("country_code", "year", "real_gdp_growth_pct", "region", "income_group")
PER_PAGE, TIMEOUT, ATTEMPTS, WAIT = 5000, 60, 3, 2.0
AGGREGATE = "NA"
"""Region id of the API's aggregates."""

Opener = Callable[..., object]


class FetchError(Exception):
    """The source could not be read; the message says what to do."""


def get(address: str, opener: Opener) -> object:
    """Return the JSON at an address; a passing failure is tried again."""
    request = urllib.request.Request(address, headers={"Accept": "application/json"})
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with opener(request, timeout=TIMEOUT) as answer:
                return json.loads(answer.read().decode("utf-8-sig"))
        except urllib.error.HTTPError as error:
            passing = error.code == 429 or error.code >= 500
            problem = f"{API} answered {error.code} {error.reason}"
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            passing = True
            problem = f"{API} could not be reached ({getattr(error, 'reason', error)})"
        except ValueError as error:
            passing = False
            problem = f"{API} did not answer with JSON ({error})"
        if not passing or attempt == ATTEMPTS:
            raise FetchError(f"{problem}. Check the connection and any proxy, then run the command again.")
        time.sleep(WAIT * attempt)
    raise AssertionError("unreachable")


def pages(path: str, opener: Opener) -> Iterator[dict]:
    """Yield the entries of every page."""
    page, last = 1, 1
    while page <= last:
        found = get(f"{API}/{path}?format=json&per_page={PER_PAGE}&page={page}", opener)
        # A fault comes as [{"message": [...]}] with the status 200.
        if not isinstance(found, list) or len(found) != 2 or "pages" not in found[0]:
            raise FetchError(f"{API}/{path} answered with a fault: {json.dumps(found)[:200]}")
        last = int(found[0]["pages"])
        yield from found[1] or []
        page += 1


def countries(opener: Opener) -> dict[str, tuple[str, str]]:
    """Return region and income group by code of the countries, aggregates left out."""
    return {
        each["id"]: (each["region"]["value"].strip(), each["incomeLevel"]["value"].strip())
        for each in pages("country", opener)
        if each["region"]["id"] != AGGREGATE
    }


def rows(opener: Opener) -> list[tuple]:
    """Return the rows of the table, by year and code; years without a figure are left out."""
    known = countries(opener)
    found = [
        (
            each["countryiso3code"],
            int(each["date"]),
            round(float(each["value"]), 4),
            *known[each["countryiso3code"]],
        )
        for each in pages(f"country/all/indicator/{INDICATOR}", opener)
        if each["value"] is not None and each["countryiso3code"] in known
    ]
    if not found:
        raise FetchError(f"{API} gave no figures for {INDICATOR}.")
    return sorted(found, key=lambda row: (row[1], row[0]))


def write(out: Path, found: list[tuple]) -> None:
    """Write the table whole or not at all."""
    part = out.with_name(out.name + ".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(found)
    os.replace(part, out)


def main(arguments: list[str], opener: Opener = urllib.request.urlopen) -> int:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    out = Path(arguments[0])
    if not out.absolute().parent.is_dir():
        print(f"no folder {out.parent}", file=sys.stderr)
        return 2
    try:
        found = rows(opener)
    except FetchError as error:
        print(f"{error} {out} was not changed.", file=sys.stderr)
        return 1
    write(out, found)
    codes, years = {row[0] for row in found}, [row[1] for row in found]
    print(f"{out}: {len(found)} rows, {len(codes)} countries, {min(years)}-{max(years)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
