"""Who may do what to a case. ``visible_to`` decides who sees it; these decide the verb."""

from __future__ import annotations

from staff.models import User
from tickets.models import Message, SavedView, Ticket
from tickets.querysets import is_system


def may(actor: User, verb: str) -> bool:
    """The right itself, machine included."""
    return is_system(actor) or actor.has_perm(f"tickets.{verb}_ticket")


def can_create(actor: User) -> bool:
    return may(actor, "create")


def can_relay(actor: User) -> bool:
    """Programs only: who talks to customers has doors of his own."""
    return may(actor, "relay")


def can_work(actor: User, ticket: Ticket) -> bool:
    """Acknowledge, assess, route, wait, resolve, reopen."""
    return may(actor, "work")


def can_name_customer(actor: User, ticket: Ticket) -> bool:
    """Say whose a case is that came without a customer."""
    return may(actor, "work")


def can_reply(actor: User, ticket: Ticket) -> bool:
    return may(actor, "reply")


def can_note(actor: User, ticket: Ticket) -> bool:
    return may(actor, "note")


def can_attach(actor: User, ticket: Ticket) -> bool:
    return may(actor, "attach")


def can_investigate(actor: User, ticket: Ticket) -> bool:
    return may(actor, "investigate")


def can_propose(actor: User, ticket: Ticket) -> bool:
    return may(actor, "propose")


def can_close(actor: User, ticket: Ticket) -> bool:
    return may(actor, "close")


def can_merge(actor: User, ticket: Ticket) -> bool:
    return may(actor, "merge")


def can_assign(actor: User, ticket: Ticket, assignee: User | None) -> bool:
    """Anybody who works cases takes and drops their own; others are assigned by leads."""
    if may(actor, "assign"):
        return True
    if not may(actor, "work"):
        return False
    takes = assignee is not None and assignee.pk == actor.pk
    drops = assignee is None and ticket.assignee_id == actor.pk
    return takes or drops


def can_bulk(actor: User) -> bool:
    return may(actor, "bulk")


def can_import(actor: User) -> bool:
    """A file makes thousands of cases at once."""
    return may(actor, "import")


def can_change_view(actor: User, view: SavedView) -> bool:
    """One's own; administrators also those of everybody."""
    return view.owner_id == actor.pk or actor.has_perm("tickets.change_category")


def can_hide(actor: User, message: Message) -> bool:
    return is_system(actor) or actor.has_perm("tickets.hide_message")


def can_undo(actor: User, message: Message) -> bool:
    """Only the author recalls an answer."""
    return message.author_id == actor.pk


def can_retry_mail(actor: User) -> bool:
    return is_system(actor) or actor.has_perm("tickets.retry_outboundmail")


def can_resolve_intake(actor: User) -> bool:
    return is_system(actor) or actor.has_perm("tickets.resolve_rawintake")
