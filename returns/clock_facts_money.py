"""Refunds and differences as clocks see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.conditions import Fact
from clocks import registry
from clocks.registry import Subject
from returns.models import ReconciliationItem, Refund
from returns.money_choices import ItemKind, RefundKind, RefundReason, Risk
from returns.money_statuses import ItemStatus, RefundStatus

REFUND_FACTS = (
    Fact("kind", _("kind"), lambda refund: refund.kind, choices=RefundKind.choices),
    Fact("reason", _("reason"), lambda refund: refund.reason, choices=RefundReason.choices),
    Fact("risk", _("risk"), lambda refund: refund.risk, choices=Risk.choices),
    Fact("market", _("market"), lambda refund: refund.payment.order.shop.market),
)
DIFFERENCE_FACTS = (
    Fact("kind", _("difference"), lambda item: item.kind, choices=ItemKind.choices),
)


def load_refunds(ids: Sequence[int]) -> Mapping[int, Refund]:
    related = ("ticket__department", "requested_by", "payment__order__shop")
    return Refund.objects.select_related(*related).in_bulk(ids)


def lock_refunds(ids: Sequence[int], most: int) -> Mapping[int, Refund]:
    """Refunds without a case; of the others the case is locked."""
    free = Refund.objects.filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True)
    return {refund.pk: refund for refund in free.order_by("pk")[:most]}


def load_differences(ids: Sequence[int]) -> Mapping[int, ReconciliationItem]:
    return ReconciliationItem.objects.select_related("owner").in_bulk(ids)


def lock_differences(ids: Sequence[int], most: int) -> Mapping[int, ReconciliationItem]:
    rows = ReconciliationItem.objects.filter(pk__in=ids)
    free = rows.select_for_update(of=("self",), skip_locked=True)
    return {item.pk: item for item in free.order_by("pk")[:most]}


REFUND = Subject(
    type="returns.refund",
    label=pgettext_lazy("money", "Refund"),
    facts=REFUND_FACTS,
    load=load_refunds,
    lock=lock_refunds,
    open_rows=lambda: Refund.objects.filter(status=RefundStatus.SUBMITTED),
    assignee=lambda refund: refund.requested_by,
    department_id=lambda refund: (
        refund.ticket.department_id if refund.ticket else refund.requested_by.department_id
    ),
    url=lambda pk, _label: reverse("admin:returns_refund_change", args=[pk]),
)
DIFFERENCE = Subject(
    type="returns.reconciliationitem",
    label=_("Difference"),
    facts=DIFFERENCE_FACTS,
    load=load_differences,
    lock=lock_differences,
    open_rows=lambda: ReconciliationItem.objects.filter(status=ItemStatus.OPEN),
    assignee=lambda item: item.owner,
    department_id=lambda item: item.owner.department_id,
    url=lambda pk, _label: reverse("admin:returns_reconciliationitem_change", args=[pk]),
)


def register() -> None:
    registry.register_subject(REFUND)
    registry.register_subject(DIFFERENCE)
