"""The head of a plan (plan.yaml): what the document is, its identities, claims and accepted findings."""

from __future__ import annotations

import re
from datetime import date

from planmodel.errors import Fault, unknown
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.identities import parse
from planmodel.plans.model import Claim

HEAD_FILE = "plan.yaml"
REQUIRED = ("title", "short", "issuer", "date", "draft", "period", "base_year", "region")
OPTIONAL = ("document_number", "url", "identities", "headline", "claims", "notes", "accepted")


def check_head(head: dict, catalogue: Catalogue, faults: list[Fault]) -> None:
    """Add the faults of a plan's head; entries that cannot be used are emptied."""

    def fault(what, expected):
        faults.append(Fault(what, expected, repr(head.get(what)), HEAD_FILE, do="Correct the entry."))

    for key in REQUIRED:
        if key not in head:
            fault(key, "an entry")
    faults.extend(
        unknown(str(key), str(key), (*REQUIRED, *OPTIONAL), file=HEAD_FILE)
        for key in head
        if key not in (*REQUIRED, *OPTIONAL)
    )
    for key in ("title", "short", "issuer"):
        if key in head and not (
            isinstance(head[key], dict)
            and all(isinstance(head[key].get(lang), str) and head[key][lang].strip() for lang in ("zh", "en"))
        ):
            fault(key, "a text in zh and one in en")
    if "draft" in head and not isinstance(head["draft"], bool):
        fault("draft", "true or false")
    if "date" in head and not _is_date(str(head["date"])):
        fault("date", "a date such as 2021-03-09")
    period = head.get("period")
    if "period" in head and not (
        isinstance(period, list)
        and len(period) == 2
        and all(type(y) is int and 1900 <= y <= 2200 for y in period)
        and period[0] <= period[1]
    ):
        fault("period", "the first and last year, such as [2021, 2025]")
    if "base_year" in head and not (type(head["base_year"]) is int and 1900 <= head["base_year"] <= 2200):
        fault("base_year", "a year such as 2020")
    elif (
        "period" in head
        and not any(f.what == "period" for f in faults)
        and head.get("base_year", 0) > period[0]
    ):
        fault("base_year", f"a year not after the first plan year {period[0]}")
    region = head.get("region")
    if "region" in head and not (isinstance(region, str) and region in catalogue.regions):
        faults.append(unknown("region", str(region), catalogue.regions, file=HEAD_FILE))
    headline = head.get("headline")
    if "headline" in head and not (isinstance(headline, str) and headline in catalogue.indicators):
        faults.append(unknown("headline", str(head["headline"]), catalogue.indicators, file=HEAD_FILE))
    if not isinstance(head.get("identities") or [], list):
        fault("identities", "a list of lines such as a = b / c")
        head["identities"] = []
    for line in head.get("identities") or ():
        found = parse(str(line))
        if found is None:
            expected = "a = b / c or a = b + c, a region after @"
            faults.append(Fault("identities", expected, repr(line), HEAD_FILE, do="Correct the entry."))
            continue
        for term in found.terms:
            if term.indicator not in catalogue.indicators:
                faults.append(unknown("identities", term.indicator, catalogue.indicators, file=HEAD_FILE))
            elif not catalogue.indicators[term.indicator].unit:
                fault("identities", f"indicators that have a unit, {term.indicator} has none")
            if term.region and term.region not in catalogue.regions:
                faults.append(unknown("identities", term.region, catalogue.regions, file=HEAD_FILE))
    _check_claims(head, faults)
    _check_accepted(head, faults)


def _check_claims(head: dict, faults: list[Fault]) -> None:
    for claim in _entries(head, "claims", ("table", "source"), faults):
        for key in ("missed", "met"):
            rows = claim.get(key)
            good = isinstance(rows, list) and all(isinstance(row, str | int) for row in rows)
            if not good and not (key == "met" and rows == "rest") and rows is not None:
                expected = "a list of row numbers" + (" or the word rest" if key == "met" else "")
                faults.append(
                    Fault(f"claims, {key}", expected, repr(rows), HEAD_FILE, do="Correct the entry.")
                )
                claim[key] = []


def check_rows_of_claims(head: dict, targets: list, faults: list[Fault]) -> None:
    """Add a fault for each row that a claim names and the plan's targets do not have."""
    rows: dict[str, set[str]] = {}
    for target in targets:
        rows.setdefault(target.table, set()).add(target.number)
    for entry in head.get("claims") or ():
        claim = claim_of(entry)
        if claim.table not in rows:
            faults.append(unknown("claims, table", str(claim.table), rows, file=HEAD_FILE))
            continue
        for number in (*claim.missed, *claim.met):
            if number not in rows[claim.table]:
                faults.append(unknown("claims, row", number, rows[claim.table], file=HEAD_FILE))


def _check_accepted(head: dict, faults: list[Fault]) -> None:
    for entry in _entries(head, "accepted", ("finding", "reason"), faults):
        if not all(isinstance(entry[key], str) and entry[key].strip() for key in ("finding", "reason")):
            expected = "a finding's id and the reason why it stands"
            faults.append(Fault("accepted", expected, repr(entry), HEAD_FILE, do="Fill in both."))


def _entries(head: dict, key: str, needed: tuple[str, ...], faults: list[Fault]) -> list[dict]:
    """Return the entries of a list of mappings that have the keys needed; the others are faults and left out."""
    entries = head.get(key) or []
    good = (
        [e for e in entries if isinstance(e, dict) and set(needed) <= set(e)]
        if isinstance(entries, list)
        else []
    )
    if not isinstance(entries, list) or len(good) < len(entries):
        expected = f"a list of entries, each with {' and '.join(needed)}"
        faults.append(Fault(key, expected, repr(entries)[:80], HEAD_FILE, do="Correct the entry."))
    head[key] = good
    return good


def claim_of(entry: dict) -> Claim:
    """Return a claim of its entry."""

    def rows(key: str) -> tuple[str, ...]:
        found = entry.get(key) or ()
        return () if found == "rest" else tuple(str(row) for row in found)

    return Claim(entry["table"], rows("missed"), rows("met"), entry.get("met") == "rest", entry["source"])


def _is_date(text: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        return True
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
