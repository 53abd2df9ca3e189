"""Choosing customers and orders.

Customers belong to the firm, not to a department: whoever may work cases may look them up, masked.
Personal data in full is a separate, recorded act (``compliance.services.disclose``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from aftersales.kernel.querysets import LockingQuerySet
from staff.querysets import is_system

if TYPE_CHECKING:
    from customers.models import Customer, Order  # noqa: F401 -- named in quotes below
    from staff.models import User

M = TypeVar("M", bound=models.Model)


class CustomerQuerySet(LockingQuerySet["Customer"]):
    """Customers."""

    def visible_to(self, user: User) -> Self:
        may = is_system(user) or user.has_perm("customers.view_customer")
        return self if may else self.none()

    def standing(self) -> Self:
        """Not merged into another."""
        return self.filter(merged_into=None)


class OrderQuerySet(LockingQuerySet["Order"]):
    """Orders."""

    def visible_to(self, user: User) -> Self:
        may = is_system(user) or user.has_perm("customers.view_order")
        return self if may else self.none()
