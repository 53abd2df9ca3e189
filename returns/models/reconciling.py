"""What gateways and banks say happened, and where it differs from the books."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import AppendOnly, Journaled
from aftersales.kernel.money import written
from aftersales.kernel.transitions import HasStatus
from customers.models import Payment
from returns.models.money import Refund
from returns.money_choices import ItemKind
from returns.money_querysets import MoneyQuerySet
from returns.money_statuses import ItemStatus


class GatewayNotice(models.Model):
    """A notification that was let in; the same one again does nothing. A hint, never proof."""

    gateway = models.CharField(_("gateway"), max_length=20)
    event_id = models.CharField(_("notification"), max_length=100)
    gateway_number = models.CharField(_("number at the gateway"), max_length=40)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="gateway_notice_once"),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.gateway} {self.event_id}"


class Statement(AuditedModel):
    """A statement file as read; the same file twice is one statement."""

    gateway = models.CharField(_("gateway"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    imported_at = models.DateTimeField(_("imported"))

    objects = MoneyQuerySet["Statement"].as_manager()
    history = History()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        default_permissions = ("view",)
        ordering = ("-id",)
        triggers = [Journaled()]

    def __str__(self) -> str:
        return self.file_name


class StatementLine(models.Model):
    """One movement on a statement, as the gateway or bank wrote it."""

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="lines", verbose_name=_("statement")
    )
    row = models.PositiveIntegerField(_("row"))
    gateway_number = models.CharField(_("number at the gateway"), max_length=40)
    reference = models.CharField(_("reference"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    result = models.CharField(_("result"), max_length=20)
    happened_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["statement", "row"], name="statement_line_identity"),
        ]
        indexes = [models.Index(fields=["gateway_number"])]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.gateway_number} {written(self.amount, self.currency)}"


class ReconciliationItem(AuditedModel, HasStatus):
    """A difference somebody has to clear up. ``key`` makes the same difference one item."""

    status_enums = {"status": ItemStatus}

    kind = models.CharField(_("difference"), max_length=15, choices=ItemKind.choices)
    key = models.CharField(_("about"), max_length=120)
    refund = models.ForeignKey(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="differences",
        verbose_name=_("refund"),
    )
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="differences",
        verbose_name=_("payment"),
    )
    ours = models.CharField(_("ours"), max_length=100, blank=True, default="")
    theirs = models.CharField(_("theirs"), max_length=100, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="differences",
        verbose_name=pgettext_lazy("audit", "owner"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ItemStatus.choices, default=ItemStatus.OPEN
    )
    opened_at = models.DateTimeField(pgettext_lazy("difference", "opened"))
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    note = models.CharField(_("reason"), max_length=500, blank=True, default="")

    objects = MoneyQuerySet["ReconciliationItem"].as_manager()
    history = History()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        default_permissions = ("view",)
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ItemStatus.values), name="difference_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="open")
                | (Q(resolved_by__isnull=False, resolved_at__isnull=False) & ~Q(note="")),
                name="difference_resolution_has_reason",
            ),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(status="open"), name="difference_one_open"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"
