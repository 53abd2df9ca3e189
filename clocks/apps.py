from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    name = "clocks"
    verbose_name = _("Promises")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clocks import (  # noqa: PLC0415 -- the app registry must be ready
            calendar_seed,
            controls,
            finding_step,
            jobs,
            rules,
            trail_words,
        )
        from clocks.calendar_hooks import on_calendar_changed  # noqa: PLC0415 -- the same
        from clocks.services.consuming import consume  # noqa: PLC0415 -- the same
        from clocks.services.recounting import recount  # noqa: PLC0415 -- the same
        from compliance import events  # noqa: PLC0415 -- the same

        controls.register()
        trail_words.register()
        jobs.register()
        finding_step.register()
        events.subscribe(consume)
        on_calendar_changed(recount)
        post_migrate.connect(calendar_seed.install, sender=self)
        post_migrate.connect(rules.install_after_migrate, sender=self)
