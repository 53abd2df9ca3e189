"""Legs between departments, what they are made from, and cases shown as examples."""

from handoffs.models.examples import CaseExample
from handoffs.models.legs import Handoff, HandoffFile, HandoffTurn, PartyLink
from handoffs.models.setup import HandoffTemplate, ResponsibilityRule

__all__ = [
    "CaseExample",
    "Handoff",
    "HandoffFile",
    "HandoffTemplate",
    "HandoffTurn",
    "PartyLink",
    "ResponsibilityRule",
]
