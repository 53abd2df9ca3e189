"""Who may do what with money. ``visible_to`` decides who sees it; these decide the verb."""

from __future__ import annotations

from datetime import datetime, timedelta

from returns.models import Refund
from staff.models import User
from staff.querysets import is_system

# How long an entered password counts as fresh.
FRESH = timedelta(minutes=5)


def can_request(actor: User) -> bool:
    return is_system(actor) or actor.has_perm("returns.request_refund")


def can_edit(actor: User, refund: Refund) -> bool:
    """Whoever may ask for refunds may correct one they see, and so may no longer approve it."""
    return can_request(actor)


def can_decide(actor: User) -> bool:
    """Approve, decline, ask back: people only, never the machine."""
    return not is_system(actor) and actor.has_perm("returns.approve_refund")


def holds_role(person: User, role: str) -> bool:
    """Whether somebody's own role is the one a tier asks for, here and now."""
    return person.is_active and role in person.roles and can_decide(person)


def is_fresh(proof: datetime | None, moment: datetime) -> bool:
    """Whether the password was entered just now."""
    return proof is not None and moment - FRESH <= proof <= moment


def can_release(actor: User) -> bool:
    return not is_system(actor) and actor.has_perm("returns.release_refund")


def can_send(actor: User) -> bool:
    """Sending and what follows from a gateway's answer is the machine's alone."""
    return is_system(actor)


def can_pay(actor: User) -> bool:
    """Transfer by hand, confirm, book, reconcile."""
    return not is_system(actor) and actor.has_perm("returns.pay_refund")


def can_redeem(actor: User) -> bool:
    return actor.has_perm("returns.redeem_storecredit")
