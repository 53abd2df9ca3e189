"""What the bench found: inspections with their photos, and goods nobody announced."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from returns.choices import DeclineReason, Disposition, Grade
from returns.models.goods import PERSON, ReturnAuthorization, ReturnItem
from returns.querysets import OfReturnQuerySet
from returns.statuses import AcceptanceStatus
from tickets.models import Attachment, Ticket


class Inspection(AuditedModel):
    """One look at one item: the answers of its condition form, grade, where it goes, decision.

    A refusal needs a reason code and a photo (internal check A10), here and in the database.
    """

    item = models.ForeignKey(
        ReturnItem, models.PROTECT, related_name="inspections", verbose_name=_("item")
    )
    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="inspections", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    form = models.CharField(_("condition form"), max_length=20)
    answers = models.JSONField(_("answers"))
    findings = models.JSONField(pgettext_lazy("inspection", "findings"), default=list, blank=True)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade.choices)
    disposition = models.CharField(
        pgettext_lazy("goods", "goes to"), max_length=10, choices=Disposition.choices
    )
    decision = models.CharField(_("decision"), max_length=10, choices=AcceptanceStatus.choices)
    reason = models.CharField(
        _("why declined"), max_length=20, choices=DeclineReason.choices, blank=True, default=""
    )
    note = models.CharField(_("in words"), max_length=500, blank=True, default="")
    photo_count = models.PositiveSmallIntegerField(_("photos"), default=0)
    inspected_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("inspected by")
    )
    inspected_at = models.DateTimeField(_("inspected"))

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["accepted", "partly", "declined"])
                & Q(grade__in=Grade.values, disposition__in=Disposition.values),
                name="inspection_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(decision="declined") | (~Q(reason="") & Q(photo_count__gte=1)),
                name="inspection_refusal_has_photo",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.rma} {self.get_grade_display()}"


class InspectionPhoto(AuditedModel):
    """A picture of the case that an inspection rests on."""

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="photos", verbose_name=_("inspection")
    )
    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="+", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="inspections", verbose_name=_("photo")
    )

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("inspection photo")
        verbose_name_plural = _("inspection photos")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "attachment"], name="inspection_photo_once"
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return str(self.attachment)


class UnexpectedItem(AuditedModel):
    """Something in the parcel that was not announced; kept, or the customer gets it back."""

    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="unexpected", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    code = models.CharField(_("SKU or code on it"), max_length=64, blank=True, default="")
    text = models.CharField(_("what it is"), max_length=200)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    found_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("found by")
    )
    found_at = models.DateTimeField(_("found"))
    disposition = models.CharField(
        pgettext_lazy("goods", "goes to"),
        max_length=10,
        choices=Disposition.choices,
        blank=True,
        default="",
    )
    decided_by = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("unexpected item")
        verbose_name_plural = _("unexpected items")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="unexpected_quantity"),
            models.CheckConstraint(
                condition=Q(disposition="") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="unexpected_decision_has_person",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.text} × {self.quantity}"
