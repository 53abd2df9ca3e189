"""What a customer does on pages of ours, each form with one effect however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.services import service
from compliance.models import IdempotentRequest
from customers.models import ContactChannel, Customer, Order, Shop
from customers.services import add_contact_point, identify_customer
from customers.services.identity import find_by_address, standing
from staff.models import User
from tickets.choices import Channel, Kind
from tickets.models import Message, Ticket
from tickets.services.conversation import note as write_note
from tickets.services.files import NewFile, add_file
from tickets.services.opening import NewCase, Words, open_ticket, receive_message
from tickets.services.status_links import ensure_status_link


def use_once(form_key: str, actor: User) -> bool:
    """Take a form's key; ``False`` when it was taken before. Waits for a rival in flight."""
    _row, is_new = IdempotentRequest.objects.get_or_create(
        actor_id=actor.pk,
        key=form_key,
        defaults={
            "path": "form",
            "digest": "",
            "status_code": 302,
            "response": {},
            "created_at": now(),
        },
    )
    return is_new


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What was written on the status page."""

    form_key: str
    body: str
    files: tuple[NewFile, ...] = ()


@service
def write_on_page(ticket_id: int, words: PageWords, *, actor: User) -> Message | None:
    """Put words and files on the case, or on the one that continues it; ``None`` for a repeat."""
    if not use_once(words.form_key, actor):
        return None
    ticket = Ticket.objects.select_related("customer").get(pk=ticket_id)
    body = words.body or _("(Files)")
    said = Words(
        body=body,
        channel=Channel.PORTAL,
        author_name=ticket.customer.name if ticket.customer else "",
    )
    message = receive_message(ticket_id, said, actor=actor)
    for new in words.files:
        add_file(message.ticket_id, new, actor=actor, message=message)
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """A filled-in web form. Nothing in it is proven; the addresses are as typed."""

    form_key: str
    body: str
    subject: str = ""
    kind: str = Kind.CONSULTATION
    name: str = ""
    email: str = ""
    phone: str = ""
    order_number: str = ""
    language: str = ""
    shop: Shop | None = None
    files: tuple[NewFile, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class WebCase:
    """The case of a web form. ``link`` is its status page, or '' when only a mail may carry it."""

    ticket: Ticket
    link: str


@service
def submit_web_form(request: WebRequest, *, actor: User) -> WebCase:
    """Open a case from the public form; the same form again gives the same case.

    The link is handed out only to somebody new who left a phone number alone: whoever leaves a mail
    address gets it there, and a number we know may be another person's.
    """
    if not use_once(request.form_key, actor):
        return WebCase(Ticket.objects.get(created_by=actor, external_id=request.form_key), link="")
    customer, is_new = _customer(request, actor)
    order = _own_order(request.order_number, customer)
    ticket = open_ticket(
        NewCase(
            subject=request.subject,
            body=request.body,
            channel=Channel.WEB,
            kind=request.kind,
            customer=customer,
            order=order,
            shop=request.shop,
            language=request.language,
            external_id=request.form_key,
            author_name=request.name,
        ),
        actor=actor,
    )
    first = ticket.messages.get()
    for new in request.files:
        add_file(ticket.pk, new, actor=actor, message=first)
    for claim in _claims(request, order is not None, customer):
        write_note(ticket.pk, actor=actor, body=claim)
    may_show = is_new and not request.email
    return WebCase(ticket, ensure_status_link(ticket, actor=actor) if may_show else "")


def _customer(request: WebRequest, actor: User) -> tuple[Customer, bool]:
    """The person behind the address given, mail first, and whether we just met."""
    channel = ContactChannel.EMAIL if request.email else ContactChannel.PHONE
    address = request.email or request.phone
    is_new = find_by_address(channel, address) is None
    customer = identify_customer(
        channel,
        address,
        actor=actor,
        name=request.name,
        language=request.language,
        shop=request.shop,
    )
    free = request.phone and find_by_address(ContactChannel.PHONE, request.phone) is None
    if is_new and request.email and free:
        add_contact_point(customer.pk, ContactChannel.PHONE, request.phone, actor=actor)
    return customer, is_new


def _own_order(number: str, customer: Customer) -> Order | None:
    """The order of that number if it is this customer's own."""
    if not number:
        return None
    orders = Order.objects.select_related("customer__merged_into").filter(external_id=number)
    return next((order for order in orders if standing(order.customer) == customer), None)


def _claims(request: WebRequest, is_own_order: bool, customer: Customer) -> list[str]:
    """What was said but is not proven, for the people who work the case."""
    claims = []
    if request.order_number and not is_own_order:
        claims.append(
            _("Claims order %(number)s, which is not known for this contact.")
            % {"number": request.order_number}
        )
    known = customer.contact_points.filter(address=request.phone).exists()
    if request.email and request.phone and not known:
        claims.append(_("Claims the phone number %(phone)s.") % {"phone": request.phone})
    return claims
