"""Steps several verbs share. Nothing here is a verb of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated
from aftersales.kernel.money import parse_amount
from aftersales.kernel.refs import in_each_language
from compliance.models import AuditEvent
from compliance.services import record
from handoffs.choices import Side, TurnVerb
from handoffs.models import Handoff, HandoffFile, HandoffTurn
from handoffs.services.telling import tell
from handoffs.statuses import HandoffStatus
from staff.models import Department, User
from staff.services import system_actor
from tickets.choices import Party
from tickets.models import Attachment, Ticket
from tickets.services.files import NewFile, store
from tickets.services.handling import resume, wait
from tickets.services.shared import lock_ticket
from tickets.services.shared import save as save_ticket
from tickets.statuses import TicketStatus

MOST_FILES = 10

# A file just sent, or the id of one the case has already.
GivenFile = NewFile | int


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Who is responsible, and the cost charged to that party, if any."""

    responsible_party: str
    amount: object = None
    currency: str = ""


def lock_leg(handoff_id: int, actor: User) -> Handoff:
    """The leg, locked after its case, if the actor sees it; raises ``Handoff.DoesNotExist``."""
    found = Handoff.objects.visible_to(actor).only("ticket_id").get(pk=handoff_id)
    ticket = lock_ticket(found.ticket_id, actor)
    leg = Handoff.objects.locked().get(pk=handoff_id)
    leg.ticket = ticket
    return leg


def require_status(leg: Handoff, *allowed: HandoffStatus) -> None:
    """Refuse a verb that does not start from where the leg is."""
    status = HandoffStatus(leg.status)
    if status not in allowed:
        raise InvalidTransition(
            _("%(leg)s is “%(status)s”; this cannot be done now.")
            % {"leg": leg, "status": status.label},
            allowed=[state.value for state in status.allowed],
        )


def settle(
    leg: Handoff, verb: TurnVerb, *, actor: User, text: str = "", by_name: str = ""
) -> HandoffTurn:
    """Write the turn and the event, then leg and case: their promises may move with the event."""
    turn = HandoffTurn(
        handoff=leg,
        ticket_id=leg.ticket_id,
        verb=verb,
        status=leg.status,
        side=leg.side,
        department=_department_with_the_turn(leg),
        text=text,
        by=actor,
        by_name=by_name,
        at=now(),
    )
    turn.save(force_insert=True)
    outsider = {"outsider": by_name} if by_name else {}
    record(
        f"handoffs.{verb.value}",
        leg,
        actor=actor,
        case=leg.ticket,
        note=text,
        data={
            "variant": "pause" if leg.pauses_case else "run",
            "from": leg.from_department.code,
            "to": leg.to_department.code if leg.to_department else leg.party_name,
            **outsider,
        },
    )
    leg.save()
    save_ticket(leg.ticket)
    tell(leg, turn, actor=actor)
    return turn


def _department_with_the_turn(leg: Handoff) -> Department | None:
    if leg.side == Side.RECEIVER:
        return leg.to_department
    return leg.from_department if leg.side == Side.GIVER else None


def hold_case(leg: Handoff) -> None:
    """Put the case on hold if the leg wants it and we have the turn; before ``settle``.

    A case that waits for the customer keeps waiting for the customer.
    """
    if not leg.pauses_case:
        return
    ticket = leg.ticket
    if ticket.status in (TicketStatus.NEW, TicketStatus.OPEN):
        leg.ticket = wait(
            ticket.pk,
            actor=system_actor(),
            status=TicketStatus.ON_HOLD,
            note=in_each_language(lambda: f"{leg.number} → {leg.receiver}"),
        )
        leg.holds_case = True
    elif ticket.status == TicketStatus.ON_HOLD:
        leg.holds_case = _others_hold(leg)


def release_case(leg: Handoff) -> None:
    """Take the case off hold when this was the last leg that held it; before ``settle``.

    What a person put on hold meanwhile stays on hold.
    """
    if not leg.holds_case:
        return
    leg.holds_case = False
    is_held = leg.ticket.status == TicketStatus.ON_HOLD
    if is_held and not _others_hold(leg) and not _held_by_a_person(leg.ticket):
        leg.ticket = resume(
            leg.ticket_id,
            actor=system_actor(),
            note=in_each_language(lambda: f"{leg.number} ← {leg.receiver}"),
        )


def _others_hold(leg: Handoff) -> bool:
    return leg.ticket.handoffs.filter(holds_case=True).exclude(pk=leg.pk).exists()


def _held_by_a_person(ticket: Ticket) -> bool:
    """Whether the last hold on record was somebody's own."""
    holds = AuditEvent.objects.filter(case_id=ticket.pk, code="tickets.waiting")
    last = holds.order_by("-id").first()
    return last is not None and last.actor_id != system_actor().pk


def keep_files(turn: HandoffTurn, files: Iterable[tuple[str, GivenFile]], *, actor: User) -> None:
    """Put files with the case and the leg, each under the field it answers ('' for none).

    Raises ``RuleViolated`` for too many, a bad one, or one of another case.
    """
    chosen = list(files)
    if len(chosen) > MOST_FILES:
        raise RuleViolated(
            "too_many_files",
            _("Please send at most %(most)s files at once.") % {"most": MOST_FILES},
            field="files",
        )
    for field, given in chosen:
        if isinstance(given, NewFile):
            attachment = store(
                turn.handoff.ticket, given, actor=actor, message=None, is_internal=True
            )
        else:
            attachment = _file_of_case(turn.ticket_id, given)
            if turn.handoff.files.filter(attachment=attachment).exists():
                continue
        HandoffFile(
            handoff=turn.handoff,
            ticket_id=turn.ticket_id,
            turn=turn,
            attachment=attachment,
            field=field,
        ).save(force_insert=True)


def _file_of_case(ticket_id: int, attachment_id: int) -> Attachment:
    attachment = Attachment.objects.filter(ticket=ticket_id, pk=attachment_id).first()
    if attachment is None:
        raise RuleViolated("foreign_file", _("This file belongs to another case."), field="files")
    return attachment


def apply_charge(leg: Handoff, charge: Charge | None) -> None:
    """Note who is responsible and what it costs them; raises for an unknown party or amount."""
    if charge is None:
        return
    if charge.responsible_party not in Party.values:
        raise RuleViolated(
            "unknown_party", _("Choose who is responsible."), field="responsible_party"
        )
    leg.responsible_party = charge.responsible_party
    if charge.amount in (None, ""):
        leg.cost_amount, leg.cost_currency = None, ""
        return
    amount = parse_amount(charge.amount, charge.currency, field="cost_amount")
    if amount <= 0:
        raise RuleViolated("not_positive", _("A cost is more than nothing."), field="cost_amount")
    leg.cost_amount, leg.cost_currency = amount, charge.currency
