"""Lists of returns and of what hangs on them, to read; the verbs are on the case page."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from aftersales.kernel.admin import ByWords, money_column
from aftersales.kernel.money import written
from compliance.values import shown
from returns.admin import bench, costs
from returns.admin.return_page import context_of
from returns.eligibility import Outcome
from returns.models import (
    CompensationGrant,
    Inspection,
    Reimbursement,
    Repair,
    ReturnAuthorization,
    ShopInstruction,
)
from returns.statuses import InstructionStatus, RepairStatus, ReturnStatus
from staff.models import User
from tickets.admin.lists import OfTicketAdmin

SHOWN = (
    "ticket",
    "order__shop",
    "policy",
    "decided_by",
    "requested_by",
    "return_address",
    "evidence",
)

STATUS_COLORS = ByWords(
    {
        ReturnStatus.REQUESTED: "info",
        ReturnStatus.NEEDS_REVIEW: "warning",
        ReturnStatus.AUTHORIZED: "info",
        ReturnStatus.DECLINED: "danger",
        ReturnStatus.IN_TRANSIT: "info",
        ReturnStatus.RECEIVED: "warning",
        ReturnStatus.INSPECTED: "warning",
        ReturnStatus.SETTLED: "success",
        ReturnStatus.CLOSED: "success",
    }
)


@admin.register(ReturnAuthorization)
class ReturnAdmin(OfTicketAdmin):
    """All returns; «A person must look» is the inbox of undecided ones, oldest notice first."""

    when_empty = _(
        "Returns of the cases you see show here. Customers ask for them on their status "
        "page, agents on the page of a case."
    )
    list_display = ("number", "state", "answer", "kind", "claim", "case", "noticed_at", "via")
    list_filter = ("status", "outcome", "kind", "claim", "is_override")
    search_fields = ("number__exact", "ticket__number__exact", "order__external_id__exact")
    search_help_text = _("RMA, case or order number")
    list_select_related = ("ticket",)
    fields = ("number",)
    change_form_template = "returns/return_page.html"
    actions_list = ("to_bench",)

    def has_bench_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("returns.receive_returnauthorization")

    @action(description=_("Bench"), icon="barcode_scanner", permissions=["bench"])
    def to_bench(self, request: HttpRequest) -> HttpResponse:
        """Leads to the bench; changes nothing itself."""
        return redirect("admin:returns_bench")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The whole return; 404 out of scope."""
        rows = self.get_queryset(request).select_related(*SHOWN)
        rma = rows.filter(pk=object_id if object_id.isdecimal() else None).first()
        if rma is None:
            raise Http404
        page = context_of(rma, cast(User, request.user))
        context = {"title": rma.number, **page, **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, context)
        return response

    def get_urls(self) -> list[URLPattern]:
        return [*bench.urls(self.admin_site), *super().get_urls()]

    @display(description=_("status"), ordering="status", label=STATUS_COLORS)
    def state(self, rma: ReturnAuthorization) -> str:
        return rma.get_status_display()

    @display(
        description=_("verdict"),
        ordering="outcome",
        label=ByWords(
            {
                Outcome.ELIGIBLE: "success",
                Outcome.NOT_ELIGIBLE: "danger",
                Outcome.NEEDS_PERSON: "warning",
            }
        ),
    )
    def answer(self, rma: ReturnAuthorization) -> str:
        return rma.get_outcome_display()

    @display(description=_("door"), ordering="requested_via")
    def via(self, rma: ReturnAuthorization) -> str:
        return rma.get_requested_via_display()


def told(name: str, description: Any) -> Any:
    """A field of codes in the words of the trail."""

    @display(description=description)
    def words(self: Any, row: Any) -> str:
        return shown(row._meta.get_field(name), getattr(row, name), {})

    return words


@admin.register(Inspection)
class InspectionAdmin(OfTicketAdmin):
    """What the bench found."""

    when_empty = _(
        "What the bench found shows here for the cases you see. Goods that arrive are "
        "inspected on the bench."
    )
    list_display = ("rma", "item", "grade", "decision", "disposition", "case", "inspected_at")
    list_filter = ("decision", "grade", "disposition", "reason")
    list_select_related = ("ticket", "rma", "item__order_line")
    fieldsets = (
        (None, {"fields": (("rma", "item"), ("case", "form_title"))}),
        (None, {"fields": ("answers_told", "findings_told")}),
        (
            None,
            {
                "fields": (
                    ("grade", "disposition"),
                    ("decision", "reason"),
                    "note",
                    ("inspected_by", "inspected_at"),
                    "photo_count",
                )
            },
        ),
    )
    readonly_fields = ("case", "form_title", "answers_told", "findings_told")

    form_title = told("form", _("condition form"))
    answers_told = told("answers", _("answers"))
    findings_told = told("findings", pgettext_lazy("inspection", "findings"))


@admin.register(Repair)
class RepairAdmin(OfTicketAdmin):
    """Repairs, running ones first to be seen."""

    when_empty = _(
        "Repairs of the cases you see show here. They begin when a return that asks for a "
        "repair has arrived."
    )
    list_display = ("vendor", "state", "rma", "quoted", "handed_in_at", "case")
    list_filter = ("status", "cause")
    list_select_related = ("ticket", "rma", "item__order_line")

    quoted = money_column("quote", _("quote"))

    @display(
        description=_("status"),
        ordering="status",
        label=ByWords(
            {
                RepairStatus.IN_REPAIR: "info",
                RepairStatus.REPAIRED: "success",
                RepairStatus.FAILED: "danger",
            }
        ),
    )
    def state(self, repair: Repair) -> str:
        return repair.get_status_display()


@admin.register(ShopInstruction)
class InstructionAdmin(OfTicketAdmin):
    """What the shop was asked to do."""

    when_empty = _(
        "What the shop is asked to do for the cases you see shows here: replacements, "
        "coupons, points. It follows from returns and compensations."
    )
    list_display = ("kind", "state", "what", "difference", "external_id", "case")
    list_filter = ("status", "kind")

    difference = money_column("price_difference", _("price difference"))

    @display(
        description=_("status"),
        ordering="status",
        label=ByWords(
            {
                InstructionStatus.PENDING: "warning",
                InstructionStatus.CONFIRMED: "info",
                InstructionStatus.DONE: "success",
            }
        ),
    )
    def state(self, instruction: ShopInstruction) -> str:
        return instruction.get_status_display()

    @display(description=pgettext_lazy("instruction", "what"))
    def what(self, instruction: ShopInstruction) -> str:
        if instruction.name:
            return f"{instruction.name} × {instruction.quantity}"
        return written(instruction.amount, instruction.currency)


@admin.register(Reimbursement)
class ReimbursementAdmin(OfTicketAdmin):
    """What was owed and performed."""

    when_empty = _(
        "The sheets of settled returns show here, for the cases you see. Settle a return on "
        "its page."
    )
    list_display = ("rma", "owed", "owed_damages", "status", "case", "performed_at")
    list_filter = ("status", "currency")
    list_select_related = ("ticket", "rma")

    owed = money_column("total", _("total"))
    owed_damages = money_column("damages", _("statutory damages"))


@admin.register(CompensationGrant)
class GrantAdmin(OfTicketAdmin):
    """Compensations given."""

    when_empty = _(
        "Compensations given in the cases you see show here. Give one on the page of a case."
    )
    list_display = ("compensation", "worth", "status", "granted_by", "case")
    list_filter = ("compensation", "status")
    list_select_related = ("ticket", "compensation", "granted_by")

    worth = money_column("amount", _("worth"))

    def get_urls(self) -> list[URLPattern]:
        return [*costs.urls(self.admin_site), *super().get_urls()]
