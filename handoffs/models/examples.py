"""Closed cases shown to colleagues, without anything personal."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.transitions import HasStatus
from handoffs.querysets import ExampleQuerySet
from handoffs.statuses import ExampleStatus
from tickets.choices import Kind
from tickets.models import Category, Ticket


class CaseExample(AuditedModel, HasStatus):
    """A masked copy of a closed case with what it teaches; a second person lets it be seen."""

    status_enums = {"status": ExampleStatus}

    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="examples", verbose_name=_("case")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ExampleStatus.choices,
        default=ExampleStatus.PROPOSED,
    )
    title = models.CharField(_("title"), max_length=200)
    lesson = models.CharField(_("what it teaches"), max_length=1000)
    body = models.TextField(_("the case, without personal data"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(pgettext_lazy("example", "proposed"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = ExampleQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("example")
        verbose_name_plural = _("examples")
        ordering = ("-id",)
        default_permissions = ("view",)
        permissions = [
            ("propose_caseexample", "Can propose a closed case as an example"),
            ("approve_caseexample", "Can share and withdraw examples"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ExampleStatus.values), name="example_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved")
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="example_approved_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="example_withdrawn_has_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="example_two_pairs_of_eyes",
            ),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(status__in=["proposed", "approved"]),
                name="example_one_per_case",
            ),
        ]
        triggers = [Journaled("ticket_id")]

    def __str__(self) -> str:
        return self.title
