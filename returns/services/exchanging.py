"""Replacements and repeats: orders handed to the shop, price difference both ways."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.money import parse_amount
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.choices import InstructionKind, ReturnKind
from returns.models import ReturnAuthorization, ShopInstruction
from returns.policies import can_authorize, can_confirm
from returns.queries.quantities import SENT_AS, left_to_send
from returns.services import paying
from returns.services.following import follow
from returns.services.requesting import reopen_return
from returns.services.shared import lock_return, require_text, save_ticket
from returns.sheet import first_units
from returns.statuses import InstructionStatus, ReturnStatus, SheetStatus
from staff.models import User
from tickets.models import Ticket

# A replacement leaves once the old article was inspected; a repeat at once.
READY = (ReturnStatus.INSPECTED,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """What is to be sent. ``price`` is that of one piece; left out, it costs the same."""

    sku: str
    name: str
    quantity: int
    price: Decimal | str | None = None


@service
def order_replacement(
    rma_id: int, new: Replacement, *, actor: User, note: str = ""
) -> ShopInstruction:
    """Hand the shop an order to send; what costs more waits until the customer paid the rest.

    Pieces are bounded by the accepted ones. A cheaper article leaves a price difference that goes
    onto the sheet.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_authorize(actor, rma))
    if rma.status not in READY or rma.kind not in SENT_AS:
        raise InvalidTransition(_("Nothing can be ordered for this return now."))
    kind = SENT_AS[ReturnKind(rma.kind)]
    difference = _difference(rma, new, kind)
    instruction = ShopInstruction(
        rma=rma,
        ticket=ticket,
        kind=kind,
        status=InstructionStatus.WAITING if difference > 0 else InstructionStatus.PENDING,
        sku=require_text(new.sku, "sku", least=1, most=64),
        name=require_text(new.name, "name", most=200),
        quantity=new.quantity,
        currency=rma.order.currency,
        price_difference=difference,
        ordered_by=actor,
        ordered_at=now(),
    )
    instruction.save(force_insert=True)
    data = {"variant": str(kind), "sku": instruction.sku, "difference": str(difference)}
    _log("returns.instruction_ordered", instruction, ticket, actor, note=note, data=data)
    return instruction


def _difference(rma: ReturnAuthorization, new: Replacement, kind: str) -> Decimal:
    """New price less what was really paid for the pieces it replaces, shared out as on a sheet: in
    whatever parts they are ordered, all differences add up to the cent."""
    accepted = list(
        rma.items.filter(acceptance_status__in=["accepted", "partly"]).select_related("order_line")
    )
    left = left_to_send(rma)
    if type(new.quantity) is not int or not 1 <= new.quantity <= left:
        raise RuleViolated(
            "bad_quantity",
            _("%(left)s accepted pieces are left to be sent.") % {"left": max(left, 0)},
            field="quantity",
        )
    if new.price in (None, "") or kind != InstructionKind.REPLACEMENT:
        return Decimal(0)
    price = parse_amount(new.price, rma.order.currency, field="price")
    if price < 0:
        raise RuleViolated("negative", _("The amount must not be below zero."), field="price")
    lines = {item.order_line_id: item.order_line for item in accepted}
    if len(lines) != 1:
        raise RuleViolated(
            "several_articles",
            _("A price difference needs one article; order the others apart."),
            field="price",
        )
    (line,) = lines.values()
    before = sum(item.quantity for item in accepted) - left
    upto, already = (
        first_units(line.paid_amount, line.quantity, count, rma.order.currency)
        for count in (before + new.quantity, before)
    )
    return price * new.quantity - (upto - already)


def _log(
    code: str, instruction: ShopInstruction, ticket: Ticket, actor: User, **told: object
) -> None:
    record(code, instruction, actor=actor, case=ticket, **told)  # type: ignore[arg-type]
    save_ticket(ticket)
    follow(ticket)


def _lock(instruction_id: int, actor: User) -> tuple[ShopInstruction, ReturnAuthorization, Ticket]:
    """Case, return, instruction; the shop's account sees instructions without seeing cases."""
    seen = ShopInstruction.objects.visible_to(actor).only("rma_id").get(pk=instruction_id)
    found = ReturnAuthorization.objects.only("ticket_id").get(pk=seen.rma_id)
    ticket = Ticket.objects.locked().get(pk=found.ticket_id)
    rma = ReturnAuthorization.objects.locked().get(pk=seen.rma_id)
    return ShopInstruction.objects.locked().get(pk=instruction_id), rma, ticket


@service
def record_difference_paid(instruction_id: int, *, actor: User, note: str) -> ShopInstruction:
    """The customer paid the higher price; the shop may fetch the order now."""
    instruction, rma, ticket = _lock(instruction_id, actor)
    require(can_authorize(actor, rma))
    move(instruction, InstructionStatus.PENDING)
    require_text(note, "note", least=4, most=500)
    instruction.difference_paid_at = now()
    instruction.save(update_fields=["status", "difference_paid_at"])
    _log("returns.difference_paid", instruction, ticket, actor, note=note)
    return instruction


@service
def confirm_instruction(
    instruction_id: int, *, actor: User, external_id: str, note: str = ""
) -> ShopInstruction:
    """The shop took it over under a number of its own."""
    instruction, _rma, ticket = _lock(instruction_id, actor)
    require(can_confirm(actor, instruction))
    move(instruction, InstructionStatus.CONFIRMED)
    instruction.external_id = require_text(external_id, "external_id", least=1, most=100)
    instruction.confirmed_at = now()
    instruction.save(update_fields=["status", "external_id", "confirmed_at"])
    data = {"external_id": instruction.external_id}
    _log("returns.instruction_confirmed", instruction, ticket, actor, note=note, data=data)
    return instruction


@service
def complete_instruction(instruction_id: int, *, actor: User, note: str = "") -> ShopInstruction:
    """The shop sent the goods, or gave points and coupons back."""
    instruction, rma, ticket = _lock(instruction_id, actor)
    require(can_confirm(actor, instruction))
    move(instruction, InstructionStatus.DONE)
    instruction.done_at = now()
    instruction.save(update_fields=["status", "done_at"])
    paying.finish(rma, ticket)
    _log("returns.instruction_done", instruction, ticket, actor, note=note)
    return instruction


@service
def cancel_instruction(instruction_id: int, *, actor: User, note: str) -> ShopInstruction:
    """Take an order back before it is carried out; points and coupons go with their sheet only.

    A settled return whose articles will not be sent is open again.
    """
    instruction, rma, ticket = _lock(instruction_id, actor)
    require(can_authorize(actor, rma))
    if instruction.kind in (InstructionKind.POINTS, InstructionKind.COUPON):
        raise InvalidTransition(_("This belongs to a sheet; void the sheet."))
    move(instruction, InstructionStatus.CANCELED)
    require_text(note, "note", least=4, most=500)
    instruction.save(update_fields=["status"])
    if rma.status == ReturnStatus.SETTLED:
        if rma.reimbursements.filter(status=SheetStatus.PERFORMED).exists():
            raise InvalidTransition(_("The return is settled with it; void the sheet first."))
        reopen_return(rma)
    _log("returns.instruction_canceled", instruction, ticket, actor, note=note)
    return instruction
