"""The lifecycle of a finding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.transitions import StatusChoices


class FindingStatus(StatusChoices):
    """Where a finding stands. A new hit reopens what was resolved; an accepted risk stays so."""

    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    RESOLVED = "resolved", _("Resolved")
    ACCEPTED_RISK = "accepted_risk", _("Risk accepted")

    @classmethod
    def transitions(cls) -> Mapping[Self, frozenset[Self]]:
        ended = {cls.RESOLVED, cls.ACCEPTED_RISK}
        return {
            cls.OPEN: frozenset({cls.IN_PROGRESS, *ended}),
            cls.IN_PROGRESS: frozenset(ended),
            cls.RESOLVED: frozenset({cls.OPEN}),
        }
