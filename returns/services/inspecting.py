"""Looking at what came back: the form of its kind, photos, grade, where it goes, yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import InvalidTransition, RuleViolated, require
from aftersales.kernel.money import parse_amount
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from returns.choices import DeclineReason, Disposition, Grade
from returns.eligibility.condition import ConditionForm, form_for
from returns.models import Inspection, InspectionPhoto, ReturnAuthorization, ReturnItem
from returns.policies import can_authorize, can_inspect
from returns.services.following import follow
from returns.services.receiving import lock_item, split
from returns.services.shared import require_choice, require_text, save_ticket
from returns.statuses import AcceptanceStatus, ReceptionStatus, ReturnStatus
from staff.models import User
from tickets.models import Attachment, Ticket
from tickets.services.files import NewFile, store

LOOKED_AT = (ReceptionStatus.RECEIVED, ReceptionStatus.WRONG_ITEM)
NOT_THERE = (ReceptionStatus.SHORT, ReceptionStatus.LOST, ReceptionStatus.WAIVED)
# What may be sold again as it is; «opened» is sold as that, its grade stays with it.
RESALABLE = (Grade.AS_NEW, Grade.OPENED)
MOST_PHOTOS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found. ``answers`` belong to the item's condition form; photos are the case's.

    ``quantity`` may be a part of the item. A deduction needs the customer's words of consent.
    """

    answers: Mapping[str, bool]
    grade: str
    disposition: str
    decision: str
    quantity: int | None = None
    reason: str = ""
    note: str = ""
    photos: Sequence[int] = ()
    deduction: Decimal | str = "0"
    consent: str = ""


@service
def inspect_item(item_id: int, look: Look, *, actor: User) -> Inspection:
    """Record a look at an item and decide it; the last one finishes the inspection.

    A refusal needs a reason code, a photo (A10) and, for goods not intact, a finding. A refused
    item may be looked at again until the return is settled.
    """
    item, (rma, ticket) = lock_item(item_id, actor)
    require(can_inspect(actor, rma))
    _require_open(rma, item)
    form = condition_form(item)
    decision = _decision(look, form, rma, item)
    photos = _photos(look.photos, ticket)
    _check_refusal(look, decision, form, photos)
    part = split(item, look.quantity if look.quantity is not None else item.quantity)
    move(part, decision, field="acceptance_status")
    part.deduction = _deduction(look, decision, part)
    part.deduction_consent = look.consent.strip()[:300] if part.deduction else ""
    part.save()
    inspection = _write(part, look, form, photos, actor)
    record(
        "returns.item_inspected",
        inspection,
        actor=actor,
        case=ticket,
        note=inspection.note,
        data={
            "variant": str(decision),
            "item": part.pk,
            "quantity": part.quantity,
            "findings": inspection.findings,
            "grade": look.grade,
            "disposition": look.disposition,
            "reason": look.reason,
            "photos": len(photos),
        },
    )
    finish_if_decided(rma, ticket, actor)
    save_ticket(ticket)
    follow(ticket)
    return inspection


@service
def inspect_with_photos(
    item_id: int,
    files: Sequence[NewFile],
    look: Callable[[list[int]], Look],
    *,
    actor: User,
) -> Inspection:
    """Keep photos from the bench with the case and inspect, all or nothing.

    The bench need not see the case, only the return.
    """
    item, (rma, ticket) = lock_item(item_id, actor)
    require(can_inspect(actor, rma))
    photos = [store(ticket, new, actor=actor, message=None, is_internal=True) for new in files]
    return inspect_item(item.pk, look([photo.pk for photo in photos]), actor=actor)


def condition_form(item: ReturnItem) -> ConditionForm:
    """The form of the article's category, with the carton where it was agreed."""
    policy = item.rma.policy
    return form_for(item.order_line.category, needs_carton=bool(policy and policy.needs_carton))


def _require_open(rma: ReturnAuthorization, item: ReturnItem) -> None:
    again = rma.status == ReturnStatus.INSPECTED and item.acceptance_status == "declined"
    if rma.status != ReturnStatus.RECEIVED and not again:
        raise InvalidTransition(
            _("%(return)s is “%(status)s”; nothing is inspected for it now.")
            % {"return": rma, "status": ReturnStatus(rma.status).label},
        )
    if item.reception_status not in LOOKED_AT:
        raise InvalidTransition(_("This article has not arrived; there is nothing to look at."))


def _decision(
    look: Look, form: ConditionForm, rma: ReturnAuthorization, item: ReturnItem
) -> AcceptanceStatus:
    require_choice(look.grade, Grade.values, "grade")
    require_choice(look.disposition, Disposition.values, "disposition")
    require_choice(look.decision, ["accepted", "partly", "declined"], "decision")
    if missing := form.missing(look.answers):
        raise RuleViolated(
            "unanswered",
            _("Answer every question of the form (%(count)s left).") % {"count": len(missing)},
            field="answers",
        )
    decision = AcceptanceStatus(look.decision)
    if item.reception_status == ReceptionStatus.WRONG_ITEM and decision != "declined":
        raise RuleViolated(
            "wrong_article", _("Another article cannot be accepted for this one."), field="decision"
        )
    _check_resale(look)
    return decision


def _check_resale(look: Look) -> None:
    """What was used is not sold again as it is (return measures art. 25 and 33)."""
    if look.disposition == Disposition.RESTOCK and look.grade not in RESALABLE:
        raise RuleViolated(
            "resale_as_new",
            _("Only an article as new, or opened and marked so, goes back to stock."),
            field="disposition",
        )


def _photos(ids: Sequence[int], ticket: Ticket) -> list[Attachment]:
    if len(ids) > MOST_PHOTOS:
        raise RuleViolated("too_many_photos", _("Too many photos."), field="photos")
    photos = list(Attachment.objects.filter(ticket=ticket, pk__in=ids).order_by("pk"))
    if len(photos) != len(set(ids)):
        raise RuleViolated("foreign_file", _("This file belongs to another case."), field="photos")
    return photos


def _check_refusal(
    look: Look, decision: AcceptanceStatus, form: ConditionForm, photos: list[Attachment]
) -> None:
    """The customer gets reasons and proof, never «影响二次销售» alone (办法 8, 9, 30)."""
    if decision != AcceptanceStatus.DECLINED:
        return
    require_choice(look.reason, DeclineReason.values, "reason")
    require_text(look.note, "note", least=4, most=500)
    if not photos:
        raise RuleViolated("no_photo", _("A refusal needs a photo."), field="photos")
    if look.reason == DeclineReason.NOT_INTACT and not form.findings(look.answers):
        raise RuleViolated(
            "no_finding", _("Every answer says that the article is intact."), field="reason"
        )


def _deduction(look: Look, decision: AcceptanceStatus, item: ReturnItem) -> Decimal:
    """What the customer agreed to leave; below what was paid for the pieces."""
    amount = parse_amount(look.deduction, item.rma.order.currency, field="deduction")
    if decision != AcceptanceStatus.PARTLY:
        if amount:
            raise RuleViolated(
                "deduction_without_partly",
                _("A deduction goes with “accepted with a deduction”."),
                field="deduction",
            )
        return amount
    line = item.order_line
    if not 0 < amount <= line.paid_amount * item.quantity / line.quantity:
        raise RuleViolated(
            "bad_deduction", _("Above zero and at most what was paid."), field="deduction"
        )
    require_text(look.consent, "consent", least=4, most=300)
    return amount


def _write(
    item: ReturnItem,
    look: Look,
    form: ConditionForm,
    photos: list[Attachment],
    actor: User,
) -> Inspection:
    inspection = Inspection(
        item=item,
        rma=item.rma,
        ticket_id=item.ticket_id,
        form=form.code,
        answers={question.code: bool(look.answers[question.code]) for question in form.questions},
        findings=list(form.findings(look.answers)),
        grade=look.grade,
        disposition=look.disposition,
        decision=item.acceptance_status,
        reason=look.reason if item.acceptance_status == AcceptanceStatus.DECLINED else "",
        note=look.note.strip()[:500],
        photo_count=len(photos),
        inspected_by=actor,
        inspected_at=now(),
    )
    inspection.save(force_insert=True)
    for photo in photos:
        InspectionPhoto(
            inspection=inspection, rma=item.rma, ticket_id=item.ticket_id, attachment=photo
        ).save(force_insert=True)
    return inspection


@service
def decide_missing(item_id: int, *, actor: User, is_owed: bool, note: str) -> ReturnItem:
    """Decide an article that did not come back (short, lost, waived); needs a reason."""
    item, (rma, ticket) = lock_item(item_id, actor)
    require(can_authorize(actor, rma))
    if rma.status != ReturnStatus.RECEIVED or item.reception_status not in NOT_THERE:
        raise InvalidTransition(_("This article is not missing, or the return is decided."))
    to = AcceptanceStatus.ACCEPTED if is_owed else AcceptanceStatus.DECLINED
    move(item, to, field="acceptance_status")
    require_text(note, "note", least=4, most=500)
    item.save(update_fields=["acceptance_status"])
    record(
        "returns.item_decided",
        item,
        actor=actor,
        case=ticket,
        note=note,
        data={"variant": str(to), "arrival": item.reception_status},
    )
    finish_if_decided(rma, ticket, actor)
    save_ticket(ticket)
    follow(ticket)
    return item


def finish_if_decided(rma: ReturnAuthorization, ticket: Ticket, actor: User) -> None:
    """The inspection is over when no item is left to decide."""
    if rma.status != ReturnStatus.RECEIVED:
        return
    if rma.items.filter(acceptance_status=AcceptanceStatus.PENDING).exists():
        return
    move(rma, ReturnStatus.INSPECTED)
    rma.inspected_at = now()
    rma.save(update_fields=["status", "inspected_at"])
    owed = rma.items.filter(acceptance_status__in=["accepted", "partly"]).exists()
    record(
        "returns.inspected",
        rma,
        actor=actor,
        case=ticket,
        data={"variant": "owed" if owed else "nothing_owed"},
    )
