"""Row locking in one spelling."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class LockingQuerySet(models.QuerySet[M]):
    """Adds ``locked()``: the rows themselves, not what they join, until the transaction ends."""

    def locked(self) -> Self:
        return self.select_for_update(of=("self",))
