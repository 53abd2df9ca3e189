"""Who may do what on a leg. ``visible_to`` decides who sees it; these decide the verb."""

from __future__ import annotations

from handoffs.choices import HandoffKind
from handoffs.models import CaseExample, Handoff
from staff.models import User
from tickets.models import Ticket
from tickets.querysets import is_system


def may(actor: User, verb: str) -> bool:
    """The right itself, machine included."""
    return is_system(actor) or actor.has_perm(f"handoffs.{verb}_handoff")


def can_send(actor: User, ticket: Ticket, kind: str = HandoffKind.ASSIST) -> bool:
    """Whoever works on a case asks others; only its own department gives it away."""
    if kind == HandoffKind.TRANSFER and not is_system(actor):
        return may(actor, "send") and actor.department_id == ticket.department_id
    return may(actor, "send")


def is_giver(actor: User, handoff: Handoff) -> bool:
    """Of the department that asked, or of the one that has the case now."""
    return is_system(actor) or actor.department_id in (
        handoff.from_department_id,
        handoff.ticket.department_id,
    )


def is_receiver(actor: User, handoff: Handoff) -> bool:
    return is_system(actor) or (
        handoff.to_department_id is not None and actor.department_id == handoff.to_department_id
    )


def can_manage(actor: User, handoff: Handoff) -> bool:
    """Send again, re-route, withdraw, accept the answer: the asking side."""
    return may(actor, "send") and is_giver(actor, handoff)


def can_accept(actor: User, handoff: Handoff) -> bool:
    """The asked department; who takes a whole case over must be able to work on it."""
    if handoff.is_transfer and not (is_system(actor) or actor.has_perm("tickets.work_ticket")):
        return False
    return may(actor, "answer") and is_receiver(actor, handoff)


def can_answer(actor: User, handoff: Handoff) -> bool:
    """Answer, return, decline: the asked side; what an outsider said is written by the giver."""
    if handoff.is_external:
        return can_manage(actor, handoff)
    return may(actor, "answer") and is_receiver(actor, handoff)


def can_assign(actor: User, handoff: Handoff, assignee: User | None) -> bool:
    """People take and drop their own; others are assigned by leads of the asked department."""
    if not is_receiver(actor, handoff):
        return False
    if may(actor, "assign"):
        return True
    takes = assignee is not None and assignee.pk == actor.pk
    drops = assignee is None and handoff.assignee_id == actor.pk
    return may(actor, "answer") and (takes or drops)


def can_set_responsibility(actor: User) -> bool:
    return actor.has_perm("handoffs.change_responsibilityrule")


def can_propose_example(actor: User, ticket: Ticket) -> bool:
    return actor.has_perm("handoffs.propose_caseexample")


def can_approve_example(actor: User, example: CaseExample) -> bool:
    """A lead, and never one's own proposal."""
    return actor.has_perm("handoffs.approve_caseexample") and example.proposed_by_id != actor.pk


def can_withdraw_example(actor: User, example: CaseExample) -> bool:
    return actor.has_perm("handoffs.approve_caseexample") or example.proposed_by_id == actor.pk
