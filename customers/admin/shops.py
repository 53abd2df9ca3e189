"""Settings of the storefronts."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.admin import DeskAdmin
from customers.models import Shop


@admin.register(Shop)
class ShopAdmin(DeskAdmin):
    """One page per storefront; a shop that closed is switched off, not removed."""

    when_empty = _("Orders, mails and forms belong to a shop. Add the first one.")
    list_display = ("code", "name", "name_zh", "market", "currency", "support_mail", "is_active")
    list_filter = ("is_active", "market")
    search_fields = ("code", "name", "name_zh")
    search_help_text = _("Code or name")
    fieldsets = (
        (None, {"fields": (("code", "is_active"), ("name", "name_zh"))}),
        (None, {"fields": (("market", "currency"), ("language", "support_mail"))}),
    )

    def get_readonly_fields(self, request: object, obj: Shop | None = None) -> tuple[str, ...]:
        """The code is in every order the shop pushes."""
        return ("code",) if obj else ()
