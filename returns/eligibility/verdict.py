"""The answer with every rule's part in it, frozen as JSON under a digest."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.localized import localized
from returns.choices import FreightPayer


class Outcome(models.TextChoices):
    """Three answers; the third one is real."""

    ELIGIBLE = "eligible", _("May come back")
    NOT_ELIGIBLE = "not_eligible", _("May not come back")
    NEEDS_PERSON = "needs_person", _("A person must look")


class RowResult(models.TextChoices):
    """What one rule said."""

    PASSED = "passed", _("Does not apply")
    ADDS = "adds", _("Adds a condition")
    ACCEPTS = "accepts", _("Accepts")
    REFUSES = "refuses", _("Refuses")
    ASKS = "asks", _("Asks a person")
    LEAVES = "leaves", _("Leads to another route")
    NOT_REACHED = "not_reached", _("Not reached")


class Route(models.TextChoices):
    """Which set of rules decided."""

    NO_REASON = "no_reason", _("Return without a reason")
    QUALITY = "quality", _("Fault or wrong delivery")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule, in the words of that day and in both languages."""

    id: str
    result: str
    basis: str
    version: str
    en: str
    zh: str

    @property
    def sentence(self) -> str:
        return localized(self.en, self.zh)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision, the rule that made it, and who pays the way back."""

    outcome: str
    route: str
    freight: str
    decided_by: str
    rows: tuple[RuleResult, ...]

    @property
    def deciding(self) -> RuleResult:
        return next(row for row in self.rows if row.id == self.decided_by)

    @property
    def conditions(self) -> tuple[RuleResult, ...]:
        """What is to be kept in mind besides the decision."""
        return tuple(row for row in self.rows if row.result == RowResult.ADDS)

    def as_json(self) -> dict[str, Any]:
        return {
            "outcome": str(self.outcome),
            "route": str(self.route),
            "freight": str(self.freight),
            "decided_by": self.decided_by,
            "rows": [
                {
                    "id": row.id,
                    "result": str(row.result),
                    "basis": row.basis,
                    "version": row.version,
                    "en": row.en,
                    "zh": row.zh,
                }
                for row in self.rows
            ],
        }


def thawed(data: dict[str, Any]) -> Verdict:
    """The verdict back from what ``as_json`` gave."""
    return Verdict(
        outcome=data["outcome"],
        route=data["route"],
        freight=data["freight"],
        decided_by=data["decided_by"],
        rows=tuple(RuleResult(**row) for row in data["rows"]),
    )


def combined(verdicts: Iterable[Verdict]) -> str:
    """The answer to a request of several articles: alike for all, or a person looks."""
    outcomes = {str(verdict.outcome) for verdict in verdicts}
    return outcomes.pop() if len(outcomes) == 1 else str(Outcome.NEEDS_PERSON)


def payer(verdicts: Iterable[Verdict]) -> str:
    """The shop bears the way back as soon as one article is its fault (art. 24)."""
    bears = any(verdict.freight == FreightPayer.SHOP for verdict in verdicts)
    return str(FreightPayer.SHOP if bears else FreightPayer.CUSTOMER)


def digest(frozen: object) -> str:
    """SHA-256 over the canonical JSON of what was frozen."""
    told = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(told.encode()).hexdigest()
