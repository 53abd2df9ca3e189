"""The lifecycle of what is sent to colleagues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.transitions import StatusChoices


class DeliveryStatus(StatusChoices):
    """A notice on its way to a mailbox or a chat. ``parked`` waits for a person, ``skipped`` had
    nowhere to go when its time came."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    PARKED = "parked", _("Parked")
    SKIPPED = "skipped", _("Skipped")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        return {
            cls.QUEUED: frozenset({cls.SENDING}),
            cls.SENDING: frozenset({cls.SENT, cls.QUEUED, cls.PARKED, cls.SKIPPED}),
            cls.PARKED: frozenset({cls.QUEUED}),
        }
