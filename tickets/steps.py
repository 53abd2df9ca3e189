"""The loop of a case as steps a person can see: done, doing now, to come, or not needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import pgettext_lazy

from tickets.choices import Kind
from tickets.models import Ticket


class Step(models.TextChoices):
    """Milestones in order (ISO 10002 7.2–7.9 plus rating)."""

    ACKNOWLEDGED = "acknowledged", pgettext_lazy("step", "Acknowledged")
    ASSESSED = "assessed", pgettext_lazy("step", "Assessed")
    ROUTED = "routed", pgettext_lazy("step", "Routed")
    INVESTIGATED = "investigated", pgettext_lazy("step", "Investigated")
    PROPOSED = "proposed", pgettext_lazy("step", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("step", "Accepted")
    CARRIED_OUT = "carried_out", pgettext_lazy("step", "Carried out")
    RESULT_TOLD = "result_told", pgettext_lazy("step", "Result told")
    RATED = "rated", pgettext_lazy("step", "Rated")


SHORT_LOOP = (Step.ACKNOWLEDGED, Step.ASSESSED, Step.ROUTED, Step.RESULT_TOLD, Step.RATED)
FULL_LOOP_KINDS = (Kind.COMPLAINT, Kind.RETURN_REQUEST, Kind.REPAIR_REQUEST)


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of one case; ``state`` is done, current or open."""

    step: Step
    state: str
    at: datetime | None

    @property
    def label(self) -> str:
        return str(self.step.label)


def loop_of(ticket: Ticket) -> tuple[Step, ...]:
    """The steps this kind of case goes through; a question needs no investigation or remedy."""
    return tuple(Step) if ticket.kind in FULL_LOOP_KINDS else SHORT_LOOP


def steps(ticket: Ticket) -> list[StepState]:
    """Every step with its state. The first step not done is current unless the case is finished."""
    needed = loop_of(ticket)
    result: list[StepState] = []
    found_current = ticket.is_finished
    for step in Step:
        at: datetime | None = getattr(ticket, f"{step.value}_at")
        if at:
            state = "done"
        elif step not in needed:
            continue
        elif found_current:
            state = "open"
        else:
            state, found_current = "current", True
        result.append(StepState(step, state, at))
    return result
