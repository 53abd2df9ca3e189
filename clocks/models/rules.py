"""Promises of time as data: what starts and stops them, how long they are, what happens on the way.

A version of a rule never changes once it is there: changing a rule makes the next version, and
clocks that run keep the one they began with.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.journal import Journaled
from aftersales.kernel.localized import localized
from aftersales.kernel.querysets import LockingQuerySet
from clocks import actions
from clocks.choices import Confidence, Mode, RuleKind, StepTarget
from clocks.counting import Roll, Unit
from clocks.models.calendars import Calendar

TOKEN_FIELDS = ("starts_on", "stops_on", "pauses_on", "resumes_on", "cancels_on")


def tokens(label: Any, *, blank: bool = True) -> ArrayField[list[str], list[str]]:
    """Event codes, each bare or with a variant: ``tickets.waiting:pending``."""
    return ArrayField(
        models.CharField(max_length=80), verbose_name=label, default=list, blank=blank
    )


class ClockRule(AuditedModel):
    """One version of one promise.

    Rules of the same ``promise`` are alternatives: the first by ``position`` whose conditions hold
    for the object is the one that counts.
    """

    code = models.SlugField(_("code"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("current version"), default=True)
    name = models.CharField(_("name (English)"), max_length=120)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    promise = models.SlugField(
        _("promise"), max_length=40, help_text=_("Rules of one promise are alternatives.")
    )
    position = models.PositiveIntegerField(
        _("position"), default=100, help_text=_("The first rule that matches counts.")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=RuleKind.choices)
    subject_type = models.CharField(_("about"), max_length=60)
    starts_on = tokens(_("starts when"), blank=False)
    stops_on = tokens(_("kept when"))
    pauses_on = tokens(_("pauses when"))
    resumes_on = tokens(_("goes on when"))
    cancels_on = tokens(_("no longer owed when"))
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    amount = models.PositiveIntegerField(_("amount"), default=0)
    unit = models.CharField(_("unit"), max_length=14, choices=Unit.choices)
    roll = models.CharField(
        _("last day not a working day"), max_length=12, choices=Roll.choices, default=Roll.NONE
    )
    calendar = models.ForeignKey(
        Calendar, models.PROTECT, related_name="rules", verbose_name=_("calendar")
    )
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    source_note = models.CharField(_("source"), max_length=300, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=2, choices=Confidence.choices, blank=True
    )
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.ENFORCED)
    counts_for_due = models.BooleanField(
        _("makes the due time"), default=True, help_text=_("Whether queues are sorted by it.")
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    effective_to = models.DateTimeField(_("in force until"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    note = models.CharField(_("why this version"), max_length=500, blank=True)

    objects = LockingQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("rule of time")
        verbose_name_plural = _("rules of time")
        ordering = ("promise", "position", "code", "-version")
        default_permissions = ("view", "change", "add")
        permissions = [("change_any_clockrule", "Can change rules of every kind")]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="clock_rule_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(is_current=True), name="clock_rule_one_current"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RuleKind.values, mode__in=Mode.values),
                name="clock_rule_kind_and_mode_known",
            ),
            models.CheckConstraint(
                condition=Q(unit__in=Unit.values, roll__in=Roll.values),
                name="clock_rule_unit_known",
            ),
            models.CheckConstraint(
                condition=Q(confidence="") | Q(confidence__in=Confidence.values),
                name="clock_rule_confidence_known",
            ),
            models.CheckConstraint(
                condition=Q(unit=Unit.UNTIL, amount=0) | Q(~Q(unit=Unit.UNTIL), amount__gt=0),
                name="clock_rule_amount_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__len__gt=0), name="clock_rule_starts_somehow"
            ),
            models.CheckConstraint(
                condition=Q(effective_from=None)
                | Q(effective_to=None)
                | Q(effective_to__gte=F("effective_from")),
                name="clock_rule_ends_after_start",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        return localized(self.name, self.name_zh)

    @classmethod
    def label_of(cls, name: str) -> str:
        """A field's name for people."""
        return str(getattr(cls._meta.get_field(name), "verbose_name", name))


class EscalationStep(AuditedModel):
    """What happens while a promise runs out: at a share of its time, or so long after it is due."""

    rule = models.ForeignKey(
        ClockRule, models.PROTECT, related_name="steps", verbose_name=_("rule")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    at_percent = models.PositiveSmallIntegerField(_("at percent"), null=True, blank=True)
    after_due_minutes = models.PositiveIntegerField(_("minutes after due"), null=True, blank=True)
    action = models.SlugField(_("action"), max_length=40)
    target = models.CharField(_("who"), max_length=10, choices=StepTarget.choices, blank=True)
    role = models.CharField(_("role"), max_length=20, blank=True)

    history = History()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        default_permissions = ("view",)
        ordering = ("rule", "position")
        constraints = [
            models.UniqueConstraint(fields=["rule", "position"], name="escalation_step_place"),
            models.CheckConstraint(
                condition=Q(at_percent__isnull=False, after_due_minutes=None)
                | Q(at_percent=None, after_due_minutes__isnull=False),
                name="escalation_step_one_moment",
            ),
            models.CheckConstraint(
                condition=Q(at_percent=None) | Q(at_percent__range=(1, 100)),
                name="escalation_step_percent",
            ),
            models.CheckConstraint(
                condition=Q(target="") | Q(target__in=StepTarget.values),
                name="escalation_step_target_known",
            ),
            models.CheckConstraint(
                condition=Q(Q(target="role"), ~Q(role="")) | Q(~Q(target="role"), role=""),
                name="escalation_step_role_named",
            ),
        ]
        triggers = [Journaled()]

    def __str__(self) -> str:
        if self.at_percent is not None:
            when = _("at %(percent)s %%") % {"percent": self.at_percent}
        else:
            when = _("%(minutes)s min after due") % {"minutes": self.after_due_minutes}
        return f"{when}: {actions.label(self.action)}"
