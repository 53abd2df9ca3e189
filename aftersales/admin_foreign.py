"""Pages that libraries register: taken off, except who signed in, for the auditor."""

from __future__ import annotations

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django_q.models import Failure, OrmQ, Schedule, Success
from knox.models import AuthToken

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

    list_display = ("attempt_time", "username", "ip_address", "path_info")
    list_filter = ("attempt_time",)
    search_fields = ("=username", "=ip_address")
    ordering = ("-attempt_time",)
    list_per_page = 50


def take_over(site: admin.AdminSite) -> None:
    """Run once every app has registered."""
    for model in UNWANTED:
        if site.is_registered(model):
            site.unregister(model)
    site.register((AccessLog, AccessFailureLog), SignInAdmin)
