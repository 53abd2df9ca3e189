"""Showing masked values: a reason, a row in the record, the values once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.dialogs import ReasonDialog, refused
from aftersales.kernel.errors import DomainError
from compliance.services import disclose
from staff.requests import person

DIALOG: dict[str, Any] = {
    "title": _("Show personal data"),
    "description": _("Your name, the reason and what you saw are recorded."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Show"),
}
Shown = Iterable[tuple[str, str, str]]


def show(request: HttpRequest, form: Any, subject: models.Model, values: Shown) -> HttpResponse:
    """Record the disclosure and answer with the values in the open dialog; nothing may cache them.

    ``values`` are (field, label, value).
    """
    shown = [entry for entry in values if entry[2]]
    try:
        disclose(
            subject,
            sorted({field for field, _label, _value in shown}),
            actor=person(request),
            note=form.cleaned_data["note"],
        )
    except DomainError as error:
        return refused(request, form, DIALOG, error)
    response = render(request, "customers/_disclosed.html", {"shown": shown, "dialog": DIALOG})
    response["Cache-Control"] = "no-store"
    response["HX-Retarget"] = "#dialog"
    response["HX-Reselect"] = "#dialog"
    return response
