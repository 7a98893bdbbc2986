"""Rows of a plan from its document: what it promises and records, with the words that prove it."""

from planmodel.documents.decisions import plan_from, proposals_workbook
from planmodel.documents.proposals import Proposal, Reading
from planmodel.documents.readings import differences, read, read_document

__all__ = ["Proposal", "Reading", "differences", "plan_from", "proposals_workbook", "read", "read_document"]
