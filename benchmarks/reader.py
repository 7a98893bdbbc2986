"""Score the reader of documents against labels: found (place and value), precise, and each field, by text.

Usage: python -m benchmarks.reader LABELLED [--plans TEXTS] [--only NAME,...] [--show]
LABELLED: a folder of texts with gold.csv, one row a target: text_id, start, end, quote, indicator, kind, target_value, ...
--plans: a folder of the shipped plans' texts, named as the plans: their rows are the labels, found by value and print.
A target counts where it has a figure and its class is outcome or output; a proposal of another class is left aside, one
that meets a label of another class too. Nearly the right subject: three quarters of the letters in common.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from planmodel.documents import Proposal, Reading, read

COUNTED = ("outcome", "output")
FIELDS = ("kind", "year", "comparator", "unit", "upper", "attribute", "status", "base", "base_year")
NEARLY = 0.75


@dataclass(frozen=True)
class Label:
    """A target as a person read it. start, end: of its quote in the text; None where only its print is known."""

    start: int | None
    end: int | None
    printed: str
    indicator: str
    in_table: bool
    counted: bool
    value: float
    fields: dict[str, str]


def numbers(text: object) -> str:
    """Return a number without what its print adds, other text without blanks."""
    text = re.sub(r"\s+", "", str(text if text is not None else ""))
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def labels_of(rows: Iterable[dict[str, str]]) -> list[Label]:
    """Return the labels that have a figure."""
    return [
        Label(
            int(row["start"]), int(row["end"]), row["quote"], row["indicator"], row["in_table"] == "yes",
            row["class"] in COUNTED, float(row["target_value"]),
            {"kind": row["kind"], "year": row["target_year"], "comparator": row["comparator"], "unit": row["unit"],
             "upper": row["target_upper"], "attribute": row["attribute"], "status": row["status"],
             "base": row["base_value"], "base_year": row["base_year"]},
        )
        for row in rows
        if re.fullmatch(r"-?[\d.]+", row["target_value"]) and row["kind"] not in ("relative", "milestone")
    ]  # fmt: skip


def plan_labels(name: str) -> list[Label]:
    """Return a shipped plan's targets as labels without a place."""
    from planmodel.plans import load_plan

    labels = []
    for target in load_plan(name).targets:
        if target.target_value is None or target.kind in ("relative", "milestone"):
            continue
        table = target.table != "text"
        base = numbers(target.base_value)
        fields = {
            "kind": target.kind, "year": str(target.target_year), "comparator": target.comparator,
            "unit": target.unit, "upper": numbers(target.target_upper), "attribute": target.attribute,
            "status": target.status, "base": base if table else "", "base_year": str(target.base_year) if table and base else "",
        }  # fmt: skip
        labels.append(
            Label(
                None, None, target.target_printed, target.indicator.name_zh, table, True,
                target.target_value, fields,
            )
        )  # fmt: skip
    return labels


def likeness(one: str, other: str) -> float:
    """Return the share of letters that two names have in common, in their order."""
    one, other = (re.sub(r"[\s“”（）()、的]", "", text).lower() for text in (one, other))
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def meets(label: Label, proposal: Proposal) -> bool:
    """Return whether a proposal has a label's place and value."""
    if proposal.value is None or abs(abs(proposal.value) - abs(label.value)) > 1e-9 * max(
        1, abs(label.value)
    ):
        return False
    if label.start is None:
        return label.in_table == bool(proposal.table)
    return (
        label.start - 1 <= proposal.figure_start < label.end + 1 and proposal.figure_start >= label.start - 1
    )


def right(label: Label, proposal: Proposal) -> dict[str, bool]:
    """Return whether each field of a proposal is that of its label."""
    own = {
        "kind": proposal.kind, "year": proposal.year, "comparator": proposal.comparator, "unit": proposal.unit,
        "upper": proposal.upper, "attribute": proposal.attribute, "status": proposal.status, "base": proposal.base_value,
        "base_year": proposal.base_year if proposal.base_value is not None or label.fields["base_year"] else "",
    }  # fmt: skip
    return {name: numbers(own[name]) == numbers(label.fields[name]) for name in FIELDS}


def paired(labels: list[Label], proposals: list[Proposal]) -> Iterator[tuple[Label, Proposal]]:
    """Yield each label with the proposal that meets it best, each proposal once."""
    near = [
        (likeness(label.indicator, p.indicator) + sum(right(label, p).values()) / 10, i, j)
        for i, label in enumerate(labels)
        for j, p in enumerate(proposals)
        if meets(label, p)
    ]
    taken: set[int] = set()
    done: set[int] = set()
    for _, i, j in sorted(near, key=lambda pair: -pair[0]):
        if i not in done and j not in taken:
            done.add(i)
            taken.add(j)
            yield labels[i], proposals[j]


def scored(
    name: str, labels: list[Label], reading: Reading, table: bool, show: bool
) -> dict[str, object] | None:
    """Return the line of one text: how many, recall, precision, fields and subjects."""
    labels = [label for label in labels if label.in_table == table]
    proposals = [
        p for p in reading.targets if bool(p.table) == table and p.value is not None and p.kind != "relative"
    ]
    pairs = list(paired(labels, proposals))
    met = {id(p) for _, p in pairs}
    counted = [label for label in labels if label.counted]
    found = [(label, p) for label, p in pairs if label.counted]
    false = [p for p in proposals if id(p) not in met and p.sort in COUNTED]
    if not counted and not proposals:
        return None
    fields = [right(label, p) for label, p in found]
    subject = [likeness(label.indicator, p.indicator) >= NEARLY for label, p in found]
    if show:
        for label in counted:
            if id(label) not in {id(one) for one, _ in found}:
                print(f"  missed {label.start} {label.value:g} {label.printed} | {label.indicator}")
        for p in false:
            print(f"  false  {p.figure_start} {p.value:g} {p.quote[:80]} | {p.indicator} | {p.sort}")
        for (label, p), marks, near in zip(found, fields, subject, strict=True):
            for field in (name for name, good in marks.items() if not good):
                own = getattr(p, "base_value" if field == "base" else field)
                print(f"  field  {field}: {own} for {label.fields[field]} | {p.quote[:60]}")
            if not near:
                print(f"  named  {p.indicator} for {label.indicator}")

    def share(marks: list[bool]) -> float:
        return round(sum(marks) / len(marks), 3) if marks else float("nan")

    return {
        "text": name, "where": "tables" if table else "prose", "labels": len(counted), "proposals": len(proposals),
        "found": len(found), "false": len(false), "all_fields": sum(all(f.values()) for f in fields),
        "named": sum(subject),
        **{f: share([marks[f] for marks in fields]) for f in FIELDS},
    }  # fmt: skip


def main() -> None:
    """Print the scores of the texts named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--plans", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    only = set(filter(None, given.only.split(",")))
    with (given.labelled / "gold.csv").open(encoding="utf-8") as file:
        gold = list(csv.DictReader(file))
    texts = {name: given.labelled / f"{name}.txt" for name in sorted({row["text_id"] for row in gold})}
    plans = sorted(given.plans.glob("*.txt")) if given.plans else []
    lines = []
    for name, path in [*texts.items(), *((path.stem, path) for path in plans)]:
        if only and name not in only:
            continue
        labels = labels_of(r for r in gold if r["text_id"] == name) if name in texts else plan_labels(name)
        reading = read(path)
        for table in (False, True):
            if given.show:
                print(f"{name} {'tables' if table else 'prose'}")
            lines += filter(None, [scored(name, labels, reading, table, given.show)])
    table = pd.DataFrame(lines)
    for column, over in (("recall", "labels"), ("fields", "found"), ("subject", "found")):
        part = {"recall": "found", "fields": "all_fields", "subject": "named"}[column]
        table[column] = (table[part] / table[over]).round(3)
    table["precision"] = (table["found"] / (table["found"] + table["false"])).round(3)
    front = ["text", "where", "labels", "proposals", "recall", "precision", "fields", "subject"]
    print(table[[*front, *FIELDS]].to_string(index=False))
    sums = table.groupby("where")[["labels", "found", "false", "all_fields", "named"]].sum()
    print(
        pd.DataFrame(
            {
                "recall": sums["found"] / sums["labels"],
                "precision": sums["found"] / (sums["found"] + sums["false"]),
                "fields": sums["all_fields"] / sums["found"],
                "subject": sums["named"] / sums["found"],
            }
        ).round(3)
    )


if __name__ == "__main__":
    main()
