"""The public web form, for everybody and per shop."""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from aftersales.kernel.errors import DomainError
from customers.models import Shop
from staff.services import system_actor
from tickets.portal.forms import ContactForm
from tickets.portal.pages import brand, chosen_language, path_of, show
from tickets.portal.throttle import address, too_many
from tickets.services.intake import Form
from tickets.services.web_form import submit_web_form

SALT = "tickets.portal.thanks"
HOUR = 3600
SENT_PER_HOUR, SHOWN_PER_HOUR = 10, 300


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, shop_code: str = "") -> HttpResponse:
    """Show the form, or take it in and go to the thanks page."""
    shop = get_object_or_404(Shop, code=shop_code, is_active=True) if shop_code else None
    language = chosen_language(request) or (shop.language if shop else translation.get_language())
    with translation.override(language):
        if request.method == "POST":
            return take_in(request, shop)
        return show_form(request, shop, ContactForm())


def show_form(
    request: HttpRequest, shop: Shop | None, form: ContactForm, status: int = 200
) -> HttpResponse:
    return show(request, "contact", {"brand": brand(shop), "shop": shop, "form": form}, status)


def take_in(request: HttpRequest, shop: Shop | None) -> HttpResponse:
    form = ContactForm(request.POST, request.FILES)
    if form.is_bait_taken:
        return thanks_for("", "", has_mail=True)
    if not form.is_valid():
        return show_form(request, shop, form, 422)
    if too_many("contact", address(request), SENT_PER_HOUR, HOUR):
        form.add_error(
            None, _("Many requests came from your network. Your text is kept; try again later.")
        )
        return show_form(request, shop, form, 429)
    try:
        case = submit_web_form(words_of(form, shop), form.new_files, actor=system_actor())
    except DomainError as error:
        form.add_error(None, str(error))
        return show_form(request, shop, form, 422)
    return thanks_for(case.number, case.link, has_mail=bool(form.cleaned_data["email"]))


def words_of(form: ContactForm, shop: Shop | None) -> Form:
    data = form.cleaned_data
    return Form(
        token=form.key,
        shop=shop.code if shop else "",
        order_number=data["order_number"].strip(),
        **{name: data[name] for name in ("subject", "body", "kind", "name", "email", "phone")},
    )


def thanks_for(number: str, link: str, *, has_mail: bool) -> HttpResponse:
    """To the page that can be reloaded without sending again; its address carries what it shows."""
    note = signing.dumps([number, path_of(link), has_mail], salt=SALT)
    return redirect(f"{reverse('contact_thanks')}?for={note}")


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    try:
        number, path, has_mail = signing.loads(request.GET.get("for", ""), salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        return redirect("contact")
    with translation.override(chosen_language(request) or translation.get_language()):
        context = {"brand": brand(None), "number": number, "path": path, "has_mail": has_mail}
        return show(request, "thanks", context)
