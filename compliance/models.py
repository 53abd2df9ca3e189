"""What was done, by whom, why, the database's own record of it, and what did not hold."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.kernel.audited import AuditedModel, History
from aftersales.kernel.context import Source, actor_words
from aftersales.kernel.journal import AppendOnly, Journaled
from aftersales.kernel.refs import for_reader
from aftersales.kernel.saving import CompiledSave
from aftersales.kernel.transitions import HasStatus
from compliance import finding_types
from compliance.querysets import FindingQuerySet, names_of_finding
from compliance.statuses import FindingStatus


class AuditEvent(CompiledSave):
    """One thing a person or a named machine did. Written with the change itself, never altered."""

    code = models.CharField(_("event"), max_length=60)
    subject_type = models.CharField(_("object type"), max_length=60)
    subject_id = models.BigIntegerField(_("object id"))
    subject_label = models.CharField(_("object"), max_length=200)
    case_id = models.BigIntegerField(_("case"), null=True)
    case_label = models.CharField(_("case number"), max_length=20, blank=True)
    actor_id = models.BigIntegerField(_("actor id"))
    actor_name = models.CharField(_("actor"), max_length=200)
    on_behalf_of_id = models.BigIntegerField(_("on behalf of (id)"), null=True)
    on_behalf_of_name = models.CharField(_("on behalf of"), max_length=200, blank=True)
    note = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    client_address = models.GenericIPAddressField(_("client address"), null=True)
    occurred_at = models.DateTimeField(_("happened at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["case_id", "-id"]),
            models.Index(fields=["subject_type", "subject_id", "-id"]),
            models.Index(fields=["actor_id", "-id"]),
            models.Index(fields=["code", "-id"]),
            models.Index(fields=["recorded_at"]),
            models.Index(
                fields=["on_behalf_of_id", "-id"],
                condition=models.Q(on_behalf_of_id__isnull=False),
                name="event_on_behalf_of",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values), name="event_source_known"
            ),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.code} · {for_reader(self.subject_label)}"

    @property
    def actor_words(self) -> str:
        return actor_words(self.actor_name)


class Operation(models.TextChoices):
    """What happened to a row."""

    INSERT = "insert", _("Added")
    UPDATE = "update", _("Changed")
    DELETE = "delete", _("Removed")


class JournalEntry(models.Model):
    """One changed row as the database saw it; written by trigger only (``desk_journal``).

    ``source`` is empty when nobody signed: a raw UPDATE, a ``queryset.update()``. A signed row
    without ``actor_name`` came through the application before anybody was named.
    ``changed`` names the columns, ``digest`` is SHA-256 over the row's jsonb text; for a removal,
    of the row that went. ``width`` counts the columns the table had been given by then.
    """

    table_name = models.CharField(_("table"), max_length=63)
    row_pk = models.BigIntegerField(_("row"))
    operation = models.CharField(_("kind of change"), max_length=6, choices=Operation.choices)
    changed = models.JSONField(_("fields"), default=list)
    digest = models.CharField(_("digest"), max_length=64)
    case_id = models.BigIntegerField(_("case"), null=True)
    txid = models.BigIntegerField(_("transaction"))
    change_id = models.UUIDField(_("change"), null=True)
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    actor_name = models.CharField(_("actor"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=10, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    db_user = models.CharField(_("database user"), max_length=63)
    recorded_at = models.DateTimeField(_("recorded at"))
    width = models.PositiveSmallIntegerField(_("columns of the table"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ("view",)
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["table_name", "row_pk", "-id"]),
            models.Index(
                fields=["case_id", "-id"],
                condition=models.Q(case_id__isnull=False),
                name="journal_by_case",
            ),
            # One index per way of reading the stream (compliance.queries), each in order of id.
            models.Index(fields=["actor_name", "-id"], name="journal_by_actor"),
            models.Index(fields=["source", "-id"], name="journal_by_source"),
            models.Index(fields=["table_name", "-id"], name="journal_by_table"),
            models.Index(
                fields=["-id"], condition=models.Q(operation="delete"), name="journal_removals"
            ),
            models.Index(fields=["-id"], condition=~models.Q(reason=""), name="journal_reasoned"),
            models.Index(
                fields=["request_id", "-id"],
                condition=~models.Q(request_id=""),
                name="journal_by_request",
            ),
            models.Index(fields=["recorded_at"]),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_pk} {self.operation}"

    @property
    def is_signed(self) -> bool:
        """Whether the application wrote it; otherwise it happened behind its back."""
        return self.source != ""


class Disclosure(models.Model):
    """Somebody was shown personal data that is masked by default, and said why (ASVS 16.3.2)."""

    actor_id = models.BigIntegerField(_("actor id"))
    actor_name = models.CharField(_("actor"), max_length=200)
    subject_type = models.CharField(_("object type"), max_length=60)
    subject_id = models.BigIntegerField(_("object id"))
    subject_label = models.CharField(_("object"), max_length=200)
    fields = models.JSONField(_("fields"), default=list)
    reason = models.CharField(_("reason"), max_length=500)
    case_id = models.BigIntegerField(_("case"), null=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    client_address = models.GenericIPAddressField(_("client address"), null=True)
    disclosed_at = models.DateTimeField(_("shown at"))

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        default_permissions = ("view",)
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["actor_id", "disclosed_at"]),
            models.Index(fields=["subject_type", "subject_id"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="disclosure_has_reason"),
        ]
        triggers = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.actor_name} → {for_reader(self.subject_label)}"


class Heartbeat(models.Model):
    """Last sign of life of a background duty; the watchdog reads the canary's."""

    name = models.CharField(_("duty"), max_length=60, primary_key=True)
    beat_at = models.DateTimeField(_("last run"))
    detail = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("background jobs")
        default_permissions = ("view",)
        permissions = [("view_technical", "Can read what programs said of failures")]

    def __str__(self) -> str:
        return self.name


class IdempotentRequest(models.Model):
    """A creation asked for with a caller's key: the same key gives the stored answer again."""

    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status_code = models.PositiveSmallIntegerField()
    response = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "key"], name="idempotent_key_unique"),
        ]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return self.key


class Severity(models.TextChoices):
    """How much a finding weighs."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Finding(AuditedModel, HasStatus):
    """Something that should hold and did not, for one object; a new hit of the same reopens it.

    ``exposure`` is the money at stake in the currency of the books, empty where none is.
    """

    status_enums = {"status": FindingStatus}

    code = models.CharField(_("control"), max_length=60)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    title = models.CharField(_("title"), max_length=200, blank=True)
    subject_type = models.CharField(_("object type"), max_length=60)
    subject_id = models.BigIntegerField(_("object id"))
    subject_label = models.CharField(_("object"), max_length=200)
    case_id = models.BigIntegerField(_("case"), null=True, blank=True)
    case_label = models.CharField(_("case number"), max_length=20, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict)
    exposure = models.DecimalField(
        _("exposure"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=pgettext_lazy("audit", "owner"),
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=13, choices=FindingStatus.choices, default=FindingStatus.OPEN
    )
    hit_count = models.PositiveIntegerField(_("times found"), default=1)
    opened_at = models.DateTimeField(_("first found"))
    last_hit_at = models.DateTimeField(_("last found"))
    resolved_at = models.DateTimeField(_("settled"), null=True, blank=True)
    note = models.TextField(_("how it was settled"), blank=True)

    objects = FindingQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = pgettext_lazy("audit", "findings")
        default_permissions = ("view",)
        permissions = [("handle_finding", "Can settle findings")]
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject_type", "subject_id"], name="finding_once"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=FindingStatus.values), name="finding_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=Severity.values), name="finding_severity_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["resolved", "accepted_risk"], resolved_at__isnull=False
                )
                & ~models.Q(note="")
                | models.Q(status__in=["open", "in_progress"], resolved_at__isnull=True),
                name="finding_settled_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "-id"],
                condition=models.Q(status__in=["open", "in_progress"]),
                name="finding_unsettled",
            ),
            models.Index(
                fields=["case_id"],
                condition=models.Q(case_id__isnull=False),
                name="finding_by_case",
            ),
            GinIndex(names_of_finding(), name="finding_by_name", fastupdate=False),
        ]
        triggers = [Journaled("case_id")]

    def __str__(self) -> str:
        return f"{self.label} · {for_reader(self.subject_label)}"

    @property
    def label(self) -> str:
        """What did not hold, in the active language."""
        return finding_types.label(self.code)
