"""Who may do what to goods coming back."""

from __future__ import annotations

from returns.models import ReturnAuthorization, ShopInstruction
from staff.models import User
from tickets.models import Ticket
from tickets.querysets import is_system


def may(actor: User, verb: str) -> bool:
    """The right itself, machine included."""
    return is_system(actor) or actor.has_perm(f"returns.{verb}_returnauthorization")


def can_request(actor: User, ticket: Ticket) -> bool:
    return may(actor, "request")


def can_authorize(actor: User, rma: ReturnAuthorization) -> bool:
    return may(actor, "authorize")


def can_override(actor: User, rma: ReturnAuthorization) -> bool:
    """Against the verdict: a person with the right, never the machine."""
    return actor.has_perm("returns.override_returnauthorization")


def can_receive(actor: User, rma: ReturnAuthorization) -> bool:
    return may(actor, "receive")


def can_inspect(actor: User, rma: ReturnAuthorization) -> bool:
    return may(actor, "inspect")


def can_settle(actor: User, rma: ReturnAuthorization) -> bool:
    return may(actor, "settle")


def can_confirm(actor: User, instruction: ShopInstruction) -> bool:
    return is_system(actor) or actor.has_perm("returns.confirm_shopinstruction")


def can_grant(actor: User, ticket: Ticket) -> bool:
    return actor.has_perm("returns.grant_compensation")


def can_see_costs(actor: User) -> bool:
    """Who sees the catalogue with its budgets sees what was spent of them."""
    return actor.has_perm("returns.view_compensation") and actor.has_perm(
        "returns.view_compensationgrant"
    )


def can_revise_policy(actor: User) -> bool:
    return is_system(actor) or actor.has_perm("returns.revise_returnpolicy")
