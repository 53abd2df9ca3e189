"""Performing the sheet: the same calculation as the preview, once, under locks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.money import figure, parse_amount
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Order, Payment
from returns.choices import ReturnKind
from returns.models import (
    Reimbursement,
    ReimbursementLine,
    ReimbursementShare,
    ReturnAuthorization,
    ShopInstruction,
)
from returns.policies import can_settle
from returns.queries.deal import IN_KIND, NO_EXTRAS, Extras, sheet_of
from returns.queries.quantities import left_to_send
from returns.services import paying
from returns.services.following import follow
from returns.services.requesting import reopen_return
from returns.services.shared import keep, lock_return, require_text, reread, save_ticket
from returns.sheet import Sheet
from returns.statuses import (
    InstructionStatus,
    RepairStatus,
    ReturnStatus,
    SheetStatus,
)
from staff.models import User
from tickets.models import Ticket


@service
def settle_return(
    rma_id: int,
    *,
    actor: User,
    extras: Extras = NO_EXTRAS,
    seen: str = "",
    note: str = "",
) -> ReturnAuthorization:
    """Write down what is owed and ask for its refunds; the return is settled.

    ``seen`` is the digest of the sheet that was shown: another one now is refused. Refuses a sheet
    the payments cannot cover, and a remedy that was not ordered yet.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_settle(actor, rma))
    move(rma, ReturnStatus.SETTLED)
    _require_remedy(rma)
    check_extras(extras, rma.order.currency)
    lock_payments(rma.order)
    sheet = sheet_of(rma, extras)
    _require_coverable(sheet, seen)
    rma.settled_at = now()
    rma.save(update_fields=["status", "settled_at"])
    if sheet.lines:
        _perform(rma, ticket, sheet, actor, note)
        reread(ticket)
    record(
        "returns.settled",
        rma,
        actor=actor,
        case=ticket,
        note=note,
        data={"variant": rma.kind, "total": str(sheet.total), "currency": sheet.currency},
    )
    paying.finish(rma, ticket)
    save_ticket(ticket)
    follow(ticket)
    return rma


def lock_payments(order: Order) -> list[Payment]:
    """The order's payments in order of key; what they can give back stands still."""
    return list(Payment.objects.filter(order=order).order_by("pk").select_for_update(of=("self",)))


def read_extras(given: Mapping[str, Any], currency: str) -> Extras:
    """Extras from what somebody typed or sent; raises ``RuleViolated`` for what is no amount."""
    names = ("return_postage", "waived_card_fee", "damages")
    amounts = {name: parse_amount(given.get(name) or "0", currency, field=name) for name in names}
    return Extras(**amounts, damages_basis=str(given.get("damages_basis") or ""))


def check_extras(extras: Extras, currency: str) -> None:
    """Exact amounts, none below zero; damages need their ground."""
    for name in ("return_postage", "waived_card_fee", "damages"):
        if parse_amount(getattr(extras, name), currency, field=name) < 0:
            raise RuleViolated("negative", _("The amount must not be below zero."), field=name)
    if extras.damages:
        require_text(extras.damages_basis, "damages_basis", least=2, most=100)


def _require_coverable(sheet: Sheet, seen: str) -> None:
    if seen and seen != sheet.digest:
        raise RuleViolated(
            "sheet_changed", _("The sheet has changed since you looked at it. Look again.")
        )
    if sheet.shortfall:
        raise RuleViolated(
            "above_paid",
            _("%(amount)s %(currency)s are owed beyond what the payments can give back.")
            % {"amount": figure(sheet.shortfall, sheet.currency), "currency": sheet.currency},
        )


def _require_remedy(rma: ReturnAuthorization) -> None:
    """What was promised instead of money must be under way before the return is settled."""
    owed = rma.items.filter(acceptance_status__in=["accepted", "partly"]).exists()
    if not owed:
        return
    if rma.kind in (ReturnKind.EXCHANGE, ReturnKind.RESHIP) and (left := left_to_send(rma)) > 0:
        raise InvalidTransition(
            _("Order the replacement from the shop first: %(left)s accepted pieces are left.")
            % {"left": left}
        )
    if rma.kind == ReturnKind.REPAIR:
        done = [RepairStatus.REPAIRED, RepairStatus.FAILED, RepairStatus.REFUSED]
        if not rma.repairs.filter(status__in=done).exists():
            raise InvalidTransition(_("Finish the repair first."))


def _perform(
    rma: ReturnAuthorization, ticket: Ticket, sheet: Sheet, actor: User, note: str
) -> Reimbursement:
    reimbursement = Reimbursement(
        rma=rma,
        ticket=ticket,
        currency=sheet.currency,
        total=sheet.total,
        damages=sheet.damages,
        digest=sheet.digest,
        performed_by=actor,
        performed_at=now(),
    )
    reimbursement.save(force_insert=True)
    _write_lines(reimbursement, sheet)
    record(
        "returns.reimbursed",
        reimbursement,
        actor=actor,
        case=ticket,
        note=note,
        data={
            "total": str(sheet.total),
            "damages": str(sheet.damages),
            "currency": sheet.currency,
            "digest": sheet.digest,
        },
    )
    _write_shares(reimbursement, sheet, actor)
    if sheet.damages:
        paying.ask_damages(reimbursement, actor=actor)
    return reimbursement


def _write_lines(reimbursement: Reimbursement, sheet: Sheet) -> None:
    for position, line in enumerate(sheet.lines, start=1):
        ReimbursementLine(
            reimbursement=reimbursement,
            rma_id=reimbursement.rma_id,
            ticket_id=reimbursement.ticket_id,
            position=position,
            kind=line.kind,
            order_line_id=line.line,
            item_id=line.item,
            quantity=line.quantity,
            amount=line.amount,
            basis=line.basis[:120],
            text=line.en[:300],
            text_zh=line.zh[:300],
        ).save(force_insert=True)


def _write_shares(reimbursement: Reimbursement, sheet: Sheet, actor: User) -> None:
    """Each tender gets its own share back: money by a refund, points and coupons in kind."""
    payments = {one.pk: one for one in Payment.objects.filter(order=reimbursement.rma.order)}
    for tender, amount in sheet.shares:
        share = ReimbursementShare(
            reimbursement=reimbursement,
            rma_id=reimbursement.rma_id,
            ticket_id=reimbursement.ticket_id,
            payment=payments[tender.payment],
            amount=amount,
            is_in_kind=tender.is_in_kind,
        )
        if tender.is_in_kind:
            _give_in_kind(share, actor)
        else:
            share.refund_id = paying.ask_refund(share, actor=actor)
        share.save(force_insert=True)


def _give_in_kind(share: ReimbursementShare, actor: User) -> None:
    ShopInstruction(
        rma_id=share.rma_id,
        ticket_id=share.ticket_id,
        kind=IN_KIND[share.payment.method],
        amount=share.amount,
        currency=share.payment.currency,
        ordered_by=actor,
        ordered_at=now(),
    ).save(force_insert=True)


@service
def close_return(rma_id: int, *, actor: User, note: str = "") -> ReturnAuthorization:
    """End a settled return once its money arrived and the shop has done its part."""
    rma, ticket = lock_return(rma_id, actor)
    require(can_settle(actor, rma))
    move(rma, ReturnStatus.CLOSED)
    open_orders = rma.instructions.exclude(
        status__in=[InstructionStatus.DONE, InstructionStatus.CANCELED]
    )
    if open_orders.exists():
        raise InvalidTransition(_("The shop has not carried out everything yet."))
    if paying.is_unpaid(rma):
        raise InvalidTransition(_("A part of the sheet was not paid. Ask for it again."))
    if paying.is_money_open(rma):
        raise InvalidTransition(_("A refund of this return is still under way."))
    rma.closed_at = now()
    keep(rma, ticket, "status", "closed_at", code="returns.closed", actor=actor, note=note)
    return rma


@service
def void_reimbursement(reimbursement_id: int, *, actor: User, note: str) -> Reimbursement:
    """Take a sheet back whose refunds were all declined or canceled; the return is open again."""
    seen = Reimbursement.objects.visible_to(actor).only("rma_id").get(pk=reimbursement_id)
    rma, ticket = lock_return(seen.rma_id, actor)
    require(can_settle(actor, rma))
    reimbursement = Reimbursement.objects.locked().get(pk=reimbursement_id)
    move(reimbursement, SheetStatus.VOID)
    require_text(note, "note", least=4, most=500)
    if paying.has_live_refund(reimbursement):
        raise InvalidTransition(_("Cancel its refunds first; what was paid is not voided."))
    _take_back_in_kind(rma, reimbursement)
    reimbursement.save(update_fields=["status"])
    record("returns.reimbursement_voided", reimbursement, actor=actor, case=ticket, note=note)
    reopen_return(rma)
    save_ticket(ticket)
    return reimbursement


def _take_back_in_kind(rma: ReturnAuthorization, reimbursement: Reimbursement) -> None:
    """Points and coupons the shop has not given yet are not given; else the sheet stays."""
    if not reimbursement.shares.filter(is_in_kind=True).exists():
        return
    for instruction in rma.instructions.filter(kind__in=IN_KIND.values()).order_by("pk").locked():
        if instruction.status != InstructionStatus.CANCELED:
            move(instruction, InstructionStatus.CANCELED)
            instruction.save(update_fields=["status"])
