"""Importing a file of orders in the admin: choose, look, confirm, take the refused rows back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from aftersales.kernel.admin import own_page
from aftersales.kernel.errors import DomainError
from customers import uploads
from customers.columns import COLUMNS, REQUIRED
from customers.files import MOST_ROWS, OrderFile, Row, read_orders, write_refused
from customers.models import Shop
from customers.services import import_orders, preview_orders
from staff.requests import person

WAITING, DONE = "order_import_waiting", "order_import_done"
REFUSED = "order_import_refused"
SHOWN_ROWS = 50


class ImportForm(forms.Form):
    """Which shop's orders, in which file."""

    shop = forms.ModelChoiceField(
        Shop.objects.filter(is_active=True), label=_("Shop"), widget=UnfoldAdminSelectWidget()
    )
    file = forms.FileField(
        label=_("File (CSV in UTF-8 or GBK, or XLSX)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


def to_start() -> HttpResponse:
    return redirect("admin:customers_order_import")


def start(admin: Any, request: HttpRequest) -> HttpResponse:
    """Choose a file; a good one leads to the preview in the same answer."""
    allow(admin, request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read()
        shop = form.cleaned_data["shop"]
        try:
            file = read_orders(content)
            report = preview_orders(file, shop, actor=person(request))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            uploads.drop(request.session, WAITING)
            request.session[WAITING] = {"key": uploads.keep(content), "shop": shop.pk}
            refused = file.refused
            uploads.drop(request.session, REFUSED)
            if refused:
                offer_refused(request, file)
            shown = {
                "shop": shop,
                "report": report,
                "file": file,
                "refused": beginnings(refused[:SHOWN_ROWS]),
                "is_cut": len(refused) > SHOWN_ROWS,
                "has_good": bool(file.good),
            }
            return own_page(admin, request, "customers/import_preview.html", _("Check"), **shown)
    columns = [(name, name in REQUIRED, aliases) for name, aliases in COLUMNS.items()]
    return own_page(
        admin,
        request,
        "customers/import_form.html",
        _("Import orders"),
        form=form,
        columns=columns,
        most_rows=MOST_ROWS,
    )


def confirm(admin: Any, request: HttpRequest) -> HttpResponse:
    """Do what the preview showed."""
    allow(admin, request)
    waiting = request.session.get(WAITING)
    content = uploads.read(waiting["key"]) if waiting and request.method == "POST" else None
    if waiting is None or content is None:
        messages.warning(request, str(_("The file is gone. Please choose it again.")))
        return to_start()
    file = read_orders(content)
    shop = Shop.objects.get(pk=waiting["shop"])
    report = import_orders(file, shop, actor=person(request))
    uploads.drop(request.session, WAITING)
    uploads.drop(request.session, REFUSED)
    if file.refused:
        offer_refused(request, file)
    request.session[DONE] = {
        "has_refused": bool(file.refused),
        "shop": str(shop),
        "report": asdict(report),
    }
    return redirect("admin:customers_order_import_result")


def offer_refused(request: HttpRequest, file: OrderFile) -> None:
    """Have the refused rows ready as a file, also before anything is imported."""
    request.session[REFUSED] = {"key": uploads.keep(write_refused(file))}


def result(admin: Any, request: HttpRequest) -> HttpResponse:
    """What happened, and the refused rows as a file."""
    allow(admin, request)
    done = request.session.get(DONE)
    if done is None:
        return to_start()
    return own_page(admin, request, "customers/import_result.html", _("Import finished"), done=done)


def refused_rows(admin: Any, request: HttpRequest) -> HttpResponse:
    """The refused rows, to be mended and imported again."""
    allow(admin, request)
    return uploads.csv_download(request.session, REFUSED, "refused-orders.csv")


def allow(admin: Any, request: HttpRequest) -> None:
    if not admin.has_import_permission(request):
        raise PermissionDenied


def beginnings(rows: list[Row]) -> list[tuple[int, str, str]]:
    """Line, beginning and reason of refused rows."""
    return [(row.number, " · ".join(row.cells[:3])[:80], row.reason) for row in rows]
