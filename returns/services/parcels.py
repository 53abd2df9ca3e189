"""Parcels on their way back: labels, announcements, what carriers tell."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.carriers import Label, News
from returns.models import ParcelScan, ReturnAuthorization, ReturnParcel
from returns.policies import can_receive, can_request
from returns.services.following import follow
from returns.services.shared import keep, lock_return, require_text, save_ticket
from returns.statuses import ParcelStatus, ReceptionStatus, ReturnStatus
from staff.models import User

COMING = (ReturnStatus.AUTHORIZED, ReturnStatus.IN_TRANSIT, ReturnStatus.RECEIVED)


@service
def record_label(rma_id: int, carrier: str, label: Label, *, actor: User) -> ReturnParcel:
    """Keep the label a carrier made; the same booking again is the same parcel."""
    rma, ticket = lock_return(rma_id, actor)
    known = rma.parcels.filter(carrier=carrier, tracking_number=label.tracking_number).first()
    if known is not None:
        return known
    _require_coming(rma)
    parcel = ReturnParcel(
        rma=rma,
        ticket=ticket,
        carrier=carrier,
        tracking_number=label.tracking_number,
        has_label=True,
        announced_at=now(),
    )
    parcel.save(force_insert=True)
    keep(rma, ticket, code="returns.label_made", actor=actor, subject=parcel)
    return parcel


def _require_coming(rma: ReturnAuthorization) -> None:
    if rma.status not in COMING or not rma.expects_goods:
        raise InvalidTransition(
            _("No parcel is expected for %(return)s now.") % {"return": rma},
            allowed=[],
        )


@service
def announce_parcel(
    rma_id: int, *, actor: User, carrier: str, tracking_number: str, note: str = ""
) -> ReturnParcel:
    """The customer handed a parcel in with a carrier of their own.

    Raises ``RuleViolated`` for a number that belongs to a parcel already.
    """
    rma, ticket = lock_return(rma_id, actor)
    require(can_request(actor, ticket) or can_receive(actor, rma))
    _require_coming(rma)
    parcel = ReturnParcel(
        rma=rma,
        ticket=ticket,
        carrier=require_text(carrier, "carrier", most=40),
        tracking_number=require_text(tracking_number, "tracking_number", least=4, most=64),
        announced_at=now(),
        sent_at=now(),
    )
    move(parcel, ParcelStatus.IN_TRANSIT)
    if not parcel.save_unless_taken():
        raise RuleViolated(
            "known_parcel", _("This parcel is known already."), field="tracking_number"
        )
    record("returns.parcel_announced", parcel, actor=actor, case=ticket, note=note)
    _set_off(rma)
    save_ticket(ticket)
    return parcel


def _set_off(rma: ReturnAuthorization) -> None:
    """The goods are on their way; nothing changes when some have arrived."""
    if rma.status != ReturnStatus.AUTHORIZED:
        return
    move(rma, ReturnStatus.IN_TRANSIT)
    rma.save(update_fields=["status"])
    for item in rma.items.filter(reception_status=ReceptionStatus.AWAITED).order_by("pk"):
        move(item, ReceptionStatus.IN_TRANSIT, field="reception_status")
        item.save(update_fields=["reception_status"])


@service
def record_scan(carrier: str, news: News, *, actor: User) -> ParcelScan | None:
    """Keep what a carrier told; ``None`` for an unknown parcel or a notification seen before.

    News move a parcel forward only; that a parcel was delivered does not say what is in it.
    """
    found = ReturnParcel.objects.filter(
        carrier=carrier, tracking_number=news.tracking_number
    ).first()
    if found is None:
        return None
    rma, ticket = lock_return(found.rma_id, actor)
    parcel = ReturnParcel.objects.locked().get(pk=found.pk)
    if parcel.scans.filter(event_id=news.event_id).exists():
        return None
    scan = ParcelScan(
        parcel=parcel,
        rma=rma,
        ticket=ticket,
        event_id=news.event_id,
        code=news.code,
        place=news.place,
        happened_at=news.happened_at,
        heard_at=now(),
    )
    scan.save(force_insert=True)
    _advance(parcel, rma, ParcelStatus(news.code), news.happened_at)
    record(
        "returns.parcel_lost" if news.code == ParcelStatus.LOST else "returns.parcel_scanned",
        parcel,
        actor=actor,
        case=ticket,
        occurred_at=min(news.happened_at, now()),
        data={"variant": news.code, "place": news.place},
    )
    save_ticket(ticket)
    if news.code == ParcelStatus.LOST:
        follow(ticket)
    return scan


def _advance(
    parcel: ReturnParcel, rma: ReturnAuthorization, to: ParcelStatus, moment: datetime
) -> None:
    if not ParcelStatus(parcel.status).can_become(to):
        return
    move(parcel, to)
    if to == ParcelStatus.IN_TRANSIT:
        parcel.sent_at = moment
    elif to == ParcelStatus.DELIVERED:
        parcel.delivered_at = moment
    parcel.save(update_fields=["status", "sent_at", "delivered_at"])
    if to != ParcelStatus.LOST:
        _set_off(rma)
