"""The statements of one batch of reviews; the caller's transaction is signed in bulk."""

from __future__ import annotations

import json
from collections import Counter

from django.db import connection
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.loading import draw_ids, insert, quoted, with_history
from aftersales.kernel.numbers import SEQUENCES
from aftersales.kernel.refs import in_each_language
from clocks.services.consuming import consume_first
from compliance.models import AuditEvent
from compliance.services import build_event
from customers.models import Order
from staff.models import User
from tickets.choices import Kind, MessageKind, Priority
from tickets.models import Message, RawIntake, Ticket
from tickets.search import index_many
from tickets.services.intake.feedback_reading import Review, Source
from tickets.services.opening import default_department
from tickets.statuses import IntakeOutcome


def write(reviews: list[Review], source: Source, actor: User) -> tuple[int, int, int]:
    """Write rows seen for the first time, count the others; (created, duplicate, ignored)."""
    known = known_rows(source.channel, {review.external_id for review in reviews})
    fresh: dict[str, Review] = {}
    again: list[Review] = []
    for review in reviews:
        if review.external_id in known or review.external_id in fresh:
            again.append(review)
        else:
            fresh[review.external_id] = review
    opened = [review for review in fresh.values() if not review.reason]
    tickets = new_tickets(opened, source, actor)
    messages = new_messages(opened, tickets, source)
    events = new_events(tickets, messages, source, actor)
    consume_first(zip(events, tickets.values(), strict=True))
    for rows_made in (list(tickets.values()), list(messages.values()), events):
        insert(rows_made)
    index_words(opened, tickets)
    rows: list[RawIntake] = []
    for review in fresh.values():
        row = intake_row(review, source)
        if review.external_id in tickets:
            row.ticket, row.message = tickets[review.external_id], messages[review.external_id]
        rows.append(row)
    insert(rows)
    known.update({row.external_id: row for row in rows})
    count_again(again, known, source)
    return len(opened), len(again), len(fresh) - len(opened)


def known_rows(channel: str, ids: set[str]) -> dict[str, RawIntake]:
    found = RawIntake.objects.filter(channel=channel, external_id__in=ids)
    return {row.external_id: row for row in found.exclude(outcome=IntakeOutcome.DUPLICATE)}


def intake_row(review: Review, source: Source) -> RawIntake:
    moment = now()
    return RawIntake(
        channel=source.channel,
        external_id=review.external_id,
        digest=review.digest,
        size=len(review.text.encode()),
        container=source.container,
        position=review.position,
        outcome=IntakeOutcome.IGNORED if review.reason else IntakeOutcome.TICKET,
        reason=review.reason,
        sender=review.author[:254],
        subject=one_line(review.text),
        received_at=moment,
        handled_at=moment,
    )


def one_line(text: str) -> str:
    return " ".join(text[:80].split())


def draw_numbers(count: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [SEQUENCES["T"], count])
        return [f"T-{value:06d}" for (value,) in cursor.fetchall()]


def new_tickets(reviews: list[Review], source: Source, actor: User) -> dict[str, Ticket]:
    """A case per review, by the review's id, with its key but not written; nobody is written to."""
    orders = orders_named(reviews)
    department, moment = default_department(actor), now()
    made: dict[str, Ticket] = {}
    keys, numbers = draw_ids(Ticket, len(reviews)), draw_numbers(len(reviews))
    for review, pk, number in zip(reviews, keys, numbers, strict=True):
        order: Order | None = orders.get(review.order)
        priority = Priority.LOW if review.opinion.kind == Kind.PRAISE else Priority.NORMAL
        made[review.external_id] = Ticket(
            pk=pk,
            number=number,
            subject=one_line(review.text),
            kind=review.opinion.kind,
            sentiment=review.opinion.sentiment,
            channel=source.channel,
            priority=priority,
            department=department,
            order=order,
            customer=order.customer if order else None,
            shop=order.shop if order else None,
            language=review.language,
            created_by=actor,
            received_at=moment,
            updated_at=moment,
            last_inbound_at=moment,
        )
    return made


def index_words(reviews: list[Review], tickets: dict[str, Ticket]) -> None:
    """Let the cases be found by what was written."""
    words = {review.external_id: f"{review.text} {review.order}" for review in reviews}
    index_many({tickets[key].pk: f"{tickets[key].number} {text}" for key, text in words.items()})


def orders_named(reviews: list[Review]) -> dict[str, Order]:
    """Orders by number; a number that two shops use names none."""
    numbers = {review.order for review in reviews if review.order}
    if not numbers:
        return {}
    found: dict[str, Order | None] = {}
    for order in Order.objects.filter(external_id__in=numbers).select_related("customer", "shop"):
        found[order.external_id] = None if order.external_id in found else order
    return {number: order for number, order in found.items() if order is not None}


def new_messages(
    reviews: list[Review], tickets: dict[str, Ticket], source: Source
) -> dict[str, Message]:
    """The words of each review on its case, with their key but not written."""
    moment = now()
    return {
        review.external_id: Message(
            pk=pk,
            ticket=tickets[review.external_id],
            kind=MessageKind.INBOUND,
            channel=source.channel,
            author_name=review.author,
            body=review.text,
            created_at=moment,
            effective_at=moment,
        )
        for review, pk in zip(reviews, draw_ids(Message, len(reviews)), strict=True)
    }


def new_events(
    tickets: dict[str, Ticket], messages: dict[str, Message], source: Source, actor: User
) -> list[AuditEvent]:
    """That each case was received, with its key, so that promises can refer to it."""
    made = [
        build_event(
            "tickets.received",
            ticket,
            actor,
            ticket,
            note=source.note,
            data={"message": messages[key].pk},
        )
        for key, ticket in tickets.items()
    ]
    for event, pk in zip(made, draw_ids(AuditEvent, len(made)), strict=True):
        event.pk = pk
    return made


def count_again(again: list[Review], known: dict[str, RawIntake], source: Source) -> None:
    """Identical rows are counted; the same id over other words is kept as a row of its own."""
    repeated: Counter[int] = Counter()
    other: list[RawIntake] = []
    ids = {review.external_id for review in again}
    twins = {
        (row.external_id, row.digest): row
        for row in RawIntake.objects.filter(
            channel=source.channel, external_id__in=ids, outcome=IntakeOutcome.DUPLICATE
        )
    }
    for review in again:
        first = known[review.external_id]
        twin = twins.get((review.external_id, review.digest))
        if first.digest == review.digest:
            repeated[first.pk] += 1
        elif twin is not None and twin.pk:
            repeated[twin.pk] += 1
        elif twin is None:
            row = intake_row(review, source)
            row = RawIntake(
                **{name: getattr(row, name) for name in COPIED},
                outcome=IntakeOutcome.DUPLICATE,
                reason=in_each_language(TWIN.__str__),
                duplicate_of=first,
                ticket=first.ticket,
            )
            twins[review.external_id, review.digest] = row
            other.append(row)
        else:
            twin.seen_count += 1
    insert(other)
    add_to_counts(repeated)


TWIN = _("The same id was received before with other content.")
COPIED = (
    "channel",
    "external_id",
    "digest",
    "size",
    "container",
    "position",
    "sender",
    "subject",
    "received_at",
    "handled_at",
)


def add_to_counts(repeated: Counter[int]) -> None:
    """``seen_count`` of many rows, with history, in one statement."""
    if not repeated:
        return
    table = quoted(RawIntake._meta.db_table)
    columns = ", ".join(quoted(str(one.column)) for one in RawIntake._meta.concrete_fields)
    counts = [{"id": pk, "count": count} for pk, count in sorted(repeated.items())]
    statement = (
        f"UPDATE {table} AS r SET seen_count = r.seen_count + c.count "  # noqa: S608 -- our own table
        "FROM jsonb_to_recordset(%s::jsonb) AS c(id bigint, count int) WHERE r.id = c.id"
    )
    sql, params = with_history(RawIntake, columns, statement, [json.dumps(counts)], kind="~")
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("RETURNING *", "RETURNING r.*"), params)
