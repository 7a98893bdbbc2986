"""The rules of the audit, by name; docs/rules/ has a page for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from planmodel.audit.bases import (
    definition_break,
    floor_above_base,
    met_at_base,
    reached_before,
    scale_slip,
    unit_of_row,
)
from planmodel.audit.deflators import deflator
from planmodel.audit.facts import Facts
from planmodel.audit.findings import Finding
from planmodel.audit.rates import past_growth, stated_growth
from planmodel.audit.reach import beyond_record, leap, parent_region
from planmodel.audit.reviews import base_elsewhere, outturn_elsewhere, own_review
from planmodel.audit.structure import (
    empty_rest,
    falling_denominator,
    identity,
    implied_whole,
    part_exceeds,
    shared_whole,
)
from planmodel.audit.totals import cumulative, peak_between
from planmodel.audit.versions import two_definitions, versions, vintages

Rule = Callable[[Facts], Iterator[Finding]]

RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        versions, stated_growth, past_growth, identity, shared_whole, part_exceeds, cumulative, own_review,
        floor_above_base, deflator, empty_rest, falling_denominator, met_at_base, reached_before, parent_region,
        beyond_record, leap, peak_between, scale_slip, outturn_elsewhere, base_elsewhere, two_definitions,
        definition_break, unit_of_row, implied_whole, vintages,
    )
}  # fmt: skip
"""A function's name is the first part of a finding's id; their order is that of findings of one severity."""
