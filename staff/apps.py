from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = _("People and departments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from staff import (  # noqa: PLC0415 -- registers once the app registry is ready
            announcements,
            clock_steps,
            controls,
            jobs,
        )

        controls.register()
        announcements.register()
        clock_steps.register()
        jobs.register_all()
