"""A case recorded by a person for somebody on the phone or at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.services import service
from customers.models import ContactChannel, Customer, Order
from customers.queries import family_of
from customers.services.identity import identify_customer
from staff.models import User
from tickets.choices import Channel
from tickets.language import detect
from tickets.models import Category, Ticket
from tickets.policies import can_create
from tickets.services.opening import NewCase, open_ticket
from tickets.statuses import UNFINISHED

DUPLICATE_DAYS = 14
ENTRY_CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.CHAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the agent wrote down; ``token`` is the form's own: a form sent twice is one case.

    ``caller`` is the phone number or mail address of somebody not known yet.
    """

    token: str
    channel: str
    subject: str
    body: str
    kind: str
    priority: str
    category: Category | None = None
    requested_remedy: str = ""
    customer: Customer | None = None
    caller: str = ""
    caller_name: str = ""
    order: Order | None = None
    is_confirmed: bool = False


@service
def record_entry(entry: Entry, *, actor: User, note: str = "") -> Ticket:
    """Open the case, adding the caller if nobody has that number; same token, same case.

    Raises ``RuleViolated("possible_duplicate")`` while the customer or order has an unfinished case
    of the last ``DUPLICATE_DAYS`` and nobody confirmed that this is another matter.
    """
    require(can_create(actor))
    if recorded := _recorded(entry, actor):
        return recorded
    customer = entry.customer or (entry.order.customer if entry.order else None)
    if not entry.is_confirmed and possible_duplicates(customer, entry.order).exists():
        raise RuleViolated(
            "possible_duplicate",
            _("There is an unfinished case already. Add to it, or confirm that this is new."),
            field="confirm",
        )
    if customer is None and entry.caller.strip():
        customer = identify_customer(
            _contact_channel(entry.caller),
            entry.caller,
            actor=actor,
            name=entry.caller_name,
            language=detect(f"{entry.subject}\n{entry.body}"),
        )
    case = NewCase(
        subject=entry.subject,
        body=entry.body,
        channel=entry.channel,
        kind=entry.kind,
        priority=entry.priority,
        category=entry.category,
        requested_remedy=entry.requested_remedy,
        customer=customer,
        order=entry.order,
        external_id=entry.token,
    )
    try:
        with transaction.atomic():
            return open_ticket(case, actor=actor, note=note)
    except IntegrityError:
        twin = _recorded(entry, actor)
        if twin is None:
            raise
        return twin


def _recorded(entry: Entry, actor: User) -> Ticket | None:
    """The case this form made before."""
    return Ticket.objects.filter(created_by=actor, external_id=entry.token).first()


def _contact_channel(caller: str) -> ContactChannel:
    return ContactChannel.EMAIL if "@" in caller else ContactChannel.PHONE


def possible_duplicates(customer: Customer | None, order: Order | None) -> QuerySet[Ticket]:
    """Unfinished cases of the last ``DUPLICATE_DAYS`` of the same customer or order."""
    if customer is None and order is None:
        return Ticket.objects.none()
    same = Q()
    if customer is not None:
        same |= Q(customer__in=family_of(customer.pk))
    if order is not None:
        same |= Q(order=order)
    since = now() - timedelta(days=DUPLICATE_DAYS)
    return Ticket.objects.filter(same, status__in=UNFINISHED, received_at__gte=since)
