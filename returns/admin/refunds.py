"""Refunds: the list, one refund with everything about it, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.dialogs import ReasonDialog, perform
from aftersales.kernel.money import written
from returns import policies_money as policies
from returns.models import GuardHold, Refund
from returns.money_statuses import RefundStatus
from returns.queries.refund_page import refund_page
from returns.queries.signs import in_words
from returns.services.money import by_hand, guarding, requesting
from staff.requests import person

STATUS_COLORS = {
    RefundStatus.DRAFT.value: "default",
    RefundStatus.SUBMITTED.value: "warning",
    RefundStatus.APPROVED.value: "info",
    RefundStatus.SENDING.value: "info",
    RefundStatus.UNKNOWN.value: "danger",
    RefundStatus.SUCCEEDED.value: "success",
    RefundStatus.FAILED.value: "danger",
    RefundStatus.DECLINED.value: "default",
    RefundStatus.CANCELED.value: "default",
}


class ReferenceDialog(BaseDialogForm):
    """Asks for the bank's reference of a transfer."""

    reference = forms.CharField(
        label=_("Bank reference"),
        max_length=100,
        widget=UnfoldAdminTextInputWidget(attrs={"autofocus": True}),
    )


# What a dialog may ask for, named as the services take it.
ASKED = ("note", "reference")


def _dialog(title: Any, form: type[BaseDialogForm], submit: Any) -> dict[str, Any]:
    return {"title": title, "form_class": form, "form_submit_text": submit}


SUBMIT = _dialog(_("Submit for approval"), ReasonDialog, _("Submit"))
CANCEL = _dialog(_("Cancel this refund"), ReasonDialog, _("Cancel refund"))
RELEASE = _dialog(_("Why is this fine?"), ReasonDialog, _("Release"))
ENTER = _dialog(_("Which transfer did you make?"), ReferenceDialog, _("Enter"))
CONFIRM = _dialog(_("Type the reference from the bank's paper"), ReferenceDialog, _("Confirm"))
REJECT = _dialog(_("Why did the bank not take it?"), ReasonDialog, _("Transfer failed"))


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Every amount and state comes from services; here it is read and acted on."""

    when_empty = _("Refunds of the cases you see show here. Ask for one on the page of a case.")
    list_display = (
        "number",
        "status_label",
        "sum_shown",
        "reason",
        "kind",
        "ticket",
        "requested_by",
        "requested_at",
    )
    list_filter = ("status", "kind", "means", "reason", "risk", "gateway", "origin")
    linked_by = ("currency",)
    list_select_related = ("ticket", "requested_by", "payment")
    search_fields = ("=number", "=gateway_number", "=reference", "=ticket__number")
    search_help_text = _("Refund, case, gateway or bank number, complete")
    ordering = ("-id",)
    fields = ()
    change_form_template = "returns/money/refund.html"
    actions_detail = (
        "submit",
        "cancel",
        "release",
        "enter_transfer",
        "confirm_transfer",
        "reject_transfer",
    )

    @display(description=_("Status"), label=STATUS_COLORS, ordering="status")
    def status_label(self, refund: Refund) -> tuple[str, str]:
        return refund.status, refund.get_status_display()

    @display(description=_("Amount"), ordering="amount")
    def sum_shown(self, refund: Refund) -> str:
        return written(refund.amount, refund.currency)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        refund = self.in_scope(request, object_id)
        context = {
            "title": refund.number,
            "page": refund_page(refund, person(request)),
            "status_color": STATUS_COLORS[refund.status],
            **(extra_context or {}),
        }
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def in_scope(self, request: HttpRequest, object_id: str) -> Refund:
        """The refund, or 404: actions of the theme do not look at the queryset themselves."""
        rows = self.get_queryset(request).select_related(
            "payment__order__customer", "ticket", "requested_by", "paid_by", "confirmed_by"
        )
        refund: Refund | None = rows.filter(
            pk=object_id if object_id.isdecimal() and len(object_id) < 19 else None
        ).first()
        if refund is None:
            raise Http404
        return refund

    def _act(
        self,
        request: HttpRequest,
        form: Any,
        object_id: str,
        *,
        dialog: dict[str, Any],
        verb: Callable[..., object],
        done: Any,
    ) -> HttpResponse:
        refund = self.in_scope(request, object_id)
        given = {name: form.cleaned_data[name] for name in ASKED if name in form.cleaned_data}
        return perform(
            request,
            form,
            dialog,
            lambda: verb(refund.pk, actor=person(request), **given),
            done=done,
            url=reverse("admin:returns_refund_change", args=[refund.pk]),
        )

    def _status(self, request: HttpRequest, object_id: Any) -> str:
        return self.in_scope(request, str(object_id)).status if object_id else ""

    def has_submit_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return (
            policies.can_request(person(request))
            and self._status(request, object_id) == RefundStatus.DRAFT
        )

    def has_cancel_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return policies.can_request(person(request)) and self._status(request, object_id) in (
            RefundStatus.DRAFT,
            RefundStatus.SUBMITTED,
            RefundStatus.APPROVED,
        )

    def has_release_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return policies.can_release(person(request))

    def has_pay_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return (
            policies.can_pay(person(request))
            and self._status(request, object_id) == RefundStatus.SENDING
        )

    @action(description=_("Submit"), icon="send", permissions=["submit"], dialog=SUBMIT)
    def submit(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            form,
            object_id,
            dialog=SUBMIT,
            verb=requesting.submit_refund,
            done=_("Submitted for approval."),
        )

    @action(description=_("Cancel"), icon="cancel", permissions=["cancel"], dialog=CANCEL)
    def cancel(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            form,
            object_id,
            dialog=CANCEL,
            verb=requesting.cancel_refund,
            done=_("Canceled; the money is free again."),
        )

    @action(description=_("Release"), icon="verified", permissions=["release"], dialog=RELEASE)
    def release(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            form,
            object_id,
            dialog=RELEASE,
            verb=guarding.release_hold,
            done=_("Released."),
        )

    @action(
        description=_("Enter transfer"), icon="account_balance", permissions=["pay"], dialog=ENTER
    )
    def enter_transfer(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            form,
            object_id,
            dialog=ENTER,
            verb=by_hand.enter_transfer,
            done=_("Entered; somebody else has to confirm it."),
        )

    @action(description=_("Confirm transfer"), icon="done_all", permissions=["pay"], dialog=CONFIRM)
    def confirm_transfer(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            form,
            object_id,
            dialog=CONFIRM,
            verb=by_hand.confirm_manual_refund,
            done=_("Confirmed; the money is paid back."),
        )

    @action(description=_("Transfer failed"), icon="undo", permissions=["pay"], dialog=REJECT)
    def reject_transfer(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            form,
            object_id,
            dialog=REJECT,
            verb=by_hand.reject_transfer,
            done=_("Noted; the money is free again."),
        )


@admin.register(GuardHold)
class GuardHoldAdmin(ReadOnlyAdmin):
    """What the guard held and how it ended."""

    when_empty = _(
        "Refunds that the guard finds odd are held here until somebody releases them. None "
        "was held so far."
    )
    list_display = ("refund", "status", "why", "held_at", "released_by", "release")
    list_filter = ("status",)
    list_select_related = ("refund", "released_by")
    search_fields = ("=refund__number",)
    search_help_text = _("Refund number, complete")
    fields = ("refund", "status", "why", "held_at", "released_by", "released_at", "release")
    readonly_fields = ("why", "release")

    @display(description=_("why"))
    def why(self, hold: GuardHold) -> str:
        return " ".join(in_words(hold.reasons))

    @display(description=_("why it was released"))
    def release(self, hold: GuardHold) -> str:
        return hold.note or str(self.get_empty_value_display())
