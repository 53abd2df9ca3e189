"""Remedies other than money: orders to the shop, repairs."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.transitions import HasStatus
from returns.choices import InstructionKind, RepairCause
from returns.models.goods import PERSON, ReturnAuthorization, ReturnItem
from returns.querysets import InstructionQuerySet, OfReturnQuerySet
from returns.statuses import InstructionStatus, RepairStatus
from tickets.models import Ticket

REPAIR_DAYS, PARTS_DAYS = 30, 90


class ShopInstruction(AuditedModel, HasStatus):
    """Something the shop's system must do: send goods, give points or coupons back in kind.

    ``price_difference`` above zero is owed by the customer and paid before anything is sent.
    """

    status_enums = {"status": InstructionStatus}

    rma = models.ForeignKey(
        ReturnAuthorization,
        models.PROTECT,
        related_name="instructions",
        verbose_name=_("return"),
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    kind = models.CharField(
        pgettext_lazy("instruction", "what to do"), max_length=12, choices=InstructionKind.choices
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=InstructionStatus.choices,
        default=InstructionStatus.PENDING,
    )
    sku = models.CharField(_("SKU"), max_length=64, blank=True, default="")
    name = models.CharField(_("article"), max_length=200, blank=True, default="")
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    amount = models.DecimalField(_("worth"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3)
    price_difference = models.DecimalField(
        _("price difference"), max_digits=14, decimal_places=2, default=0
    )
    difference_paid_at = models.DateTimeField(_("difference paid"), null=True, blank=True)
    external_id = models.CharField(
        pgettext_lazy("order", "number in the shop"), max_length=100, blank=True, default=""
    )
    ordered_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    ordered_at = models.DateTimeField(_("ordered"))
    confirmed_at = models.DateTimeField(pgettext_lazy("moment", "confirmed"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = InstructionQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("instruction to the shop")
        verbose_name_plural = _("instructions to the shop")
        ordering = ("id",)
        default_permissions = ("view",)
        permissions = [("confirm_shopinstruction", "Can fetch and confirm instructions")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=InstructionKind.values, status__in=InstructionStatus.values),
                name="instruction_words_known",
            ),
            models.CheckConstraint(
                condition=Q(price_difference__lte=0)
                | Q(status__in=["waiting", "canceled"])
                | Q(difference_paid_at__isnull=False),
                name="instruction_difference_paid_first",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["confirmed", "done"]) | ~Q(external_id=""),
                name="instruction_confirmed_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(status="pending"), name="instruction_pending"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name or self.amount}"


class Repair(AuditedModel, HasStatus):
    """One attempt at a vendor's. Two failed, or one late, end in an exchange (三包 11–12)."""

    status_enums = {"status": RepairStatus}

    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="repairs", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    item = models.ForeignKey(
        ReturnItem, models.PROTECT, related_name="repairs", verbose_name=_("item")
    )
    vendor = models.CharField(_("repairer"), max_length=120)
    status = models.CharField(
        _("status"), max_length=10, choices=RepairStatus.choices, default=RepairStatus.PLANNED
    )
    quote = models.DecimalField(_("quote"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    consent = models.CharField(_("customer's words"), max_length=300, blank=True, default="")
    cause = models.CharField(
        _("why it takes long"),
        max_length=10,
        choices=RepairCause.choices,
        default=RepairCause.REPAIRER,
    )
    handed_in_at = models.DateTimeField(pgettext_lazy("repair", "handed in"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=300, blank=True, default="")
    planned_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("planned by")
    )
    planned_at = models.DateTimeField(_("planned"))

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RepairStatus.values), name="repair_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_repair", "repaired"])
                | Q(quote=None)
                | Q(quote=0)
                | ~Q(consent=""),
                name="repair_paid_one_has_consent",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["repaired", "failed"]) | Q(finished_at__isnull=False),
                name="repair_finished_has_time",
            ),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status__in=["planned", "quoted", "consented", "in_repair"]),
                name="repair_one_at_a_time",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.vendor} – {self.rma}"

    def is_overdue(self, moment: datetime) -> bool:
        """Longer than 30 days, or 90 when parts are missing (三包 12)."""
        if self.handed_in_at is None:
            return False
        limit = PARTS_DAYS if self.cause == RepairCause.PARTS else REPAIR_DAYS
        return (self.finished_at or moment) > self.handed_in_at + timedelta(days=limit)
