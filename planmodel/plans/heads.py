"""The head of a plan (plan.yaml): what the document is, its identities, claims and accepted findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from planmodel.errors import Fault, unknown
from planmodel.files.reading import Entries, is_text
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.columns import HEAD
from planmodel.plans.model import Claim, Target, Term, identity_of
from planmodel.words import Phrase

HEAD_FILE = "plan.yaml"


def check_head(head: dict[str, Any], catalogue: Catalogue, faults: list[Fault]) -> None:
    """Add the faults of a plan's head; entries that cannot be used are emptied."""
    entries = Entries(head, HEAD_FILE, faults)
    for key, columns in HEAD.items():
        if key not in head and not columns[0].optional:
            entries.fault(key, Phrase("plans.head.entry"), None)
    entries.only(HEAD)
    for key in ("title", "short", "issuer"):
        entries.take(key, is_text, Phrase("plans.head.text"))
    entries.take("draft", lambda value: isinstance(value, bool), Phrase("plans.head.truth"))
    entries.take("date", lambda value: _is_date(str(value)), Phrase("plans.head.date"))
    period = entries.take("period", _is_period, Phrase("plans.head.period"))
    base_year = entries.take("base_year", _is_year, Phrase("plans.head.base_year"))
    if period and base_year and base_year > period[0]:
        entries.fault("base_year", Phrase("plans.head.base_before", year=period[0]), base_year)
    entries.known("region", catalogue.regions)
    entries.known("headline", catalogue.indicators)
    head["identities"] = entries.take(
        "identities", lambda value: value is None or isinstance(value, list), Phrase("plans.head.lines")
    )
    for line in head["identities"] or ():
        identity = identity_of(str(line))
        if identity is None:
            entries.fault("identities", Phrase("plans.head.identity"), line)
            continue
        for term in identity.terms:
            _check_term(term, catalogue, entries)
    for claim in _entries(entries, "claims", ("table", "source")):
        _check_claim(claim, entries)
    for entry in _entries(entries, "accepted", ("finding", "reason")):
        if not all(isinstance(entry[key], str) and entry[key].strip() for key in ("finding", "reason")):
            entries.fault("accepted", Phrase("plans.head.accepted"), entry, Phrase("plans.head.fill_in"))


def _check_term(term: Term, catalogue: Catalogue, entries: Entries) -> None:
    if term.indicator not in catalogue.indicators:
        entries.faults.append(unknown("identities", term.indicator, catalogue.indicators, file=HEAD_FILE))
    elif not catalogue.indicators[term.indicator].unit:
        has_unit = Phrase("plans.head.has_unit", name=term.indicator)
        entries.fault("identities", has_unit, entries.content["identities"])
    if term.region and term.region not in catalogue.regions:
        entries.faults.append(unknown("identities", term.region, catalogue.regions, file=HEAD_FILE))


def _check_claim(claim: dict[str, Any], entries: Entries) -> None:
    for key, expected in (("missed", Phrase("plans.head.rows")), ("met", Phrase("plans.head.rows_or_rest"))):
        rows = claim.get(key)
        good = isinstance(rows, list) and all(isinstance(row, str | int) for row in rows)
        if not good and not (key == "met" and rows == "rest") and rows is not None:
            entries.fault(f"claims, {key}", expected, rows)
            claim[key] = []


def check_rows_of_claims(head: dict[str, Any], targets: Iterable[Target], faults: list[Fault]) -> None:
    """Add a fault for each row that a claim names and the plan's targets do not have."""
    rows: dict[str, set[str]] = {}
    for target in targets:
        rows.setdefault(target.table, set()).add(target.number)
    for claim in map(claim_of, head.get("claims") or ()):
        if claim.table not in rows:
            faults.append(unknown("claims, table", str(claim.table), rows, file=HEAD_FILE))
            continue
        for number in (*claim.missed, *claim.met):
            if number not in rows[claim.table]:
                faults.append(unknown("claims, row", number, rows[claim.table], file=HEAD_FILE))


def _entries(entries: Entries, key: str, needed: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the entries of a list of mappings that have the keys needed; the others are faults and left out."""
    listed = entries.content.get(key) or []
    good = (
        [e for e in listed if isinstance(e, dict) and set(needed) <= set(e)]
        if isinstance(listed, list)
        else []
    )
    if not isinstance(listed, list) or len(good) < len(listed):
        entries.fault(key, Phrase("plans.head.list", first=needed[0], second=needed[1]), listed)
    entries.content[key] = good
    return good


def claim_of(entry: dict[str, Any]) -> Claim:
    """Return a claim of its entry."""

    def rows(key: str) -> tuple[str, ...]:
        listed = entry.get(key) or ()
        return () if listed == "rest" else tuple(str(row) for row in listed)

    return Claim(entry["table"], rows("missed"), rows("met"), entry.get("met") == "rest", entry["source"])


def _is_year(value: object) -> bool:
    return type(value) is int and 1900 <= value <= 2200


def _is_period(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_year, value)) and value[0] <= value[1]


def _is_date(text: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d\d)?", text):
        return True
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
