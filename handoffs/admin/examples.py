"""Closed cases shown as examples: searched by everybody, let in and taken out by leads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from aftersales.kernel.admin import ByWords, ReadOnlyAdmin, kept_words
from aftersales.kernel.dialogs import ReasonDialog, perform
from handoffs.models import CaseExample
from handoffs.policies import can_approve_example, can_withdraw_example
from handoffs.services.examples import approve_example, withdraw_example
from handoffs.statuses import ExampleStatus
from staff.requests import person


class RemarkDialog(BaseDialogForm):
    """May say something."""

    note = forms.CharField(
        label=_("Remark"),
        max_length=500,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )


APPROVE: dict[str, Any] = {
    "title": _("Share this example"),
    "description": _("Read it once more: nobody must be told from it."),
    "form_class": RemarkDialog,
    "form_submit_text": _("Share"),
}
WITHDRAW: dict[str, Any] = {
    "title": _("Take this example out of sight"),
    "description": _("It stays in the record with your reason."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Withdraw"),
}


@admin.register(CaseExample)
class CaseExampleAdmin(ReadOnlyAdmin):
    """Found by words of title, lesson and text; the case itself is not linked."""

    when_empty = _(
        "Closed cases worth learning from show here. Propose one on the page of its case."
    )
    list_display = ("title", "kind", "category", "lesson_start", "state", "proposed_at")
    list_select_related = ("category",)
    list_filter = ("status", "kind", "category")
    search_fields = ("title", "lesson", "body")
    search_help_text = _("Words of title, lesson or text")
    actions_detail = ("approve", "withdraw")
    readonly_fields = ("state", "text")
    fieldsets = (
        (None, {"fields": (("title", "state"), ("kind", "category"), "lesson")}),
        (_("The case, without personal data"), {"fields": ("text",)}),
        (
            _("Who let it be seen"),
            {"fields": (("proposed_by", "proposed_at"), ("approved_by", "approved_at"))},
        ),
    )

    text = kept_words("body", _("the case, without personal data"))

    @display(
        description=_("status"),
        ordering="status",
        label=ByWords(
            {
                ExampleStatus.PROPOSED: "warning",
                ExampleStatus.APPROVED: "success",
                ExampleStatus.WITHDRAWN: "info",
            }
        ),
    )
    def state(self, example: CaseExample) -> str:
        return example.get_status_display()

    @display(description=_("what it teaches"))
    def lesson_start(self, example: CaseExample) -> str:
        return example.lesson[:100]

    def find(self, request: HttpRequest, object_id: Any) -> CaseExample | None:
        rows = CaseExample.objects.visible_to(person(request))
        return rows.filter(pk=object_id).first() if str(object_id).isdecimal() else None

    def has_approve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        example = self.find(request, object_id)
        return (
            example is not None
            and example.status == ExampleStatus.PROPOSED
            and can_approve_example(person(request), example)
        )

    def has_withdraw_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        example = self.find(request, object_id)
        return (
            example is not None
            and example.status != ExampleStatus.WITHDRAWN
            and can_withdraw_example(person(request), example)
        )

    @action(description=_("Share"), icon="visibility", permissions=["approve"], dialog=APPROVE)
    def approve(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        note = form.cleaned_data["note"]
        return perform(
            request,
            form,
            APPROVE,
            lambda: approve_example(int(object_id), actor=person(request), note=note),
            done=_("Colleagues see it now."),
            url=reverse("admin:handoffs_caseexample_change", args=[object_id]),
        )

    @action(
        description=_("Withdraw"), icon="visibility_off", permissions=["withdraw"], dialog=WITHDRAW
    )
    def withdraw(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        note = form.cleaned_data["note"]
        return perform(
            request,
            form,
            WITHDRAW,
            lambda: withdraw_example(int(object_id), actor=person(request), note=note),
            done=_("It is out of sight."),
            url=reverse("admin:handoffs_caseexample_changelist"),
        )
