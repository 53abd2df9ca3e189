from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class HandoffsConfig(AppConfig):
    name = "handoffs"
    verbose_name = _("Departments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from compliance import events  # noqa: PLC0415 -- the same
        from handoffs import (  # noqa: PLC0415 -- the app registry must be ready
            announcements,
            clock_facts,
            clock_rules,
            controls,
            gates,
            shipped,
            trail_words,
        )
        from handoffs.services import examples  # noqa: PLC0415 -- the same

        controls.register()
        trail_words.register()
        announcements.register()
        gates.register()
        clock_facts.register()
        clock_rules.register()
        events.subscribe(examples.hear)
        post_migrate.connect(shipped.install, sender=self)
