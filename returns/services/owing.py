"""What a sheet owes and nothing pays any more: people are told, and it is asked for again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, require
from aftersales.kernel.money import written
from aftersales.kernel.services import service
from compliance.models import AuditEvent
from compliance.services import record
from returns.announcements import SHARE_UNPAID
from returns.models import Refund, Reimbursement
from returns.policies import can_settle
from returns.queries.owed import unpaid_damages, unpaid_shares
from returns.services import paying
from returns.services.settling import lock_payments
from returns.services.shared import lock_return, require_text, reread, save_ticket
from staff.models import User
from staff.queries import leads_of
from staff.services import system_actor
from staff.services.notices import NewNotice, notify
from tickets.models import Ticket

# Whoever cancels a refund knows; these come from elsewhere.
LOSSES = ("returns.refund_failed", "returns.refund_declined")


@service
def ask_again(reimbursement_id: int, *, actor: User, note: str) -> Reimbursement:
    """Ask anew for whatever of a sheet failed, was declined or given up, each with its approval.

    The sheet stays as it was performed. Raises ``InvalidTransition`` when nothing is missing.
    """
    seen = Reimbursement.objects.visible_to(actor).only("rma_id").get(pk=reimbursement_id)
    rma, ticket = lock_return(seen.rma_id, actor)
    require(can_settle(actor, rma))
    sheet = Reimbursement.objects.locked().get(pk=reimbursement_id)
    lock_payments(rma.order)
    shares = list(unpaid_shares().filter(reimbursement=sheet).order_by("pk"))
    damages = unpaid_damages().filter(pk=sheet.pk).exists()
    if not (shares or damages):
        raise InvalidTransition(_("All that this sheet owes is paid or under way."))
    require_text(note, "note", least=4, most=500)
    for share in shares:
        share.refund_id = paying.ask_refund(share, actor=actor)
        share.save(update_fields=["refund_id"])
    if damages:
        paying.ask_damages(sheet, actor=actor)
    reread(ticket)
    missing = sum((share.amount for share in shares), sheet.damages if damages else Decimal(0))
    told = {"amount": str(missing), "currency": sheet.currency}
    record("returns.asked_again", sheet, actor=actor, case=ticket, note=note, data=told)
    save_ticket(ticket)
    return sheet


def hear(event: AuditEvent, subject: Any, case: Any) -> None:
    """A refund of a sheet came to nothing: tell whoever asked for it and whoever has the case."""
    if event.code not in LOSSES or subject.basis_type != Reimbursement._meta.label_lower:
        return
    sheet = (
        Reimbursement.objects.filter(pk=subject.basis_key).select_related("rma", "ticket").first()
    )
    if sheet is None:
        return
    people = [one for one in _concerned(subject, sheet.ticket) if one.pk != event.actor_id]
    notify(
        people or leads_of(sheet.ticket.department_id, now()),
        NewNotice(
            code=SHARE_UNPAID,
            source_key=f"share_unpaid:{subject.pk}",
            url=reverse("admin:returns_returnauthorization_change", args=[sheet.rma_id]),
            params={
                "refund": subject.number,
                "return": sheet.rma.number,
                "case": sheet.ticket.number,
                "amount": written(subject.amount, subject.currency),
            },
            case=sheet.ticket,
        ),
        actor=system_actor(),
    )


def _concerned(refund: Refund, ticket: Ticket) -> list[User]:
    """People, not machines, still in service; each once."""
    people = {one.pk: one for one in (refund.requested_by, ticket.assignee) if one}
    return [one for one in people.values() if one.is_active and not one.is_machine]
