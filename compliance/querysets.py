"""Choosing findings."""

from __future__ import annotations

from typing import Any, Self

from aftersales.kernel.querysets import LockingQuerySet
from compliance.statuses import FindingStatus


class FindingQuerySet(LockingQuerySet[Any]):
    """What did not hold."""

    def visible_to(self, user: Any) -> Self:
        """All for who may view them; else those one owns."""
        if user.has_perm("compliance.view_finding"):
            return self
        return self.filter(owner=user)

    def unsettled(self) -> Self:
        return self.filter(status__in=(FindingStatus.OPEN, FindingStatus.IN_PROGRESS))
