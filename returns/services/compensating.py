"""Compensations from the catalogue: within one grant, the customer's cap and the budget."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.money import parse_amount, written
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.queries import family_of
from returns.choices import CompensationMeans
from returns.models import Compensation, CompensationGrant
from returns.policies import can_grant
from returns.services import paying
from returns.services.shared import require_text, reread, save_ticket
from returns.statuses import GrantStatus
from staff.models import User
from tickets.services.shared import lock_ticket, require_unfinished


@service
def grant_compensation(
    ticket_id: int, code: str, *, actor: User, amount: Decimal | str, note: str
) -> CompensationGrant:
    """Give a compensation on a case; money goes through a refund of its own with its approval.

    The catalogue entry is locked, so that two grants cannot both fit into the rest of a budget.
    """
    ticket = lock_ticket(ticket_id, actor)
    require(can_grant(actor, ticket))
    require_unfinished(ticket)
    if ticket.customer_id is None:
        raise RuleViolated("no_customer", _("Nobody is known to give it to."), field="customer")
    entry = Compensation.objects.select_for_update().filter(code=code, is_active=True).first()
    if entry is None:
        raise RuleViolated("unknown_compensation", _("Not in the catalogue."), field="code")
    worth = parse_amount(amount, entry.currency)
    _require_room(entry, ticket.customer_id, worth)
    grant = CompensationGrant(
        compensation=entry,
        ticket=ticket,
        customer_id=ticket.customer_id,
        amount=worth,
        currency=entry.currency,
        note=require_text(note, "note", least=4, most=300),
        granted_by=actor,
        granted_at=now(),
    )
    grant.save(force_insert=True)
    record(
        "returns.compensated",
        grant,
        actor=actor,
        case=ticket,
        note=grant.note,
        data={"code": code, "amount": str(worth), "currency": entry.currency},
    )
    if entry.means == CompensationMeans.CASH:
        paying.ask_compensation(grant, actor=actor)
        reread(ticket)
    save_ticket(ticket)
    return grant


def _require_room(entry: Compensation, customer_id: int, worth: Decimal) -> None:
    """One grant, this customer's grants and all grants of the period stay within their limits."""
    if worth <= 0:
        raise RuleViolated("not_positive", _("The amount must be above zero."), field="amount")
    if worth > entry.most:
        raise _too_much("above_grant", _("At most %(most)s each."), entry.most, entry.currency)
    since = now() - timedelta(days=entry.period_days)
    live = entry.grants.filter(granted_at__gte=since, status=GrantStatus.GRANTED)
    left = entry.customer_cap - _sum(live.filter(customer__in=family_of(customer_id)))
    if worth > left:
        text = _("This customer may get %(most)s more in this period.")
        raise _too_much("above_cap", text, left, entry.currency)
    left = entry.budget - _sum(live)
    if worth > left:
        text = _("The budget has %(most)s left in this period.")
        raise _too_much("above_budget", text, left, entry.currency)


def _too_much(code: str, text: object, most: Decimal, currency: str) -> RuleViolated:
    said = {"most": written(max(most, Decimal(0)), currency)}
    return RuleViolated(code, str(text) % said, field="amount")


def _sum(grants: QuerySet[CompensationGrant]) -> Decimal:
    return grants.aggregate(Sum("amount"))["amount__sum"] or Decimal(0)


@service
def withdraw_compensation(grant_id: int, *, actor: User, note: str) -> CompensationGrant:
    """Take back what was granted by mistake; its budget is free again. Not what was paid out."""
    seen = CompensationGrant.objects.visible_to(actor).only("ticket_id").get(pk=grant_id)
    ticket = lock_ticket(seen.ticket_id, actor)
    require(can_grant(actor, ticket))
    grant = CompensationGrant.objects.locked().get(pk=grant_id)
    move(grant, GrantStatus.WITHDRAWN)
    require_text(note, "note", least=4, most=300)
    if paying.has_live_payout(grant):
        raise RuleViolated("being_paid", _("Cancel its refund first."))
    grant.save(update_fields=["status"])
    record("returns.compensation_withdrawn", grant, actor=actor, case=ticket, note=note)
    save_ticket(ticket)
    return grant
