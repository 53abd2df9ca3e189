from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = _("Cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tickets import (  # noqa: PLC0415 -- the app registry must be ready
            announcements,
            buyer_uses,
            clock_actions,
            clock_facts,
            clock_rules,
            controls,
            gates,
            jobs,
            trail_words,
        )

        controls.register()
        trail_words.register()
        announcements.register()
        gates.register_own()
        jobs.register_all()
        clock_facts.register()
        clock_rules.register()
        clock_actions.register()
        buyer_uses.register()
