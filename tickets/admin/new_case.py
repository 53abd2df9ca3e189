"""A new case by phone or at the counter: who calls, about which order, in which words; one page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError
from customers.models import ContactPoint, Customer, Order
from customers.queries import find_customers, find_orders
from staff.models import User
from tickets.choices import Channel, Kind, Priority, Remedy
from tickets.models import Category, Ticket
from tickets.policies import can_create
from tickets.queries.rows import Row, as_rows, listed
from tickets.services.entry import (
    DUPLICATE_DAYS,
    ENTRY_CHANNELS,
    Entry,
    possible_duplicates,
    record_entry,
)

SHOWN_ORDERS = 8
SHOWN_CUSTOMERS = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """Who was found for a number, and what is at hand about them."""

    text: str = ""
    customers: list[Customer] = field(default_factory=list)
    points: list[ContactPoint] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    hidden_cases: int = 0

    @property
    def is_unknown(self) -> bool:
        return bool(self.text) and not self.customers and not self.orders

    @property
    def customer(self) -> Customer | None:
        return self.customers[0] if self.customers else None


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The topic tree, indented."""

    def label_from_instance(self, category: Category) -> str:
        return "\u2003" * category.path.count("/") + str(category)


class NewCaseForm(forms.Form):
    """The words and how they are filed; caller and order come from the panel beside."""

    token = forms.CharField(max_length=100, widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("They"),
        choices=[(channel.value, channel.label) for channel in ENTRY_CHANNELS],
        initial=Channel.PHONE,
    )
    caller = forms.CharField(
        label=gettext_lazy("Caller's phone, mail, order or parcel number"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    caller_name = forms.CharField(
        label=gettext_lazy("Name of a new caller"), max_length=120, required=False
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    body = forms.CharField(
        label=gettext_lazy("What they said"), widget=forms.Textarea, max_length=50_000
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    category = CategoryField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("Not sure yet"),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, initial=Priority.NORMAL
    )
    requested_remedy = forms.ChoiceField(
        label=gettext_lazy("They ask for"),
        choices=[("", gettext_lazy("Nothing particular")), *Remedy.choices],
        required=False,
    )
    confirm = forms.BooleanField(required=False)

    def entry(self, customer: Customer | None, order: Order | None) -> Entry:
        """What the service needs; the caller's text is an address only if nobody has it yet."""
        data = self.cleaned_data
        return Entry(
            token=data["token"],
            channel=data["channel"],
            subject=data["subject"],
            body=data["body"],
            kind=data["kind"],
            priority=data["priority"],
            category=data["category"],
            requested_remedy=data["requested_remedy"],
            customer=customer,
            caller="" if customer or order else data["caller"],
            caller_name=data["caller_name"],
            order=order,
            is_confirmed=data["confirm"],
        )


def new_case_urls(site: AdminSite) -> list[URLPattern]:
    view = site.admin_view(require_POST(caller_view))
    return [path("caller/", view, name="tickets_ticket_caller")]


def caller_view(request: HttpRequest) -> HttpResponse:
    """The panel about the caller alone, for htmx."""
    user = _recorder(request)
    caller = find_caller(request.POST.get("caller", ""), user)
    context = {"caller": caller, "picked_order": _picked(request, caller)}
    return TemplateResponse(request, "tickets/_caller.html", context)


def new_case_view(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The form; «Look up» without script comes here too and keeps what was typed."""
    user = _recorder(request)
    sent = request.method == "POST"
    text = request.POST.get("caller", "") or request.GET.get("caller", "")
    caller = find_caller(text, user)
    is_submission = sent and "lookup" not in request.POST
    form = _form(request, text, is_submission=is_submission)
    if is_submission and form.is_valid():
        ticket = _record(request, form, caller, user)
        if ticket is not None:
            return redirect("admin:tickets_ticket_change", ticket.number)
    context = {
        **site.each_context(request),
        "title": _("New case"),
        "form": form,
        "caller": caller,
        "duplicate_days": DUPLICATE_DAYS,
        "picked_order": _picked(request, caller),
    }
    return TemplateResponse(request, "tickets/new_case.html", context)


def _recorder(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    if not can_create(user):
        raise PermissionDenied
    return user


def _form(request: HttpRequest, caller: str, *, is_submission: bool) -> NewCaseForm:
    """Bound when sent; a look-up keeps the words without complaining about what is missing yet."""
    if is_submission:
        return NewCaseForm(request.POST)
    start = {"token": uuid.uuid4().hex, "caller": caller, **request.POST.dict()}
    return NewCaseForm(initial=start)


def _picked(request: HttpRequest, caller: Caller) -> str:
    """The order chosen on the page, else the one whose number was read out."""
    named = next((str(found.pk) for found in caller.orders if found.external_id == caller.text), "")
    return request.POST.get("order", named)


def _record(request: HttpRequest, form: NewCaseForm, caller: Caller, user: User) -> Ticket | None:
    """Open the case; a refusal becomes an error of the form, nothing typed is lost."""
    picked = request.POST.get("order", "")
    order = next((order for order in caller.orders if str(order.pk) == picked), None)
    customer = order.customer if order else caller.customer
    try:
        ticket = record_entry(form.entry(customer, order), actor=user)
    except DomainError as refusal:
        known = refusal.field if refusal.field in form.fields else None
        form.add_error(_field(refusal, known), str(refusal))
        return None
    messages.success(request, _("%(case)s is recorded.") % {"case": ticket})
    return ticket


def _field(refusal: DomainError, known: str | None) -> str | None:
    """Where an error shows; an address that is none belongs to the caller."""
    return "caller" if refusal.field in ("phone", "email", "address") else known


def find_caller(text: str, user: User) -> Caller:
    """Customers with exactly this number, their latest orders and their unfinished cases."""
    text = text.strip()[:254]
    if not text:
        return Caller()
    customers = list(find_customers(text, user=user)[:SHOWN_CUSTOMERS])
    orders = find_orders(text, user=user)
    if customers:
        orders = orders | Order.objects.visible_to(user).filter(customer__in=customers)
    found = list(
        orders.select_related("customer", "shop")
        .prefetch_related("lines")
        .order_by("-placed_at", "-pk")[:SHOWN_ORDERS]
    )
    points = list(ContactPoint.objects.filter(customer__in=customers)[:SHOWN_CUSTOMERS])
    visible, hidden = _unfinished(customers, found, user)
    return Caller(text, customers, points, found, visible, hidden)


def _unfinished(
    customers: list[Customer], orders: list[Order], user: User
) -> tuple[list[Row], int]:
    """Cases that may be the same matter: those the agent may open, and how many others."""
    order = orders[0] if orders else None
    customer = customers[0] if customers else order.customer if order else None
    cases = possible_duplicates(customer, None if customers else order)
    numbers = list(cases.values_list("pk", flat=True)[:20])
    visible = listed(Ticket.objects.visible_to(user).filter(pk__in=numbers)).order_by("-pk")
    rows = as_rows(visible, now())
    return rows, len(numbers) - len(rows)
