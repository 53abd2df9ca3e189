"""How a case begins and how a customer's words reach it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.jobs import enqueue
from aftersales.kernel.numbers import draw_with_key
from aftersales.kernel.reading import by_key
from aftersales.kernel.refs import in_each_language
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Customer, Order, Shop
from customers.queries import is_same_person
from staff.models import Department, DepartmentKind, User
from tickets.choices import Channel, Kind, LinkKind, MessageKind, Priority
from tickets.language import language_of_case
from tickets.mail.gratitude import is_only_thanks
from tickets.models import Category, Message, Ticket, TicketLink
from tickets.policies import can_create
from tickets.querysets import is_seen
from tickets.search import index_text
from tickets.services.shared import (
    lock_ticket,
    log,
    require_text,
    save,
    subject_line,
)
from tickets.services.turns import is_held_for_an_app
from tickets.statuses import TicketStatus

# Channels on which the customer is no longer there: the acknowledgement goes out by itself.
AGAIN, ANSWERED = _("The customer wrote again."), _("The customer answered.")
ABSENT_CHANNELS = (Channel.MAIL, Channel.WEB, Channel.API, Channel.PORTAL, Channel.WECHAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What is known when a case begins; everything else is found out later."""

    subject: str
    body: str
    channel: str
    kind: str = Kind.CONSULTATION
    priority: str = Priority.NORMAL
    customer: Customer | None = None
    order: Order | None = None
    shop: Shop | None = None
    category: Category | None = None
    department: Department | None = None
    assignee: User | None = None
    language: str = ""
    requested_remedy: str = ""
    external_id: str = ""
    author_name: str = ""
    tags: tuple[str, ...] = ()


@service
def open_ticket(case: NewCase, *, actor: User, note: str = "") -> Ticket:
    """``open_with_words`` for who needs the case only."""
    return open_with_words(case, actor=actor, note=note).ticket


@service
def open_with_words(case: NewCase, *, actor: User, note: str = "") -> Message:
    """Record a case with the customer's first words and return these; raises ``RuleViolated`` for
    an order that is another customer's or when no department is set up.

    On channels where the customer is away an acknowledgement is queued.
    """
    require(can_create(actor))
    body = require_text(case.body, "body")
    ticket = _new_ticket(case, body, actor)
    # The row is written once, last, with the due time its first event brings; keys are checked
    # when the transaction commits.
    message = add_message(
        ticket,
        MessageKind.INBOUND,
        body,
        channel=case.channel,
        author_name=case.author_name or (ticket.customer.name if ticket.customer else ""),
    )
    record(
        "tickets.received",
        ticket,
        actor=actor,
        case=ticket,
        note=note,
        occurred_at=ticket.received_at,
        data={"message": message.pk},
    )
    ticket.save(force_insert=True)
    index_text(ticket, search_texts(ticket, body))
    if case.channel in ABSENT_CHANNELS:
        enqueue("tickets.acknowledge", ticket.pk)
    return message


def _new_ticket(case: NewCase, body: str, actor: User) -> Ticket:
    """The case as a row with its number, not yet saved."""
    subject = subject_line(case.subject or body[:80])
    customer = case.customer or (case.order.customer if case.order else None)
    if case.order and customer:
        require_own_order(case.order, customer.pk)
    moment = now()
    usual = case.category.department if case.category else None
    pk, number = draw_with_key("T", Ticket)
    return Ticket(
        pk=pk,
        number=number,
        subject=subject,
        kind=case.kind,
        category=case.category,
        channel=case.channel,
        priority=case.priority,
        department=case.department or usual or default_department(actor),
        assignee=case.assignee,
        customer=customer,
        order=case.order,
        shop=case.shop or (case.order.shop if case.order else None),
        language=case.language or language_of_case(f"{subject}\n{body}", case.channel, customer),
        requested_remedy=case.requested_remedy,
        external_id=case.external_id,
        tags=list(case.tags),
        created_by=actor,
        received_at=moment,
        updated_at=moment,
        last_inbound_at=moment,
        routed_at=moment if case.department or usual else None,
    )


def require_own_order(order: Order, customer_id: int) -> None:
    """Raise ``RuleViolated`` unless the customer, under whatever record, bought the order."""
    if not is_same_person(order.customer_id, customer_id):
        raise RuleViolated(
            "foreign_order", _("This order belongs to another customer."), field="order"
        )


def default_department(actor: User) -> Department:
    """The recorder's own service department, else the first one."""
    own = actor.department
    if own and own.kind == DepartmentKind.SERVICE:
        return own
    department = Department.objects.filter(kind=DepartmentKind.SERVICE, is_active=True).first()
    if department is None:
        raise RuleViolated(
            "no_department", _("No customer service department is set up yet."), field="department"
        )
    return department


def search_texts(ticket: Ticket, *bodies: str) -> list[str]:
    """What finds a case: number, subject, words said, order, parcels, the customer's name."""
    texts = [ticket.number, ticket.subject, ticket.external_id, *bodies]
    if ticket.order:
        texts.append(ticket.order.external_id)
        texts.extend(ticket.order.shipments.values_list("tracking_number", flat=True))
    if ticket.customer:
        texts.append(ticket.customer.name)
    return texts


def add_message(
    ticket: Ticket,
    kind: str,
    body: str,
    *,
    channel: str,
    author: User | None = None,
    author_name: str = "",
    quoted: str = "",
    is_automatic: bool = False,
    effective_at: datetime | None = None,
) -> Message:
    """Store words on a case; the calling verb holds the lock, records and decides what follows."""
    moment = now()
    message = Message(
        ticket=ticket,
        kind=kind,
        channel=channel,
        author=author,
        author_name=author_name or (str(author) if author else ""),
        body=body,
        quoted=quoted,
        is_automatic=is_automatic,
        created_at=moment,
        effective_at=effective_at or moment,
    )
    message.save(force_insert=True)
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a customer said, on whatever channel."""

    body: str
    channel: str
    quoted: str = ""
    author_name: str = ""
    is_automatic: bool = False


@service
def receive_message(ticket_id: int, words: Words, *, actor: User, note: str = "") -> Message:
    """Put a customer's words on the case they belong to, which may be another one.

    A merged case passes them on. A waiting case is taken up again. A resolved one reopens within
    ``REOPEN_DAYS`` unless the words are only thanks or automatic; later, and for a closed or
    canceled case, they go to the case that continues it, which is opened if need be. The actor must
    see the case that was written to, not the one where the words land.

    Merged into another customer's case, they are answered there and kept on the writer's own:
    neither customer reads the other's words, and undoing the merge parts them.
    """
    told = _Told(words, actor, note)
    if merged := merged_into(ticket_id):
        ticket = by_key(Ticket, ticket_id)
        if is_seen(ticket, actor):
            return _pass_on(ticket, merged, told)
    return _put(lock_ticket(ticket_id, actor), told)


@dataclass(frozen=True, slots=True)
class _Told:
    """Words on their way; ``home`` is the writer's own case once they left it for a stranger's."""

    words: Words
    actor: User
    note: str
    home: Ticket | None = None


def _pass_on(ticket: Ticket, onward_id: int, told: _Told) -> Message:
    """The words go where they belong, whoever sees that case."""
    onward = by_key(Ticket, onward_id)
    if told.home is None and not is_same_person(ticket.customer_id, onward.customer_id):
        told = replace(told, home=ticket)
    if merged := merged_into(onward_id):
        return _pass_on(onward, merged, told)
    return _put(by_key(Ticket, onward_id, is_locked=True), told)


def _put(ticket: Ticket, told: _Told) -> Message:
    """Words on a locked case, unless they belong to another one."""
    if merged := merged_into(ticket.pk):  # meanwhile
        return _pass_on(ticket, merged, told)
    words, actor, home = told.words, told.actor, told.home or ticket
    body = require_text(words.body, "body", least=1)
    quiet = words.is_automatic or is_only_thanks(body)
    if not quiet and _is_over(ticket):
        if successor := continued_by(home.pk):
            return _pass_on(home, successor, _Told(words, actor, told.note))
        return _continue_elsewhere(home, words, body, actor)
    message = add_message(
        home,
        MessageKind.INBOUND,
        body,
        channel=words.channel,
        author_name=words.author_name,
        quoted=words.quoted,
        is_automatic=words.is_automatic,
    )
    index_text(ticket, [body])
    ticket.last_inbound_at = message.created_at
    data = {
        "channel": words.channel,
        "automatic": words.is_automatic,
        "variant": "quiet" if quiet else "words",
        "reopens": not quiet and ticket.status == TicketStatus.RESOLVED,
    }
    record("tickets.message_received", message, actor=actor, case=ticket, note=told.note, data=data)
    changed = [] if quiet else take_up_again(ticket, actor=actor, because="message")
    save(ticket, "last_inbound_at", *changed)
    return message


def merged_into(ticket_id: int) -> int | None:
    """The case this one was merged into or went back to, if it was.

    To lock that one is enough: undoing the merge needs its lock, too, and two locks would have to
    be taken in order of pk.
    """
    links = TicketLink.objects.leading_on().filter(ticket_id=ticket_id)
    return links.values_list("target_id", flat=True).first()


def standing_for(ticket_id: int) -> int:
    """The case that goes on for this one after merges and undone splits."""
    onward = merged_into(ticket_id)
    return ticket_id if onward is None else standing_for(onward)


def gone_back_to(ticket_id: int) -> int:
    """The case this part went back to, or itself."""
    links = TicketLink.objects.gone_back().filter(ticket_id=ticket_id)
    onward = links.values_list("target_id", flat=True).first()
    return ticket_id if onward is None else gone_back_to(onward)


def continued_by(ticket_id: int) -> int | None:
    """The newest case that continues this one, if any does."""
    links = TicketLink.objects.filter(
        target_id=ticket_id, kind=LinkKind.CONTINUES, canceled_at=None
    )
    return links.order_by("-ticket_id").values_list("ticket_id", flat=True).first()


def landing(ticket: Ticket) -> Ticket:
    """Where words sent to a case would be put now, as far as is known without its lock."""
    onward = merged_into(ticket.pk) or (continued_by(ticket.pk) if _is_over(ticket) else None)
    return landing(by_key(Ticket, onward)) if onward else ticket


def _is_over(ticket: Ticket) -> bool:
    """Too late to reopen."""
    if ticket.status in (TicketStatus.CLOSED, TicketStatus.CANCELED):
        return True
    window = timedelta(days=settings.REOPEN_DAYS)
    return (
        ticket.status == TicketStatus.RESOLVED
        and ticket.resolved_at is not None
        and ticket.resolved_at + window < now()
    )


def take_up_again(ticket: Ticket, *, actor: User, **why: str) -> list[str]:
    """What the customer's words do to the status; the caller holds the lock and saves the fields
    returned. ``because`` names the event that tells of it, too."""
    if ticket.status == TicketStatus.RESOLVED:
        changed = reopen_fields(ticket)
        note = in_each_language(AGAIN.__str__)
        log("tickets.reopened", ticket, actor=actor, note=note, **why)
        return changed
    if ticket.status == TicketStatus.PENDING or is_held_for_an_app(ticket):
        move(ticket, TicketStatus.OPEN)
        note = in_each_language(ANSWERED.__str__)
        log("tickets.resumed", ticket, actor=actor, note=note, **why)
        return ["status"]
    return []


def reopen_fields(ticket: Ticket) -> list[str]:
    """Back to work: the result must be told anew. Returns the fields to save."""
    move(ticket, TicketStatus.OPEN)
    ticket.reopened_count += 1
    ticket.resolved_at = ticket.result_told_at = ticket.rated_at = None
    return ["status", "reopened_count", "resolved_at", "result_told_at", "rated_at"]


def _continue_elsewhere(ticket: Ticket, words: Words, body: str, actor: User) -> Message:
    """Open a case that continues a finished one; returns its first message."""
    message = open_with_words(
        NewCase(
            subject=ticket.subject,
            body=body,
            channel=words.channel,
            kind=ticket.kind,
            customer=ticket.customer,
            order=ticket.order,
            shop=ticket.shop,
            category=ticket.category,
            department=ticket.department,
            language=ticket.language,
            author_name=words.author_name,
        ),
        actor=actor,
    )
    TicketLink(
        kind=LinkKind.CONTINUES,
        ticket=message.ticket,
        target=ticket,
        created_by=actor,
        created_at=now(),
    ).save(force_insert=True)
    log("tickets.linked", message.ticket, actor=actor, continues=ticket.number)
    return message
