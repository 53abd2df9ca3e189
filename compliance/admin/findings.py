"""What did not hold: auditors look, owners and administrators settle."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from aftersales.kernel.admin import ByWords, ReadOnlyAdmin, kept_words, known_id
from aftersales.kernel.dialogs import ReasonDialog, perform
from compliance.models import Finding, Severity
from compliance.policies import can_handle, can_see_findings
from compliance.services import accept_risk, resolve_finding, take_finding
from compliance.statuses import FindingStatus
from compliance.values import shown

TAKE: dict[str, Any] = {
    "title": _("Take this finding up"),
    "description": _("You become its owner."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Take it up"),
}
RESOLVE: dict[str, Any] = {
    "title": _("Resolve this finding"),
    "description": _("Say how it was put right. If it is found again, it opens again."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Resolve"),
}
ACCEPT: dict[str, Any] = {
    "title": _("Accept this risk"),
    "description": _("It stays as it is; say why. Further hits are only counted."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Accept the risk"),
}


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    """Findings, newest first."""

    when_empty = _("What the controls find shows here. Nothing was found so far.")
    list_display = (
        "state",
        "weight",
        "rule",
        "subject",
        "case",
        "owner",
        "due_at",
        "last_hit_at",
    )
    list_display_links = ("rule",)
    list_filter = ("status", "severity")
    list_select_related = ("owner",)
    # Shows the field; what it finds is ``get_search_results``.
    search_fields = ("pk",)
    search_help_text = _("Object or case number")
    actions_detail = ("take", "resolve", "accept")
    fieldsets = (
        (None, {"fields": (("state", "weight"), ("rule", "headline"), ("subject", "case"))}),
        (
            _("Found"),
            {"fields": (("opened_at", "last_hit_at"), ("hit_count", "exposure"), "proof")},
        ),
        (_("Settling"), {"fields": (("owner", "due_at"), ("resolved_at", "note"))}),
    )
    readonly_fields = ("state", "weight", "rule", "headline", "subject", "case", "proof")

    headline = kept_words("title", _("title"))
    subject = kept_words("subject_label", _("object"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_see_findings(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Finding], search_term: str
    ) -> tuple[QuerySet[Finding], bool]:
        if not search_term.strip():
            return queryset, False
        found = Finding.objects.called(search_term)
        return queryset.filter(pk__in=found.values("pk")), False

    @display(
        description=_("status"),
        ordering="status",
        label=ByWords(
            {
                FindingStatus.OPEN: "danger",
                FindingStatus.IN_PROGRESS: "warning",
                FindingStatus.RESOLVED: "success",
            }
        ),
    )
    def state(self, finding: Finding) -> str:
        return finding.get_status_display()

    @display(
        description=_("severity"),
        ordering="severity",
        label=ByWords({Severity.CRITICAL: "danger", Severity.HIGH: "warning"}),
    )
    def weight(self, finding: Finding) -> str:
        return finding.get_severity_display()

    @display(description=_("control"), ordering="code")
    def rule(self, finding: Finding) -> str:
        return finding.label

    @display(description=_("case"), ordering="case_id")
    def case(self, finding: Finding) -> str:
        """The case's number, leading to it where the desk has such a page."""
        if not finding.case_label:
            return ""
        try:
            url = reverse("admin:tickets_ticket_change", args=[finding.case_label])
        except NoReverseMatch:
            return finding.case_label
        return format_html('<a class="d-strong" href="{}">{}</a>', url, finding.case_label)

    @display(description=_("evidence"))
    def proof(self, finding: Finding) -> str:
        return shown(Finding._meta.get_field("evidence"), finding.evidence, {})

    def may(self, request: HttpRequest, object_id: Any, target: FindingStatus) -> bool:
        """Whether a button fits; the service decides again."""
        rows = Finding.objects.visible_to(request.user).filter(pk=known_id(object_id))
        finding: Finding | None = rows.first()
        if finding is None or not can_handle(request.user, finding):
            return False
        return FindingStatus(finding.status).can_become(target)

    def has_take_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.may(request, object_id, FindingStatus.IN_PROGRESS)

    def has_resolve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.may(request, object_id, FindingStatus.RESOLVED)

    def has_accept_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.may(request, object_id, FindingStatus.ACCEPTED_RISK)

    @action(description=_("Take up"), icon="person_add", permissions=["take"], dialog=TAKE)
    def take(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self.settle(request, form, object_id, TAKE, take_finding)

    @action(description=_("Resolve"), icon="task_alt", permissions=["resolve"], dialog=RESOLVE)
    def resolve(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self.settle(request, form, object_id, RESOLVE, resolve_finding)

    @action(
        description=_("Accept the risk"),
        icon="gpp_maybe",
        variant=ActionVariant.WARNING,
        permissions=["accept"],
        dialog=ACCEPT,
    )
    def accept(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self.settle(request, form, object_id, ACCEPT, accept_risk)

    def settle(
        self, request: HttpRequest, form: Any, object_id: str, dialog: dict[str, Any], verb: Any
    ) -> HttpResponse:
        """Call the verb on a finding that may be seen here."""
        finding: Finding = self.in_scope(request, object_id)
        note = form.cleaned_data["note"]
        return perform(
            request,
            form,
            dialog,
            lambda: verb(finding.pk, actor=request.user, note=note),
            done=_("The finding is brought up to date."),
            url=reverse("admin:compliance_finding_change", args=[finding.pk]),
        )
