"""One leg of a case to another department or outside, everything said on it, and its key."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.transitions import HasStatus
from handoffs.choices import HandoffKind, Side, TurnVerb
from handoffs.models.setup import HandoffTemplate
from handoffs.querysets import HandoffQuerySet
from handoffs.statuses import LIVE, WITH_GIVER, WITH_RECEIVER, HandoffStatus
from staff.models import Department, Language, Team
from tickets.choices import Party
from tickets.models import Attachment, SignedLink, Ticket
from tickets.querysets import OfTicketQuerySet

LIVE_VALUES = [status.value for status in LIVE]


class Handoff(AuditedModel, HasStatus):
    """Responsibility for a question, or for the case, on its way to somebody else.

    The giver keeps the case; only accepting a transfer moves it. ``due_at`` is the nearest promise
    of the leg, kept by its clocks. Times are UTC.
    """

    status_enums = {"status": HandoffStatus}

    number = models.CharField(
        pgettext_lazy("hand-over", "number"), max_length=12, unique=True, editable=False
    )
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="handoffs", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=HandoffKind.choices)
    template = models.ForeignKey(
        HandoffTemplate, models.PROTECT, related_name="handoffs", verbose_name=_("template")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=HandoffStatus.choices,
        default=HandoffStatus.SENT,
    )
    from_department = models.ForeignKey(
        Department,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("hand-over", "from"),
    )
    to_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("hand-over", "to"),
        db_index=False,
    )
    to_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    party_name = models.CharField(_("outsider"), max_length=120, blank=True, default="")
    party_email = models.EmailField(_("outsider's mail"), blank=True, default="")
    party_phone = models.CharField(_("outsider's phone"), max_length=40, blank=True, default="")
    party_language = models.CharField(
        _("outsider's language"), max_length=10, choices=Language.choices, default=Language.ZH
    )
    question = models.TextField(_("question"))
    ask_fields = models.JSONField(_("fields of the question"), default=list, blank=True)
    asked = models.JSONField(_("details of the question"), default=dict, blank=True)
    answer_fields = models.JSONField(_("fields of the answer"), default=list, blank=True)
    answered = models.JSONField(_("details of the answer"), default=dict, blank=True)
    answer = models.TextField(_("answer"), blank=True, default="")
    answered_for = models.CharField(_("answer given by"), max_length=120, blank=True, default="")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handoffs",
        verbose_name=_("assignee"),
    )
    pauses_case = models.BooleanField(_("puts the case on hold"), default=False)
    holds_case = models.BooleanField(
        _("holds the case now"),
        default=False,
        help_text=_("The case waits because of this leg and goes on when it ends."),
    )
    ping_pong_count = models.PositiveSmallIntegerField(_("times sent back and forth"), default=0)
    responsible_party = models.CharField(
        _("responsible party"), max_length=10, choices=Party.choices, blank=True, default=""
    )
    cost_amount = models.DecimalField(
        _("cost charged to it"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    cost_currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    due_at = models.DateTimeField(_("due"), null=True, blank=True)

    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent"))
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    accepted_at = models.DateTimeField(
        pgettext_lazy("hand-over", "accepted"), null=True, blank=True
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(
        pgettext_lazy("hand-over", "answered"), null=True, blank=True
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = HandoffQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ("-id",)
        default_permissions = ("view",)
        permissions = [
            ("send_handoff", "Can hand over, ask again, withdraw and accept answers"),
            ("answer_handoff", "Can accept, answer, return and decline"),
            ("assign_handoff", "Can assign hand-overs to colleagues"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=HandoffStatus.values, kind__in=HandoffKind.values),
                name="handoff_status_and_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="external", to_department=None) & ~Q(party_name="")
                | ~Q(kind="external")
                & Q(to_department__isnull=False, party_name="", party_email="", party_phone=""),
                name="handoff_goes_to_one_side",
            ),
            models.CheckConstraint(
                condition=~Q(to_department=F("from_department")), name="handoff_two_departments"
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="handoff_accepted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="handoff_answered_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "withdrawn"], ended_at__isnull=False)
                & Q(ended_by__isnull=False, holds_case=False)
                | ~Q(status__in=["closed", "withdrawn"]) & Q(ended_at=None, ended_by=None),
                name="handoff_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed")
                | Q(kind="transfer", accepted_at__isnull=False)
                | Q(answered_at__isnull=False),
                name="handoff_done_when_answered",
            ),
            models.CheckConstraint(
                condition=Q(holds_case=False)
                | Q(pauses_case=True, status__in=["sent", "accepted"]),
                name="handoff_holds_while_asked",
            ),
            models.CheckConstraint(
                condition=(Q(cost_amount=None) & Q(cost_currency=""))
                | (Q(cost_amount__gt=0) & ~Q(cost_currency="") & ~Q(responsible_party="")),
                name="handoff_cost_with_currency_and_party",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(kind="transfer", status__in=LIVE_VALUES),
                name="handoff_one_transfer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_department", "due_at", "id"],
                condition=Q(status__in=LIVE_VALUES),
                name="handoff_inbox",
            ),
            models.Index(
                fields=["from_department", "due_at", "id"],
                condition=Q(status__in=LIVE_VALUES),
                name="handoff_outbox",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_external(self) -> bool:
        return self.kind == HandoffKind.EXTERNAL

    @property
    def is_transfer(self) -> bool:
        return self.kind == HandoffKind.TRANSFER

    @property
    def external(self) -> Handoff | None:
        """The leg itself where it goes to an outsider."""
        return self if self.is_external else None

    @property
    def receiver(self) -> str:
        """The department in the reader's language, or the outsider's name."""
        return str(self.to_department) if self.to_department else self.party_name

    @property
    def side(self) -> Side:
        """Whose turn it is."""
        if self.status in WITH_RECEIVER:
            return Side.RECEIVER
        return Side.GIVER if self.status in WITH_GIVER else Side.NOBODY


class HandoffTurn(AuditedModel):
    """Something done on a leg, with its words: the leg's conversation and its lane diagram.

    ``side`` and ``department`` say who had the turn from then on; an outsider has no department.
    """

    handoff = models.ForeignKey(
        Handoff, models.PROTECT, related_name="turns", verbose_name=_("hand-over")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    verb = models.CharField(_("what"), max_length=10, choices=TurnVerb.choices)
    status = models.CharField(_("status after"), max_length=10, choices=HandoffStatus.choices)
    side = models.CharField(_("whose turn"), max_length=10, choices=Side.choices)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    text = models.TextField(_("words"), blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    by_name = models.CharField(_("in the name of"), max_length=120, blank=True, default="")
    at = models.DateTimeField(_("time"))

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=HandoffStatus.values, side__in=Side.values),
                name="handoff_turn_known",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.handoff} {self.get_verb_display()}"


class HandoffFile(AuditedModel):
    """A file of the case that goes with a leg; an outsider is shown these and no others."""

    handoff = models.ForeignKey(
        Handoff, models.PROTECT, related_name="files", verbose_name=_("hand-over")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    turn = models.ForeignKey(
        HandoffTurn, models.PROTECT, related_name="files", verbose_name=_("turn")
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name=_("file")
    )
    field = models.CharField(_("field"), max_length=40, blank=True, default="")

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("file of a hand-over")
        verbose_name_plural = _("files of a hand-over")
        ordering = ("id",)
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["handoff", "attachment"], name="handoff_file_once"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.handoff} {self.attachment}"


class PartyLink(SignedLink):
    """An outsider's key to one leg: signed, expiring, revocable (``handoffs.links``)."""

    handoff = models.ForeignKey(
        Handoff, models.PROTECT, related_name="links", verbose_name=_("hand-over")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))

    history = History()

    class Meta:
        verbose_name = _("outsider's link")
        verbose_name_plural = _("outsiders' links")
        default_permissions = ("view",)
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.handoff} – {self.expires_at:%Y-%m-%d}"
