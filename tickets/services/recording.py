"""Feedback recorded by a program: customer, order and case at once, once per caller's number."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.prepared import plain_rows, prepared, take_turn
from aftersales.kernel.services import service
from customers.models import Customer, Order, Shop
from customers.services import identify_customer
from staff.models import User
from tickets.choices import Channel
from tickets.language import detect
from tickets.models import Tag, Ticket
from tickets.policies import can_create
from tickets.services.intake import Arrival, keep
from tickets.services.opening import NewCase, open_with_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who the customer is: a known one by id, or whoever is behind an address."""

    id: int | None = None
    email: str = ""
    phone: str = ""
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKey:
    """An order by its shop and the shop's number."""

    source: str
    number: str


# The last condition is spelled out so that a kept plan finds the partial index.
RECORDED = (
    "SELECT id FROM tickets_ticket "
    "WHERE created_by_id = %s AND external_id = %s AND external_id <> ''"
)


@service
def record_feedback(
    case: NewCase,
    *,
    actor: User,
    raw: bytes,
    caller: Caller | None = None,
    order: OrderKey | None = None,
) -> tuple[Ticket, bool]:
    """Open a case and say that it is new; a number the caller used before gives the case of then.

    ``raw`` is the call as it came, kept with the case. Raises ``RuleViolated`` for a customer,
    order or tag nobody knows.
    """
    require(can_create(actor))
    if case.external_id and (known := _recorded(case.external_id, actor)):
        return known, False
    found = _order(order, actor) if order else None
    case = replace(
        case,
        order=found,
        shop=case.shop or (found.shop if found else None),
        customer=_named(caller, case, actor) if caller else (found.customer if found else None),
    )
    _require_known_tags(case)
    with prepared():
        message = open_with_words(case, actor=actor)
        arrival = Arrival(
            channel=Channel.API,
            raw=raw,
            external_id=case.external_id,
            subject=message.ticket.subject,
        )
        keep(arrival, message, actor=actor)
    return message.ticket, True


def _recorded(external_id: str, actor: User) -> Ticket | None:
    """The case of an earlier call; a call with the same number at the same time waits here."""
    take_turn(f"tickets.external_id:{actor.pk}:{external_id}")
    found = plain_rows(RECORDED, [actor.pk, external_id])
    return Ticket.objects.get(pk=found[0][0]) if found else None


def _named(caller: Caller, case: NewCase, actor: User) -> Customer:
    language = case.language or detect(f"{case.subject}\n{case.body}", case.shop)
    return identify_caller(
        caller, actor=actor, language=language, shop=case.shop, field="customer.id"
    )


def _order(key: OrderKey, actor: User) -> Order:
    found = (
        Order.objects.visible_to(actor)
        .select_related("shop", "customer")
        .filter(shop__code=key.source, external_id=key.number)
        .first()
    )
    if found is None:
        raise RuleViolated("unknown_order", _("No such order."), field="order")
    return found


def identify_caller(
    caller: Caller, *, actor: User, language: str, shop: Shop | None, field: str
) -> Customer:
    """The customer somebody names, by id or by an address that may be new."""
    if caller.id is not None:
        known = Customer.objects.visible_to(actor).filter(pk=caller.id).first()
        if known is None:
            raise RuleViolated("unknown_customer", _("No such customer."), field=field)
        return known
    channel, address = ("email", caller.email) if caller.email else ("phone", caller.phone)
    return identify_customer(
        channel,
        address,
        actor=actor,
        name=caller.name,
        language=caller.language or language,
        shop=shop,
    )


def _require_known_tags(case: NewCase) -> None:
    if not case.tags:
        return
    known = set(Tag.objects.filter(slug__in=case.tags).values_list("slug", flat=True))
    if unknown := [tag for tag in case.tags if tag not in known]:
        raise RuleViolated("unknown_tag", _("Unknown tag: ") + ", ".join(unknown), field="tags")
