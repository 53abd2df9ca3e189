"""The composition root as a Django app, and the admin site everything registers on."""

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig

from aftersales.lean import import_without_extras

import_without_extras()


class DeskAdminConfig(AdminConfig):
    """Replaces the default admin site by ours, so that apps simply register on ``admin.site``."""

    default_site = "aftersales.admin_site.DeskAdminSite"


class DeskConfig(AppConfig):
    name = "aftersales"
    label = "desk"

    def ready(self) -> None:
        from aftersales import (  # noqa: PLC0415 -- needs the app registry
            admin_foreign,
            checks,  # noqa: F401 -- registers the start-up checks
            checks_database,  # noqa: F401 -- the same
            plain_jobs,
            schedules,
        )
        from aftersales.kernel import jobs  # noqa: PLC0415 -- the same

        jobs.register(schedules.HEARTBEAT_JOB, schedules.heartbeat)
        jobs.register(schedules.SWEEP_JOB, schedules.sweep_on)
        admin_foreign.take_over(admin.site)
        plain_jobs.take_over()
