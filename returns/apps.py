from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"
    verbose_name = _("Goods and money")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from compliance import events  # noqa: PLC0415 -- the app registry must be ready
        from returns import (  # noqa: PLC0415 -- the app registry must be ready
            announcements,
            case_verbs_money,
            clock_facts,
            clock_facts_money,
            clock_rules,
            clock_rules_money,
            controls,
            gates,
            gates_money,
            jobs,
            jobs_money,
            money_controls,
            money_panels,
            order_uses,
            trail_words,
        )
        from returns.portal import section  # noqa: PLC0415 -- the same
        from returns.queries import turns  # noqa: PLC0415 -- the same
        from returns.services import owing, paying  # noqa: PLC0415 -- the same
        from tickets.portal import sections  # noqa: PLC0415 -- the same

        controls.register()
        trail_words.register()
        money_controls.register()
        gates.register_all()
        sections.register(section.SECTION)
        clock_facts.register()
        clock_rules.register()
        clock_facts_money.register()
        clock_rules_money.register()
        jobs.register_all()
        events.subscribe(paying.hear)
        events.subscribe(owing.hear)
        announcements.register()
        gates_money.register()
        case_verbs_money.register()
        money_panels.register()
        jobs_money.register_all()
        order_uses.register()
        turns.register()
