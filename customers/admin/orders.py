"""Orders as the shop reported them: list, page, file import, file export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.errors import LEAST_REASON
from aftersales.kernel.masking import mask_contacts, mask_line, mask_name, mask_phone
from aftersales.kernel.money import written
from compliance.services import record
from customers.admin import disclosure, importing
from customers.models import Order, OrderStatus
from customers.policies import can_export_orders, can_import_orders, can_see_personal_data
from customers.queries import find_orders
from customers.resources import FORMATS, MOST_EXPORTED, OrderResource
from customers.services.disclosing import disclose_order, recipient_of
from staff.requests import person

STATUS_COLORS = {
    OrderStatus.PAID.value: "info",
    OrderStatus.SHIPPED.value: "primary",
    OrderStatus.DELIVERED.value: "success",
    OrderStatus.COMPLETED.value: "success",
    OrderStatus.CANCELED.value: "danger",
}


class ReasonedExport(ExportForm):
    """What leaves the house leaves for a reason."""

    note = forms.CharField(
        label=_("Reason"),
        min_length=LEAST_REASON,
        max_length=500,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Your name, the reason and what was exported are recorded."),
    )


def chosen_by(request: HttpRequest) -> str:
    """The filters a list had, with the people one may have searched for masked."""
    return mask_contacts("; ".join(f"{name}={value}" for name, value in request.GET.items()))


@admin.register(Order)
class OrderAdmin(ExportMixin, ReadOnlyAdmin):
    """Read-only: the shop is the one who says what an order is."""

    when_empty = _(
        "Orders show here as the shops report them. Let a shop send them to the API, or "
        "import a file."
    )
    list_display = ("external_id", "shop", "buyer", "status_label", "amount", "placed_at")
    list_filter = ("shop_status", "shop", "is_business")
    list_select_related = ("shop", "customer")
    search_fields = ("pk",)
    search_help_text = _("Order, parcel or serial number, the buyer's phone or mail, complete")
    ordering = ("-placed_at", "-id")
    fields = ()
    change_form_template = "customers/order_page.html"
    actions_list = ("import_file",)
    actions_detail = ("show_personal_data",)
    resource_classes = [OrderResource]
    export_form_class = ReasonedExport

    @display(description=_("Buyer"))
    def buyer(self, obj: Order) -> str:
        return str(obj.customer)

    @display(description=_("Status"), label=STATUS_COLORS, ordering="shop_status")
    def status_label(self, obj: Order) -> tuple[str, str]:
        return obj.shop_status, obj.get_shop_status_display()

    @display(description=_("Total"))
    def amount(self, obj: Order) -> str:
        return written(obj.total, obj.currency)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        if not search_term.strip():
            return queryset, False
        found = find_orders(search_term, user=person(request))
        return queryset.filter(pk__in=found.values("pk")), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        order: Any = self.in_scope(request, object_id)
        context = {
            "title": str(order),
            "order": order,
            "recipient": mask_name(order.recipient),
            "phone": mask_phone(order.recipient_phone) if order.recipient_phone else "",
            "address": mask_line(order.address) if order.address else "",
            "status_color": STATUS_COLORS[order.shop_status],
            "lines": list(order.lines.all()),
            "payments": list(order.payments.all()),
            "shipments": list(order.shipments.prefetch_related("events")),
            "cases": list(order.tickets.visible_to(person(request))),
            **(extra_context or {}),
        }
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def in_scope(self, request: HttpRequest, object_id: str) -> Order:
        """The order, or 404: actions of the theme do not look at the queryset themselves."""
        order: Order | None = (
            self.get_queryset(request)
            .select_related("shop", "customer")
            .filter(pk=object_id if object_id.isdecimal() else None)
            .first()
        )
        if order is None:
            raise Http404
        return order

    def has_disclose_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_see_personal_data(person(request))

    @action(
        description=_("Show personal data"),
        icon="visibility",
        permissions=["disclose"],
        dialog=disclosure.DIALOG,
    )
    def show_personal_data(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        actor, note = person(request), form.cleaned_data["note"]
        return disclosure.show(
            request,
            form,
            lambda: recipient_of(disclose_order(int(object_id), actor=actor, note=note)),
        )

    def has_import_permission(self, request: HttpRequest) -> bool:
        return can_import_orders(person(request))

    @action(description=_("Import"), icon="upload", permissions=["import"], url_path="import-file")
    def import_file(self, request: HttpRequest) -> HttpResponse:
        """Leads to the import pages; changes nothing itself."""
        return importing.to_start()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("import/", view(self.import_view), name="customers_order_import"),
            path("import/confirm/", view(self.confirm_view), name="customers_order_import_confirm"),
            path("import/result/", view(self.result_view), name="customers_order_import_result"),
            path("import/refused/", view(self.refused_view), name="customers_order_import_refused"),
        ]
        return [*own, *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return importing.start(self, request)

    def confirm_view(self, request: HttpRequest) -> HttpResponse:
        return importing.confirm(self, request)

    def result_view(self, request: HttpRequest) -> HttpResponse:
        return importing.result(self, request)

    def refused_view(self, request: HttpRequest) -> HttpResponse:
        return importing.refused_rows(self, request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return can_export_orders(person(request))

    def init_request_context_data(self, request: HttpRequest, form: Any) -> dict[str, Any]:
        """The page names the columns as the file does."""
        context: dict[str, Any] = super().init_request_context_data(request, form)
        columns = OrderResource().get_export_headers()
        context["fields_list"] = [(name, columns) for name, _codes in context["fields_list"]]
        return context

    def get_export_formats(self) -> list[type]:
        return FORMATS

    def get_export_queryset(self, request: HttpRequest) -> Any:
        return super().get_export_queryset(request)[:MOST_EXPORTED]

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: Any, export_form: Any = None
    ) -> HttpResponse:
        """The file, and the record that it left the house."""
        response: HttpResponse = super()._do_file_export(
            file_format, request, queryset, export_form=export_form
        )
        record(
            "compliance.exported",
            person(request),
            actor=person(request),
            note=export_form.cleaned_data["note"].strip(),
            data={
                "model": self.model._meta.label_lower,
                "rows": len(queryset),
                "format": file_format.get_title(),
                "filters": chosen_by(request),
            },
        )
        return response
