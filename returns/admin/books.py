"""Tiers, ledger, store credit, statements, differences."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from aftersales.kernel.admin import DeskAdmin, ReadOnlyAdmin, StrictReasonForm, money_column
from aftersales.kernel.context import actor_words
from aftersales.kernel.dialogs import ReasonDialog, perform
from returns.models import (
    ApprovalTier,
    LedgerEntry,
    ReconciliationItem,
    Statement,
    StoreCredit,
)
from returns.money_statuses import ItemStatus, RefundStatus
from returns.policies_money import can_pay
from returns.services.money.differences import resolve_item
from returns.trail_words import GATEWAYS, name_of
from staff.requests import person

ITEM_COLORS = {ItemStatus.OPEN.value: "warning", ItemStatus.RESOLVED.value: "success"}
RESOLVE = {
    "title": _("How was it cleared up?"),
    "form_class": ReasonDialog,
    "form_submit_text": _("Resolve"),
}


@admin.register(ApprovalTier)
class ApprovalTierAdmin(DeskAdmin):
    """Who approves from which sum on; refunds under way keep the tier they reached."""

    when_empty = _(
        "Tiers say who approves refunds from which sum on. Without one, no refund can be "
        "submitted; add the first one."
    )
    form = StrictReasonForm
    list_display = (
        "label",
        "level",
        "from_amount",
        "from_order",
        "from_customer",
        "from_agent",
        "role",
        "approver_count",
        "asks_password",
        "is_active",
    )
    list_filter = ("currency", "kind", "reason", "risk", "is_active")
    fields = (
        ("name", "name_zh"),
        ("level", "is_active"),
        ("currency", "kind"),
        ("reason", "risk"),
        ("amount_from", "order_total_from"),
        ("customer_total_from", "agent_total_from"),
        ("role", "approver_count"),
        "asks_password",
    )

    from_amount = money_column("amount_from", _("amount from"))
    from_order = money_column("order_total_from", _("order's total from"))
    from_customer = money_column("customer_total_from", _("customer's 30 days from"))
    from_agent = money_column("agent_total_from", _("agent's 30 days from"))

    @display(description=_("approval tier"), ordering="name")
    def label(self, tier: ApprovalTier) -> str:
        return str(tier)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """The books: read, never written by hand."""

    when_empty = _(
        "Every movement of money is booked here. The first refund brings the first entries."
    )
    list_display = (
        "booked_at",
        "step",
        "account",
        "booked",
        "refund",
        "payment",
        "by",
    )
    list_filter = ("account", "step", "currency")
    list_select_related = ("refund", "payment")
    search_fields = ("=refund__number", "=set_id", "=reference")
    search_help_text = _("Refund number, booking or reference, complete")

    booked = money_column("amount", _("amount"))

    @display(description=_("actor"))
    def by(self, entry: LedgerEntry) -> str:
        return actor_words(entry.actor_name)


@admin.register(StoreCredit)
class StoreCreditAdmin(ReadOnlyAdmin):
    """What we owe customers in goods."""

    when_empty = _(
        "What we owe customers as store credit shows here. It comes from refunds that a "
        "customer wished to keep as credit."
    )
    list_display = ("customer", "left")
    list_filter = ("currency",)
    list_select_related = ("customer",)
    search_fields = ("=customer__external_id",)
    search_help_text = _("The customer's number in the shop, complete")

    left = money_column("balance", _("balance"))


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """Statements as read."""

    when_empty = _(
        "Statements of payment providers show here. Read one in with manage.py reconcile."
    )
    list_display = ("file_name", "by_way_of", "starts_at", "ends_at", "imported_at")
    list_filter = ("gateway",)
    search_fields = ("file_name",)
    search_help_text = _("A part of the file's name")

    @display(description=_("gateway"), ordering="gateway")
    def by_way_of(self, statement: Statement) -> str:
        return name_of(GATEWAYS, statement.gateway)


@admin.register(ReconciliationItem)
class ReconciliationItemAdmin(ReadOnlyAdmin):
    """Differences with their owners."""

    when_empty = _(
        "Where a statement and our books differ shows here. Nothing has differed so far."
    )
    list_display = (
        "status_label",
        "kind",
        "key",
        "ours_in_words",
        "theirs",
        "refund",
        "owner",
        "opened_at",
    )
    list_filter = ("status", "kind", "owner")
    list_select_related = ("refund", "owner")
    search_fields = ("=key", "=refund__number")
    search_help_text = _("Refund number or key of the difference, complete")
    ordering = ("status", "opened_at")
    actions_detail = ("resolve",)

    @display(description=_("Status"), label=ITEM_COLORS, ordering="status")
    def status_label(self, item: ReconciliationItem) -> tuple[str, str]:
        return item.status, item.get_status_display()

    @display(description=_("ours"))
    def ours_in_words(self, item: ReconciliationItem) -> str | None:
        """A status by its name; sums and counts as they are."""
        return str(dict(RefundStatus.choices).get(item.ours, item.ours)) or None

    def has_resolve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_pay(person(request))

    @action(description=_("Resolve"), icon="task_alt", permissions=["resolve"], dialog=RESOLVE)
    def resolve(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        item: ReconciliationItem = self.in_scope(request, object_id)
        return perform(
            request,
            form,
            RESOLVE,
            lambda: resolve_item(item.pk, actor=person(request), note=form.cleaned_data["note"]),
            done=_("The difference is resolved."),
            url=reverse("admin:returns_reconciliationitem_change", args=[item.pk]),
        )
