"""The lifecycles of the case and of what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.transitions import StatusChoices


class StatusCategory(models.TextChoices):
    """What reports count."""

    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting")
    RESOLVED = "resolved", _("Resolved")


class TicketStatus(StatusChoices):
    """Where a case stands."""

    NEW = "new", _("New")
    OPEN = "open", _("In progress")
    PENDING = "pending", _("Waiting for customer")
    ON_HOLD = "on_hold", _("Waiting for others")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    CANCELED = "canceled", _("Canceled")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        working = {cls.PENDING, cls.ON_HOLD, cls.RESOLVED, cls.CANCELED}
        return {
            cls.NEW: frozenset({cls.OPEN, *working}),
            cls.OPEN: frozenset(working),
            cls.PENDING: frozenset({cls.OPEN, cls.ON_HOLD, cls.RESOLVED, cls.CANCELED}),
            cls.ON_HOLD: frozenset({cls.OPEN, cls.PENDING, cls.RESOLVED, cls.CANCELED}),
            cls.RESOLVED: frozenset({cls.OPEN, cls.CLOSED, cls.CANCELED}),
            # Only undoing a merge brings a canceled case back (``services.joining``).
            cls.CANCELED: frozenset(UNFINISHED),
        }

    @property
    def category(self) -> StatusCategory:
        if self in (TicketStatus.NEW, TicketStatus.OPEN):
            return StatusCategory.OPEN
        if self in (TicketStatus.PENDING, TicketStatus.ON_HOLD):
            return StatusCategory.WAITING
        return StatusCategory.RESOLVED

    @property
    def customer_label(self) -> str:
        """What the customer reads instead of our word."""
        return str(CUSTOMER_WORDS[self])


CUSTOMER_WORDS = {
    TicketStatus.NEW: _("We have received your request"),
    TicketStatus.OPEN: _("We are working on it"),
    TicketStatus.PENDING: _("We are waiting for your answer"),
    TicketStatus.ON_HOLD: _("We are checking with our colleagues"),
    TicketStatus.RESOLVED: _("We believe this is settled"),
    TicketStatus.CLOSED: _("Finished"),
    TicketStatus.CANCELED: _("Continued in another request or withdrawn"),
}

UNFINISHED = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.ON_HOLD)


class InvestigationStatus(StatusChoices):
    """Finding out what happened."""

    OPEN = "open", _("Under investigation")
    CONCLUDED = "concluded", _("Concluded")
    CANCELED = "canceled", _("Dropped")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {cls.OPEN: frozenset({cls.CONCLUDED, cls.CANCELED})}


class ProposalStatus(StatusChoices):
    """An offered remedy."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CARRIED_OUT = "carried_out", _("Carried out")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.OFFERED: frozenset({cls.ACCEPTED, cls.DECLINED, cls.WITHDRAWN}),
            cls.ACCEPTED: frozenset({cls.CARRIED_OUT, cls.WITHDRAWN}),
        }


class FollowUpStatus(StatusChoices):
    """Something promised for later."""

    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    CANCELED = "canceled", _("Canceled")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {cls.PLANNED: frozenset({cls.DONE, cls.CANCELED})}


class MailStatus(StatusChoices):
    """A mail on its way out. ``parked`` waits for a person after the last attempt, ``bounced``
    since it left and came back; ``settled`` says that the person did without it."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    PARKED = "parked", _("Parked")
    RECALLED = "recalled", _("Recalled")
    BOUNCED = "bounced", _("Came back")
    SETTLED = "settled", _("Settled otherwise")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.QUEUED: frozenset({cls.SENDING, cls.PARKED, cls.RECALLED}),
            cls.SENDING: frozenset({cls.SENT, cls.QUEUED, cls.PARKED, cls.RECALLED, cls.BOUNCED}),
            cls.SENT: frozenset({cls.BOUNCED}),
            cls.PARKED: frozenset({cls.QUEUED, cls.RECALLED, cls.SETTLED}),
            cls.BOUNCED: frozenset({cls.QUEUED, cls.RECALLED, cls.SETTLED}),
        }


# Mails that nobody has got and that wait for a person.
STUCK = (MailStatus.PARKED, MailStatus.BOUNCED)


class IntakeOutcome(StatusChoices):
    """What became of one raw message; exactly one of these once it was looked at."""

    STORED = "stored", _("Stored, not yet looked at")
    TICKET = "ticket", _("New case")
    MESSAGE = "message", _("Message on a case")
    DUPLICATE = "duplicate", _("Duplicate")
    IGNORED = "ignored", _("Ignored")
    QUARANTINED = "quarantined", _("Quarantined")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        outcomes = {cls.TICKET, cls.MESSAGE, cls.DUPLICATE, cls.IGNORED, cls.QUARANTINED}
        return {
            cls.STORED: frozenset(outcomes),
            cls.QUARANTINED: frozenset({cls.TICKET, cls.MESSAGE, cls.IGNORED}),
        }


class SurveyStatus(StatusChoices):
    """Asking for a rating."""

    INVITED = "invited", _("Invited")
    ANSWERED = "answered", _("Answered")
    EXPIRED = "expired", _("Not answered")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {cls.INVITED: frozenset({cls.ANSWERED, cls.EXPIRED})}
