from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClocksConfig(AppConfig):
    name = "clocks"
    verbose_name = _("Promises")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from clocks import calendar_seed  # noqa: PLC0415 -- the app registry must be ready

        post_migrate.connect(calendar_seed.install, sender=self)
