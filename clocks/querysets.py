"""Choosing running promises."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from aftersales.kernel.querysets import LockingQuerySet
from clocks import registry
from clocks.statuses import LIVE

if TYPE_CHECKING:
    from clocks.models import Clock  # noqa: F401 -- named in quotes below


class ClockQuerySet(LockingQuerySet["Clock"]):
    """Clocks."""

    def visible_to(self, user: Any) -> Self:
        """Whoever sees the case sees its promises; those without a case are for who sees all."""
        if not user.has_perm("clocks.view_clock") and not registry.sees_everything(user):
            return self.none()
        if registry.sees_everything(user):
            return self
        return self.filter(case_id__in=registry.visible_case_ids(user))

    def live(self) -> Self:
        """Still owed."""
        return self.filter(stopped_at=None, state__in=LIVE)

    def with_step_due(self, moment: datetime) -> Self:
        return self.filter(next_step_at__lte=moment)
