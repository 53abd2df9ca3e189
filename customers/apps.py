from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers and orders")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from customers import controls  # noqa: PLC0415 -- registers once the app registry is ready

        controls.register()
