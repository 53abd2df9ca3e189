"""The approval inbox: list and decision side by side, one key per decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from aftersales.kernel.admin import ReadOnlyAdmin
from aftersales.kernel.clock import now
from aftersales.kernel.errors import DomainError, RuleViolated
from returns import policies_money as policies
from returns.models import ApprovalRequest, Refund
from returns.money_statuses import ApprovalStatus
from returns.queries.approvals import givers, inbox
from returns.queries.refund_page import refund_page
from returns.services.money import approving
from returns.services.money.approving import Voice
from staff.models import User
from staff.requests import person

DONE = {
    "approve": gettext_lazy("Your approval is recorded."),
    "decline": gettext_lazy("Declined; the money is free again."),
    "ask_back": gettext_lazy("Sent back with your question."),
}


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(ReadOnlyAdmin):
    """What waits for a decision; the page of one approval is the inbox opened at it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:refund_id>/decide/",
                view(require_POST(self.decide_view)),
                name="returns_approvalrequest_decide",
            ),
            path(
                "batch/", view(require_POST(self.batch_view)), name="returns_approvalrequest_batch"
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("refund", "")
        refund = self._refund(request, int(asked)) if asked.isdecimal() else None
        return self._page(request, refund)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        approval: ApprovalRequest = self.in_scope(request, object_id)
        return self._page(request, self._refund(request, approval.refund_id))

    def decide_view(self, request: HttpRequest, refund_id: int) -> HttpResponse:
        """One decision; a refusal is shown with what was typed."""
        refund = self._refund(request, refund_id)
        actor, decision = person(request), request.POST.get("decision", "")
        note = request.POST.get("note", "")[:500]
        try:
            match decision:
                case "approve":
                    voice = _voice(request, actor)
                    approving.approve_refund(refund.pk, actor=actor, note=note, voice=voice)
                case "decline":
                    approving.decline_refund(refund.pk, actor=actor, note=note)
                case "ask_back":
                    approving.ask_back(refund.pk, actor=actor, note=note)
                case _:
                    raise RuleViolated("unknown_decision", _("Choose what to do."))
        except DomainError as refusal:
            refund = self._refund(request, refund_id)
            return self._page(request, refund, error=str(refusal))
        messages.success(request, str(DONE[decision]))
        return redirect("admin:returns_approvalrequest_changelist")

    def batch_view(self, request: HttpRequest) -> HttpResponse:
        """Several small ones as the list showed them; each is approved or refused by itself."""
        picked = [one.partition(":") for one in request.POST.getlist("refund")]
        seen = {int(pk): digest for pk, _colon, digest in picked if pk.isdecimal()}
        try:
            results = approving.approve_batch(
                seen, actor=person(request), note=request.POST.get("note", "")[:500]
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:returns_approvalrequest_changelist")
        for one in results:
            if one.problem:
                messages.error(request, f"{one.refund}: {one.problem}")
            else:
                messages.success(request, f"{one.refund}: {DONE['approve']}")
        return redirect("admin:returns_approvalrequest_changelist")

    def _refund(self, request: HttpRequest, refund_id: int) -> Refund:
        rows = Refund.objects.visible_to(person(request)).select_related(
            "payment__order__customer", "ticket", "requested_by"
        )
        refund = rows.filter(pk=refund_id).first() if refund_id < 2**63 else None
        if refund is None:
            raise Http404
        return refund

    def _page(
        self, request: HttpRequest, refund: Refund | None, *, error: str = ""
    ) -> HttpResponse:
        """The inbox; after a refusal the form holds the error, what was typed and what chosen."""
        actor = person(request)
        principal = request.POST.get("principal", "")
        url = reverse("admin:returns_approvalrequest_changelist")
        rows = inbox(actor, current=refund.pk if refund else None, url=url)
        page = refund_page(refund, actor) if refund else None
        is_open = bool(page and page.request and page.request.status == ApprovalStatus.OPEN)
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Approvals"),
            "opts": self.opts,
            "rows": rows,
            "count": len(rows),
            "page": page,
            "may_decide": is_open and policies.can_decide(actor),
            "givers": givers(actor),
            "inbox_url": url,
            "error": error,
            "typed": request.POST.get("note", "")[:500],
            "principal": int(principal) if principal.isdecimal() else None,
        }
        return TemplateResponse(request, "returns/money/inbox.html", context)


def _voice(request: HttpRequest, actor: User) -> Voice:
    """In whose name, and whether the password was typed just now."""
    asked = request.POST.get("principal", "")
    principal = next((one for one in givers(actor) if str(one.pk) == asked), None)
    if asked and principal is None:
        raise RuleViolated("not_delegated", _("This was not delegated to you."), field="principal")
    return Voice(
        principal=principal,
        reauthenticated_at=_proof(request, actor),
        seen_digest=request.POST.get("digest", ""),
    )


def _proof(request: HttpRequest, actor: User) -> datetime | None:
    """The moment the right password was typed, or nothing; wrong ones are counted as at sign-in."""
    password = request.POST.get("password", "")
    if not password:
        return None
    if authenticate(request, username=actor.username, password=password) != actor:
        raise RuleViolated("wrong_password", _("This password is wrong."), field="password")
    return now()
