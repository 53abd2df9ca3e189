import aftersales.kernel.journal
import aftersales.kernel.migrating
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        aftersales.kernel.migrating.CreateModel(
            name="HistoricalFinding",
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
                ("code", models.CharField(max_length=60, verbose_name="control")),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("critical", "Critical"),
                        ],
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("subject_type", models.CharField(max_length=60, verbose_name="object type")),
                ("subject_id", models.BigIntegerField(verbose_name="object id")),
                ("subject_label", models.CharField(max_length=200, verbose_name="object")),
                ("case_id", models.BigIntegerField(blank=True, null=True, verbose_name="case")),
                (
                    "case_label",
                    models.CharField(blank=True, max_length=20, verbose_name="case number"),
                ),
                ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
                (
                    "exposure",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="exposure",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_progress", "In progress"),
                            ("resolved", "Resolved"),
                            ("accepted_risk", "Risk accepted"),
                        ],
                        default="open",
                        max_length=13,
                        verbose_name="status",
                    ),
                ),
                ("hit_count", models.PositiveIntegerField(default=1, verbose_name="times found")),
                ("opened_at", models.DateTimeField(verbose_name="first found")),
                ("last_hit_at", models.DateTimeField(verbose_name="last found")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                ),
                ("note", models.TextField(blank=True, verbose_name="how it was settled")),
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical finding",
                "verbose_name_plural": "historical findings",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
                "default_permissions": ("view",),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        aftersales.kernel.migrating.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="control")),
                (
                    "severity",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("medium", "Medium"),
                            ("high", "High"),
                            ("critical", "Critical"),
                        ],
                        max_length=8,
                        verbose_name="severity",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("subject_type", models.CharField(max_length=60, verbose_name="object type")),
                ("subject_id", models.BigIntegerField(verbose_name="object id")),
                ("subject_label", models.CharField(max_length=200, verbose_name="object")),
                ("case_id", models.BigIntegerField(blank=True, null=True, verbose_name="case")),
                (
                    "case_label",
                    models.CharField(blank=True, max_length=20, verbose_name="case number"),
                ),
                ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
                (
                    "exposure",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="exposure",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("in_progress", "In progress"),
                            ("resolved", "Resolved"),
                            ("accepted_risk", "Risk accepted"),
                        ],
                        default="open",
                        max_length=13,
                        verbose_name="status",
                    ),
                ),
                ("hit_count", models.PositiveIntegerField(default=1, verbose_name="times found")),
                ("opened_at", models.DateTimeField(verbose_name="first found")),
                ("last_hit_at", models.DateTimeField(verbose_name="last found")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled"),
                ),
                ("note", models.TextField(blank=True, verbose_name="how it was settled")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "finding",
                "verbose_name_plural": "findings",
                "ordering": ("-id",),
                "permissions": [("handle_finding", "Can settle findings")],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["open", "in_progress"])),
                        fields=["owner", "-id"],
                        name="finding_unsettled",
                    ),
                    models.Index(
                        condition=models.Q(("case_id__isnull", False)),
                        fields=["case_id"],
                        name="finding_by_case",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "subject_type", "subject_id"), name="finding_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["open", "in_progress", "resolved", "accepted_risk"])
                        ),
                        name="finding_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["low", "medium", "high", "critical"])),
                        name="finding_severity_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resolved_at__isnull", False),
                                ("status__in", ["resolved", "accepted_risk"]),
                                models.Q(("note", ""), _negated=True),
                            ),
                            models.Q(
                                ("resolved_at__isnull", True),
                                ("status__in", ["open", "in_progress"]),
                            ),
                            _connector="OR",
                        ),
                        name="finding_settled_says_how",
                    ),
                ],
            },
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="journal",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_journal('case_id')",
                    func="",
                    hash="d7243fd8aee7b2acacb9040d0be1090edca7a9bd",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_journal_96e41",
                    table="compliance_finding",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="historicalfinding",
            index=models.Index(fields=["id", "history_id"], name="compliance__id_a47085_idx"),
        ),
        migrations.AddIndex(
            model_name="historicalfinding",
            index=models.Index(fields=["change_id"], name="compliance__change__fc6a95_idx"),
        ),
        aftersales.kernel.journal.AddTrigger(
            model_name="historicalfinding",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=aftersales.kernel.journal.AlwaysTriggerSql(
                    execute="desk_append_only()",
                    func="",
                    hash="bfd8b833c2db0de9ae1ce4fd742961bd960657bc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3e7d0",
                    table="compliance_historicalfinding",
                    when="BEFORE",
                ),
            ),
        ),
    ]
