"""Row locking in one spelling."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class LockingQuerySet(models.QuerySet[M]):
    """Adds ``locked()``: the rows themselves, not what they join, until the transaction ends.

    Never join a nullable relation to it: who had to wait gets the new row, but what PostgreSQL
    joined to the old one.
    """

    def locked(self) -> Self:
        return self.select_for_update(of=("self",))

    def locked_values(self) -> Self:
        """What the rows say is locked, not that they are there: others may still write rows that
        refer to them. Whoever takes further locks meanwhile would else wait in a circle with them.
        """
        return self.select_for_update(of=("self",), no_key=True)
