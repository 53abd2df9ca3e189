"""Customers: an exact look-up, and one page with everything about a person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.dialogs import ReasonDialog, perform
from aftersales.kernel.errors import RuleViolated
from compliance.models import Disclosure
from compliance.queries import object_disclosures
from compliance.wording import disclosed_in_words
from customers import sections
from customers.admin import disclosure
from customers.contacts import CONFIRMED, TYPED
from customers.models import ContactPoint, Customer, Tier
from customers.policies import (
    can_identify_customers,
    can_merge_customers,
    can_see_personal_data,
)
from customers.queries import CustomerOverview, customer_overview, family_of, find_customers
from customers.services import add_contact_point, merge_customers, unmerge_customers
from customers.services.disclosing import disclose_customer, personal_data_of
from staff.models import User
from staff.requests import person

SHOWN_CASES = 20
SHOWN_DISCLOSURES = 20
TIER_COLORS = {
    Tier.STANDARD.value: "",
    Tier.SILVER.value: "info",
    Tier.GOLD.value: "warning",
    Tier.VIP.value: "success",
}


class MergeDialog(ReasonDialog):
    """Which customer stands for this one from now on."""

    into = forms.CharField(
        label=_("Phone, mail, order or customer number of the other record"),
        max_length=254,
        widget=UnfoldAdminTextInputWidget(),
    )
    field_order = ("into", "note")


class AddressDialog(ReasonDialog):
    """Another way to reach the customer, and how it became known."""

    channel = forms.ChoiceField(label=_("Kind"), choices=TYPED, widget=UnfoldAdminSelectWidget())
    address = forms.CharField(
        label=_("Mail address or phone number"),
        max_length=254,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    is_verified = forms.BooleanField(
        label=CONFIRMED, required=False, initial=True, widget=UnfoldBooleanSwitchWidget()
    )
    field_order = ("channel", "address", "is_verified", "note")


ADD_ADDRESS: dict[str, Any] = {
    "title": _("Add an address"),
    "description": _("Say how you know it; it is recorded with your name and shown masked."),
    "form_class": AddressDialog,
    "form_submit_text": _("Add"),
}
MERGE: dict[str, Any] = {
    "title": _("Merge into another customer"),
    "description": _("Nothing is moved or lost; the merge can be undone."),
    "form_class": MergeDialog,
    "form_submit_text": _("Merge"),
}
UNMERGE: dict[str, Any] = {
    "title": _("Undo the merge"),
    "description": _("This customer stands alone again."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Undo the merge"),
}


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    """The list masks names and addresses; the page is read-only, verbs are dialogs."""

    when_empty = _("Customers show here once they write, call or buy. Nobody needs to add them.")
    list_display = ("who", "contacts", "tier_label", "language", "region", "shop", "created_at")
    list_filter = ("tier", "language", "shop")
    list_select_related = ("shop",)
    search_fields = ("pk",)
    search_help_text = _("Phone, mail, order, parcel or customer number, complete")
    ordering = ("-id",)
    fields = ()
    change_form_template = "customers/customer_page.html"
    actions_detail = ("show_personal_data", "add_address", "merge_into", "undo_merge")

    @display(description=_("Customer"), header=True)
    def who(self, obj: Customer) -> tuple[str, str]:
        return str(obj), obj.external_id

    @display(description=_("Contact"))
    def contacts(self, obj: Customer) -> str:
        return ", ".join(point.masked for point in obj.contact_points.all()[:2])

    @display(description=_("Tier"), label=TIER_COLORS, ordering="tier")
    def tier_label(self, obj: Customer) -> tuple[str, str]:
        return obj.tier, obj.get_tier_display()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """In the list only customers who stand for themselves; a merged one still has its page."""
        rows: QuerySet[Customer] = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and match.url_name == "customers_customer_changelist":
            points = Prefetch("contact_points", ContactPoint.objects.order_by("id"))
            return rows.filter(merged_into=None).prefetch_related(points)
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        if not search_term.strip():
            return queryset, False
        found = find_customers(search_term, user=person(request))
        return queryset.filter(pk__in=found.values("pk")), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        customer: Customer = self.in_scope(request, object_id)
        overview = customer_overview(customer)
        context = {
            "title": str(customer),
            "overview": overview,
            "tier_color": TIER_COLORS[customer.tier],
            "cases": cases_of(overview, person(request)),
            "sections": sections.shown(overview.people, person(request)),
            "disclosures": disclosures_of(customer, person(request)),
            **(extra_context or {}),
        }
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def has_disclose_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_see_personal_data(person(request))

    def has_merge_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_merge_customers(person(request)) and self.is_merged(object_id, False)

    def has_unmerge_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_merge_customers(person(request)) and self.is_merged(object_id, True)

    def is_merged(self, object_id: Any, wanted: bool) -> bool:
        """Whether the button fits the customer on the page; the service decides again."""
        rows = Customer.objects.filter(pk=object_id, merged_into__isnull=not wanted)
        return str(object_id).isdecimal() and rows.exists()

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
            lambda: personal_data_of(disclose_customer(int(object_id), actor=actor, note=note)),
        )

    def has_address_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_identify_customers(person(request))

    @action(
        description=_("Add an address"),
        icon="add_call",
        permissions=["address"],
        dialog=ADD_ADDRESS,
    )
    def add_address(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        customer: Customer = self.in_scope(request, object_id)
        given = {name: form.cleaned_data[name] for name in AddressDialog.field_order}
        return perform(
            request,
            form,
            ADD_ADDRESS,
            lambda: add_contact_point(customer.pk, **given, actor=person(request)),
            done=_("The address is noted."),
            url=page_of(customer),
        )

    @action(description=_("Merge"), icon="call_merge", permissions=["merge"], dialog=MERGE)
    def merge_into(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        customer: Customer = self.in_scope(request, object_id)
        return perform(
            request,
            form,
            MERGE,
            lambda: merge_customers(
                customer.pk,
                the_one_called(form.cleaned_data["into"], person(request)),
                actor=person(request),
                note=form.cleaned_data["note"],
            ),
            done=_("The customers are merged."),
            url=page_of(customer),
        )

    @action(description=_("Undo merge"), icon="call_split", permissions=["unmerge"], dialog=UNMERGE)
    def undo_merge(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        customer: Customer = self.in_scope(request, object_id)
        return perform(
            request,
            form,
            UNMERGE,
            lambda: unmerge_customers(
                customer.pk, actor=person(request), note=form.cleaned_data["note"]
            ),
            done=_("The merge is undone."),
            url=page_of(customer),
        )


def page_of(customer: Customer) -> str:
    return reverse("admin:customers_customer_change", args=[customer.pk])


def the_one_called(text: str, user: User) -> int:
    """The id of the only customer with this number or address; else ``RuleViolated``."""
    found = list(find_customers(text, user=user).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        message = _("Several customers match.") if found else _("No customer matches.")
        raise RuleViolated("no_single_match", message, field="into")
    return found[0]


def disclosures_of(customer: Customer, user: User) -> list[tuple[Disclosure, str]] | None:
    """To whom this person's data was shown, whatever record was asked for, with what was shown in
    words; ``None`` for who may not know."""
    if not user.has_perm("compliance.view_disclosure"):
        return None
    shown = object_disclosures(customer._meta.label_lower, *family_of(customer.pk))
    return [(one, disclosed_in_words(one.fields)) for one in shown[:SHOWN_DISCLOSURES]]


def cases_of(overview: CustomerOverview, user: User) -> list[Any]:
    """Cases the user may see; the app above hangs them on the customer (``Customer.tickets``)."""
    people: list[Any] = overview.people
    cases = type(people[0]).tickets.rel.related_model.objects.visible_to(user)
    return list(cases.filter(customer__in=people).order_by("-received_at")[:SHOWN_CASES])
