"""The admin site of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from aftersales import admin_home, admin_navigation
from aftersales.admin_navigation import BADGE_CAP
from aftersales.kernel.context import acting
from staff.forms import OwnPasswordForm, SignInForm
from staff.models import User
from staff.requests import person
from tickets.queries.counting import shown

# What Unfold's context gives that depends on the request, and the colors, which are a file
# (static/desk/palette.css); the rest are its settings.
PER_REQUEST = {
    "has_permission",
    "available_apps",
    "is_popup",
    "log_entries",
    "sidebar_navigation",
    "colors",
}


class DeskAdminSite(UnfoldAdminSite):
    """Unfold's site with our menu; home differs by role."""

    index_title = _("Home")
    enable_nav_sidebar = True
    login_form = SignInForm
    empty_value_display = "–"

    look: dict[str, Any] | None = None

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        return []

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """The list by models is nobody's way of working; only the page of one app asks for it."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the admin shows around its own content."""
        if self.look is None:
            kept = super().each_context(request)
            self.look = {name: kept[name] for name in kept.keys() - PER_REQUEST}
        context: dict[str, Any] = {
            **self.look,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "menu": "",
        }
        if context["has_permission"]:
            context["menu"] = SimpleLazyObject(lambda: admin_navigation.menu(self, request))
        if request.user.has_perm("tickets.create_ticket"):
            context["new_case_url"] = reverse("admin:tickets_ticket_add")
        if isinstance(request.user, User) and request.user.is_staff:
            context["notices_url"] = reverse("admin:staff_notice_changelist")
            unread = admin_navigation.badges(request)["unread"]
            context["unread_notices"] = shown(unread, BADGE_CAP) if unread else ""
        return context

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """What is to be done today, by role."""
        context = {
            **self.each_context(request),
            "title": self.index_title,
            "sections": admin_home.sections(request),
            "greeting": admin_home.greeting(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/index.html", context)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign in, with a word on why one is asked to; the demo offers its logins."""
        shown: dict[str, Any] = {"why": _why_here(request)}
        if settings.DEMO:
            shown["demo_logins"] = _demo_logins()
        page: HttpResponse = super().login(request, {**shown, **(extra_context or {})})
        return page

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own page; its form asks the service."""
        page: Callable[[HttpRequest], Any] = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        with acting(person(request)):
            answer: HttpResponse = page(request)
        return answer


def _why_here(request: HttpRequest) -> str:
    """Why somebody who wanted another page is asked to sign in; nothing for who came by himself."""
    if request.user.is_authenticated:
        return gettext("You are signed in, but not for this page. Sign in as somebody else?")
    if REDIRECT_FIELD_NAME not in request.GET:
        return ""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return gettext("You were signed out. Sign in, and you are back where you were.")
    return gettext("Sign in, and the page you asked for opens.")


def _demo_logins() -> list[dict[str, str]]:
    from aftersales.demo.logins import demo_logins  # noqa: PLC0415 -- part of the demo only

    return [
        {"role": role, "username": name, "password": password}
        for role, name, password in demo_logins()
    ]
