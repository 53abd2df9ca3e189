"""Differences somebody has to clear up: opened by the machine, resolved with a reason."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.clock import now
from aftersales.kernel.errors import RuleViolated, require
from aftersales.kernel.services import service
from aftersales.kernel.transitions import move
from compliance.services import record
from customers.models import Payment
from returns.models import ReconciliationItem, Refund
from returns.money_choices import ItemKind
from returns.money_statuses import ItemStatus
from returns.policies_money import can_pay
from staff.models import User
from staff.roles import Role


def open_item(
    kind: ItemKind,
    key: str,
    *,
    actor: User,
    refund: Refund | None = None,
    payment: Payment | None = None,
    ours: str = "",
    theirs: str = "",
) -> ReconciliationItem:
    """Make a difference somebody's work; the same one twice is one item. Runs inside a service.

    One that was cleared up stays so while both sides say the same; books that are wrong are wrong
    again.
    """
    same = Q(status=ItemStatus.OPEN)
    if kind != ItemKind.BOOKS:
        same |= Q(status=ItemStatus.RESOLVED, ours=ours[:100], theirs=theirs[:100])
    known = ReconciliationItem.objects.filter(same, kind=kind, key=key).order_by("pk").last()
    if known:
        return known
    item = ReconciliationItem(
        kind=kind,
        key=key,
        refund=refund,
        payment=payment or (refund.payment if refund else None),
        ours=ours[:100],
        theirs=theirs[:100],
        owner=_least_loaded() or actor,
        opened_at=now(),
    )
    item.save(force_insert=True)
    record(
        "returns.difference_opened",
        item,
        actor=actor,
        case=refund.ticket if refund else None,
        data={"variant": kind.value},
    )
    return item


def _least_loaded() -> User | None:
    """The person of finance with the fewest open differences."""
    people = User.objects.people().filter(roles__contains=[Role.FINANCE])
    busy = Count("differences", filter=Q(differences__status=ItemStatus.OPEN))
    found: User | None = people.annotate(busy=busy).order_by("busy", "pk").first()
    return found


@service
def resolve_item(item_id: int, *, actor: User, note: str) -> ReconciliationItem:
    """State how a difference was cleared up; raises ``InvalidTransition`` for a repeat."""
    item = ReconciliationItem.objects.visible_to(actor).locked().get(pk=item_id)
    require(can_pay(actor))
    if len(note.strip()) < 4:
        raise RuleViolated("reason_missing", _("Say how it was cleared up."), field="note")
    move(item, ItemStatus.RESOLVED)
    item.resolved_by, item.resolved_at, item.note = actor, now(), note.strip()[:500]
    item.save(update_fields=["status", "resolved_by", "resolved_at", "note"])
    refund = item.refund
    record(
        "returns.difference_resolved",
        item,
        actor=actor,
        case=refund.ticket if refund else None,
        note=note,
        data={"variant": item.kind},
    )
    return item
