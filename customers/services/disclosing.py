"""Showing masked data in full: the only doors, for pages and the API alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import Text, require
from aftersales.kernel.services import service
from compliance.services import disclose
from customers.models import Customer, Order
from customers.policies import can_see_personal_data
from customers.queries import family_of
from staff.models import User

# What the record of a disclosure names → its words; addresses of a customer go by their kind.
LABELS: dict[str, Text] = {
    "name": _("Name"),
    "region": _("Region"),
    "preferences": _("Preferences"),
    "recipient": _("Recipient"),
    "recipient_phone": _("Recipient's phone"),
    "address": _("Delivery address"),
    "as_it_came": _("Message as it came"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One value in full: its name in the record, its name in words, itself."""

    field: str
    label: Text
    value: str


@service
def disclose_customer(
    customer_id: int, *, actor: User, note: str, case: models.Model | None = None
) -> list[Customer]:
    """Record why ``actor`` sees this person's data, then give it: the record asked for and all that
    were merged with it. Each that holds something is a disclosure of its own, found again when a
    merge is undone. Raises ``NotPermitted``, ``RuleViolated``."""
    rows = Customer.objects.visible_to(actor).prefetch_related("contact_points")
    asked = rows.get(pk=customer_id)
    others = rows.filter(pk__in=family_of(customer_id)).exclude(pk=customer_id).order_by("pk")
    people = [asked, *(one for one in others if personal_data_of([one]))]
    for customer in people:
        _record(customer, personal_data_of([customer]), actor, note, case)
    return people


@service
def disclose_order(
    order_id: int, *, actor: User, note: str, case: models.Model | None = None
) -> Order:
    """Record why ``actor`` sees who receives this order and where, then give it; raises
    ``NotPermitted``, ``RuleViolated``."""
    order = Order.objects.visible_to(actor).select_related("shop").get(pk=order_id)
    _record(order, recipient_of(order), actor, note, case)
    return order


@service
def disclose_fields(
    subject: models.Model,
    fields: list[str],
    *,
    actor: User,
    note: str,
    case: models.Model | None = None,
) -> None:
    """Record why ``actor`` sees these fields of an object of an upper app, which asked whether it
    may be seen at all; raises as the others."""
    require(can_see_personal_data(actor))
    disclose(subject, fields, actor=actor, note=note, case=case)


def _record(
    subject: models.Model, shown: list[Shown], actor: User, note: str, case: models.Model | None
) -> None:
    fields = sorted({one.field for one in shown})
    disclose_fields(subject, fields, actor=actor, note=note, case=case)


def personal_data_of(people: Iterable[Customer]) -> list[Shown]:
    """What a disclosure of a person shows, each value once, whatever record holds it."""
    return list(dict.fromkeys(one for customer in people for one in _held_by(customer)))


def _held_by(customer: Customer) -> list[Shown]:
    """What one record holds, as far as it is known; addresses by their kind."""
    return _known(
        Shown("name", LABELS["name"], customer.name),
        *(
            Shown(point.channel, point.get_channel_display(), point.address)
            for point in customer.contact_points.all()
        ),
        Shown("region", LABELS["region"], customer.region),
        Shown("preferences", LABELS["preferences"], customer.preferences),
    )


def recipient_of(order: Order) -> list[Shown]:
    """What a disclosure of an order shows, as far as it is known."""
    return _known(
        Shown("recipient", LABELS["recipient"], order.recipient),
        Shown("recipient_phone", LABELS["recipient_phone"], order.recipient_phone),
        Shown("address", LABELS["address"], order.address),
    )


def _known(*values: Shown) -> list[Shown]:
    return [one for one in values if one.value]
