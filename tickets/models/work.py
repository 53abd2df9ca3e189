"""The steps of the loop that are records of their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.context import Source
from aftersales.kernel.journal import Journaled
from aftersales.kernel.money import written
from aftersales.kernel.refs import for_reader
from aftersales.kernel.transitions import HasStatus
from tickets.choices import EvidenceKind, FollowUpKind, Party, Remedy
from tickets.models.case import Ticket
from tickets.models.conversation import Attachment
from tickets.querysets import OfTicketQuerySet
from tickets.statuses import FollowUpStatus, InvestigationStatus, ProposalStatus, SurveyStatus


class Investigation(AuditedModel, HasStatus):
    """Finding out what happened: a question, evidence, then root cause and responsible party."""

    status_enums = {"status": InvestigationStatus}

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="investigations", verbose_name=_("case")
    )
    question = models.CharField(_("what to find out"), max_length=300)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=InvestigationStatus.choices,
        default=InvestigationStatus.OPEN,
    )
    findings = models.TextField(_("findings"), blank=True, default="")
    root_cause = models.CharField(_("root cause"), max_length=300, blank=True, default="")
    responsible_party = models.CharField(
        _("responsible party"), max_length=10, choices=Party.choices, blank=True, default=""
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"))
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("concluded by"),
    )
    concluded_at = models.DateTimeField(_("concluded"), null=True, blank=True)

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("investigation")
        verbose_name_plural = _("investigations")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=InvestigationStatus.values),
                name="investigation_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="concluded")
                | (
                    Q(concluded_at__isnull=False, concluded_by__isnull=False)
                    & ~Q(root_cause="")
                    & ~Q(responsible_party="")
                ),
                name="investigation_conclusion_complete",
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(status="open"), name="investigation_one_open"
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return self.question


class Evidence(AuditedModel):
    """What a finding rests on: a file of the case, a statement, a trace."""

    investigation = models.ForeignKey(
        Investigation, models.PROTECT, related_name="evidence", verbose_name=_("investigation")
    )
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", verbose_name=_("case"))
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind.choices)
    text = models.TextField(_("what it shows"))
    attachment = models.ForeignKey(
        Attachment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("file"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"))

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        default_permissions = ("view",)
        ordering = ("id",)
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return self.text[:60]


class Proposal(AuditedModel, HasStatus):
    """A remedy offered to the customer. It promises; money and goods move elsewhere."""

    status_enums = {"status": ProposalStatus}

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="proposals", verbose_name=_("case")
    )
    remedy = models.CharField(_("remedy"), max_length=15, choices=Remedy.choices)
    terms = models.TextField(_("what we offer"))
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=12, choices=ProposalStatus.choices, default=ProposalStatus.OFFERED
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("offered by")
    )
    offered_at = models.DateTimeField(_("offered"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_via = models.CharField(
        _("answered via"), max_length=10, choices=Source.choices, blank=True, default=""
    )
    answer_note = models.CharField(_("customer's words"), max_length=500, blank=True, default="")
    carried_out_at = models.DateTimeField(_("carried out"), null=True, blank=True)
    carried_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("carried out by"),
    )
    outcome_note = models.CharField(
        _("how it was carried out"), max_length=500, blank=True, default=""
    )

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        default_permissions = ("view",)
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="proposal_status_known"
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) & Q(currency="")) | (Q(amount__gt=0) & ~Q(currency="")),
                name="proposal_amount_with_currency",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "declined", "carried_out"])
                | Q(answered_at__isnull=False),
                name="proposal_answer_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="carried_out")
                | Q(carried_out_at__isnull=False, carried_out_by__isnull=False),
                name="proposal_carried_out_has_time",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(status__in=["offered", "accepted"]),
                name="proposal_one_live",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        amount = "" if self.amount is None else f" {written(self.amount, self.currency)}"
        return f"{self.get_remedy_display()}{amount}"


class FollowUp(AuditedModel, HasStatus):
    """Something promised for later, owned by somebody."""

    status_enums = {"status": FollowUpStatus}

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="follow_ups", verbose_name=_("case")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=FollowUpKind.choices)
    text = models.CharField(_("what to do"), max_length=300)
    due_at = models.DateTimeField(_("due"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="follow_ups",
        verbose_name=_("who"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=FollowUpStatus.choices, default=FollowUpStatus.PLANNED
    )
    outcome = models.CharField(_("outcome"), max_length=300, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("planned by")
    )
    created_at = models.DateTimeField(_("planned"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        default_permissions = ("view",)
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_at__isnull=False),
                name="follow_up_done_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_at"],
                condition=Q(status="planned"),
                name="follow_up_planned",
            ),
            models.Index(fields=["due_at"], condition=Q(status="planned"), name="follow_up_due"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return for_reader(self.text)


class CsatResponse(AuditedModel, HasStatus):
    """An invitation to rate one resolution and the answer, 1 (bad) to 5 (good)."""

    status_enums = {"status": SurveyStatus}

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="ratings", verbose_name=_("case")
    )
    round = models.PositiveSmallIntegerField(_("resolution no."), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=SurveyStatus.choices, default=SurveyStatus.INVITED
    )
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True, default="")
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("open until"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = OfTicketQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        default_permissions = ("view",)
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SurveyStatus.values), name="csat_status_known"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(1, 5)), name="csat_score_range"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(score__isnull=False, answered_at__isnull=False),
                name="csat_answer_complete",
            ),
            models.UniqueConstraint(fields=["ticket", "round"], name="csat_once_per_resolution"),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return f"{self.ticket} {self.score or '–'}"
