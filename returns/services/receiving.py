"""The bench: what arrived of what was expected, what did not, and what nobody expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.choices import Disposition
from returns.models import ReturnAuthorization, ReturnItem, UnexpectedItem
from returns.policies import can_authorize, can_receive
from returns.querysets import AT_THE_BENCH
from returns.services.following import follow
from returns.services.shared import (
    Locked,
    keep,
    lock_return,
    require_choice,
    require_text,
    save_ticket,
)
from returns.statuses import ReceptionStatus, ReturnStatus
from staff.models import User

ARRIVALS = (
    ReceptionStatus.RECEIVED,
    ReceptionStatus.SHORT,
    ReceptionStatus.WRONG_ITEM,
    ReceptionStatus.LOST,
)
BENCH = (ReturnStatus.AUTHORIZED, ReturnStatus.IN_TRANSIT, ReturnStatus.RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How many pieces of an item came to what; the rest of the item stays as it is."""

    item: int
    quantity: int
    status: str = ReceptionStatus.RECEIVED
    serial_number: str = ""


@service
def receive_items(
    rma_id: int, receipts: Sequence[Receipt], *, actor: User, note: str = ""
) -> ReturnAuthorization:
    """Write down what the bench found; part quantities become items of their own.

    The first article that arrives starts the refund's time (received at the warehouse counts, not
    the inspection). Raises for more pieces than expected: those are unexpected goods.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_receive(actor, rma))
    _require_bench(rma)
    if not receipts:
        raise RuleViolated("no_pieces", _("Say what arrived."), field="receipts")
    items = {item.pk: item for item in _lock_items(rma)}
    told = []
    for receipt in receipts:
        item = items.get(receipt.item)
        if item is None:
            raise RuleViolated("foreign_item", _("Not an item of this return."), field="item")
        told.append(_receive(item, receipt, actor))
    is_first = rma.received_at is None and any(one["status"] == "received" for one in told)
    if is_first:
        rma.received_at = now()
    if rma.status != ReturnStatus.RECEIVED:
        move(rma, ReturnStatus.RECEIVED)
        rma.received_at = rma.received_at or now()
    keep(
        rma,
        ticket,
        "status",
        "received_at",
        code="returns.received",
        actor=actor,
        note=note,
        data={"variant": "first" if is_first else "more", "items": told},
    )
    follow(ticket)
    return rma


def _require_bench(rma: ReturnAuthorization) -> None:
    if rma.status not in BENCH:
        raise InvalidTransition(
            _("%(return)s is “%(status)s”; nothing is received for it now.")
            % {"return": rma, "status": ReturnStatus(rma.status).label},
        )


def _lock_items(rma: ReturnAuthorization) -> list[ReturnItem]:
    return list(ReturnItem.objects.filter(rma=rma).order_by("pk").locked())


def _receive(item: ReturnItem, receipt: Receipt, actor: User) -> dict[str, object]:
    require_choice(receipt.status, [status.value for status in ARRIVALS], "status")
    part = split(item, receipt.quantity)
    move(part, ReceptionStatus(receipt.status), field="reception_status")
    part.serial_number = receipt.serial_number.strip()[:64]
    if part.is_arrived:
        part.received_at, part.received_by = now(), actor
    part.save()
    return {"item": part.pk, "quantity": part.quantity, "status": str(part.reception_status)}


def split(item: ReturnItem, quantity: int) -> ReturnItem:
    """The item itself when all of it is meant, else a new one with that part of its quantity.

    The item shrinks first, so that the sum per order line never exceeds what was bought. The new
    part is not saved yet.
    """
    if type(quantity) is not int or not 1 <= quantity <= item.quantity:
        raise RuleViolated(
            "bad_quantity",
            _("Of this article %(count)s are expected.") % {"count": item.quantity},
            field="quantity",
        )
    if quantity == item.quantity:
        return item
    item.quantity -= quantity
    item.save(update_fields=["quantity"])
    return ReturnItem(
        rma=item.rma,
        ticket_id=item.ticket_id,
        order_line_id=item.order_line_id,
        quantity=quantity,
        split_from=item,
        stated_condition=item.stated_condition,
        reception_status=item.reception_status,
        acceptance_status=item.acceptance_status,
        serial_number=item.serial_number,
        received_at=item.received_at,
        received_by_id=item.received_by_id,
    )


@service
def waive_item(item_id: int, *, actor: User, note: str) -> ReturnItem:
    """Let an article stay where it is; it is then decided without having come back."""
    item, (rma, ticket) = lock_item(item_id, actor)
    require(can_authorize(actor, rma))
    _require_bench(rma)
    move(item, ReceptionStatus.WAIVED, field="reception_status")
    require_text(note, "note", least=4, most=500)
    item.save(update_fields=["reception_status"])
    if rma.status != ReturnStatus.RECEIVED:
        move(rma, ReturnStatus.RECEIVED)
        rma.received_at = now()
        rma.save(update_fields=["status", "received_at"])
    keep(rma, ticket, code="returns.item_waived", actor=actor, note=note, subject=item)
    follow(ticket)
    return item


def lock_item(item_id: int, actor: User) -> tuple[ReturnItem, Locked]:
    """Case, return and item, locked in that order."""
    found = ReturnItem.objects.visible_to(actor).only("rma_id").get(pk=item_id)
    locked = lock_return(found.rma_id, actor)
    return ReturnItem.objects.locked().get(pk=item_id), locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something in the parcel that was not announced."""

    text: str
    quantity: int = 1
    code: str = ""


@service
def record_unexpected(rma_id: int, found: Found, *, actor: User, note: str = "") -> UnexpectedItem:
    """Write down goods nobody announced; what becomes of them is decided apart."""
    rma, ticket = lock_return(rma_id, actor)
    require(can_receive(actor, rma))
    if rma.status not in AT_THE_BENCH:
        raise InvalidTransition(
            _("%(return)s is “%(status)s”; nothing is received for it now.")
            % {"return": rma, "status": ReturnStatus(rma.status).label},
        )
    if type(found.quantity) is not int or not 1 <= found.quantity <= 10_000:
        raise RuleViolated(
            "bad_quantity", _("The quantity must be a whole number from 1."), field="quantity"
        )
    item = UnexpectedItem(
        rma=rma,
        ticket=ticket,
        code=found.code.strip()[:64],
        text=require_text(found.text, "text", most=200),
        quantity=found.quantity,
        found_by=actor,
        found_at=now(),
    )
    item.save(force_insert=True)
    record("returns.unexpected_found", item, actor=actor, case=ticket, note=note)
    save_ticket(ticket)
    return item


@service
def decide_unexpected(
    unexpected_id: int, *, actor: User, disposition: str, note: str = ""
) -> UnexpectedItem:
    """Say what becomes of goods nobody announced; once."""
    seen = UnexpectedItem.objects.visible_to(actor).only("rma_id").get(pk=unexpected_id)
    rma, ticket = lock_return(seen.rma_id, actor)
    item = UnexpectedItem.objects.locked().get(pk=unexpected_id)
    require(can_receive(actor, rma) or can_authorize(actor, rma))
    if item.disposition:
        raise InvalidTransition(_("This was decided before."))
    item.disposition = require_choice(disposition, Disposition.values, "disposition")
    item.decided_by, item.decided_at = actor, now()
    item.save(update_fields=["disposition", "decided_by", "decided_at"])
    record(
        "returns.unexpected_decided",
        item,
        actor=actor,
        case=ticket,
        note=note,
        data={"disposition": disposition},
    )
    save_ticket(ticket)
    return item
