"""Refunds: the wish, its lines and evidence, and each talk with a gateway about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.refs import for_reader
from aftersales.kernel.transitions import HasStatus
from customers.models import OrderLine, Payment
from returns.money_choices import (
    AttemptKind,
    Outcome,
    RefundKind,
    RefundMeans,
    RefundOrigin,
    RefundReason,
    Risk,
)
from returns.money_querysets import OfRefundQuerySet, RefundQuerySet
from returns.money_statuses import RefundStatus
from returns.money_triggers import RowGuard
from tickets.models import Attachment, Message, Proposal, Ticket

# Another way back than the payment's, and what shows that the customer wanted it.
CREDIT_HAS_CONSENT = Q(means="store_credit") & (
    ~Q(consent="") | Q(consent_message__isnull=False) | Q(consent_proposal__isnull=False)
)
NO_CONSENT_NEEDED = ~Q(means="store_credit") & Q(
    consent="", consent_message=None, consent_proposal=None, consented_at=None
)
# The firm's own money rests on a decision to give it (``services.money.bounds``); rows from before
# that rule may still be given up.
HAS_BASIS = (
    Q(kind="purchase")
    | Q(kind="compensation", basis_type="returns.compensationgrant", basis_key__isnull=False)
    | Q(kind="statutory_damages", basis_type="returns.reimbursement", basis_key__isnull=False)
    | Q(status__in=["canceled", "declined"])
)
SUBMITTED_ONCE = ["submitted", "approved", "sending", "unknown", "succeeded", "failed", "declined"]


class Refund(AuditedModel, HasStatus):
    """Money to go back, in the payment's currency.

    ``gateway_number`` is minted with the row and never changes: whatever happens to the answer, the
    gateway knows the instruction by it. A trigger (``desk_refund_guard``) keeps the lattice of
    states, the amount once submitted, and the need of a granted approval. Store credit needs the
    customer's express consent (七日无理由退货暂行办法 14): words, a message or a proposal accepted.
    """

    status_enums = {"status": RefundStatus}

    number = models.CharField(_("refund number"), max_length=12, unique=True, editable=False)
    gateway_number = models.CharField(
        _("number at the gateway"), max_length=40, unique=True, editable=False
    )
    kind = models.CharField(_("kind"), max_length=20, choices=RefundKind.choices)
    means = models.CharField(_("by way of"), max_length=15, choices=RefundMeans.choices)
    origin = models.CharField(
        _("made by"), max_length=10, choices=RefundOrigin.choices, default=RefundOrigin.DESK
    )
    gateway = models.CharField(_("gateway"), max_length=20)
    payment = models.ForeignKey(
        Payment, models.PROTECT, related_name="refunds", verbose_name=_("payment")
    )
    ticket = models.ForeignKey(
        Ticket,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        verbose_name=_("case"),
    )
    consent = models.CharField(_("customer's consent"), max_length=300, blank=True, default="")
    consent_message = models.ForeignKey(
        Message,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message of consent"),
    )
    consent_proposal = models.ForeignKey(
        Proposal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposal accepted"),
    )
    consented_at = models.DateTimeField(_("customer agreed"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=15, choices=RefundReason.choices)
    note = models.CharField(_("explanation"), max_length=500, blank=True, default="")
    basis_type = models.CharField(_("basis type"), max_length=60, blank=True, default="")
    basis_key = models.BigIntegerField(_("basis id"), null=True, blank=True)
    basis_label = models.CharField(_("basis"), max_length=200, blank=True, default="")
    basis_digest = models.CharField(_("basis digest"), max_length=64, blank=True, default="")
    parcel = models.CharField(_("return parcel"), max_length=64, blank=True, default="")
    risk = models.CharField(_("risk"), max_length=10, choices=Risk.choices, default=Risk.NORMAL)
    status = models.CharField(
        _("status"), max_length=10, choices=RefundStatus.choices, default=RefundStatus.DRAFT
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    next_look_at = models.DateTimeField(_("ask the gateway at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=100, blank=True, default="")
    outcome_note = models.CharField(_("what came of it"), max_length=500, blank=True, default="")
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("transferred by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    objects = RefundQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        default_permissions = ("view",)
        permissions = [
            ("view_all_refunds", "Can see the money of all cases"),
            ("request_refund", "Can ask for refunds"),
            ("approve_refund", "Can approve refunds within the tiers"),
            ("release_refund", "Can release what the guard holds"),
            ("pay_refund", "Can transfer and confirm refunds, book and reconcile"),
            ("redeem_storecredit", "Can use store credit for an order (service accounts)"),
        ]
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=RefundStatus.values), name="refund_status_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(kind__in=RefundKind.values)
                & Q(means__in=RefundMeans.values)
                & Q(origin__in=RefundOrigin.values)
                & Q(reason__in=RefundReason.values),
                name="refund_lists_known",
            ),
            models.CheckConstraint(condition=HAS_BASIS, name="refund_has_basis"),
            models.CheckConstraint(
                condition=CREDIT_HAS_CONSENT | NO_CONSENT_NEEDED, name="refund_credit_has_consent"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SUBMITTED_ONCE)
                | Q(submitted_at__isnull=False)
                | ~Q(origin="desk"),
                name="refund_submitted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "sending", "unknown", "succeeded", "failed"])
                | Q(approved_at__isnull=False)
                | ~Q(origin="desk"),
                name="refund_approved_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sending", "unknown", "failed", "succeeded"])
                | Q(sent_at__isnull=False),
                name="refund_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["succeeded", "failed"], settled_at__isnull=False)
                | (~Q(status__in=["succeeded", "failed"]) & Q(settled_at=None)),
                name="refund_settled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (Q(paid_by__isnull=False) & ~Q(confirmed_by=F("paid_by"))),
                name="refund_transfer_by_two",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")),
                name="refund_not_confirmed_by_requester",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"]),
            models.Index(
                fields=["next_look_at"],
                condition=Q(next_look_at__isnull=False),
                name="refund_to_look_at",
            ),
            models.Index(fields=["submitted_at"]),
            models.Index(fields=["parcel"], condition=~Q(parcel=""), name="refund_by_parcel"),
            models.Index(fields=["basis_type", "basis_key"]),
        ]
        triggers = [Journaled("ticket_id"), RowGuard("refund_guard")]

    def __str__(self) -> str:
        return self.number

    @property
    def payee(self) -> str:
        """Where the money goes, in words without personal data."""
        if self.means == RefundMeans.STORE_CREDIT:
            return str(RefundMeans.STORE_CREDIT.label)
        return f"{self.payment.method} {self.payment.external_id}"

    @property
    def uses_payment(self) -> bool:
        """Whether it is the purchase's own money, bounded by what was captured."""
        return self.kind == RefundKind.PURCHASE


class RefundLine(AuditedModel):
    """What part of the amount is for. The lines of a refund add up to it."""

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="lines", verbose_name=_("refund")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(pgettext_lazy("line", "for"), max_length=200)
    order_line = models.ForeignKey(
        OrderLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refund_lines",
        verbose_name=_("article"),
    )
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    objects = OfRefundQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("refund line")
        verbose_name_plural = _("refund lines")
        default_permissions = ("view",)
        ordering = ("position", "id")
        triggers = [Journaled(), RowGuard("refund_part_guard")]

    def __str__(self) -> str:
        return f"{for_reader(self.label)} {self.amount}"


class RefundEvidence(AuditedModel):
    """A file of the case that speaks for the refund."""

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="evidence", verbose_name=_("refund")
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("file")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))

    objects = OfRefundQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("refund evidence")
        verbose_name_plural = _("refund evidence")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["refund", "attachment"], name="refund_evidence_once"),
        ]
        triggers = [Journaled(), RowGuard("refund_part_guard")]

    def __str__(self) -> str:
        return str(self.attachment)


class RefundAttempt(AuditedModel):
    """One talk with the gateway: written before the call, completed by its answer.

    Without ``finished_at`` the answer was lost; that proves nothing.
    """

    refund = models.ForeignKey(
        Refund, models.PROTECT, related_name="attempts", verbose_name=_("refund")
    )
    kind = models.CharField(_("what was asked"), max_length=10, choices=AttemptKind.choices)
    gateway_number = models.CharField(_("number at the gateway"), max_length=40)
    request_digest = models.CharField(_("digest of the request"), max_length=64)
    claimed_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("answered"), null=True, blank=True)
    result = models.CharField(
        _("result"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    detail = models.CharField(_("detail"), max_length=300, blank=True, default="")
    response = models.JSONField(_("answer"), default=dict, blank=True)

    objects = OfRefundQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("gateway call")
        verbose_name_plural = _("gateway calls")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", finished_at=None)
                | (Q(result__in=Outcome.values) & Q(finished_at__isnull=False)),
                name="refund_attempt_result_has_time",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.gateway_number}"
