"""Merge, split, link: cases that belong together. All of it can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, lazily, require
from aftersales.kernel.numbers import draw_with_key
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.models import AuditEvent
from compliance.services import record
from customers.queries import is_same_person
from staff.models import User
from tickets.choices import LinkKind, MessageKind
from tickets.models import Message, Ticket, TicketLink
from tickets.policies import can_merge
from tickets.querysets import is_seen
from tickets.search import index_text
from tickets.services.moving import (
    give_back_follow_ups,
    move_drafts,
    move_follow_ups,
    move_loose_files,
    move_messages,
)
from tickets.services.opening import gone_back_to, search_texts, standing_for
from tickets.services.outcome import require_nothing_live
from tickets.services.owing import (
    Joined,
    answers_left,
    latest_words,
    let_go,
    owed_by,
    owed_by_part,
    take_after_no_more,
    take_in,
    told_owed,
)
from tickets.services.shared import log, require_text, require_unfinished, save
from tickets.statuses import TicketStatus

# What a joining event tells of the case it is recorded on.
AWAY, HERE, RESTORED = "away", "here", "restored"


def _lock_both(first_id: int, second_id: int, actor: User) -> tuple[Ticket, Ticket]:
    """Both cases, which the actor must see."""
    if first_id == second_id:
        raise RuleViolated("same_case", _("Choose another case."), field="target")
    locked = _lock_all({first_id, second_id})
    if not all(is_seen(ticket, actor) for ticket in locked.values()):
        raise Ticket.DoesNotExist
    return locked[first_id], locked[second_id]


def _lock_all(ids: set[int]) -> dict[int, Ticket]:
    """Cases in order of pk, so that two people merging crosswise do not deadlock."""
    locked = {one.pk: one for one in Ticket.objects.locked().filter(pk__in=ids).order_by("pk")}
    if len(locked) < len(ids):
        raise Ticket.DoesNotExist
    return locked


@service
def merge_tickets(
    source_id: int, target_id: int, *, actor: User, is_sure: bool = False, note: str = ""
) -> TicketLink:
    """Join ``source`` to ``target``: it ends as canceled, its words show on and reach the target,
    and what was promised there for later goes along.

    Raises ``RuleViolated`` while the source has an investigation or proposal under way, and for
    another customer's case unless the actor ``is_sure``.
    """
    source, target = _lock_both(source_id, target_id, actor)
    require(can_merge(actor, source) and can_merge(actor, target))
    if not is_sure:
        _require_one_customer(source, target)
    require_unfinished(target)
    require_unfinished(source)
    require_nothing_live(source)
    link = TicketLink(
        kind=LinkKind.MERGED,
        ticket=source,
        target=target,
        prior_status=source.status,
        created_by=actor,
        created_at=now(),
    )
    owed = owed_by(source)
    move(source, TicketStatus.CANCELED)
    link.save(force_insert=True)
    log("tickets.merged", source, actor=actor, note=note, variant=AWAY, into=target.number)
    save(source, "status")
    event = Joined("tickets.merged", note, {"variant": HERE, "source": source.number})
    take_in(target, source, owed, event, actor=actor)
    move_drafts(source, target)
    move_follow_ups(source, target, actor=actor)
    return link


def _require_one_customer(source: Ticket, target: Ticket) -> None:
    """Refuse two known customers; merged ones are one."""
    known = source.customer_id and target.customer_id
    if known and not is_same_person(source.customer_id, target.customer_id):
        names = {"case": target, "subject": target.subject}
        raise RuleViolated(
            "other_customer",
            lazily(
                lambda: (
                    gettext(
                        "%(case)s, “%(subject)s”, is another customer's: "
                        "their words would be mixed."
                    )
                    % names
                )
            ),
            field="is_sure",
        )


@service
def unmerge_ticket(source_id: int, *, actor: User, note: str) -> Ticket:
    """Undo a merge: both cases stand where they stood, with the promises that were owed then."""
    found = TicketLink.objects.filter(
        ticket_id=source_id, kind=LinkKind.MERGED, canceled_at=None
    ).first()
    if found is None:
        raise InvalidTransition(_("This case is not merged into another."))
    going_on = standing_for(found.target_id)
    locked = _lock_all({source_id, found.target_id, going_on})
    source, target = locked[source_id], locked[found.target_id]
    if not (is_seen(source, actor) and is_seen(target, actor)):
        raise Ticket.DoesNotExist
    require(can_merge(actor, source))
    link = TicketLink.objects.select_for_update().get(pk=found.pk)
    if link.canceled_at or standing_for(found.target_id) != going_on:
        raise InvalidTransition(_("This case is not merged into another."))
    _cancel(link, actor)
    give_back_follow_ups(source, target, locked[going_on], actor=actor)
    move(source, TicketStatus(link.prior_status))
    away = _merge_event(source, variant=AWAY)
    told = {
        "variant": RESTORED,
        "undoes": away.pk,
        "into": target.number,
        "status": str(source.status),
    }
    log("tickets.unmerged", source, actor=actor, note=note, **told)
    save(source, "status")
    _let_go_of_what_left(source, away, actor)
    _give_back(target, source, actor=actor, note=note)
    return source


def _let_go_of_what_left(ticket: Ticket, away: AuditEvent, actor: User) -> None:
    """Cases that were merged into this one may have left while it was merged away itself."""
    left = AuditEvent.objects.filter(
        case_id=ticket.pk, code="tickets.unmerged", data__variant=HERE, pk__gt=away.pk
    )
    for taken in AuditEvent.objects.filter(pk__in={one.data["undoes"] for one in left}):
        if changed := let_go(ticket, taken, actor=actor):
            save(ticket, *changed)


def _give_back(target: Ticket, source: Ticket, *, actor: User, note: str) -> None:
    """The case that went on owes and is what it was, as far as nobody said otherwise since; also
    when it was merged away itself meanwhile, for it may come back."""
    taken = _merge_event(target, variant=HERE, source=source.number)
    is_over = target.is_finished and target.status != TicketStatus.CANCELED
    changed = [] if is_over else take_after_no_more(target, taken)
    told = {"variant": HERE, "source": source.number, "undoes": taken.pk}
    log("tickets.unmerged", target, actor=actor, note=note, **told)
    changed += let_go(target, taken, actor=actor)
    target.last_inbound_at = latest_words(target)
    save(target, "last_inbound_at", *changed)


def _merge_event(ticket: Ticket, **data: str) -> AuditEvent:
    """The event of a merge; undone, promises run on as if it had not been."""
    merges = AuditEvent.objects.filter(case_id=ticket.pk, code="tickets.merged")
    return merges.filter(**{f"data__{name}": value for name, value in data.items()}).latest("id")


def _cancel(link: TicketLink, actor: User) -> None:
    link.canceled_at, link.canceled_by = now(), actor
    link.save(update_fields=["canceled_at", "canceled_by"])


@service
def split_ticket(
    ticket_id: int, *, actor: User, message_ids: list[int], subject: str, note: str = ""
) -> Ticket:
    """Move some of a case's messages to a new case of the same customer, received when they were;
    can be undone.

    Raises ``RuleViolated`` for messages of another case, or when nothing the customer said would
    stay.
    """
    ticket = Ticket.objects.visible_to(actor).locked().get(pk=ticket_id)
    require(can_merge(actor, ticket))
    require_unfinished(ticket)
    chosen = _chosen(ticket, message_ids)
    words = ticket.messages.filter(pk__in=message_ids, kind=MessageKind.INBOUND)
    since = words.aggregate(first=Min("created_at"))["first"] or now()
    owed = owed_by_part(ticket, words, since)
    part = _part_of(ticket, require_text(subject, "subject", most=200), since, actor)
    move_messages(chosen, part, actor=actor)
    TicketLink(
        kind=LinkKind.SPLIT,
        ticket=part,
        target=ticket,
        moved_messages=[message.pk for message in chosen],
        created_by=actor,
        created_at=now(),
    ).save(force_insert=True)
    told = answers_left(ticket)
    log("tickets.split", ticket, actor=actor, note=note, part=part.number, **told)
    ticket.last_inbound_at = latest_words(ticket)
    save(ticket, "last_inbound_at")
    part.last_inbound_at = latest_words(part)
    record(
        "tickets.received",
        part,
        actor=actor,
        case=part,
        note=note,
        occurred_at=since,
        data={"split_from": ticket.number, "owed": told_owed(owed)},
    )
    part.save(force_insert=True)
    index_text(part, search_texts(part, *open_words(chosen)))
    return part


def open_words(messages: Iterable[Message]) -> list[str]:
    """What was said and not hidden."""
    return [message.body for message in messages if message.hidden_at is None]


def _chosen(ticket: Ticket, message_ids: list[int]) -> list[Message]:
    """The messages to split off, locked; raises ``RuleViolated``."""
    chosen = list(ticket.messages.locked().filter(pk__in=message_ids).order_by("pk"))
    if not chosen or len(chosen) != len(set(message_ids)):
        raise RuleViolated("foreign_message", _("Choose messages of this case."), field="messages")
    staying = ticket.messages.filter(kind=MessageKind.INBOUND).exclude(pk__in=message_ids)
    if not staying.exists():
        raise RuleViolated(
            "nothing_left", _("Something the customer wrote must stay."), field="messages"
        )
    return chosen


def _part_of(ticket: Ticket, subject: str, since: datetime, actor: User) -> Ticket:
    """A new case with the circumstances of the one it comes from, not saved."""
    moment = now()
    pk, number = draw_with_key("T", Ticket)
    return Ticket(
        pk=pk,
        number=number,
        subject=subject,
        created_by=actor,
        received_at=since,
        updated_at=moment,
        acknowledged_at=ticket.acknowledged_at and max(ticket.acknowledged_at, since),
        routed_at=moment,
        **{
            name: getattr(ticket, name)
            for name in (
                "kind",
                "category",
                "channel",
                "priority",
                "department",
                "team",
                "assignee",
                "customer",
                "order",
                "shop",
                "language",
            )
        },
    )


@service
def unsplit_ticket(part_id: int, *, actor: User, note: str) -> Ticket:
    """Undo a split: all that was said on the part goes back, and what it owes; it ends as canceled.

    What was split off from the part stays a case of its own. An origin that was merged since has
    its words and the case that goes on their answer; one that is closed takes nothing back.
    """
    found = TicketLink.objects.filter(
        ticket_id=part_id, kind=LinkKind.SPLIT, canceled_at=None
    ).first()
    if found is None:
        raise InvalidTransition(_("This case was not split off from another."))
    home_id = gone_back_to(found.target_id)
    going_on = standing_for(home_id)
    locked = _lock_all({part_id, home_id, going_on})
    part, home, origin = locked[part_id], locked[home_id], locked[going_on]
    if not (is_seen(part, actor) and is_seen(home, actor)):
        raise Ticket.DoesNotExist
    require(can_merge(actor, part))
    require_unfinished(part)
    require_nothing_live(part)
    link = TicketLink.objects.select_for_update().get(pk=found.pk)
    if link.canceled_at or standing_for(home_id) != going_on:
        raise InvalidTransition(_("This case was not split off from another."))
    _require_unmixed(part)
    if origin.status != TicketStatus.RESOLVED:
        require_unfinished(origin)
    _cancel(link, actor)
    owed = owed_by(part)
    said = list(part.messages.locked().order_by("pk"))
    move_messages(said, home, actor=actor)
    move_loose_files(part, home)
    index_text(origin, open_words(said))
    move(part, TicketStatus.CANCELED)
    log("tickets.unsplit", part, actor=actor, note=note, variant=AWAY, into=home.number)
    save(part, "status")
    event = Joined("tickets.unsplit", note, {"variant": HERE, "part": part.number})
    take_in(origin, part, owed, event, actor=actor)
    move_follow_ups(part, origin, actor=actor)
    move_drafts(part, origin)
    save(origin)
    return home


def _require_unmixed(part: Ticket) -> None:
    """Refuse while another case is merged into the part: its words would be shown nowhere."""
    merged = part.links_in.filter(kind=LinkKind.MERGED, canceled_at=None).select_related("ticket")
    if link := merged.first():
        names = {"case": link.ticket}
        raise RuleViolated(
            "merged_in",
            lazily(lambda: gettext("Undo the merge of %(case)s into this case first.") % names),
        )


@service
def link_tickets(
    source_id: int, target_id: int, *, actor: User, kind: str, note: str = ""
) -> TicketLink:
    """Say that two cases are related, or one part of the other; raises if that is said already."""
    source, target = _lock_both(source_id, target_id, actor)
    require(can_merge(actor, source))
    if kind not in (LinkKind.RELATED, LinkKind.CHILD):
        raise RuleViolated("unknown_kind", _("Choose how they belong together."), field="kind")
    if TicketLink.objects.filter(
        ticket=source, target=target, kind=kind, canceled_at=None
    ).exists():
        raise InvalidTransition(_("These cases are linked already."))
    link = TicketLink(kind=kind, ticket=source, target=target, created_by=actor, created_at=now())
    link.save(force_insert=True)
    for case in (source, target):
        record("tickets.linked", link, actor=actor, case=case, note=note)
        save(case)
    return link


@service
def unlink_tickets(link_id: int, *, actor: User, note: str = "") -> TicketLink:
    """Take a link off; merges and splits have their own undo."""
    found = TicketLink.objects.get(pk=link_id)
    source, target = _lock_both(found.ticket_id, found.target_id, actor)
    require(can_merge(actor, source))
    link = TicketLink.objects.select_for_update().get(pk=link_id)
    if link.canceled_at or link.kind in (LinkKind.MERGED, LinkKind.SPLIT):
        raise InvalidTransition(_("This link cannot be removed here."))
    _cancel(link, actor)
    for case in (source, target):
        record("tickets.unlinked", link, actor=actor, case=case, note=note)
        save(case)
    return link
