"""Pages that libraries register: taken off, except who signed in, for the auditor."""

from __future__ import annotations

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ, Schedule, Success
from knox.models import AuthToken
from unfold.decorators import display

from aftersales.kernel.admin import ReadOnlyAdmin

UNWANTED = (
    AccessAttempt,
    AccessFailureLog,
    AccessLog,
    Group,
    AuthToken,
    Failure,
    OrmQ,
    Schedule,
    Success,
)
CALLED = {
    AccessLog: (_("sign-in"), _("sign-ins")),
    AccessFailureLog: (_("failed sign-in"), _("failed sign-ins")),
}


class SignInAdmin(ReadOnlyAdmin):
    """Who signed in, from where; who failed to. The library's own names are English only."""

    when_empty = _("Who signed in, from where, and who failed to, shows here.")
    list_display = ("at", "who", "address", "page")
    fields = ("at", "who", "address", "page", "browser")
    readonly_fields = fields
    list_filter = ("attempt_time",)
    search_fields = ("=username", "=ip_address")
    search_help_text = _("Login or network address, complete")
    ordering = ("-attempt_time",)
    list_per_page = 50

    @display(description=_("time"), ordering="attempt_time")
    def at(self, row: AccessLog | AccessFailureLog) -> str:
        return str(localize(localtime(row.attempt_time)))

    @display(description=_("username"), ordering="username")
    def who(self, row: AccessLog | AccessFailureLog) -> str:
        return row.username or "–"

    @display(description=_("IP address"), ordering="ip_address")
    def address(self, row: AccessLog | AccessFailureLog) -> str:
        return row.ip_address or "–"

    @display(description=_("page"), ordering="path_info")
    def page(self, row: AccessLog | AccessFailureLog) -> str:
        return str(row.path_info)

    @display(description=_("browser"))
    def browser(self, row: AccessLog | AccessFailureLog) -> str:
        return str(row.user_agent or "–")


def take_over(site: admin.AdminSite) -> None:
    """Run once every app has registered."""
    for model in UNWANTED:
        if site.is_registered(model):
            site.unregister(model)
    site.register((AccessLog, AccessFailureLog), SignInAdmin)
    for model, (one, many) in CALLED.items():
        model._meta.verbose_name, model._meta.verbose_name_plural = one, many
    apps.get_app_config("axes").verbose_name = _("Sign-ins")
