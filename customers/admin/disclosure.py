"""The dialog that shows masked values: a reason, one service, the values once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.dialogs import ReasonDialog, refused
from aftersales.kernel.errors import DomainError
from customers.services.disclosing import Shown

DIALOG: dict[str, Any] = {
    "title": _("Show personal data"),
    "description": _("Your name, the reason and what you saw are recorded."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Show"),
}


def show(request: HttpRequest, form: Any, disclose: Callable[[], list[Shown]]) -> HttpResponse:
    """Answer with the disclosed values in the open dialog; nothing may cache them."""
    try:
        shown = disclose()
    except DomainError as error:
        return refused(request, form, DIALOG, error)
    response = render(request, "customers/_disclosed.html", {"shown": shown, "dialog": DIALOG})
    response["Cache-Control"] = "no-store"
    response["HX-Retarget"] = "#dialog"
    response["HX-Reselect"] = "#dialog"
    return response
