"""Showing a customer's data in full: who may, and the record of it."""

from __future__ import annotations

from aftersales.kernel.errors import require
from aftersales.kernel.services import service
from compliance.services import disclose
from customers.models import Customer
from customers.policies import can_see_personal_data
from staff.models import User

FIELDS = ("name", "region", "preferences", "contact_points")


@service
def disclose_customer(customer_id: int, *, actor: User, note: str) -> Customer:
    """Record why ``actor`` sees this customer's data, then give it; raises ``RuleViolated``."""
    customer = (
        Customer.objects.visible_to(actor).prefetch_related("contact_points").get(pk=customer_id)
    )
    require(can_see_personal_data(actor))
    disclose(customer, FIELDS, actor=actor, note=note)
    return customer
