"""Dialogs of the admin: a form, one service, a message; a refusal keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from aftersales.kernel.errors import LEAST_REASON, DomainError, Text


class ReasonDialog(BaseDialogForm):
    """Asks why; the reason is kept with the act."""

    note = forms.CharField(
        label=_("Reason"),
        min_length=LEAST_REASON,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "autofocus": True}),
    )


def perform(
    request: HttpRequest,
    form: Any,
    dialog: dict[str, Any],
    work: Callable[[], object],
    *,
    done: Text,
    url: str,
) -> HttpResponse:
    """Call the service; a refusal becomes an error in the dialog, success leads to ``url``."""
    try:
        work()
    except DomainError as error:
        return refused(request, form, dialog, error)
    messages.success(request, str(done))
    response = HttpResponse()
    response["HX-Redirect"] = url
    return response


def refused(
    request: HttpRequest, form: Any, dialog: dict[str, Any], error: DomainError
) -> HttpResponse:
    """The dialog again, with the refusal at the field at fault or at the first one."""
    visible = [field.name for field in form.visible_fields()]
    form.add_error(error.field if error.field in visible else visible[0], str(error))
    context = {
        "dialog": dialog,
        "form": form,
        "form_submit_text": dialog.get("form_submit_text", ""),
    }
    return render(request, "unfold/helpers/dialog.html", context)
