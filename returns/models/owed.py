"""What is owed: the sheet as performed, and compensations from the catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from aftersales.kernel.money import written
from aftersales.kernel.transitions import HasStatus
from customers.models import Customer, OrderLine, Payment
from returns.choices import CompensationMeans, SheetLine
from returns.models.goods import PERSON, ReturnAuthorization, ReturnItem
from returns.querysets import OfReturnQuerySet
from returns.statuses import GrantStatus, SheetStatus
from tickets.models import Ticket
from tickets.querysets import OfTicketQuerySet


class Reimbursement(AuditedModel, HasStatus):
    """What is owed for the accepted items of a return, as it was shown and then performed.

    ``total`` goes back on the payments; ``damages`` never does (its own means and approval).
    ``digest`` covers every line and every share.
    """

    status_enums = {"status": SheetStatus}

    rma = models.ForeignKey(
        ReturnAuthorization,
        models.PROTECT,
        related_name="reimbursements",
        verbose_name=_("return"),
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    status = models.CharField(
        _("status"), max_length=10, choices=SheetStatus.choices, default=SheetStatus.PERFORMED
    )
    currency = models.CharField(_("currency"), max_length=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    damages = models.DecimalField(
        _("statutory damages"), max_digits=14, decimal_places=2, default=0
    )
    digest = models.CharField(_("digest"), max_length=64)
    performed_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("performed by")
    )
    performed_at = models.DateTimeField(_("performed"))

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("reimbursement")
        verbose_name_plural = _("reimbursements")
        ordering = ("-id",)
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SheetStatus.values, total__gte=0, damages__gte=0),
                name="reimbursement_sane",
            ),
            models.UniqueConstraint(
                fields=["rma"], condition=Q(status="performed"), name="reimbursement_one_live"
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.rma} {written(self.total, self.currency)}"


class ReimbursementLine(AuditedModel):
    """One line of the sheet with its reason in both languages; deductions are below zero."""

    reimbursement = models.ForeignKey(
        Reimbursement, models.PROTECT, related_name="lines", verbose_name=_("reimbursement")
    )
    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="+", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20, choices=SheetLine.choices)
    order_line = models.ForeignKey(
        OrderLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article"),
    )
    item = models.ForeignKey(
        ReturnItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item")
    )
    quantity = models.PositiveIntegerField(_("quantity"), default=0)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    basis = models.CharField(_("basis"), max_length=120)
    text = models.CharField(_("reason (English)"), max_length=300)
    text_zh = models.CharField(_("reason (Chinese)"), max_length=300)

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("line of a reimbursement")
        verbose_name_plural = _("lines of reimbursements")
        ordering = ("reimbursement", "position")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["reimbursement", "position"], name="reimbursement_line_position"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SheetLine.values), name="reimbursement_line_kind_known"
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def sentence(self) -> str:
        return localized(self.text, self.text_zh)


class ReimbursementShare(AuditedModel):
    """The part of a sheet that goes back by one tender, the way it was paid (art. 14).

    ``is_in_kind``: points and coupons, given back by the shop's system (art. 15).
    """

    reimbursement = models.ForeignKey(
        Reimbursement, models.PROTECT, related_name="shares", verbose_name=_("reimbursement")
    )
    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="+", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="reimbursement_shares", verbose_name=_("payment")
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    is_in_kind = models.BooleanField(_("in kind"), default=False)
    refund_id = models.BigIntegerField(_("refund"), null=True, blank=True)

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("share of a reimbursement")
        verbose_name_plural = _("shares of reimbursements")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["reimbursement", "payment"], name="reimbursement_share_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reimbursement_share_positive"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.payment} {self.amount}"


class Compensation(AuditedModel):
    """An entry of the catalogue: what may be given, to whom how often, from which budget."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    means = models.CharField(_("means"), max_length=10, choices=CompensationMeans.choices)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    most = models.DecimalField(_("at most each"), max_digits=14, decimal_places=2)
    budget = models.DecimalField(_("budget of a period"), max_digits=14, decimal_places=2)
    period_days = models.PositiveSmallIntegerField(_("days of a period"), default=30)
    customer_cap = models.DecimalField(
        _("at most per customer and period"), max_digits=14, decimal_places=2
    )
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(means__in=CompensationMeans.values)
                & Q(most__gt=0, customer_cap__gte=F("most"), budget__gte=F("most"))
                & Q(period_days__gte=1),
                name="compensation_sane",
                violation_error_message=_(
                    "One grant must be above zero and fit into the cap and the budget."
                ),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class CompensationGrant(AuditedModel, HasStatus):
    """A compensation given on a case, charged to its catalogue entry's budget."""

    status_enums = {"status": GrantStatus}

    compensation = models.ForeignKey(
        Compensation, models.PROTECT, related_name="grants", verbose_name=_("compensation")
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="compensations", verbose_name=_("case")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="compensations", verbose_name=_("customer")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=GrantStatus.choices, default=GrantStatus.GRANTED
    )
    amount = models.DecimalField(_("worth"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    note = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"))

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("compensation given")
        verbose_name_plural = _("compensations given")
        ordering = ("-id",)
        default_permissions = ("view",)
        permissions = [("grant_compensation", "Can give compensations from the catalogue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=GrantStatus.values, amount__gt=0) & ~Q(note=""),
                name="compensation_grant_sane",
            ),
        ]
        indexes = [
            models.Index(fields=["compensation", "granted_at"], name="grant_by_budget"),
            models.Index(fields=["customer", "granted_at"], name="grant_by_customer"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.compensation} {written(self.amount, self.currency)}"
