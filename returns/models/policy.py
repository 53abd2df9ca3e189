"""What the shop promises on returns beyond the law, in versions that never change."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from customers.models import Tier


class ReturnPolicy(AuditedModel):
    """One version of a promise; blank category, market and tier mean any.

    Days are calendar days after the goods arrived and only ever lengthen what the law gives.
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("in force"), default=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    category = models.CharField(_("category of goods"), max_length=80, blank=True)
    market = models.CharField(_("market"), max_length=2, blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices, blank=True)
    effective_from = models.DateTimeField(_("orders from"))
    effective_to = models.DateTimeField(_("orders until"), null=True, blank=True)
    window_days = models.PositiveSmallIntegerField(
        _("days to return"), default=0, help_text=_("0: what the law gives.")
    )
    warranty_months = models.PositiveSmallIntegerField(_("months of warranty"), default=0)
    covers_exclusions = ArrayField(
        models.CharField(max_length=3),
        verbose_name=_("exclusions given up"),
        default=list,
        blank=True,
        help_text=_("E05 to E11: articles of these kinds may come back all the same."),
    )
    covers_counter_sales = models.BooleanField(_("shop purchases too"), default=False)
    covers_business = models.BooleanField(_("business buyers too"), default=False)
    is_return_free = models.BooleanField(_("return postage on us"), default=False)
    refunds_delivery_fee = models.BooleanField(
        _("delivery fee back when all is returned"), default=False
    )
    free_shipping_from = models.DecimalField(
        _("free delivery from"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    delivery_fee = models.DecimalField(
        _("delivery fee below it"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    return_freight_cap = models.DecimalField(
        _("return postage up to"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    needs_carton = models.BooleanField(_("outer carton agreed"), default=False)
    is_automatic = models.BooleanField(
        _("authorize at once"), default=True, help_text=_("When the verdict is a plain yes.")
    )

    history = History()

    class Meta:
        verbose_name = _("return policy")
        verbose_name_plural = _("return policies")
        ordering = ("code", "-version")
        default_permissions = ("view",)
        permissions = [("revise_returnpolicy", "Can write and retire return policies")]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="return_policy_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="return_policy_one_current"
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="return_policy_dates",
            ),
            models.CheckConstraint(
                condition=Q(tier="") | Q(tier__in=Tier.values), name="return_policy_tier_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    covers_exclusions__contained_by=[f"E{number:02d}" for number in range(5, 12)]
                ),
                name="return_policy_exclusions_known",
            ),
            models.CheckConstraint(
                condition=Q(free_shipping_from=None, delivery_fee=None)
                | Q(free_shipping_from__gt=0, delivery_fee__gte=0),
                name="return_policy_free_shipping_complete",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{localized(self.name, self.name_zh)} v{self.version}"

    @property
    def label(self) -> str:
        """How a verdict names it, in one spelling for ever."""
        return f"{self.code} v{self.version}"


class ReturnAddress(AuditedModel):
    """Where goods go back to: true address, contact and phone (return measures art. 11)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    market = models.CharField(_("market"), max_length=2, blank=True)
    recipient = models.CharField(_("recipient"), max_length=80)
    phone = models.CharField(_("phone"), max_length=32)
    address = models.CharField(_("address"), max_length=300)
    carrier = models.CharField(
        _("carrier"), max_length=20, default="manual", help_text=_("Whose labels are used.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("return address")
        verbose_name_plural = _("return addresses")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(phone="") & ~Q(address=""),
                name="return_address_complete",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.recipient}, {self.address}"
