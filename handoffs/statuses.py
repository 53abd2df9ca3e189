"""The lifecycles of a leg between departments and of a case shown as an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.utils.translation import pgettext_lazy

from aftersales.kernel.transitions import StatusChoices


class HandoffStatus(StatusChoices):
    """Where a leg stands, and so whose turn it is."""

    SENT = "sent", pgettext_lazy("handoff", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("handoff", "Accepted")
    RETURNED = "returned", pgettext_lazy("handoff", "More information needed")
    ANSWERED = "answered", pgettext_lazy("handoff", "Answered")
    DECLINED = "declined", pgettext_lazy("handoff", "Declined")
    CLOSED = "closed", pgettext_lazy("handoff", "Done")
    WITHDRAWN = "withdrawn", pgettext_lazy("handoff", "Withdrawn")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            # Outsiders answer without accepting first.
            cls.SENT: frozenset(
                {cls.ACCEPTED, cls.ANSWERED, cls.RETURNED, cls.DECLINED, cls.WITHDRAWN}
            ),
            # A transfer is done with its acceptance.
            cls.ACCEPTED: frozenset(
                {cls.ANSWERED, cls.RETURNED, cls.DECLINED, cls.WITHDRAWN, cls.CLOSED}
            ),
            cls.RETURNED: frozenset({cls.SENT, cls.ACCEPTED, cls.WITHDRAWN}),
            cls.ANSWERED: frozenset({cls.CLOSED, cls.SENT, cls.ACCEPTED}),
            cls.DECLINED: frozenset({cls.SENT, cls.WITHDRAWN}),
        }


# The receiver has to do something.
WITH_RECEIVER = (HandoffStatus.SENT, HandoffStatus.ACCEPTED)
# The giver has to do something.
WITH_GIVER = (HandoffStatus.RETURNED, HandoffStatus.ANSWERED, HandoffStatus.DECLINED)
# Not settled: the case cannot close. A declined question is still a question.
LIVE = (*WITH_RECEIVER, *WITH_GIVER)
# The receiving department sees the case.
GIVES_SIGHT = (*WITH_RECEIVER, HandoffStatus.RETURNED, HandoffStatus.ANSWERED)


class ExampleStatus(StatusChoices):
    """A closed case on its way to being shown to colleagues."""

    PROPOSED = "proposed", pgettext_lazy("example", "Proposed")
    APPROVED = "approved", pgettext_lazy("example", "Shared")
    WITHDRAWN = "withdrawn", pgettext_lazy("example", "Withdrawn")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.PROPOSED: frozenset({cls.APPROVED, cls.WITHDRAWN}),
            cls.APPROVED: frozenset({cls.WITHDRAWN}),
        }
