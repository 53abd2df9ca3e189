"""Who must agree before money leaves, who did, and who never may."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import AppendOnly, Journaled
from aftersales.kernel.localized import localized
from aftersales.kernel.transitions import HasStatus
from returns.models.money import Refund
from returns.money_choices import Decision, RefundKind, RefundReason, Risk, Touch
from returns.money_querysets import ApprovalRequestQuerySet, OfRefundQuerySet
from returns.money_statuses import LIVE_APPROVALS, ApprovalStatus, HoldStatus
from returns.money_triggers import RowGuard
from staff.models import Delegation
from staff.roles import Role


class ApprovalTier(AuditedModel):
    """From which sum on who has to approve. The strictest tier that applies is the one.

    Sums are in ``currency``. A refund reaches a tier by its own amount or by what customer,
    order or agent got in 30 days together with it, so that splitting does not help.
    """

    level = models.PositiveSmallIntegerField(_("level"))
    name = models.CharField(_("name (English)"), max_length=80)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(
        _("kind"), max_length=20, choices=RefundKind.choices, blank=True, default=""
    )
    reason = models.CharField(
        _("reason"), max_length=15, choices=RefundReason.choices, blank=True, default=""
    )
    risk = models.CharField(_("risk"), max_length=10, choices=Risk.choices, blank=True, default="")
    amount_from = models.DecimalField(_("amount from"), max_digits=14, decimal_places=2)
    order_total_from = models.DecimalField(
        _("order's total from"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    customer_total_from = models.DecimalField(
        _("customer's 30 days from"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    agent_total_from = models.DecimalField(
        _("agent's 30 days from"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    role = models.CharField(_("approved by"), max_length=20, choices=Role.choices)
    approver_count = models.PositiveSmallIntegerField(_("how many people"), default=1)
    asks_password = models.BooleanField(_("asks for the password again"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    history = History()

    class Meta:
        verbose_name = _("approval tier")
        verbose_name_plural = _("approval tiers")
        default_permissions = ("view", "add", "change")
        ordering = ("currency", "level", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(approver_count__range=(1, 5)),
                name="tier_approver_count",
                violation_error_message=_("One to five people."),
            ),
            models.CheckConstraint(
                condition=Q(amount_from__gte=0),
                name="tier_amount_not_negative",
                violation_error_message=_("The amount cannot be negative."),
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)


class RefundTouch(models.Model):
    """Somebody laid hands on a refund and so may never approve it. Only ever added to."""

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="touches", verbose_name=_("refund")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    what = models.CharField(_("what"), max_length=10, choices=Touch.choices)
    touched_at = models.DateTimeField(_("when"))

    objects = OfRefundQuerySet["RefundTouch"].as_manager()

    class Meta:
        verbose_name = _("touch")
        verbose_name_plural = _("touches")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["refund", "user", "what"], name="refund_touch_once"),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.user} {self.what}"


class ApprovalRequest(AuditedModel, HasStatus):
    """One asking for approval of exactly what ``digest`` covers; any change voids it."""

    status_enums = {"status": ApprovalStatus}

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="approval_requests", verbose_name=_("refund")
    )
    digest = models.CharField(_("digest"), max_length=64)
    tier = models.ForeignKey(
        ApprovalTier, models.PROTECT, related_name="+", verbose_name=_("approval tier")
    )
    level = models.PositiveSmallIntegerField(_("level"))
    role = models.CharField(_("approved by"), max_length=20, choices=Role.choices)
    needed_count = models.PositiveSmallIntegerField(_("how many people"))
    asks_password = models.BooleanField(_("asks for the password again"), default=False)
    totals = models.JSONField(_("totals of 30 days"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=ApprovalStatus.choices, default=ApprovalStatus.OPEN
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"))
    expires_at = models.DateTimeField(_("open until"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ApprovalRequestQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        default_permissions = ("view",)
        ordering = ("expires_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ApprovalStatus.values), name="approval_status_known"
            ),
            models.CheckConstraint(
                condition=Q(needed_count__gte=1), name="approval_needs_somebody"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(decided_at__isnull=False),
                name="approval_decision_has_time",
            ),
            models.UniqueConstraint(
                fields=["refund"],
                condition=Q(status__in=[one.value for one in LIVE_APPROVALS]),
                name="approval_one_live",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(status="open"), name="approval_open_by_expiry"
            ),
        ]
        triggers = [Journaled(), RowGuard("approval_request_guard")]

    def __str__(self) -> str:
        return f"{self.refund} · {self.get_status_display()}"


class Approval(models.Model):
    """What one person said, for themselves or on behalf of ``principal``. Only ever added to.

    A trigger (``desk_approval_guard``) refuses the requester and everybody who touched the refund,
    whoever writes the row.
    """

    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, related_name="decisions", verbose_name=_("approval")
    )
    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="decisions", verbose_name=_("refund")
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    digest = models.CharField(_("digest"), max_length=64)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("on behalf of")
    )
    delegation = models.ForeignKey(
        Delegation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("delegation"),
    )
    note = models.CharField(_("reason"), max_length=500, blank=True, default="")
    reauthenticated_at = models.DateTimeField(_("password entered"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"))

    objects = OfRefundQuerySet["Approval"].as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["request", "decided_by"], name="approval_by_distinct"),
            models.UniqueConstraint(fields=["request", "principal"], name="approval_for_distinct"),
            models.CheckConstraint(
                condition=Q(delegation=None, principal=F("decided_by"))
                | (Q(delegation__isnull=False) & ~Q(principal=F("decided_by"))),
                name="approval_delegated_or_own",
            ),
        ]
        triggers = [AppendOnly(), RowGuard("approval_guard")]

    def __str__(self) -> str:
        return f"{self.decided_by} {self.get_decision_display()}"


class GuardHold(AuditedModel, HasStatus):
    """Something about a refund looks odd: it waits until somebody looked and said why it is fine.

    ``reasons`` is a list of ``{"code", "data"}``; words are made when read.
    """

    status_enums = {"status": HoldStatus}

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="holds", verbose_name=_("refund")
    )
    reasons = models.JSONField(_("why"))
    status = models.CharField(
        _("status"), max_length=10, choices=HoldStatus.choices, default=HoldStatus.HELD
    )
    held_at = models.DateTimeField(_("held"))
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("released by"),
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    note = models.CharField(_("reason"), max_length=500, blank=True, default="")

    objects = OfRefundQuerySet["GuardHold"].as_manager()
    history = History()

    class Meta:
        verbose_name = _("guard's hold")
        verbose_name_plural = _("guard's holds")
        default_permissions = ("view",)
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=HoldStatus.values), name="hold_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="held")
                | (Q(released_by__isnull=False, released_at__isnull=False) & ~Q(note="")),
                name="hold_release_has_reason",
            ),
            models.UniqueConstraint(
                fields=["refund"], condition=Q(status="held"), name="hold_one_open"
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.refund} · {self.get_status_display()}"
