"""What the money half of returns records."""

from django.utils.translation import gettext_lazy as _

from compliance import events
from compliance.events import EventType

EVENTS = (
    EventType("returns.refund_requested", _("Refund requested")),
    EventType("returns.refund_changed", _("Refund changed")),
    EventType("returns.refund_submitted", _("Refund submitted for approval")),
    EventType("returns.refund_held", _("Refund held for a look")),
    EventType("returns.refund_released", _("Refund released")),
    EventType("returns.refund_approved", _("Refund approved")),
    EventType("returns.refund_declined", _("Refund declined")),
    EventType("returns.refund_asked_back", _("Question about the refund")),
    EventType("returns.refund_canceled", _("Refund canceled")),
    EventType("returns.approval_raised", _("Refund needs a higher approval")),
    EventType("returns.approval_voided", _("Approval void")),
    EventType("returns.approval_expired", _("Approval expired")),
    EventType("returns.refund_sent", _("Refund on its way")),
    EventType("returns.refund_unknown", _("Result of the refund unknown")),
    EventType("returns.refund_succeeded", _("Money paid back")),
    EventType("returns.refund_failed", _("Refund failed")),
    EventType("returns.transfer_entered", _("Transfer entered")),
    EventType("returns.outside_refund", _("Refund outside the desk booked")),
    EventType("returns.credit_redeemed", _("Store credit used"), on_timeline=False),
    EventType("returns.difference_opened", _("Difference found"), on_timeline=False),
    EventType("returns.difference_resolved", _("Difference resolved"), on_timeline=False),
    EventType("returns.statement_read", _("Statement read"), on_timeline=False),
)


def register() -> None:
    events.register(EVENTS)
