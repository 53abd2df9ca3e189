"""Pages that libraries register: taken off, except who signed in, for the auditor."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
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


class SignInAdmin(ReadOnlyAdmin):
    """Who signed in, from where; who failed to."""

    when_empty = _("Who signed in, from where, and who failed to, shows here.")
    list_display = ("at", "who", "address", "path_info")
    list_filter = ("attempt_time",)
    search_fields = ("=username", "=ip_address")
    search_help_text = _("Login or network address, complete")
    ordering = ("-attempt_time",)
    list_per_page = 50

    @display(description=_("time"), ordering="attempt_time")
    def at(self, row: AccessLog | AccessFailureLog) -> datetime:
        when: datetime = row.attempt_time
        return when

    @display(description=_("username"), ordering="username")
    def who(self, row: AccessLog | AccessFailureLog) -> str:
        return row.username or "–"

    @display(description=_("IP address"), ordering="ip_address")
    def address(self, row: AccessLog | AccessFailureLog) -> str:
        return row.ip_address or "–"


def take_over(site: admin.AdminSite) -> None:
    """Run once every app has registered."""
    for model in UNWANTED:
        if site.is_registered(model):
            site.unregister(model)
    site.register((AccessLog, AccessFailureLog), SignInAdmin)
    apps.get_app_config("axes").verbose_name = _("Sign-ins")
