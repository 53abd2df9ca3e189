import aftersales.kernel.journal
import aftersales.kernel.migrating
import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0001_calendars"),
    ]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="ClockRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("is_current", models.BooleanField(default=True, verbose_name="current version")),
                ("name", models.CharField(max_length=120, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name (Chinese)")),
                (
                    "promise",
                    models.SlugField(
                        help_text="Rules of one promise are alternatives.",
                        max_length=40,
                        verbose_name="promise",
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        default=100,
                        help_text="The first rule that matches counts.",
                        verbose_name="position",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service target"),
                            ("statutory", "Law"),
                            ("platform", "Marketplace"),
                            ("handoff", "Between departments"),
                            ("approval", "Approval"),
                            ("privacy", "Privacy"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="about")),
                (
                    "starts_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        default=list,
                        size=None,
                        verbose_name="starts when",
                    ),
                ),
                (
                    "stops_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kept when",
                    ),
                ),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="pauses when",
                    ),
                ),
                (
                    "resumes_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="goes on when",
                    ),
                ),
                (
                    "cancels_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="no longer owed when",
                    ),
                ),
                (
                    "conditions",
                    models.JSONField(blank=True, default=list, verbose_name="conditions"),
                ),
                ("amount", models.PositiveIntegerField(default=0, verbose_name="amount")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("minutes", "minutes"),
                            ("work_minutes", "working minutes"),
                            ("hours", "hours"),
                            ("calendar_days", "calendar days"),
                            ("work_days", "working days"),
                            ("months", "months"),
                            ("years", "years"),
                            ("until", "until the agreed time"),
                        ],
                        max_length=14,
                        verbose_name="unit",
                    ),
                ),
                (
                    "roll",
                    models.CharField(
                        choices=[
                            ("none", "stays"),
                            ("rest_day", "moves behind rest days"),
                            ("stat_holiday", "moves behind statutory holidays"),
                        ],
                        default="none",
                        max_length=12,
                        verbose_name="last day not a working day",
                    ),
                ),
                (
                    "legal_basis",
                    models.CharField(blank=True, max_length=300, verbose_name="legal basis"),
                ),
                (
                    "source_note",
                    models.CharField(blank=True, max_length=300, verbose_name="source"),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("P2", "Primary text, two copies"),
                            ("P", "Primary text, one copy"),
                            ("Q", "Quoted from the official text"),
                            ("S", "Secondary source"),
                            ("M", "Not verified"),
                        ],
                        max_length=2,
                        verbose_name="confidence",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("advice", "Advice"), ("enforced", "Binding")],
                        default="enforced",
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                (
                    "counts_for_due",
                    models.BooleanField(
                        default=True,
                        help_text="Whether queues are sorted by it.",
                        verbose_name="makes the due time",
                    ),
                ),
                (
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                (
                    "effective_to",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force until"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "note",
                    models.CharField(blank=True, max_length=500, verbose_name="why this version"),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="clocks.calendar",
                        verbose_name="calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of time",
                "verbose_name_plural": "rules of time",
                "ordering": ("promise", "position", "code", "-version"),
                "permissions": [("change_any_clockrule", "Can change rules of every kind")],
                "default_permissions": ("view", "change", "add"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "version"), name="clock_rule_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_current", True)),
                        fields=("code",),
                        name="clock_rule_one_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "service",
                                    "statutory",
                                    "platform",
                                    "handoff",
                                    "approval",
                                    "privacy",
                                    "follow_up",
                                ],
                            ),
                            ("mode__in", ["advice", "enforced"]),
                        ),
                        name="clock_rule_kind_and_mode_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("roll__in", ["none", "rest_day", "stat_holiday"]),
                            (
                                "unit__in",
                                [
                                    "minutes",
                                    "work_minutes",
                                    "hours",
                                    "calendar_days",
                                    "work_days",
                                    "months",
                                    "years",
                                    "until",
                                ],
                            ),
                        ),
                        name="clock_rule_unit_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confidence", ""),
                            ("confidence__in", ["P2", "P", "Q", "S", "M"]),
                            _connector="OR",
                        ),
                        name="clock_rule_confidence_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount", 0), ("unit", "until")),
                            models.Q(models.Q(("unit", "until"), _negated=True), ("amount__gt", 0)),
                            _connector="OR",
                        ),
                        name="clock_rule_amount_above_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__len__gt", 0)),
                        name="clock_rule_starts_somehow",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("effective_from", None),
                            ("effective_to", None),
                            ("effective_to__gte", models.F("effective_from")),
                            _connector="OR",
                        ),
                        name="clock_rule_ends_after_start",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="EscalationStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "at_percent",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="at percent"
                    ),
                ),
                (
                    "after_due_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="minutes after due"
                    ),
                ),
                ("action", models.SlugField(max_length=40, verbose_name="action")),
                (
                    "target",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("assignee", "Whoever has the case"),
                            ("lead", "Department lead"),
                            ("deputy", "Deputy of whoever has the case"),
                            ("role", "A role"),
                        ],
                        max_length=10,
                        verbose_name="who",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="role")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="clocks.clockrule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ("rule", "position"),
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "position"), name="escalation_step_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after_due_minutes", None), ("at_percent__isnull", False)),
                            models.Q(("after_due_minutes__isnull", False), ("at_percent", None)),
                            _connector="OR",
                        ),
                        name="escalation_step_one_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("at_percent", None), ("at_percent__range", (1, 100)), _connector="OR"
                        ),
                        name="escalation_step_percent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target", ""),
                            ("target__in", ["assignee", "lead", "deputy", "role"]),
                            _connector="OR",
                        ),
                        name="escalation_step_target_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("target", "role")), models.Q(("role", ""), _negated=True)
                            ),
                            models.Q(models.Q(("target", "role"), _negated=True), ("role", "")),
                            _connector="OR",
                        ),
                        name="escalation_step_role_named",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalClockRule",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("code", models.SlugField(db_index=False, max_length=60, verbose_name="code")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("is_current", models.BooleanField(default=True, verbose_name="current version")),
                ("name", models.CharField(max_length=120, verbose_name="name (English)")),
                ("name_zh", models.CharField(max_length=120, verbose_name="name (Chinese)")),
                (
                    "promise",
                    models.SlugField(
                        db_index=False,
                        help_text="Rules of one promise are alternatives.",
                        max_length=40,
                        verbose_name="promise",
                    ),
                ),
                (
                    "position",
                    models.PositiveIntegerField(
                        default=100,
                        help_text="The first rule that matches counts.",
                        verbose_name="position",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service target"),
                            ("statutory", "Law"),
                            ("platform", "Marketplace"),
                            ("handoff", "Between departments"),
                            ("approval", "Approval"),
                            ("privacy", "Privacy"),
                            ("follow_up", "Follow-up"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="about")),
                (
                    "starts_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        default=list,
                        size=None,
                        verbose_name="starts when",
                    ),
                ),
                (
                    "stops_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="kept when",
                    ),
                ),
                (
                    "pauses_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="pauses when",
                    ),
                ),
                (
                    "resumes_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="goes on when",
                    ),
                ),
                (
                    "cancels_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="no longer owed when",
                    ),
                ),
                (
                    "conditions",
                    models.JSONField(blank=True, default=list, verbose_name="conditions"),
                ),
                ("amount", models.PositiveIntegerField(default=0, verbose_name="amount")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("minutes", "minutes"),
                            ("work_minutes", "working minutes"),
                            ("hours", "hours"),
                            ("calendar_days", "calendar days"),
                            ("work_days", "working days"),
                            ("months", "months"),
                            ("years", "years"),
                            ("until", "until the agreed time"),
                        ],
                        max_length=14,
                        verbose_name="unit",
                    ),
                ),
                (
                    "roll",
                    models.CharField(
                        choices=[
                            ("none", "stays"),
                            ("rest_day", "moves behind rest days"),
                            ("stat_holiday", "moves behind statutory holidays"),
                        ],
                        default="none",
                        max_length=12,
                        verbose_name="last day not a working day",
                    ),
                ),
                (
                    "legal_basis",
                    models.CharField(blank=True, max_length=300, verbose_name="legal basis"),
                ),
                (
                    "source_note",
                    models.CharField(blank=True, max_length=300, verbose_name="source"),
                ),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("P2", "Primary text, two copies"),
                            ("P", "Primary text, one copy"),
                            ("Q", "Quoted from the official text"),
                            ("S", "Secondary source"),
                            ("M", "Not verified"),
                        ],
                        max_length=2,
                        verbose_name="confidence",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("advice", "Advice"), ("enforced", "Binding")],
                        default="enforced",
                        max_length=10,
                        verbose_name="mode",
                    ),
                ),
                (
                    "counts_for_due",
                    models.BooleanField(
                        default=True,
                        help_text="Whether queues are sorted by it.",
                        verbose_name="makes the due time",
                    ),
                ),
                (
                    "effective_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force from"),
                ),
                (
                    "effective_to",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force until"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "note",
                    models.CharField(blank=True, max_length=500, verbose_name="why this version"),
                ),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="clocks.calendar",
                        verbose_name="calendar",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rule of time",
                "verbose_name_plural": "historical rules of time",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="clocks_hist_id_eac3b5_idx"),
                    models.Index(fields=["change_id"], name="clocks_hist_change__01a075_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalEscalationStep",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, verbose_name="ID")),
                ("change_id", models.UUIDField(editable=False, null=True)),
                ("actor_name", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("admin", "Desk"),
                            ("api", "API"),
                            ("portal", "Customer page"),
                            ("mail", "E-mail"),
                            ("job", "Background job"),
                            ("import", "Import"),
                            ("shell", "Command line"),
                        ],
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                (
                    "at_percent",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="at percent"
                    ),
                ),
                (
                    "after_due_minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="minutes after due"
                    ),
                ),
                ("action", models.SlugField(db_index=False, max_length=40, verbose_name="action")),
                (
                    "target",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("assignee", "Whoever has the case"),
                            ("lead", "Department lead"),
                            ("deputy", "Deputy of whoever has the case"),
                            ("role", "A role"),
                        ],
                        max_length=10,
                        verbose_name="who",
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="role")),
                ("history_user_id", models.BigIntegerField(null=True)),
                ("history_change_reason", models.CharField(blank=True, default="", max_length=500)),
                (
                    "history_id",
                    models.BigAutoField(editable=False, primary_key=True, serialize=False),
                ),
                ("history_date", models.DateTimeField()),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="clocks.clockrule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical step",
                "verbose_name_plural": "historical steps",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["id", "history_id"], name="clocks_hist_id_d04967_idx"),
                    models.Index(fields=["change_id"], name="clocks_hist_change__aa91f8_idx"),
                ],
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Clock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "promise",
                    models.SlugField(db_index=False, max_length=40, verbose_name="promise"),
                ),
                ("subject_type", models.CharField(max_length=60, verbose_name="about")),
                ("subject_id", models.BigIntegerField(verbose_name="object id")),
                ("subject_label", models.CharField(max_length=200, verbose_name="object")),
                ("case_id", models.BigIntegerField(blank=True, null=True, verbose_name="case id")),
                ("case_label", models.CharField(blank=True, max_length=20, verbose_name="case")),
                (
                    "counts_for_due",
                    models.BooleanField(default=True, verbose_name="makes the due time"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("met", "Kept"),
                            ("breached", "Late"),
                            ("canceled", "No longer owed"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("started_event", models.BigIntegerField(verbose_name="started by")),
                (
                    "until_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="agreed time"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "is_provisional",
                    models.BooleanField(default=False, verbose_name="calendar not official yet"),
                ),
                (
                    "paused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="paused since"),
                ),
                (
                    "breached_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="late since"),
                ),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="stopped")),
                (
                    "stopped_event",
                    models.BigIntegerField(blank=True, null=True, verbose_name="stopped by"),
                ),
                (
                    "next_step_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next step"),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="clocks.clockrule",
                        verbose_name="rule",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise",
                "verbose_name_plural": "promises",
                "ordering": ("due_at", "id"),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_step_at__isnull", False)),
                        fields=["next_step_at", "id"],
                        name="clock_next_step",
                    ),
                    models.Index(
                        condition=models.Q(("case_id__isnull", False)),
                        fields=["case_id", "id"],
                        name="clock_by_case",
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="clock_by_subject"),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ["running", "paused", "breached"]), ("stopped_at", None)
                        ),
                        fields=["due_at", "id"],
                        name="clock_live_due",
                    ),
                    models.Index(
                        condition=models.Q(("stopped_at__isnull", False)),
                        fields=["stopped_event"],
                        name="clock_by_stop",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["running", "paused", "met", "breached", "canceled"])
                        ),
                        name="clock_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["met", "canceled"]), _negated=True),
                            ("stopped_at__isnull", False),
                            _connector="OR",
                        ),
                        name="clock_stopped_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["running", "breached"]), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="clock_running_is_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paused"), _negated=True),
                            models.Q(
                                ("due_at", None),
                                ("next_step_at", None),
                                ("paused_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="clock_paused_is_not_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "breached"), _negated=True),
                            ("breached_at__isnull", False),
                            _connector="OR",
                        ),
                        name="clock_breached_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["running", "paused", "breached"]), ("stopped_at", None)
                        ),
                        fields=("promise", "subject_type", "subject_id"),
                        name="clock_one_live_per_promise",
                    ),
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ClockChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("event", models.BigIntegerField(null=True)),
                ("from_due", models.DateTimeField(null=True)),
                ("to_due", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="clocks.clock",
                    ),
                ),
                (
                    "from_rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clocks.clockrule",
                    ),
                ),
                (
                    "to_rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clocks.clockrule",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "id"),
                "default_permissions": (),
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ClockStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("result", models.CharField(blank=True, max_length=500)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("try_at", models.DateTimeField(null=True)),
                ("parked_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="clocks.clock",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clocks.escalationstep",
                    ),
                ),
            ],
            options={
                "ordering": ("due_at", "id"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "step"), name="clock_step_once")
                ],
            },
        ),
        aftersales.kernel.migrating.CreateModel(
            name="ClockPause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause_type", models.CharField(max_length=60)),
                ("cause_id", models.BigIntegerField()),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("started_event", models.BigIntegerField()),
                ("ended_event", models.BigIntegerField(null=True)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pauses",
                        to="clocks.clock",
                    ),
                ),
            ],
            options={
                "ordering": ("started_at", "id"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("clock", "cause_type", "cause_id"),
                        name="clock_pause_once_per_cause",
                    )
                ],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="clockrule",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="8e430a9e38011c37246ed74bbd3d88f7cac14cdb",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_1ed79",
                    table="clocks_clockrule",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="escalationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('')",
                    func="",
                    hash="647f93d85630ad9ad8a2b87cc4eb8800b6d33fa3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_6f089",
                    table="clocks_escalationstep",
                    when="AFTER",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalclockrule",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="e89ad1c97da3d4504981f70ecc880dae399b9b71",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a364f",
                    table="clocks_historicalclockrule",
                    when="BEFORE",
                ),
            ),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalescalationstep",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="5e616be5fc42775f1ecb85b1da5e11b40f13f53d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b8c89",
                    table="clocks_historicalescalationstep",
                    when="BEFORE",
                ),
            ),
        ),
    ]
