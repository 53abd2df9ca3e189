"""What the stored JSON of a form becomes: a case of the person it names."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.kernel.context import is_system
from aftersales.kernel.refs import in_each_language
from customers.contacts import normalize
from customers.models import ContactChannel, Customer, Order, Shop
from customers.services import identify_customer
from customers.services.identity import find_by_address
from staff.models import User
from staff.services import system_actor
from tickets import files
from tickets.language import detect
from tickets.models import Message, Ticket
from tickets.services.conversation import note as write_note
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
                reason=gettext_lazy("Too many cases from this sender within an hour."),
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
    keep_along(message, said, actor=recorder)
    return Verdict(
        outcome=IntakeOutcome.TICKET,
        sender=said["email"] or said["phone"],
        subject=said["subject"],
        ticket=message.ticket,
        message=message,
    )


def keep_along(message: Message, said: dict[str, Any], *, actor: User) -> None:
    """Put what a form holds besides its words to the message: files, and notes of its claims."""
    arrived = [NewFile(one["name"], files.read(one["sha256"])) for one in said["files"]]
    keep_files(message, arrived, actor=actor)
    for claim in claims(said, message.ticket):
        write_note(message.ticket_id, actor=system_actor(), body=claim)


def claims(said: dict[str, Any], ticket: Ticket) -> list[str]:
    """What was said but is not proven, for the people who work the case."""
    told: list[str] = []
    number = said["order_number"]
    linked = ticket.order.external_id if ticket.order else ""
    if number and number != linked and order_named_in(number, ticket.customer) is None:
        order = {"number": number}
        told.append(
            in_each_language(
                lambda: _("Claims order %(number)s, which is not known for this contact.") % order
            )
        )
    if said["email"] and said["phone"]:
        phone = {"phone": said["phone"]}
        told.append(in_each_language(lambda: _("Says the phone number is %(phone)s.") % phone))
    return told


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
                language=said["language"] or detect(f"{said['subject']}\n{said['body']}", shop),
                shop=shop,
            )
    return None


def order_of(said: dict[str, Any], customer: Customer | None) -> Order | None:
    """The order asked about, if it is this customer's."""
    return order_named_in(f"{said['order_number']}\n{said['subject']}\n{said['body']}", customer)
