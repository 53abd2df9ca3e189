"""Permission to send goods back, and the goods on their way."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.context import Source
from aftersales.kernel.journal import Journaled
from aftersales.kernel.transitions import HasStatus
from customers.models import Order, OrderLine
from returns.choices import (
    GOODS_COME_BACK,
    Claim,
    DeclineReason,
    FreightPayer,
    RefundBasis,
    ReturnKind,
    StatedCondition,
)
from returns.eligibility.verdict import Outcome, Verdict, thawed
from returns.models.policy import ReturnAddress, ReturnPolicy
from returns.querysets import OfReturnQuerySet, ReturnQuerySet
from returns.statuses import AcceptanceStatus, ParcelStatus, ReceptionStatus, ReturnStatus
from tickets.models import Attachment, Ticket

PERSON = settings.AUTH_USER_MODEL


class ReturnAuthorization(AuditedModel, HasStatus):
    """A request to put goods right, and what was decided. The verdict is frozen under a digest.

    ``noticed_at`` is when the customer told us; the time allowed is judged by it.
    """

    status_enums = {"status": ReturnStatus}

    number = models.CharField(_("RMA number"), max_length=14, unique=True, editable=False)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="returns", verbose_name=_("case")
    )
    order = models.ForeignKey(
        Order, models.PROTECT, related_name="returns", verbose_name=_("order")
    )
    kind = models.CharField(_("what is asked for"), max_length=20, choices=ReturnKind.choices)
    claim = models.CharField(_("why"), max_length=20, choices=Claim.choices)
    remark = models.CharField(_("customer's words"), max_length=500, blank=True, default="")
    status = models.CharField(
        _("status"),
        max_length=14,
        choices=ReturnStatus.choices,
        default=ReturnStatus.REQUESTED,
    )
    noticed_at = models.DateTimeField(_("customer told us"))
    requested_at = models.DateTimeField(_("requested"))
    requested_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_via = models.CharField(_("door"), max_length=10, choices=Source.choices)

    outcome = models.CharField(_("verdict"), max_length=14, choices=Outcome.choices)
    verdict = models.JSONField(_("verdict in full"), editable=False)
    verdict_digest = models.CharField(_("digest of the verdict"), max_length=64, editable=False)
    policy = models.ForeignKey(
        ReturnPolicy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("policy"),
    )
    window_due_at = models.DateTimeField(_("time to ask ends"), null=True, blank=True)
    freight_payer = models.CharField(
        _("return postage on"), max_length=10, choices=FreightPayer.choices
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
    is_override = models.BooleanField(_("against the verdict"), default=False)
    decline_reason = models.CharField(
        _("why declined"), max_length=20, choices=DeclineReason.choices, blank=True, default=""
    )
    decision_note = models.CharField(_("reason in words"), max_length=500, blank=True, default="")
    refund_basis = models.CharField(
        _("ground of a refund without return"),
        max_length=20,
        choices=RefundBasis.choices,
        blank=True,
        default="",
    )
    evidence = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evidence"),
    )
    appealed_at = models.DateTimeField(_("asked to look again"), null=True, blank=True)
    return_address = models.ForeignKey(
        ReturnAddress,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("return address"),
    )
    address_sent_at = models.DateTimeField(_("address sent"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    inspected_at = models.DateTimeField(_("inspected"), null=True, blank=True)
    settled_at = models.DateTimeField(pgettext_lazy("return", "settled"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering = ("-id",)
        default_permissions = ("view",)
        permissions = [
            ("request_returnauthorization", "Can ask for a return"),
            ("authorize_returnauthorization", "Can authorize and decline returns"),
            ("override_returnauthorization", "Can decide against the verdict"),
            ("receive_returnauthorization", "Can receive goods of any department"),
            ("inspect_returnauthorization", "Can inspect and grade goods"),
            ("settle_returnauthorization", "Can settle what is owed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=ReturnStatus.values,
                    kind__in=ReturnKind.values,
                    claim__in=Claim.values,
                    outcome__in=Outcome.values,
                ),
                name="return_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["authorized", "declined"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="return_decision_has_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_reason=""),
                name="return_decline_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_override=False) | ~Q(decision_note=""),
                name="return_override_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="refund_only", status="authorized")
                | (~Q(refund_basis="") & Q(evidence__isnull=False)),
                name="return_refund_only_has_ground",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["received"]) | Q(received_at__isnull=False),
                name="return_received_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["settled", "closed"]) | Q(settled_at__isnull=False),
                name="return_settled_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "noticed_at", "id"],
                condition=Q(status__in=["requested", "needs_review"]),
                name="return_to_decide",
            ),
            models.Index(fields=["status", "-id"], name="return_by_status"),
            models.Index(fields=["requested_at"], name="return_by_time"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return self.number

    @property
    def verdicts(self) -> list[tuple[int, Verdict]]:
        """(order line, verdict) as frozen when asked."""
        return [(line["line"], thawed(line["verdict"])) for line in self.verdict["lines"]]

    @property
    def route(self) -> str:
        """Which set of rules decided: without a reason, or fault."""
        return str(self.verdict["lines"][0]["verdict"]["route"])

    @property
    def expects_goods(self) -> bool:
        return self.kind in GOODS_COME_BACK

    @property
    def customer_status(self) -> str:
        """The status in the customer's words."""
        return ReturnStatus(self.status).customer_label


class ReturnItem(AuditedModel, HasStatus):
    """A quantity of one order line. What differs in fate is split into an item of its own.

    Reception (did it arrive) and acceptance (do we take it) are two facts.
    """

    status_enums = {
        "reception_status": ReceptionStatus,
        "acceptance_status": AcceptanceStatus,
    }

    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="items", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    order_line = models.ForeignKey(
        OrderLine, models.PROTECT, related_name="return_items", verbose_name=_("article")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("split from"),
    )
    stated_condition = models.CharField(
        _("stated condition"),
        max_length=10,
        choices=StatedCondition.choices,
        default=StatedCondition.UNOPENED,
    )
    reception_status = models.CharField(
        _("arrival"),
        max_length=12,
        choices=ReceptionStatus.choices,
        default=ReceptionStatus.AWAITED,
    )
    acceptance_status = models.CharField(
        _("acceptance"),
        max_length=10,
        choices=AcceptanceStatus.choices,
        default=AcceptanceStatus.PENDING,
    )
    serial_number = models.CharField(
        _("serial number found"), max_length=64, blank=True, default=""
    )
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    received_by = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("received by"),
    )
    deduction = models.DecimalField(
        _("agreed deduction"), max_digits=14, decimal_places=2, default=0
    )
    deduction_consent = models.CharField(
        _("customer's consent"), max_length=300, blank=True, default=""
    )

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("return item")
        verbose_name_plural = _("return items")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="return_item_quantity"),
            models.CheckConstraint(
                condition=Q(
                    reception_status__in=ReceptionStatus.values,
                    acceptance_status__in=AcceptanceStatus.values,
                ),
                name="return_item_statuses_known",
            ),
            models.CheckConstraint(
                condition=~Q(reception_status="received") | Q(received_at__isnull=False),
                name="return_item_received_has_time",
            ),
            models.CheckConstraint(
                condition=Q(deduction=0)
                | (Q(deduction__gt=0, acceptance_status="partly") & ~Q(deduction_consent="")),
                name="return_item_deduction_agreed",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.order_line.name} × {self.quantity}"

    @property
    def is_arrived(self) -> bool:
        return self.reception_status == ReceptionStatus.RECEIVED

    @property
    def is_owed(self) -> bool:
        """Whether what was paid for it is owed: taken, or not needed back."""
        return self.acceptance_status in (AcceptanceStatus.ACCEPTED, AcceptanceStatus.PARTLY)


class ReturnParcel(AuditedModel, HasStatus):
    """A parcel coming back; ``tracking_number`` is the customer's or our carrier's."""

    status_enums = {"status": ParcelStatus}

    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="parcels", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    carrier = models.CharField(_("carrier"), max_length=40)
    tracking_number = models.CharField(_("tracking number"), max_length=64)
    has_label = models.BooleanField(_("label made by us"), default=False)
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ParcelStatus.choices,
        default=ParcelStatus.ANNOUNCED,
    )
    announced_at = models.DateTimeField(_("announced"))
    sent_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    delivered_at = models.DateTimeField(pgettext_lazy("parcel", "delivered"), null=True, blank=True)

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("return parcel")
        verbose_name_plural = _("return parcels")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"], name="return_parcel_identity"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ParcelStatus.values), name="return_parcel_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="delivered") | Q(delivered_at__isnull=False),
                name="return_parcel_delivered_has_time",
            ),
        ]
        indexes = [models.Index(fields=["tracking_number"], name="return_parcel_tracking")]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"


class ParcelScan(AuditedModel):
    """What a carrier told us about a parcel; each of its notifications counts once."""

    parcel = models.ForeignKey(
        ReturnParcel, models.PROTECT, related_name="scans", verbose_name=_("parcel")
    )
    rma = models.ForeignKey(
        ReturnAuthorization, models.PROTECT, related_name="+", verbose_name=_("return")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    event_id = models.CharField(_("carrier's id"), max_length=100)
    code = models.CharField(_("what happened"), max_length=12, choices=ParcelStatus.choices)
    place = models.CharField(_("place"), max_length=100, blank=True, default="")
    happened_at = models.DateTimeField(_("at"))
    heard_at = models.DateTimeField(_("told us"))

    objects = OfReturnQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("parcel scan")
        verbose_name_plural = _("parcel scans")
        ordering = ("happened_at", "id")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["parcel", "event_id"], name="parcel_scan_once"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.parcel} {self.get_code_display()}"
