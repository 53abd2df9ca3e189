"""Showing whose case it is, where the goods went and what came in, in full."""

from __future__ import annotations

from datetime import timedelta

from aftersales.kernel.clock import now
from aftersales.kernel.services import service
from compliance.queries import object_disclosures
from customers.services.disclosing import (
    Shown,
    disclose_customer,
    disclose_fields,
    disclose_order,
    personal_data_of,
    recipient_of,
)
from staff.models import User
from tickets.models import RawIntake, Ticket
from tickets.services.intake.reading import people_of

AS_IT_CAME = "as_it_came"
# So long after the reason was given the bytes may be taken.
OPEN_FOR = timedelta(minutes=10)


@service
def disclose_case(ticket_id: int, *, actor: User, note: str) -> list[Shown]:
    """Record with the case why ``actor`` sees its customer's data and the order's recipient, each
    about its own object, then give them; raises what those doors raise."""
    ticket = Ticket.objects.visible_to(actor).get(pk=ticket_id)
    shown: list[Shown] = []
    if ticket.customer_id:
        people = disclose_customer(ticket.customer_id, actor=actor, note=note, case=ticket)
        shown += personal_data_of(people)
    if ticket.order_id:
        order = disclose_order(ticket.order_id, actor=actor, note=note, case=ticket)
        shown += recipient_of(order)
    return shown


@service
def disclose_intake(intake_id: int, *, actor: User, note: str) -> list[Shown]:
    """Record why ``actor`` sees an incoming message as it came, then give who wrote it; the bytes
    may be taken for a while after (``may_take_raw``). Raises what those doors raise."""
    row = RawIntake.objects.visible_to(actor).select_related("ticket").get(pk=intake_id)
    disclose_fields(row, [AS_IT_CAME], actor=actor, note=note, case=row.ticket)
    return [Shown(AS_IT_CAME, label, value) for label, value in people_of(row) if value]


def may_take_raw(row: RawIntake, actor: User) -> bool:
    """Whether ``actor`` has just said why (``disclose_intake``)."""
    shown = object_disclosures(row._meta.label_lower, row.pk)
    return shown.filter(actor_id=actor.pk, disclosed_at__gt=now() - OPEN_FOR).exists()
