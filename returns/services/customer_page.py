"""What a customer does about goods on the status page; one form has one effect however often it is
sent, and a case that is over takes nothing more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.errors import InvalidTransition
from aftersales.kernel.services import service
from returns.models import ReturnAuthorization, ReturnParcel
from returns.services.parcels import announce_parcel
from returns.services.requesting import NewReturn, appeal_return, cancel_return, request_return
from returns.services.shared import lock_return
from returns.statuses import ReturnStatus
from staff.models import User
from tickets.services.customer_page import require_going_on, use_once
from tickets.services.shared import lock_ticket


@service
def ask_on_page(
    ticket_id: int, new: NewReturn, *, actor: User, form_key: str
) -> ReturnAuthorization | None:
    """Ask for a return once per form and what it held; ``None`` for a repeat."""
    if not use_once(f"return:{form_key}", actor):
        return None
    require_going_on(lock_ticket(ticket_id, actor))
    return request_return(ticket_id, new, actor=actor)


@service
def withdraw_on_page(rma_id: int, *, actor: User, note: str) -> ReturnAuthorization:
    """The customer keeps the goods after all; staff may still cancel on a resolved case."""
    rma, ticket = lock_return(rma_id, actor)
    if rma.status == ReturnStatus.CANCELED:
        raise InvalidTransition(_("We have your withdrawal already."))
    require_going_on(ticket)
    if not ReturnStatus(rma.status).can_become(ReturnStatus.CANCELED):
        raise InvalidTransition(_("It is too late to withdraw this. Write to us if you need help."))
    return cancel_return(rma_id, actor=actor, note=note)


@service
def announce_on_page(
    rma_id: int, *, actor: User, carrier: str, tracking_number: str
) -> ReturnParcel:
    """The customer sent the goods; a resolved case still waits for those that were promised a way
    back."""
    _rma, ticket = lock_return(rma_id, actor)
    require_going_on(ticket, is_resolved_fine=True)
    return announce_parcel(rma_id, actor=actor, carrier=carrier, tracking_number=tracking_number)


@service
def appeal_on_page(rma_id: int, *, actor: User, note: str = "") -> ReturnAuthorization:
    """The customer asks for a person to look again at a refusal."""
    _rma, ticket = lock_return(rma_id, actor)
    require_going_on(ticket)
    return appeal_return(rma_id, actor=actor, note=note)
