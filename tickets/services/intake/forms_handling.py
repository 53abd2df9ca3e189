"""What the stored JSON of a form becomes: a case of the person it names."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.context import is_system
from customers.contacts import normalize
from customers.models import ContactChannel, Customer, Order, Shop
from customers.services import identify_customer
from customers.services.identity import find_by_address
from staff.models import User
from tickets import files
from tickets.services.files import NewFile
from tickets.services.intake.keeping import keep_files, order_named_in
from tickets.services.intake.verdicts import Verdict, has_enough_cases
from tickets.services.opening import NewCase, open_with_words
from tickets.statuses import IntakeOutcome


def judge_form(raw: bytes, actor: User) -> Verdict:
    """Open the case a form asks for, unless its sender opened too many already."""
    said: dict[str, Any] = json.loads(raw)
    if said["actor"] == actor.pk and is_system(actor):
        address = said["email"] or said["phone"]
        customer = known_sender(said) if address else None
        if has_enough_cases(customer, said["channel"]):
            return Verdict(
                outcome=IntakeOutcome.QUARANTINED,
                reason=_("Too many cases from this sender within an hour."),
                sender=address,
                subject=said["subject"],
            )
    return open_from_form(said)


def open_from_form(said: dict[str, Any]) -> Verdict:
    """The case; its recorder is who sent the form, also when the sweep or a lead gets to it."""
    recorder = User.objects.get(pk=said["actor"])
    shop = Shop.objects.filter(code=said["shop"]).first() if said["shop"] else None
    customer = sender_of(said, shop, recorder)
    message = open_with_words(
        NewCase(
            subject=said["subject"],
            body=said["body"],
            channel=said["channel"],
            kind=said["kind"],
            customer=customer,
            order=order_of(said, customer),
            shop=shop,
            language=said["language"],
            requested_remedy=said["requested_remedy"],
            external_id=said["external_id"],
            author_name=said["name"][:120],
        ),
        actor=recorder,
    )
    arrived = [NewFile(one["name"], files.read(one["sha256"])) for one in said["files"]]
    keep_files(message, arrived, actor=recorder)
    return Verdict(
        outcome=IntakeOutcome.TICKET,
        sender=said["email"] or said["phone"],
        subject=said["subject"],
        ticket=message.ticket,
        message=message,
    )


def known_sender(said: dict[str, Any]) -> Customer | None:
    """The customer behind the address given, without adding anybody."""
    channel = ContactChannel.EMAIL if said["email"] else ContactChannel.PHONE
    address = normalize(channel, said["email"] or said["phone"])
    return find_by_address(channel, address)


def sender_of(said: dict[str, Any], shop: Shop | None, recorder: User) -> Customer | None:
    """The person behind the address given; mail before phone, nobody without either."""
    for channel, address in (
        (ContactChannel.EMAIL, said["email"]),
        (ContactChannel.PHONE, said["phone"]),
    ):
        if address:
            return identify_customer(
                channel,
                address,
                actor=recorder,
                name=said["name"],
                language=said["language"],
                shop=shop,
            )
    return None


def order_of(said: dict[str, Any], customer: Customer | None) -> Order | None:
    """The order asked about, if it is this customer's."""
    return order_named_in(f"{said['order_number']}\n{said['subject']}\n{said['body']}", customer)
