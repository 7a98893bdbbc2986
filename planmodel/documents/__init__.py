"""Rows of a plan from its document: what it promises and records, with the words that prove it."""

from planmodel.documents.proposals import Proposal, Reading
from planmodel.documents.readings import read

__all__ = ["Proposal", "Reading", "read"]
