"""The bell's page, everybody's own wishes, and the chat groups of departments."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from aftersales.kernel.admin import DeskAdmin, ReadOnlyAdmin, reason_of
from aftersales.kernel.dialogs import ReasonDialog, perform
from aftersales.kernel.errors import DomainError
from compliance.personal import MASKS
from staff.forms import ChatForm, WishesForm
from staff.models import ChatTarget, Notice
from staff.policies import can_change_chats, gets_digest
from staff.queries import notice_page, preference_of
from staff.requests import person
from staff.services.chats import save_chat, try_chat
from staff.services.notices import change_wishes, read_notices

TRY: dict[str, Any] = {
    "title": _("Send a greeting to this group"),
    "description": _("It says who tried the group out, and leaves at once."),
    "form_class": ReasonDialog,
    "form_submit_text": _("Send the greeting"),
}


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Everybody's own notices: unread ones first, opened or put away by a click."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> URLPattern:
            wrapped: URLPattern = path(
                route, self.admin_site.admin_view(view), name=f"staff_notice_{name}"
            )
            return wrapped

        return [
            page("read/", self.read_view, "read"),
            page("wishes/", self.wishes_view, "wishes"),
            page("<int:notice_id>/open/", self.open_view, "open"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        before = request.GET.get("before", "")
        page = notice_page(
            person(request), int(before) if before.isdecimal() and len(before) < 19 else None
        )
        return self.render(request, "staff/notices.html", title=_("Notices"), page=page)

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Put all unread notices away."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        read_notices(actor=person(request))
        return redirect("admin:staff_notice_changelist")

    def open_view(self, request: HttpRequest, notice_id: int) -> HttpResponse:
        """Put one notice away; ``go`` leads to the page it is about."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        actor = person(request)
        notice = get_object_or_404(Notice.objects.visible_to(actor), pk=notice_id)
        read_notices(actor=actor, notice_id=notice.pk)
        if "go" in request.POST:
            return redirect(notice.url)
        return redirect("admin:staff_notice_changelist")

    def wishes_view(self, request: HttpRequest) -> HttpResponse:
        """How one wants to be told."""
        actor = person(request)
        form = WishesForm(
            request.POST or None, instance=preference_of(actor), is_lead=gets_digest(actor)
        )
        if request.method == "POST" and form.is_valid():
            try:
                change_wishes(form.cleaned_data, actor=actor)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, str(_("Your wishes are kept.")))
                return redirect("admin:staff_notice_wishes")
        return self.render(
            request, "staff/wishes.html", title=_("My notices"), form=form, address=actor.email
        )

    def render(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, shown)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The list says everything there is to say."""
        raise Http404


@admin.register(ChatTarget)
class ChatTargetAdmin(DeskAdmin):
    """Where departments hear of things; the address is typed, never shown."""

    when_empty = _(
        "Chat groups hear of what concerns a department. Add a group with the address of its robot."
    )
    form = ChatForm
    list_display = ("label", "department", "service", "min_urgency", "is_active")
    list_filter = ("is_active", "department")
    list_select_related = ("department",)
    search_fields = ("label",)
    search_help_text = _("Name of the group")
    actions_detail = ("try_out",)

    def get_fieldsets(self, request: HttpRequest, obj: ChatTarget | None = None) -> Any:
        """Who only looks sees the service instead of the field for a new address."""
        address = "url" if self.has_change_permission(request, obj) else "service"
        about = ("label", ("department", "language"), address, ("min_urgency", "is_active"))
        quiet = (("quiet_from", "quiet_until"), "urgent_breaks_quiet")
        return ((None, {"fields": about}), (_("Quiet hours"), {"fields": quiet}))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else ("service",)

    @display(description=_("address"))
    def service(self, target: ChatTarget) -> str:
        return f"{target.url.partition('://')[0]}://{MASKS['secret'](target.url)}"

    def save_model(
        self, request: HttpRequest, obj: ChatTarget, form: ModelForm[ChatTarget], change: bool
    ) -> None:
        save_chat(obj, actor=person(request), note=reason_of(form))

    def has_try_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can_change_chats(person(request))

    @action(description=_("Try it out"), icon="send", permissions=["try"], dialog=TRY)
    def try_out(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        target: ChatTarget = self.in_scope(request, object_id)
        note = form.cleaned_data["note"]
        return perform(
            request,
            form,
            TRY,
            lambda: try_chat(target.pk, actor=person(request), note=note),
            done=_("The greeting is on its way."),
            url=reverse("admin:staff_noticedelivery_changelist"),
        )
