"""Asking for a return and following it on the status page: parse, call one service, go back."""

from __future__ import annotations

import uuid
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aftersales.kernel.errors import DomainError
from compliance.form_once import content_of
from returns.eligibility import Outcome
from returns.forms import AskForm
from returns.models import ReturnAuthorization
from returns.services.customer_page import (
    announce_on_page,
    appeal_on_page,
    ask_on_page,
    withdraw_on_page,
)
from staff.services import system_actor
from tickets.models import Ticket
from tickets.portal.pages import brand, customer_page, other_language, private
from tickets.services.customer_page import OVER


def show(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    frame = {"other_language": other_language(), "page_language": translation.get_language()}
    page = render(request, f"returns/portal/{template}.html", {**frame, **context}, status=status)
    return private(page)


def back(token: str) -> HttpResponse:
    return redirect(reverse("status_page", args=[token]) + "#returns")


def find(ticket: Ticket, number: str) -> ReturnAuthorization:
    rma = ReturnAuthorization.objects.filter(ticket=ticket, number=number).first()
    if rma is None:
        raise Http404
    return rma


@customer_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, token: str, ticket: Ticket) -> HttpResponse:
    """The form (GET) and asking (POST); the answer is the verdict on the status page."""
    if ticket.order is None:
        raise Http404
    status = 200
    if request.method != "POST":
        if ticket.is_finished:
            messages.info(request, OVER)
            return back(token)
        form = AskForm(ticket=ticket, initial={"key": uuid.uuid4().hex})
    else:
        form = AskForm(request.POST, ticket=ticket)
        if form.is_valid():
            try:
                key = key_of(request, form)
                rma = ask_on_page(ticket.pk, form.as_return(), actor=system_actor(), form_key=key)
            except DomainError as refusal:
                form.add_error(None, str(refusal))
            else:
                tell(request, rma)
                return back(token)
        status = 422
    return show(
        request, "ask", status, token=token, ticket=ticket, form=form, brand=brand(ticket.shop)
    )


def key_of(request: HttpRequest, form: AskForm) -> str:
    """The showing of the form with what it held: something else under it is another request."""
    said = sha256(content_of(request).encode()).hexdigest()
    return f"{form.cleaned_data['key']}:{said}"


def tell(request: HttpRequest, rma: ReturnAuthorization | None) -> None:
    if rma is None:
        messages.info(request, _("We have this request already."))
    elif rma.outcome == Outcome.ELIGIBLE:
        messages.success(request, _("Your request is accepted. See below what to do."))
    else:
        messages.success(request, _("We have your request. A colleague looks at it."))


@customer_page
@require_POST
def act(request: HttpRequest, token: str, ticket: Ticket, number: str, verb: str) -> HttpResponse:
    """Cancel, say that it was sent, or ask for another look."""
    rma, run = find(ticket, number), VERBS.get(verb)
    if run is None:
        raise Http404
    try:
        done = run(request, rma)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(done))
    return back(token)


def typed(request: HttpRequest, name: str) -> str:
    """What a field of these small forms holds, without the NUL that no text of ours can hold."""
    return request.POST.get(name, "").replace("\x00", "").strip()


def cancel(request: HttpRequest, rma: ReturnAuthorization) -> str:
    note = typed(request, "note")[:400] or _("Withdrawn by the customer")
    withdraw_on_page(rma.pk, actor=system_actor(), note=note)
    return _("Your request is withdrawn.")


def send(request: HttpRequest, rma: ReturnAuthorization) -> str:
    announce_on_page(
        rma.pk,
        actor=system_actor(),
        carrier=typed(request, "carrier"),
        tracking_number=typed(request, "tracking_number"),
    )
    return _("Thank you. We look out for your parcel.")


def appeal(request: HttpRequest, rma: ReturnAuthorization) -> str:
    appeal_on_page(rma.pk, actor=system_actor(), note=typed(request, "note"))
    return _("A colleague will look at it again.")


VERBS = {"cancel": cancel, "send": send, "appeal": appeal}


@customer_page
@require_safe
def label(request: HttpRequest, token: str, ticket: Ticket, number: str) -> HttpResponse:
    """The label to print or show."""
    rma = find(ticket, number)
    parcel = rma.parcels.filter(has_label=True).order_by("-pk").first()
    if parcel is None or rma.return_address is None:
        raise Http404
    return show(request, "label", token=token, rma=rma, parcel=parcel, brand=brand(ticket.shop))
