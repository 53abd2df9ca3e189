"""Promises that run: derived from events and rule versions, recomputed at will, hence not audited.

``clocks.checks`` computes every live clock anew from its events and reports what deviates.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.kernel.refs import for_reader
from aftersales.kernel.saving import CompiledSave
from aftersales.kernel.transitions import HasStatus
from clocks.models.rules import ClockRule, EscalationStep
from clocks.querysets import ClockQuerySet
from clocks.statuses import LIVE, ClockState

LIVE_VALUES = [state.value for state in LIVE]


class Clock(CompiledSave, HasStatus):
    """One promise running on one object, under the rule version it began with.

    A derived row: it follows from recorded events (``AuditEvent``), the rule and the calendar.
    ``due_at`` is empty while it is paused; ``until_at`` is the moment a rule without a length
    refers to.
    """

    status_enums = {"state": ClockState}

    rule = models.ForeignKey(
        ClockRule, models.PROTECT, related_name="clocks", verbose_name=_("rule")
    )
    promise = models.SlugField(_("promise"), max_length=40, db_index=False)
    subject_type = models.CharField(_("about"), max_length=60)
    subject_id = models.BigIntegerField(_("object id"))
    subject_label = models.CharField(_("object"), max_length=200)
    case_id = models.BigIntegerField(_("case id"), null=True, blank=True)
    case_label = models.CharField(_("case"), max_length=20, blank=True)
    counts_for_due = models.BooleanField(_("makes the due time"), default=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ClockState.choices, default=ClockState.RUNNING
    )
    started_at = models.DateTimeField(_("started"))
    started_event = models.BigIntegerField(_("started by"))
    until_at = models.DateTimeField(_("agreed time"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    is_provisional = models.BooleanField(_("calendar not official yet"), default=False)
    paused_at = models.DateTimeField(_("paused since"), null=True, blank=True)
    breached_at = models.DateTimeField(_("late since"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    stopped_event = models.BigIntegerField(_("stopped by"), null=True, blank=True)
    next_step_at = models.DateTimeField(_("next step"), null=True, blank=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        default_permissions = ("view",)
        ordering = ("due_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ClockState.values), name="clock_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["met", "canceled", "expired"])
                | Q(stopped_at__isnull=False),
                name="clock_stopped_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "breached"]) | Q(due_at__isnull=False),
                name="clock_running_is_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="paused")
                | Q(paused_at__isnull=False, due_at=None, next_step_at=None),
                name="clock_paused_is_not_due",
            ),
            models.CheckConstraint(
                condition=~Q(state="breached") | Q(breached_at__isnull=False),
                name="clock_breached_has_time",
            ),
            models.UniqueConstraint(
                fields=["promise", "subject_type", "subject_id"],
                condition=Q(stopped_at=None, state__in=LIVE_VALUES),
                name="clock_one_live_per_promise",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_step_at", "id"],
                condition=Q(next_step_at__isnull=False),
                name="clock_next_step",
            ),
            models.Index(
                fields=["case_id", "id"], condition=Q(case_id__isnull=False), name="clock_by_case"
            ),
            models.Index(fields=["subject_type", "subject_id"], name="clock_by_subject"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(stopped_at=None, state__in=LIVE_VALUES),
                name="clock_live_due",
            ),
            models.Index(
                fields=["stopped_event"],
                condition=Q(stopped_at__isnull=False),
                name="clock_by_stop",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} · {self.case_label or self.subject_label}"

    @property
    def is_live(self) -> bool:
        """Still owed: running, paused, or late and not kept yet."""
        return self.stopped_at is None


class ClockPause(CompiledSave):
    """A stretch of time that does not count, and what caused it; several may overlap."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="pauses")
    cause_type = models.CharField(max_length=60)
    cause_id = models.BigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    started_event = models.BigIntegerField()
    ended_event = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ("started_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "cause_type", "cause_id"],
                condition=Q(ended_at=None),
                name="clock_pause_once_per_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause_type} {self.cause_id}"


class ClockStep(CompiledSave):
    """A step of the ladder that was done, or tried: each step of a clock once.

    A step that keeps failing is parked with its error, so that the later ones are not held up.
    """

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="steps")
    step = models.ForeignKey(EscalationStep, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["clock", "step"], name="clock_step_once"),
        ]

    def __str__(self) -> str:
        return for_reader(self.result or self.error)


class ClockChange(models.Model):
    """A clock that came under another rule, or whose calendar became official."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    event = models.BigIntegerField(null=True)
    from_rule = models.ForeignKey(ClockRule, models.PROTECT, related_name="+")
    to_rule = models.ForeignKey(ClockRule, models.PROTECT, related_name="+")
    from_due = models.DateTimeField(null=True)
    to_due = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.from_rule} → {self.to_rule}"
