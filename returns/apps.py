from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"
    verbose_name = _("Goods and money")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from returns import (  # noqa: PLC0415 -- the app registry must be ready
            case_verbs_money,
            gates_money,
            jobs_money,
            money_controls,
            money_panels,
        )

        money_controls.register()
        gates_money.register()
        case_verbs_money.register()
        money_panels.register()
        jobs_money.register_all()
