"""Repairs at a vendor's: quote, the customer's consent, time limits, the second-repair rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.money import parse_amount
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.choices import RepairCause, ReturnKind
from returns.models import Repair, ReturnAuthorization
from returns.policies import can_authorize, can_inspect
from returns.services.following import follow, take_up
from returns.services.receiving import lock_item
from returns.services.shared import lock_return, require_text, save_ticket
from returns.statuses import AcceptanceStatus, RepairStatus, ReturnStatus
from staff.models import User
from tickets.models import Ticket

# Failed attempts after which the customer need not wait for another (三包 11).
MOST_FAILED = 2
LIVE = (
    RepairStatus.PLANNED,
    RepairStatus.QUOTED,
    RepairStatus.CONSENTED,
    RepairStatus.IN_REPAIR,
)


@service
def plan_repair(item_id: int, *, actor: User, vendor: str, note: str = "") -> Repair:
    """Give an accepted article to a repairer; refused after two failed attempts (三包 11)."""
    item, (rma, ticket) = lock_item(item_id, actor)
    require(can_authorize(actor, rma))
    if rma.kind != ReturnKind.REPAIR or rma.status != ReturnStatus.INSPECTED:
        raise InvalidTransition(_("This return is not ready for a repair."))
    if item.acceptance_status == AcceptanceStatus.DECLINED:
        raise InvalidTransition(_("This article was declined."))
    attempts = Repair.objects.filter(item__order_line=item.order_line_id)
    if attempts.filter(item=item, status__in=LIVE).exists():
        raise InvalidTransition(_("A repair of this article is under way."))
    if attempts.filter(status=RepairStatus.FAILED).count() >= MOST_FAILED:
        raise RuleViolated(
            "second_repair_failed",
            _("Two repairs failed: exchange it or take it back (three guarantees, art. 11)."),
        )
    repair = Repair(
        rma=rma,
        ticket=ticket,
        item=item,
        vendor=require_text(vendor, "vendor", most=120),
        planned_by=actor,
        planned_at=now(),
    )
    repair.save(force_insert=True)
    _log("returns.repair_planned", repair, ticket, actor, note=note)
    return repair


def _log(code: str, repair: Repair, ticket: Ticket, actor: User, **told: Any) -> None:
    record(code, repair, actor=actor, case=ticket, **told)
    save_ticket(ticket)
    follow(ticket)


def _lock(repair_id: int, actor: User) -> tuple[Repair, ReturnAuthorization, Ticket]:
    seen = Repair.objects.visible_to(actor).only("rma_id").get(pk=repair_id)
    rma, ticket = lock_return(seen.rma_id, actor)
    require(can_authorize(actor, rma) or can_inspect(actor, rma))
    return Repair.objects.locked().get(pk=repair_id), rma, ticket


@service
def quote_repair(repair_id: int, *, actor: User, amount: Decimal | str, note: str = "") -> Repair:
    """The vendor's price for a repair the customer has to pay; now it is the customer's turn."""
    repair, rma, ticket = _lock(repair_id, actor)
    move(repair, RepairStatus.QUOTED)
    price = parse_amount(amount, rma.order.currency)
    if price <= 0:
        raise RuleViolated("not_positive", _("The amount must be above zero."), field="amount")
    repair.quote, repair.currency = price, rma.order.currency
    repair.save(update_fields=["status", "quote", "currency"])
    data = {"amount": str(price), "currency": repair.currency}
    _log("returns.repair_quoted", repair, ticket, actor, note=note, data=data)
    take_up(ticket)
    return repair


@service
def answer_quote(repair_id: int, *, actor: User, agrees: bool, words: str) -> Repair:
    """The customer's answer to the price, in their words; without it nothing is repaired."""
    repair, _rma, ticket = _lock(repair_id, actor)
    move(repair, RepairStatus.CONSENTED if agrees else RepairStatus.REFUSED)
    repair.consent = require_text(words, "words", least=2, most=300)
    repair.save(update_fields=["status", "consent"])
    code = "returns.repair_consented" if agrees else "returns.repair_refused"
    _log(code, repair, ticket, actor, note=repair.consent)
    return repair


@service
def start_repair(repair_id: int, *, actor: User, note: str = "") -> Repair:
    """Hand the article in; 30 days run from here (三包 12)."""
    repair, _rma, ticket = _lock(repair_id, actor)
    move(repair, RepairStatus.IN_REPAIR)
    repair.handed_in_at = now()
    repair.save(update_fields=["status", "handed_in_at"])
    _log("returns.repair_started", repair, ticket, actor, note=note)
    return repair


@service
def wait_for_parts(repair_id: int, *, actor: User, note: str) -> Repair:
    """State that parts are missing; the limit is then 90 days from handing in (三包 12)."""
    repair, _rma, ticket = _lock(repair_id, actor)
    if repair.status != RepairStatus.IN_REPAIR or repair.cause == RepairCause.PARTS:
        raise InvalidTransition(_("This is known already, or the article is not in repair."))
    repair.cause = RepairCause.PARTS
    repair.save(update_fields=["cause"])
    require_text(note, "note", least=4, most=300)
    _log("returns.repair_waits_for_parts", repair, ticket, actor, note=note)
    return repair


@service
def finish_repair(repair_id: int, *, actor: User, is_repaired: bool, result: str) -> Repair:
    """It works again, or it could not be repaired."""
    repair, _rma, ticket = _lock(repair_id, actor)
    move(repair, RepairStatus.REPAIRED if is_repaired else RepairStatus.FAILED)
    repair.result = require_text(result, "result", least=2, most=300)
    repair.finished_at = now()
    repair.save(update_fields=["status", "result", "finished_at"])
    data = {"variant": str(repair.status)}
    _log("returns.repair_finished", repair, ticket, actor, note=repair.result, data=data)
    return repair
