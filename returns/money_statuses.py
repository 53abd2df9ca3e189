"""Lifecycles of money: what may become what. The database repeats the refund's table by trigger."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.transitions import StatusChoices


class RefundStatus(StatusChoices):
    """From the wish to the money.

    ``UNKNOWN`` holds the money and ends by evidence only; ``SENDING`` again is the same instruction
    under the same number, after the gateway said it has never heard of it.
    """

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    SENDING = "sending", _("Being sent")
    UNKNOWN = "unknown", _("Result unknown")
    SUCCEEDED = "succeeded", _("Paid back")
    FAILED = "failed", _("Failed")
    DECLINED = "declined", pgettext_lazy("decision", "Declined")
    CANCELED = "canceled", _("Canceled")

    @classmethod
    def transitions(cls) -> Mapping[RefundStatus, frozenset[RefundStatus]]:
        return {
            cls.DRAFT: frozenset({cls.SUBMITTED, cls.CANCELED}),
            cls.SUBMITTED: frozenset({cls.APPROVED, cls.DECLINED, cls.DRAFT, cls.CANCELED}),
            cls.APPROVED: frozenset({cls.SENDING, cls.DRAFT, cls.CANCELED}),
            cls.SENDING: frozenset({cls.SUCCEEDED, cls.FAILED, cls.UNKNOWN}),
            cls.UNKNOWN: frozenset({cls.SUCCEEDED, cls.FAILED, cls.SENDING}),
        }


# The amount is reserved on the payment; it is out of our hands.
RESERVING = (
    RefundStatus.SUBMITTED,
    RefundStatus.APPROVED,
    RefundStatus.SENDING,
    RefundStatus.UNKNOWN,
)
IN_FLIGHT = (RefundStatus.SENDING, RefundStatus.UNKNOWN)
# What counts into the totals that decide who must approve.
COUNTED = (*RESERVING, RefundStatus.SUCCEEDED)
FINAL = (
    RefundStatus.SUCCEEDED,
    RefundStatus.FAILED,
    RefundStatus.DECLINED,
    RefundStatus.CANCELED,
)

# It ended and no money left; what it was for is still owed.
CAME_TO_NOTHING = (RefundStatus.FAILED, RefundStatus.DECLINED, RefundStatus.CANCELED)


class ApprovalStatus(StatusChoices):
    """One asking for approval; at most one per refund is open or granted."""

    OPEN = "open", _("Open")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", pgettext_lazy("decision", "Declined")
    ASKED_BACK = "asked_back", _("Asked back")
    VOID = "void", _("Void")
    EXPIRED = "expired", _("Expired")

    @classmethod
    def transitions(cls) -> Mapping[ApprovalStatus, frozenset[ApprovalStatus]]:
        ends = frozenset({cls.DECLINED, cls.ASKED_BACK, cls.VOID, cls.EXPIRED})
        return {cls.OPEN: ends | {cls.GRANTED}, cls.GRANTED: frozenset({cls.VOID, cls.EXPIRED})}


LIVE_APPROVALS = (ApprovalStatus.OPEN, ApprovalStatus.GRANTED)


class HoldStatus(StatusChoices):
    """A refund somebody should look at before it is paid."""

    HELD = "held", _("Needs a look")
    RELEASED = "released", pgettext_lazy("hold", "Released")

    @classmethod
    def transitions(cls) -> Mapping[HoldStatus, frozenset[HoldStatus]]:
        return {cls.HELD: frozenset({cls.RELEASED})}


class ItemStatus(StatusChoices):
    """A difference between books, statement and payments."""

    OPEN = "open", _("Open")
    RESOLVED = "resolved", _("Resolved")

    @classmethod
    def transitions(cls) -> Mapping[ItemStatus, frozenset[ItemStatus]]:
        return {cls.OPEN: frozenset({cls.RESOLVED})}
